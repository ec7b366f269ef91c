//! Customers, their contacts, and whom they are shared with (客户管理).

mod brief;

pub use brief::{Brief, find, lock, note_contact};
