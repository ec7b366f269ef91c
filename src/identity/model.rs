//! People and teams.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::Role;
use crate::error::{Error, Fields, Result};
use crate::platform::db::{Cells, FromRow};
use crate::platform::draft::Given;
use crate::platform::http::Versioned;
use crate::platform::types::{Day, Email, FieldCode, Instant, Phone, name};
use crate::{row, words};

words! {
    /// Whether a person can log in.
    pub enum UserStatus {
        /// Can log in.
        Active = "active",
        /// Cannot; sessions have ended.
        Disabled = "disabled",
    }
}

words! {
    /// What a node of the tree of teams is.
    pub enum TeamKind {
        /// The whole.
        Company = "company",
        /// A region.
        Region = "region",
        /// A team.
        Team = "team",
    }
}

/// An id with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Named {
    /// The id.
    pub id: i64,
    /// The name.
    pub name: String,
}

impl FromRow for Named {
    fn from_row(cells: &mut Cells<'_>) -> Result<Named> {
        Ok(Named { id: FromRow::from_row(cells)?, name: FromRow::from_row(cells)? })
    }
}

/// A [`Named`] that may be missing (both cells null).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
pub struct MaybeNamed(pub Option<Named>);

impl FromRow for MaybeNamed {
    fn from_row(cells: &mut Cells<'_>) -> Result<MaybeNamed> {
        let (id, name): (Option<i64>, Option<String>) = FromRow::from_row(cells)?;
        Ok(MaybeNamed(id.zip(name).map(|(id, name)| Named { id, name })))
    }
}

row! {
    /// A person as kept, without teams.
    #[derive(Debug, Clone)]
    pub struct UserRow {
        pub id: i64 = "u.id",
        pub employee_number: String = "u.employee_number",
        pub name: String = "u.name",
        pub phone: String = "u.phone",
        pub email: String = "u.email",
        pub role: Role = "u.role",
        pub status: UserStatus = "u.status",
        pub must_change_password: bool = "u.must_change_password",
        pub on_leave_from: String = "coalesce((select max(l.starts_on) from leaves l where l.user_id = u.id), '')",
        pub on_leave_until: String = "coalesce((select max(l.ends_on) from leaves l where l.user_id = u.id), '')",
        pub last_login_at: Instant = "u.last_login_at",
        pub created_at: Instant = "u.created_at",
        pub version: i64 = "u.version",
    }
}

/// A person (administrator's view).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct User {
    /// Id.
    pub id: i64,
    /// 工号, as entered.
    pub employee_number: String,
    /// Name.
    pub name: String,
    /// Mobile number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Role.
    #[schema(value_type = String)]
    pub role: Role,
    /// Teams.
    pub teams: Vec<Named>,
    /// Their ids.
    pub team_ids: Vec<i64>,
    /// Whether the person can log in.
    #[schema(value_type = String)]
    pub status: UserStatus,
    /// True until a new password has been set.
    pub must_change_password: bool,
    /// The first day of a leave that is under way or lies ahead.
    pub on_leave_from: Option<String>,
    /// Its last day; from the first to it the rules pass the person over (S65).
    pub on_leave_until: Option<String>,
    /// The last log-in.
    pub last_login_at: Option<Instant>,
    /// When the person was added.
    pub created_at: Instant,
    /// For `If-Match`.
    pub version: i64,
    /// Only in the answer that creates the person: shown once (S11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_time_password: Option<String>,
}

impl Versioned for User {
    fn version(&self) -> i64 {
        self.version
    }
}

impl UserRow {
    /// The person with the teams he or she belongs to, on the day given.
    pub fn with_teams(self, teams: Vec<Named>, today: Day) -> User {
        let some = |text: String| (!text.is_empty()).then_some(text);
        let is_ahead = self.on_leave_until >= today.to_string();
        User {
            id: self.id,
            employee_number: self.employee_number,
            name: self.name,
            phone: some(self.phone),
            email: some(self.email),
            role: self.role,
            team_ids: teams.iter().map(|team| team.id).collect(),
            teams,
            status: self.status,
            must_change_password: self.must_change_password,
            on_leave_from: some(self.on_leave_from).filter(|_| is_ahead),
            on_leave_until: some(self.on_leave_until).filter(|_| is_ahead),
            last_login_at: (self.last_login_at.ms() > 0).then_some(self.last_login_at),
            created_at: self.created_at,
            version: self.version,
            one_time_password: None,
        }
    }
}

/// A person to be added or edited.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UserDraft {
    /// 工号, unique, 1–50 characters; fixed after creation.
    pub employee_number: Given<String>,
    /// Name, 1–50 characters.
    pub name: Given<String>,
    /// Mobile number.
    pub phone: Given<String>,
    /// E-mail address.
    pub email: Given<String>,
    /// Role.
    #[schema(value_type = Option<String>)]
    pub role: Given<Role>,
    /// Teams, at least one.
    pub team_ids: Given<Vec<i64>>,
    /// On edits only: the first day of a leave (S65); today when only the last is given.
    pub on_leave_from: Given<Day>,
    /// On edits only: its last day, today or later; null when back.
    pub on_leave_until: Given<Day>,
}

/// A checked new person.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub employee_number: String,
    pub name: String,
    pub phone: String,
    pub email: String,
    pub role: Role,
    pub team_ids: Vec<i64>,
}

/// What an edit changes.
#[derive(Debug, Clone, Default)]
pub struct UserEdit {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub role: Option<Role>,
    pub team_ids: Option<Vec<i64>>,
}

fn parse_phone(text: String) -> Result<String, FieldCode> {
    Phone::parse(&text).map(|phone| phone.as_str().to_owned())
}

