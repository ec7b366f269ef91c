//! What was asked for on the command line.

use crate::Result;
use crate::suites::Suite;

pub const HELP: &str = "\
cargo xtask <command>

  run [-- OPTIONS]      build what changed and start the demo; OPTIONS go to `chengdan serve`
  test [--only SUITE]…  prove everything; SUITE: check, page, rust, postgres, e2e, kill
  build                 page and release binary, nothing started
  dev                   Vite with hot reload and a server that restarts when its sources change
  check                 format, clippy, types, lint, generated files, file scan, page budgets
  gen-api               write openapi.json and the page's typed client from the code";

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    Help,
    /// `serve` holds the words after `--`, for `chengdan serve`.
    Run {
        serve: Vec<String>,
    },
    /// An empty `only` means every suite.
    Test {
        only: Vec<Suite>,
    },
    Build,
    Dev,
    Check,
    GenApi,
}

pub fn read(arguments: &[String]) -> Result<Task> {
    let Some((command, rest)) = arguments.split_first() else {
        return Ok(Task::Help);
    };
    let alone = |task: Task| match rest.first() {
        None => Ok(task),
        Some(word) => Err(format!("`{command}` takes no option, but `{word}` was given\n\n{HELP}")),
    };
    match command.as_str() {
        "run" => serve_options(rest).map(|serve| Task::Run { serve }),
        "test" => suites(rest).map(|only| Task::Test { only }),
        "build" => alone(Task::Build),
        "dev" => alone(Task::Dev),
        "check" => alone(Task::Check),
        "gen-api" => alone(Task::GenApi),
        "help" | "--help" | "-h" => Ok(Task::Help),
        other => Err(format!("there is no command `{other}`\n\n{HELP}")),
    }
}

fn serve_options(words: &[String]) -> Result<Vec<String>> {
    match words.split_first() {
        None => Ok(Vec::new()),
        Some((dashes, serve)) if dashes == "--" => Ok(serve.to_vec()),
        Some((word, _)) => {
            Err(format!("`{word}`: options for the server come after `--`, as in `cargo xtask run -- --listen 127.0.0.1:9000`"))
        }
    }
}

fn suites(words: &[String]) -> Result<Vec<Suite>> {
    let mut only = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let name = match word.strip_prefix("--only") {
            Some("") => words.next().map(String::as_str),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        let name = name.ok_or_else(|| format!("`{word}` is not understood\n\n{HELP}"))?;
        only.push(Suite::named(name).ok_or_else(|| format!("there is no suite `{name}`\n\n{HELP}"))?);
    }
    Ok(only)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(line: &str) -> Result<Task> {
        read(&line.split_whitespace().map(String::from).collect::<Vec<_>>())
    }

    #[test]
    fn options_after_the_dashes_go_to_the_server() {
        let serve = vec!["--listen".to_owned(), "127.0.0.1:9000".to_owned()];
        assert_eq!(task("run -- --listen 127.0.0.1:9000"), Ok(Task::Run { serve }));
        assert!(task("run --listen 127.0.0.1:9000").is_err());
    }

    #[test]
    fn suites_may_be_named_several_times() {
        assert_eq!(task("test"), Ok(Task::Test { only: Vec::new() }));
        assert_eq!(task("test --only rust --only=page"), Ok(Task::Test { only: vec![Suite::Rust, Suite::Page] }));
        assert!(task("test --only everything").is_err());
        assert!(task("test --only").is_err());
        assert!(task("test rust").is_err());
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert!(task("deploy").is_err());
        assert!(task("build --fast").is_err());
    }
}
