//! One true record per customer: merging and taking a merge back, the recycle bin, duplicates and the quality of what is kept
//! (S23, I45, I49). The verbs here reach over several rooms, so the room stands above them all.

mod api;
mod bin_store;
mod duplicates;
mod merge;
mod merge_model;
mod merge_store;
mod purge;
mod quality;
mod recycle_bin;
mod undo;

pub use api::routes;
pub use purge::{purge_old, sweep_files};
