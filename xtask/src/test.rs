//! `cargo xtask test`: the whole proof, from what the machine lacks to the last browser journey.

use crate::process::{cargo, finish, interrupted};
use crate::server::{Profile, build_with_page};
use crate::suites::Suite;
use crate::{Result, check, install, page, postgres};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// Names the database server of the integration tests; without it they run on SQLite.
const TEST_DATABASE: &str = "CHENGDAN_TEST_DATABASE";

pub fn test(only: &[Suite]) -> Result<()> {
    let suites: Vec<Suite> = Suite::ALL.into_iter().filter(|suite| only.is_empty() || only.contains(suite)).collect();
    let wants = |suite| suites.contains(&suite);
    let mut report = Report::new();

    let machine = report.step("machine", || install::install(&suites)).is_some();
    let mut built = true;
    if wants(Suite::Check) || wants(Suite::Page) || wants(Suite::Journeys) || wants(Suite::Kill) {
        built = report.step("packages", page::install).is_some();
        built = report.step_if(built, "page build", page::build).is_some();
    }
    if wants(Suite::Check) {
        report.step("check", check::check);
    }
    if wants(Suite::Page) {
        report.step_if(built, "page tests", || finish(page::npm().args(["run", "--silent", "test"])));
    }
    if wants(Suite::Rust) {
        report.step("rust on SQLite", rust);
    }
    if wants(Suite::Postgres) {
        report.step_if(machine, "rust on PostgreSQL", rust_on_postgres);
    }
    if wants(Suite::Journeys) || wants(Suite::Kill) {
        let server = report.step_if(built, "server build", || build_with_page(Profile::Local));
        if wants(Suite::Journeys) {
            report.step_if(machine && server.is_some(), "journeys", || journeys(server.as_ref()));
        }
        if wants(Suite::Kill) {
            report.step_if(server.is_some(), "kill", || kill(server.as_ref()));
        }
    }
    report.close()
}

fn rust() -> Result<()> {
    finish(cargo().args(["test", "--workspace", "--no-fail-fast"]).env_remove(TEST_DATABASE))
}

#[cfg(unix)]
fn rust_on_postgres() -> Result<()> {
    let cluster = postgres::Cluster::start()?;
    finish(cargo().args(["test", "--package", "chengdan", "--test", "it"]).env(TEST_DATABASE, cluster.url()))
}

#[cfg(not(unix))]
fn rust_on_postgres() -> Result<()> {
    let found = postgres::programs().map_or_else(|| "none was found".to_owned(), |folder| format!("found in {}", folder.display()));
    Err(format!(
        "a PostgreSQL of its own is started on Linux and macOS only ({found}); elsewhere start one with locale C and run\n\
         {TEST_DATABASE}=postgres://… cargo test --package chengdan --test it"
    ))
}

/// The journeys start the server themselves, each suite its own.
fn journeys(server: Option<&PathBuf>) -> Result<()> {
    let browser = install::chromium().ok_or("no Chromium was found")?;
    finish(with_server(page::npm().args(["run", "--silent", "e2e"]), server).env("CHROMIUM", browser))
}

fn kill(server: Option<&PathBuf>) -> Result<()> {
    let load =
        |arguments: &[&str]| finish(with_server(cargo().args(["run", "--quiet", "--package", "load", "--"]).args(arguments), server));
    load(&["kill-test", "--cycles", "20"])?;
    load(&["reminders-kill", "--plans", "500", "--kills", "10"])?;
    load(&["import-kill", "--rows", "2000", "--kills", "3"])
}

fn with_server<'a>(command: &'a mut Command, server: Option<&PathBuf>) -> &'a mut Command {
    command.envs(server.map(|binary| ("CHENGDAN_BIN", binary)))
}

/// How a step ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Passed(Duration),
    Failed(Duration),
    /// Something it needs had failed, or the person stopped the run.
    NotRun,
}

/// What ran, how long it took and how it ended.
struct Report {
    started: Instant,
    steps: Vec<(&'static str, End)>,
    reasons: Vec<String>,
}

impl Report {
    fn new() -> Report {
        Report { started: Instant::now(), steps: Vec::new(), reasons: Vec::new() }
    }

    /// Runs a step; what it returns is there only if it passed.
    fn step<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        self.step_if(true, name, work)
    }

    /// Runs a step if what it needs has passed.
    fn step_if<T>(&mut self, ready: bool, name: &'static str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        if !ready || interrupted() {
            self.steps.push((name, End::NotRun));
            return None;
        }
        eprintln!("\n==> {name}");
        let started = Instant::now();
        match work() {
            Ok(made) => {
                self.steps.push((name, End::Passed(started.elapsed())));
                Some(made)
            }
            Err(reason) => {
                eprintln!("xtask: {name}: {reason}");
                self.steps.push((name, End::Failed(started.elapsed())));
                self.reasons.push(format!("{name}: {reason}"));
                None
            }
        }
    }

    fn passed(&self) -> bool {
        self.steps.iter().all(|(_, end)| matches!(end, End::Passed(_)))
    }

    /// Every step with its seconds, in one line.
    fn line(&self) -> String {
        let steps: Vec<String> = self
            .steps
            .iter()
            .map(|(name, end)| match end {
                End::Passed(time) => format!("{name} {} s", seconds(*time)),
                End::Failed(time) => format!("{name} FAILED after {} s", seconds(*time)),
                End::NotRun => format!("{name} NOT RUN"),
            })
            .collect();
        let verdict = if self.passed() { "passed" } else { "FAILED" };
        format!("test {verdict} in {} s: {}", seconds(self.started.elapsed()), steps.join(" · "))
    }

    fn close(self) -> Result<()> {
        if !self.reasons.is_empty() {
            eprintln!("\n{}", self.reasons.join("\n"));
        }
        let line = self.line();
        if self.passed() {
            println!("\n{line}");
            return Ok(());
        }
        Err(line)
    }
}

/// Whole seconds, the nearest.
fn seconds(time: Duration) -> u64 {
    (time.as_millis() as u64 + 500) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_depends_on_a_failure_is_not_run_and_the_run_fails() {
        let mut report = Report::new();
        assert_eq!(report.step("one", || Ok(7)), Some(7));
        let two = report.step("two", || Err::<(), _>("broken".into()));
        let mut ran = false;
        report.step_if(two.is_some(), "three", || {
            ran = true;
            Ok(())
        });
        report.step("four", || Ok(()));
        assert!(!ran);
        let line = report.line();
        assert!(line.starts_with("test FAILED"), "{line}");
        assert!(line.contains("one 0 s · two FAILED after 0 s · three NOT RUN · four 0 s"), "{line}");
        assert!(report.close().is_err());
    }

    #[test]
    fn all_passed_is_passed() {
        let mut report = Report::new();
        report.step("one", || Ok(()));
        assert!(report.line().starts_with("test passed"));
        assert!(report.close().is_ok());
    }

    #[test]
    fn seconds_are_rounded_to_the_nearest() {
        assert_eq!(seconds(Duration::from_millis(1499)), 1);
        assert_eq!(seconds(Duration::from_millis(1500)), 2);
    }
}
