//! `cargo xtask run`: from a clean clone to the demo in the browser, without a question.

use crate::Result;
use crate::accounts::Ready;
use crate::process::{Running, command, interrupted};
use crate::server::{Profile, build_with_page};
use std::ffi::OsString;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

/// Where the server listens unless told otherwise.
const USUAL_ADDRESS: &str = "127.0.0.1:8080";

pub fn run(options: &[String]) -> Result<()> {
    let binary = build_with_page(Profile::Local)?;
    let mut serve = serve(&binary, "data/demo", options);
    if asks_for_an_address(options, std::env::var_os("CHENGDAN_LISTEN")) && TcpListener::bind(USUAL_ADDRESS).is_err() {
        eprintln!("xtask: {USUAL_ADDRESS} is taken, so another port is chosen");
        serve.env("CHENGDAN_LISTEN", "127.0.0.1:0");
    }
    let mut server = Running::start(serve.stdout(Stdio::piped()))?;
    if let Some(said) = server.child().stdout.take() {
        relay(said);
    }
    let status = server.wait()?;
    if status.success() || interrupted() { Ok(()) } else { Err(format!("the server ended: {status}")) }
}

/// `chengdan serve --demo` with a data folder of its own, unless the options name another.
pub fn serve(binary: &Path, data: &str, options: &[String]) -> Command {
    let mut serve = command(binary);
    serve.args(["serve", "--demo"]);
    if !names(options, "--data-dir") && std::env::var_os("CHENGDAN_DATA_DIR").is_none() {
        serve.args(["--data-dir", data]);
    }
    serve.args(options);
    serve
}

/// Passes on what the server prints until it ends.
pub fn relay(said: impl Read) {
    for line in BufReader::new(said).lines().map_while(std::result::Result::ok) {
        show(&line);
    }
}

/// The line that says "ready" becomes a table; whoever reads us through a pipe still gets the line.
fn show(line: &str) {
    let ready = Ready::read(line);
    let mut out = std::io::stdout();
    if ready.is_none() || !out.is_terminal() {
        let _ = writeln!(out, "{line}");
        let _ = out.flush();
    }
    if let Some(ready) = ready {
        eprint!("{}", ready.written());
    }
}

fn asks_for_an_address(options: &[String], environment: Option<OsString>) -> bool {
    !names(options, "--listen") && environment.is_none()
}

fn names(options: &[String], option: &str) -> bool {
    options.iter().any(|word| word.strip_prefix(option).is_some_and(|rest| rest.is_empty() || rest.starts_with('=')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(String::from).collect()
    }

    #[test]
    fn an_option_is_found_in_both_spellings() {
        assert!(names(&words("--listen 127.0.0.1:9"), "--listen"));
        assert!(names(&words("--seed 7 --listen=127.0.0.1:9"), "--listen"));
        assert!(!names(&words("--listener x"), "--listen"));
    }

    #[test]
    fn another_port_is_looked_for_only_when_nobody_chose_one() {
        assert!(asks_for_an_address(&[], None));
        assert!(!asks_for_an_address(&words("--listen 127.0.0.1:9"), None));
        assert!(!asks_for_an_address(&[], Some("127.0.0.1:9".into())));
    }

    #[test]
    fn the_data_folder_can_be_chosen() {
        let arguments = |options: &str| {
            let command = serve(Path::new("chengdan"), "data/demo", &words(options));
            command.get_args().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(arguments("--seed 7"), "serve --demo --data-dir data/demo --seed 7");
        assert_eq!(arguments("--data-dir /tmp/x"), "serve --demo --data-dir /tmp/x");
    }
}
