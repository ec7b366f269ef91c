//! The command line.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use chengdan::app::App;
use chengdan::error::{Error, Result};
use chengdan::identity::passwords::Passwords;
use chengdan::ops;
use chengdan::platform::clock::Clock;
use chengdan::platform::config::Config;
use chengdan::platform::server::{self, Door, Limits};
use chengdan::{metrics, router};
use clap::{Parser, Subcommand};
use serde_json::json;
use tokio::net::TcpListener;

/// The C library's allocator takes a fifth of the time of a list.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "chengdan", version, about = "成单: sales-process automation in one program", args_conflicts_with_subcommands = false)]
struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the page and the API (the default).
    Serve,
    /// Print the OpenAPI document.
    Openapi,
    /// Copy database and attachments into an empty folder, also while the server runs.
    Backup {
        /// The folder; made where needed.
        folder: PathBuf,
    },
    /// Prove a backup: every hash, and a scratch copy of the database read through.
    VerifyBackup {
        /// The folder of the backup.
        folder: PathBuf,
    },
    /// Restore a backup into an empty data folder and end all sessions.
    Restore {
        /// The folder of the backup.
        folder: PathBuf,
    },
    /// Write the whole company into one file that another installation can take in, also while the server runs.
    ExportCompany {
        /// The file; must not exist.
        file: PathBuf,
    },
    /// Take such a file into a new installation, whichever its engine.
    ImportCompany {
        /// The file.
        file: PathBuf,
    },
    /// Help for people who are locked out.
    #[command(subcommand)]
    User(UserCommand),
    /// Empty the secrets of all channels and close them, when the file with their key is lost.
    ForgetSecrets,
    /// Look for damage; ends with a non-zero status when some is found.
    Doctor,
    /// Read a spreadsheet and print its rows, bound in memory and time; what the server does with files that are sent to it.
    #[command(hide = true)]
    ParseSheet {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum UserCommand {
    /// Print a one-time password for a person and end his or her sessions.
    ResetPassword {
        /// 工号.
        employee_number: String,
    },
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("CHENGDAN_LOG").unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .init();
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(refusal) => {
            eprintln!("{refusal}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> ops::Result<ExitCode> {
    let config = cli.config;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => in_runtime(serve(config))?,
        Command::Openapi => println!("{}", String::from_utf8_lossy(&router::document()).trim_end()),
        Command::Backup { folder } => {
            let manifest = ops::backup(&config, &folder)?;
            println!("{}", told(&folder, &manifest, "已备份", "backed up"));
        }
        Command::VerifyBackup { folder } => {
            let manifest = ops::verify(&folder)?;
            println!("{}", told(&folder, &manifest, "备份完好", "the backup is sound"));
        }
        Command::Restore { folder } => {
            let manifest = ops::restore(&config, &folder)?;
            println!("{}", told(&config.data_dir, &manifest, "已恢复", "restored"));
        }
        Command::ExportCompany { file } => println!("{}", ops::export_company(&config, &file)?),
        Command::ImportCompany { file } => println!("{}", in_runtime(ops::import_company(&config, &file))?),
        Command::User(UserCommand::ResetPassword { employee_number }) => {
            println!("{}", in_runtime(ops::reset_password(&config, &employee_number))?);
        }
        Command::ForgetSecrets => {
            let closed = in_runtime(ops::forget_secrets(&config))?;
            println!("已清空并停用 {closed} 个通道，请重新填写 / {closed} channels emptied and closed; enter their secrets anew");
        }
        Command::ParseSheet { file } => chengdan::exchange::sheet::child(&file).map_err(Error::from)?,
        Command::Doctor => {
            let findings = ops::doctor(&config)?;
            if findings.is_empty() {
                println!("一切正常 / all is well");
            } else {
                findings.iter().for_each(|line| println!("{line}"));
                eprintln!("发现 {0} 个问题 / {0} problems found", findings.len());
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(place: &Path, manifest: &ops::Manifest, zh: &str, en: &str) -> String {
    let (files, rows) = (manifest.files.len(), manifest.rows.values().sum::<i64>());
    format!("{zh}：{0}（{files} 个文件，{rows} 行） / {en}: {0} ({files} files, {rows} rows)", place.display())
}

fn in_runtime<T, E: Into<ops::Refusal>>(task: impl Future<Output = std::result::Result<T, E>>) -> ops::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(task).map_err(Into::into);
    runtime.shutdown_timeout(Duration::from_secs(5));
    outcome
}

async fn serve(config: Config) -> Result<()> {
    config.check()?;
    let clock = Clock::running();
    let tls = config.tls()?;
    let app = App::open(config, clock, Passwords::strong()?).await?;
    let accounts = if app.config.demo { chengdan::demo::prepare(&app).await? } else { None };
    app.start();

    let listener = listen(&app.config.listen).await?;
    let url = format!("{}://{}", app.config.scheme(), listener.local_addr()?);
    let public = app.config.public_url.clone().unwrap_or_else(|| url.clone());
    if app.needs_setup().await? {
        eprintln!("首次启动，请在浏览器打开 / First start, open in a browser:\n  {public}/setup?token={}", app.setup.text());
    }
    let asked_to_stop = stop_signal()?;
    let mut line = json!({ "url": url });
    let metrics = match app.config.metrics_address()? {
        Some(address) => Some(listen(&address.to_string()).await?),
        None => None,
    };
    if let Some(metrics) = &metrics {
        line["metrics_url"] = json!(format!("http://{}/metrics", metrics.local_addr()?));
    }
    if let Some(accounts) = accounts {
        line["accounts"] = json!(accounts);
    }
    println!("{line}");
    std::io::stdout().flush()?;

    let (stop, stopping) = tokio::sync::watch::channel(false);
    let live = app.live.clone();
    tokio::spawn(async move {
        asked_to_stop.await;
        let _ = stop.send(true);
        live.end();
    });
    if let Some(listener) = metrics {
        let few = Limits { connections: 16, drain: Duration::ZERO, ..Limits::default() };
        tokio::spawn(server::serve(Door { listener, tls: None }, metrics::router(app.clone()), few, stopping.clone()));
    }
    let served = server::serve(Door { listener, tls }, router::router(app.clone()), Limits::default(), stopping).await;
    if app.config.demo {
        chengdan::demo::clock::keep(&app).await?;
    }
    served
}

async fn listen(address: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| Error::internal(format!("{address}: {error}")))
}

/// Hears Ctrl-C, or SIGTERM where there is one, from now on.
fn stop_signal() -> Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
