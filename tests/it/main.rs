//! One binary for every test that goes through the public API; a file per room.
//!
//! The whole suite runs on SQLite, and again on PostgreSQL when `CHENGDAN_TEST_DATABASE` names a server.

mod support;

mod access;
mod assignment;
mod attachments;
mod batches;
mod calendar;
mod calendar_views;
mod changes;
mod channels;
mod completeness;
mod customers;
mod demo;
mod dictionaries;
mod events;
mod exports;
mod feed;
mod follow_ups;
mod groups;
mod hostile_files;
mod imports;
mod merges;
mod migrations;
mod my_day;
mod notices;
mod notifications;
mod openapi;
mod opportunities;
mod ops;
mod parse;
mod plans;
mod quiet_hours;
mod races;
mod recycle_bin;
mod reminder_ledger;
mod reminders;
mod reports;
mod reports_oracle;
mod rooms;
mod round_trip;
mod search;
mod server;
mod session;
mod sight;
mod sop;
mod sql;
mod storage_full;
mod task_batches;
mod task_completion;
mod task_feedback;
mod task_sheet;
mod tasks;
mod templates;
mod views;
