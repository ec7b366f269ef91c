//! All rooms under one roof: their routes, the layers around them, the OpenAPI document and the page.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::error::{Error, Problem, Unwritten};
use crate::identity::Admitted;
use crate::platform::config::Config;
use crate::platform::http::{json_response, language};
use crate::platform::metrics::Metrics;
use crate::platform::web_ui;
use crate::{
    assignment, attachments, batches, calendar, channels, comments, customers, dashboards, demo, exchange, follow_ups, health, history,
    identity, morning, my_day, notices, notifications, opportunities, reports, search, settings, sop, stewardship, subscriptions, tasks,
    views, work_reports,
};

const JSON_LIMIT: usize = 1024 * 1024;
const URL_LIMIT: usize = 8 * 1024;
const HEAD_LIMIT: usize = 16 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(title = "成单 Chengdan", description = "Sales-process automation. Errors are RFC 9457 problems; see `Problem`."),
    components(schemas(Problem))
)]
struct Document;

fn rooms() -> OpenApiRouter<App> {
    let api = OpenApiRouter::new()
        .merge(identity::setup_routes())
        .merge(identity::routes())
        .merge(settings::routes())
        .merge(assignment::routes())
        .merge(history::routes())
        .merge(notifications::routes())
        .merge(notices::routes())
        .merge(channels::routes())
        .merge(morning::routes())
        .merge(attachments::routes())
        .merge(follow_ups::routes())
        .merge(calendar::routes())
        .merge(customers::routes())
        .merge(opportunities::routes())
        .merge(tasks::routes())
        .merge(work_reports::routes())
        .merge(comments::routes())
        .merge(sop::routes())
        .merge(stewardship::routes())
        .merge(batches::routes())
        .merge(views::routes())
        .merge(my_day::routes())
        .merge(reports::routes())
        .merge(dashboards::routes())
        .merge(subscriptions::routes())
        .merge(search::routes())
        .merge(exchange::routes())
        .merge(demo::routes())
        .merge(health::routes());
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", api)
}

/// The OpenAPI 3.1 document as text: written anew from the routes where these describe themselves, else as the repository has it.
pub fn document() -> Bytes {
    #[cfg(debug_assertions)]
    return serde_json::to_vec_pretty(&openapi()).unwrap_or_default().into();
    #[cfg(not(debug_assertions))]
    return Bytes::from_static(include_bytes!("../openapi.json"));
}

/// The OpenAPI 3.1 document of every operation.
#[cfg(debug_assertions)]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = rooms().split_for_parts().1;
    for item in document.paths.paths.values_mut() {
        for operation in operations_of(item).into_iter().flatten() {
            describe_refusals(operation);
        }
    }
    document
}

fn operations_of(item: &mut utoipa::openapi::PathItem) -> [Option<&mut Operation>; 5] {
    [item.get.as_mut(), item.post.as_mut(), item.put.as_mut(), item.patch.as_mut(), item.delete.as_mut()]
}

/// Every operation can answer with a problem; saying so once here keeps the handlers readable.
#[cfg(debug_assertions)]
fn describe_refusals(operation: &mut Operation) {
    use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new().description("why it was not done").content("application/problem+json", problem).build();
    operation.responses.responses.insert("default".into(), response.into());
}

/// Method and path of every operation, for tests that demand a line for each.
pub fn operations() -> Vec<(HttpMethod, String)> {
    let mut document = rooms().split_for_parts().1;
    let mut all = Vec::new();
    for (path, item) in &mut document.paths.paths {
        let methods = [HttpMethod::Get, HttpMethod::Post, HttpMethod::Put, HttpMethod::Patch, HttpMethod::Delete];
        for (method, operation) in methods.into_iter().zip(operations_of(item)) {
            if operation.is_some() {
                all.push((method, path.clone()));
            }
        }
    }
    all
}

