//! What the product says of itself in the morning: the work of the day, customers grown silent, dates that pass (I14–I16).

mod api;
pub mod daily;
pub mod expiry;
pub mod settings;
pub mod silence;
mod store;

pub use api::routes;
