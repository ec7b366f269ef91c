//! Figures and the lists behind them. A figure is asked for with the very parameters of its list, read by that list's own filter:
//! what is counted and what a reader finds behind the number cannot differ (I29).

use std::collections::{BTreeMap, BTreeSet};

use super::ask::{Ask, Pairs};
use super::model::{By, Cell};
use crate::customers::{self, list::team_of};
use crate::error::Result;
use crate::follow_ups;
use crate::opportunities;
use crate::platform::http::query;
use crate::platform::page::List;
use crate::platform::types::Money;
use crate::platform::work::Work;
use crate::settings;

/// What is counted, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Opportunities, of their owner now.
    Opportunities,
    /// Won opportunities, of their owner at closing (I21).
    Won,
    /// Customers, of their owner now.
    Customers,
    /// Records, of who wrote them.
    FollowUps,
    /// Customers somebody was in contact with, for whoever that was.
    Contacted,
}

/// One number to be found, for all and for each slice.
#[derive(Debug, Clone)]
pub struct Figure {
    pub of: Of,
    /// What its list is asked for, besides the reader's own filters.
    pub pairs: Pairs,
    /// What is summed, in SQL over the list's row; null for nothing.
    pub sum: String,
    /// Whether the sum is an amount that the reader sees.
    pub shows_sum: bool,
}

impl Figure {
    /// A number of records.
    pub fn count(of: Of, pairs: Pairs) -> Figure {
        Figure { of, pairs, sum: "null".into(), shows_sum: false }
    }

    /// A number of records and the sum of an amount of theirs.
    pub fn sum(of: Of, pairs: Pairs, amount: &str) -> Figure {
        Figure { of, pairs, sum: amount.into(), shows_sum: true }
    }

    /// A number of records and the sum of a measure that is only used to reckon with.
    pub fn measure(of: Of, pairs: Pairs, measure: &str) -> Figure {
        Figure { of, pairs, sum: measure.into(), shows_sum: false }
    }
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub count: i64,
    pub sum: i64,
    shows_sum: bool,
    drill: String,
}

impl Found {
    /// No record, with the list in which there would be one.
    pub fn none(ask: &Ask, figure: &Figure) -> Found {
        Found { shows_sum: figure.shows_sum, drill: address(figure.of, &pairs_of(ask, figure)), ..Found::default() }
    }

    /// Nothing won by somebody who has a target.
    pub fn nothing(ask: &Ask, by: By, id: i64) -> Found {
        let pairs = vec![("won_from", ask.from.to_string()), ("won_to", ask.to.to_string())];
        let figure = Figure::sum(Of::Won, pairs, "o.won_amount");
        let drill = address(Of::Won, &narrowed(&pairs_of(ask, &figure), name_of(Of::Won, by), id));
        Found { shows_sum: true, drill, ..Found::default() }
    }

    /// What slices that share no record hold together, with the list of all of them.
    pub fn together<'a>(ask: &Ask, figure: &Figure, by: By, ids: &[i64], parts: impl Iterator<Item = &'a Found>) -> Found {
        let name = name_of(figure.of, by);
        let rest = pairs_of(ask, figure).into_iter().filter(|(other, _)| *other != name);
        let pairs: Pairs = rest.chain(ids.iter().map(|id| (name, id.to_string()))).collect();
        let none = Found { shows_sum: figure.shows_sum, drill: address(figure.of, &pairs), ..Found::default() };
        parts.fold(none, |all, part| Found { count: all.count + part.count, sum: all.sum + part.sum, ..all })
    }

    /// No record of one slice, with the list in which there would be one.
    pub fn none_of(ask: &Ask, figure: &Figure, slice: i64) -> Found {
        let pairs = pairs_of(ask, figure);
        let pairs = ask.by.map_or_else(|| pairs.clone(), |by| narrowed(&pairs, name_of(figure.of, by), slice));
        Found { shows_sum: figure.shows_sum, drill: address(figure.of, &pairs), ..Found::default() }
    }

    /// As the reader sees it.
    pub fn cell(&self) -> Cell {
        let sum = self.shows_sum.then(|| Money::from_fen(self.sum));
        Cell { count: Some(self.count), sum, drill: Some(self.drill.clone()), ..Cell::default() }
    }
}

