//! Reminders of overdue tasks (I4): the assignee on the morning after the due date, the manager some days after that, each once.

use serde_json::json;

use super::messages;
use super::model::TaskRow;
use super::store;
use crate::error::Result;
use crate::identity;
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::types::{Day, Instant};
use crate::platform::work::Work;
use crate::settings;

/// The hour of reminders.
pub const HOUR: i8 = 9;
/// What a stopped server missed is made up for so many days; what is older nobody needs to be told any more.
const MADE_UP_DAYS: i64 = 14;
/// A message later than this was missed and is marked 补发, ms.
const ON_TIME_MS: i64 = 10 * 60_000;

/// Tells whoever has not been told yet. Whether a task is overdue is never stored, so a missed run leaves nothing wrong.
pub fn remind(work: &mut Work) -> Result<()> {
    let (today, mut after) = (work.today(), 0);
    let manager_after = settings::company(work)?.tell_manager_after_days;
    loop {
        let tasks = store::overdue_between(work, today.add_days(-manager_after - MADE_UP_DAYS), today, after)?;
        let Some(last) = tasks.last() else { return Ok(()) };
        after = last.id;
        for task in &tasks {
            remind_of(work, task, today, manager_after)?;
        }
    }
}

fn remind_of(work: &mut Work, task: &TaskRow, today: Day, manager_after: i64) -> Result<()> {
    let first = task.due_on.add_days(1);
    send(work, task, NoticeKind::TaskOverdue, task.assignee_id, first, today)?;
    let second = first.add_days(manager_after);
    if today >= second
        && let Some(team_id) = task.team_id
    {
        for leader in identity::leaders_of(work, team_id, task.assignee_id)? {
            send(work, task, NoticeKind::TeamTaskOverdue, leader, second, today)?;
        }
    }
    Ok(())
}

fn send(work: &mut Work, task: &TaskRow, kind: NoticeKind, user_id: i64, on: Day, today: Day) -> Result<()> {
    let planned = Instant::at(on, HOUR, 0, work.zone());
    let missed = work.now().ms_since(planned) > ON_TIME_MS && task.assigned_at < planned;
    let mut detail = messages::words(work, task)?;
    detail["days"] = json!(task.due_on.days_until(today));
    detail["name"] = json!(task.assignee_name);
    let mut notice = Notice::new(user_id, kind, detail, messages::link(task));
    notice.late = missed;
    notice.about = ("task", task.id);
    notice.due_at = Some(planned.max(task.assigned_at));
    notice.dedupe_key = Some(format!("{} {} {} {user_id}", kind.word(), task.id, task.due_on));
    notifications::send(work, &notice)?;
    Ok(())
}
