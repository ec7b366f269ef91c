//! Plans at their hours and tasks on their days, person by person (日程管理).

mod api;
mod feed;
mod free;
mod ical;
mod model;
mod store;

pub use api::routes;
pub use model::{Calendar, Entry, EntryKind};

use crate::error::{Error, Result};
use crate::identity;
use crate::platform::types::{Day, Instant};
use crate::platform::work::Work;
use model::{MOST, PlanSlot, TaskDay};

/// The calendars of people between two days, both included; only what the reader may see, of people within his reach (I10, I11).
pub fn of_people(work: &mut Work, people: &[i64], from: Day, to: Day) -> Result<Calendar> {
    if !store::may_look_at(work, people)? {
        return Err(Error::NotFound);
    }
    let (start, end) = (Instant::start_of(from, work.zone()), Instant::end_of(to, work.zone()));
    let today = work.today();
    let plans = store::plans(work, people, start, end)?;
    let tasks = store::tasks(work, people, from, to)?;
    let mut named = identity::names_of(work, people)?;
    named.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    let mut entries: Vec<Entry> = tasks.into_iter().map(|task| task.entry(today)).collect();
    let zone = work.zone();
    entries.extend(plans.into_iter().map(|plan| {
        let date = plan.starts_at.day_in(zone);
        plan.entry(date)
    }));
    entries.sort_by_key(|entry| (entry.date, entry.starts_at.map_or(0, Instant::ms), entry.id));
    let is_capped = entries.len() > MOST;
    entries.truncate(MOST);
    mark_overlaps(&mut entries);
    Ok(Calendar { people: named, entries, is_capped })
}

/// Marks open plans that share time with another one of the same person.
fn mark_overlaps(entries: &mut [Entry]) {
    let mut open: Vec<(i64, i64, i64, usize)> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.status == "planned")
        .filter_map(|(index, entry)| Some((entry.owner_id, entry.starts_at?.ms(), entry.ends_at?.ms(), index)))
        .collect();
    open.sort_unstable();
    let mut longest: Option<(i64, i64, usize)> = None;
    for (owner, starts, ends, index) in open {
        let before = longest.filter(|(of, until, _)| *of == owner && *until > starts);
        entries[index].overlaps = Some(before.is_some());
        if let Some((_, _, other)) = before {
            entries[other].overlaps = Some(true);
        }
        longest = match before {
            Some(other) if other.1 >= ends => Some(other),
            _ => Some((owner, ends, index)),
        };
    }
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
            overlaps: None,
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
            overlaps: None,
            follow_up_id: None,
            owner_id: self.owner_id,
            version: self.version,
        }
    }
}
