//! A receiver of webhooks that counts what it gets by message id.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::Result;

/// How often each id arrived.
#[derive(Clone)]
pub struct Receiver {
    pub port: u16,
    ids: Arc<Mutex<HashMap<String, u32>>>,
}

impl Receiver {
    /// Listens on a free port until the program ends.
    pub fn start() -> Result<Receiver> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let receiver = Receiver { port: listener.local_addr()?.port(), ids: Arc::default() };
        let ids = Arc::clone(&receiver.ids);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let ids = Arc::clone(&ids);
                std::thread::spawn(move || take(stream, &ids));
            }
        });
        Ok(receiver)
    }

    /// What has arrived.
    pub fn ids(&self) -> HashMap<String, u32> {
        self.ids.lock().map(|ids| ids.clone()).unwrap_or_default()
    }
}

fn take(mut stream: TcpStream, ids: &Mutex<HashMap<String, u32>>) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            // Killed in the middle of its words: nothing was received.
            return Ok(());
        }
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line.trim_end().is_empty() {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "x-chengdan-id" => id = value.to_owned(),
            "content-length" => length = value.parse()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    if let Ok(mut ids) = ids.lock() {
        *ids.entry(id).or_default() += 1;
    }
    stream.write_all(b"HTTP/1.1 204 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
    Ok(())
}
