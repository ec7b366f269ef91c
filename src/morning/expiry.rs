//! Dates that pass: an expected closing date without a deal, a share about to end (I16). Each is told once.

use serde_json::json;

use super::{settings, store};
use crate::error::Result;
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::work::Work;

const STEP: i64 = 100;
/// What a stopped server missed is made up for so many days.
const MADE_UP_DAYS: i64 = 7;
/// A share is told of so many days before its last.
const SHARE_AHEAD: i64 = 3;

/// Where a look goes on: day and id of the row seen last.
pub(super) fn behind(after: &str) -> (&str, i64) {
    after.split_once(' ').map_or(("", 0), |(day, id)| (day, id.parse().unwrap_or(0)))
}

/// Tells of the next dates, closing dates first; answers where to go on.
pub fn remind(work: &mut Work, after: &str) -> Result<Option<String>> {
    if !settings::get(work)?.expiry {
        return Ok(None);
    }
    match after.strip_prefix("share ") {
        Some(after) => shares(work, behind(after)),
        None => closings(work, behind(after)),
    }
}

fn closings(work: &mut Work, after: (&str, i64)) -> Result<Option<String>> {
    let today = work.today();
    let found = store::close_overdue(work, today.add_days(-MADE_UP_DAYS), today, after, STEP)?;
    for opportunity in &found {
        let detail = json!({ "opportunity": opportunity.name, "customer": opportunity.customer, "due": opportunity.expected_close_on });
        let mut notice = Notice::new(opportunity.owner_id, NoticeKind::CloseOverdue, detail, format!("/opportunities/{}", opportunity.id));
        notice.about = ("opportunity", opportunity.id);
        notice.due_at = Some(work.now());
        notice.dedupe_key = Some(format!("close {} {} {}", opportunity.id, opportunity.expected_close_on, opportunity.owner_id));
        notifications::send(work, &notice)?;
    }
    match found.last().filter(|_| found.len() as i64 == STEP) {
        Some(last) => Ok(Some(format!("{} {}", last.expected_close_on, last.id))),
        None => shares(work, ("", 0)),
    }
}

fn shares(work: &mut Work, after: (&str, i64)) -> Result<Option<String>> {
    let today = work.today();
    let found = store::shares_ending(work, today, today.add_days(SHARE_AHEAD), after, STEP)?;
    for share in &found {
        let detail = json!({ "customer": share.name, "number": share.number, "due": share.ends_on });
        let mut notice = Notice::new(share.user_id, NoticeKind::ShareEnding, detail, format!("/customers/{}", share.customer_id));
        notice.about = ("customer", share.customer_id);
        notice.due_at = Some(work.now());
        notice.dedupe_key = Some(format!("share {} {} {}", share.id, share.ends_on, share.user_id));
        notifications::send(work, &notice)?;
    }
    Ok(found.last().filter(|_| found.len() as i64 == STEP).map(|last| format!("share {} {}", last.ends_on, last.id)))
}
