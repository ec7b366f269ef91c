//! Deleting for good: by an administrator who confirms the number, or by the night after thirty days (I45).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bin_store::{self as store, Binned};
use super::recycle_bin::{BinKind, KEPT_MS};
use crate::app::App;
use crate::error::{Error, Fields, Result};
use crate::history::{self, Event, model::EventKind};
use crate::platform::draft::{Choice, Given};
use crate::platform::types::FieldCode;
use crate::platform::work::Work;
use crate::{customers, opportunities};

/// Records one night's transaction takes at most; the rest follows in the next.
const AT_ONCE: i64 = 20;

const OTHER_NUMBER: FieldCode =
    FieldCode::Rule { code: "OTHER_NUMBER", zh: "请输入该记录的编号以确认", en: "Enter the number of this record to confirm" };

/// The confirmation of a purge.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PurgeDraft {
    /// The record's number, typed by whoever purges it. Required.
    pub number: Given<String>,
}

/// Deletes something in the bin for good.
pub fn purge(work: &mut Work, kind: BinKind, wanted: &Choice, draft: &PurgeDraft) -> Result<()> {
    let id = match kind {
        BinKind::Customers => customers::id_of(work, wanted)?,
        BinKind::Opportunities => opportunities::id_of(work, wanted)?,
    };
    let found = store::find(work, kind, id.ok_or(Error::NotFound)?)?.ok_or(Error::NotFound)?;
    let mut fields = Fields::default();
    let number = draft.number.clone().required("number", &mut fields);
    if number.is_some_and(|number| !number.trim().eq_ignore_ascii_case(&found.number)) {
        fields.add("number", OTHER_NUMBER);
    }
    fields.into_result()?;
    take(work, kind, &found)
}

/// What has been in the bin for thirty days goes for good; answers whether there may be more.
pub fn purge_old(work: &mut Work) -> Result<bool> {
    let before = work.now().plus_ms(-KEPT_MS);
    let old = store::deleted_before(work, before, AT_ONCE)?;
    for (kind, found) in &old {
        // An opportunity may have gone with its customer a moment ago.
        if store::find(work, *kind, found.id)?.is_some() {
            take(work, *kind, found)?;
        }
    }
    Ok(old.len() as i64 == AT_ONCE)
}

fn take(work: &mut Work, kind: BinKind, found: &Binned) -> Result<()> {
    let event = match kind {
        BinKind::Opportunities => {
            store::purge_opportunity(work, found.id)?;
            Event::new(EventKind::OpportunityPurged, "opportunity", found.id)
        }
        BinKind::Customers => {
            take_customer(work, found.id)?;
            Event::new(EventKind::CustomerPurged, "customer", found.id)
        }
    };
    history::record(work, &event.with("number", &found.number))
}

fn take_customer(work: &mut Work, id: i64) -> Result<()> {
    for merged in store::merged_into(work, id)? {
        take_customer(work, merged)?;
    }
    for opportunity in store::opportunities_of(work, id)? {
        store::purge_opportunity(work, opportunity)?;
    }
    store::purge_customer(work, id)
}

/// Removes content from the disk that no record mentions any more and that lies there for `age` already: a file that is just
/// being attached again is younger.
pub async fn sweep_files(app: &App, age: Duration) -> Result<u64> {
    let forsaken = app.system("sweep", store::forsaken).await?;
    let mut swept = 0;
    for sha256 in forsaken {
        let hash = sha256.clone();
        let free = app.system("sweep", move |work| store::let_go(work, &hash)).await?;
        if free {
            if !app.files.forget(&sha256, age)? {
                continue;
            }
            swept += 1;
        }
        app.system("sweep", move |work| store::forget_file(work, &sha256)).await?;
    }
    Ok(swept)
}
