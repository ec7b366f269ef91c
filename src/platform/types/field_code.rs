use super::Lang;
use crate::platform::sniff::SniffError;

/// Why one field of a body, an imported row or a form was refused.
///
/// [`code`](FieldCode::code) is stable for programs, [`message`](FieldCode::message) is what the person reads beside the field,
/// so it does not repeat the field's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldCode {
    Required,
    /// Not the JSON type the field wants, such as a number where a text belongs.
    WrongType,
    Format,
    /// Longer than `max` characters.
    TooLong {
        max: usize,
    },
    /// Shorter than `min` characters.
    TooShort {
        min: usize,
    },
    /// More than `max` entries in a list.
    TooMany {
        max: usize,
    },
    ControlCharacters,
    NotANumber,
    TooManyDecimals,
    /// Both ends belong to the range and are written as the reader would type them.
    OutOfRange {
        min: String,
        max: String,
    },
    NotPositive,
    InvalidPhone,
    InvalidEmail,
    InvalidCreditCode,
    InvalidNumber,
    InvalidDate,
    InvalidTime,
    /// Later than today or now, where only the past is allowed.
    InFuture,
    /// Not later than now, where only the future is allowed.
    NotInFuture,
    /// Earlier than today, where today is still good.
    InPast,
    EndBeforeStart,
    /// Names something that does not exist or is out of the reader's sight; the two must not differ.
    Unknown,
    /// Names a dictionary value or person that can no longer be chosen.
    Disabled,
    Duplicate,
    NotAllowed,
    PasswordTooSimple,
    PasswordContainsEmployeeNumber,
    PasswordContainsName,
    PasswordTooCommon,
    PasswordUnchanged,
    WrongPassword,
    /// A file whose content is not taken (S49).
    File(SniffError),
    /// Names somebody who does not see what he or she would be told of.
    CannotSee {
        name: String,
    },
    /// A rule of one room: its code and what it says in Chinese and English.
    Rule {
        code: &'static str,
        zh: &'static str,
        en: &'static str,
    },
}

