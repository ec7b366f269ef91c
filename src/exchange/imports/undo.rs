//! Taking an import back, from its last row to its first: new records go to the recycle bin, changed ones get their old values,
//! unless somebody has worked with them since (I46).

use std::ops::DerefMut;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::model::{Kept, KeptRow, Reason, RowState, State};
use super::{run, store};
use crate::customers::{self, CustomerDraft};
use crate::error::{Error, Result};
use crate::exchange::columns::Kind;
use crate::history::{self, Event, model::EventKind};
use crate::identity;
use crate::identity::scope::Right;
use crate::opportunities::{self, Opportunity, OpportunityDraft, StageChange};
use crate::platform::draft::{Choice, Given};
use crate::platform::jobs::{self, Job};
use crate::platform::live::Push;
use crate::platform::types::FieldCode;
use crate::platform::work::{Reach, Work};
use crate::settings::{self, StageKind};

/// Rows of one transaction.
const LOT: i64 = 100;

const CHANGED_SINCE: FieldCode =
    FieldCode::Rule { code: "CHANGED_SINCE", zh: "导入后已被修改，未撤销", en: "Changed since the import; left as it is" };
const USED_SINCE: FieldCode =
    FieldCode::Rule {
        code: "USED_SINCE", zh: "导入后已有跟进、任务或商机，未撤销", en: "Worked with since the import; left as it is"
    };
const GONE: FieldCode =
    FieldCode::Rule { code: "GONE_SINCE", zh: "导入后已被删除或移交", en: "Deleted or given away since the import" };

/// Nothing is said of what became of a record that the importer cannot see.
const IN_OTHER_HANDS: FieldCode =
    FieldCode::Rule {
        code: "IN_OTHER_HANDS", zh: "已由接手人使用或处理，未撤销", en: "In use by whoever has it now; left as it is"
    };

/// The next rows to take back.
#[derive(Serialize, Deserialize)]
pub struct UndoRows {
    /// The import.
    pub import_id: i64,
    /// Which time its rows were gone through.
    pub round: i64,
}

impl Job for UndoRows {
    const KIND: &'static str = "undo_import_rows";

    fn run(self, work: &mut Work) -> Result<()> {
        let Some(import) = store::lock(work, self.import_id)? else { return Ok(()) };
        if import.round != self.round || import.state != State::Undoing {
            return Ok(());
        }
        let moved_on = identity::as_person(work, import.created_by, |work| {
            run::enter_as(work, &import);
            if !work.actor.may("import_records") || !work.actor.may(import.kind.right_to_edit()) {
                return Ok(None);
            }
            lot(work, import.clone()).map(Some)
        })?;
        let Some(after) = moved_on.flatten() else {
            return run::fail(work, import, "not_allowed");
        };
        if after.state == State::Undoing {
            let now = work.now();
            jobs::enqueue(work, now, &self)?;
        }
        work.push(Push::changed("import", after.id, after.version + 1));
        Ok(())
    }

    fn give_up(self, work: &mut Work) -> Result<()> {
        let Some(import) = store::lock(work, self.import_id)? else { return Ok(()) };
        if import.round != self.round || import.state != State::Undoing {
            return Ok(());
        }
        run::fail(work, import, "undo_broke")
    }
}

fn lot(work: &mut Work, mut import: Kept) -> Result<Kept> {
    let rows = store::rows_to_undo(work, import.id, import.next_line, LOT)?;
    let last = (rows.len() as i64) < LOT;
    for mut row in rows {
        import.next_line = row.line;
        store::mark(work)?;
        match take_back(work, import.kind, &row) {
            Ok(()) => {
                store::keep(work)?;
                row.state = RowState::Undone;
                import.undone_rows += 1;
            }
            Err(Refused::Told(code)) => {
                store::back(work)?;
                row.state = RowState::Kept;
                row.reasons = serde_json::to_string(&[Reason::of("", &code)])?;
                import.kept_rows += 1;
            }
            Err(Refused::Failed(error)) => return Err(error),
        }
        store::set_row(work, import.id, &row)?;
    }
    if last {
        import.state = State::Undone;
        import.finished_at = work.now();
        let event = Event::new(EventKind::ImportUndone, "import", import.id)
            .with("name", &import.file_name)
            .with("undone", import.undone_rows)
            .with("kept", import.kept_rows);
        history::record(work, &event)?;
    }
    store::advance(work, &import)?;
    Ok(import)
}

/// Why a row is not taken back.
enum Refused {
    /// The person is told.
    Told(FieldCode),
    /// Something broke; the lot is tried again.
    Failed(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        match error {
            Error::NotFound | Error::Forbidden => Refused::Told(GONE),
            Error::Changed(_) | Error::Invalid(_) => Refused::Told(CHANGED_SINCE),
            Error::Refused(_) => Refused::Told(USED_SINCE),
            error => Refused::Failed(error),
        }
    }
}

