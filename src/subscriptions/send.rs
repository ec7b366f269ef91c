//! Puts periods together and posts them: reads on the lane of long reads with the subscriber's eyes, so that no writer waits.

use std::time::Duration;

use super::content;
use super::model::{KeptPeriod, KeptSubscription, SendState, Skip};
use super::store;
use crate::app::App;
use crate::channels::chosen::{self, Enclosed};
use crate::channels::{Message, Topic};
use crate::error::{Error, Result};
use crate::identity;
use crate::platform::db::{Lane, Tx};
use crate::platform::work::{Actor, Work};

/// The pauses after a failure, ms; what fails once more after the last one is given up.
const PAUSES_MS: [i64; 3] = [60_000, 300_000, 1_800_000];
const TRIES: i64 = PAUSES_MS.len() as i64 + 1;

/// A letter ready to be posted.
struct Parcel {
    title: String,
    body: String,
    link: String,
    files: Vec<Enclosed>,
}

/// Sends what falls due, for ever.
pub async fn run(app: App) {
    if app.db.is_embedded()
        && let Err(error) = app.system("subscription", store::release_all).await
    {
        tracing::warn!(%error, "subscriptions");
    }
    loop {
        if let Err(error) = send_waiting(&app).await {
            tracing::warn!(%error, "subscriptions");
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Puts together what waits; answers how many periods.
pub async fn send_waiting(app: &App) -> Result<u64> {
    let (now, zone) = (app.clock.now(), app.zone.clone());
    let waiting =
        app.db.read(Lane::Lists, move |tx| store::next_waiting(&mut Work::new(tx, Actor::system("subscription"), now, zone))).await?;
    if waiting.is_none() {
        return Ok(0);
    }
    let mut done = 0;
    while let Some((period, kept)) = app.system("subscription", claim).await? {
        let held = period.clone();
        let failure = if period.attempts > TRIES {
            // It has ended the server again and again.
            Some("not_made")
        } else {
            match put_together(app, &period, &kept).await {
                Ok(outcome) => match app.system("subscription", move |work| finish(work, &held, &kept, &outcome)).await {
                    Ok(()) => None,
                    Err(error) => Some(warned(&period, &error, "not_posted")),
                },
                Err(error) => Some(warned(&period, &error, "not_made")),
            }
        };
        let Some(reason) = failure else {
            done += 1;
            continue;
        };
        // Whatever hinders it may pass; the others need not wait for it.
        let gives_up = period.attempts >= TRIES;
        app.system("subscription", move |work| {
            let pause = usize::try_from(period.attempts - 1).ok().and_then(|tried| PAUSES_MS.get(tried).copied());
            match pause {
                Some(pause) => store::rest(work, &period, pause),
                None => store::settle(work, &period, SendState::Failed, reason),
            }
        })
        .await?;
        done += u64::from(gives_up);
    }
    Ok(done)
}

fn warned(period: &KeptPeriod, error: &Error, reason: &'static str) -> &'static str {
    tracing::warn!(%error, id = period.subscription_id, "a subscription");
    reason
}

fn claim(work: &mut Work) -> Result<Option<(KeptPeriod, KeptSubscription)>> {
    let Some(period) = store::next_waiting(work)? else { return Ok(None) };
    if !store::claim(work, &period)? {
        return Err(Error::LostRace);
    }
    let kept = store::find(work, period.subscription_id)?.ok_or(Error::NotFound)?;
    Ok(Some((KeptPeriod { fence: period.fence + 1, attempts: period.attempts + 1, ..period }, kept)))
}

/// Looks with the subscriber's eyes as they are at this moment, on the lane of long reads; `Skip::Disabled` when there is nobody.
async fn seen<T: Send + 'static>(
    app: &App,
    user_id: i64,
    look: impl FnOnce(&mut Work) -> Result<Result<T, Skip>> + Send + 'static,
) -> Result<Result<T, Skip>> {
    let (now, zone) = (app.clock.now(), app.zone.clone());
    let read = move |tx: &mut Tx<'_>| {
        let mut work = Work::new(tx, Actor::system("subscription"), now, zone);
        identity::as_person(&mut work, user_id, look)
    };
    Ok(app.db.read(Lane::Reports, read).await?.unwrap_or(Err(Skip::Disabled)))
}

/// With the subscriber's scope as it is at this moment: a read for each tile, and the period held on to in between.
async fn put_together(app: &App, period: &KeptPeriod, kept: &KeptSubscription) -> Result<Result<Parcel, Skip>> {
    let asked = kept.clone();
    let outline = match seen(app, kept.user_id, move |work| content::outline(work, &asked)).await? {
        Ok(outline) => outline,
        Err(reason) => return Ok(Err(reason)),
    };
    let (mut parts, mut books) = (Vec::new(), Vec::new());
    for at in 0..outline.tiles.len() {
        let of = outline.clone();
        match seen(app, kept.user_id, move |work| content::tile(work, &of, at)).await? {
            Ok((part, book)) => {
                parts.push(part);
                books.extend(book);
            }
            Err(reason) => return Ok(Err(reason)),
        }
        let held = period.clone();
        if !app.system("subscription", move |work| store::renew(work, &held)).await? {
            return Err(Error::LostRace);
        }
    }
    let body = outline.body(&parts);
    let write = move || books.iter().map(|book| Ok(Enclosed { name: book.file_name(), content: book.write()? })).collect();
    let files: Result<Vec<Enclosed>> = tokio::task::spawn_blocking(write).await.map_err(|error| Error::internal(error.to_string()))?;
    Ok(Ok(Parcel { title: kept.name.clone(), body, link: outline.link, files: files? }))
}

/// The letter and the end of its period are one transaction: neither is without the other.
fn finish(work: &mut Work, period: &KeptPeriod, kept: &KeptSubscription, outcome: &Result<Parcel, Skip>) -> Result<()> {
    let parcel = match outcome {
        Ok(parcel) => parcel,
        Err(reason) => {
            store::settle(work, period, SendState::Skipped, reason.word())?;
            return Ok(());
        }
    };
    if !store::settle(work, period, SendState::Posted, "")? {
        return Ok(());
    }
    // Between the figures and the letter somebody may have been disabled.
    let posted = identity::as_person(work, kept.user_id, |work| match chosen::find(work, kept.channel_id)? {
        Ok(channel) => chosen::send(work, &channel, &message(work, period, kept, parcel), &parcel.files).map(Ok),
        Err(reason) => Ok(Err(content::skip_of(reason))),
    })?;
    match posted.unwrap_or(Err(Skip::Disabled)) {
        Ok(reminder_id) => store::note_reminder(work, period.id, reminder_id),
        Err(reason) => store::unsettle(work, period.id, reason.word()),
    }
}

fn message(work: &Work, period: &KeptPeriod, kept: &KeptSubscription, parcel: &Parcel) -> Message {
    // One language is known: the subscriber's.
    let words = (parcel.title.clone(), parcel.body.clone());
    Message {
        user_id: kept.user_id,
        topic: Topic::Daily,
        kind: chosen::KIND,
        zh: words.clone(),
        en: words,
        link: parcel.link.clone(),
        about: ("subscription", kept.id),
        due_at: work.now(),
        latest: None,
        key: format!("subscription {} {}", kept.id, period.period),
    }
}
