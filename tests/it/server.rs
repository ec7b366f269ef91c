//! The listening side over real connections: what is slow, silent, too large or forged costs nothing, and every answer is dressed.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use axum::routing::{get, post};
use chengdan::platform::http::Json;
use chengdan::platform::server::{self, Door, Limits};
use chengdan::router;
use regex::Regex;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use utoipa::openapi::path::HttpMethod;

use crate::support::{Client, TestApp};

const SHORT: Duration = Duration::from_millis(300);
/// Long enough for a busy machine, far below any limit that is not under test.
const SOON: Duration = Duration::from_secs(5);

/// A listening server; dropping it stops it.
struct Listening {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    ended: tokio::task::JoinHandle<()>,
}

async fn listen(routes: Router, limits: Limits) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopping) = watch::channel(false);
    let ended = tokio::spawn(async move { server::serve(Door { listener, tls: None }, routes, limits, stopping).await.unwrap() });
    Listening { address, stop, ended }
}

/// Limits of which one is short; the others are far away.
fn limits(change: impl FnOnce(&mut Limits)) -> Limits {
    let far = Duration::from_secs(60);
    let mut limits = Limits { connections: 100, silence: far, body: far, upload: far, stall: far, rest: far, drain: SOON };
    change(&mut limits);
    limits
}

