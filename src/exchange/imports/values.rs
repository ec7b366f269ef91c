//! The cells of one row by what they mean, read leniently as people type them.

use std::collections::HashMap;

use crate::error::Result;
use crate::exchange::cell;
use crate::exchange::columns::Column;
use crate::exchange::labels::{self, Words};
use crate::identity;
use crate::identity::model::Named;
use crate::platform::draft::Given;
use crate::platform::types::{BusinessNumber, Day, FieldCode, Instant, Money};
use crate::platform::work::Work;

const FAILED: FieldCode =
    FieldCode::Rule { code: "FAILED_CELL", zh: "单元格是公式错误", en: "The cell is a formula that could not be computed" };

const SEVERAL_PEOPLE: FieldCode = FieldCode::Rule {
    code: "SEVERAL_PEOPLE",
    zh: "有多位同名人员，请填写工号",
    en: "Several people have this name; use the employee number",
};

const ONLY_TAKEOVER: FieldCode = FieldCode::Rule {
    code: "ONLY_TAKEOVER",
    zh: "只有管理员可以带入编号和时间，请清空或不导入此列",
    en: "Only an administrator may bring numbers and times along; leave this column out",
};

/// The one person that is meant.
pub fn only_one(found: &[Named]) -> Result<i64, FieldCode> {
    match found {
        [person] => Ok(person.id),
        [] => Err(FieldCode::Unknown),
        _ => Err(SEVERAL_PEOPLE),
    }
}

/// The cells that are not empty.
pub struct Values {
    texts: HashMap<&'static str, String>,
}

impl Values {
    /// The cells of a row.
    pub fn of(columns: &[Option<&'static Column>], cells: &[String]) -> Values {
        let mut texts = HashMap::new();
        for (column, cell) in columns.iter().zip(cells) {
            let text = cell::restored(cell.trim());
            if let (Some(column), false) = (column, text.is_empty()) {
                texts.insert(column.key, text.to_owned());
            }
        }
        Values { texts }
    }

    /// What stands in a cell, if anything does.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// A cell, read further.
    pub fn given<T>(&self, key: &str, read: impl FnOnce(&str) -> Result<T, FieldCode>) -> Given<T> {
        match self.text(key) {
            None => Given::Absent,
            Some(text) if cell::is_failed(text) => Given::Bad(FAILED),
            Some(text) => read(text).map_or_else(Given::Bad, Given::Value),
        }
    }

    /// A text.
    pub fn plain(&self, key: &str) -> Given<String> {
        self.given(key, |text| Ok(text.to_owned()))
    }

    /// One of a few fixed words.
    pub fn word(&self, key: &str, words: Words) -> Given<&'static str> {
        self.given(key, |text| labels::word(words, text).ok_or(FieldCode::Unknown))
    }

    /// An amount.
    pub fn money(&self, key: &str) -> Given<Money> {
        self.given(key, Money::parse_lenient)
    }

    /// A day, the year first.
    pub fn day(&self, key: &str) -> Given<Day> {
        self.given(key, Day::parse_lenient)
    }

    /// A time that only a takeover may bring.
    pub fn carried_time(&self, work: &Work, key: &str) -> Given<Instant> {
        if self.text(key).is_some() && !work.actor.may("carry_history") {
            return Given::Bad(ONLY_TAKEOVER);
        }
        self.given(key, |text| cell::read_moment(text, work.zone())).and_then(|at| at.not_after(work.now()))
    }

    /// A number for a new record, which only a takeover may bring.
    pub fn carried_number(&self, work: &Work, kind: crate::platform::types::Numbered) -> Given<BusinessNumber> {
        if self.text("number").is_some() && !work.actor.may("carry_history") {
            return Given::Bad(ONLY_TAKEOVER);
        }
        self.given("number", |text| BusinessNumber::parse(text).ok().filter(|number| number.kind() == kind).ok_or(FieldCode::InvalidNumber))
    }

    /// The owner, by employee number or name.
    pub fn owner(&self, work: &mut Work) -> Result<Given<i64>> {
        self.person(work, if self.text("owner_number").is_some() { "owner_number" } else { "owner" })
    }

    /// Somebody, by employee number or name.
    pub fn person(&self, work: &mut Work, key: &str) -> Result<Given<i64>> {
        let Some(text) = self.text(key) else { return Ok(Given::Absent) };
        let found = identity::called(work, text)?;
        Ok(only_one(&found).map_or_else(Given::Bad, Given::Value))
    }

    /// One of the owner's teams.
    pub fn team(&self, work: &mut Work, owner: &Given<i64>) -> Result<Given<i64>> {
        let Some(text) = self.text("team") else { return Ok(Given::Absent) };
        let owner_id = match owner {
            Given::Value(id) => *id,
            _ => work.actor.user_id,
        };
        Ok(identity::team_called(work, owner_id, text)?.map_or(Given::Bad(FieldCode::Unknown), Given::Value))
    }
}
