//! The options of `serve`, each also an environment variable.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use tokio_rustls::TlsAcceptor;

use super::db::Location;
use super::tls;
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

    /// The key that seals passwords of channels in the database; default `<data-dir>/secret.key`, made at the first start.
    #[arg(long, env = "CHENGDAN_SECRET_KEY_FILE", global = true)]
    pub secret_key_file: Option<PathBuf>,

    /// Address and port to listen on.
    #[arg(long, env = "CHENGDAN_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: String,

    /// The address people type, such as `https://crm.example.com`; decides cookie name and origin check.
    #[arg(long, env = "CHENGDAN_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,

    /// The certificate of the page with its chain (PEM); https is spoken then. Needs `--tls-key`.
    #[arg(long, env = "CHENGDAN_TLS_CERT", requires = "tls_key", global = true)]
    pub tls_cert: Option<PathBuf>,

    /// The private key of the certificate (PEM).
    #[arg(long, env = "CHENGDAN_TLS_KEY", requires = "tls_cert", global = true)]
    pub tls_key: Option<PathBuf>,

    /// Addresses of the proxies in front, whose `X-Forwarded-For` is believed: `127.0.0.1,10.0.0.5`.
    #[arg(long, env = "CHENGDAN_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<IpAddr>,

    /// Where figures of the process can be read at `/metrics`: an address of this machine alone, or `off`.
    #[arg(long, env = "CHENGDAN_METRICS_LISTEN", default_value = "127.0.0.1:0", global = true)]
    pub metrics_listen: String,

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

    /// Judges everything that is written as text, so that a server with a wrong setting leaves nothing behind.
    pub fn check(&self) -> Result<()> {
        self.location()?;
        self.files_root()?;
        self.zone()?;
        self.start()?;
        self.metrics_address()?;
        Ok(())
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

    /// Where the key of secrets lies.
    pub fn secret_key(&self) -> PathBuf {
        self.secret_key_file.clone().unwrap_or_else(|| self.data_dir.join("secret.key"))
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
        self.public_url.as_deref().map_or(self.tls_cert.is_some(), |url| url.starts_with("https://"))
    }

    /// `https` or `http`: what the server itself speaks.
    pub fn scheme(&self) -> &'static str {
        if self.tls_cert.is_some() { "https" } else { "http" }
    }

    /// What https is spoken with; none where the server speaks plain HTTP.
    pub fn tls(&self) -> Result<Option<TlsAcceptor>> {
        self.tls_cert.as_deref().zip(self.tls_key.as_deref()).map(|(cert, key)| tls::acceptor(cert, key)).transpose()
    }

    /// Where figures are told; none when they are not.
    pub fn metrics_address(&self) -> Result<Option<SocketAddr>> {
        if self.metrics_listen == "off" {
            return Ok(None);
        }
        let address: Option<SocketAddr> = self.metrics_listen.parse().ok();
        address
            .filter(|address| address.ip().is_loopback())
            .map(Some)
            .ok_or_else(|| Error::internal("CHENGDAN_METRICS_LISTEN: an address of this machine alone, such as 127.0.0.1:9464, or off"))
    }
}
