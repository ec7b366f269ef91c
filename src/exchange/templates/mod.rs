//! Templates: the forms people fill in outside (客户信息登记表, 商机导入表), which are what the import takes, and the record sheet of
//! an opportunity (I32, I33).

mod api;
mod forms;
mod record_sheet;

pub use api::routes;
