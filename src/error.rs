//! Every way the product says no, and how it is written on the wire (RFC 9457, `application/problem+json`).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::platform::types::{FieldCode, Lang};

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: the request cannot be read.
    #[error("malformed request: {0}")]
    Malformed(String),
    /// 400: a body field or query parameter nobody knows.
    #[error("unknown field {0}")]
    UnknownField(String),
    /// 401: no session, or one that has ended.
    #[error("no session")]
    Unauthenticated,
    /// 401: wrong number, wrong password or disabled account, never told apart (S10).
    #[error("bad credentials")]
    BadCredentials,
    /// 403: the caller's role lacks the function, or the record is only shared for reading.
    #[error("forbidden")]
    Forbidden,
    /// 403: an API token asked for what only its owner may do.
    #[error("in person only")]
    InPersonOnly,
    /// 403: a new password has to be set first (S12).
    #[error("password change required")]
    PasswordChangeRequired,
    /// 403: the password was right, the team is not the caller's (S13).
    #[error("not a team member")]
    NotATeamMember,
    /// 403: an unsafe request that does not come from our own page.
    #[error("cross-site request")]
    CrossSite,
    /// 404: absent or out of scope; nobody can tell which.
    #[error("not found")]
    NotFound,
    /// 405: no such verb here.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// 408: the body did not arrive in time.
    #[error("too slow")]
    TooSlow,
    /// 409: the state of things forbids it.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// 412: somebody saved a newer version; carries the record as it is now.
    #[error("stale version")]
    Changed(Value),
    /// 413: too many bytes.
    #[error("too large")]
    TooLarge,
    /// 415: neither JSON nor multipart.
    #[error("unsupported media type")]
    UnsupportedMedia,
    /// 422: fields that break a rule, all of them.
    #[error("invalid: {0:?}")]
    Invalid(Fields),
    /// 428: an edit without `If-Match`.
    #[error("version required")]
    VersionRequired,
    /// 429: try again after so many seconds.
    #[error("too many attempts, wait {0} s")]
    TooMany(u64),
    /// 431: the request head has too many bytes.
    #[error("head too large")]
    HeadTooLarge,
    /// 503: the database or a queue is out of reach for the moment.
    #[error("unavailable")]
    Unavailable,
    /// 507: the disk is full; nothing was saved.
    #[error("storage full")]
    StorageFull,
    /// A lost race: run the unit of work again.
    #[error("lost a race")]
    LostRace,
    /// A unique index said no; a room maps it to its own refusal.
    #[error("not unique: {0}")]
    NotUnique(String),
    /// 500: our fault. The text goes to the log, never to the caller.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// Our own fault; `detail` is logged only.
    pub fn internal(detail: impl Into<String>) -> Error {
        Error::Internal(detail.into())
    }

    /// One field broke a rule.
    pub fn field(field: impl Into<String>, code: FieldCode) -> Error {
        let mut fields = Fields::default();
        fields.add(field, code);
        Error::Invalid(fields)
    }

    /// True for races that a second run does not lose.
    pub fn is_worth_another_try(&self) -> bool {
        matches!(self, Error::LostRace)
    }

    /// True when it is about who asks and not about what is asked.
    pub fn is_about_the_caller(&self) -> bool {
        matches!(self.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
    }

    /// The same failure for another one who shared it.
    pub(crate) fn again(&self) -> Error {
        match self {
            Error::StorageFull => Error::StorageFull,
            Error::Unavailable => Error::Unavailable,
            other => Error::Internal(other.to_string()),
        }
    }

    /// Maps a broken unique index, named by its table and first column, to what a room says about it.
    #[must_use]
    pub fn when_not_unique(self, index: &str, instead: impl FnOnce() -> Error) -> Error {
        match &self {
            Error::NotUnique(found) if found == index => instead(),
            _ => self,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Error::Malformed(_) | Error::UnknownField(_) => StatusCode::BAD_REQUEST,
            Error::Unauthenticated | Error::BadCredentials => StatusCode::UNAUTHORIZED,
            Error::Forbidden | Error::InPersonOnly | Error::PasswordChangeRequired | Error::NotATeamMember | Error::CrossSite => {
                StatusCode::FORBIDDEN
            }
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Error::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Error::Refused(_) => StatusCode::CONFLICT,
            Error::Changed(_) => StatusCode::PRECONDITION_FAILED,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::VersionRequired => StatusCode::PRECONDITION_REQUIRED,
            Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Error::Unavailable | Error::LostRace => StatusCode::SERVICE_UNAVAILABLE,
            Error::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
            Error::NotUnique(_) | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::Malformed(_) => "MALFORMED",
            Error::UnknownField(_) => "UNKNOWN_FIELD",
            Error::Unauthenticated => "UNAUTHENTICATED",
            Error::BadCredentials => "BAD_CREDENTIALS",
            Error::Forbidden => "FORBIDDEN",
            Error::InPersonOnly => "IN_PERSON_ONLY",
            Error::PasswordChangeRequired => "PASSWORD_CHANGE_REQUIRED",
            Error::NotATeamMember => "NOT_A_TEAM_MEMBER",
            Error::CrossSite => "CROSS_SITE",
            Error::NotFound => "NOT_FOUND",
            Error::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Error::TooSlow => "TOO_SLOW",
            Error::Refused(refusal) => refusal.code(),
            Error::Changed(_) => "VERSION_CHANGED",
            Error::TooLarge => "TOO_LARGE",
            Error::UnsupportedMedia => "UNSUPPORTED_MEDIA_TYPE",
            Error::Invalid(_) => "INVALID_FIELDS",
            Error::VersionRequired => "VERSION_REQUIRED",
            Error::TooMany(_) => "TOO_MANY_ATTEMPTS",
            Error::HeadTooLarge => "HEAD_TOO_LARGE",
            Error::Unavailable | Error::LostRace => "UNAVAILABLE",
            Error::StorageFull => "STORAGE_FULL",
            Error::NotUnique(_) | Error::Internal(_) => "INTERNAL",
        }
    }

    fn detail(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Error::Malformed(reason) => {
                return both(lang, &format!("请求无法解析：{reason}"), &format!("The request cannot be read: {reason}"));
            }
            Error::UnknownField(name) => {
                return both(lang, &format!("不认识的字段或参数：{name}"), &format!("Unknown field or parameter: {name}"));
            }
            Error::Refused(refusal) => return refusal.detail(lang),
            Error::Invalid(fields) => return fields.summary(lang),
            Error::TooMany(seconds) => {
                return both(
                    lang,
                    &format!("尝试过于频繁，请 {seconds} 秒后再试"),
                    &format!("Too many attempts; try again in {seconds} s"),
                );
            }
            Error::Unauthenticated => ("请先登录", "Please log in"),
            Error::BadCredentials => ("工号或密码不正确", "Wrong employee number or password"),
            Error::Forbidden => ("您没有此项操作的权限", "You are not allowed to do this"),
            Error::InPersonOnly => ("API 令牌不能执行此操作，请登录后操作", "An API token cannot do this; log in to do it"),
            Error::PasswordChangeRequired => ("请先修改密码", "Please change your password first"),
            Error::NotATeamMember => ("您不属于该团队", "You are not a member of this team"),
            Error::CrossSite => ("请求来源不明，已拒绝", "Refused: the request does not come from this site"),
            Error::NotFound => ("内容不存在或无权访问", "It does not exist or you have no access to it"),
            Error::MethodNotAllowed => ("不支持这种请求方式", "This method is not supported here"),
            Error::TooSlow => ("请求发送超时，请检查网络后重试", "The request arrived too slowly; please try again"),
            Error::Changed(_) => {
                ("内容已被他人修改，请核对后再保存", "Somebody else has saved a newer version; please compare and save again")
            }
            Error::HeadTooLarge => ("请求头过大", "The request head is too large"),
            Error::TooLarge => ("内容过大；附件单个文件不超过 10MB", "Too large; an attachment may have at most 10 MB"),
            Error::UnsupportedMedia => ("只接受 JSON 或文件上传", "Only JSON or file uploads are accepted"),
            Error::VersionRequired => {
                ("缺少版本号（If-Match），请刷新后再保存", "The version (If-Match) is missing; please reload and save again")
            }
            Error::Unavailable | Error::LostRace => ("系统繁忙，请稍后再试", "The system is busy; please try again shortly"),
            Error::StorageFull => ("磁盘空间不足，本次内容没有保存", "The disk is full; nothing was saved"),
            Error::NotUnique(_) | Error::Internal(_) => {
                ("系统出错了，请把编号告诉管理员", "Something went wrong; please give the request id to your administrator")
            }
        };
        both(lang, zh, en)
    }

    /// The answer's body in the reader's language.
    pub fn problem(&self, lang: Lang, request_id: &str) -> Value {
        let status = self.status();
        let mut problem = json!({
            "type": "about:blank",
            "title": title(status, lang),
            "status": status.as_u16(),
            "code": self.code(),
            "detail": self.detail(lang),
            "request_id": request_id,
        });
        match self {
            Error::Invalid(fields) => problem["fields"] = fields.to_json(lang),
            Error::Changed(current) => problem["current"] = current.clone(),
            Error::Refused(refusal @ (Refusal::DuplicateName(hit) | Refusal::DuplicateCreditCode(hit))) => {
                let field = if matches!(refusal, Refusal::DuplicateName(_)) { "name" } else { "credit_code" };
                problem["fields"] = json!([{ "field": field, "code": refusal.code(), "message": refusal.detail(lang) }]);
                problem["hit"] = json!(hit);
            }
            Error::Refused(Refusal::ChooseOpportunity(candidates)) => problem["candidates"] = json!(candidates),
            _ => {}
        }
        problem
    }
}

