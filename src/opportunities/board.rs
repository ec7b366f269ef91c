//! The board: a column per stage with its figures and its cards.

use super::list::OpportunityFilter;
use super::model::{Board, Column};
use super::store;
use crate::error::Result;
use crate::platform::db::Predicate;
use crate::platform::page::{Sort, Turn};
use crate::platform::work::Work;
use crate::settings::{self, StageKind};

/// Closed opportunities leave the board after so many days.
const CLOSED_DAYS: i64 = 90;
const CARDS: i64 = 50;
const LONGEST_FIRST: Sort = Sort { name: "entered_stage_at", column: "o.entered_stage_at", descending: false };
const NEWEST_FIRST: Sort = Sort { descending: true, ..LONGEST_FIRST };

/// The board within the reader's scope; figures count all, cards are the first fifty of each column.
pub fn board(work: &mut Work, filter: &OpportunityFilter) -> Result<Board> {
    let as_of = work.now();
    let mut columns = Vec::new();
    for stage in settings::stages(work)? {
        let mut list = filter.clone().list(work)?;
        list.filters.push(Predicate::new("o.stage = $1", vec![stage.key.as_str().into()]));
        let open = stage.kind == StageKind::Open;
        if !open {
            list.filters.push(Predicate::new("o.entered_stage_at >= $1", vec![as_of.plus_ms(-CLOSED_DAYS * 86_400_000).into()]));
        }
        let amount = if stage.kind == StageKind::Won { "o.won_amount" } else { "o.expected_amount" };
        let (count, sum) = store::column_figures(work, &list, amount)?;
        let page = store::page(work, &list, &Turn::first(if open { LONGEST_FIRST } else { NEWEST_FIRST }, CARDS))?;
        columns.push(Column {
            weighted_sum: sum.weighted(stage.probability),
            stage: stage.key,
            name: stage.name,
            kind: stage.kind,
            count,
            sum,
            cards: page.items,
            next_cursor: page.next_cursor,
        });
    }
    Ok(Board { columns, as_of })
}
