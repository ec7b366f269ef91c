//! 输单分析: why deals are lost, to whom, from which stage, by whom (I28).

use super::ask::{Ask, ReportQuery};
use super::figures::{Figure, Found, Of, by_text, tabulate};
use super::model::{By, Cell, Column, Report, Row, Shape};
use super::sheet::{blank, column, report};
use super::words;
use crate::error::Result;
use crate::opportunities::{LOST_FROM, LOST_TO};
use crate::platform::work::Work;
use crate::settings;

fn columns(work: &Work) -> Vec<Column> {
    vec![
        column(work, "lost", ("输单", "Lost"), Shape::CountAndSum),
        column(work, "share", ("数量占比", "Share"), Shape::Rate),
        column(work, "share_by_amount", ("金额占比", "Share by amount"), Shape::Rate),
    ]
}

fn cells(found: &Found, all: &Found) -> Vec<Cell> {
    vec![found.cell(), Cell::rate(found.count, all.count), Cell::rate(found.sum, all.sum)]
}

/// Lost in the period: by reason unless sliced otherwise.
pub fn losses(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let mut ask = query.check_with_losses(work)?;
    let by = ask.by.unwrap_or(By::LostReason);
    ask.by = Some(by);
    let pairs = vec![("lost_from", ask.from.to_string()), ("lost_to", ask.to.to_string())];
    let figure = Figure::sum(Of::Opportunities, pairs, "o.expected_amount");
    let columns = columns(work);
    let (all, rows) = match by {
        By::LostReason => most_frequent(work, &ask, figure, "coalesce(o.lost_reason, '')", "lost_reason")?,
        By::Competitor => most_frequent(work, &ask, figure, LOST_TO, "competitor")?,
        By::LostStage => stages(work, &ask, figure)?,
        _ => {
            let table = tabulate(work, &ask, ask.by, &[figure])?;
            let all = table.total[0].clone();
            return report(work, &ask, words::losses(work), columns, &table, |found| cells(&found[0], &all));
        }
    };
    let rows = rows.into_iter().map(|(key, name, found)| Row { key, name, cells: cells(&found, &all) }).collect();
    let total = cells(&all, &all);
    Ok(blank(work, &ask, words::losses(work), columns, rows, total))
}

type Named = (String, Option<String>, Found);

/// All together, and each value of an expression by itself.
fn by_value(work: &mut Work, ask: &Ask, figure: Figure, key: &str, name: &'static str) -> Result<(Found, Vec<(String, Found)>)> {
    let (mut all, found) = by_text(work, ask, &[figure], key, |key| vec![(name, key.to_owned())])?;
    Ok((all.swap_remove(0), found.into_iter().map(|(key, mut found)| (key, found.swap_remove(0))).collect()))
}

/// What people wrote, the most frequent first; nothing written has no name.
fn most_frequent(work: &mut Work, ask: &Ask, figure: Figure, key: &str, name: &'static str) -> Result<(Found, Vec<Named>)> {
    let (all, mut found) = by_value(work, ask, figure, key, name)?;
    found.sort_by(|(one, a), (other, b)| b.count.cmp(&a.count).then(b.sum.cmp(&a.sum)).then(one.cmp(other)));
    let named = found.into_iter().map(|(key, found)| match key.as_str() {
        "" | "none" => (String::new(), None, found),
        _ => (key.clone(), Some(key), found),
    });
    Ok((all, named.collect()))
}

/// In the order of the stages.
fn stages(work: &mut Work, ask: &Ask, figure: Figure) -> Result<(Found, Vec<Named>)> {
    let stages = settings::stages(work)?;
    let place = |key: &str| stages.iter().position(|stage| stage.key == key);
    let (all, mut found) = by_value(work, ask, figure, &format!("coalesce({LOST_FROM}, 'none')"), "lost_stage")?;
    found.sort_by_key(|(key, _)| place(key).unwrap_or(stages.len()));
    let named = found.into_iter().map(|(key, found)| {
        let name = place(&key).map(|place| stages[place].name.clone());
        (if key == "none" { String::new() } else { key }, name, found)
    });
    Ok((all, named.collect()))
}
