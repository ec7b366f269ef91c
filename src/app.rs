//! The running product: what every request and every job needs, put together once.

use std::sync::Arc;

use crate::channels::Relay;
use crate::error::Result;
use crate::identity::passwords::Passwords;
use crate::identity::setup::SetupToken;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::files::Files;
use crate::platform::jobs::Runner;
use crate::platform::live::Live;
use crate::platform::metrics::Metrics;
use crate::platform::secrets::SecretKey;
use crate::platform::types::BusinessZone;

/// Cheap to clone; all clones are the same product.
#[derive(Clone)]
pub struct App {
    parts: Arc<Parts>,
}

/// What the product is made of.
pub struct Parts {
    /// How it was started.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The content of attachments.
    pub files: Files,
    /// The clock.
    pub clock: Clock,
    /// The zone of business days.
    pub zone: BusinessZone,
    /// Pushes to open pages.
    pub live: Live,
    /// What has been answered.
    pub metrics: Metrics,
    /// The job queue.
    pub runner: Runner,
    /// What sends messages out of the house.
    pub relay: Relay,
    /// Hashing of passwords, a few at a time.
    pub passwords: Passwords,
    /// The one-time token of the first start.
    pub setup: SetupToken,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl App {
    /// Opens database and files and puts the product together; must run inside the async runtime. Nothing is started yet that
    /// acts by itself.
    pub async fn open(config: Config, clock: Clock, passwords: Passwords) -> Result<App> {
        let db = Db::open(&config.location()?)?;
        let files = Files::open(&config.files_root()?)?;
        let zone = config.zone()?;
        let live = Live::start(db.clone());
        let runner = Runner::new(db.clone(), clock.clone(), zone.clone(), live.clone(), crate::jobs::register())?;
        let secrets = SecretKey::find(&config.secret_key(), &db, crate::channels::keeps_secrets).await?;
        let relay = Relay::new(db.clone(), clock.clone(), &config, secrets)?;
        let setup = SetupToken::generate()?;
        let app = App {
            parts: Arc::new(Parts { config, db, files, clock, zone, live, metrics: Metrics::default(), runner, relay, passwords, setup }),
        };
        app.follow_database_clock().await?;
        if app.config.demo {
            crate::demo::clock::resume(&app).await?;
        }
        crate::jobs::schedule(&app).await?;
        Ok(app)
    }

    /// Starts what acts by itself: the job queue, the relay and the watch on the database's clock.
    pub fn start(&self) {
        tokio::spawn(self.runner.clone().run());
        tokio::spawn(crate::exchange::exports::run(self.clone()));
        tokio::spawn(crate::subscriptions::run(self.clone()));
        tokio::spawn(self.relay.clone().run());
        if self.config.demo {
            tokio::spawn(crate::demo::clock::watch(self.clone()));
        }
        let app = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(std::time::Duration::from_secs(600)).await;
                if let Err(error) = crate::stewardship::sweep_files(&app, std::time::Duration::from_secs(3_600)).await {
                    tracing::warn!(%error, "sweeping files");
                }
            }
        });
        let app = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(std::time::Duration::from_secs(10)).await;
                if let Err(error) = app.follow_database_clock().await {
                    tracing::warn!(%error, "the database's clock");
                }
            }
        });
    }

    async fn follow_database_clock(&self) -> Result<()> {
        if !self.clock.is_stopped() {
            self.clock.follow(self.db.clock_skew_ms().await?);
        }
        Ok(())
    }
}