fn parse_email(text: String) -> Result<String, FieldCode> {
    Email::parse(&text).map(|email| email.as_str().to_owned())
}

impl UserDraft {
    /// Judges a new person.
    pub fn check(self) -> Result<NewUser> {
        let mut fields = Fields::default();
        let employee_number =
            self.employee_number.and_then(|text| super::setup::employee_number(&text)).required("employee_number", &mut fields);
        let name = self.name.and_then(|text| name::text(&text, 50)).required("name", &mut fields);
        let phone = self.phone.and_then(parse_phone).optional("phone", &mut fields);
        let email = self.email.and_then(parse_email).optional("email", &mut fields);
        let role = self.role.required("role", &mut fields);
        let team_ids = self.team_ids.and_then(at_least_one).required("team_ids", &mut fields);
        for (field, is_given) in [("on_leave_from", self.on_leave_from.is_given()), ("on_leave_until", self.on_leave_until.is_given())] {
            if is_given {
                fields.add(field, FieldCode::NotAllowed);
            }
        }
        match (employee_number, name, role, team_ids) {
            (Some(employee_number), Some(name), Some(role), Some(team_ids)) if fields.is_empty() => {
                Ok(NewUser { employee_number, name, phone: phone.unwrap_or_default(), email: email.unwrap_or_default(), role, team_ids })
            }
            _ => Err(Error::Invalid(fields)),
        }
    }

    /// Judges an edit.
    pub fn check_edit(self, fields: &mut Fields) -> UserEdit {
        if self.employee_number.is_given() {
            fields.add("employee_number", FieldCode::NotAllowed);
        }
        UserEdit {
            name: self.name.and_then(|text| name::text(&text, 50)).change_required("name", fields),
            phone: self.phone.and_then(parse_phone).change("phone", fields).map(Option::unwrap_or_default),
            email: self.email.and_then(parse_email).change("email", fields).map(Option::unwrap_or_default),
            role: self.role.change_required("role", fields),
            team_ids: self.team_ids.and_then(at_least_one).change_required("team_ids", fields),
        }
    }
}

fn at_least_one(mut ids: Vec<i64>) -> Result<Vec<i64>, FieldCode> {
    ids.sort_unstable();
    ids.dedup();
    match ids.len() {
        0 => Err(FieldCode::Required),
        1..=50 => Ok(ids),
        _ => Err(FieldCode::TooMany { max: 50 }),
    }
}

row! {
    /// A node of the tree of teams.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct Team {
        /// Id.
        pub id: i64 = "t.id",
        /// Name, unique.
        pub name: String = "t.name",
        /// The node above.
        pub parent_id: Option<i64> = "t.parent_id",
        /// Who leads it.
        pub manager_id: Option<i64> = "t.manager_id",
        /// The leader's name.
        pub manager_name: Option<String> = "m.name",
        /// What it is.
        #[schema(value_type = String)]
        pub kind: TeamKind = "t.kind",
        /// Its region.
        #[schema(value_type = Option<Named>)]
        pub region: MaybeNamed = "r.id, r.name",
        /// How many people belong to it.
        pub member_count: i64 = "(select count(*) from team_members tm where tm.team_id = t.id)",
        /// For `If-Match`.
        pub version: i64 = "t.version",
    }
}

impl Versioned for Team {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A team to be added or edited.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TeamDraft {
    /// Name, 1–50 characters, unique.
    pub name: Given<String>,
    /// The node above; only one node may have none.
    pub parent_id: Given<i64>,
    /// Who leads it.
    pub manager_id: Given<i64>,
    /// What it is.
    #[schema(value_type = Option<String>)]
    pub kind: Given<TeamKind>,
    /// Its region: id or name.
    #[schema(value_type = Option<crate::platform::draft::Choice>)]
    pub region: Given<crate::platform::draft::Choice>,
}

row! {
    /// A member of a team.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct Member {
        /// Id.
        pub id: i64 = "u.id",
        /// Name.
        pub name: String = "u.name",
        /// 工号.
        pub employee_number: String = "u.employee_number",
        /// Role.
        #[schema(value_type = String)]
        pub role: Role = "u.role",
        /// Whether the person can log in.
        #[schema(value_type = String)]
        pub status: UserStatus = "u.status",
    }
}

/// Somebody who can be chosen as owner or assignee.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Pickable {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// 工号.
    pub employee_number: String,
    /// Teams.
    pub team_ids: Vec<i64>,
}

/// The signed-in person and the circumstances.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionView {
    /// The person.
    pub user: Me,
    /// The team chosen at log-in or since.
    pub team: Named,
    /// All teams one can switch to.
    pub teams: Vec<Named>,
    /// True when nothing else works before a new password is set (S12).
    pub must_change_password: bool,
    /// The actions the role allows.
    pub permissions: Vec<String>,
    /// The server's time: the page never uses its own clock for "today".
    pub now: Instant,
    /// The business zone.
    pub time_zone: String,
    /// True when the clock can be moved.
    pub demo: bool,
}

row! {
    /// The signed-in person.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct Me {
        /// Id.
        pub id: i64 = "u.id",
        /// 工号.
        pub employee_number: String = "u.employee_number",
        /// Name.
        pub name: String = "u.name",
        /// Mobile number.
        pub phone: String = "u.phone",
        /// E-mail address.
        pub email: String = "u.email",
        /// Role.
        #[schema(value_type = String)]
        pub role: Role = "u.role",
        /// The first day of the latest leave that was entered; empty for none (S65).
        pub on_leave_from: String = "coalesce((select max(l.starts_on) from leaves l where l.user_id = u.id), '')",
        /// Its last day.
        pub on_leave_until: String = "coalesce((select max(l.ends_on) from leaves l where l.user_id = u.id), '')",
    }
}
