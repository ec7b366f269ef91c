//! What every room stands on and what knows nothing of the business.

pub mod clock;
pub mod config;
pub mod db;
pub mod draft;
pub mod files;
pub mod full_text;
pub mod http;
pub mod idempotency;
pub mod jobs;
pub mod live;
pub mod metrics;
pub mod numbers;
pub mod page;
pub mod routes;
pub mod secrets;
pub mod server;
pub mod sniff;
pub mod tls;
pub mod types;
pub mod web_ui;
pub mod work;
