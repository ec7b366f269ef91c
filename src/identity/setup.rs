//! The first start: a one-time token on the console opens the only door to an empty product; it closes for ever once an
//! administrator exists.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::UserDraft;
use super::password_rule::Owner;
use super::{log_in, sessions, users};
use crate::error::{Error, Fields, Result};
use crate::identity::Role;
use crate::platform::db::sql;
use crate::platform::draft::Given;
use crate::platform::types::{FieldCode, name};
use crate::platform::work::Work;

/// The token of this start.
pub struct SetupToken(sessions::Token);

impl SetupToken {
    /// A new one.
    pub fn generate() -> Result<SetupToken> {
        sessions::Token::generate().map(SetupToken)
    }

    /// The text for the link on the console.
    pub fn text(&self) -> &str {
        &self.0.0
    }

    fn is(&self, given: &str) -> bool {
        // Hashes are compared, so the time taken says nothing about the token.
        sessions::Token(given.to_owned()).hash() == self.0.hash()
    }
}

/// The first administrator and the first team.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupDraft {
    /// From the link on the console.
    #[serde(default)]
    pub token: Given<String>,
    /// The company's or first team's name.
    #[serde(default)]
    pub team_name: Given<String>,
    /// 工号.
    #[serde(default)]
    pub employee_number: Given<String>,
    /// The person's name.
    #[serde(default)]
    pub name: Given<String>,
    /// The password, under the rule of S12.
    #[serde(default)]
    pub password: Given<String>,
}

/// A checked set-up.
pub struct NewCompany {
    team_name: String,
    user: UserDraft,
    /// To be hashed by the caller.
    pub password: String,
}

/// True while nobody administers.
pub fn is_open(work: &mut Work) -> Result<bool> {
    let one: Option<i64> = sql("select id from users where role = 'administrator' limit 1").maybe(work)?;
    Ok(one.is_none())
}

impl SetupDraft {
    /// Judges token and fields; a wrong token is as absent as a closed set-up.
    pub fn check(self, token: &SetupToken) -> Result<NewCompany> {
        let mut fields = Fields::default();
        let given = self.token.required("token", &mut fields).unwrap_or_default();
        if !token.is(&given) {
            return Err(Error::NotFound);
        }
        let team_name = self.team_name.and_then(|text| name::text(&text, 50)).required("team_name", &mut fields);
        let number = self.employee_number.clone().required("employee_number", &mut fields).unwrap_or_default();
        let person = self.name.clone().required("name", &mut fields).unwrap_or_default();
        let password = self.password.required("password", &mut fields);
        let password = password.and_then(|text| {
            let outcome = super::password_rule::check(&text, Owner { employee_number: &number, name: &person }).map(|()| text);
            fields.keep("password", outcome)
        });
        let (Some(team_name), Some(password)) = (team_name, password) else {
            return Err(Error::Invalid(fields));
        };
        fields.into_result()?;
        let user = UserDraft {
            employee_number: self.employee_number,
            name: self.name,
            role: Given::Value(Role::Administrator),
            ..UserDraft::default()
        };
        Ok(NewCompany { team_name, user, password })
    }
}

/// Creates the first team and the first administrator and logs the latter in.
pub fn set_up(work: &mut Work, company: &NewCompany, password_hash: &str, token: &sessions::Token, device: &str) -> Result<()> {
    sql("insert into parameters (key, value) values ('set_up', '1')")
        .run(work)
        .map_err(|error| error.when_not_unique("parameters.key", || Error::NotFound))?;
    if !is_open(work)? {
        return Err(Error::NotFound);
    }
    let team_id = super::teams::create_root(work, &company.team_name)?;
    let user_id = users::create_first(work, &company.user, password_hash, team_id)?;
    sessions::begin(work, token, user_id, team_id, device)?;
    log_in::greet(work, user_id, team_id)
}

/// Refuses an employee number that breaks the rule: 1–50 characters without spaces.
pub(super) fn employee_number(text: &str) -> Result<String, FieldCode> {
    let text = name::text(text, 50)?;
    if text.chars().any(char::is_whitespace) { Err(FieldCode::Format) } else { Ok(text) }
}
