//! The rows of an import, some at a time: each lot with where it stands is one transaction, so that no row is lost or doubled
//! whenever the program ends, and no other writer waits long.

use std::ops::DerefMut;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::model::{Kept, KeptRow, Mode, Reason, RowState, State};
use super::values::Values;
use super::{Applied, customers, opportunities, store};
use crate::assignment::{Round, RuleTarget};
use crate::error::{Error, Result};
use crate::exchange::columns::{Column, Kind};
use crate::history::{self, Event, model::EventKind};
use crate::identity;
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::jobs::{self, Job};
use crate::platform::live::Push;
use crate::platform::types::{FieldCode, name};
use crate::platform::work::{Door, Work};

/// Rows of one transaction.
const LOT: i64 = 100;

/// The mark of the template's sample row.
const SAMPLE: [&str; 2] = ["（示例）", "(sample)"];

const SAMPLE_ROW: FieldCode = FieldCode::Rule { code: "SAMPLE_ROW", zh: "示例行，已跳过", en: "The sample row; skipped" };
const EXTRA: FieldCode = FieldCode::Rule {
    code: "EXTRA_CELLS",
    zh: "这一行比表头多出内容，请检查分隔符和引号",
    en: "The row has more cells than there are columns",
};

/// The next rows of an import.
#[derive(Serialize, Deserialize)]
pub struct ImportRows {
    /// The import.
    pub import_id: i64,
    /// Which time its rows are gone through.
    pub round: i64,
}

impl Job for ImportRows {
    const KIND: &'static str = "import_rows";

    fn run(self, work: &mut Work) -> Result<()> {
        let Some(import) = store::lock(work, self.import_id)? else { return Ok(()) };
        if import.round != self.round || !matches!(import.state, State::Checking | State::Running) {
            return Ok(());
        }
        let moved_on = identity::as_person(work, import.created_by, |work| {
            enter_as(work, &import);
            if !work.actor.may("import_records") || !work.actor.may(import.kind.right_to_edit()) {
                return Ok(None);
            }
            lot(work, import.clone()).map(Some)
        })?;
        let Some(after) = moved_on.flatten() else {
            let problem = if import.state == State::Checking { "check_not_allowed" } else { "not_allowed" };
            return fail(work, import, problem);
        };
        if after.state == import.state {
            let now = work.now();
            jobs::enqueue(work, now, &self)?;
        }
        work.push(Push::changed("import", after.id, after.version + 1));
        Ok(())
    }

    fn give_up(self, work: &mut Work) -> Result<()> {
        let Some(import) = store::lock(work, self.import_id)? else { return Ok(()) };
        if import.round != self.round || !matches!(import.state, State::Checking | State::Running) {
            return Ok(());
        }
        let problem = if import.state == State::Checking { "check_broke" } else { "broke" };
        fail(work, import, problem)
    }
}

/// Ends an import early; what its earlier rows did stays, and can be taken back.
pub(super) fn fail(work: &mut Work, import: Kept, problem: &str) -> Result<()> {
    let failed = Kept { state: State::Failed, problem: problem.to_owned(), finished_at: work.now(), ..import };
    store::advance(work, &failed)?;
    work.push(Push::changed("import", failed.id, failed.version + 1));
    Ok(())
}

/// Acts as the importer did: in the team worked in, through the door of imports.
pub(super) fn enter_as(work: &mut Work, import: &Kept) {
    work.actor.door = Door::Import;
    work.actor.team_id = import.team_id.filter(|team| work.actor.team_ids.contains(team)).or(work.actor.team_id);
}

/// Goes through the next rows and keeps where the import stands then.
fn lot(work: &mut Work, mut import: Kept) -> Result<Kept> {
    let rows = store::rows_after(work, import.id, import.next_line, LOT)?;
    let columns = import.chosen();
    let last = (rows.len() as i64) < LOT;
    let mut changed = None;
    // The rules are asked once for the whole lot; what is only tried takes nobody's turn.
    let mut round = if import.state == State::Running { Round::of(RuleTarget::Customer) } else { Round::preview(RuleTarget::Customer) };
    for mut row in rows {
        let outcome = judge(work, &import, &columns, &row, &mut round)?;
        import.next_line = row.line;
        import.done_rows += 1;
        match outcome.state {
            RowState::Created => import.created_rows += 1,
            RowState::Updated => import.updated_rows += 1,
            RowState::Skipped => import.skipped_rows += 1,
            _ => import.bad_rows += 1,
        }
        keep(&mut row, outcome, import.state == State::Running)?;
        if let (Some(id), Some(version)) = (row.record_id, row.record_version) {
            changed = Some((id, version));
        }
        store::set_row(work, import.id, &row)?;
    }
    round.close(work)?;
    if last {
        import.state = if import.state == State::Running { State::Done } else { State::Checked };
        import.finished_at = work.now();
    }
    store::advance(work, &import)?;
    // One word for all: pages fetch their lists again once a lot, not once a row.
    if let Some((id, version)) = changed {
        work.push(Push::changed(if import.kind == Kind::Customers { "customer" } else { "opportunity" }, id, version));
    }
    if import.state == State::Done {
        let event = Event::new(EventKind::ImportDone, "import", import.id)
            .with("name", &import.file_name)
            .with("created", import.created_rows)
            .with("updated", import.updated_rows)
            .with("skipped", import.skipped_rows)
            .with("bad", import.bad_rows);
        history::record(work, &event)?;
        if import.kind == Kind::Customers {
            tell(work, &import)?;
        }
    }
    Ok(import)
}

