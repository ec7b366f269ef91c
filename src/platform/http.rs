//! Reading requests and writing answers: one JSON door in, one out, `If-Match`, `ETag`, `Location`.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::draft::{Choice, Input};
use super::types::{FieldCode, Lang};
use crate::error::{Error, Result};

/// Arrays and objects in a body may stand so deep in each other.
const JSON_DEPTH: usize = 32;

/// A JSON body in, a JSON answer out.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let mime = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = mime.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Error::UnsupportedMedia);
        }
        let bytes = read_body(request, state).await?;
        from_json(&bytes).map(Json)
    }
}

/// The bytes of a body, within the limits set by the server.
pub async fn read_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ if timed_out(&rejection) => Error::TooSlow,
        _ => Error::Malformed("body".into()),
    })
}

/// True when the server gave up waiting for the body.
fn timed_out(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source())
        .any(|error| error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::TimedOut))
}

/// Parses a body: syntax errors and unknown names are the request's fault as a whole (400).
pub fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| Error::Malformed(format!("JSON {}:{}", error.line(), error.column())))?;
    if !value.is_object() || is_deeper(&value, JSON_DEPTH) {
        return Err(Error::Malformed("JSON".into()));
    }
    serde_json::from_value(value).map_err(unknown_or_malformed)
}

/// The parser itself gives up at 128 levels, so this cannot run deep.
fn is_deeper(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(values) => levels == 0 || values.iter().any(|value| is_deeper(value, levels - 1)),
        Value::Object(fields) => levels == 0 || fields.values().any(|value| is_deeper(value, levels - 1)),
        _ => false,
    }
}

fn unknown_or_malformed(error: serde_json::Error) -> Error {
    let text = error.to_string();
    match text.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
        Some(name) => Error::UnknownField(name.to_owned()),
        None => Error::Malformed(text),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        json_response(StatusCode::OK, &self.0)
    }
}

/// A JSON answer with a status.
pub fn json_response(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => bytes_response(status, body),
        Err(error) => Error::from(error).into_response(),
    }
}

fn bytes_response(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

/// Query parameters; unknown ones are refused, repeated ones belong to fields that take several.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        query(parts.uri.query().unwrap_or_default()).map(Query)
    }
}

/// Reads a query string into a type made of [`One`] and [`Many`].
pub fn query<T: DeserializeOwned>(text: &str) -> Result<T> {
    let pairs: Vec<(String, String)> = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(
        &format!("/?{text}").parse().map_err(|_| Error::Malformed("query".into()))?,
    )
    .map_err(|_| Error::Malformed("query".into()))?
    .0;
    let mut object = serde_json::Map::new();
    for (name, value) in pairs {
        if let Value::Array(values) = object.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
            values.push(Value::String(value));
        }
    }
    serde_json::from_value(Value::Object(object)).map_err(unknown_or_malformed)
}

/// Reads a kept filter, `{"status": ["won"], "q": "华为"}`, into the type its query string is read into: one value or several for
/// every name. A name the list does not know is a 422 on that name.
pub fn query_of_json<T: DeserializeOwned>(filter: &serde_json::Map<String, Value>) -> Result<T> {
    let mut object = serde_json::Map::new();
    for (name, value) in filter {
        let given = match value {
            Value::Null => continue,
            Value::Array(values) => values.clone(),
            one => vec![one.clone()],
        };
        let texts: Option<Vec<Value>> = given
            .into_iter()
            .map(|value| match value {
                Value::String(text) => Some(Value::String(text)),
                Value::Number(number) => Some(Value::String(number.to_string())),
                Value::Bool(flag) => Some(Value::String(flag.to_string())),
                _ => None,
            })
            .collect();
        object.insert(name.clone(), Value::Array(texts.ok_or_else(|| Error::field(name.as_str(), FieldCode::WrongType))?));
    }
    serde_json::from_value(Value::Object(object)).map_err(|error| match unknown_or_malformed(error) {
        Error::UnknownField(name) => Error::field(name, FieldCode::Unknown),
        other => other,
    })
}

/// A query parameter given at most once.
#[derive(Debug, Clone, PartialEq)]
pub struct One<T>(pub Option<Result<T, FieldCode>>);

/// A query parameter that may be repeated, meaning "any of".
#[derive(Debug, Clone, PartialEq)]
pub struct Many<T>(pub Vec<Result<T, FieldCode>>);

impl<T> Default for One<T> {
    fn default() -> One<T> {
        One(None)
    }
}

impl<T> Default for Many<T> {
    fn default() -> Many<T> {
        Many(Vec::new())
    }
}

impl<T> One<T> {
    /// The value, or a 422 that names the parameter.
    pub fn get(self, field: &str) -> Result<Option<T>> {
        self.0.transpose().map_err(|code| Error::field(field, code))
    }
}

impl<T> Many<T> {
    /// The values, or a 422 that names the parameter.
    pub fn get(self, field: &str) -> Result<Vec<T>> {
        self.0.into_iter().collect::<Result<Vec<T>, FieldCode>>().map_err(|code| Error::field(field, code))
    }
}

fn texts<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    serde::Deserialize::deserialize(from)
}

impl<'de, T: Input> serde::Deserialize<'de> for One<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let given: Vec<String> = texts(from)?.into_iter().filter(|text| !text.is_empty()).collect();
        Ok(One(match given.as_slice() {
            [] => None,
            [text] => Some(T::from_text(text)),
            _ => Some(Err(FieldCode::Duplicate)),
        }))
    }
}

