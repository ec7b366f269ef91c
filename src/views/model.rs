//! What a saved view is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::customers::saved_filter::{FilterProblem, SavedFilter};
use crate::identity::audience::Visibility;
use crate::platform::draft::Given;
use crate::platform::http::Versioned;
use crate::{row, words};

words! {
    /// Of which list it is a view.
    pub enum ViewKind {
        /// 客户
        Customers = "customers",
    }
}

/// The columns of the customer list that can be chosen; the name always stands first.
pub const COLUMNS: &[&str] = &[
    "status",
    "follow_up_status",
    "contact_name",
    "phone",
    "email",
    "industry",
    "region",
    "source_channels",
    "tags",
    "total_won_amount",
    "contract_amount",
    "deal_date",
    "owner",
    "team",
    "last_followed_up_at",
    "next_step",
    "number",
    "credit_code",
    "created_at",
    "updated_at",
];

row! {
    /// A view as it is kept.
    #[derive(Debug, Clone)]
    pub struct KeptView {
        pub id: i64 = "w.id",
        pub kind: ViewKind = "w.kind",
        pub name: String = "w.name",
        pub filters: String = "w.filters",
        pub columns: String = "w.columns",
        pub sort: String = "w.sort",
        pub visibility: Visibility = "w.visibility",
        pub position: i64 = "w.position",
        pub owner_id: i64 = "w.owner_id",
        pub owner_name: String = "u.name",
        pub team_id: Option<i64> = "w.team_id",
        pub team_name: Option<String> = "t.name",
        pub version: i64 = "w.version",
    }
}

/// A list's filters, columns and order under a name (S33).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SavedView)]
pub struct View {
    /// Id.
    pub id: i64,
    /// `customers`.
    #[schema(value_type = String)]
    pub kind: ViewKind,
    /// 视图名称.
    pub name: String,
    /// The list's filters.
    pub filters: SavedFilter,
    /// Filters that mean nothing any more; the view opens without them.
    pub problems: Vec<FilterProblem>,
    /// The chosen columns in their order; empty for the usual ones.
    pub columns: Vec<String>,
    /// The order, as in the list's `sort`.
    pub sort: Option<String>,
    /// `private`, `team` or `public`.
    #[schema(value_type = String)]
    pub visibility: Visibility,
    /// Its place among the tabs.
    pub position: i64,
    /// Whether the reader's list opens with it.
    pub is_default: bool,
    /// Whose view it is.
    pub owner_id: i64,
    /// The owner's name.
    pub owner_name: String,
    /// The team that may use it.
    pub team_name: Option<String>,
    /// Whether the reader may change it.
    pub can_edit: bool,
    /// For `If-Match`.
    pub version: i64,
}

impl Versioned for View {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A view to be kept or changed.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = SavedViewDraft)]
pub struct ViewDraft {
    /// `customers`. Required.
    #[schema(value_type = Option<String>)]
    pub kind: Given<ViewKind>,
    /// 视图名称, 1–30 characters. Required.
    pub name: Given<String>,
    /// The list's filters.
    #[schema(value_type = Option<Object>)]
    pub filters: Given<SavedFilter>,
    /// Columns in their order; empty for the usual ones.
    pub columns: Given<Vec<String>>,
    /// As in the list's `sort`.
    pub sort: Given<String>,
    /// `private` (default), `team` or `public`.
    #[schema(value_type = Option<String>)]
    pub visibility: Given<Visibility>,
    /// Its place among the tabs, 0–9999; the last by default.
    pub position: Given<i64>,
}

/// The view a list is to open with.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = DefaultViewDraft)]
pub struct DefaultDraft {
    /// `customers`. Required.
    #[schema(value_type = Option<String>)]
    pub kind: Given<ViewKind>,
    /// The view; null for none.
    pub view_id: Given<i64>,
}
