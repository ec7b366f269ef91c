//! Receivers of messages that count what they get and can be out of order: an HTTP server and a mail server on this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Call {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// An HTTP server that answers as told.
pub struct HttpReceiver {
    pub port: u16,
    calls: Arc<Mutex<Vec<Call>>>,
    status: Arc<AtomicU16>,
    answer: Arc<Mutex<String>>,
}

impl HttpReceiver {
    pub fn start() -> HttpReceiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (calls, status) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicU16::new(200)));
        let answer = Arc::new(Mutex::new(r#"{"errcode":0,"code":0}"#.to_owned()));
        let (kept, told, said) = (Arc::clone(&calls), Arc::clone(&status), Arc::clone(&answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = take(stream, &kept, &told, &said);
            }
        });
        HttpReceiver { port, calls, status, answer }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// From now on it answers with this status.
    pub fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// From now on it answers with this body.
    pub fn says(&self, body: &str) {
        *self.answer.lock().unwrap() = body.to_owned();
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

fn take(stream: TcpStream, calls: &Mutex<Vec<Call>>, status: &AtomicU16, answer: &Mutex<String>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    calls.lock().unwrap().push(Call { path, headers, body: String::from_utf8_lossy(&body).into_owned() });
    let (status, answer) = (status.load(Ordering::SeqCst), answer.lock().unwrap().clone());
    let mut stream = stream;
    let location = if (300..400).contains(&status) { "location: http://127.0.0.1:1/inside\r\n" } else { "" };
    write!(stream, "HTTP/1.1 {status} X\r\n{location}content-length: {}\r\nconnection: close\r\n\r\n{answer}", answer.len())
}

/// A mail as it arrived.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: String,
    pub text: String,
}

impl Mail {
    pub fn header(&self, name: &str) -> String {
        let start = format!("{}: ", name.to_lowercase());
        let mut lines = self.text.lines().skip_while(|line| !line.to_lowercase().starts_with(&start));
        let mut value = lines.next().unwrap_or_default()[start.len()..].to_owned();
        for line in lines.take_while(|line| line.starts_with(' ')) {
            value.push_str(line);
        }
        value
    }
}

/// A mail server that takes everything, refuses one address, and can turn everybody away.
pub struct MailReceiver {
    pub port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
    closed: Arc<AtomicBool>,
}

impl MailReceiver {
    pub fn start() -> MailReceiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mails, closed) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (kept, shut) = (Arc::clone(&mails), Arc::clone(&closed));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = converse(stream, &kept, &shut);
            }
        });
        MailReceiver { port, mails, closed }
    }

    /// Turns everybody away, or takes mail again.
    pub fn close(&self, closed: bool) {
        self.closed.store(closed, Ordering::SeqCst);
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }
}

fn converse(mut stream: TcpStream, mails: &Mutex<Vec<Mail>>, closed: &AtomicBool) -> std::io::Result<()> {
    if closed.load(Ordering::SeqCst) {
        return stream.write_all(b"421 closed\r\n");
    }
    stream.write_all(b"220 test\r\n")?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut to) = (String::new(), String::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let verb: String = line.chars().take(4).collect::<String>().to_uppercase();
        let answer = match verb.as_str() {
            "RCPT" if line.contains("nobody@") => "550 no such person",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 ok"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let mut text = String::new();
                loop {
                    line.clear();
                    reader.read_line(&mut line)?;
                    if line == ".\r\n" {
                        break;
                    }
                    text.push_str(&line);
                }
                mails.lock().unwrap().push(Mail { to: to.clone(), text });
                "250 taken"
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => "250 ok",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes())?;
    }
}