impl FieldCode {
    /// The machine's word, never changed once published.
    pub fn code(&self) -> &'static str {
        match self {
            FieldCode::Required => "REQUIRED",
            FieldCode::WrongType => "WRONG_TYPE",
            FieldCode::Format => "FORMAT",
            FieldCode::TooLong { .. } => "TOO_LONG",
            FieldCode::TooShort { .. } => "TOO_SHORT",
            FieldCode::TooMany { .. } => "TOO_MANY",
            FieldCode::ControlCharacters => "CONTROL_CHARACTERS",
            FieldCode::NotANumber => "NOT_A_NUMBER",
            FieldCode::TooManyDecimals => "TOO_MANY_DECIMALS",
            FieldCode::OutOfRange { .. } => "OUT_OF_RANGE",
            FieldCode::NotPositive => "NOT_POSITIVE",
            FieldCode::InvalidPhone => "INVALID_PHONE",
            FieldCode::InvalidEmail => "INVALID_EMAIL",
            FieldCode::InvalidCreditCode => "INVALID_CREDIT_CODE",
            FieldCode::InvalidNumber => "INVALID_NUMBER",
            FieldCode::InvalidDate => "INVALID_DATE",
            FieldCode::InvalidTime => "INVALID_TIME",
            FieldCode::InFuture => "IN_FUTURE",
            FieldCode::NotInFuture => "NOT_IN_FUTURE",
            FieldCode::InPast => "IN_PAST",
            FieldCode::EndBeforeStart => "END_BEFORE_START",
            FieldCode::Unknown => "UNKNOWN",
            FieldCode::Disabled => "DISABLED",
            FieldCode::Duplicate => "DUPLICATE",
            FieldCode::NotAllowed => "NOT_ALLOWED",
            FieldCode::PasswordTooSimple => "PASSWORD_TOO_SIMPLE",
            FieldCode::PasswordContainsEmployeeNumber => "PASSWORD_CONTAINS_EMPLOYEE_NUMBER",
            FieldCode::PasswordContainsName => "PASSWORD_CONTAINS_NAME",
            FieldCode::PasswordTooCommon => "PASSWORD_TOO_COMMON",
            FieldCode::PasswordUnchanged => "PASSWORD_UNCHANGED",
            FieldCode::WrongPassword => "WRONG_PASSWORD",
            FieldCode::CannotSee { .. } => "CANNOT_SEE",
            FieldCode::File(reason) => reason.code(),
            FieldCode::Rule { code, .. } => code,
        }
    }

    /// The sentence shown beside the field.
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.chinese(),
            Lang::En => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            FieldCode::Required => "请填写此项".into(),
            FieldCode::WrongType => "填写的内容类型不对".into(),
            FieldCode::Format => "格式不正确".into(),
            FieldCode::TooLong { max } => format!("最多 {max} 个字"),
            FieldCode::TooShort { min } => format!("至少 {min} 个字"),
            FieldCode::TooMany { max } => format!("最多 {max} 项"),
            FieldCode::ControlCharacters => "含有无法显示的字符，请重新输入".into(),
            FieldCode::NotANumber => "请填写数字，例如 1234.50".into(),
            FieldCode::TooManyDecimals => "最多保留两位小数".into(),
            FieldCode::OutOfRange { min, max } => format!("应在 {min} 到 {max} 之间"),
            FieldCode::NotPositive => "必须大于 0".into(),
            FieldCode::InvalidPhone => "请填写 11 位手机号，例如 13800138000".into(),
            FieldCode::InvalidEmail => "邮箱不正确，例如 zhang@example.com".into(),
            FieldCode::InvalidCreditCode => "统一社会信用代码应为 18 位，请对照营业执照检查".into(),
            FieldCode::InvalidNumber => "编号不正确，例如 CUST20240315001".into(),
            FieldCode::InvalidDate => "请填写存在的日期，例如 2024-03-20".into(),
            FieldCode::InvalidTime => "请填写带时区的时间，例如 2024-03-20T14:00:00+08:00".into(),
            FieldCode::InFuture => "不能晚于今天".into(),
            FieldCode::NotInFuture => "必须晚于当前时间".into(),
            FieldCode::InPast => "不能早于今天".into(),
            FieldCode::EndBeforeStart => "结束时间必须晚于开始时间".into(),
            FieldCode::Unknown => "没有找到，请重新选择".into(),
            FieldCode::Disabled => "已停用，请选择其他选项".into(),
            FieldCode::Duplicate => "与已有内容重复".into(),
            FieldCode::NotAllowed => "此处不能填写或修改此项".into(),
            FieldCode::PasswordTooSimple => "密码须包含大写字母、小写字母、数字、符号中的至少三种".into(),
            FieldCode::PasswordContainsEmployeeNumber => "密码不能包含工号".into(),
            FieldCode::PasswordContainsName => "密码不能包含姓名".into(),
            FieldCode::PasswordTooCommon => "这个密码太常见，容易被猜到，请换一个".into(),
            FieldCode::PasswordUnchanged => "新密码不能与原密码相同".into(),
            FieldCode::WrongPassword => "原密码不正确".into(),
            FieldCode::CannotSee { name } => format!("{name} 没有查看权限，不能提及"),
            FieldCode::File(reason) => reason.message(Lang::Zh),
            FieldCode::Rule { zh, .. } => (*zh).into(),
        }
    }

    fn english(&self) -> String {
        match self {
            FieldCode::Required => "This is required".into(),
            FieldCode::WrongType => "Not the kind of value expected here".into(),
            FieldCode::Format => "The format is not right".into(),
            FieldCode::TooLong { max } => format!("At most {max} characters"),
            FieldCode::TooShort { min } => format!("At least {min} characters"),
            FieldCode::TooMany { max } => format!("At most {max} entries"),
            FieldCode::ControlCharacters => "Contains characters that cannot be shown; please type it again".into(),
            FieldCode::NotANumber => "Enter a number such as 1234.50".into(),
            FieldCode::TooManyDecimals => "At most two decimals".into(),
            FieldCode::OutOfRange { min, max } => format!("Must be between {min} and {max}"),
            FieldCode::NotPositive => "Must be more than 0".into(),
            FieldCode::InvalidPhone => "Enter an 11-digit mobile number such as 13800138000".into(),
            FieldCode::InvalidEmail => "Enter an e-mail address such as zhang@example.com".into(),
            FieldCode::InvalidCreditCode => {
                "The unified social credit code has 18 characters; please check it against the business licence".into()
            }
            FieldCode::InvalidNumber => "Enter a number such as CUST20240315001".into(),
            FieldCode::InvalidDate => "Enter a date that exists, such as 2024-03-20".into(),
            FieldCode::InvalidTime => "Enter a time with its offset, such as 2024-03-20T14:00:00+08:00".into(),
            FieldCode::InFuture => "Must not be later than today".into(),
            FieldCode::NotInFuture => "Must be later than now".into(),
            FieldCode::InPast => "Must not be earlier than today".into(),
            FieldCode::EndBeforeStart => "The end must be later than the start".into(),
            FieldCode::Unknown => "Not found; please choose again".into(),
            FieldCode::Disabled => "No longer in use; please choose another".into(),
            FieldCode::Duplicate => "Already there".into(),
            FieldCode::NotAllowed => "Cannot be given or changed here".into(),
            FieldCode::PasswordTooSimple => "Use at least three of: capital letters, small letters, digits, symbols".into(),
            FieldCode::PasswordContainsEmployeeNumber => "Must not contain your employee number".into(),
            FieldCode::PasswordContainsName => "Must not contain your name".into(),
            FieldCode::PasswordTooCommon => "Too common and easily guessed; please choose another".into(),
            FieldCode::PasswordUnchanged => "Must differ from the old password".into(),
            FieldCode::WrongPassword => "The current password is wrong".into(),
            FieldCode::CannotSee { name } => format!("{name} cannot see this record and cannot be mentioned"),
            FieldCode::File(reason) => reason.message(Lang::En),
            FieldCode::Rule { en, .. } => (*en).into(),
        }
    }
}

impl std::fmt::Display for FieldCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for FieldCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_its_limits() {
        let range = FieldCode::OutOfRange { min: "0.00".into(), max: "9999999999.99".into() };
        assert_eq!(range.code(), "OUT_OF_RANGE");
        assert_eq!(range.message(Lang::Zh), "应在 0.00 到 9999999999.99 之间");
        assert_eq!(FieldCode::TooLong { max: 100 }.message(Lang::En), "At most 100 characters");
    }
}