fn echo() -> Router {
    let routes = Router::new()
        .route("/api/hello", get(|| async { "hello" }))
        .route("/api/echo", post(|Json(body): Json<Value>| async move { Json(body) }))
        .route("/api/panic", get(|| async { panic!("the secret of the house") as &'static str }))
        .route("/api/much", get(|| async { vec![b'x'; 64 * 1024 * 1024] }));
    router::covered(routes, router::Cover::default())
}

impl Listening {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends the bytes and reads to the end.
    async fn answer(&self, request: &[u8]) -> String {
        let mut stream = self.connect().await;
        // A server that has seen enough may close while we are still sending.
        let _ = stream.write_all(request).await;
        until_closed(&mut stream).await.0
    }
}

/// What comes until the other side closes, and how long that took.
async fn until_closed(stream: &mut TcpStream) -> (String, Duration) {
    let begun = Instant::now();
    let mut all = Vec::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match tokio::time::timeout(SOON, stream.read(&mut piece)).await.expect("still open") {
            Ok(0) | Err(_) => return (String::from_utf8_lossy(&all).into_owned(), begun.elapsed()),
            Ok(read) => all.extend_from_slice(&piece[..read]),
        }
    }
}

/// Reads one answer without a body worth waiting for.
async fn head(stream: &mut TcpStream) -> String {
    let mut piece = vec![0; 4096];
    let read = tokio::time::timeout(SOON, stream.read(&mut piece)).await.expect("no answer").unwrap();
    String::from_utf8_lossy(&piece[..read]).into_owned()
}

const HELLO: &[u8] = b"GET /api/hello HTTP/1.1\r\nHost: x\r\n\r\n";

// S16: who says nothing is shown out, and so is who says half a sentence, however slowly it goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_connection_is_closed() {
    let server = listen(echo(), limits(|limits| limits.silence = SHORT)).await;
    let mut silent = server.connect().await;
    let (said, waited) = until_closed(&mut silent).await;
    assert_eq!(said, "");
    assert!(waited >= SHORT - Duration::from_millis(50), "{waited:?}");

    let mut half = server.connect().await;
    half.write_all(b"GET /api/hello HTTP/1.1\r\nHost:").await.unwrap();
    assert_eq!(until_closed(&mut half).await.0, "");

    let mut trickle = server.connect().await;
    let begun = Instant::now();
    let mut letters = std::iter::repeat(b"GET /api/hello HTTP/1.1\r\nX: ".iter().copied()).flatten();
    while trickle.write_all(&[letters.next().unwrap()]).await.is_ok() && begun.elapsed() < SOON {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(begun.elapsed() < SOON, "a trickled head is still read after {:?}", begun.elapsed());
}

// S16: the product's own limits are what they are said to be.
#[test]
fn the_usual_limits() {
    let usual = Limits::default();
    assert!(usual.silence <= Duration::from_secs(15));
    assert!(usual.body <= Duration::from_secs(10));
    assert!(usual.rest <= Duration::from_secs(60));
    assert!(usual.drain <= Duration::from_secs(25));
    assert_eq!(usual.connections, 4_096);
}

// S16: a connection kept alive may rest, not sleep; each request begins the rest anew, and half of the next head ends it as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_resting_connection_is_closed() {
    let server = listen(echo(), limits(|limits| limits.rest = SHORT)).await;
    let mut stream = server.connect().await;
    for _ in 0..4 {
        stream.write_all(HELLO).await.unwrap();
        assert!(head(&mut stream).await.starts_with("HTTP/1.1 200"));
        tokio::time::sleep(SHORT * 2 / 3).await;
    }
    stream.write_all(HELLO).await.unwrap();
    assert!(head(&mut stream).await.starts_with("HTTP/1.1 200"));
    let (_, waited) = until_closed(&mut stream).await;
    assert!(waited >= SHORT - Duration::from_millis(50), "{waited:?}");

    let server = listen(echo(), limits(|limits| limits.silence = SHORT)).await;
    let mut stream = server.connect().await;
    stream.write_all(HELLO).await.unwrap();
    head(&mut stream).await;
    tokio::time::sleep(SHORT * 2).await;
    stream.write_all(b"GET /api/he").await.unwrap();
    assert_eq!(until_closed(&mut stream).await.0, "");
}

// S16: a body that trickles gets 408 and the door.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_body_is_cut() {
    let server = listen(echo(), limits(|limits| limits.body = SHORT)).await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{\"a\":")
        .await
        .unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let trickle = tokio::spawn(async move {
        while writing.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut said = Vec::new();
    let _ = tokio::time::timeout(SOON, reading.read_to_end(&mut said)).await.expect("still open");
    let said = String::from_utf8_lossy(&said);
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    assert!(said.contains("TOO_SLOW"), "{said}");
    tokio::time::timeout(SOON, trickle).await.expect("still taking").unwrap();
    // The usual time does for an upload what it does not for a form.
    let mut upload = server.connect().await;
    upload
        .write_all(b"POST /api/hello HTTP/1.1\r\nHost: x\r\nContent-Type: Multipart/form-data; boundary=x\r\nContent-Length: 5\r\n\r\n")
        .await
        .unwrap();
    assert!(head(&mut upload).await.starts_with("HTTP/1.1 405"));
}

// S16: who asks for much and takes nothing is given up.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_nobody_takes_is_given_up() {
    let server = listen(
        echo(),
        limits(|limits| {
            limits.stall = SHORT;
            limits.connections = 1;
        }),
    )
    .await;
    let mut greedy = server.connect().await;
    greedy.write_all(b"GET /api/much HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    // Its seat becomes free although it never reads a byte and never leaves.
    let mut next = server.connect().await;
    next.write_all(HELLO).await.unwrap();
    assert!(head(&mut next).await.starts_with("HTTP/1.1 200"));
    drop(greedy);
}

// S16: beyond the limit connections wait their turn; none is lost, and a full house can still be closed.
#[tokio::test(flavor = "multi_thread")]
async fn too_many_connections_wait() {
    let server = listen(
        echo(),
        limits(|limits| {
            limits.connections = 2;
            limits.silence = SOON * 10;
            limits.drain = SHORT;
        }),
    )
    .await;
    let (first, _second) = (server.connect().await, server.connect().await);
    let mut third = server.connect().await;
    third.write_all(HELLO).await.unwrap();
    let mut byte = [0];
    assert!(tokio::time::timeout(SHORT, third.read(&mut byte)).await.is_err(), "answered beyond the limit");
    drop(first);
    assert!(head(&mut third).await.starts_with("HTTP/1.1 200"));

    server.stop.send(true).unwrap();
    tokio::time::timeout(SOON, server.ended).await.expect("a full house does not stop").unwrap();
}

// Running requests end; resting connections are closed at once.
#[tokio::test(flavor = "multi_thread")]
async fn stopping_lets_running_requests_end() {
    let routes = Router::new().route(
        "/slow",
        get(|| async {
            tokio::time::sleep(SHORT).await;
            "done"
        }),
    );
    let server = listen(router::covered(routes, router::Cover::default()), limits(|_| ())).await;
    let mut running = server.connect().await;
    running.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    tokio::time::sleep(SHORT / 3).await;
    server.stop.send(true).unwrap();
    let (said, _) = until_closed(&mut running).await;
    assert!(said.starts_with("HTTP/1.1 200") && said.ends_with("done"), "{said}");
    tokio::time::timeout(SOON, server.ended).await.expect("still running").unwrap();
}

// S16: heads, addresses and bodies have their sizes.
#[tokio::test(flavor = "multi_thread")]
async fn too_much_is_refused() {
    let test = TestApp::empty(crate::support::START).await;
    let server = listen(router::router(test.app.clone()), Limits::default()).await;
    let request = |head: String, body: &[u8]| {
        let mut all = format!("{head}\r\nHost: x\r\nConnection: close\r\n").into_bytes();
        if !body.is_empty() {
            all.extend_from_slice(format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()).as_bytes());
        }
        all.extend_from_slice(b"\r\n");
        all.extend_from_slice(body);
        all
    };
    for size in [17_000, 40_000, 60_000] {
        let said = server.answer(&request(format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(size)), b"")).await;
        assert!(said.starts_with("HTTP/1.1 431"), "{size}: {said}");
    }
    let many = (0..120).map(|n| format!("X-{n}: y\r\n")).collect::<String>();
    assert!(server.answer(&request(format!("GET / HTTP/1.1\r\n{}", many.trim_end()), b"")).await.starts_with("HTTP/1.1 431"));

    let long = server.answer(&request(format!("GET /api/v1/health/live?{} HTTP/1.1", "a".repeat(8 * 1024)), b"")).await;
    assert!(long.starts_with("HTTP/1.1 400") && long.contains("MALFORMED"), "{long}");
    let fits = server.answer(&request(format!("GET /api/v1/health/live?{} HTTP/1.1", "a".repeat(8_000)), b"")).await;
    assert!(fits.starts_with("HTTP/1.1 200"), "{fits}");

    let log_in = "POST /api/v1/session HTTP/1.1".to_owned();
    let big = format!("{{\"employee_number\":\"{}\"}}", "x".repeat(1 << 20));
    let too_large = server.answer(&request(log_in.clone(), big.as_bytes())).await;
    assert!(too_large.starts_with("HTTP/1.1 413") && too_large.contains("TOO_LARGE"), "{too_large}");
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [32, 200, 100_000] {
            let deep = format!("{{\"employee_number\":{}1{}}}", open.repeat(depth), close.repeat(depth));
            let said = server.answer(&request(log_in.clone(), deep.as_bytes())).await;
            assert!(said.starts_with("HTTP/1.1 400"), "depth {depth}: {said}");
        }
    }
    for broken in ["", "[]", "null", "1", "{\"a\"", "{}{}", "\u{0}"] {
        let said = server.answer(&request(log_in.clone(), broken.as_bytes())).await;
        assert!(said.starts_with("HTTP/1.1 4"), "{broken:?}: {said}");
    }
    let after = server.answer(&request("GET /api/v1/health/ready HTTP/1.1".into(), b"")).await;
    assert!(after.starts_with("HTTP/1.1 200"), "{after}");
}

