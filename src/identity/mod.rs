//! People, teams, roles, sessions, and the scope that decides who sees what.

pub mod actions;
mod api;
pub mod api_tokens;
pub mod audience;
mod caller;
mod leave;
pub mod log_in;
pub mod model;
pub mod password_rule;
pub mod passwords;
mod people;
pub mod scope;
pub mod sessions;
pub mod setup;
mod store;
pub mod teams;
pub mod throttle;
pub mod users;

pub use actions::{Role, can};
pub use api::{routes, setup_routes};
pub use caller::{Admitted, Anonymous, Caller, proof, right_comes_first, session_cookie};
pub use people::{called, called_each, employee_numbers, numbered, sheet_names, team_called};
pub use sessions::as_person;
pub use store::{
    active_people, active_person, assignable_people, assignable_person, display_name, fill_name_keys, leaders_of, names_of, team_of,
};
