//! A server of our own: started on a free port, known by the line it prints, ended by its own handle.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Result;
use crate::client::Client;

/// The administrator of a test company.
pub const EMPLOYEE_NUMBER: &str = "load";
pub const PASSWORD: &str = "Kp7#rainy-day";

/// A running server.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub url: String,
    /// From its start until it was ready.
    pub ready_after: Duration,
    complaints: Receiver<String>,
}

impl Server {
    /// Starts the binary on a data folder.
    pub fn start(binary: &Path, data: &Path) -> Result<Server> {
        let arguments: Vec<PathBuf> = ["serve", "--listen", "127.0.0.1:0", "--rate-limit", "off", "--data-dir"].map(PathBuf::from).to_vec();
        Server::start_with(binary, arguments.into_iter().chain([data.to_owned()]))
    }

    /// Starts anything that prints `{"url": …}` when it is ready.
    pub fn start_with(binary: &Path, arguments: impl Iterator<Item = PathBuf>) -> Result<Server> {
        let begun = Instant::now();
        let mut command = Command::new(binary);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CHENGDAN_")) {
            command.env_remove(name);
        }
        let mut child = command.env("CHENGDAN_LOG", "error").spawn().map_err(|error| format!("{}: {error}", binary.display()))?;
        let stdout = child.stdout.take().ok_or("no output")?;
        let stderr = child.stderr.take().ok_or("no errors")?;
        let (told, complaints) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(std::result::Result::ok) {
                if told.send(line).is_err() {
                    break;
                }
            }
        });
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let Ok(said) = serde_json::from_str::<Value>(&line) else {
            let _ = child.kill();
            let _ = child.wait();
            let all: Vec<String> = complaints.try_iter().collect();
            return Err(format!("the server did not start: {line}{}", all.join("\n")).into());
        };
        let url = said["url"].as_str().ok_or("the server names no address")?.to_owned();
        let mut server = Server { child, url, ready_after: begun.elapsed(), complaints };
        // The port is the one our own child has taken: it lives, and it answers.
        if server.child.try_wait()?.is_some() {
            return Err("the server is gone".into());
        }
        server.ready_after = begun.elapsed();
        Ok(server)
    }

    /// The first start: names the company and its administrator, who is signed in.
    pub fn set_up(&self) -> Result<Client> {
        let deadline = Instant::now() + Duration::from_secs(10);
        let token = loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self.complaints.recv_timeout(left).map_err(|_| "no set-up link was shown")?;
            if let Some((_, token)) = line.split_once("setup?token=") {
                break token.trim().to_owned();
            }
        };
        let mut client = Client::new(&self.url)?;
        let setup =
            json!({ "token": token, "team_name": "总部", "employee_number": EMPLOYEE_NUMBER, "name": "压测", "password": PASSWORD });
        client.post("/setup", &setup)?.ok()?;
        Ok(client)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has complained of so far.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints.try_iter().collect()
    }

    /// Ends it without any warning (SIGKILL).
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command of the binary on a data folder.
pub fn run(binary: &Path, data: &Path, arguments: &[&str]) -> Result<Output> {
    Ok(Command::new(binary).arg("--data-dir").arg(data).args(arguments).output()?)
}
