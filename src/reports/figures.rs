//! Figures and the lists behind them. A figure is asked for with the very parameters of its list, read by that list's own filter:
//! what is counted and what a reader finds behind the number cannot differ (I29).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash};
use std::rc::Rc;

use super::ask::{Ask, Pairs};
use super::model::{By, Cell};
use super::store;
use crate::customers::{self, list::team_of};
use crate::error::Result;
use crate::follow_ups;
use crate::opportunities;
use crate::platform::db::FromRow;
use crate::platform::http::query;
use crate::platform::page::{ById, ForMost, List, Part, Spread, Sum, Sums, Walked, tally};
use crate::platform::types::Money;
use crate::platform::work::{Reach, Work};

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

/// What is summed over the rows of a figure.
#[derive(Clone)]
pub enum Summed {
    /// Nothing: rows are only counted.
    Nothing,
    /// An expression in SQL over the list's row.
    Of(String),
    /// What is known of a customer already, by its id.
    Known(Rc<dyn Fn(i64) -> i64>),
}

/// One number to be found, for all and for each slice.
#[derive(Clone)]
pub struct Figure {
    pub of: Of,
    /// What its list is asked for, besides the reader's own filters.
    pub pairs: Pairs,
    /// What is summed.
    pub sum: Summed,
    /// Whether the sum is an amount that the reader sees.
    pub shows_sum: bool,
}

impl Figure {
    /// A number of records.
    pub fn count(of: Of, pairs: Pairs) -> Figure {
        Figure { of, pairs, sum: Summed::Nothing, shows_sum: false }
    }

    /// A number of records and the sum of an amount of theirs.
    pub fn sum(of: Of, pairs: Pairs, amount: &str) -> Figure {
        Figure { of, pairs, sum: Summed::Of(amount.into()), shows_sum: true }
    }

