//! What somebody sent, before it is known to be right. A field is read without ever failing the whole body, so that one answer
//! can name every field that is wrong.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::types::{Day, FieldCode, Instant, Money};
use crate::error::Fields;

/// A type that can be read from one JSON value or one query parameter.
pub trait Input: Sized {
    /// From a JSON value other than null.
    fn from_json(value: Value) -> Result<Self, FieldCode> {
        match value {
            Value::String(text) => Self::from_text(&text),
            _ => Err(FieldCode::WrongType),
        }
    }

    /// From a query parameter, or a JSON text.
    fn from_text(text: &str) -> Result<Self, FieldCode>;
}

impl Input for String {
    fn from_text(text: &str) -> Result<String, FieldCode> {
        Ok(text.to_owned())
    }
}

impl Input for Day {
    fn from_text(text: &str) -> Result<Day, FieldCode> {
        Day::parse(text)
    }
}

impl Input for Instant {
    fn from_text(text: &str) -> Result<Instant, FieldCode> {
        Instant::parse(text)
    }
}

impl Input for Money {
    fn from_json(value: Value) -> Result<Money, FieldCode> {
        match value {
            Value::String(text) => Money::parse(&text),
            Value::Number(number) => Money::parse(&number.to_string()),
            _ => Err(FieldCode::WrongType),
        }
    }

    fn from_text(text: &str) -> Result<Money, FieldCode> {
        Money::parse(text)
    }
}

impl Input for i64 {
    fn from_json(value: Value) -> Result<i64, FieldCode> {
        value.as_i64().ok_or(FieldCode::WrongType)
    }

    fn from_text(text: &str) -> Result<i64, FieldCode> {
        text.parse().map_err(|_| FieldCode::Format)
    }
}

impl Input for bool {
    fn from_json(value: Value) -> Result<bool, FieldCode> {
        value.as_bool().ok_or(FieldCode::WrongType)
    }

    fn from_text(text: &str) -> Result<bool, FieldCode> {
        text.parse().map_err(|_| FieldCode::Format)
    }
}

impl<T: Input> Input for Vec<T> {
    fn from_json(value: Value) -> Result<Vec<T>, FieldCode> {
        match value {
            Value::Array(values) => values.into_iter().map(T::from_json).collect(),
            _ => Err(FieldCode::WrongType),
        }
    }

    fn from_text(_: &str) -> Result<Vec<T>, FieldCode> {
        Err(FieldCode::WrongType)
    }
}

/// A value named by its id or by its exact name or number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Choice {
    /// By id.
    Id(i64),
    /// By name or number.
    Name(String),
}

impl Input for Choice {
    fn from_json(value: Value) -> Result<Choice, FieldCode> {
        match value {
            Value::Number(number) => number.as_i64().map(Choice::Id).ok_or(FieldCode::WrongType),
            Value::String(text) => Choice::from_text(&text),
            _ => Err(FieldCode::WrongType),
        }
    }

    /// Digits alone are an id: no dictionary value or business number is made of digits only.
    fn from_text(text: &str) -> Result<Choice, FieldCode> {
        let text = text.trim();
        if text.is_empty() {
            return Err(FieldCode::Required);
        }
        Ok(text.parse().map_or_else(|_| Choice::Name(text.to_owned()), Choice::Id))
    }
}

/// One field of a body.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Given<T> {
    /// Not sent.
    #[default]
    Absent,
    /// Sent as null (or as an empty text): meant to be empty.
    Null,
    /// Sent and readable.
    Value(T),
    /// Sent and unreadable.
    Bad(FieldCode),
}

/// A draft can be kept: for comparing repeated requests, and for changes that wait for approval.
impl<T: Serialize> Serialize for Given<T> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Given::Value(value) => value.serialize(out),
            Given::Absent | Given::Null => out.serialize_none(),
            Given::Bad(code) => out.serialize_newtype_variant("Given", 3, "bad", code.code()),
        }
    }
}

impl<'de, T: Input> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(from)? {
            Value::Null => Given::Null,
            Value::String(text) if text.trim().is_empty() => Given::Null,
            value => T::from_json(value).map_or_else(Given::Bad, Given::Value),
        })
    }
}

impl<T> Given<T> {
    /// True when the body names the field at all.
    pub fn is_given(&self) -> bool {
        !matches!(self, Given::Absent)
    }

    /// The value that must be there.
    pub fn required(self, field: &str, fields: &mut Fields) -> Option<T> {
        match self {
            Given::Value(value) => Some(value),
            Given::Bad(code) => {
                fields.add(field, code);
                None
            }
            Given::Absent | Given::Null => {
                fields.add(field, FieldCode::Required);
                None
            }
        }
    }

