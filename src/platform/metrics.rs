//! What the process has answered, counted for a monitor. Routes are named, never addresses: nobody's data stands here.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds of the classes of duration, in seconds.
const SECONDS: [f64; 9] = [0.001, 0.005, 0.02, 0.05, 0.12, 0.2, 0.8, 2.0, 5.0];

/// One operation of the API.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operation {
    method: &'static str,
    /// Such as `/api/v1/customers/{id}`; empty for the files of the page.
    route: String,
}

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ending {
    #[prometheus(flatten)]
    operation: Operation,
    status: u16,
}

/// The counts of one process. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Metrics {
    endings: Family<Ending, Counter>,
    durations: Family<Operation, Histogram, fn() -> Histogram>,
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics { endings: Family::default(), durations: Family::new_with_constructor(|| Histogram::new(SECONDS)) }
    }
}

impl Metrics {
    /// Counts an answer. A stream counts until its head is sent.
    pub fn answered(&self, method: &Method, route: &str, status: StatusCode, after: Duration) {
        let operation = Operation { method: known(method), route: route.to_owned() };
        self.durations.get_or_create(&operation).observe(after.as_secs_f64());
        self.endings.get_or_create(&Ending { operation, status: status.as_u16() }).inc();
    }

    /// Adds the counts to what is told.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("http_answers", "Answers by operation and status", self.endings.clone());
        registry.register_with_unit("http_duration", "Time to the head of the answer", Unit::Seconds, self.durations.clone());
    }
}

/// A method can be any word of the peer's; what is counted is bounded.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