// A panic costs one request an apology with a number, and tells nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_panic_tells_only_its_id() {
    let server = listen(echo(), Limits::default()).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /api/panic HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let (said, _) = until_closed(&mut stream).await;
    assert!(said.starts_with("HTTP/1.1 500"), "{said}");
    assert!(!said.contains("secret") && !said.contains("panick"), "{said}");
    let problem: Value = serde_json::from_str(said.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(problem["code"], "INTERNAL");
    let id = problem["request_id"].as_str().unwrap();
    assert!(said.to_lowercase().contains(&format!("x-request-id: {id}")), "{said}");
    let mut names: Vec<&String> = problem.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["code", "detail", "request_id", "status", "title", "type"]);
    assert!(server.answer(b"GET /api/hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.ends_with("hello"));
}

/// The path of an operation with something in the place of every parameter.
fn filled(path: &str) -> String {
    Regex::new(r"\{[^}]+\}").unwrap().replace_all(path, "1").into_owned()
}

fn method_of(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Patch => Method::PATCH,
        _ => Method::DELETE,
    }
}

#[track_caller]
fn dressed(what: &str, headers: &HeaderMap) {
    let text = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
    let csp = text("content-security-policy");
    assert!(csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'"), "{what}: {csp}");
    assert!(!csp.contains("unsafe"), "{what}: {csp}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(text(name), value, "{what}: {name}");
    }
    assert!(headers.contains_key("permissions-policy") && headers.contains_key("x-request-id"), "{what}");
    for name in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert!(!headers.contains_key(name), "{what}: {name}");
    }
}