/// The whole product as a service.
pub fn router(app: App) -> Router {
    let limited = app.config.rate_limit != "off";
    let cover = Cover { https: app.config.is_https(), metrics: app.metrics.clone(), proxies: app.config.trusted_proxies.clone().into() };
    let rates = Rates::new(&app.config);
    let document = document();
    let (routes, _) = rooms().split_for_parts();
    let routes = routes
        .route(
            "/api/v1/openapi.json",
            axum::routing::get(move || {
                let body = document.clone();
                async move { ([(header::CONTENT_TYPE, "application/json")], body) }
            }),
        )
        .method_not_allowed_fallback(|| async { Error::MethodNotAllowed })
        .fallback(web_ui::serve)
        .layer(DefaultBodyLimit::max(JSON_LIMIT))
        .layer(from_fn(identity::right_comes_first))
        .with_state(app);
    covered(if limited { routes.layer(from_fn_with_state(Arc::new(rates), slow_down)) } else { routes }, cover)
}

/// What the layers around every answer need to know.
#[derive(Debug, Clone, Default)]
pub struct Cover {
    /// People come over https only.
    pub https: bool,
    /// Where answers are counted.
    pub metrics: Metrics,
    /// Proxies in front, whose word is taken for where a request comes from.
    pub proxies: Arc<[IpAddr]>,
}

/// What holds for every answer, whoever gives it: no panic gets out, problems are written, the headers are there, it is counted.
pub fn covered(routes: Router, cover: Cover) -> Router {
    routes
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| Error::internal("a handler panicked").into_response()))
        .layer(from_fn_with_state(cover, finish))
}

/// The outermost layer: names the request, writes problems in the reader's language, sets the headers every answer has.
async fn finish(State(cover): State<Cover>, mut request: Request, next: Next) -> Response {
    let request_id = request_id();
    let lang = language(request.headers());
    let is_api = request.uri().path().starts_with("/api/");
    let started = Instant::now();
    let (method, path) = (request.method().clone(), loggable(request.uri().path()));
    let route = request.extensions().get::<MatchedPath>().cloned();
    if let Some(client) = behind_proxy(&request, &cover.proxies) {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, 0)));
    }
    let mut response = match too_long(&request) {
        Some(error) => error.into_response(),
        None => next.run(request).await,
    };
    if let Some(Unwritten(error)) = response.extensions_mut().remove::<Unwritten>() {
        response = written(response, &error.problem(lang, &request_id), lang.tag());
    } else if is_api && response.status().is_client_error() && !response.headers().contains_key(header::CONTENT_TYPE) {
        let error = match response.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
            StatusCode::METHOD_NOT_ALLOWED => Error::MethodNotAllowed,
            _ => Error::Malformed("request".into()),
        };
        let problem = error.problem(lang, &request_id);
        response = written(error.into_response(), &problem, lang.tag());
    }
    cover.metrics.answered(&method, route.as_ref().map_or("", MatchedPath::as_str), response.status(), started.elapsed());
    if response.status().is_server_error() {
        tracing::error!(%request_id, %method, %path, status = response.status().as_u16(), "answered");
    } else {
        tracing::debug!(%request_id, %method, %path, status = response.status().as_u16(), ms = started.elapsed().as_millis() as u64, "answered");
    }
    let headers = response.headers_mut();
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if cover.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        headers.insert("x-request-id", value);
    }
    response
}

/// A path for the log: whoever reads the log must not be able to read calendars (I12).
fn loggable(path: &str) -> String {
    const FEED: &str = "/api/v1/calendar/feed/";
    if path.starts_with(FEED) { format!("{FEED}…") } else { path.to_owned() }
}

/// Where a request that comes through a trusted proxy began: the last address in the chain that is none of theirs. What stands before it
/// was written by whoever sent the request.
fn behind_proxy(request: &Request, proxies: &[IpAddr]) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    if !proxies.contains(&peer.ip()) {
        return None;
    }
    let lines = request.headers().get_all("x-forwarded-for").iter().rev();
    let chain = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    chain.map(|hop| hop.trim().parse().ok()).find(|hop| hop.is_none_or(|hop| !proxies.contains(&hop))).flatten()
}

