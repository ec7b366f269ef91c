//! The suites of `cargo xtask test`, in the order in which they run.

/// One part of the proof that can be asked for alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// Format, lint, types, generated files, file scan, budgets.
    Check,
    /// The page's unit tests.
    Page,
    /// Every Rust test, on SQLite.
    Rust,
    /// The integration tests again, on a PostgreSQL of their own.
    Postgres,
    /// Journeys in a real browser.
    Journeys,
    /// Kill the server again and again; nothing that was confirmed may be lost.
    Kill,
}

impl Suite {
    pub const ALL: [Suite; 6] = [Suite::Check, Suite::Page, Suite::Rust, Suite::Postgres, Suite::Journeys, Suite::Kill];

    pub fn name(self) -> &'static str {
        match self {
            Suite::Check => "check",
            Suite::Page => "page",
            Suite::Rust => "rust",
            Suite::Postgres => "postgres",
            Suite::Journeys => "e2e",
            Suite::Kill => "kill",
        }
    }

    pub fn named(name: &str) -> Option<Suite> {
        Suite::ALL.into_iter().find(|suite| suite.name() == name)
    }
}
