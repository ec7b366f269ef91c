//! Customers nobody has spoken to for long: the owner hears of each once per silence (I15).

use serde_json::json;

use super::{settings, store};
use crate::error::Result;
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::work::Work;

const STEP: i64 = 100;
/// What a stopped server missed is made up for so many days.
const MADE_UP_DAYS: i64 = 7;

/// Tells of the next customers; answers where to go on.
pub fn remind(work: &mut Work, after: &str) -> Result<Option<String>> {
    let days = settings::get(work)?.silence_days;
    if days == 0 {
        return Ok(None);
    }
    let to = work.today().add_days(-days);
    let (day, id) = super::expiry::behind(after);
    let found = store::silent(work, to.add_days(-MADE_UP_DAYS), to, (day, id), STEP)?;
    for customer in &found {
        let detail = json!({
            "days": customer.last_contact_on.days_until(work.today()),
            "customer": customer.name, "number": customer.number, "last": customer.last_contact_on,
        });
        let mut notice = Notice::new(customer.owner_id, NoticeKind::CustomerSilent, detail, format!("/customers/{}", customer.id));
        notice.about = ("customer", customer.id);
        notice.due_at = Some(work.now());
        notice.dedupe_key = Some(format!("silent {} {} {days} {}", customer.id, customer.last_contact_on, customer.owner_id));
        notifications::send(work, &notice)?;
    }
    Ok(found.last().filter(|_| found.len() as i64 == STEP).map(|last| format!("{} {}", last.last_contact_on, last.id)))
}