fn both(lang: Lang, zh: &str, en: &str) -> String {
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    }
}

fn title(status: StatusCode, lang: Lang) -> String {
    let zh = match status.as_u16() {
        400 => "请求有误",
        401 => "未登录",
        403 => "没有权限",
        404 => "没有找到",
        405 => "方式不支持",
        408 => "请求超时",
        409 => "无法完成",
        412 => "版本冲突",
        413 => "内容过大",
        415 => "类型不支持",
        422 => "填写有误",
        428 => "缺少版本",
        429 => "请求过于频繁",
        431 => "请求头过大",
        503 => "暂时不可用",
        507 => "空间不足",
        _ => "系统错误",
    };
    both(lang, zh, status.canonical_reason().unwrap_or("Error"))
}

/// Lets the outermost layer write the body, which alone knows the reader's language and the request's id.
#[derive(Clone)]
pub struct Unwritten(pub std::sync::Arc<Error>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Error::Internal(detail) | Error::NotUnique(detail) = &self {
            tracing::error!(%detail, "internal error");
        }
        let mut response = self.status().into_response();
        let wait = match &self {
            Error::TooMany(seconds) => Some(*seconds),
            Error::Unavailable | Error::LostRace => Some(2),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Unwritten(std::sync::Arc::new(self)));
        response
    }
}

