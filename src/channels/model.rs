//! Ways out of the house, what goes over them, and what one can say about them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Result;
use crate::platform::draft::Given;
use crate::platform::http::Versioned;
use crate::platform::secrets::SecretKey;
use crate::platform::types::{Instant, Lang};
use crate::{row, words};

words! {
    /// A way on which a reminder reaches its reader (I13).
    #[derive(PartialOrd, Ord)]
    pub enum ChannelKind {
        /// 站内: the message centre.
        InApp = "in_app",
        /// 邮件
        Email = "email",
        /// 企业微信群机器人
        WeCom = "wecom",
        /// 钉钉群机器人
        DingTalk = "dingtalk",
        /// 飞书群机器人
        Feishu = "feishu",
        /// A signed call to a program.
        Webhook = "webhook",
    }
}

impl ChannelKind {
    /// True for the bots of a chat group.
    pub fn is_bot(self) -> bool {
        matches!(self, ChannelKind::WeCom | ChannelKind::DingTalk | ChannelKind::Feishu)
    }

    /// The pause the provider wants between two messages, ms: 企业微信 and 钉钉 take 20 a minute, 飞书 100 a minute and 5 a second.
    pub fn pause_ms(self) -> i64 {
        match self {
            ChannelKind::WeCom | ChannelKind::DingTalk => 3_100,
            ChannelKind::Feishu => 620,
            _ => 0,
        }
    }

    /// The hosts of the provider; none for kinds whose address is the company's own.
    pub fn hosts(self) -> &'static [&'static str] {
        match self {
            ChannelKind::WeCom => &["qyapi.weixin.qq.com"],
            ChannelKind::DingTalk => &["oapi.dingtalk.com"],
            ChannelKind::Feishu => &["open.feishu.cn", "open.larksuite.com"],
            _ => &[],
        }
    }
}

words! {
    /// What messages are about, as a person chooses among them.
    #[derive(PartialOrd, Ord)]
    pub enum Topic {
        /// A planned follow-up is near (S45).
        PlanReminder = "plan_reminder",
        /// Plans given to or taken from the reader.
        Plans = "plans",
        /// Tasks given, passed on, done, postponed (S61).
        Tasks = "tasks",
        /// Overdue tasks (I4).
        Overdue = "overdue",
        /// Customers and opportunities that come and go.
        HandOvers = "hand_overs",
        /// Comments that mention the reader (S4).
        Comments = "comments",
        /// Reports of people's work, submitted or missing (I35).
        WorkReports = "work_reports",
        /// Notices to the company or a team (I62).
        Notices = "notices",
        /// The work of the day, on working days at 08:30 (I14).
        Daily = "daily",
        /// Customers nobody has spoken to for long (I15).
        Silence = "silence",
        /// Expected closing dates that passed, shares that end (I16).
        Expiry = "expiry",
    }
}

