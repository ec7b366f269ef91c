//! The command line.

use std::io::Write;
use std::process::ExitCode;

use chengdan::app::App;
use chengdan::error::{Error, Result};
use chengdan::identity::passwords::Passwords;
use chengdan::platform::clock::Clock;
use chengdan::platform::config::Config;
use chengdan::platform::server;
use chengdan::router;
use clap::{Parser, Subcommand};
use serde_json::json;

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
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("CHENGDAN_LOG").unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .init();
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    if let Some(Command::Openapi) = cli.command {
        println!("{}", serde_json::to_string_pretty(&router::openapi())?);
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        match cli.command.unwrap_or(Command::Serve) {
            Command::Serve => serve(cli.config).await,
            Command::Openapi => Ok(()),
        }
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    outcome
}

async fn serve(config: Config) -> Result<()> {
    let clock = Clock::running();
    let app = App::open(config, clock, Passwords::strong()?).await?;
    let accounts = if app.config.demo { chengdan::demo::prepare(&app).await? } else { None };
    app.start();

    let listener = tokio::net::TcpListener::bind(&app.config.listen)
        .await
        .map_err(|error| Error::internal(format!("{}: {error}", app.config.listen)))?;
    let url = format!("http://{}", listener.local_addr()?);
    let public = app.config.public_url.clone().unwrap_or_else(|| url.clone());
    if app.needs_setup().await? {
        eprintln!("首次启动，请在浏览器打开 / First start, open in a browser:\n  {public}/setup?token={}", app.setup.text());
    }
    let mut line = json!({ "url": url });
    if let Some(accounts) = accounts {
        line["accounts"] = json!(accounts);
    }
    println!("{line}");
    std::io::stdout().flush()?;

    let (stop, stopping) = tokio::sync::watch::channel(false);
    let live = app.live.clone();
    tokio::spawn(async move {
        wait_for_signal().await;
        let _ = stop.send(true);
        live.end();
    });
    server::serve(listener, router::router(app), stopping).await
}

/// Ctrl-C, or SIGTERM where there is one.
async fn wait_for_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
