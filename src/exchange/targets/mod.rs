//! 业绩目标 as a spreadsheet: the year as it stands goes out, and comes back whole or not at all (I22).

mod api;
mod columns;
mod read;
mod write;

pub use api::routes;
