//! 报表订阅: a report or a board, sent to whoever wants it every week or month, with what he or she may see at that moment (I31).
//!
//! The hour is a job; what falls due becomes one row for the period, and whoever claims that row puts the figures together beside the
//! writers and posts them with its end in one transaction: one letter for each period, whatever happens in between.

mod api;
mod content;
pub mod model;
pub mod rhythm;
mod send;
mod store;
mod text;

pub use api::routes;
pub use send::{run, send_waiting};

use serde::{Deserialize, Serialize};

use crate::channels::model::ChannelKind;
use crate::channels::{self, chosen, ledger};
use crate::dashboards;
use crate::error::{Error, Fields, Result};
use crate::history::{self, Event, model::EventKind};
use crate::platform::jobs::{self, Job};
use crate::platform::page::{Page, Turn};
use crate::platform::types::{FieldCode, Instant, name};
use crate::platform::work::Work;
use crate::reports;
use model::{KeptSubscription, SendState, Subscription, SubscriptionDraft, SubscriptionOverview};
use rhythm::Rhythm;

/// Subscriptions one person may keep.
const MOST: i64 = 20;
/// What became of periods is kept for so long, ms.
const KEPT_MS: i64 = 400 * 86_400_000;

const TOO_MANY: FieldCode = FieldCode::Rule {
    code: "TOO_MANY_SUBSCRIPTIONS",
    zh: "最多保存 20 个订阅，请先删除不用的",
    en: "At most 20 subscriptions can be kept; remove some first",
};
/// Trying it rests for so long, ms.
const TEST_PAUSE_MS: i64 = 60_000;
const TESTED_JUST_NOW: FieldCode = FieldCode::Rule {
    code: "TESTED_JUST_NOW",
    zh: "刚刚已发送过，请一分钟后再试",
    en: "It was sent just now; please try again in a minute",
};
const NO_MAIL: FieldCode = FieldCode::Rule { code: "NO_MAIL", zh: "公司尚未设置邮件", en: "The company sends no e-mail yet" };
const NO_ADDRESS: FieldCode =
    FieldCode::Rule {
        code: "NO_ADDRESS", zh: "您还没有邮箱地址，请联系管理员", en: "You have no e-mail address; ask the administrator"
    };

/// One's own subscriptions.
pub fn own(work: &mut Work) -> Result<Vec<Subscription>> {
    let kept = store::own(work)?;
    shown(work, kept)
}

/// One of one's own.
pub fn get(work: &mut Work, id: i64) -> Result<Subscription> {
    let kept = store::find_own(work, id)?.ok_or(Error::NotFound)?;
    shown(work, vec![kept])?.pop().ok_or(Error::NotFound)
}

fn shown(work: &mut Work, all: Vec<KeptSubscription>) -> Result<Vec<Subscription>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let ways = chosen::ways(work)?;
    let latest = store::latest(work, &all.iter().map(|kept| kept.id).collect::<Vec<_>>())?;
    let show = |kept: KeptSubscription| Subscription {
        id: kept.id,
        dashboard_id: (kept.dashboard_id > 0).then_some(kept.dashboard_id),
        question: kept.question(),
        channel_id: kept.channel_id,
        channel: ways.iter().find(|way| way.id == kept.channel_id).cloned(),
        rhythm: kept.rhythm,
        on_day: kept.on_day,
        at: kept.hour().clock(),
        paused: kept.paused,
        next_at: (!kept.paused).then_some(kept.next_at),
        last: latest.iter().find(|send| send.subscription_id == kept.id).map(model::KeptSend::shown),
        version: kept.version,
        name: kept.name,
    };
    Ok(all.into_iter().map(show).collect())
}

/// Everybody's, without what they say: for whoever runs the product.
pub fn overview(work: &mut Work, turn: &Turn) -> Result<Page<SubscriptionOverview>> {
    let page = store::page(work, turn)?;
    let ids: Vec<i64> = page.items.iter().map(|line| line.id).collect();
    let latest = if ids.is_empty() { Vec::new() } else { store::latest(work, &ids)? };
    Ok(page.map(|line| {
        let last = latest.iter().find(|send| send.subscription_id == line.id).map(model::KeptSend::shown);
        SubscriptionOverview { line, last }
    }))
}

