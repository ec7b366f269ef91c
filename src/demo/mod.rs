//! A reproducible company to show, to train with and to test against, and the clock that only it may move.

mod api;
mod cast;
pub mod clock;
mod dice;
mod play;
mod plot;
mod words;

pub use api::routes;
pub use plot::Script;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::Result;
use crate::platform::db::{Tx, sql};

/// Customers of the demonstration.
const CUSTOMERS: usize = 400;

/// A person of the demonstration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// 工号.
    pub employee_number: String,
    /// The password, printed so that anybody can look around.
    pub password: String,
    /// The role's word.
    pub role: String,
    /// The team's name.
    pub team: String,
}

/// Fills an empty database. Answers the accounts of the demonstration the database holds, or `None` when its data is somebody's own.
pub async fn prepare(app: &App) -> Result<Option<Vec<Account>>> {
    // The seconds of starting up must not show in the data.
    let now = app.clock.now();
    let now = now.plus_ms(-now.ms().rem_euclid(60_000));
    let accounts = perform(app, Script { seed: app.config.seed, now, customers: CUSTOMERS }).await?;
    clock::keep(app).await?;
    Ok(accounts)
}

/// The same with a history of one's own choosing.
pub async fn perform(app: &App, script: Script) -> Result<Option<Vec<Account>>> {
    let hash = app.passwords.hash(cast::PASSWORD.to_owned()).await?;
    let zone = app.zone.clone();
    let plot = Arc::new(plot::write(&script, &zone));
    let unit = move |tx: &mut Tx| {
        if is_empty(tx)? && take_hold(tx)? {
            play::perform(tx, &script, &plot, &zone, &hash)?;
            keep_accounts(tx)?;
        }
        kept_accounts(tx)
    };
    app.db.write(unit, |_| ()).await
}

fn is_empty(tx: &mut Tx) -> Result<bool> {
    let somebody: Option<i64> = sql("select id from users limit 1").maybe(tx)?;
    Ok(somebody.is_none())
}

/// Closes the door of the first start; of two processes that start together one gets hold.
fn take_hold(tx: &mut Tx) -> Result<bool> {
    Ok(sql("insert into parameters (key, value) values ('set_up', '1') on conflict (key) do nothing").run(tx)? == 1)
}

fn keep_accounts(tx: &mut Tx) -> Result<()> {
    let accounts = serde_json::to_string(&play::accounts())?;
    sql("insert into parameters (key, value) values ('demo_accounts', $1)").bind(accounts).run(tx)?;
    Ok(())
}

fn kept_accounts(tx: &mut Tx) -> Result<Option<Vec<Account>>> {
    let text: Option<String> = sql("select value from parameters where key = 'demo_accounts'").maybe(tx)?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}
