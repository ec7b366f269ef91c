//! 周期与停留: how long opportunities stay at each stage and take in all, and which stay too long (S8, I26).

use std::collections::BTreeMap;

use super::ask::{Ask, ReportQuery};
use super::figures::{Figure, Found, Of, apart, list_for, tabulate};
use super::hours::Measure;
use super::model::{By, Cell, Column, Hours, Report, Row, Shape, StuckOpportunity};
use super::sheet::{blank, column, report};
use super::{store, words};
use crate::error::{Error, Result};
use crate::platform::page::Walked;
use crate::platform::types::{FieldCode, Instant};
use crate::platform::work::Work;
use crate::settings::{self, Stage, StageKind};

const DAY_SECONDS: i64 = 86_400;
/// Stands among the stages for the way from entry to deal.
const CYCLE: &str = "cycle";

/// The smallest stay that at least `percent` per cent of them do not exceed; for an even number's middle the mean of both.
fn quantile(sorted: &[i64], percent: usize) -> Option<i64> {
    if sorted.is_empty() {
        return None;
    }
    if percent == 50 && sorted.len().is_multiple_of(2) {
        let middle = sorted.len() / 2;
        return Some((sorted[middle - 1] + sorted[middle]) / 2);
    }
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    Some(sorted[rank - 1])
}

/// The stays of one slice at one stage.
#[derive(Debug, Default)]
struct Stays {
    seconds: Vec<i64>,
    /// How many of them ended; the others last.
    ended: i64,
}

impl Stays {
    /// Median and P90, with how many are counted to now.
    fn cells(&mut self) -> [Cell; 2] {
        self.seconds.sort_unstable();
        let lasting = Some(self.seconds.len() as i64 - self.ended).filter(|lasting| *lasting > 0);
        [50, 90].map(|percent| Cell { lasting, ..Cell::seconds(quantile(&self.seconds, percent)) })
    }
}

/// By slice (0 for those without) and stage; the cycles stand behind the stages.
type All = BTreeMap<(i64, usize), Stays>;

/// The stays of the period, those that last, and the cycles of what was won in it.
fn stays(work: &mut Work, ask: &Ask, stages: &[Stage], hours: Hours) -> Result<All> {
    let now = work.now();
    let (from, end) = (Instant::start_of(ask.from, work.zone()), Instant::start_of(ask.to.add_days(1), work.zone()));
    let by = ask.by;
    let slice_of = move |owner: Option<i64>, team: Option<i64>| match by {
        Some(By::Team) => team.unwrap_or(0),
        Some(_) => owner.unwrap_or(0),
        None => 0,
    };
    // Lasting stays and cycles begin whenever they began; an ended one no longer before its end than it lasted.
    let since = if hours == Hours::Calendar { from } else { store::first_entry(work)?.unwrap_or(now).min(from) };
    let measure = Measure::of(work, hours, since, now)?;
    let mut all = All::new();
    let mut keep = |slice: i64, stage: usize, seconds: i64, ended: bool| {
        let of_stage = all.entry((slice, stage)).or_default();
        of_stage.seconds.push(seconds);
        of_stage.ended += i64::from(ended);
    };
    let (every, _) = list_for(work, ask, &Figure::count(Of::Opportunities, Vec::new()))?;
    store::ended_stays(work, &every, stages, (from, end), by.is_some(), |(stage, at, seconds, owner, team)| {
        let since = at.plus_ms(-seconds * 1_000);
        keep(slice_of(owner, team), stage as usize, measure.seconds(since, at), true);
    })?;
    let (lasting, _) = list_for(work, ask, &open(&[]))?;
    let walked = Walked { by_row: true, through: Some("opportunities_facets"), apart: apart(Of::Opportunities, &[]), ..Walked::default() };
    store::open_stays(work, &lasting, stages, walked, |(stage, since, _, owner, team)| {
        keep(slice_of(owner, team), stage as usize, measure.seconds(since, now), false);
    })?;
    let (won, _) = list_for(work, ask, &won(ask))?;
    store::cycles(work, &won, |(created, won, owner, team)| {
        keep(slice_of(owner, team), stages.len(), measure.seconds(created, won), true);
    })?;
    Ok(all)
}

