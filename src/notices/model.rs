//! What a notice is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Fields, Result};
use crate::platform::draft::Given;
use crate::platform::http::Versioned;
use crate::platform::types::{FieldCode, Instant, name};
use crate::platform::work::{Reach, Work};
use crate::{row, words};

/// Characters of a title and of a text.
const TITLE: usize = 100;
const TEXT: usize = 5_000;

words! {
    /// For whom a notice is.
    pub enum Audience {
        /// 全公司: everybody.
        All = "all",
        /// 团队: the members of a team and of those below it.
        Team = "team",
    }
}

row! {
    /// A notice as it was kept.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub id: i64 = "nt.id",
        pub title: String = "nt.title",
        pub body: String = "nt.body",
        pub team_id: i64 = "nt.team_id",
        pub team_name: Option<String> = "t.name",
        pub published_at: Instant = "nt.published_at",
        pub withdrawn_at: Instant = "nt.withdrawn_at",
        pub created_by: i64 = "nt.created_by",
        pub by_name: String = "u.name",
        pub version: i64 = "nt.version",
    }
}

/// How many of those a notice was published to have read it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ReadCount {
    /// How many have.
    pub read: i64,
    /// Of how many.
    pub readers: i64,
}

/// A notice (公告, I62).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Notice {
    /// Id.
    pub id: i64,
    /// One line.
    pub title: String,
    /// The whole text.
    pub text: String,
    /// `all` or `team`.
    #[schema(value_type = String)]
    pub audience: Audience,
    /// The team it is for.
    pub team_id: Option<i64>,
    /// Its name.
    pub team_name: Option<String>,
    /// Who published it.
    pub by_name: String,
    /// When it was published.
    pub published_at: Instant,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Instant>,
    /// True when it was published to the reader.
    pub is_for_me: bool,
    /// When the reader confirmed having read it.
    pub read_at: Option<Instant>,
    /// True when the reader may withdraw it and see who has read it.
    pub can_edit: bool,
    /// Who has read it, in figures; only for whoever may edit it.
    pub receipts: Option<ReadCount>,
    /// For `If-Match`.
    pub version: i64,
}

impl Versioned for Notice {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Kept {
    /// True for whoever published it, and for those who publish to the whole company.
    pub fn may_be_edited_by(&self, work: &Work) -> bool {
        work.actor.may("publish_notices") && (self.created_by == work.actor.user_id || work.actor.reach == Reach::All)
    }

    /// The notice as its reader sees it; `mine` is when he read it, 0 for not yet, `None` when it is not for him.
    pub fn shown(self, mine: Option<Instant>, receipts: Option<ReadCount>, can_edit: bool) -> Notice {
        let moment = |instant: Instant| (instant.ms() > 0).then_some(instant);
        Notice {
            id: self.id,
            title: self.title,
            text: self.body,
            audience: if self.team_id > 0 { Audience::Team } else { Audience::All },
            team_id: (self.team_id > 0).then_some(self.team_id),
            team_name: self.team_name,
            by_name: self.by_name,
            published_at: self.published_at,
            withdrawn_at: moment(self.withdrawn_at),
            is_for_me: mine.is_some(),
            read_at: mine.and_then(moment),
            can_edit,
            receipts: receipts.filter(|_| can_edit),
            version: self.version,
        }
    }
}

row! {
    /// Somebody a notice was published to.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    #[schema(as = NoticeReader)]
    pub struct Reader {
        /// The person.
        pub user_id: i64 = "r.user_id",
        /// The person's name.
        pub name: String = "u.name",
        /// When he or she confirmed having read it.
        pub read_at: Option<Instant> = "case when r.read_at > 0 then r.read_at end",
    }
}

/// A notice to be published.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NoticeDraft {
    /// 1–100 characters. Required.
    pub title: Given<String>,
    /// 1–5,000 characters. Required.
    pub text: Given<String>,
    /// `all` or `team`. Required.
    #[schema(value_type = Option<String>)]
    pub audience: Given<Audience>,
    /// For `team`: which one, within one's reach.
    pub team_id: Given<i64>,
}

/// A checked notice; team 0 is everybody.
#[derive(Debug)]
pub struct NewNotice {
    pub title: String,
    pub body: String,
    pub team_id: i64,
}

impl NoticeDraft {
    /// Checks it for somebody with this reach; every wrong field is named.
    pub fn check(self, reach: &Reach) -> Result<NewNotice> {
        let mut fields = Fields::default();
        let title = self.title.and_then(|text| name::text(&text, TITLE)).required("title", &mut fields);
        let body = self.text.and_then(|text| name::paragraph(&text, TEXT)).required("text", &mut fields);
        let team_id = match self.audience.required("audience", &mut fields) {
            Some(Audience::All) if *reach != Reach::All => {
                fields.add("audience", FieldCode::NotAllowed);
                None
            }
            Some(Audience::All) => Some(0),
            Some(Audience::Team) => self.team_id.required("team_id", &mut fields),
            None => None,
        };
        if let (Some(team), Reach::Teams(teams)) = (team_id, reach)
            && !teams.contains(&team)
        {
            fields.add("team_id", FieldCode::Unknown);
        }
        match (title, body, team_id) {
            (Some(title), Some(body), Some(team_id)) if fields.is_empty() => Ok(NewNotice { title, body, team_id }),
            _ => Err(Error::Invalid(fields)),
        }
    }
}
