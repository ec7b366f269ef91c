//! A filter of the customer list that is kept: in a dynamic group, a saved view, a batch. It is read by the list's own parser.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::CustomerFilter;
use crate::error::{Error, Fields, Result};
use crate::platform::draft::Input;
use crate::platform::http::query_of_json;
use crate::platform::types::{FieldCode, Lang};
use crate::platform::work::Work;

/// What turns the pages of a list and is no condition.
const PAGING: [&str; 3] = ["sort", "limit", "cursor"];

/// The list's filters as JSON: `{"status": ["won"], "tag": [3], "not_followed_up_days": 30}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct SavedFilter(pub Map<String, Value>);

impl Input for SavedFilter {
    fn from_json(value: Value) -> Result<SavedFilter, FieldCode> {
        match value {
            Value::Object(members) => Ok(SavedFilter(members.into_iter().filter(|(_, value)| !value.is_null()).collect())),
            _ => Err(FieldCode::WrongType),
        }
    }

    fn from_text(_: &str) -> Result<SavedFilter, FieldCode> {
        Err(FieldCode::WrongType)
    }
}

/// A part of a kept filter that no longer means anything.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FilterProblem {
    /// The filter's name.
    pub field: String,
    /// What is wrong with it, in the reader's language.
    pub message: String,
}

impl SavedFilter {
    /// As it was kept.
    pub fn from_stored(text: &str) -> SavedFilter {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// As it is kept.
    pub fn to_stored(&self) -> Result<String> {
        Ok(serde_json::to_string(&self.0)?)
    }

    /// The list's filter.
    pub fn read(&self) -> Result<CustomerFilter> {
        match self.0.keys().find(|name| PAGING.contains(&name.as_str())) {
            Some(name) => Err(Error::field(name.as_str(), FieldCode::NotAllowed)),
            None => query_of_json(&self.0),
        }
    }

    /// Judges it with the list's own rules; what is wrong is found under `field`.
    pub fn check(&self, work: &mut Work, field: &str, fields: &mut Fields) -> Result<()> {
        match self.read().and_then(|filter| filter.conditions(work)) {
            Ok(_) => Ok(()),
            Err(Error::Invalid(found)) => {
                *fields = std::mem::take(fields).and(found.under(field));
                Ok(())
            }
            Err(other) => Err(other),
        }
    }

    /// Every part that means nothing any more, for instance a tag that was removed.
    pub fn problems(&self, work: &mut Work, lang: Lang) -> Result<Vec<FilterProblem>> {
        let mut rest = self.clone();
        let mut problems = Vec::new();
        loop {
            match rest.read().and_then(|filter| filter.conditions(work)) {
                Ok(_) => return Ok(problems),
                Err(Error::Invalid(found)) => {
                    let before = rest.0.len();
                    for (field, code) in found.iter() {
                        rest.0.remove(field);
                        problems.push(FilterProblem { field: field.to_owned(), message: code.message(lang) });
                    }
                    if rest.0.len() == before {
                        return Ok(problems);
                    }
                }
                Err(other) => return Err(other),
            }
        }
    }
}