// S12: every answer carries the headers: of every operation, with and without a session, right or wrong, and the page's.
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_dressed() {
    let test = TestApp::start().await;
    let (stranger, adm) = (test.stranger(), test.adm().await);
    for (method, path) in router::operations() {
        // The stream never ends and the log-out ends the session that is used here.
        let ends_session = path.ends_with("/session") && method == HttpMethod::Delete;
        for client in [&stranger, &adm] {
            let method = method_of(&method);
            let what = format!("{method} {path}");
            let signed_in = std::ptr::eq(client, &adm);
            if signed_in && (ends_session || path.ends_with("/events")) {
                continue;
            }
            let request = client.request(method, &filled(&path)).header(header::CONTENT_TYPE, "application/json");
            let reply = client.send(request.body(Body::from("{}")).unwrap()).await;
            dressed(&what, &reply.headers);
            assert!(reply.status < 500 || reply.status == 503, "{what}: {} {}", reply.status, reply.text());
            if !reply.headers.contains_key("content-disposition") {
                assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store", "{what}");
            }
            if reply.status >= 400 {
                assert_eq!(reply.headers[header::CONTENT_TYPE], "application/problem+json", "{what}: {}", reply.text());
                assert!(reply.headers.contains_key(header::CONTENT_LANGUAGE), "{what}");
            }
        }
    }
    for (method, path) in [
        (Method::GET, "/api/v1/nothing-here"),
        (Method::PATCH, "/api/v1/health/live"),
        (Method::GET, "/api/v1/openapi.json"),
        (Method::GET, "/api/"),
    ] {
        let reply = stranger.send(stranger.request(method.clone(), path).body(Body::empty()).unwrap()).await;
        dressed(&format!("{method} {path}"), &reply.headers);
    }
    for path in ["/", "/customers", "/assets/nothing.js", "/index.html", "/../etc/passwd", "/%2e%2e/x.js"] {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        dressed(path, &stranger.send(request).await.headers);
    }
    let posted = Request::builder().method(Method::POST).uri("/").body(Body::empty()).unwrap();
    dressed("POST /", &stranger.send(posted).await.headers);
}

// S12: over a real connection nothing adds a name or a version.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_names_the_server() {
    let server = listen(echo(), Limits::default()).await;
    for path in ["/api/hello", "/api/panic", "/api/nothing"] {
        let said = server.answer(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await;
        let head = said.split("\r\n\r\n").next().unwrap().to_lowercase();
        assert!(!head.contains("\r\nserver:") && !head.contains("hyper") && !head.contains("axum"), "{said}");
    }
}

/// Its name, its headers, its body.
type Forgery = (&'static str, &'static [(&'static str, &'static str)], &'static str);

/// What a page elsewhere can make a browser send.
const FORGERIES: [Forgery; 6] = [
    ("cross-site", &[("sec-fetch-site", "cross-site"), ("content-type", "application/json")], "{}"),
    ("same-site", &[("sec-fetch-site", "same-site"), ("content-type", "application/json")], "{}"),
    ("no origin", &[("content-type", "application/json")], "{}"),
    ("null", &[("origin", "null"), ("content-type", "application/json")], "{}"),
    ("form", &[("origin", "https://evil.example"), ("content-type", "application/x-www-form-urlencoded")], "a=1"),
    ("text/plain", &[("origin", "https://evil.example"), ("content-type", "text/plain")], "{}"),
];

// S13: every operation that changes something × six forgeries, with an administrator's cookie: none is accepted.
#[tokio::test(flavor = "multi_thread")]
async fn no_forged_request_is_accepted() {
    let test = TestApp::start().await;
    let adm = test.adm().await;
    let cookie = adm.request(Method::GET, "/session").body(Body::empty()).unwrap().headers()[header::COOKIE].clone();
    let mut tried = 0;
    for (method, path) in router::operations() {
        if method == HttpMethod::Get {
            continue;
        }
        for (forgery, headers, body) in FORGERIES {
            let mut request = Request::builder()
                .method(method_of(&method))
                .uri(filled(&path))
                .header(header::HOST, "crm.local")
                .header(header::IF_MATCH, "\"1\"")
                .header(header::COOKIE, &cookie);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let reply = adm.send(request.body(Body::from(body)).unwrap()).await;
            let what = format!("{forgery} {} {path}: {}", method_of(&method), reply.text());
            // Log-in and set-up work without a cookie; a program that names no origin may use them, a page elsewhere may not.
            let open = ["/api/v1/session", "/api/v1/setup"].contains(&path.as_str()) && method == HttpMethod::Post;
            if open && forgery == "no origin" {
                assert!(reply.status >= 400, "{what}");
            } else {
                assert_eq!(reply.status, 403, "{what}");
                assert_eq!(reply.json()["code"], "CROSS_SITE", "{what}");
            }
            tried += 1;
        }
    }
    assert!(tried >= 6 * 10, "{tried}");
    adm.get("/session").await.ok();
    assert_eq!(adm.get("/users").await.ok()["total"], json!(7));
}

// S13: the same requests from our own page are let through to be judged.
#[tokio::test(flavor = "multi_thread")]
async fn our_own_page_is_believed() {
    let test = TestApp::start().await;
    let adm = test.adm().await;
    let cookie = adm.request(Method::GET, "/session").body(Body::empty()).unwrap().headers()[header::COOKIE].clone();
    for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", "http://crm.local")] {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/teams")
            .header(header::HOST, "crm.local")
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .header(name, value)
            .body(Body::from("{}"))
            .unwrap();
        let reply = Client::send(&adm, request).await;
        assert_eq!(reply.status, 422, "{}", reply.text());
    }
}
