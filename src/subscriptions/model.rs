//! What a subscription is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rhythm::{Hour, Rhythm};
use crate::channels::chosen::ChosenWay;
use crate::channels::ledger::State as LedgerState;
use crate::channels::model::ChannelKind;
use crate::dashboards::{Question, QuestionDraft};
use crate::platform::draft::Given;
use crate::platform::http::Versioned;
use crate::platform::types::{Instant, Lang};
use crate::{row, words};

words! {
    /// What became of a period.
    pub enum SendState {
        /// It is being put together.
        Waiting = "waiting",
        /// It is on its way; the channel may be slow.
        Posted = "posted",
        /// The channel has taken it.
        Sent = "sent",
        /// The channel refused it, or it could not be put together.
        Failed = "failed",
        /// It was not sent, and the reason says why.
        Skipped = "skipped",
    }
}

words! {
    /// Why a period was not sent.
    pub enum Skip {
        /// The person is disabled.
        Disabled = "disabled",
        /// The role has lost its right to reports.
        NoRight = "no_right",
        /// The board is gone, or is shared no more.
        NoBoard = "no_board",
        /// The company sends no e-mail any more.
        NoMail = "no_mail",
        /// The person has no address any more.
        NoAddress = "no_address",
        /// The channel is gone, switched off, or no longer the person's to use.
        NoChannel = "no_channel",
        /// The next period came before this one was put together.
        Overtaken = "overtaken",
    }
}

row! {
    /// A subscription as it is kept.
    #[derive(Debug, Clone)]
    pub struct KeptSubscription {
        pub id: i64 = "s.id",
        pub user_id: i64 = "s.user_id",
        pub name: String = "s.name",
        pub dashboard_id: i64 = "s.dashboard_id",
        pub question: String = "s.question",
        pub channel_id: i64 = "s.channel_id",
        pub rhythm: Rhythm = "s.rhythm",
        pub on_day: i64 = "s.on_day",
        pub at_minute: i64 = "s.at_minute",
        pub language: String = "s.language",
        pub paused: bool = "s.paused",
        pub next_at: Instant = "s.next_at",
        pub version: i64 = "s.version",
    }
}

impl KeptSubscription {
    /// When it is sent.
    pub fn hour(&self) -> Hour {
        Hour { rhythm: self.rhythm, on_day: self.on_day, at_minute: self.at_minute }
    }

    /// The language of the subscriber.
    pub fn lang(&self) -> Lang {
        if self.language == Lang::En.tag() { Lang::En } else { Lang::Zh }
    }

    /// What is asked of a report, when it is no board.
    pub fn question(&self) -> Option<Question> {
        serde_json::from_str(&self.question).ok()
    }
}

row! {
    /// The newest period of a subscription.
    #[derive(Debug, Clone)]
    pub struct KeptSend {
        pub subscription_id: i64 = "d.subscription_id",
        pub state: SendState = "d.state",
        pub reason: String = "d.reason",
        pub due_at: Instant = "d.due_at",
        pub done_at: Instant = "d.done_at",
        pub letter: Option<LedgerState> = "r.state",
        pub letter_reason: Option<String> = "r.reason",
        pub sent_at: Option<Instant> = "r.sent_at",
    }
}

/// What became of the newest period.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SubscriptionSend)]
pub struct LastSend {
    /// `waiting`, `posted`, `sent`, `failed`, `skipped`.
    #[schema(value_type = String)]
    pub state: SendState,
    /// Skipped: `disabled`, `no_right`, `no_board`, `no_mail`, `no_address`, `no_channel`, `overtaken`. Failed: what went wrong.
    pub reason: String,
    /// When it was due.
    pub due_at: Instant,
    /// When that became of it.
    pub at: Option<Instant>,
}

impl KeptSend {
    /// As the ledger of messages has it once it is on its way.
    pub fn shown(&self) -> LastSend {
        let some = |at: Instant| (at.ms() > 0).then_some(at);
        let (state, reason, at) = match (self.state, self.letter) {
            (SendState::Posted, Some(LedgerState::Sent | LedgerState::Seen)) => {
                (SendState::Sent, String::new(), self.sent_at.and_then(some))
            }
            // On its way it met what would have kept it from being posted.
            (SendState::Posted, Some(LedgerState::Cancelled)) if self.letter_reason.as_deref().and_then(Skip::from_word).is_some() => {
                (SendState::Skipped, self.letter_reason.clone().unwrap_or_default(), some(self.done_at))
            }
            (SendState::Posted, Some(LedgerState::Failed | LedgerState::Cancelled | LedgerState::Skipped)) => {
                (SendState::Failed, self.letter_reason.clone().unwrap_or_default(), some(self.done_at))
            }
            (state, _) => (state, self.reason.clone(), some(self.done_at)),
        };
        LastSend { state, reason, due_at: self.due_at, at }
    }
}