/// Figures for all, and for each slice by its id; 0 for those without one.
pub struct Table {
    pub total: Vec<Found>,
    pub rows: BTreeMap<i64, Vec<Found>>,
}

fn name_of(of: Of, by: By) -> &'static str {
    match (of, by) {
        (Of::Won, By::Owner) => "won_by",
        (Of::Won, By::Team) => "won_team_id",
        (Of::FollowUps, By::Owner) => "author_id",
        (Of::FollowUps, By::Team) => "author_team_id",
        (Of::Contacted, By::Owner) => "contacted_by",
        (Of::Contacted, By::Team) => "contacted_by_team",
        (_, By::Owner) => "owner_id",
        (_, By::Team) => "team_id",
        (_, By::Source) => "primary_source",
        (_, other) => other.word(),
    }
}

/// The slice of a row as SQL; none when a row may belong to several.
fn slice_of(of: Of, by: By) -> Option<String> {
    let of_customer = |column: &str| match of {
        Of::Opportunities | Of::Won => format!("(select gc.{column} from customers gc where gc.id = o.customer_id)"),
        Of::Customers | Of::Contacted => format!("c.{column}"),
        Of::FollowUps => format!("(select gc.{column} from customers gc where gc.id = f.customer_id)"),
    };
    Some(match (of, by) {
        (_, By::Tag | By::LostReason | By::LostStage) | (Of::Contacted, By::Owner | By::Team) => return None,
        (Of::Won, By::Owner) => "o.won_by".into(),
        (Of::Won, By::Team) => "o.won_team_id".into(),
        (Of::Opportunities, By::Owner) => "o.owner_id".into(),
        (Of::Opportunities, By::Team) => "o.team_id".into(),
        (Of::Customers, By::Owner) => "c.owner_id".into(),
        (Of::Customers, By::Team) => "c.team_id".into(),
        (Of::FollowUps, By::Owner) => "f.author_id".into(),
        (Of::FollowUps, By::Team) => team_of("f.author_id"),
        (_, By::Region) => of_customer("region_id"),
        (_, By::Industry) => of_customer("industry_id"),
        (_, By::Source) => of_customer("primary_source_id"),
    })
}

fn pairs_of(ask: &Ask, figure: &Figure) -> Pairs {
    let mut all = figure.pairs.clone();
    all.extend(ask.teams.iter().map(|id| (name_of(figure.of, By::Team), id.to_string())));
    all.extend(ask.owners.iter().map(|id| (name_of(figure.of, By::Owner), id.to_string())));
    all.extend(ask.customer.iter().cloned());
    all
}

/// The parameters of the list of one slice: those of all, narrowed to it.
fn narrowed(pairs: &Pairs, name: &'static str, id: i64) -> Pairs {
    let mut all: Pairs = pairs.iter().filter(|(other, _)| *other != name).cloned().collect();
    all.push((name, id.to_string()));
    all
}

fn text_of(pairs: &Pairs) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// A value as it stands in an address: reasons are words of people.
fn encoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn address(of: Of, pairs: &Pairs) -> String {
    let list = match of {
        Of::Opportunities | Of::Won => "opportunities",
        Of::Customers | Of::Contacted => "customers",
        Of::FollowUps => "follow-ups",
    };
    format!("/{list}?{}", text_of(pairs))
}

/// The list of these parameters, as its own address would give it.
pub fn list(work: &mut Work, of: Of, pairs: &Pairs) -> Result<List> {
    let text = text_of(pairs);
    match of {
        Of::Opportunities | Of::Won => query::<opportunities::OpportunityFilter>(&text)?.list(work),
        Of::Customers | Of::Contacted => query::<customers::CustomerFilter>(&text)?.list(work),
        Of::FollowUps => follow_ups::records::list(work, query::<follow_ups::FollowUpFilter>(&text)?),
    }
}

/// The list of a figure with the reader's filters.
pub fn list_for(work: &mut Work, ask: &Ask, figure: &Figure) -> Result<(List, Pairs)> {
    let pairs = pairs_of(ask, figure);
    Ok((list(work, figure.of, &pairs)?, pairs))
}