/// Subscribes to a report or a board.
pub fn create(work: &mut Work, draft: &SubscriptionDraft) -> Result<Subscription> {
    let draft = draft.clone();
    let mut fields = Fields::default();
    let name = draft.name.and_then(|text| name::text(&text, 60)).optional("name", &mut fields);
    let dashboard_id = draft.dashboard_id.optional("dashboard_id", &mut fields);
    let question = match draft.question {
        Some(question) => {
            let mut found = Fields::default();
            let question = question.check(work, &[], &mut found)?;
            fields = fields.and(found.under("question"));
            question
        }
        None => None,
    };
    let title = match (dashboard_id, &question) {
        (Some(_), Some(_)) => {
            fields.add("question", FieldCode::NotAllowed);
            None
        }
        (Some(id), None) => match dashboards::get(work, id) {
            Ok(board) => Some(board.name),
            Err(Error::NotFound) => {
                fields.add("dashboard_id", FieldCode::Unknown);
                None
            }
            Err(other) => return Err(other),
        },
        (None, Some(question)) => reports::title_of(&question.report).map(|title| work.said(title)),
        (None, None) => {
            if fields.is_empty() {
                fields.add("dashboard_id", FieldCode::Required);
            }
            None
        }
    };
    let rhythm = draft.rhythm.required("rhythm", &mut fields);
    let on_day = draft.on_day.and_then(|day| on_day(rhythm, day)).required("on_day", &mut fields);
    let at_minute = draft.at.and_then(|text| rhythm::minute(&text)).required("at", &mut fields);
    let paused = draft.paused.optional("paused", &mut fields).unwrap_or(false);
    let channel_id = draft.channel_id.optional("channel_id", &mut fields).unwrap_or(chosen::OWN_MAIL);
    check_way(work, channel_id, &mut fields)?;
    if store::count_own(work)? >= MOST {
        fields.add("name", TOO_MANY);
    }
    let (Some(rhythm), Some(on_day), Some(at_minute), Some(title)) = (rhythm, on_day, at_minute, title) else {
        return Err(Error::Invalid(fields));
    };
    fields.into_result()?;
    let mut new = KeptSubscription {
        id: 0,
        user_id: work.actor.user_id,
        name: name.unwrap_or(title),
        dashboard_id: dashboard_id.unwrap_or(0),
        question: question.map_or(Ok(String::new()), |question| serde_json::to_string(&question))?,
        channel_id,
        rhythm,
        on_day,
        at_minute,
        language: work.actor.lang.tag().to_owned(),
        paused,
        next_at: work.now(),
        version: 1,
    };
    new.next_at = new.hour().after(work.now(), work.zone());
    new.id = store::insert(work, &new)?;
    wait_for(work, &new)?;
    // What it says stays with its subscriber; that figures leave the house is for the log.
    let kind = chosen::find(work, channel_id)?.map_or(ChannelKind::Email, |channel| channel.kind);
    history::record(work, &Event::new(EventKind::SubscriptionMade, "subscription", new.id).with("channel", kind.word()))?;
    get(work, new.id)
}

/// Changes one of one's own: its name, its way, its hour, whether it pauses.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &SubscriptionDraft) -> Result<Subscription> {
    let before = of_version(work, id, version)?;
    let mut after = before.clone();
    let draft = draft.clone();
    let mut fields = Fields::default();
    if draft.dashboard_id.is_given() {
        fields.add("dashboard_id", FieldCode::NotAllowed);
    }
    if draft.question.is_some() {
        fields.add("question", FieldCode::NotAllowed);
    }
    if let Some(name) = draft.name.and_then(|text| name::text(&text, 60)).change_required("name", &mut fields) {
        after.name = name;
    }
    if let Some(rhythm) = draft.rhythm.change_required("rhythm", &mut fields) {
        after.rhythm = rhythm;
    }
    let rhythm = Some(after.rhythm);
    if let Some(day) = draft.on_day.and_then(|day| on_day(rhythm, day)).change_required("on_day", &mut fields) {
        after.on_day = day;
    } else if on_day(rhythm, after.on_day).is_err() {
        fields.add("on_day", FieldCode::Required);
    }
    if let Some(minute) = draft.at.and_then(|text| rhythm::minute(&text)).change_required("at", &mut fields) {
        after.at_minute = minute;
    }
    if let Some(paused) = draft.paused.change_required("paused", &mut fields) {
        after.paused = paused;
    }
    if let Some(channel) = draft.channel_id.change("channel_id", &mut fields) {
        after.channel_id = channel.unwrap_or(chosen::OWN_MAIL);
        check_way(work, after.channel_id, &mut fields)?;
    }
    fields.into_result()?;
    after.language = work.actor.lang.tag().to_owned();
    if (after.hour(), after.paused) != (before.hour(), before.paused) {
        if !before.paused && before.next_at <= work.now() {
            begin(work, &before)?;
        }
        after.next_at = after.hour().after(work.now(), work.zone());
        // What was sent once for a week or month is not promised for it again.
        if store::has_period(work, id, &after.hour().period(after.next_at, work.zone()))? {
            after.next_at = after.hour().after(after.next_at, work.zone());
        }
    }
    store::update(work, &after, before.next_at)?;
    wait_for(work, &after)?;
    get(work, id)
}

