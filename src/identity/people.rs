//! People by what they are called in a spreadsheet.

use std::collections::HashMap;

use super::model::Named;
use super::store;
use crate::error::Result;
use crate::platform::db::{Value, sql};
use crate::platform::page::any_of;
use crate::platform::types::name;
use crate::platform::work::Work;

/// The active people with this employee number, or else this name; two at most, so that one can tell when there are several.
pub fn called(work: &mut Work, text: &str) -> Result<Vec<Named>> {
    let by_number: Vec<Named> =
        sql("select id, name from users where employee_key = $1 and status = 'active'").bind(store::employee_key(text)).all(work)?;
    if !by_number.is_empty() {
        return Ok(by_number);
    }
    sql("select id, name from users where name = $1 and status = 'active' order by id limit 2").bind(text.trim()).all(work)
}

/// The same for many texts at once: each with whom it means.
pub fn called_each(work: &mut Work, texts: &[&str]) -> Result<HashMap<String, Vec<Named>>> {
    if texts.is_empty() {
        return Ok(HashMap::new());
    }
    let keys = any_of("employee_key", texts.iter().map(|text| store::employee_key(text).into()).collect());
    let by_number: Vec<(String, i64, String)> =
        sql("select employee_key, id, name from users where status = 'active' and {among}").part("among", &keys).all(work)?;
    let names = any_of("name", texts.iter().map(|text| text.trim().into()).collect());
    let by_name: Vec<Named> =
        sql("select id, name from users where status = 'active' and {among} order by id").part("among", &names).all(work)?;
    let meant = |text: &str| {
        let key = store::employee_key(text);
        match by_number.iter().find(|(number, ..)| *number == key) {
            Some((_, id, name)) => vec![Named { id: *id, name: name.clone() }],
            None => by_name.iter().filter(|person| person.name == text.trim()).take(2).cloned().collect(),
        }
    };
    Ok(texts.iter().map(|text| ((*text).to_owned(), meant(text))).collect())
}

/// Everybody at work as a spreadsheet names them: by name, or by employee number where several have the name; a thousand at most.
pub fn sheet_names(work: &mut Work) -> Result<Vec<String>> {
    let people: Vec<(String, String)> =
        sql("select name, employee_number from users where status = 'active' order by name_key, id limit 1000").all(work)?;
    let shared = |name: &str| people.iter().filter(|(other, _)| other == name).count() > 1;
    Ok(people.iter().map(|(name, number)| if shared(name) { number.clone() } else { name.clone() }).collect())
}

/// The team of this name that the person belongs to.
pub fn team_called(work: &mut Work, user_id: i64, text: &str) -> Result<Option<i64>> {
    sql("select t.id from teams t join team_members m on m.team_id = t.id where t.name_fold = $1 and m.user_id = $2")
        .bind(name::fold(text))
        .bind(user_id)
        .maybe(work)
}

/// The employee numbers of people.
pub fn employee_numbers(work: &mut Work, ids: &[i64]) -> Result<Vec<(i64, String)>> {
    let among = any_of("id", ids.iter().copied().map(Value::Int).collect());
    sql("select id, employee_number from users where {among}").part("among", &among).all(work)
}

/// The person with this employee number, active or not.
pub fn numbered(work: &mut Work, text: &str) -> Result<Option<i64>> {
    sql("select id from users where employee_key = $1").bind(store::employee_key(text)).maybe(work)
}
