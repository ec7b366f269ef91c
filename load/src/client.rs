//! Just enough of HTTP/1.1: one connection kept alive, JSON in and out, a cookie.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::Result;

/// A signed-in program with a connection of its own.
pub struct Client {
    host: String,
    cookie: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Result<Value> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// The body of a success, or the refusal as an error.
    pub fn ok(self) -> Result<Value> {
        if self.status >= 300 {
            return Err(format!("{}: {}", self.status, String::from_utf8_lossy(&self.body)).into());
        }
        self.json()
    }
}

impl Client {
    /// A client of `http://host:port`.
    pub fn new(url: &str) -> Result<Client> {
        let host = url.strip_prefix("http://").ok_or("the address must begin with http://")?.trim_end_matches('/');
        Ok(Client { host: host.to_owned(), cookie: String::new(), stream: None, buffer: Vec::new() })
    }

    /// Another one with the same session.
    pub fn again(&self) -> Client {
        Client { host: self.host.clone(), cookie: self.cookie.clone(), stream: None, buffer: Vec::new() }
    }

    /// The same session on a server that has moved.
    pub fn moved_to(&self, url: &str) -> Result<Client> {
        Ok(Client { cookie: self.cookie.clone(), ..Client::new(url)? })
    }

    pub fn get(&mut self, path: &str) -> Result<Answer> {
        self.send("GET", path, "", None)
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Result<Answer> {
        self.send("POST", path, "", Some(body))
    }

    /// A create that may be repeated.
    pub fn create(&mut self, path: &str, key: &str, body: &Value) -> Result<Answer> {
        self.send("POST", path, &format!("Idempotency-Key: {key}\r\n"), Some(body))
    }

    /// A verb based on a version.
    pub fn act(&mut self, path: &str, version: i64, body: &Value) -> Result<Answer> {
        self.send("POST", path, &format!("If-Match: \"{version}\"\r\n"), Some(body))
    }

    /// A form with a file.
    pub fn post_form(&mut self, path: &str, boundary: &str, body: &[u8]) -> Result<Answer> {
        let mut request = format!(
            "POST /api/v1{path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {1}\r\nContent-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {2}\r\n\r\n",
            self.host,
            self.cookie,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.raw(&request)
    }

    fn send(&mut self, method: &str, path: &str, headers: &str, body: Option<&Value>) -> Result<Answer> {
        let mut request = format!("{method} /api/v1{path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\n{headers}", self.host);
        if !self.cookie.is_empty() {
            request.push_str(&format!("Cookie: {}\r\n", self.cookie));
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        if method != "GET" {
            request.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        request.push_str(&body);
        let answer = self.raw(request.as_bytes())?;
        self.remember(&answer.head);
        Ok(answer)
    }

    /// Sends bytes as they are and reads one answer.
    pub fn raw(&mut self, request: &[u8]) -> Result<Answer> {
        let outcome = self.exchange(request);
        if outcome.is_err() {
            self.stream = None;
        }
        outcome
    }

    fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(&self.host)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(Duration::from_secs(30)))?;
            self.buffer.clear();
            self.stream = Some(stream);
        }
        let stream = self.stream.as_mut().ok_or("no connection")?;
        stream.write_all(request)?;
        let head_end = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            fill(stream, &mut self.buffer)?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or("no status")?;
        let length = header(&head, "content-length").map_or(Ok(0), |text| text.parse::<usize>())?;
        while self.buffer.len() < head_end + length {
            fill(stream, &mut self.buffer)?;
        }
        let body = self.buffer[head_end..head_end + length].to_vec();
        self.buffer.drain(..head_end + length);
        if header(&head, "connection").is_some_and(|word| word.eq_ignore_ascii_case("close")) {
            self.stream = None;
        }
        Ok(Answer { status, head, body })
    }

    fn remember(&mut self, head: &str) {
        for line in head.lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            if name.eq_ignore_ascii_case("set-cookie") {
                let pair = value.trim().split(';').next().unwrap_or_default();
                let name = pair.split('=').next().unwrap_or_default();
                let kept = self.cookie.split("; ").filter(|old| !old.is_empty() && old.split('=').next() != Some(name));
                let all: Vec<&str> = kept.chain([pair]).collect();
                self.cookie = all.join("; ");
            }
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn fill(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<()> {
    let mut piece = [0; 64 * 1024];
    let read = stream.read(&mut piece)?;
    if read == 0 {
        return Err(std::io::Error::from(ErrorKind::UnexpectedEof).into());
    }
    buffer.extend_from_slice(&piece[..read]);
    Ok(())
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().filter_map(|line| line.split_once(':')).find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