    /// The value that may be missing.
    pub fn optional(self, field: &str, fields: &mut Fields) -> Option<T> {
        match self {
            Given::Value(value) => Some(value),
            Given::Bad(code) => {
                fields.add(field, code);
                None
            }
            Given::Absent | Given::Null => None,
        }
    }

    /// For edits: `Some` when the field was sent and readable, holding `None` when it is to be emptied.
    pub fn change(self, field: &str, fields: &mut Fields) -> Option<Option<T>> {
        match self {
            Given::Absent => None,
            Given::Null => Some(None),
            Given::Value(value) => Some(Some(value)),
            Given::Bad(code) => {
                fields.add(field, code);
                None
            }
        }
    }

    /// For edits of a field that cannot be empty.
    pub fn change_required(self, field: &str, fields: &mut Fields) -> Option<T> {
        if self.is_given() { self.required(field, fields) } else { None }
    }

    /// Parses further, keeping what was already found wrong.
    pub fn and_then<U>(self, parse: impl FnOnce(T) -> Result<U, FieldCode>) -> Given<U> {
        match self {
            Given::Absent => Given::Absent,
            Given::Null => Given::Null,
            Given::Bad(code) => Given::Bad(code),
            Given::Value(value) => parse(value).map_or_else(Given::Bad, Given::Value),
        }
    }
}

/// In the OpenAPI document a given field looks like what it holds, or null.
impl<T> utoipa::__dev::ComposeSchema for Given<T> {
    fn compose(
        mut inner: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{Object, ObjectBuilder, OneOfBuilder, Type};
        let inner = inner.pop().unwrap_or_else(|| Object::new().into());
        OneOfBuilder::new().item(ObjectBuilder::new().schema_type(Type::Null)).item(inner).into()
    }
}

impl<T> utoipa::ToSchema for Given<T> {}

impl utoipa::__dev::ComposeSchema for Choice {
    fn compose(_: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};
        OneOfBuilder::new()
            .item(ObjectBuilder::new().schema_type(Type::Integer))
            .item(ObjectBuilder::new().schema_type(Type::String))
            .description(Some("an id, or the exact name or number"))
            .into()
    }
}

impl utoipa::ToSchema for Choice {}

/// Declares an enum with its stored and spoken words: `words! { pub enum Status { Open = "open", Won = "won" } }`.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        $vis enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in order.
            #[allow(dead_code, reason = "not every enum is listed somewhere")]
            $vis const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word for it, in the API and in the database.
            $vis const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The value for a word.
            $vis fn from_word(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl $crate::platform::draft::Input for $name {
            fn from_text(text: &str) -> Result<$name, $crate::platform::types::FieldCode> {
                $name::from_word(text).ok_or($crate::platform::types::FieldCode::Unknown)
            }
        }

        impl $crate::platform::db::FromCell for $name {
            fn from_cell(cell: $crate::platform::db::Cell<'_>) -> $crate::error::Result<Self> {
                match cell {
                    $crate::platform::db::Cell::Text(word) => $name::from_word(word)
                        .ok_or_else(|| $crate::error::Error::internal(format!("{word} is no {}", stringify!($name)))),
                    other => Err($crate::error::Error::internal(format!("{other:?} is no {}", stringify!($name)))),
                }
            }
        }

        impl From<$name> for $crate::platform::db::Value {
            fn from(value: $name) -> Self {
                value.word().into()
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[serde(default)]
        amount: Given<Money>,
        #[serde(default)]
        on: Given<Day>,
        #[serde(default)]
        name: Given<String>,
    }

    #[test]
    fn every_bad_field_is_named() {
        let body: Body = serde_json::from_str(r#"{"amount":"五万","on":"2024-02-30"}"#).unwrap();
        let mut fields = Fields::default();
        body.amount.required("amount", &mut fields);
        body.on.required("on", &mut fields);
        body.name.required("name", &mut fields);
        let text = format!("{fields:?}");
        assert!(text.contains("amount") && text.contains("on") && text.contains("name"), "{text}");
    }

    #[test]
    fn money_keeps_the_digits_it_was_sent_with() {
        let body: Body = serde_json::from_str(r#"{"amount":12.345}"#).unwrap();
        assert_eq!(body.amount, Given::Bad(FieldCode::TooManyDecimals));
        let body: Body = serde_json::from_str(r#"{"amount":500000,"name":"  "}"#).unwrap();
        assert_eq!(body.amount, Given::Value(Money::from_fen(50_000_000)));
        assert_eq!(body.name, Given::Null);
    }
}
