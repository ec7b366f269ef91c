//! The versions of 客户需求: what was wanted before and after, who wrote it, when, and from which contact (S6).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Result;
use crate::platform::db::{Predicate, Value};
use crate::platform::http::One;
use crate::platform::page::{List, Page, Scope, Sort, Turn};
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::row;

/// Versions run from the newest to the oldest.
pub const NEWEST_FIRST: Sort = Sort { name: "id", column: "v.id", descending: true };

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct CursorQuery {
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    pub limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    pub cursor: One<String>,
}

row! {
    /// One change of the requirement.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct RequirementVersion {
        /// Id.
        pub id: i64 = "v.id",
        /// Before; empty for the first.
        pub old: String = "v.old",
        /// After.
        pub new: String = "v.new",
        /// When.
        pub at: Instant = "v.at",
        /// Who; none for a rule.
        pub by_name: Option<String> = "u.name",
        /// The follow-up record it came from, if somebody named one.
        pub follow_up_id: Option<i64> = "v.follow_up_id",
    }
}

/// The versions of a customer that was found in the reader's scope.
pub fn page(work: &mut Work, customer_id: i64, turn: &Turn) -> Result<Page<RequirementVersion>> {
    let own = Predicate::new("v.customer_id = $1", vec![Value::Int(customer_id)]);
    let list = List::of("requirement_versions v", "v", "", Scope::same(own), Vec::new());
    list.fetch(work, turn, "join requirement_versions v on v.id = page.id left join users u on u.id = v.by_id")
}
