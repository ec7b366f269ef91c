//! Which morning messages the company wants.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::error::{Fields, Result};
use crate::history::{self, Event, model::EventKind};
use crate::platform::draft::Given;
use crate::platform::types::FieldCode;
use crate::platform::work::Work;

/// Which morning messages are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ReminderSettings {
    /// The work of the day goes out on working days at 08:30, over e-mail and bots (I14).
    pub daily_work: bool,
    /// An owner hears of a customer without contact for so many days; 0 for never (I15).
    pub silence_days: i64,
    /// Owners hear of expected closing dates that passed, people of shares about to end (I16).
    pub expiry: bool,
}

impl Default for ReminderSettings {
    fn default() -> ReminderSettings {
        ReminderSettings { daily_work: true, silence_days: 30, expiry: true }
    }
}

/// Settings to be changed.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReminderSettingsDraft {
    /// Whether the work of the day goes out.
    pub daily_work: Given<bool>,
    /// After so many days without contact, 0–365; 0 for never.
    pub silence_days: Given<i64>,
    /// Whether dates that pass are told.
    pub expiry: Given<bool>,
}

/// What the company wants.
pub fn get(work: &mut Work) -> Result<ReminderSettings> {
    Ok(store::settings(work)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Changes what the company wants.
pub fn set(work: &mut Work, draft: &ReminderSettingsDraft) -> Result<ReminderSettings> {
    let mut settings = get(work)?;
    let draft = draft.clone();
    let mut fields = Fields::default();
    if let Some(daily_work) = draft.daily_work.change_required("daily_work", &mut fields) {
        settings.daily_work = daily_work;
    }
    if let Some(days) = draft.silence_days.and_then(days).change_required("silence_days", &mut fields) {
        settings.silence_days = days;
    }
    if let Some(expiry) = draft.expiry.change_required("expiry", &mut fields) {
        settings.expiry = expiry;
    }
    fields.into_result()?;
    store::set_settings(work, &serde_json::to_string(&settings)?)?;
    history::record(work, &Event::new(EventKind::SettingChanged, "company", 1).with("name", "提醒设置"))?;
    Ok(settings)
}

fn days(days: i64) -> Result<i64, FieldCode> {
    if (0..=365).contains(&days) { Ok(days) } else { Err(FieldCode::OutOfRange { min: "0".into(), max: "365".into() }) }
}
