//! Full-text search over grams made in Rust (`types::grams`): FTS5 on SQLite, `tsvector` on PostgreSQL.

use super::db::{Predicate, Tx, sql, sql_for};
use super::types::grams;
use crate::error::Result;

/// An index of one kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Customers with their contacts.
    Customers,
    /// Opportunities.
    Opportunities,
}

/// What is looked for, in the engine's own words; `None` inside when there is nothing to look for, and nothing is found.
#[derive(Debug, Clone)]
pub struct Words {
    expression: Option<String>,
    postgres: bool,
}

impl Words {
    /// The grams of a query.
    pub fn of(tx: &Tx, query: &str) -> Words {
        let postgres = tx.has_concurrent_writers();
        Words { expression: if postgres { grams::postgres_query(query) } else { grams::sqlite_match(query) }, postgres }
    }
}

impl Index {
    /// Its table.
    pub fn table(self) -> &'static str {
        match self {
            Index::Customers => "customer_search",
            Index::Opportunities => "opportunity_search",
        }
    }

    /// The column of its table that holds the record's id.
    pub fn id(self) -> &'static str {
        match self {
            Index::Customers => "customer_search.rowid",
            Index::Opportunities => "opportunity_search.rowid",
        }
    }

    /// The rows of the index that have all the words, and this gram besides.
    pub fn found(self, words: &Words, gram: Option<&str>) -> Predicate {
        let Some(expression) = &words.expression else { return Predicate::new("false", Vec::new()) };
        let (text, and) = if words.postgres {
            (format!("{}.grams @@ to_tsquery('simple', $1)", self.table()), "&")
        } else {
            (format!("{} match $1", self.table()), "AND")
        };
        let wanted = gram.map_or(expression.clone(), |gram| format!("({expression}) {and} {gram}"));
        Predicate::new(text, vec![wanted.into()])
    }

    /// How many records have all the words, whoever sees them, counting no further than `limit`.
    pub fn count(self, tx: &mut Tx, words: &Words, limit: i64) -> Result<i64> {
        let found = self.found(words, None);
        let text = format!("select count(*) from (select {} from {} where {{found}} limit {limit}) as counted", self.id(), self.table());
        sql(text).part("found", &found).one(tx)
    }

    /// The condition that a record whose id stands in this column has all the words.
    pub fn has(self, words: &Words, id_column: &str) -> Predicate {
        let found = self.found(words, None);
        let text = format!("exists (select 1 from {} where {} = {id_column} and {})", self.table(), self.id(), found.text);
        Predicate::new(text, found.binds)
    }
}

/// The gram of everything a person owns.
pub fn owner_gram(user_id: i64) -> String {
    format!("o{user_id}")
}

/// The gram of everything a team owns.
pub fn team_gram(team_id: i64) -> String {
    format!("t{team_id}")
}

/// Whose a record is: searches within a scope are answered by the index alone.
#[derive(Debug, Clone, Copy)]
pub struct Belongs {
    /// Its owner; none in the public pool.
    pub owner_id: Option<i64>,
    /// Its team.
    pub team_id: Option<i64>,
}

/// The condition that a column has this text in it, Latin letters of either case. No index serves it: it judges what words found.
pub fn contains(tx: &Tx, column: &str, text: &str) -> Predicate {
    let like = if tx.has_concurrent_writers() { "ilike" } else { "like" };
    let plain: String = text.chars().flat_map(|one| matches!(one, '%' | '_' | '!').then_some('!').into_iter().chain([one])).collect();
    Predicate::new(format!("{column} {like} $1 escape '!'"), vec![format!("%{plain}%").into()])
}

/// Takes a record out of an index.
pub fn remove(tx: &mut Tx, index: Index, id: i64) -> Result<()> {
    sql(match index {
        Index::Customers => "delete from customer_search where rowid = $1",
        Index::Opportunities => "delete from opportunity_search where rowid = $1",
    })
    .bind(id)
    .run(tx)?;
    Ok(())
}

/// Puts a record's grams into an index, replacing what was there.
pub fn replace(tx: &mut Tx, index: Index, id: i64, record: &grams::Findable<'_>, belongs: Belongs) -> Result<()> {
    let mut words = grams::index_grams(record);
    words.extend(belongs.owner_id.map(owner_gram));
    words.extend(belongs.team_id.map(team_gram));
    let words = words.join(" ");
    remove(tx, index, id)?;
    let (sqlite, postgres) = match index {
        Index::Customers => (
            "insert into customer_search (rowid, grams) values ($1, $2)",
            "insert into customer_search (rowid, grams) values ($1, array_to_tsvector(string_to_array($2, ' ')))",
        ),
        Index::Opportunities => (
            "insert into opportunity_search (rowid, grams) values ($1, $2)",
            "insert into opportunity_search (rowid, grams) values ($1, array_to_tsvector(string_to_array($2, ' ')))",
        ),
    };
    sql_for(tx, sqlite, postgres).bind(id).bind(words).run(tx)?;
    Ok(())
}
