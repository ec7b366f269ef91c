//! Contacts with customers: planned ones with their reminders, and the record of those that were (跟进计划、跟进记录).

mod api;
mod filters;
pub mod model;
mod next_step;
mod own_reminders;
mod parent;
pub mod plans;
pub mod records;
mod reminders;
mod store;
mod task_done;

pub use api::routes;
pub use filters::{FollowUpFilter, PlanFilter};
pub use model::{FollowUp, Plan};
pub use reminders::RemindPlan;

use crate::error::{Fields, Result};
use crate::platform::draft::Given;
use crate::platform::types::{FieldCode, name};
use crate::platform::work::Work;
use crate::settings::{self, Kind};

/// The characters of a plan's content and of a next action.
const SHORT_TEXT: usize = 500;
/// The characters of a result.
const LONG_TEXT: usize = 2_000;

fn short_text(text: String) -> Result<String, FieldCode> {
    name::paragraph(&text, SHORT_TEXT)
}

fn long_text(text: String) -> Result<String, FieldCode> {
    name::paragraph(&text, LONG_TEXT)
}

/// The method somebody chose, as its key (S42). A disabled one stays where it is.
fn method(work: &mut Work, given: Given<String>, already: Option<&str>, fields: &mut Fields) -> Result<Option<String>> {
    let key = match given.change_required("method", fields) {
        None => return Ok(already.map(str::to_owned)),
        Some(key) => key,
    };
    Ok(fields.keep("method", settings::choose_key(work, Kind::FollowUpMethod, key.trim(), already)?).map(|entry| entry.key))
}