/// Whoever got customers hears of it once, whatever the number.
fn tell(work: &mut Work, import: &Kept) -> Result<()> {
    let by = identity::display_name(work, import.created_by)?;
    for (person, count, one) in store::receivers(work, import)? {
        let names = if count > 1 { format!("{one}…") } else { one };
        let detail = json!({ "count": count, "by": by, "names": names });
        notifications::send(work, &Notice::new(person, NoticeKind::CustomersReceived, detail, "/customers".into()))?;
    }
    Ok(())
}

fn keep(row: &mut KeptRow, outcome: Applied, real: bool) -> Result<()> {
    row.state = outcome.state;
    row.reasons = if outcome.reasons.is_empty() { String::new() } else { serde_json::to_string(&outcome.reasons)? };
    (row.record_id, row.record_number) = (None, String::new());
    (row.record_version, row.before) = (None, String::new());
    if let Some((id, number)) = outcome.record
        && (real || outcome.state != RowState::Created)
    {
        (row.record_id, row.record_number) = (Some(id), number);
    }
    if real {
        row.record_version = outcome.version;
        row.before = if outcome.before == Value::Null { String::new() } else { outcome.before.to_string() };
    }
    Ok(())
}

/// Tries a row; only an error that is no fault of the row goes further.
fn judge(work: &mut Work, import: &Kept, columns: &[Option<&'static Column>], row: &KeptRow, round: &mut Round) -> Result<Applied> {
    let cells = row.texts();
    if cells.len() > columns.len() {
        return Ok(Applied::bad(vec![Reason::of("", &EXTRA)]));
    }
    let values = Values::of(columns, &cells);
    if values.text("name").is_some_and(|name| SAMPLE.iter().any(|sample| name.starts_with(sample))) {
        return Ok(Applied::skipped(Reason::of("", &SAMPLE_ROW)));
    }
    let keys = keys_of(import.kind, &values);
    for key in &keys {
        if let Some(line) = store::twin(work, import, key)? {
            return Ok(twin_of(line, import.mode));
        }
    }
    store::mark(work)?;
    round.mark();
    let outcome = apply(work, import, &values, round);
    match outcome {
        Ok(applied) => {
            let own = applied.record.as_ref().filter(|_| applied.state == RowState::Updated).map(|(id, _)| format!("r:{id}"));
            if let Some(key) = &own
                && let Some(line) = store::twin(work, import, key)?
            {
                store::back(work)?;
                round.back(work);
                return Ok(twin_of(line, import.mode));
            }
            if import.state == State::Running {
                store::keep(work)?;
            } else {
                store::back(work)?;
                round.back(work);
            }
            for key in keys.iter().chain(own.iter()) {
                store::keep_key(work, import, key, row.line)?;
            }
            Ok(applied)
        }
        Err(error) if is_the_rows_fault(&error) => {
            store::back(work)?;
            round.back(work);
            Ok(Applied::bad(Reason::all_of(&error)))
        }
        Err(error) => Err(error),
    }
}

fn apply(work: &mut Work, import: &Kept, values: &Values, round: &mut Round) -> Result<Applied> {
    let (actor, now, zone) = (work.actor.clone(), work.now(), work.zone().clone());
    // A unit of its own for what it would push: hundreds of rows are one change to whoever looks on.
    let mut row = Work::new(work.deref_mut(), actor, now, zone);
    match import.kind {
        Kind::Customers => customers::apply(&mut row, values, import.mode, !import.assign.is_empty(), round),
        _ => opportunities::apply(&mut row, values, import.mode),
    }
}

fn is_the_rows_fault(error: &Error) -> bool {
    matches!(error, Error::Invalid(_) | Error::Refused(_) | Error::NotFound | Error::Forbidden | Error::Changed(_))
}

fn twin_of(line: i64, mode: Mode) -> Applied {
    let reason = Reason {
        field: "name".into(),
        code: "TWIN_IN_FILE".into(),
        zh: format!("与文件第 {line} 行重复"),
        en: format!("Repeats line {line} of the file"),
    };
    if mode == Mode::Skip { Applied::skipped(reason) } else { Applied::bad(vec![reason]) }
}

/// By what two rows of a file are the same.
fn keys_of(kind: Kind, values: &Values) -> Vec<String> {
    let mut keys = Vec::new();
    if let Some(number) = values.text("number") {
        keys.push(format!("#:{}", name::fold(number)));
    }
    if kind == Kind::Customers {
        keys.extend(values.text("name").map(|text| format!("n:{}", name::fold(text))));
        keys.extend(values.text("credit_code").map(|text| format!("c:{}", name::fold(text))));
    }
    keys
}