/// A report or a board that is sent to its subscriber again and again (I31).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Subscription {
    /// Id.
    pub id: i64,
    /// What it is called; also the title of what is sent.
    pub name: String,
    /// The board; null for a report.
    pub dashboard_id: Option<i64>,
    /// What is asked of the report; null for a board.
    pub question: Option<Question>,
    /// The channel; 0 for e-mail to one's own address.
    pub channel_id: i64,
    /// The channel, if it can be used now.
    pub channel: Option<ChosenWay>,
    /// `weekly` or `monthly`.
    #[schema(value_type = String)]
    pub rhythm: Rhythm,
    /// Weekly: 1 (Monday) to 7. Monthly: 1 to 31; shorter months take their last day.
    pub on_day: i64,
    /// `08:30`, by the business clock.
    pub at: String,
    /// Nothing is sent until it goes on.
    pub paused: bool,
    /// When it is sent next; null while it pauses.
    pub next_at: Option<Instant>,
    /// What became of the newest period; null before the first.
    pub last: Option<LastSend>,
    /// For `If-Match`.
    pub version: i64,
}

impl Versioned for Subscription {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A subscription to be kept or changed.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SubscriptionDraft {
    /// What it is called, 1–60 characters; the title of board or report when left out.
    pub name: Given<String>,
    /// The board; it or `question`, and neither changes.
    pub dashboard_id: Given<i64>,
    /// What is asked of a report; it or `dashboard_id`.
    pub question: Option<QuestionDraft>,
    /// The channel; 0 (as when left out) for e-mail to one's own address.
    pub channel_id: Given<i64>,
    /// `weekly` or `monthly`. Required.
    #[schema(value_type = Option<String>)]
    pub rhythm: Given<Rhythm>,
    /// Weekly: 1 (Monday) to 7. Monthly: 1 to 31. Required.
    pub on_day: Given<i64>,
    /// `08:30`, by the business clock. Required.
    pub at: Given<String>,
    /// Whether it pauses.
    pub paused: Given<bool>,
}

row! {
    /// A subscription as whoever runs the product sees it: whose, when and whether it works, never what it says.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct SubscriptionLine {
        /// Id.
        pub id: i64 = "s.id",
        /// Whose it is.
        pub user_id: i64 = "s.user_id",
        /// The person's name.
        pub user_name: String = "u.name",
        /// Whether the person is active.
        pub is_active: bool = "u.status = 'active'",
        /// Whether it is a board; else a report.
        pub is_dashboard: bool = "s.dashboard_id > 0",
        /// The kind of channel; null when that is gone.
        #[schema(value_type = Option<String>)]
        pub channel: Option<ChannelKind> = "case when s.channel_id = 0 then 'email' else h.kind end",
        /// `weekly` or `monthly`.
        #[schema(value_type = String)]
        pub rhythm: Rhythm = "s.rhythm",
        /// Weekly: 1 (Monday) to 7. Monthly: 1 to 31.
        pub on_day: i64 = "s.on_day",
        /// Whether it pauses.
        pub paused: bool = "s.paused",
        /// When it is sent next, unless it pauses.
        pub next_at: Instant = "s.next_at",
    }
}

/// A subscription with what became of its newest period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubscriptionOverview {
    /// Whose, when, over what.
    #[serde(flatten)]
    pub line: SubscriptionLine,
    /// What became of the newest period; null before the first.
    pub last: Option<LastSend>,
}

row! {
    /// A period that is to be put together.
    #[derive(Debug, Clone)]
    pub struct KeptPeriod {
        pub id: i64 = "d.id",
        pub subscription_id: i64 = "d.subscription_id",
        pub period: String = "d.period",
        pub due_at: Instant = "d.due_at",
        pub attempts: i64 = "d.attempts",
        pub fence: i64 = "d.fence",
    }
}