/// The body of every error answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`; programs go by `code`.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable word for programs, such as `DUPLICATE_NAME`.
    pub code: String,
    /// What a person should know, in the language of `Accept-Language`.
    pub detail: String,
    /// Names this request in the server's log.
    pub request_id: String,
    /// With 422: every field that broke a rule.
    pub fields: Option<Vec<FieldProblem>>,
    /// With `DUPLICATE_NAME`: the record that has the name, and nothing more than this about it.
    pub hit: Option<DuplicateHit>,
    /// With `CHOOSE_OPPORTUNITY`: what there is to choose from.
    pub candidates: Option<Vec<Candidate>>,
    /// With 412: the record as it is now.
    pub current: Option<Value>,
}

/// One field of a 422.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field's name in the body.
    pub field: String,
    /// A stable word, such as `REQUIRED`.
    pub code: String,
    /// What is wrong, in the reader's language.
    pub message: String,
}

/// All that may be said about a record someone else keeps (S15, S17).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DuplicateHit {
    /// The customer's number.
    pub number: String,
    /// Its owner.
    pub owner_name: Option<String>,
    /// The owner's team.
    pub team_name: Option<String>,
    /// Its phone, shortened; only for a hit on the phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// An opportunity that could be the one that was won (S29).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Candidate {
    /// Its id.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The stage it stands at.
    pub stage: String,
    /// Its expected amount.
    pub expected_amount: crate::platform::types::Money,
}

/// Something saved although it looks doubtful (S17, S36, S41).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Warning {
    /// A stable word: `SAME_PHONE`, `SAME_NAME`, `PLAN_OVERLAP`.
    pub code: &'static str,
    /// The field it is about.
    pub field: &'static str,
    /// What to look at, in the reader's language.
    pub message: String,
    /// The records it collides with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hits: Vec<DuplicateHit>,
}

impl Warning {
    /// A warning in the reader's language.
    pub fn new(code: &'static str, field: &'static str, lang: Lang, zh: &str, en: &str) -> Warning {
        Warning { code, field, message: both(lang, zh, en), hits: Vec::new() }
    }
}

