//! What is done to many customers at once, and how it is told.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::customers::saved_filter::SavedFilter;
use crate::error::Error;
use crate::platform::draft::{Choice, Given};
use crate::platform::types::{Day, Instant, Lang};
use crate::{row, words};

words! {
    /// What can be done to many customers at once (S33).
    pub enum Action {
        /// 添加标签
        AddTag = "add_tag",
        /// 移除标签
        RemoveTag = "remove_tag",
        /// 转移负责人
        ChangeOwner = "change_owner",
        /// 加入分组
        AddToGroup = "add_to_group",
        /// 移出分组
        RemoveFromGroup = "remove_from_group",
        /// 创建任务
        CreateTasks = "create_tasks",
    }
}

impl Action {
    /// Its name on screen, as the words of messages and of the log want it.
    pub fn spoken(self) -> Value {
        let (zh, en) = match self {
            Action::AddTag => ("添加标签", "add a tag"),
            Action::RemoveTag => ("移除标签", "remove a tag"),
            Action::ChangeOwner => ("转移负责人", "change the owner"),
            Action::AddToGroup => ("加入分组", "add to a group"),
            Action::RemoveFromGroup => ("移出分组", "remove from a group"),
            Action::CreateTasks => ("创建任务", "create tasks"),
        };
        json!({ "zh": zh, "en": en })
    }
}

words! {
    /// How far a batch is.
    pub enum State {
        /// Counted, not begun.
        Previewed = "previewed",
        /// Under way.
        Running = "running",
        /// Every row was tried.
        Done = "done",
    }
}

/// What to do to which customers.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BatchDraft {
    /// To run what was previewed: its token, with nothing else but `expected_count`.
    pub preview_token: Given<String>,
    /// Customers by id or number, at most 1,000.
    pub ids: Given<Vec<Choice>>,
    /// Or: the list's filters; `{}` for everything in sight.
    #[schema(value_type = Option<Object>)]
    pub filter: Given<SavedFilter>,
    /// `add_tag`, `remove_tag`, `change_owner`, `add_to_group`, `remove_from_group`, `create_tasks`.
    #[schema(value_type = Option<String>)]
    pub action: Given<Action>,
    /// For tags: id or name; `add_tag` makes a new one of a new name.
    pub tag: Given<Choice>,
    /// For `change_owner`.
    pub owner_id: Given<i64>,
    /// For groups: a static group of one's own.
    pub group_id: Given<i64>,
    /// For tasks: the key of a value of the dictionary `task_kind`.
    pub kind: Given<String>,
    /// For tasks: 任务内容.
    pub content: Given<String>,
    /// For tasks: later than today.
    pub due_date: Given<Day>,
    /// For tasks: `owner` for each customer's owner, or a person's id.
    pub assignee: Given<Choice>,
    /// How many customers are meant; another number is refused with `COUNT_CHANGED`.
    pub expected_count: Given<i64>,
}

/// What is to be done, checked and kept until it is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Deed {
    /// `new` names a tag that is made when the batch begins.
    AddTag {
        tag_id: i64,
        new: Option<String>,
    },
    RemoveTag {
        tag_id: i64,
    },
    ChangeOwner {
        owner_id: i64,
    },
    AddToGroup {
        group_id: i64,
    },
    RemoveFromGroup {
        group_id: i64,
    },
    CreateTasks {
        kind: String,
        content: String,
        due_date: String,
        assignee_id: Option<i64>,
    },
}

impl Deed {
    /// Its word.
    pub fn action(&self) -> Action {
        match self {
            Deed::AddTag { .. } => Action::AddTag,
            Deed::RemoveTag { .. } => Action::RemoveTag,
            Deed::ChangeOwner { .. } => Action::ChangeOwner,
            Deed::AddToGroup { .. } => Action::AddToGroup,
            Deed::RemoveFromGroup { .. } => Action::RemoveFromGroup,
            Deed::CreateTasks { .. } => Action::CreateTasks,
        }
    }
}

