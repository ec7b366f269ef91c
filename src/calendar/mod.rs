//! Plans at their hours and tasks on their days, person by person (日程管理).

mod api;
mod model;
mod store;

pub use api::routes;
pub use model::{Calendar, Entry, EntryKind};

use crate::error::{Error, Result};
use crate::platform::types::{Day, Instant};
use crate::platform::work::Work;
use model::{MOST, PlanSlot, TaskDay};

/// The calendar of a person between two days, both included; only what the reader may see, of people within his reach (I10, I11).
pub fn of_person(work: &mut Work, person: i64, from: Day, to: Day) -> Result<Calendar> {
    if !store::may_look_at(work, person)? {
        return Err(Error::NotFound);
    }
    let (start, end) = (Instant::start_of(from, work.zone()), Instant::end_of(to, work.zone()));
    let today = work.today();
    let plans = store::plans(work, person, start, end)?;
    let tasks = store::tasks(work, person, from, to)?;
    let mut entries: Vec<Entry> = tasks.into_iter().map(|task| task.entry(today)).collect();
    let zone = work.zone();
    entries.extend(plans.into_iter().map(|plan| {
        let date = plan.starts_at.day_in(zone);
        plan.entry(date)
    }));
    entries.sort_by_key(|entry| (entry.date, entry.starts_at.map_or(0, Instant::ms), entry.id));
    let is_capped = entries.len() > MOST;
    entries.truncate(MOST);
    Ok(Calendar { entries, is_capped })
}

impl PlanSlot {
    fn entry(self, date: Day) -> Entry {
        Entry {
            kind: EntryKind::Plan,
            id: self.id,
            title: self.title,
            starts_at: Some(self.starts_at),
            ends_at: Some(self.ends_at),
            date,
            status: self.status,
            method: Some(self.method),
            customer_name: Some(self.customer_name),
            opportunity_name: self.opportunity_name,
            overdue: None,
            follow_up_id: self.follow_up_id,
            owner_id: self.owner_id,
            version: self.version,
        }
    }
}

impl TaskDay {
    fn entry(self, today: Day) -> Entry {
        Entry {
            kind: EntryKind::Task,
            id: self.id,
            title: self.title,
            starts_at: None,
            ends_at: None,
            date: self.date,
            status: self.status,
            method: Some(self.kind),
            customer_name: self.customer_name,
            opportunity_name: self.opportunity_name,
            overdue: Some(self.is_open && self.date < today),
            follow_up_id: None,
            owner_id: self.owner_id,
            version: self.version,
        }
    }
}
