//! Figures of the running process for a monitor, in the text of OpenMetrics, on a port of its own that only this machine reaches.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use crate::app::App;
use crate::channels;
use crate::error::{Error, Result};
use crate::platform::db::{Lane, Location};
use crate::platform::jobs;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The one route of this port.
pub fn router(app: App) -> Router {
    Router::new().route("/metrics", get(tell)).with_state(app)
}

async fn tell(State(app): State<App>) -> Result<impl IntoResponse> {
    let now = app.clock.now();
    let (jobs, outbox) = app.db.read(Lane::Lists, move |tx| Ok((jobs::backlog(tx, now)?, channels::backlog(tx, now)?))).await?;
    let mut registry = Registry::with_prefix("chengdan");
    app.metrics.register(&mut registry);
    for (name, what, backlog) in [("jobs", "scheduled jobs", jobs), ("outbox", "messages to mail, bots and webhooks", outbox)] {
        let late = backlog.oldest.map_or(0, |due| (now.ms() - due.ms()).max(0));
        gauge(&mut registry, &format!("{name}_due"), &format!("Due {what} that wait"), backlog.due);
        gauge(&mut registry, &format!("{name}_failed"), &format!("Given up {what}"), backlog.failed);
        let lateness: Gauge<f64, std::sync::atomic::AtomicU64> = Gauge::default();
        lateness.set(late as f64 / 1_000.0);
        registry.register_with_unit(format!("{name}_lateness"), format!("Age of the oldest due of {what}"), Unit::Seconds, lateness);
    }
    if let Location::Sqlite(path) = app.config.location()? {
        let log = std::fs::metadata(path.with_extension("db-wal")).map_or(0, |data| data.len());
        bytes(&mut registry, "database_log", "Write-ahead log of the database", log);
    }
    if let Some(resident) = resident_bytes() {
        bytes(&mut registry, "resident_memory", "Memory of the process", resident);
    }
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).map_err(|error| Error::internal(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text))
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

fn bytes(registry: &mut Registry, name: &str, help: &str, value: u64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    registry.register_with_unit(name, help, Unit::Bytes, gauge);
}

/// What the process holds in memory; none where the system does not tell it in a file.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1_024)
}
