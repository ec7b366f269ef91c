//! `cargo xtask`: the project's own commands, in the project's own language, so that a clone needs
//! nothing but rustup and Node. The two that matter are `run` and `test`; the README names them.

mod accounts;
mod budgets;
mod check;
mod dev;
mod gen_api;
mod install;
mod options;
mod page;
mod postgres;
mod process;
mod run;
mod scan;
mod server;
mod stamp;
mod suites;
mod test;

use options::Task;
use std::process::ExitCode;

/// Every failure is one text for the person at the terminal: what is wrong and what repairs it.
type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = options::read(&arguments).and_then(|task| {
        if task == Task::Help {
            println!("{}", options::HELP);
            return Ok(());
        }
        process::enter_repository()?;
        process::forward_signals()?;
        match task {
            Task::Help => Ok(()),
            Task::Run { serve } => run::run(&serve),
            Task::Test { only } => test::test(&only),
            Task::Build => server::release(),
            Task::Dev => dev::dev(),
            Task::Check => check::check(),
            Task::GenApi => gen_api::write(),
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if process::interrupted() => {
            eprintln!("xtask: stopped");
            ExitCode::from(130)
        }
        Err(reason) => {
            eprintln!("\nxtask: {reason}");
            ExitCode::FAILURE
        }
    }
}