/// Why one customer was left out, in both languages: it is read later than it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub code: String,
    pub zh: String,
    pub en: String,
}

impl Reason {
    /// A reason in its own words.
    pub fn new(code: &str, zh: &str, en: &str) -> Reason {
        Reason { code: code.into(), zh: zh.into(), en: en.into() }
    }

    /// The rule that kept a verb from acting on one customer; `None` for what must stop the whole batch.
    pub fn of(error: &Error) -> Option<Reason> {
        match error {
            Error::Invalid(fields) => {
                let (_, code) = fields.iter().next()?;
                Some(Reason { code: code.code().into(), zh: code.message(Lang::Zh), en: code.message(Lang::En) })
            }
            Error::NotFound => Some(Reason::new("NOT_FOUND", "客户已不存在或您已无权查看", "The customer is gone or out of your sight")),
            Error::Forbidden => Some(Reason::new("NOT_EDITABLE", "您已无权编辑该客户", "You may not edit this customer any more")),
            Error::Refused(_) => {
                let text = |lang| error.problem(lang, "")["detail"].as_str().unwrap_or_default().to_owned();
                let code = error.problem(Lang::Zh, "")["code"].as_str().unwrap_or_default().to_owned();
                Some(Reason { code, zh: text(Lang::Zh), en: text(Lang::En) })
            }
            _ => None,
        }
    }

    /// In the reader's language.
    pub fn told(&self, lang: Lang) -> String {
        if lang == Lang::Zh { self.zh.clone() } else { self.en.clone() }
    }
}

row! {
    /// A batch as it is kept.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub id: i64 = "b.id",
        pub user_id: i64 = "b.user_id",
        pub team_id: Option<i64> = "b.team_id",
        pub deed: String = "b.deed",
        pub state: State = "b.state",
        pub total: i64 = "b.total",
        pub created_at: Instant = "b.created_at",
        pub finished_at: Instant = "b.finished_at",
    }
}

row! {
    /// A customer of a batch in a few words.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct BatchCustomer {
        /// Id.
        pub id: i64 = "c.id",
        /// 客户编号.
        pub number: String = "c.number",
        /// 客户名称.
        pub name: String = "c.name",
        /// 负责人.
        pub owner_name: Option<String> = "u.name",
    }
}

/// Customers that were left out or failed, by reason.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LeftOut {
    /// A stable word.
    pub code: String,
    /// The reason in the reader's language.
    pub message: String,
    /// How many customers.
    pub count: i64,
    /// Some of them, as far as the reader sees them.
    pub customers: Vec<BatchCustomer>,
}

/// What a batch would do (S33): exactly `count` customers are acted upon with this token.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BatchPreview)]
pub struct Preview {
    /// Runs what was counted; good for 30 minutes.
    pub preview_token: String,
    /// How many customers will be acted upon.
    pub count: i64,
    /// For tasks and owners: how many people get something.
    pub people: i64,
    /// Customers that were asked for and cannot be acted upon.
    pub left_out: Vec<LeftOut>,
    /// The first of those that will be acted upon.
    pub customers: Vec<BatchCustomer>,
}

/// How far a batch is and how it went.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Batch {
    /// Id.
    pub id: i64,
    /// `add_tag`, `remove_tag` …
    #[schema(value_type = String)]
    pub action: Action,
    /// `previewed`, `running` or `done`.
    #[schema(value_type = String)]
    pub state: State,
    /// How many customers are meant.
    pub total: i64,
    /// How many were acted upon.
    pub done: i64,
    /// How many could not be.
    pub failed: i64,
    /// Why, by reason.
    pub failures: Vec<LeftOut>,
    /// When it was previewed.
    pub created_at: Instant,
    /// When the last customer was tried.
    pub finished_at: Option<Instant>,
}
