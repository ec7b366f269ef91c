//! One binary for every test that goes through the public API; a file per room.
//!
//! The whole suite runs on SQLite, and again on PostgreSQL when `CHENGDAN_TEST_DATABASE` names a server.

mod support;

mod my_day;
mod openapi;
mod search;
mod session;
mod tasks;
