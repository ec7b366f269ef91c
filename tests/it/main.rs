//! One binary for every test that goes through the public API; a file per room.
//!
//! The whole suite runs on SQLite, and again on PostgreSQL when `CHENGDAN_TEST_DATABASE` names a server.

mod support;

mod access;
mod attachments;
mod calendar;
mod customers;
mod demo;
mod events;
mod exports;
mod follow_ups;
mod hostile_files;
mod imports;
mod migrations;
mod my_day;
mod notifications;
mod openapi;
mod opportunities;
mod ops;
mod plans;
mod races;
mod reminders;
mod rooms;
mod round_trip;
mod search;
mod server;
mod session;
mod sql;
mod storage_full;
mod tasks;
mod templates;