impl<'de, T: Input> serde::Deserialize<'de> for Many<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let given = texts(from)?;
        if given.len() > 200 {
            return Ok(Many(vec![Err(FieldCode::TooMany { max: 200 })]));
        }
        Ok(Many(given.iter().filter(|text| !text.is_empty()).map(|text| T::from_text(text)).collect()))
    }
}

/// The id in a path. Anything that is no id is simply not found.
#[derive(Debug, Clone, Copy)]
pub struct Id(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let text = axum::extract::Path::<String>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?.0;
        text.parse().map(Id).map_err(|_| Error::NotFound)
    }
}

/// Two ids in a path: the record and something below it.
#[derive(Debug, Clone, Copy)]
pub struct IdPair(pub i64, pub i64);

impl<S: Send + Sync> FromRequestParts<S> for IdPair {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let (first, second) =
            axum::extract::Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?.0;
        match (first.parse(), second.parse()) {
            (Ok(first), Ok(second)) => Ok(IdPair(first, second)),
            _ => Err(Error::NotFound),
        }
    }
}

/// The id or business number in a path (`/customers/12`, `/customers/CUST20240315001`).
#[derive(Debug, Clone)]
pub struct Reference(pub Choice);

impl<S: Send + Sync> FromRequestParts<S> for Reference {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let text = axum::extract::Path::<String>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?.0;
        Choice::from_text(&text).map(Reference).map_err(|_| Error::NotFound)
    }
}

/// The version an edit is based on, from `If-Match: "5"` or `W/"5"`. Absence is judged after the caller's right, so it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(Option<i64>);

impl IfMatch {
    fn parse(headers: &HeaderMap) -> Result<IfMatch> {
        let Some(value) = headers.get(header::IF_MATCH) else {
            return Ok(IfMatch(None));
        };
        let tag = value.to_str().unwrap_or_default().trim();
        let tag = tag.strip_prefix("W/").unwrap_or(tag);
        let inner = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match inner.map(str::parse::<i64>) {
            Some(Ok(version)) => Ok(IfMatch(Some(version))),
            _ => Err(Error::Malformed("If-Match".into())),
        }
    }

    /// The version, or 428.
    pub fn required(self) -> Result<i64> {
        self.0.ok_or(Error::VersionRequired)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        IfMatch::parse(&parts.headers)
    }
}

/// A record that carries a version.
pub trait Versioned {
    /// Grows by one with every edit by people.
    fn version(&self) -> i64;
}

/// An answer with the record's `ETag`.
pub struct Record<T>(pub T);

impl<T: Serialize + Versioned> IntoResponse for Record<T> {
    fn into_response(self) -> Response {
        let mut response = json_response(StatusCode::OK, &self.0);
        response.headers_mut().insert(header::ETAG, etag(self.0.version()));
        response
    }
}

/// `ETag: "<version>"`.
pub fn etag(version: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// 201 with `Location`; kept as bytes so that a repeated request gets the very same answer.
#[derive(Debug, Clone)]
pub struct Created {
    /// The path of the new record.
    pub location: String,
    /// Its JSON.
    pub body: String,
}

impl Created {
    /// A created record at `location`.
    pub fn at(location: String, record: &impl Serialize) -> Result<Created> {
        Ok(Created { location, body: serde_json::to_string(record)? })
    }
}

impl IntoResponse for Created {
    fn into_response(self) -> Response {
        let version = serde_json::from_str::<Value>(&self.body).ok().and_then(|body| body["version"].as_i64());
        let mut response = bytes_response(StatusCode::CREATED, self.body.into_bytes());
        if let Ok(location) = HeaderValue::from_str(&self.location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        if let Some(version) = version {
            response.headers_mut().insert(header::ETAG, etag(version));
        }
        response
    }
}

/// 204.
pub struct Done;

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// The language the caller reads.
pub fn language(headers: &HeaderMap) -> Lang {
    Lang::from_accept_language(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default())
}

/// The token a program sends as `Authorization: Bearer` (RFC 6750).
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strong_and_weak_tags_are_read_and_nothing_else() {
        let parse = |tag: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, HeaderValue::from_static(tag));
            IfMatch::parse(&headers).ok()
        };
        assert_eq!(parse("\"5\""), Some(IfMatch(Some(5))));
        assert_eq!(parse("W/\"5\""), Some(IfMatch(Some(5))));
        for bad in ["*", "5", "\"5\", \"6\"", "\"x\"", ""] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(IfMatch::parse(&HeaderMap::new()).ok(), Some(IfMatch(None)));
    }

    #[test]
    fn an_unknown_parameter_is_refused_and_repeats_mean_any_of() {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Filter {
            #[serde(default)]
            status: Many<String>,
            #[serde(default)]
            owner_id: One<i64>,
        }
        let filter: Filter = query("status=won&status=active&owner_id=3").unwrap();
        assert_eq!(filter.status.get("status").unwrap(), ["won", "active"]);
        assert_eq!(filter.owner_id.get("owner_id").unwrap(), Some(3));
        assert!(matches!(query::<Filter>("open=1"), Err(Error::UnknownField(name)) if name == "open"));
        assert!(query::<Filter>("owner_id=x").unwrap().owner_id.get("owner_id").is_err());
    }
}
