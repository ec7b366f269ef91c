//! E-mail addresses (S18).

use std::fmt;

use utoipa::openapi::schema::SchemaFormat;

use super::{FieldCode, StringShape, name, travels_as_string};

/// An address mail can be sent to: `local@domain.tld`, at most 254 characters.
///
/// Kept as typed except for blanks around it, full-width letters, and the domain's letter case. Quoted local parts and
/// addresses outside ASCII are refused: the mail servers our customers use do not take them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// Reads an address; blanks around it and full-width letters do not matter.
    pub fn parse(text: &str) -> Result<Email, FieldCode> {
        let plain: String = text.trim_matches(name::is_blank).chars().map(name::narrow).collect();
        if plain.is_empty() {
            return Err(FieldCode::Required);
        }
        if plain.chars().count() > 254 {
            return Err(FieldCode::TooLong { max: 254 });
        }
        match plain.split_once('@') {
            Some((local, domain)) if is_local(local) && is_domain(domain) => Ok(Email(format!("{local}@{}", domain.to_ascii_lowercase()))),
            _ => Err(FieldCode::InvalidEmail),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)))
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let Some((_, top)) = domain.rsplit_once('.') else {
        return false;
    };
    domain.split('.').all(is_label) && top.len() >= 2 && top.starts_with(|first: char| first.is_ascii_alphabetic())
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Email {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

travels_as_string!(
    Email,
    StringShape {
        description: "E-mail address.",
        example: "zhang@example.com",
        format: Some(SchemaFormat::Custom("email".to_owned())),
        pattern: None
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    // S18
    #[test]
    fn addresses_are_told_from_typing_mistakes() {
        for good in
            ["zhang@example.com", "a@b.cn", "li.lei+crm@mail.example.com.cn", "o'hara_1@x-y.io", "1@2.com", "a@xn--fiqs8s.xn--55qx5d"]
        {
            assert_eq!(Email::parse(good).map(String::from), Ok(good.to_owned()), "{good}");
        }
        for bad in [
            "a@b",
            "a",
            "@b.cn",
            "a@",
            "a@.cn",
            "a@b.",
            "a@b..cn",
            "a..b@c.cn",
            ".a@c.cn",
            "a.@c.cn",
            "a@b.c",
            "a b@c.cn",
            "a@b c.cn",
            "a@@b.cn",
            "a@b@c.cn",
            "张三@example.com",
            "a@例子.中国",
            "a@-b.cn",
            "a@b-.cn",
            "a@1.2.3.4",
            "a@[1.2.3.4]",
            "\"a b\"@c.cn",
            "<a@b.cn>",
            "a@b.cn,c@d.cn",
            "a@b.cn\r\nBcc: x@y.cn",
        ] {
            assert_eq!(Email::parse(bad), Err(FieldCode::InvalidEmail), "{bad}");
        }
        assert_eq!(Email::parse(" "), Err(FieldCode::Required));
        assert_eq!(Email::parse(&format!("{}@example.com", "a".repeat(65))), Err(FieldCode::InvalidEmail));
        assert_eq!(Email::parse(&format!("a@{}com", "example.".repeat(40))), Err(FieldCode::TooLong { max: 254 }));
    }

    #[test]
    fn pasted_addresses_are_tidied() {
        assert_eq!(Email::parse("　Zhang＠Example．COM\u{200B} ").map(String::from), Ok("Zhang@example.com".to_owned()));
    }
}
