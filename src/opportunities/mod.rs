//! Opportunities from first contact to won or lost (商机管理).

mod brief;

pub use brief::{Brief, find, lock, note_contact, note_plans, note_tasks};
