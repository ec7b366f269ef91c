//! The whole company as one file, to be taken elsewhere: every record, link, number, time and log, and the attachments (I48).
//!
//! A zip of one JSON Lines sheet per table, the attachments under their hashes, and `archive.json`, which names every entry with its
//! rows, size and SHA-256. It fits both engines. What belongs to one installation stays behind: passwords, sessions, calendar
//! subscriptions, channels with their secrets, and working papers that expire by themselves.

mod contents;
mod read;
mod tables;
mod write;

pub use contents::{Contents, Entry};
pub use read::{prove, take_in};
pub use tables::{LEFT_BEHIND, TABLES};
pub use write::{Written, write};