/// Every business "no" that is not about one field (409).
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// S15: the folded name is taken.
    DuplicateName(DuplicateHit),
    /// S15: the credit code is taken.
    DuplicateCreditCode(DuplicateHit),
    /// S29: there are open opportunities; say which one was won.
    ChooseOpportunity(Vec<Candidate>),
    /// S28: the status `won` is only left or reached through its own verb.
    AlreadyWon,
    /// I51: someone must remain to administer.
    LastAdministrator,
    /// The team has members, children or records.
    TeamInUse,
    /// I61: a used value can be disabled, not deleted.
    ValueInUse,
    /// The answer carried a secret and is not kept.
    AlreadyDone,
    /// The opportunity is closed.
    OpportunityClosed,
    /// The plan is done or cancelled.
    PlanClosed,
    /// The notice was withdrawn before.
    NoticeWithdrawn,
    /// There is a report about these days.
    WorkReportExists,
    /// The report was submitted.
    WorkReportSubmitted,
    /// The comment is older than a day.
    CommentClosed,
    /// The task is done or cancelled.
    TaskClosed,
    /// The customer still has opportunities.
    CustomerInUse,
    /// S16: the main contact leaves only by naming another.
    PrimaryContact,
    /// The person still holds open work.
    OwnerInactive,
    /// The person works on the customer and so keeps reading it.
    SightNeeded,
    /// The opportunity's customer is in the recycle bin itself.
    CustomerDeleted,
    /// A merge that cannot be made, or taken back.
    NotMergeable(Unmergeable),
    /// I61: a value with a fixed word cannot be merged away.
    FixedValue,
    /// S33: what was counted is not what is there now.
    CountChanged(i64),
    /// S60: these records are not where they were when they were shown, or another's.
    RecordsMoved(Vec<String>),
    /// The preview of a batch has expired.
    PreviewExpired,
    /// The import is at another step.
    ImportBusy,
    /// The file of an export is not ready, or no longer there.
    ExportNotReady,
}

