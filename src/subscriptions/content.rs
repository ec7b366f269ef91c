//! What is sent: the figures of a report, or of every tile of a board, as the subscriber may see them now.

use super::model::{KeptSubscription, Skip};
use super::text;
use crate::channels::chosen::{self, NoWay};
use crate::channels::model::ChannelKind;
use crate::dashboards::model::TileShape;
use crate::dashboards::{self, Question};
use crate::error::{Error, Result};
use crate::platform::types::Lang;
use crate::platform::work::Work;
use crate::reports::{self, ReportBook};

/// What is to be told, before anything is asked.
#[derive(Clone)]
pub struct Outline {
    /// What is asked, by name.
    pub tiles: Vec<(String, Question, TileShape)>,
    /// Where they stand on the page.
    pub link: String,
    /// Whether it goes by e-mail; else to a bot.
    pub is_mail: bool,
    /// The reader's language.
    lang: Lang,
}

/// Looks with the subscriber's eyes; says why not when it cannot be sent any more.
pub fn outline(work: &mut Work, kept: &KeptSubscription) -> Result<Result<Outline, Skip>> {
    if !work.actor.may("view_reports") {
        return Ok(Err(Skip::NoRight));
    }
    work.actor.lang = chosen::language(work)?.unwrap_or(kept.lang());
    let channel = match chosen::find(work, kept.channel_id)? {
        Ok(channel) => channel,
        Err(reason) => return Ok(Err(skip_of(reason))),
    };
    let (tiles, link) = match kept.question() {
        Some(question) => {
            let link = link_to(work, &question);
            (vec![(kept.name.clone(), question, TileShape::Table)], link)
        }
        None => match dashboards::get(work, kept.dashboard_id) {
            Ok(board) => {
                let tiles = board.tiles.into_iter().map(|tile| (tile.name, tile.question, tile.shape));
                (tiles.collect(), format!("/dashboards/{}", kept.dashboard_id))
            }
            Err(Error::NotFound) => return Ok(Err(Skip::NoBoard)),
            Err(other) => return Err(other),
        },
    };
    Ok(Ok(Outline { tiles, link, is_mail: channel.kind == ChannelKind::Email, lang: work.actor.lang }))
}

/// Asks one of its questions, with the subscriber's eyes: the figures in words, and for e-mail as a workbook.
pub fn tile(work: &mut Work, outline: &Outline, at: usize) -> Result<Result<(String, Option<ReportBook>), Skip>> {
    if !work.actor.may("view_reports") {
        return Ok(Err(Skip::NoRight));
    }
    let (name, question, shape) = outline.tiles.get(at).ok_or(Error::NotFound)?;
    work.actor.lang = outline.lang;
    let style = if outline.is_mail { text::Style::Columns } else { text::Style::Lines };
    let asked = question.asked(work.today());
    match reports::named(work, &question.report, &asked) {
        Ok(Some(report)) => {
            let part = text::part(name, &report, *shape == TileShape::Number, style, outline.lang);
            let book = outline.is_mail.then(|| ReportBook::new(work, (name, name), report));
            Ok(Ok((part, book)))
        }
        // What it asks is gone, a region for instance: the others are still told.
        Ok(None) | Err(Error::Invalid(_) | Error::UnknownField(_) | Error::Malformed(_)) => {
            let gone = work.said(("所问的条件已失效，请修改", "What this asks for is gone; please change it"));
            Ok(Ok((format!("【{name}】\n{gone}"), None)))
        }
        Err(other) => Err(other),
    }
}

impl Outline {
    /// All of it as one text.
    pub fn body(&self, parts: &[String]) -> String {
        if self.is_mail { parts.join("\n\n") } else { text::within_a_bot(parts) }
    }
}

/// Why there is no way.
pub fn skip_of(reason: NoWay) -> Skip {
    match reason {
        NoWay::NoMail => Skip::NoMail,
        NoWay::NoAddress => Skip::NoAddress,
        NoWay::NoChannel => Skip::NoChannel,
    }
}

/// The page of a report with the same question; what stands beside another report is found there.
fn link_to(work: &Work, question: &Question) -> String {
    let page = match question.report.as_str() {
        "forecast-review" => "forecast",
        "activity-trend" => "activity",
        own => own,
    };
    format!("/reports?report={page}&{}", question.asked(work.today())).trim_end_matches('&').to_owned()
}
