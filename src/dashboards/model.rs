//! What a board and its tiles are.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::question::{Question, QuestionDraft};
use crate::error::Result;
use crate::identity::audience::Visibility;
use crate::platform::draft::{Given, Input};
use crate::platform::http::Versioned;
use crate::platform::types::FieldCode;
use crate::platform::work::{Actor, Reach, Work};
use crate::{row, words};

words! {
    /// The boards the product brings along (I29).
    pub enum Standard {
        /// 销售: own target, own pipeline, own tasks.
        Rep = "rep",
        /// 销售经理: what the team needs first.
        Manager = "manager",
        /// 管理层: the company.
        Boss = "boss",
    }
}

impl Standard {
    /// The one made for whoever sees so much.
    pub fn of(actor: &Actor) -> Standard {
        match actor.reach {
            Reach::Own => Standard::Rep,
            Reach::Teams(_) => Standard::Manager,
            Reach::All => Standard::Boss,
        }
    }
}

words! {
    /// How a tile shows its report.
    pub enum TileShape {
        /// One figure of all, large, the others below it.
        Number = "number",
        /// Bars; a funnel where the report is one.
        Bar = "bar",
        /// Lines.
        Line = "line",
        /// The table.
        Table = "table",
    }
}

impl TileShape {
    /// Quarters of the page it takes unless asked otherwise.
    pub fn usual_width(self) -> i64 {
        match self {
            TileShape::Number => 1,
            TileShape::Bar | TileShape::Line => 2,
            TileShape::Table => 4,
        }
    }
}

/// A tile as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptTile {
    pub name: String,
    pub question: Question,
    pub shape: TileShape,
    pub column: Option<String>,
    pub width: i64,
}

/// A tile of a board: a question to a report, and how its answer is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DashboardTile)]
pub struct Tile {
    /// What it is called.
    pub name: String,
    /// What it asks.
    pub question: Question,
    /// `number`, `bar`, `line` or `table`.
    #[schema(value_type = String)]
    pub shape: TileShape,
    /// Of a number: the column of the report that is shown large.
    pub column: Option<String>,
    /// Quarters of the page's width, 1–4.
    pub width: i64,
    /// The text behind the question mark of the report's address, as of today: the answer is read there, with the reader's own scope.
    pub asked: String,
}

impl Tile {
    /// As of today.
    pub fn shown(work: &Work, kept: &KeptTile) -> Tile {
        let KeptTile { name, question, shape, column, width } = kept.clone();
        let asked = question.asked(work.today());
        Tile { name, question, shape, column, width, asked }
    }
}

row! {
    /// A board as it is kept.
    #[derive(Debug, Clone)]
    pub struct KeptBoard {
        pub id: i64 = "b.id",
        pub name: String = "b.name",
        pub tiles: String = "b.tiles",
        pub visibility: Visibility = "b.visibility",
        pub owner_id: i64 = "b.owner_id",
        pub owner_name: String = "u.name",
        pub team_id: Option<i64> = "b.team_id",
        pub team_name: Option<String> = "t.name",
        pub version: i64 = "b.version",
    }
}

impl KeptBoard {
    /// Its tiles in their order.
    pub fn tiles(&self) -> Result<Vec<KeptTile>> {
        Ok(serde_json::from_str(&self.tiles)?)
    }
}

/// A board (I29).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Dashboard)]
pub struct Board {
    /// Id; null for one the product brings along.
    pub id: Option<i64>,
    /// `rep`, `manager` or `boss` for one the product brings along.
    #[schema(value_type = Option<String>)]
    pub standard: Option<Standard>,
    /// 仪表盘名称.
    pub name: String,
    /// The tiles in their order, 20 at most.
    pub tiles: Vec<Tile>,
    /// `private`, `team` or `public`; whoever reads it sees figures of his or her own scope.
    #[schema(value_type = String)]
    pub visibility: Visibility,
    /// The team that may use it.
    pub team_id: Option<i64>,
    /// The team's name.
    pub team_name: Option<String>,
    /// Whose board it is.
    pub owner_id: Option<i64>,
    /// The owner's name.
    pub owner_name: Option<String>,
    /// Whether the reader may change it.
    pub can_edit: bool,
    /// For `If-Match`.
    pub version: i64,
}

impl Versioned for Board {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A board in the list of boards.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DashboardBrief)]
pub struct BoardBrief {
    /// Id.
    pub id: i64,
    /// 仪表盘名称.
    pub name: String,
    /// How many tiles it has.
    pub tile_count: i64,
    /// `private`, `team` or `public`.
    #[schema(value_type = String)]
    pub visibility: Visibility,
    /// The team that may use it.
    pub team_name: Option<String>,
    /// Whose board it is.
    pub owner_id: i64,
    /// The owner's name.
    pub owner_name: String,
    /// Whether the reader may change it.
    pub can_edit: bool,
    /// For `If-Match`.
    pub version: i64,
}

/// One of the product's own boards.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StandardDashboard)]
pub struct StandardBoard {
    /// `rep`, `manager` or `boss`.
    #[schema(value_type = String)]
    pub key: Standard,
    /// Its name in the reader's language.
    pub name: String,
}

/// The boards one may use.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Dashboards)]
pub struct Boards {
    /// Which of the product's own is made for the reader: `rep`, `manager` or `boss`.
    #[schema(value_type = String)]
    pub standard: Standard,
    /// The product's own; everybody may open each and sees what he or she may see.
    pub standards: Vec<StandardBoard>,
    /// One's own, then those of others, by name.
    pub items: Vec<BoardBrief>,
    /// True when others share more than are listed (300).
    pub more: bool,
}

/// A tile to be kept.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = DashboardTileDraft)]
pub struct TileDraft {
    /// 1–40 characters. Required.
    pub name: Given<String>,
    /// What it asks.
    pub question: QuestionDraft,
    /// `number`, `bar`, `line` or `table`. Required.
    #[schema(value_type = Option<String>)]
    pub shape: Given<TileShape>,
    /// Of a number: the key of the column shown large.
    pub column: Given<String>,
    /// Quarters of the page's width, 1–4.
    pub width: Given<i64>,
}

impl Input for TileDraft {
    fn from_json(value: Value) -> Result<TileDraft, FieldCode> {
        serde_json::from_value(value).map_err(|_| FieldCode::WrongType)
    }

    fn from_text(_: &str) -> Result<TileDraft, FieldCode> {
        Err(FieldCode::WrongType)
    }
}

/// A board to be kept or changed.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = DashboardDraft)]
pub struct BoardDraft {
    /// 仪表盘名称, 1–30 characters. Required.
    pub name: Given<String>,
    /// All tiles in their order, 20 at most.
    #[schema(value_type = Option<Vec<TileDraft>>)]
    pub tiles: Given<Vec<TileDraft>>,
    /// `private` (default), `team` or `public`.
    #[schema(value_type = Option<String>)]
    pub visibility: Given<Visibility>,
    /// The team that may use it: one's own or one below; the one worked in when left out.
    pub team_id: Given<i64>,
}