impl Refusal {
    /// The stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::DuplicateName(_) => "DUPLICATE_NAME",
            Refusal::DuplicateCreditCode(_) => "DUPLICATE_CREDIT_CODE",
            Refusal::ChooseOpportunity(_) => "CHOOSE_OPPORTUNITY",
            Refusal::AlreadyWon => "ALREADY_WON",
            Refusal::LastAdministrator => "LAST_ADMINISTRATOR",
            Refusal::TeamInUse => "TEAM_IN_USE",
            Refusal::ValueInUse => "VALUE_IN_USE",
            Refusal::AlreadyDone => "ALREADY_DONE",
            Refusal::OpportunityClosed => "OPPORTUNITY_CLOSED",
            Refusal::PlanClosed => "PLAN_CLOSED",
            Refusal::NoticeWithdrawn => "NOTICE_WITHDRAWN",
            Refusal::WorkReportExists => "WORK_REPORT_EXISTS",
            Refusal::WorkReportSubmitted => "WORK_REPORT_SUBMITTED",
            Refusal::CommentClosed => "COMMENT_CLOSED",
            Refusal::TaskClosed => "TASK_CLOSED",
            Refusal::CustomerInUse => "CUSTOMER_IN_USE",
            Refusal::PrimaryContact => "PRIMARY_CONTACT",
            Refusal::OwnerInactive => "OWNER_INACTIVE",
            Refusal::SightNeeded => "SIGHT_NEEDED",
            Refusal::CustomerDeleted => "CUSTOMER_DELETED",
            Refusal::NotMergeable(reason) => reason.code(),
            Refusal::FixedValue => "FIXED_VALUE",
            Refusal::CountChanged(_) => "COUNT_CHANGED",
            Refusal::RecordsMoved(_) => "RECORDS_MOVED",
            Refusal::PreviewExpired => "PREVIEW_EXPIRED",
            Refusal::ImportBusy => "IMPORT_BUSY",
            Refusal::ExportNotReady => "EXPORT_NOT_READY",
        }
    }

    fn detail(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Refusal::DuplicateName(hit) => {
                let [owner, team] = [&hit.owner_name, &hit.team_name].map(|name| name.as_deref().unwrap_or("—"));
                return both(
                    lang,
                    &format!("客户名称已存在：{}，负责人 {owner}，团队 {team}", hit.number),
                    &format!("This customer name exists: {}, owner {owner}, team {team}", hit.number),
                );
            }
            Refusal::DuplicateCreditCode(hit) => {
                return both(lang, &format!("统一社会信用代码已存在：{}", hit.number), &format!("This credit code exists: {}", hit.number));
            }
            Refusal::ChooseOpportunity(_) => (
                "该客户有未关闭的商机，请选择成交的是哪一个，或选择新建",
                "This customer has open opportunities; choose the one that was won, or a new one",
            ),
            Refusal::AlreadyWon => ("该客户已成交", "This customer is already won"),
            Refusal::LastAdministrator => ("至少要保留一名可用的管理员", "At least one active administrator must remain"),
            Refusal::TeamInUse => ("团队仍有成员、下级或业务数据，不能删除", "The team still has members, sub-teams or records"),
            Refusal::ValueInUse => ("该值已被使用，可以停用，不能删除", "The value is in use; it can be disabled, not deleted"),
            Refusal::AlreadyDone => ("该请求已执行过，密钥不会再次显示", "This was already done; its secret is not shown again"),
            Refusal::OpportunityClosed => ("商机已关闭", "The opportunity is closed"),
            Refusal::NoticeWithdrawn => ("公告已撤回", "The notice has been withdrawn"),
            Refusal::PlanClosed => ("跟进计划已完成或已取消", "The plan is done or cancelled"),
            Refusal::WorkReportExists => {
                ("这几天的报告已经写过，请打开它继续填写", "There is a report about these days; open it and write on")
            }
            Refusal::WorkReportSubmitted => ("报告已提交，不能再修改", "The report was submitted and stands as it is"),
            Refusal::CommentClosed => ("评论发表超过 24 小时，不能再修改或删除", "A comment can be changed or deleted for 24 hours only"),
            Refusal::TaskClosed => ("任务已完成或已取消", "The task is done or cancelled"),
            Refusal::CustomerInUse => ("该客户还有商机，不能删除", "The customer still has opportunities and cannot be deleted"),
            Refusal::PrimaryContact => ("请先指定另一位主联系人", "Name another main contact first"),
            Refusal::OwnerInactive => ("该人员已停用", "This person is disabled"),
            Refusal::SightNeeded => (
                "对方仍负责该客户的商机或跟进计划，请先转交",
                "This person still owns an opportunity or a plan of the customer; hand those over first",
            ),
            Refusal::CustomerDeleted => {
                ("所属客户在回收站中，请先恢复客户", "Its customer is in the recycle bin; restore the customer first")
            }
            Refusal::NotMergeable(reason) => reason.words(),
            Refusal::FixedValue => ("系统内置值不能合并到其他值，可以停用", "A built-in value cannot be merged away; it can be disabled"),
            Refusal::CountChanged(count) => {
                return both(
                    lang,
                    &format!("数量已变化，现在是 {count} 条，请重新预览"),
                    &format!("The number has changed to {count}; please preview again"),
                );
            }
            Refusal::RecordsMoved(names) => {
                let shown = |between| names.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(between);
                return both(
                    lang,
                    &format!("预览之后，{} 条记录的区域、阶段或负责人已变化，请重新预览：{}", names.len(), shown("、")),
                    &format!(
                        "Region, stage or owner of {} records changed after the preview; please preview again: {}",
                        names.len(),
                        shown(", ")
                    ),
                );
            }
            Refusal::PreviewExpired => ("预览已过期，请重新预览", "The preview has expired; please preview again"),
            Refusal::ImportBusy => ("导入正在进行或已结束，不能这样操作", "The import is at another step; this cannot be done now"),
            Refusal::ExportNotReady => ("导出文件尚未生成或已过期", "The file is not ready yet, or has expired"),
        };
        both(lang, zh, en)
    }
}

/// Why two customers cannot become one, or two again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmergeable {
    /// Together they have more contacts than a customer can have.
    TooManyContacts,
    /// The merge was taken back already.
    AlreadyUndone,
    /// More than seven days have passed.
    TooLate,
    /// The kept record was merged into another one, or deleted, since.
    WinnerGone,
    /// A later merge into the same record has to be taken back first.
    LaterMerge,
    /// The kept record would be left without a contact.
    NoContactLeft,
}

