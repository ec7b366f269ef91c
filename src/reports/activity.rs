//! 客户活跃度: 活跃, 沉默, 休眠, and an index of 0–100 (I23).

use std::rc::Rc;

use super::ask::{Ask, ReportQuery};
use super::figures::{Figure, Of, Summed, list_for, tabulate};
use super::model::{Cell, Report, Shape};
use super::sheet::{column, report};
use super::{store, words};
use crate::error::Result;
use crate::platform::db::Predicate;
use crate::platform::page::ForMost;
use crate::platform::types::{Day, Instant};
use crate::platform::work::Work;

/// Days that the index looks back on.
const INDEX_DAYS: i64 = 90;

/// The points a contact, a step ahead and a deal bring, and how many of them count: published with the report.
const WEIGHTS: [(i64, u8); 3] = [(10, 5), (15, 2), (20, 1)];

/// The points of customers at the end of each of some days, the earliest first. What brings points is read once: for whoever sees little
/// from his customers to what happened, else from what happened in a few months.
pub fn points(work: &mut Work, ask: &Ask, ends: &[Day]) -> Result<Vec<Summed>> {
    let (customers, _) = list_for(work, ask, &Figure::count(Of::Customers, Vec::new()))?;
    let zone = work.zone().clone();
    let firsts: Vec<Day> = ends.iter().map(|last| last.add_days(1 - INDEX_DAYS)).collect();
    let windows: Vec<(Instant, Instant)> = firsts
        .iter()
        .zip(ends)
        .map(|(first, last)| (Instant::start_of(*first, &zone), Instant::start_of(last.add_days(1), &zone)))
        .collect();
    let (Some((from, _)), Some((_, end)), Some(first)) = (windows.first().copied(), windows.last().copied(), firsts.first()) else {
        return Ok(Vec::new());
    };
    let mut counted: Vec<ForMost<[u8; 3]>> = vec![ForMost::default(); windows.len()];
    let mut count = |what: usize, customer: i64, within: &dyn Fn(usize) -> bool| {
        for (_, counted) in counted.iter_mut().enumerate().filter(|(nth, _)| within(*nth)) {
            let one = &mut counted.of(customer)[what];
            *one = one.saturating_add(1).min(WEIGHTS[what].1);
        }
    };
    let inside = |at: Instant, nth: usize| windows[nth].0 <= at && at < windows[nth].1;
    // Whom nobody was in contact with since then has no contact to be read.
    let (mut contacted, _) = list_for(work, ask, &Figure::count(Of::Customers, Vec::new()))?;
    contacted.filters.push(Predicate::new("c.last_followed_up_at >= $1", vec![from.into()]));
    store::contact_moments(work, &contacted, (from, end), |customer, at| count(0, customer, &|nth| inside(at, nth)))?;
    store::steps_ahead(work, &customers, (from, end), |customer, at| count(1, customer, &|nth| inside(at, nth)))?;
    store::deals(work, *first, ends[windows.len() - 1], |customer, on| count(2, customer, &|nth| firsts[nth] <= on && on <= ends[nth]))?;
    let of_day = |counted: ForMost<[u8; 3]>| {
        Summed::Known(Rc::new(move |customer| {
            WEIGHTS.iter().zip(counted.get(customer)).map(|((weight, _), count)| weight * i64::from(count)).sum()
        }))
    };
    Ok(counted.into_iter().map(of_day).collect())
}

/// How active the customers are now.
pub fn activity(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let ask = query.check(work)?;
    let at = |word: &str| Figure::count(Of::Customers, vec![("activity", word.to_owned())]);
    let today = work.today();
    let points = points(work, &ask, &[today])?.swap_remove(0);
    let all = Figure::measure(Of::Customers, Vec::new(), points);
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
