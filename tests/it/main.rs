//! One binary for every test that goes through the public API; a file per room.
//!
//! The whole suite runs on SQLite, and again on PostgreSQL when `CHENGDAN_TEST_DATABASE` names a server.

mod support;

mod access;
mod attachments;
mod calendar;
mod channels;
mod customers;
mod demo;
mod events;
mod follow_ups;
mod migrations;
mod my_day;
mod notifications;
mod openapi;
mod opportunities;
mod ops;
mod plans;
mod quiet_hours;
mod races;
mod reminder_ledger;
mod reminders;
mod rooms;
mod search;
mod server;
mod session;
mod sql;
mod storage_full;
mod tasks;