/// The server loop reads heads in pieces and so bounds them roughly; this is the bound that is kept.
fn too_long(request: &Request) -> Option<Error> {
    if request.uri().to_string().len() > URL_LIMIT {
        return Some(Error::Malformed("URL".into()));
    }
    let head: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    (head > HEAD_LIMIT).then_some(Error::HeadTooLarge)
}

fn written(from: Response, problem: &serde_json::Value, language: &'static str) -> Response {
    let (mut parts, _) = from.into_parts();
    let body = json_response(parts.status, problem).into_body();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::new(body))
}

fn request_id() -> String {
    let mut bytes = [0_u8; 8];
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 50 requests a second with bursts of 200, per session or token that was found good, else per address: so an invented cookie opens
/// no account of its own.
struct Rates {
    session_cookie: &'static str,
    buckets: Mutex<HashMap<String, (f64, Instant)>>,
}

const PER_SECOND: f64 = 50.0;
const BURST: f64 = 200.0;

impl Rates {
    fn new(config: &Config) -> Rates {
        Rates { session_cookie: identity::session_cookie(config), buckets: Mutex::default() }
    }

    fn learn(&self, proof: String) {
        if let Ok(mut buckets) = self.buckets.lock() {
            buckets.entry(proof).or_insert((BURST, Instant::now()));
        }
    }

    /// Whether one more is allowed, to whoever was found good with this proof before, else to the address.
    fn allows(&self, proof: Option<&str>, address: String) -> bool {
        let Ok(mut buckets) = self.buckets.lock() else { return true };
        let now = Instant::now();
        let key = proof.filter(|proof| buckets.contains_key(*proof)).map_or(address, str::to_owned);
        if buckets.len() > 50_000 {
            buckets.retain(|_, (_, last)| now.duration_since(*last).as_secs() < 10);
        }
        let (left, last) = buckets.entry(key).or_insert((BURST, now));
        *left = (*left + now.duration_since(*last).as_secs_f64() * PER_SECOND).min(BURST);
        *last = now;
        if *left < 1.0 {
            return false;
        }
        *left -= 1.0;
        true
    }
}

async fn slow_down(State(rates): State<Arc<Rates>>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let proof = identity::proof(request.headers(), rates.session_cookie);
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or_else(String::new, |info| info.0.ip().to_string());
    if !rates.allows(proof.as_deref(), address) {
        return Error::TooMany(1).into_response();
    }
    let response = next.run(request).await;
    if let Some(proof) = proof.filter(|_| response.extensions().get::<Admitted>().is_some()) {
        rates.learn(proof);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    // I51: the address of whoever stands before the trusted proxies, and nobody's claim.
    #[test]
    fn where_a_request_began() {
        let proxies: Vec<IpAddr> = ["127.0.0.1", "10.0.0.5"].map(|text| text.parse().unwrap()).into();
        let began = |peer: &str, forwarded: &[&str]| {
            let mut request = Request::builder();
            for line in forwarded {
                request = request.header("x-forwarded-for", *line);
            }
            let mut request = request.body(Body::empty()).unwrap();
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711)));
            behind_proxy(&request, &proxies).map(|address| address.to_string())
        };
        assert_eq!(began("127.0.0.1", &["203.0.113.7"]).as_deref(), Some("203.0.113.7"));
        assert_eq!(began("127.0.0.1", &["6.6.6.6, 203.0.113.7, 10.0.0.5"]).as_deref(), Some("203.0.113.7"));
        assert_eq!(began("127.0.0.1", &["6.6.6.6", "2001:db8::1"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(began("203.0.113.9", &["6.6.6.6"]), None);
        assert_eq!(began("127.0.0.1", &["6.6.6.6, unknown"]), None);
        assert_eq!(began("127.0.0.1", &[]), None);
    }
}