    /// A number of records and the sum of a measure that is only used to reckon with.
    pub fn measure(of: Of, pairs: Pairs, measure: Summed) -> Figure {
        Figure { of, pairs, sum: measure, shows_sum: false }
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
    pub fn none_of(ask: &Ask, figure: &Figure, by: By, slice: i64) -> Found {
        let pairs = narrowed(&pairs_of(ask, figure), name_of(figure.of, by), slice);
        Found { shows_sum: figure.shows_sum, drill: address(figure.of, &pairs), ..Found::default() }
    }

    fn add(&mut self, (count, sum): (i64, i64)) {
        self.count += count;
        self.sum += sum;
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
        (_, By::Tag | By::LostReason | By::Competitor | By::LostStage) | (Of::Contacted, By::Owner | By::Team) => return None,
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

fn found(figure: &Figure, drill: String, (count, sum): (i64, i64)) -> Found {
    Found { count, sum, shows_sum: figure.shows_sum, drill }
}

/// Which figures are taken in one walk over the rows: those of the same records and the same dates.
fn families(figures: &[Figure]) -> Vec<Vec<usize>> {
    let dates = |figure: &Figure| -> (Of, Vec<&'static str>) {
        (figure.of, figure.pairs.iter().map(|(name, _)| *name).filter(|name| is_date(name)).collect())
    };
    let mut all: Vec<Vec<usize>> = Vec::new();
    for (place, figure) in figures.iter().enumerate() {
        match all.iter_mut().find(|family| dates(&figures[family[0]]) == dates(figure)) {
            Some(family) => family.push(place),
            None => all.push(vec![place]),
        }
    }
    all
}

fn is_date(name: &str) -> bool {
    name == "from" || name == "to" || name.ends_with("_from") || name.ends_with("_to")
}

/// What the rows of figures are told apart by.
struct Slicing {
    /// In SQL over the row; none for all together.
    key: Option<String>,
    /// A table to be joined when a row may stand for several.
    join: String,
    /// Where a key stands, when it is not the slice itself.
    places: Option<Rc<ForMost<Option<i64>>>>,
}

impl Slicing {
    const NONE: Slicing = Slicing { key: None, join: String::new(), places: None };

    /// By what a row belongs to one slice of.
    fn whole(work: &mut Work, of: Of, by: By, read: &mut Option<Rc<ForMost<Option<i64>>>>) -> Result<Option<Slicing>> {
        let Some(key) = slice_of(of, by) else { return Ok(None) };
        let slicing = |key: &str, places| Some(Slicing { key: Some(key.to_owned()), places, ..Slicing::NONE });
        if work.has_concurrent_writers() || !sees_much(work) {
            return Ok(slicing(&key, None));
        }
        // Many rows: what they hang on is read once, not looked up for each of them.
        let column = match by {
            By::Region => "region_id",
            By::Industry => "industry_id",
            By::Source => "primary_source_id",
            By::Team if of == Of::FollowUps => return Ok(slicing("f.author_id", Some(Rc::new(store::teams_of_people(work)?)))),
            _ => return Ok(slicing(&key, None)),
        };
        let customer = match of {
            Of::Opportunities | Of::Won => "o.customer_id",
            Of::FollowUps => "f.customer_id",
            Of::Customers | Of::Contacted => return Ok(slicing(&key, None)),
        };
        let places = match read {
            Some(places) => places.clone(),
            None => read.insert(Rc::new(store::of_customers(work, column)?)).clone(),
        };
        Ok(slicing(customer, Some(places)))
    }
}

/// Teams in reach from which on a reader is taken to see much.
const MANY_TEAMS: usize = 4;

/// True when the reader sees so much that what rows hang on is better read whole than looked up for each.
pub fn sees_much(work: &Work) -> bool {
    match &work.actor.reach {
        Reach::All => true,
        Reach::Teams(teams) => teams.len() > MANY_TEAMS,
        Reach::Own => false,
    }
}

/// The index that holds what the figures of a family ask. The engine would choose another: it takes a status for something few rows have.
fn through(figures: &[Figure]) -> Option<&'static str> {
    let open = figures.iter().all(|figure| figure.pairs.contains(&("status", "open".to_owned())));
    let first = figures.first()?;
    let date = first.pairs.iter().map(|(name, _)| *name).find(|name| is_date(name));
    match (first.of, date) {
        (Of::Won, Some("won_from" | "won_to")) => Some("opportunities_won"),
        (Of::Opportunities, Some("created_from" | "created_to")) => Some("opportunities_created"),
        (Of::Opportunities, Some("close_from" | "close_to")) => Some("opportunities_close"),
        (Of::Opportunities, Some("lost_from" | "lost_to")) => Some("opportunities_stage_entered"),
        (Of::Opportunities, Some("reached_from" | "reached_to")) => Some("opportunities_reached"),
        (Of::Opportunities, None) if open => Some("opportunities_facets"),
        (Of::Customers, Some("created_from" | "created_to")) => Some("customers_created_day"),
        (Of::Customers, None) if figures.iter().all(|figure| figure.pairs.iter().all(|(name, _)| *name == "activity")) => {
            Some("customers_contact_day")
        }
        (Of::FollowUps, Some("from" | "to")) => Some("follow_ups_contacted"),
        _ => None,
    }
}

/// The indexes for whoever sees little, where all that is his is less than the period of everybody.
pub fn apart(of: Of, figures: &[Figure]) -> &'static [(&'static str, &'static str)] {
    let bounded = figures.iter().any(|figure| figure.pairs.iter().any(|(name, _)| name.ends_with("from")));
    match of {
        // A contact is asked of each customer: the days bound nothing there.
        Of::Contacted => &[("c.owner_id", "customers_owner_facets"), ("c.team_id", "customers_team_facets")],
        Of::Customers if !bounded => &[("c.owner_id", "customers_owner_facets"), ("c.team_id", "customers_team_facets")],
        Of::Opportunities if !bounded => &[("o.owner_id", "opportunities_owner_entered"), ("o.team_id", "opportunities_team_entered")],
        Of::FollowUps => &[("f.customer_id", "follow_ups_customer"), ("f.opportunity_id", "follow_ups_opportunity")],
        _ => &[],
    }
}

/// The figures of a family, told apart; `asked` says what its lists are asked for, figure by figure.
fn walk<K>(work: &mut Work, figures: &[Figure], asked: &[Pairs], slicing: &Slicing, place: impl Fn(K) -> K) -> Result<HashMap<K, Sums>>
where
    K: FromRow + Hash + Eq,
{
    let mut parts = Vec::new();
    for (figure, pairs) in figures.iter().zip(asked) {
        let sum = match &figure.sum {
            Summed::Nothing => Sum::Nothing,
            Summed::Of(sum) => Sum::Of(sum),
            Summed::Known(value) => Sum::Known("c.id", &**value),
        };
        parts.push(Part { list: list(work, figure.of, pairs)?, sum });
    }
    let by_period = figures.iter().all(|figure| figure.pairs.iter().any(|(name, _)| is_date(name)));
    let through = through(figures);
    let walked = Walked {
        key: slicing.key.as_deref(),
        join: &slicing.join,
        by_row: by_period || through.is_some(),
        through,
        apart: apart(figures[0].of, figures),
    };
    tally(work, &parts, walked, place)
}

/// Figures of all together, and of each value.
pub type ByText = (Vec<Found>, BTreeMap<String, Vec<Found>>);

/// Figures for each value of `key`, an expression over their rows, and all together; `more` says what narrows a list to that value.
pub fn by_text(work: &mut Work, ask: &Ask, figures: &[Figure], key: &str, more: impl Fn(&str) -> Pairs) -> Result<ByText> {
    let asked: Vec<Pairs> = figures.iter().map(|figure| pairs_of(ask, figure)).collect();
    let slicing = Slicing { key: Some(key.to_owned()), ..Slicing::NONE };
    let rows: HashMap<String, Sums> = walk(work, figures, &asked, &slicing, |key| key)?;
    let mut total: Vec<Found> = figures.iter().map(|figure| Found::none(ask, figure)).collect();
    let mut all = BTreeMap::new();
    for (key, sums) in rows {
        let narrower = more(&key);
        let mut cells = Vec::new();
        for (place, figure) in figures.iter().enumerate() {
            let rest = asked[place].iter().filter(|(name, _)| !narrower.iter().any(|(other, _)| other == name)).cloned();
            let drill = address(figure.of, &rest.chain(narrower.iter().cloned()).collect());
            total[place].add(sums[place]);
            cells.push(found(figure, drill, sums[place]));
        }
        all.insert(key, cells);
    }
    Ok((total, all))
}

/// Finds every figure for all and for each slice.
pub fn tabulate(work: &mut Work, ask: &Ask, by: Option<By>, figures: &[Figure]) -> Result<Table> {
    let mut total: Vec<Found> = figures.iter().map(|figure| Found::none(ask, figure)).collect();
    let mut slices: BTreeMap<i64, BTreeMap<usize, (i64, i64)>> = BTreeMap::new();
    let mut read = None;
    for family in families(figures) {
        let own: Vec<Figure> = family.iter().map(|place| figures[*place].clone()).collect();
        let asked: Vec<Pairs> = own.iter().map(|figure| pairs_of(ask, figure)).collect();
        let of = own[0].of;
        let (whole, of_slices): (Sums, HashMap<i64, Sums>) = match by {
            Some(by @ (By::Owner | By::Team)) if of == Of::Contacted => {
                let (all, mut found) = contacted(work, ask, by)?;
                // Whom somebody was in contact with is told beside what he or she recorded.
                found.retain(|id, _| slices.contains_key(id));
                (vec![(all, 0); own.len()], found.into_iter().map(|(id, count)| (id, vec![(count, 0); own.len()])).collect())
            }
            Some(by) => match Slicing::whole(work, of, by, &mut read)? {
                Some(slicing) => {
                    // Every row stands in one slice: together they are all.
                    let places = slicing.places.as_ref();
                    let place = |id: Option<i64>| match (places, id) {
                        (Some(places), Some(id)) => places.get(id),
                        (_, id) => id,
                    };
                    let rows = walk::<Option<i64>>(work, &own, &asked, &slicing, place)?;
                    let rows: HashMap<i64, Sums> = rows.into_iter().map(|(id, sums)| (id.unwrap_or(0), sums)).collect();
                    (together(own.len(), rows.values()), rows)
                }
                None => (in_all(work, &own, &asked)?, of_tags(work, ask, by, &own, &asked)?),
            },
            None => (in_all(work, &own, &asked)?, HashMap::new()),
        };
        for (nth, place) in family.iter().enumerate() {
            total[*place].add(whole[nth]);
            for (id, sums) in &of_slices {
                slices.entry(*id).or_default().insert(*place, sums[nth]);
            }
        }
    }
    let Some(by) = by else { return Ok(Table { total, rows: BTreeMap::new() }) };
    let rows = slices.into_iter().map(|(id, mut sums)| {
        let cells = figures.iter().enumerate().map(|(place, figure)| {
            let none = Found::none_of(ask, figure, by, id);
            sums.remove(&place).map_or_else(|| none.clone(), |sum| found(figure, none.drill.clone(), sum))
        });
        (id, cells.collect())
    });
    Ok(Table { total, rows: rows.collect() })
}

fn together<'s>(figures: usize, slices: impl Iterator<Item = &'s Sums>) -> Sums {
    let mut all = vec![(0, 0); figures];
    for sums in slices {
        for (all, (count, sum)) in all.iter_mut().zip(sums) {
            *all = (all.0 + count, all.1 + sum);
        }
    }
    all
}