/// The address of a list narrowed further.
pub fn drill(of: Of, pairs: &Pairs, more: &[(&'static str, String)]) -> String {
    let all: Pairs = pairs.iter().chain(more).cloned().collect();
    address(of, &all)
}

fn figures_of(figure: &Figure) -> String {
    format!("count(*), cast(sum({}) as bigint)", if figure.sum == "null" { "0" } else { &figure.sum })
}

fn whole(work: &mut Work, figure: &Figure, pairs: &Pairs) -> Result<Found> {
    let list = list(work, figure.of, pairs)?;
    let (count, sum): (i64, Option<i64>) = list.aggregate(work, &figures_of(figure))?;
    Ok(Found { count, sum: sum.unwrap_or(0), shows_sum: figure.shows_sum, drill: address(figure.of, pairs) })
}

/// A figure for each value of `key`, an expression over its rows; `more` says what narrows its list to that value.
pub fn by_text(work: &mut Work, ask: &Ask, figure: &Figure, key: &str, more: impl Fn(&str) -> Pairs) -> Result<Vec<(String, Found)>> {
    let pairs = pairs_of(ask, figure);
    let rows: Vec<(String, i64, Option<i64>)> = list(work, figure.of, &pairs)?.grouped(work, key, &figures_of(figure))?;
    let found = rows.into_iter().map(|(key, count, sum)| {
        let narrower = more(&key);
        let rest = pairs.iter().filter(|(name, _)| !narrower.iter().any(|(other, _)| other == name)).cloned();
        let drill = address(figure.of, &rest.chain(narrower.iter().cloned()).collect());
        (key, Found { count, sum: sum.unwrap_or(0), shows_sum: figure.shows_sum, drill })
    });
    Ok(found.collect())
}

/// Finds every figure for all and for each slice. Slices a record may belong to several of are asked for one by one.
pub fn tabulate(work: &mut Work, ask: &Ask, by: Option<By>, figures: &[Figure]) -> Result<Table> {
    let mut total = Vec::new();
    let mut found: BTreeMap<(i64, usize), Found> = BTreeMap::new();
    let mut slices: BTreeSet<i64> = BTreeSet::new();
    let mut singly = Vec::new();
    for (place, figure) in figures.iter().enumerate() {
        let pairs = pairs_of(ask, figure);
        total.push(whole(work, figure, &pairs)?);
        let Some(by) = by else { continue };
        let Some(slice) = slice_of(figure.of, by) else {
            singly.push(place);
            continue;
        };
        let rows: Vec<(Option<i64>, i64, Option<i64>)> = list(work, figure.of, &pairs)?.grouped(work, &slice, &figures_of(figure))?;
        for (id, count, sum) in rows {
            let id = id.unwrap_or(0);
            slices.insert(id);
            let drill = address(figure.of, &narrowed(&pairs, name_of(figure.of, by), id));
            found.insert((id, place), Found { count, sum: sum.unwrap_or(0), shows_sum: figure.shows_sum, drill });
        }
    }
    if by == Some(By::Tag) {
        let asked: Vec<i64> = ask.customer.iter().filter(|(name, _)| *name == "tag").filter_map(|(_, id)| id.parse().ok()).collect();
        slices.extend(settings::tags(work, None)?.into_iter().map(|tag| tag.id).filter(|id| asked.is_empty() || asked.contains(id)));
    }
    let Some(by) = by else { return Ok(Table { total, rows: BTreeMap::new() }) };
    let mut rows: BTreeMap<i64, Vec<Found>> = BTreeMap::new();
    for id in slices {
        let mut cells = Vec::new();
        for (place, figure) in figures.iter().enumerate() {
            let pairs = narrowed(&pairs_of(ask, figure), name_of(figure.of, by), id);
            cells.push(match found.remove(&(id, place)) {
                Some(found) => found,
                None if singly.contains(&place) => whole(work, figure, &pairs)?,
                None => Found { shows_sum: figure.shows_sum, drill: address(figure.of, &pairs), ..Found::default() },
            });
        }
        rows.insert(id, cells);
    }
    if by == By::Tag {
        rows.retain(|_, cells| cells.iter().any(|cell| cell.count > 0));
    }
    Ok(Table { total, rows })
}
