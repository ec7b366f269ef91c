//! The options of `serve`, each also an environment variable.

use std::path::PathBuf;

use super::db::Location;
use super::types::{BusinessZone, Instant};
use crate::error::{Error, Result};

/// How the server runs.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    /// Folder of the default database and of the files.
    #[arg(long, env = "CHENGDAN_DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,

    /// Where the data lives: `sqlite:path` or `postgres://…`; default `sqlite:<data-dir>/chengdan.db`.
    #[arg(long, env = "CHENGDAN_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// Where attachments lie: `file:path`; default `file:<data-dir>/files`.
    #[arg(long, env = "CHENGDAN_BLOB_URL", global = true)]
    pub blob_url: Option<String>,

    /// Address and port to listen on.
    #[arg(long, env = "CHENGDAN_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: String,

    /// The address people type, such as `https://crm.example.com`; decides cookie name and origin check.
    #[arg(long, env = "CHENGDAN_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,

    /// The zone of business days (IANA name).
    #[arg(long, env = "CHENGDAN_TIME_ZONE", default_value = "Asia/Shanghai", global = true)]
    pub time_zone: String,

    /// `off` lifts the limit of 50 requests a second per user, for load tests.
    #[arg(long, env = "CHENGDAN_RATE_LIMIT", default_value = "on", global = true)]
    pub rate_limit: String,

    /// Hosts of the company's own network that channels may reach, also without https: `mail.corp,127.0.0.1:8025`.
    #[arg(long, env = "CHENGDAN_INTRANET_HOSTS", value_delimiter = ',', global = true)]
    pub intranet_hosts: Vec<String>,

    /// Fill an empty database with a demonstration company and allow its clock to be moved.
    #[arg(long, env = "CHENGDAN_DEMO", global = true)]
    pub demo: bool,

    /// With `--demo`: which company is made.
    #[arg(long, env = "CHENGDAN_SEED", default_value_t = 1, global = true)]
    pub seed: u64,

    /// With `--demo`: the time at which it starts, such as `2024-03-18T09:00:00+08:00`.
    #[arg(long, env = "CHENGDAN_NOW", global = true)]
    pub now: Option<String>,

    /// The program that reads spreadsheets as a child; this program itself when there is none.
    #[arg(skip)]
    pub sheet_reader: Option<PathBuf>,
}

impl Config {
    /// Where the database is.
    pub fn location(&self) -> Result<Location> {
        match &self.database_url {
            None => Ok(Location::Sqlite(self.data_dir.join("chengdan.db"))),
            Some(url) => Location::parse(url).ok_or_else(|| Error::internal("CHENGDAN_DATABASE_URL: sqlite:… or postgres://…")),
        }
    }

    /// The folder of the attachments.
    pub fn files_root(&self) -> Result<PathBuf> {
        match self.blob_url.as_deref() {
            None => Ok(self.data_dir.join("files")),
            Some(url) => {
                url.strip_prefix("file:").map(PathBuf::from).ok_or_else(|| Error::internal("CHENGDAN_BLOB_URL: only file:… is supported"))
            }
        }
    }

    /// The zone of business days.
    pub fn zone(&self) -> Result<BusinessZone> {
        BusinessZone::parse(&self.time_zone).map_err(|_| Error::internal("CHENGDAN_TIME_ZONE: no such zone"))
    }

    /// The starting time of a demonstration.
    pub fn start(&self) -> Result<Option<Instant>> {
        let now = self.now.as_deref().map(Instant::parse).transpose();
        now.map_err(|_| Error::internal("CHENGDAN_NOW: an instant such as 2024-03-18T09:00:00+08:00"))
    }

    /// True when people reach the server over https.
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}
