//! 客户活跃度: 活跃, 沉默, 休眠, and an index of 0–100 (I23).

use super::ask::ReportQuery;
use super::figures::{Figure, Of, tabulate};
use super::model::{Cell, Report, Shape};
use super::sheet::{column, report};
use super::words;
use crate::error::Result;
use crate::platform::types::{Day, Instant};
use crate::platform::work::Work;

/// Days that the index looks back on.
const INDEX_DAYS: i64 = 90;

/// The points of one customer `c`: contacts, steps ahead and deals of the 90 days up to `last`. The weights are published with the
/// report.
pub fn points(work: &Work, last: Day) -> String {
    let first = last.add_days(1 - INDEX_DAYS);
    let since = Instant::start_of(first, work.zone()).ms();
    let end = Instant::start_of(last.add_days(1), work.zone()).ms();
    format!(
        "10 * (select case when count(*) > 5 then 5 else count(*) end from follow_ups pf where pf.customer_id = c.id and pf.contacted_at >= {since} and pf.contacted_at < {end})
         + 15 * (select case when count(*) > 2 then 2 else count(*) end from stage_changes pg join opportunities po on po.id = pg.opportunity_id
                 join stages pa on pa.pipeline_id = po.pipeline_id and pa.key = pg.from_stage
                 join stages pb on pb.pipeline_id = po.pipeline_id and pb.key = pg.to_stage
                 where po.customer_id = c.id and po.deleted_at is null and pg.at >= {since} and pg.at < {end} and pb.kind <> 'lost' and pb.position > pa.position)
         + 20 * (select case when count(*) > 1 then 1 else count(*) end from opportunities pw where pw.customer_id = c.id and pw.deleted_at is null
                 and pw.status = 'won' and pw.won_on >= '{first}' and pw.won_on <= '{last}')"
    )
}

/// How active the customers are now.
pub fn activity(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let ask = query.check(work)?;
    let at = |word: &str| Figure::count(Of::Customers, vec![("activity", word.to_owned())]);
    let all = Figure::measure(Of::Customers, Vec::new(), &points(work, work.today()));
    let table = tabulate(work, &ask, ask.by, &[all, at("active"), at("silent"), at("dormant")])?;
    let columns = vec![
        column(work, "customers", ("客户", "Customers"), Shape::Count),
        column(work, "active", ("活跃", "Active"), Shape::Count),
        column(work, "silent", ("沉默", "Silent"), Shape::Count),
        column(work, "dormant", ("休眠", "Dormant"), Shape::Count),
        column(work, "active_rate", ("活跃率", "Active share"), Shape::Rate),
        column(work, "index", ("活跃指数", "Index"), Shape::Score),
    ];
    report(work, &ask, words::activity(work), columns, &table, |found| {
        let [all, active, silent, dormant] = found else { return Vec::new() };
        vec![
            all.cell(),
            active.cell(),
            silent.cell(),
            dormant.cell(),
            Cell::rate(active.count, all.count),
            Cell::rate(all.sum, all.count * 100),
        ]
    })
}