fn take_back(work: &mut Work, kind: Kind, row: &KeptRow) -> Result<(), Refused> {
    let (Some(id), Some(version)) = (row.record_id, row.record_version) else { return Err(Refused::Told(GONE)) };
    let before: Value = serde_json::from_str(&row.before).unwrap_or_default();
    let (actor, now, zone) = (work.actor.clone(), work.now(), work.zone().clone());
    let mut own = Work::new(work.deref_mut(), actor, now, zone);
    let work = &mut own;
    match (kind, row.state) {
        (Kind::Customers, RowState::Created) => customer_created(work, id, version, &before),
        (Kind::Customers, _) => customer_updated(work, id, version, &before),
        (_, RowState::Created) => opportunity_created(work, id, version),
        (_, _) => opportunity_updated(work, id, version, &before),
    }
}

/// Stands in the recycle bin.
const WHY: &str = "撤销导入";

/// Takes away the deal that the row made; answers the customer's version afterwards.
fn without_deal(work: &mut Work, id: i64, version: i64, before: &Value) -> Result<i64, Refused> {
    let Some(deal) = before["deal"]["id"].as_i64() else { return Ok(version) };
    let opportunity = opportunities::get(work, &Choice::Id(deal))?;
    if Some(opportunity.version) != before["deal"]["version"].as_i64() {
        return Err(Refused::Told(CHANGED_SINCE));
    }
    if store::opportunity_is_used(work, deal)? {
        return Err(Refused::Told(USED_SINCE));
    }
    remove_opportunity(work, &opportunity)?;
    Ok(customers::get(work, &Choice::Id(id))?.row.version)
}

/// What the rules gave to somebody whose records the importer cannot see is taken back all the same, as long as it is as the import
/// made it.
fn customer_created(work: &mut Work, id: i64, version: i64, before: &Value) -> Result<(), Refused> {
    if customers::find(work, &Choice::Id(id), Right::Edit)?.is_some() {
        return untouched_customer(work, id, version, before);
    }
    // For this row alone: the unit of work is its own.
    work.actor.reach = Reach::All;
    untouched_customer(work, id, version, before).map_err(|refused| match refused {
        Refused::Told(_) => Refused::Told(IN_OTHER_HANDS),
        failed => failed,
    })
}

fn untouched_customer(work: &mut Work, id: i64, version: i64, before: &Value) -> Result<(), Refused> {
    let customer = customers::get(work, &Choice::Id(id))?;
    if customer.row.id != id {
        return Err(Refused::Told(GONE));
    }
    if customer.row.version != version {
        return Err(Refused::Told(CHANGED_SINCE));
    }
    if store::customer_is_used(work, id, before["deal"]["id"].as_i64().unwrap_or(0))? {
        return Err(Refused::Told(USED_SINCE));
    }
    let version = without_deal(work, id, version, before)?;
    Ok(customers::delete(work, id, version, WHY)?)
}

fn customer_updated(work: &mut Work, id: i64, version: i64, before: &Value) -> Result<(), Refused> {
    let customer = customers::get(work, &Choice::Id(id))?;
    if customer.row.version != version {
        return Err(Refused::Told(CHANGED_SINCE));
    }
    let version = without_deal(work, id, version, before)?;
    let mut old = before["fields"].clone();
    if !before["status"].is_null() {
        old["status"] = before["status"].clone();
    }
    let draft: CustomerDraft = serde_json::from_value(old).map_err(Error::from)?;
    opportunities::edit_customer(work, id, version, &draft)?;
    Ok(())
}

fn opportunity_created(work: &mut Work, id: i64, version: i64) -> Result<(), Refused> {
    let opportunity = opportunities::get(work, &Choice::Id(id))?;
    if opportunity.version != version {
        return Err(Refused::Told(CHANGED_SINCE));
    }
    if store::opportunity_is_used(work, id)? {
        return Err(Refused::Told(USED_SINCE));
    }
    Ok(remove_opportunity(work, &opportunity)?)
}

/// Deletes an opportunity; a won one leaves that state first, and its customer follows.
fn remove_opportunity(work: &mut Work, opportunity: &Opportunity) -> Result<()> {
    let mut version = opportunity.version;
    if opportunity.won_amount.is_some() {
        let open = settings::stages(work)?.into_iter().find(|stage| stage.kind == StageKind::Open);
        let open = open.ok_or_else(|| Error::internal("no open stage"))?;
        let change = StageChange { stage: Given::Value(open.key), ..StageChange::default() };
        version = opportunities::change_stage(work, opportunity.id, version, &change)?.version;
    }
    opportunities::delete(work, opportunity.id, version, WHY)
}

fn opportunity_updated(work: &mut Work, id: i64, version: i64, before: &Value) -> Result<(), Refused> {
    let mut version = version;
    if !before["stage"].is_null() {
        let mut old = json!({});
        for (field, value) in before["stage"].as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
            old[field] = value.clone();
        }
        let change: StageChange = serde_json::from_value(old).map_err(Error::from)?;
        version = opportunities::change_stage(work, id, version, &change)?.version;
    }
    let draft: OpportunityDraft = serde_json::from_value(before["fields"].clone()).map_err(Error::from)?;
    opportunities::edit(work, id, version, &draft)?;
    Ok(())
}