fn in_all(work: &mut Work, figures: &[Figure], asked: &[Pairs]) -> Result<Sums> {
    let found: HashMap<i64, Sums> = walk(work, figures, asked, &Slicing::NONE, |all| all)?;
    Ok(together(figures.len(), found.values()))
}

/// By tag: a record stands with each tag of its customer, those asked for alone.
fn of_tags(work: &mut Work, ask: &Ask, by: By, figures: &[Figure], asked: &[Pairs]) -> Result<HashMap<i64, Sums>> {
    if by != By::Tag {
        return Ok(HashMap::new());
    }
    let customer = match figures[0].of {
        Of::Opportunities | Of::Won => "o.customer_id",
        Of::Customers | Of::Contacted => "c.id",
        Of::FollowUps => "f.customer_id",
    };
    let join = format!(" join customer_tags st on st.customer_id = {customer}");
    let slicing = Slicing { key: Some("st.tag_id".into()), join, places: None };
    // A customer stands at a tag whatever others it has.
    let others = |pairs: &Pairs| pairs.iter().filter(|(name, _)| *name != "tag").cloned().collect();
    let untagged: Vec<Pairs> = asked.iter().map(others).collect();
    let mut rows: HashMap<i64, Sums> = walk(work, figures, &untagged, &slicing, |tag| tag)?;
    let wanted: Vec<i64> = ask.customer.iter().filter(|(name, _)| *name == "tag").filter_map(|(_, id)| id.parse().ok()).collect();
    rows.retain(|id, _| wanted.is_empty() || wanted.contains(id));
    Ok(rows)
}

/// Customers somebody was in contact with, in all and by who or whose team that was.
fn contacted(work: &mut Work, ask: &Ask, by: By) -> Result<(i64, ById<i64>)> {
    let customers = list(work, Of::Customers, &ask.customer)?;
    let teams = if by == By::Team || !ask.teams.is_empty() { store::teams_of_people(work)? } else { ForMost::default() };
    let team_of = |author: i64| teams.get(author).unwrap_or(0);
    let mut pairs: HashSet<(i64, i64), BuildHasherDefault<Spread>> = HashSet::default();
    let mut all: HashSet<i64, BuildHasherDefault<Spread>> = HashSet::default();
    store::contacts(work, &customers, ask, |author, customer| {
        if (ask.owners.is_empty() || ask.owners.contains(&author)) && (ask.teams.is_empty() || ask.teams.contains(&team_of(author))) {
            pairs.insert((if by == By::Team { team_of(author) } else { author }, customer));
            all.insert(customer);
        }
    })?;
    let mut found: ById<i64> = ById::default();
    for (slice, _) in pairs {
        *found.entry(slice).or_default() += 1;
    }
    Ok((all.len() as i64, found))
}
