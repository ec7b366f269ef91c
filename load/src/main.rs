//! Measures and torments the product from outside: over real connections, against the binary people run.

mod bare;
mod bench;
mod client;
mod companies;
mod fill;
mod import_kill;
mod kill_test;
mod ledger;
mod lists;
mod receiver;
mod reminders_kill;
mod reports;
mod server;
mod timed;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What goes wrong here is told to whoever runs it.
type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

#[derive(Parser)]
#[command(name = "load", about = "Load, crash and speed tests of 成单")]
struct Cli {
    /// The server to test.
    #[arg(long, env = "CHENGDAN_BIN", default_value = "target/local/chengdan", global = true)]
    binary: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Kill the server in the middle of its work, again and again: nothing it has acknowledged may be lost, nothing half done.
    KillTest {
        /// How often.
        #[arg(long, default_value_t = 20)]
        cycles: u32,
    },
    /// Kill servers while reminders fall due: exactly one each in the message centre, none missing outside.
    RemindersKill {
        /// Plans, each with one reminder.
        #[arg(long, default_value_t = 10_000)]
        plans: usize,
        /// How often a server is killed.
        #[arg(long, default_value_t = 50)]
        kills: u32,
        /// Servers on one database.
        #[arg(long, default_value_t = 1)]
        servers: usize,
        /// An empty PostgreSQL database; SQLite without.
        #[arg(long, env = "LOAD_DATABASE_URL", hide_env_values = true)]
        database_url: Option<String>,
    },
    /// Kill the server while a spreadsheet is being entered: every row exactly once, nobody else waits.
    ImportKill {
        /// Rows of the file.
        #[arg(long, default_value_t = 10_000)]
        rows: usize,
        /// How often the server is killed.
        #[arg(long, default_value_t = 5)]
        kills: u32,
    },
    /// Enter real companies through the API, each with a made-up contact.
    ImportCompanies {
        /// CSV with the columns name, industry, province and a heading.
        file: PathBuf,
        /// The server, such as `http://127.0.0.1:8080`.
        #[arg(long)]
        url: String,
        /// Who enters them.
        #[arg(long)]
        employee_number: String,
        /// The password.
        #[arg(long, env = "CHENGDAN_PASSWORD", hide_env_values = true)]
        password: String,
    },
    /// Compare the server with what it is built on, in one run.
    Bench {
        /// Customers in the database.
        #[arg(long, default_value_t = 2_000)]
        customers: usize,
        /// Rounds of every measurement, taken in turn; the median counts.
        #[arg(long, default_value_t = 5)]
        rounds: usize,
        /// Seconds of one measurement.
        #[arg(long, default_value_t = 2.0)]
        seconds: f64,
        /// Clients at once.
        #[arg(long, default_value_t = 16)]
        clients: usize,
        /// Measure only what has this in `row/column`, such as `list of 50/product`.
        #[arg(long, default_value = "")]
        only: String,
    },
    /// Fill an empty database with a company of any size, straight into its tables.
    Fill {
        /// The folder of an empty database.
        data: PathBuf,
        /// PostgreSQL instead of the folder's own database.
        #[arg(long)]
        database_url: Option<String>,
        #[arg(long, default_value_t = 1_000_000)]
        customers: i64,
        #[arg(long, default_value_t = 3_000_000)]
        follow_ups: i64,
        #[arg(long, default_value_t = 1_000_000)]
        opportunities: i64,
        /// Sales people.
        #[arg(long, default_value_t = 500)]
        people: i64,
        /// Shared customers.
        #[arg(long, default_value_t = 205_000)]
        shares: i64,
    },
    /// Time the customer list in a company made by `fill`.
    Lists {
        /// Its folder.
        data: PathBuf,
        /// PostgreSQL instead of the folder's own database.
        #[arg(long)]
        database_url: Option<String>,
        /// How deep to turn the pages.
        #[arg(long, default_value_t = 100)]
        pages: usize,
        /// Conjunctions of three filters to try for each person.
        #[arg(long, default_value_t = 100)]
        conjunctions: usize,
    },
    /// Time the reports in a company made by `fill`.
    Reports {
        /// Its folder.
        data: PathBuf,
        /// PostgreSQL instead of the folder's own database.
        #[arg(long)]
        database_url: Option<String>,
    },
    /// Answer the bytes in a folder from memory on the product's own server loop; started by `bench`.
    #[command(hide = true)]
    Bare {
        /// The folder with `get`, `list` and `create`.
        folder: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::KillTest { cycles } => kill_test::run(&cli.binary, cycles),
        Command::RemindersKill { plans, kills, servers, database_url } => {
            reminders_kill::run(&cli.binary, &reminders_kill::Plan { plans, kills, servers, database_url })
        }
        Command::ImportKill { rows, kills } => import_kill::run(&cli.binary, rows, kills),
        Command::ImportCompanies { file, url, employee_number, password } => companies::import(&file, &url, &employee_number, &password),
        Command::Bench { customers, rounds, seconds, clients, only } => {
            bench::run(&cli.binary, &bench::Plan { customers, rounds, seconds, clients, only })
        }
        Command::Fill { data, database_url, customers, follow_ups, opportunities, people, shares } => {
            let size = fill::Size { customers, follow_ups, opportunities, people, shares };
            fill::run(&cli.binary, &data, database_url.as_deref(), &size)
        }
        Command::Lists { data, database_url, pages, conjunctions } => {
            lists::run(&cli.binary, &data, database_url.as_deref(), pages, conjunctions)
        }
        Command::Reports { data, database_url } => reports::run(&cli.binary, &data, database_url.as_deref()),
        Command::Bare { folder } => bare::serve(&folder),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}