/// Ends one of one's own, with what is on its way.
pub fn delete(work: &mut Work, id: i64, version: i64) -> Result<()> {
    of_version(work, id, version)?;
    ledger::cancel(work, ("subscription", id), "subscription_ended")?;
    history::record(work, &Event::new(EventKind::SubscriptionEnded, "subscription", id))?;
    store::delete(work, id)
}

/// Sends it now, besides its hour: to see what it looks like.
pub fn test(work: &mut Work, id: i64) -> Result<Subscription> {
    let kept = store::find_own(work, id)?.ok_or(Error::NotFound)?;
    let mut fields = Fields::default();
    check_way(work, kept.channel_id, &mut fields)?;
    if !fields.is_empty() {
        return Err(Error::Invalid(fields));
    }
    let now = work.now();
    match store::last_test(work, id)? {
        Some((_, SendState::Waiting)) => return get(work, id),
        Some((at, _)) if (0..TEST_PAUSE_MS).contains(&now.ms_since(at)) => {
            fields.add("channel_id", TESTED_JUST_NOW);
            return Err(Error::Invalid(fields));
        }
        _ => {}
    }
    store::begin_period(work, id, &format!("test {}", now.ms()), now)?;
    get(work, id)
}

fn of_version(work: &mut Work, id: i64, version: i64) -> Result<KeptSubscription> {
    let kept = store::find_own(work, id)?.ok_or(Error::NotFound)?;
    if kept.version != version {
        let current = get(work, id)?;
        return Err(Error::Changed(serde_json::to_value(current)?));
    }
    Ok(kept)
}

fn on_day(rhythm: Option<Rhythm>, day: i64) -> Result<i64, FieldCode> {
    let last = if rhythm == Some(Rhythm::Weekly) { 7 } else { 31 };
    if (1..=last).contains(&day) { Ok(day) } else { Err(FieldCode::OutOfRange { min: "1".into(), max: last.to_string() }) }
}

fn check_way(work: &mut Work, channel_id: i64, fields: &mut Fields) -> Result<()> {
    match chosen::find(work, channel_id)? {
        Ok(_) => {}
        Err(chosen::NoWay::NoMail) => fields.add("channel_id", NO_MAIL),
        Err(chosen::NoWay::NoAddress) => fields.add("channel_id", NO_ADDRESS),
        Err(chosen::NoWay::NoChannel) => fields.add("channel_id", FieldCode::Unknown),
    }
    Ok(())
}

/// Puts its next hour into the queue. A moved or paused one needs no hunt for the old job, which finds another hour and ends.
fn wait_for(work: &mut Work, kept: &KeptSubscription) -> Result<()> {
    if kept.paused {
        return Ok(());
    }
    let due = FallDue { id: kept.id, due_ms: kept.next_at.ms() };
    jobs::enqueue_once(work, &format!("{} {} {}", FallDue::KIND, kept.id, due.due_ms), kept.next_at, &due)
}

/// Begins the period that is due.
fn begin(work: &mut Work, kept: &KeptSubscription) -> Result<()> {
    let period = kept.hour().period(kept.next_at, work.zone());
    store::overtake(work, kept.id, kept.next_at)?;
    store::begin_period(work, kept.id, &period, kept.next_at)
}

/// The hour of a subscription.
#[derive(Debug, Serialize, Deserialize)]
pub struct FallDue {
    id: i64,
    due_ms: i64,
}

impl Job for FallDue {
    const KIND: &'static str = "subscription_due";

    /// A server that was down at the hour does it once when it is back, however many periods have passed.
    fn run(self, work: &mut Work) -> Result<()> {
        let Some(mut kept) = store::find(work, self.id)? else { return Ok(()) };
        let due = Instant::from_ms(self.due_ms);
        if kept.paused || kept.next_at != due {
            return Ok(());
        }
        begin(work, &kept)?;
        kept.next_at = kept.hour().after(work.now(), work.zone());
        store::set_next(work, kept.id, due, kept.next_at)?;
        wait_for(work, &kept)
    }
}

/// Forgets what became of periods long past.
pub fn forget_old(work: &mut Work) -> Result<()> {
    let before = work.now().plus_ms(-KEPT_MS);
    store::forget(work, before)
}

/// The ways the caller may choose.
pub fn ways(work: &mut Work) -> Result<Vec<channels::chosen::ChosenWay>> {
    chosen::ways(work)
}