impl Unmergeable {
    fn code(self) -> &'static str {
        match self {
            Unmergeable::TooManyContacts => "TOO_MANY_CONTACTS",
            Unmergeable::AlreadyUndone => "MERGE_ALREADY_UNDONE",
            Unmergeable::TooLate => "MERGE_TOO_OLD",
            Unmergeable::WinnerGone => "MERGE_TARGET_GONE",
            Unmergeable::LaterMerge => "LATER_MERGE",
            Unmergeable::NoContactLeft => "NO_CONTACT_LEFT",
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Unmergeable::TooManyContacts => ("两个客户的联系人合计超过 100 位，不能合并", "Together they have more than 100 contacts"),
            Unmergeable::AlreadyUndone => ("该合并已撤销", "This merge was already undone"),
            Unmergeable::TooLate => ("合并已超过 7 天，不能撤销", "A merge can be undone within 7 days only"),
            Unmergeable::WinnerGone => {
                ("保留的客户之后又被合并或删除，请先恢复它", "The kept customer was merged or deleted since; restore it first")
            }
            Unmergeable::LaterMerge => {
                ("之后还有其他客户并入，请先撤销较晚的合并", "Another customer was merged in later; undo that merge first")
            }
            Unmergeable::NoContactLeft => {
                ("撤销后保留的客户将没有联系人，请先新增一位", "The kept customer would have no contact left; add one first")
            }
        }
    }
}

/// The fields of one body that broke a rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields(Vec<(String, FieldCode)>);

impl Fields {
    /// Adds a finding.
    pub fn add(&mut self, field: impl Into<String>, code: FieldCode) {
        self.0.push((field.into(), code));
    }

    /// The same findings, about members of `field`.
    #[must_use]
    pub fn under(self, field: &str) -> Fields {
        Fields(self.0.into_iter().map(|(name, code)| (format!("{field}.{name}"), code)).collect())
    }

    /// What was found, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FieldCode)> {
        self.0.iter().map(|(name, code)| (name.as_str(), code))
    }

    /// True when nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These findings and more.
    #[must_use]
    pub fn and(mut self, more: Fields) -> Fields {
        self.0.extend(more.0);
        self
    }

    /// These findings but those about one field.
    #[must_use]
    pub fn without(mut self, field: &str) -> Fields {
        self.0.retain(|(own, _)| own != field);
        self
    }

    /// Keeps a good value, notes a bad one.
    pub fn keep<T>(&mut self, field: &str, outcome: Result<T, FieldCode>) -> Option<T> {
        outcome.map_err(|code| self.add(field, code)).ok()
    }

    /// `Ok` when nothing was found.
    pub fn into_result(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }

    fn to_json(&self, lang: Lang) -> Value {
        self.0.iter().map(|(field, code)| json!({ "field": field, "code": code.code(), "message": code.message(lang) })).collect()
    }

    fn summary(&self, lang: Lang) -> String {
        let parts: Vec<String> = self.0.iter().map(|(field, code)| format!("{field}: {}", code.message(lang))).collect();
        parts.join("; ")
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        use rusqlite::ErrorCode;
        if let rusqlite::Error::SqliteFailure(failure, message) = &error {
            match failure.code {
                ErrorCode::DiskFull => return Error::StorageFull,
                ErrorCode::OperationInterrupted | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => return Error::Unavailable,
                ErrorCode::ConstraintViolation => {
                    if let Some(columns) = message.as_deref().and_then(|text| text.strip_prefix("UNIQUE constraint failed: ")) {
                        return Error::NotUnique(columns.split(", ").next().unwrap_or_default().to_owned());
                    }
                }
                _ => {}
            }
        }
        Error::Internal(format!("sqlite: {error}"))
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Error {
        use postgres::error::SqlState;
        let Some(failure) = error.as_db_error() else {
            tracing::warn!(%error, "the database connection failed");
            return if error.is_closed() { Error::LostRace } else { Error::Unavailable };
        };
        match *failure.code() {
            SqlState::UNIQUE_VIOLATION => {
                let (table, name) = (failure.table().unwrap_or_default(), failure.constraint().unwrap_or_default());
                let column = name.strip_prefix(table).unwrap_or(name).trim_start_matches('_');
                let column = column.trim_end_matches("_unique").trim_end_matches("_key");
                Error::NotUnique(format!("{table}.{column}"))
            }
            SqlState::T_R_DEADLOCK_DETECTED | SqlState::T_R_SERIALIZATION_FAILURE => Error::LostRace,
            SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN | SqlState::CANNOT_CONNECT_NOW => Error::LostRace,
            SqlState::QUERY_CANCELED | SqlState::LOCK_NOT_AVAILABLE | SqlState::TOO_MANY_CONNECTIONS => Error::Unavailable,
            SqlState::DISK_FULL => Error::StorageFull,
            _ => Error::Internal(format!("postgres: {failure}")),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Error::StorageFull,
            _ => Error::Internal(format!("files: {error}")),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::Internal(format!("json: {error}"))
    }
}
