//! A reproducible company to show, to train with and to test against, and the clock that only it may move.

use serde::Serialize;

use crate::app::App;
use crate::error::Result;

/// A person of the demonstration.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// 工号.
    pub employee_number: String,
    /// The password, printed so that anybody can look around.
    pub password: String,
    /// The role's word.
    pub role: &'static str,
    /// The team's name.
    pub team: String,
}

/// Fills an empty database; answers the accounts, or `None` when the folder held data already.
pub async fn prepare(_app: &App) -> Result<Option<Vec<Account>>> {
    Ok(None)
}
