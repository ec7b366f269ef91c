use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Client {
    router: Router,
    cookie: String,
    token: Option<String>,
    pub language: &'static str,
    /// The answer to the log-in.
    pub me: Value,
}

/// An answer, read whole.
pub struct Reply {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Client {
    pub fn new(router: Router) -> Client {
        Client { router, cookie: String::new(), token: None, language: "zh-CN", me: Value::Null }
    }

    /// A program with an API token of this person: no cookie, and nothing that a browser would send.
    pub fn program(&self, token: &Value) -> Client {
        Client { cookie: String::new(), token: Some(token.as_str().unwrap().to_owned()), ..self.clone() }
    }

    /// Keeps the cookies of an answer.
    pub fn remember(&mut self, reply: &Reply) {
        for cookie in reply.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
            let name = pair.split('=').next().unwrap().to_owned();
            let kept: Vec<String> =
                self.cookie.split("; ").filter(|old| !old.is_empty() && old.split('=').next() != Some(&name)).map(str::to_owned).collect();
            self.cookie = kept.into_iter().chain([pair]).collect::<Vec<_>>().join("; ");
        }
    }

    /// The product this person sends to, for requests whose answer is a stream.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The signed-in person's id.
    pub fn id(&self) -> i64 {
        self.me["user"]["id"].as_i64().unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Like [`Client::send`], for answers that never end.
    pub async fn send_for_head(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        Reply { status: response.status().as_u16(), headers: response.headers().clone(), body: Vec::new() }
    }

    /// A request as the page would send it.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let path = if path.starts_with("/api/") { path.to_owned() } else { format!("/api/v1{path}") };
        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT_LANGUAGE, self.language);
        if let Some(token) = &self.token {
            return request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        request = request.header("sec-fetch-site", "same-origin");
        if self.cookie.is_empty() { request } else { request.header(header::COOKIE, &self.cookie) }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send_json(Method::POST, path, None, &[], body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send_json(Method::PUT, path, None, &[], body).await
    }

    /// An edit based on a version.
    pub async fn patch(&self, path: &str, version: &Value, body: Value) -> Reply {
        self.send_json(Method::PATCH, path, version.as_i64(), &[], body).await
    }

    /// A verb that needs the version it is based on.
    pub async fn act(&self, path: &str, version: &Value, body: Value) -> Reply {
        self.send_json(Method::POST, path, version.as_i64(), &[], body).await
    }

    pub async fn delete(&self, path: &str, version: &Value) -> Reply {
        let mut request = self.request(Method::DELETE, path);
        if let Some(version) = version.as_i64() {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn send_json(&self, method: Method, path: &str, version: Option<i64>, headers: &[(&str, &str)], body: Value) -> Reply {
        let mut request = self.request(method, path).header(header::CONTENT_TYPE, "application/json");
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Sends a file as the page would.
    pub async fn upload(&self, path: &str, file_name: &str, content: &[u8]) -> Reply {
        let boundary = "a-boundary-of-the-tests";
        let mut body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"));
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

impl Client {
    /// Sends a file with fields beside it.
    pub async fn send_form(&self, path: &str, fields: &[(&str, &str)], file_name: &str, content: &[u8]) -> Reply {
        let boundary = "a-boundary-of-the-tests";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        body.extend_from_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"));
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body of a 200.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// The body of a 201.
    #[track_caller]
    pub fn created(&self) -> Value {
        assert_eq!(self.status, 201, "{}", self.text());
        self.json()
    }

    /// A refusal with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        problem
    }

    /// A 422 that names exactly these fields, in any order.
    #[track_caller]
    pub fn invalid(&self, fields: &[&str]) -> Value {
        let problem = self.refused(422, "INVALID_FIELDS");
        let mut named: Vec<String> =
            problem["fields"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap().to_owned()).collect();
        named.sort();
        let mut wanted: Vec<&str> = fields.to_vec();
        wanted.sort_unstable();
        assert_eq!(named, wanted, "{problem}");
        problem
    }
}
