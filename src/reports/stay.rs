//! 周期与停留: how long opportunities stay at each stage, and which stay too long (S8, I26).

use std::collections::BTreeMap;

use super::ask::ReportQuery;
use super::figures::{Figure, Of, list_for, tabulate};
use super::model::{Cell, Report, Row, Shape, StuckOpportunity};
use super::sheet::{blank, column};
use super::{store, words};
use crate::error::Result;
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::settings::{self, Stage, StageKind};

const DAY_SECONDS: i64 = 86_400;

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

/// Stays that ended in the period and those that last, per open stage.
pub fn stage_duration(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let mut ask = query.check(work)?;
    ask.by = None;
    let stages: Vec<Stage> = settings::stages(work)?.into_iter().filter(|stage| stage.kind == StageKind::Open).collect();
    let at = |stage: &Stage, more: &[(&'static str, &str)]| {
        let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
        Figure::sum(Of::Opportunities, [("stage", stage.key.clone())].into_iter().chain(more).collect(), "o.expected_amount")
    };
    let stuck = Figure::sum(Of::Opportunities, vec![("stuck", "true".into())], "o.expected_amount");
    let open = Figure::sum(Of::Opportunities, vec![("status", "open".into())], "o.expected_amount");
    let mut figures: Vec<Figure> = stages.iter().flat_map(|stage| [at(stage, &[]), at(stage, &[("stuck", "true")])]).collect();
    figures.extend([open, stuck.clone()]);
    let found = tabulate(work, &ask, None, &figures)?.total;
    let now = work.now();
    let (from, end) = (Instant::start_of(ask.from, work.zone()), Instant::start_of(ask.to.add_days(1), work.zone()));
    let (list, _) = list_for(work, &ask, &Figure::count(Of::Opportunities, Vec::new()))?;
    let mut stays: BTreeMap<String, (Vec<i64>, i64)> = BTreeMap::new();
    for (stage, seconds) in store::ended_stays(work, &list, from, end)? {
        let of_stage = stays.entry(stage).or_default();
        of_stage.0.push(seconds);
        of_stage.1 += 1;
    }
    for (stage, since) in store::open_stays(work, &list)? {
        stays.entry(stage).or_default().0.push(now.ms_since(since).max(0) / 1_000);
    }
    let mut rows = Vec::new();
    for (place, stage) in stages.iter().enumerate() {
        let (mut all, ended) = stays.remove(&stage.key).unwrap_or_default();
        all.sort_unstable();
        rows.push(Row {
            key: stage.key.clone(),
            name: Some(stage.name.clone()),
            cells: vec![
                Cell { count: Some(ended), ..Cell::default() },
                found[place * 2].cell(),
                Cell::seconds(quantile(&all, 50)),
                Cell::seconds(quantile(&all, 90)),
                Cell::seconds(stage.limit_days.map(|days| days * DAY_SECONDS)),
                found[place * 2 + 1].cell(),
            ],
        });
    }
    let ended = rows.iter().filter_map(|row| row.cells[0].count).sum();
    let count = Cell { count: Some(ended), ..Cell::default() };
    let total =
        vec![count, found[stages.len() * 2].cell(), Cell::default(), Cell::default(), Cell::default(), found[stages.len() * 2 + 1].cell()];
    let columns = vec![
        column(work, "ended", ("已离开", "Left"), Shape::Count),
        column(work, "open", ("停留中", "Still there"), Shape::CountAndSum),
        column(work, "median", ("停留中位数", "Median stay"), Shape::Duration),
        column(work, "p90", ("停留 P90", "P90 stay"), Shape::Duration),
        column(work, "limit", ("时限", "Limit"), Shape::Duration),
        column(work, "stuck", ("超时限", "Over the limit"), Shape::CountAndSum),
    ];
    let (over, _) = list_for(work, &ask, &stuck)?;
    let stuck = store::stuck(work, &over)?.into_iter().map(|row| {
        let stayed = now.ms_since(row.entered_stage_at).max(0) / 1_000;
        StuckOpportunity {
            id: row.id,
            number: row.number,
            name: row.name,
            stage: row.stage,
            owner_id: row.owner_id,
            owner_name: row.owner_name,
            expected_amount: row.expected_amount,
            stayed_seconds: stayed,
            excess_seconds: stayed - row.limit_days.unwrap_or(0) * DAY_SECONDS,
        }
    });
    let stuck = stuck.collect();
    let definition = words::stay(work);
    Ok(Report { stuck, ..blank(work, &ask, definition, columns, rows, total) })
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