/// A message about to leave the house.
#[derive(Debug, Clone)]
pub struct Message {
    /// Whom it is for.
    pub user_id: i64,
    /// What it is about, for the reader's choice.
    pub topic: Topic,
    /// Its kind, for programs.
    pub kind: &'static str,
    /// Title and body in Chinese.
    pub zh: (String, String),
    /// Title and body in English.
    pub en: (String, String),
    /// A path of the page.
    pub link: String,
    /// What it is about: kind and id of a record.
    pub about: (&'static str, i64),
    /// When it should reach its reader.
    pub due_at: Instant,
    /// Quiet hours do not hold it back beyond this moment.
    pub latest: Option<Instant>,
    /// The same message has the same key.
    pub key: String,
}

impl Message {
    /// Title and body.
    pub fn words(&self, lang: Lang) -> (&str, &str) {
        let (title, body) = if lang == Lang::Zh { &self.zh } else { &self.en };
        (title, body)
    }
}

row! {
    /// A way that may lead to a reader.
    #[derive(Debug, Clone)]
    pub struct Way {
        pub id: i64,
        pub kind: ChannelKind,
        pub user_id: i64,
        pub team_id: i64,
        pub topics: String,
    }
}

impl Way {
    /// Whether the administrator lets messages of this topic out here.
    pub fn wants(&self, topic: Topic) -> bool {
        topics_of(&self.topics).contains(&topic)
    }
}

/// Topics as they are kept.
pub fn topics_of(text: &str) -> Vec<Topic> {
    let words: Vec<String> = serde_json::from_str(text).unwrap_or_default();
    words.iter().filter_map(|word| Topic::from_word(word)).collect()
}

/// Who reads a message.
#[derive(Debug, Clone)]
pub struct Reader {
    pub name: String,
    pub email: String,
    pub language: String,
    pub team_ids: Vec<i64>,
}

words! {
    /// How the mail server is spoken to.
    pub enum SmtpSecurity {
        /// Encrypted from the first byte, usually port 465.
        Tls = "tls",
        /// Encrypted after a greeting, usually port 587.
        StartTls = "starttls",
        /// In the open; only for hosts the configuration names as the company's own.
        None = "none",
    }
}

/// The mail server.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How it is spoken to.
    #[schema(value_type = String)]
    pub security: SmtpSecurity,
    /// The account; empty for none.
    pub user: String,
    /// The sender's address.
    pub from: String,
}

const SEALED_URL: &str = "channels.url";
const SEALED_SECRET: &str = "channels.secret";

row! {
    /// A channel as it is kept, its address and its secret sealed.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub id: i64 = "h.id",
        pub kind: ChannelKind = "h.kind",
        pub user_id: i64 = "h.user_id",
        pub team_id: i64 = "h.team_id",
        pub name: String = "h.name",
        /// Sealed: the rest of a bot's address is its key.
        pub url: String = "h.url",
        pub host: String = "h.host",
        /// Sealed.
        pub secret: String = "h.secret",
        pub smtp: String = "h.smtp",
        pub topics: String = "h.topics",
        pub disabled: bool = "h.disabled",
        pub failures: i64 = "h.failures",
        pub last_error: String = "h.last_error",
        pub last_error_at: Instant = "h.last_error_at",
        pub last_sent_at: Instant = "h.last_sent_at",
        pub version: i64 = "h.version",
    }
}

impl Kept {
    /// The mail server, for e-mail.
    pub fn smtp(&self) -> Option<Smtp> {
        serde_json::from_str(&self.smtp).ok()
    }

    fn host(&self) -> String {
        match self.smtp() {
            Some(smtp) => smtp.host,
            None => self.host.clone(),
        }
    }

    /// The channel with its secrets opened: for sending, never for an answer.
    pub fn opened(&self, secrets: &SecretKey) -> Result<Kept> {
        Ok(Kept { url: secrets.open(SEALED_URL, &self.url)?, secret: secrets.open(SEALED_SECRET, &self.secret)?, ..self.clone() })
    }

    /// Keeps another address.
    pub fn set_url(&mut self, secrets: &SecretKey, url: &str) -> Result<()> {
        self.host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        self.url = secrets.seal(SEALED_URL, url)?;
        Ok(())
    }

    /// Keeps another secret; the empty one for none.
    pub fn set_secret(&mut self, secrets: &SecretKey, secret: &str) -> Result<()> {
        self.secret = secrets.seal(SEALED_SECRET, secret)?;
        Ok(())
    }
}