fn won(ask: &Ask) -> Figure {
    Figure::sum(Of::Won, vec![("won_from", ask.from.to_string()), ("won_to", ask.to.to_string())], "o.won_amount")
}

/// Open ones, narrowed further.
fn open(pairs: &[(&'static str, &str)]) -> Figure {
    let all = [("status", "open")].iter().chain(pairs);
    Figure::sum(Of::Opportunities, all.map(|(name, value)| (*name, (*value).to_owned())).collect(), "o.expected_amount")
}

/// Stays that ended in the period and those that last, per open stage; or a row per team or person with the stages beside each other.
pub fn stage_duration(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let hours = query.hours.clone().get("hours")?.unwrap_or(Hours::Calendar);
    let ask = query.check(work)?;
    if !matches!(ask.by, None | Some(By::Team | By::Owner)) {
        return Err(Error::field("group_by", FieldCode::NotAllowed));
    }
    let stages: Vec<Stage> = settings::stages(work)?.into_iter().filter(|stage| stage.kind == StageKind::Open).collect();
    let all = stays(work, &ask, &stages, hours)?;
    let found = match ask.by {
        None => by_stage(work, &ask, &stages, all)?,
        Some(_) => by_slice(work, &ask, &stages, all)?,
    };
    let stuck = too_long(work, &ask, &stages)?;
    Ok(Report { stuck, ..found })
}

fn by_stage(work: &mut Work, ask: &Ask, stages: &[Stage], mut all: All) -> Result<Report> {
    let mut figures: Vec<Figure> =
        stages.iter().flat_map(|stage| [open(&[("stage", &stage.key)]), open(&[("stage", &stage.key), ("stuck", "true")])]).collect();
    figures.extend([open(&[]), open(&[("stuck", "true")]), won(ask)]);
    let found = tabulate(work, ask, None, &figures)?.total;
    let [.., in_all, stuck, won] = found.as_slice() else { return Err(Error::internal("a table without totals")) };
    let mut rows = Vec::new();
    let mut ended = 0;
    for (place, (stage, pair)) in stages.iter().zip(found.chunks(2)).enumerate() {
        let mut of_stage = all.remove(&(0, place)).unwrap_or_default();
        let [median, p90] = of_stage.cells();
        ended += of_stage.ended;
        rows.push(Row {
            key: stage.key.clone(),
            name: Some(stage.name.clone()),
            cells: vec![
                Cell { count: Some(of_stage.ended), ..Cell::default() },
                pair[0].cell(),
                median,
                p90,
                Cell::seconds(stage.limit_days.map(|days| days * DAY_SECONDS)),
                pair[1].cell(),
            ],
        });
    }
    let [median, p90] = all.remove(&(0, stages.len())).unwrap_or_default().cells();
    let cycle = column(work, CYCLE, ("成交周期", "Entry to deal"), Shape::Duration).label;
    let won = Cell { sum: None, ..won.cell() };
    rows.push(Row {
        key: CYCLE.into(),
        name: Some(cycle),
        cells: vec![won, Cell::default(), median, p90, Cell::default(), Cell::default()],
    });
    let count = Cell { count: Some(ended), ..Cell::default() };
    let total = vec![count, in_all.cell(), Cell::default(), Cell::default(), Cell::default(), stuck.cell()];
    let columns = vec![
        column(work, "ended", ("已离开", "Left"), Shape::Count),
        column(work, "open", ("停留中", "Still there"), Shape::CountAndSum),
        column(work, "median", ("停留中位数", "Median stay"), Shape::Duration),
        column(work, "p90", ("停留 P90", "P90 stay"), Shape::Duration),
        column(work, "limit", ("时限", "Limit"), Shape::Duration),
        column(work, "stuck", ("超时限", "Over the limit"), Shape::CountAndSum),
    ];
    Ok(blank(work, ask, words::stay(work), columns, rows, total))
}

fn by_slice(work: &mut Work, ask: &Ask, stages: &[Stage], all: All) -> Result<Report> {
    let figures = [open(&[]), open(&[("stuck", "true")]), won(ask)];
    let by = ask.by.unwrap_or(By::Owner);
    let mut table = tabulate(work, ask, Some(by), &figures)?;
    for (slice, _) in all.keys() {
        if !table.rows.contains_key(slice) {
            let nothing = figures.iter().map(|figure| Found::none_of(ask, figure, by, *slice)).collect();
            table.rows.insert(*slice, nothing);
        }
    }
    let mut columns = vec![
        column(work, "open", ("停留中", "Still there"), Shape::CountAndSum),
        column(work, "stuck", ("超时限", "Over the limit"), Shape::CountAndSum),
    ];
    let (median, p90) =
        (column(work, "median", ("中位数", "median"), Shape::Duration), column(work, "p90", ("P90", "P90"), Shape::Duration));
    let cycle = column(work, CYCLE, ("成交周期", "Entry to deal"), Shape::Duration).label;
    let measured: Vec<(String, String)> =
        stages.iter().map(|stage| (stage.key.clone(), stage.name.clone())).chain([(CYCLE.to_owned(), cycle)]).collect();
    for (key, name) in &measured {
        for part in [&median, &p90] {
            columns.push(Column { key: format!("{key}_{}", part.key), label: format!("{name} {}", part.label), shape: Shape::Duration });
        }
    }
    let figures = report(work, ask, words::stay(work), columns, &table, |found| found[..2].iter().map(Found::cell).collect())?;
    // Of all slices together: the stays of each stage once more.
    let mut whole: BTreeMap<usize, Stays> = BTreeMap::new();
    let mut of_slice: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
    let mut left = all;
    for slice in table.rows.keys() {
        let key = if *slice == 0 { String::new() } else { slice.to_string() };
        let cells = of_slice.entry(key).or_default();
        for stage in 0..measured.len() {
            let mut own = left.remove(&(*slice, stage)).unwrap_or_default();
            cells.extend(own.cells());
            let sum = whole.entry(stage).or_default();
            sum.seconds.extend(own.seconds);
            sum.ended += own.ended;
        }
    }
    let Report { mut rows, mut total, .. } = figures.clone();
    for row in &mut rows {
        row.cells.extend(of_slice.remove(&row.key).unwrap_or_default());
    }
    for stage in 0..measured.len() {
        total.cells.extend(whole.remove(&stage).unwrap_or_default().cells());
    }
    Ok(Report { rows, total, ..figures })
}

/// The opportunities over their limit, the most excessive first.
fn too_long(work: &mut Work, ask: &Ask, stages: &[Stage]) -> Result<Vec<StuckOpportunity>> {
    let now = work.now();
    let (over, _) = list_for(work, ask, &open(&[("stuck", "true")]))?;
    // At one stage, who entered it first is the furthest beyond its limit.
    let mut rows = Vec::new();
    for stage in stages.iter().filter(|stage| stage.limit_days.is_some()) {
        rows.extend(store::stuck(work, &over, &stage.key)?);
    }
    rows.sort_by_key(|row| (row.entered_stage_at.plus_ms(row.limit_days.unwrap_or(0) * DAY_SECONDS * 1_000), row.id));
    rows.truncate(store::STUCK as usize);
    if work.looks_back() {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let in_sight = work.as_of_now(|work| store::opportunities_in_sight(work, &ids))?;
        for row in rows.iter_mut().filter(|row| !in_sight.contains(&row.id)) {
            // It stands with its figures alone, like one that is deleted for good.
            (row.number, row.name) = (String::new(), String::new());
        }
    }
    let stuck = rows.into_iter().map(|row| {
        let stayed = now.ms_since(row.entered_stage_at).max(0) / 1_000;
        StuckOpportunity {
            id: row.id,
            number: row.number,
            name: row.name,
            stage: row.stage,
            stage_name: row.stage_name,
            owner_id: row.owner_id,
            owner_name: row.owner_name,
            expected_amount: row.expected_amount,
            stayed_seconds: stayed,
            excess_seconds: stayed - row.limit_days.unwrap_or(0) * DAY_SECONDS,
        }
    });
    Ok(stuck.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_few_stays() {
        assert_eq!(quantile(&[], 50), None);
        assert_eq!(quantile(&[7], 50), Some(7));
        assert_eq!(quantile(&[7], 90), Some(7));
        assert_eq!(quantile(&[1, 4], 50), Some(2));
        assert_eq!(quantile(&[1, 4, 9], 50), Some(4));
        assert_eq!(quantile(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90), Some(9));
        assert_eq!(quantile(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 90), Some(10));
    }
}
