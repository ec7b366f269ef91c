//! Value types that cannot be wrong: each one is parsed once, at the door, and never checked again inside.
//!
//! Every type has `parse(&str) -> Result<Self, FieldCode>`, so that a draft can collect all its field errors before it answers.

#[cfg(test)]
mod calendar_cases;
pub mod credit_code;
pub mod day;
pub mod email;
mod field_code;
pub mod grams;
pub mod instant;
mod lang;
pub mod money;
pub mod name;
pub mod number;
pub mod phone;
pub mod pinyin_keys;
mod pinyin_readings;
pub mod zone;

pub use credit_code::CreditCode;
pub use day::Day;
pub use email::Email;
pub use field_code::FieldCode;
pub use instant::Instant;
pub use lang::Lang;
pub use money::Money;
pub use number::{BusinessNumber, Numbered};
pub use phone::Phone;
pub use pinyin_keys::NameKeys;
pub use zone::BusinessZone;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, Type};

/// Reads a field that may be left out: nothing but blanks is nothing.
pub fn optional<T>(text: Option<&str>, parse: impl FnOnce(&str) -> Result<T, FieldCode>) -> Result<Option<T>, FieldCode> {
    match text {
        Some(text) if !text.chars().all(name::is_blank) => parse(text).map(Some),
        _ => Ok(None),
    }
}

/// What the OpenAPI document says about a value type that travels as a JSON string.
pub(crate) struct StringShape {
    pub description: &'static str,
    pub example: &'static str,
    /// `date`, `date-time`, `email` … or `None`.
    pub format: Option<SchemaFormat>,
    pub pattern: Option<&'static str>,
}

impl StringShape {
    pub(crate) fn schema(self) -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(self.format)
            .pattern(self.pattern)
            .description(Some(self.description))
            .examples([self.example])
            .into()
    }
}

/// JSON in and out for a type that is `Display` one way and `parse` the other.
macro_rules! travels_as_string {
    ($type:ty, $shape:expr) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
                <$type>::parse(&text).map_err(serde::de::Error::custom)
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::platform::types::FieldCode;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <$type>::parse(text)
            }
        }

        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $shape.schema()
            }
        }

        impl utoipa::ToSchema for $type {}
    };
}
pub(crate) use travels_as_string;