/// A channel of the company. Its address and secret go in and never come out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Channel {
    /// Id.
    pub id: i64,
    /// `email`, `wecom`, `dingtalk`, `feishu`, `webhook`.
    #[schema(value_type = String)]
    pub kind: ChannelKind,
    /// Name.
    pub name: String,
    /// Where it leads: the host alone, because the rest of a bot's address is its key.
    pub host: String,
    /// True when a secret (or the mail account's password) is kept.
    pub has_secret: bool,
    /// The mail server, for e-mail.
    pub smtp: Option<Smtp>,
    /// Bots: the team whose messages go there; null for everybody's.
    pub team_id: Option<i64>,
    /// What goes there; e-mail goes by every person's own choice.
    #[schema(value_type = Vec<String>)]
    pub topics: Vec<Topic>,
    /// Switched off: messages wait.
    pub disabled: bool,
    /// Messages that wait.
    pub waiting: i64,
    /// Messages given up.
    pub dead: i64,
    /// Failures in a row.
    pub failures: i64,
    /// What went wrong last; empty when nothing ever did.
    pub last_error: String,
    /// When.
    pub last_error_at: Option<Instant>,
    /// When something was last sent.
    pub last_sent_at: Option<Instant>,
    /// For `If-Match`.
    pub version: i64,
}

impl Versioned for Channel {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A moment that may not have come yet.
pub fn some(at: Instant) -> Option<Instant> {
    (at.ms() > 0).then_some(at)
}

impl Kept {
    /// The channel as it may be shown.
    pub fn shown(&self, (waiting, dead): (i64, i64)) -> Channel {
        Channel {
            id: self.id,
            kind: self.kind,
            name: self.name.clone(),
            host: self.host(),
            has_secret: !self.secret.is_empty(),
            smtp: self.smtp(),
            team_id: (self.team_id > 0).then_some(self.team_id),
            topics: topics_of(&self.topics),
            disabled: self.disabled,
            waiting,
            dead,
            failures: self.failures,
            last_error: self.last_error.clone(),
            last_error_at: some(self.last_error_at),
            last_sent_at: some(self.last_sent_at),
            version: self.version,
        }
    }

    /// A bot of one's own.
    pub fn own(&self) -> OwnBot {
        OwnBot {
            kind: self.kind,
            host: self.host(),
            has_secret: !self.secret.is_empty(),
            last_error: self.last_error.clone(),
            last_error_at: some(self.last_error_at),
            last_sent_at: some(self.last_sent_at),
        }
    }
}

/// A bot that tells only its owner.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnBot {
    /// `wecom`, `dingtalk`, `feishu`.
    #[schema(value_type = String)]
    pub kind: ChannelKind,
    /// Where it leads: the host alone.
    pub host: String,
    /// True when a secret is kept.
    pub has_secret: bool,
    /// What went wrong last.
    pub last_error: String,
    /// When.
    pub last_error_at: Option<Instant>,
    /// When something was last sent.
    pub last_sent_at: Option<Instant>,
}

/// A channel to be set up or changed; secrets left out stay as they are.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChannelDraft {
    /// `email`, `wecom`, `dingtalk`, `feishu`, `webhook`; never changes.
    #[schema(value_type = Option<String>)]
    pub kind: Given<ChannelKind>,
    /// Name, 1–50 characters.
    pub name: Given<String>,
    /// Address of a bot or webhook, https; write-only.
    pub url: Given<String>,
    /// Secret of a bot or webhook, or the mail account's password; write-only, null removes it.
    pub secret: Given<String>,
    /// Bots: the team whose messages go there; null for everybody's.
    pub team_id: Given<i64>,
    /// What goes there.
    #[schema(value_type = Option<Vec<String>>)]
    pub topics: Given<Vec<Topic>>,
    /// Switched off.
    pub disabled: Given<bool>,
    /// E-mail: the server's name.
    pub smtp_host: Given<String>,
    /// E-mail: its port.
    pub smtp_port: Given<i64>,
    /// E-mail: `tls`, `starttls`, `none`.
    #[schema(value_type = Option<String>)]
    pub smtp_security: Given<SmtpSecurity>,
    /// E-mail: the account; null for none.
    pub smtp_user: Given<String>,
    /// E-mail: the sender's address.
    pub smtp_from: Given<String>,
}

/// What came of a test message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tested {
    /// True when it was taken.
    pub sent: bool,
    /// Why not.
    pub error: String,
    /// The id it was sent under.
    pub message_id: String,
}
