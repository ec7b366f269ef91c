//! What one's own day looks like, and how far the quarter has come.

use serde::Serialize;
use utoipa::ToSchema;

use crate::customers::CustomerRow;
use crate::follow_ups::Plan;
use crate::opportunities::Opportunity;
use crate::platform::types::{Day, Money};
use crate::tasks::Task;

/// The day of the person who asks; every list holds at most ten rows, every count is exact.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MyDay {
    /// The business day.
    pub date: Day,
    /// What waits.
    pub greeting_counts: GreetingCounts,
    /// Overdue tasks, the longest overdue first.
    pub overdue_tasks: Vec<Task>,
    /// Tasks due today.
    pub due_today: Vec<Task>,
    /// Today's plans that are still to be done, in their order.
    pub plans_today: Vec<Plan>,
    /// Open opportunities without a plan ahead or an open task (S63), the least recently touched first.
    pub without_next_step: Vec<Opportunity>,
    /// Customers nobody was in contact with for 14 days or more (I15), the longest silent first.
    pub silent_customers: Vec<CustomerRow>,
    /// Open opportunities expected to close within 7 days.
    pub closing_soon: Vec<Opportunity>,
    /// The quarter's target and how far it is reached (I21).
    pub target: TargetProgress,
}

/// How much waits.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GreetingCounts {
    /// Overdue tasks.
    pub overdue: i64,
    /// Tasks due today.
    pub due_today: i64,
    /// Plans of today that are still to be done.
    pub planned_today: i64,
    /// Open opportunities without next step.
    pub without_next_step: i64,
}

/// How far a quarter's target is reached (I21).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TargetProgress {
    /// `2024-Q1`.
    pub period: String,
    /// The sum of the months' targets; null when none is set.
    pub amount: Option<Money>,
    /// What was won in the quarter by the date of the deal; it stays with whoever owned the opportunity then.
    pub won: Money,
    /// `won` / `amount`: 0.42 is 42 %; above 1 as it is, null without a target.
    pub rate: Option<f64>,
    /// How much of the quarter is over, today included, 0–1.
    pub time_progress: f64,
    /// What is missing to the target, 0.00 when it is reached; null without a target.
    pub gap: Option<Money>,
    /// Expected amounts of the open opportunities, each weighed with its stage's chance.
    pub weighted_pipeline: Money,
}

/// The quarter a day lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarter {
    pub first: Day,
    pub last: Day,
}

impl Quarter {
    /// The quarter of this day.
    pub fn of(day: Day) -> Quarter {
        let first = day.first_of_quarter();
        Quarter { first, last: first.add_months(2).last_of_month() }
    }

    /// `2024-Q1`.
    pub fn name(self) -> String {
        format!("{}-Q{}", self.first.year(), (self.first.month() - 1) / 3 + 1)
    }

    /// `2024-01`, `2024-02`, `2024-03`.
    pub fn months(self) -> Vec<String> {
        (0..3).map(|ahead| self.first.add_months(ahead)).map(|day| format!("{:04}-{:02}", day.year(), day.month())).collect()
    }

    /// How much of it is over at the end of `today`, 0–1.
    pub fn progress(self, today: Day) -> f64 {
        let (elapsed, whole) = (self.first.days_until(today) + 1, self.first.days_until(self.last) + 1);
        four_places(elapsed as f64 / whole as f64)
    }
}

impl TargetProgress {
    /// Puts the figures together.
    pub fn new(today: Day, amount: Option<Money>, won: Money, weighted_pipeline: Money) -> TargetProgress {
        let quarter = Quarter::of(today);
        let amount = amount.filter(|amount| *amount > Money::ZERO);
        TargetProgress {
            period: quarter.name(),
            amount,
            won,
            rate: amount.map(|amount| four_places(won.fen() as f64 / amount.fen() as f64)),
            time_progress: quarter.progress(today),
            gap: amount.map(|amount| (amount - won).max(Money::ZERO)),
            weighted_pipeline,
        }
    }
}

fn four_places(ratio: f64) -> f64 {
    (ratio * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_quarter_knows_its_months_and_how_far_it_is() {
        let quarter = Quarter::of(day("2024-03-18"));
        assert_eq!((quarter.first, quarter.last), (day("2024-01-01"), day("2024-03-31")));
        assert_eq!(quarter.name(), "2024-Q1");
        assert_eq!(quarter.months(), ["2024-01", "2024-02", "2024-03"]);
        assert_eq!(quarter.progress(day("2024-03-31")), 1.0);
        assert_eq!(quarter.progress(day("2024-01-01")), 0.011);
        assert_eq!(Quarter::of(day("2024-12-31")).name(), "2024-Q4");
        assert_eq!(Quarter::of(day("2024-12-31")).months(), ["2024-10", "2024-11", "2024-12"]);
    }

    // I21: no target is no rate, not 0 %; more than reached is shown as it is, and nothing is missing.
    #[test]
    fn a_rate_needs_a_target() {
        let yuan = |yuan: i64| Money::from_fen(yuan * 100);
        let today = day("2024-03-18");
        let without = TargetProgress::new(today, None, yuan(5), Money::ZERO);
        assert_eq!((without.rate, without.gap), (None, None));
        let short = TargetProgress::new(today, Some(yuan(100)), yuan(42), Money::ZERO);
        assert_eq!((short.rate, short.gap), (Some(0.42), Some(yuan(58))));
        let over = TargetProgress::new(today, Some(yuan(100)), yuan(125), Money::ZERO);
        assert_eq!((over.rate, over.gap), (Some(1.25), Some(Money::ZERO)));
    }
}
