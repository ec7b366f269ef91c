//! 成单: the sales process of a company in one program. One line per room; each is described in its own `mod.rs`.

pub mod app;
pub mod attachments;
pub mod batches;
pub mod calendar;
pub mod channels;
pub mod customers;
pub mod demo;
pub mod error;
pub mod exchange;
pub mod follow_ups;
pub mod health;
pub mod history;
pub mod identity;
pub mod jobs;
pub mod morning;
pub mod my_day;
pub mod notifications;
pub mod opportunities;
pub mod ops;
pub mod platform;
pub mod router;
pub mod search;
pub mod settings;
pub mod stewardship;
pub mod tasks;
pub mod views;
