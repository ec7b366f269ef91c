//! 日报, 周报 and 月报: figures from the records, words from their author, sent to who leads him (I35).

mod api;
mod figures;
pub mod missing;
mod model;
mod store;

pub use api::routes;
pub use figures::WorkFigures;
pub use model::{ReportKind, WorkReport, WorkReportDraft};

use serde_json::json;

use crate::error::{Error, Refusal, Result};
use crate::history::{self, Event, model::EventKind};
use crate::identity;
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::db::Predicate;
use crate::platform::live::Push;
use crate::platform::page::{Page, Turn};
use crate::platform::types::{Day, FieldCode};
use crate::platform::work::Work;
use model::{Kept, Parts, Period, ReportState, WorkReportRow, WorkReportStart};

/// What other rooms need of a report.
#[derive(Debug, Clone)]
pub struct Brief {
    /// Id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// Whose work.
    pub author_id: i64,
    /// Who it was submitted to; 0 for nobody.
    pub manager_id: i64,
    /// 日报 2024-03-18, in Chinese and English.
    pub title: (String, String),
}

/// A report that the caller sees.
pub fn brief(work: &mut Work, id: i64) -> Result<Option<Brief>> {
    Ok(store::find(work, id)?.map(|kept| Brief {
        id: kept.id,
        version: kept.version,
        author_id: kept.author_id,
        manager_id: kept.manager_id,
        title: title(&kept),
    }))
}

fn title(kept: &Kept) -> (String, String) {
    let (zh, en) = kept.kind.title();
    (format!("{zh} {}", kept.starts_on), format!("{en} {}", kept.starts_on))
}

/// What a report about the days around `on` would begin with.
pub fn start(work: &mut Work, kind: ReportKind, on: Day) -> Result<WorkReportStart> {
    let today = work.today();
    let on = on.not_after(today).map_err(|code| Error::field("on", code))?;
    let period = kind.around(on);
    Ok(WorkReportStart {
        kind,
        starts_on: period.first,
        ends_on: period.last,
        figures: figures::own(work, kind, period)?,
        report_id: store::own(work, kind, period)?,
    })
}

/// One page of the reports the caller sees, the last days first.
pub fn page(work: &mut Work, mine: Option<bool>, mut filters: Vec<Predicate>, turn: &Turn) -> Result<Page<WorkReportRow>> {
    filters.extend(mine.map(|mine| store::mine(work, mine)));
    Ok(store::page(work, filters, turn)?.map(|kept| kept.row()))
}

/// One report: a draft with the figures of now, a submitted one with those it was sent with.
pub fn get(work: &mut Work, id: i64) -> Result<WorkReport> {
    let kept = store::find(work, id)?.ok_or(Error::NotFound)?;
    let mut figures: WorkFigures = match kept.state {
        ReportState::Submitted => serde_json::from_str(&kept.figures)?,
        ReportState::Draft => figures::own(work, kept.kind, Period { first: kept.starts_on, last: kept.ends_on })?,
    };
    if kept.author_id != work.actor.user_id {
        figures::keep_visible(work, &mut figures)?;
    }
    Ok(kept.shown(figures, work.actor.user_id))
}

/// Begins a report; there is one for the same days and person.
pub fn write(work: &mut Work, draft: &WorkReportDraft) -> Result<WorkReport> {
    let (kind, period, parts) = draft.clone().check_new(work.today())?;
    if store::own(work, kind, period)?.is_some() {
        return Err(Error::Refused(Refusal::WorkReportExists));
    }
    let id = store::insert(work, kind, period, &parts)?;
    get(work, id)
}

/// Writes on at a draft.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &WorkReportDraft) -> Result<WorkReport> {
    let kept = take(work, id, version)?;
    let before = Parts { done: kept.done, problems: kept.problems, plan: kept.plan };
    let parts = draft.clone().check_change(before)?;
    store::update(work, id, version, &parts)?;
    get(work, id)
}

/// Sends a report to who leads the author's team: its figures stand from now on.
pub fn submit(work: &mut Work, id: i64, version: i64) -> Result<WorkReport> {
    let kept = take(work, id, version)?;
    if kept.done.is_empty() {
        return Err(Error::field("done", FieldCode::Required));
    }
    let period = Period { first: kept.starts_on, last: kept.ends_on };
    let figures = serde_json::to_string(&figures::own(work, kept.kind, period)?)?;
    let team = store::team_of(work, id)?;
    let leaders = identity::leaders_of(work, team, kept.author_id)?;
    store::submit(work, id, version, leaders.first().copied().unwrap_or(0), &figures)?;
    let (zh, en) = title(&kept);
    history::record(work, &Event::new(EventKind::WorkReportSubmitted, "work_report", id).with("name", json!({ "zh": zh, "en": en })))?;
    tell(work, &kept, &leaders)?;
    work.push(Push::changed("work_report", id, version + 1));
    get(work, id)
}

fn tell(work: &mut Work, kept: &Kept, leaders: &[i64]) -> Result<()> {
    let (zh, en) = title(kept);
    let text: String = kept.done.chars().take(100).collect();
    let detail = json!({ "by": kept.author_name, "report": { "zh": zh, "en": en }, "text": text });
    for leader in leaders {
        let link = format!("/work-reports?tab=team&id={}", kept.id);
        let mut notice = Notice::new(*leader, NoticeKind::WorkReportSubmitted, detail.clone(), link);
        notice.about = ("work_report", kept.id);
        notice.dedupe_key = Some(format!("work report {} to {leader}", kept.id));
        notifications::send(work, &notice)?;
    }
    Ok(())
}

/// A draft of the caller's own.
fn take(work: &mut Work, id: i64, version: i64) -> Result<Kept> {
    let kept = store::find(work, id)?.ok_or(Error::NotFound)?;
    if kept.author_id != work.actor.user_id {
        return Err(Error::Forbidden);
    }
    if kept.version != version {
        return Err(Error::Changed(serde_json::to_value(get(work, id)?)?));
    }
    if kept.state == ReportState::Submitted {
        return Err(Error::Refused(Refusal::WorkReportSubmitted));
    }
    Ok(kept)
}
