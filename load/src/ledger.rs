//! What the server has promised: every write it has acknowledged, to be held against what it has kept.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::Result;

/// The acknowledged writes of one or all writers.
#[derive(Default)]
pub struct Ledger {
    /// Id, number and name of customers.
    pub customers: Vec<(i64, String, String)>,
    /// Id, number and name of opportunities.
    pub opportunities: Vec<(i64, String, String)>,
    /// Opportunity and the stage it was moved to.
    pub moves: Vec<(i64, String)>,
    /// Creates whose answer was never heard: path, key, body. Sent again after the restart.
    pub unheard: Vec<(String, String, Value)>,
}

impl Ledger {
    /// How many writes were acknowledged.
    pub fn len(&self) -> usize {
        self.customers.len() + self.opportunities.len() + self.moves.len()
    }

    pub fn absorb(&mut self, other: Ledger) {
        self.customers.extend(other.customers);
        self.opportunities.extend(other.opportunities);
        self.moves.extend(other.moves);
        self.unheard.extend(other.unheard);
    }

    /// Notes a created record.
    pub fn note(&mut self, path: &str, record: &Value) -> Result<()> {
        let text = |name: &str| record[name].as_str().map(str::to_owned).ok_or(format!("no {name} in {record}"));
        let row = (record["id"].as_i64().ok_or("no id")?, text("number")?, text("name")?);
        if path == "/customers" {
            self.customers.push(row)
        } else {
            self.opportunities.push(row)
        }
        Ok(())
    }

    /// Everything promised and not kept, and everything kept by halves.
    pub fn compare(&self, data: &Path) -> Result<Vec<String>> {
        let database = Connection::open_with_flags(data.join("chengdan.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut wrong = Vec::new();
        for (table, promised) in [("customers", &self.customers), ("opportunities", &self.opportunities)] {
            let kept = records(&database, table)?;
            for (id, number, name) in promised {
                match kept.get(id) {
                    Some(found) if *found == (number.clone(), name.clone()) => {}
                    other => wrong.push(format!("lost: {table} {id} {number} {name}, found {other:?}")),
                }
            }
            let numbers: HashSet<&String> = kept.values().map(|(number, _)| number).collect();
            let names: HashSet<&String> = kept.values().map(|(_, name)| name).collect();
            if numbers.len() != kept.len() || names.len() != kept.len() {
                wrong.push(format!("doubled: {table}: {} rows, {} numbers, {} names", kept.len(), numbers.len(), names.len()));
            }
        }
        let mut moves = database.prepare("select opportunity_id, to_stage from stage_changes")?;
        let moves: HashSet<(i64, String)> = moves.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        for one in &self.moves {
            if !moves.contains(one) {
                wrong.push(format!("lost: the move of opportunity {} to {}", one.0, one.1));
            }
        }
        for (what, query) in HALVES {
            let count: i64 = database.query_row(query, [], |row| row.get(0))?;
            if count > 0 {
                wrong.push(format!("half done: {count} {what}"));
            }
        }
        Ok(wrong)
    }
}

/// What one operation writes together must be there together.
const HALVES: [(&str, &str); 7] = [
    (
        "customers without main contact",
        "select count(*) from customers c where not exists (select 1 from contacts k where k.customer_id = c.id and k.is_primary)",
    ),
    (
        "customers without source",
        "select count(*) from customers c where not exists (select 1 from customer_sources s where s.customer_id = c.id)",
    ),
    (
        "customers nobody can search for",
        "select count(*) from customers c where not exists (select 1 from customer_search s where s.rowid = c.id)",
    ),
    (
        "customers without a line in the log",
        "select count(*) from customers c where not exists (select 1 from events e where e.record_kind = 'customer' and e.record_id = c.id)",
    ),
    (
        "opportunities without a line in the log",
        "select count(*) from opportunities o where not exists (select 1 from events e where e.record_kind = 'opportunity' and e.record_id = o.id)",
    ),
    (
        "opportunities whose stage is not the last of their log",
        "select count(*) from opportunities o where o.stage <> coalesce((select s.to_stage from stage_changes s where s.opportunity_id = o.id order by s.id desc limit 1), '')",
    ),
    ("keys without an answer", "select count(*) from idempotency_keys where status = 0"),
];

fn records(database: &Connection, table: &str) -> Result<HashMap<i64, (String, String)>> {
    let mut rows = database.prepare(&format!("select id, number, name from {table}"))?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
