//! Who calls. A handler that wants the database asks for a [`Caller`] with the action it performs, or for [`Anonymous`].
//!
//! Session and right are judged in the transaction that does the deed. A request that fails before (a word nobody knows, a body of
//! the wrong kind) is judged by [`right_comes_first`], so that whoever may not act hears that and nothing else.

use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request};
use axum::http::header::{self, HeaderMap};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::actions::Action;
use super::api_tokens;
use super::sessions::{self, Token};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::config::Config;
use crate::platform::db::{Lane, Tx};
use crate::platform::http::{Created, IfMatch, bearer, language};
use crate::platform::idempotency::{self, Repeat};
use crate::platform::types::Lang;
use crate::platform::work::{Actor, Work};

/// Marks a request that a page makes by itself, so that it does not keep a session alive.
const BACKGROUND: &str = "x-chengdan-background";
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A person with a session, or a program with a token of that person, about to do `A`. Session, account and right are checked in the
/// same transaction as the deed.
pub struct Caller<A> {
    app: App,
    token_hash: String,
    lang: Lang,
    background: bool,
    operation: String,
    key: Option<String>,
    action: PhantomData<A>,
}

/// Somebody without a session: log-in, set-up, health.
pub struct Anonymous {
    /// The product.
    pub app: App,
    /// The language asked for.
    pub lang: Lang,
    /// The address the request came from.
    pub address: String,
    /// The device's cookie from an earlier log-in.
    pub device: Option<Token>,
    /// What the browser calls itself.
    pub agent: String,
}

impl<A: Action> FromRequestParts<App> for Caller<A> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let token_hash = proof(&parts.headers, session_cookie(&app.config)).ok_or(Error::Unauthenticated)?;
        // No page of another site can send a program's token, so there it does not matter where the request comes from.
        if is_unsafe(&parts.method) && bearer(&parts.headers).is_none() {
            check_origin(&parts.headers, &app.config, true)?;
        }
        if let Some(visit) = parts.extensions.get::<Visit>() {
            let judge: Judge = |app, tx, token_hash| read_admitted::<A, ()>(app, tx, token_hash, Lang::Zh, |_| Ok(())).map(|_| ());
            visit.0.set((app.clone(), token_hash.clone(), judge)).ok();
        }
        let pattern = parts.extensions.get::<MatchedPath>().map_or_else(|| parts.uri.path().to_owned(), |path| path.as_str().to_owned());
        let key = match parts.headers.get(IDEMPOTENCY_KEY) {
            None => None,
            Some(value) => Some(value.to_str().map_err(|_| Error::Malformed("Idempotency-Key".into()))?.to_owned()),
        };
        Ok(Caller {
            app: app.clone(),
            token_hash,
            lang: language(&parts.headers),
            background: parts.headers.contains_key(BACKGROUND),
            operation: format!("{} {pattern} {}", parts.method, parts.uri.path()),
            key,
            action: PhantomData,
        })
    }
}

/// Judges session, account and right for the action that a handler asked for.
type Judge = fn(&App, &mut Tx, &str) -> Result<()>;

/// Who asked, and how to judge it, left by the [`Caller`] for [`right_comes_first`].
#[derive(Clone, Default)]
struct Visit(Arc<OnceLock<(App, String, Judge)>>);

/// Stands beside an answer to somebody whose session and right were found good.
#[derive(Clone, Copy)]
pub struct Admitted;

/// A layer: a request that failed for its content is told first that its session has ended or that the right is missing.
pub async fn right_comes_first(mut request: Request, next: Next) -> Response {
    let visit = Visit::default();
    request.extensions_mut().insert(visit.clone());
    let mut response = next.run(request).await;
    let Some((app, token_hash, judge)) = visit.0.get() else { return response };
    let judged = match response.status().as_u16() {
        200..=299 => Ok(()),
        400 | 404 | 413 | 415 | 422 => {
            let (product, token_hash, judge) = (app.clone(), token_hash.clone(), *judge);
            app.db.read(Lane::Lists, move |tx| judge(&product, tx, &token_hash)).await
        }
        _ => return response,
    };
    match judged {
        Ok(()) => {
            response.extensions_mut().insert(Admitted);
            response
        }
        Err(refusal) if refusal.is_about_the_caller() => refusal.into_response(),
        Err(_) => response,
    }
}

impl FromRequestParts<App> for Anonymous {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        if is_unsafe(&parts.method) {
            check_origin(&parts.headers, &app.config, false)?;
        }
        let text = |name: header::HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        Ok(Anonymous {
            app: app.clone(),
            lang: language(&parts.headers),
            address: parts.extensions.get::<ConnectInfo<std::net::SocketAddr>>().map_or_else(String::new, |info| info.0.ip().to_string()),
            device: cookie(&parts.headers, "did").map(Token),
            agent: text(header::USER_AGENT),
        })
    }
}

impl Anonymous {
    /// A transaction on nobody's behalf.
    pub async fn write<T: Send + 'static>(&self, write: impl Fn(&mut Work) -> Result<T> + Send + 'static) -> Result<T> {
        self.app.system("log-in", write).await
    }

    /// A long read on nobody's behalf: it sees everything, so whoever calls it looks with a person's eyes.
    pub async fn report<T: Send + 'static>(
        &self,
        cause: &'static str,
        read: impl FnOnce(&mut Work) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (clock, zone) = (self.app.clock.clone(), self.app.zone.clone());
        self.app.db.read(Lane::Reports, move |tx| read(&mut Work::new(tx, Actor::system(cause), clock.now(), zone))).await
    }
}

impl App {
    /// True until the first administrator exists.
    pub async fn needs_setup(&self) -> Result<bool> {
        self.system("set-up", super::setup::is_open).await
    }

    /// A transaction on the product's own behalf, for a reason that goes to the log.
    pub(crate) async fn system<T: Send + 'static>(
        &self,
        cause: &'static str,
        write: impl Fn(&mut Work) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (clock, zone, live) = (self.clock.clone(), self.zone.clone(), self.live.clone());
        let outcome = self
            .db
            .write(
                move |tx| {
                    let mut work = Work::new(tx, Actor::system(cause), clock.now(), zone.clone());
                    let value = write(&mut work)?;
                    Ok((value, work.into_pushes()))
                },
                move |(_, pushes)| live.send(pushes.clone()),
            )
            .await?;
        Ok(outcome.0)
    }
}

impl<A: Action> Caller<A> {
    /// The product.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The language the caller reads.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The session's cookie or the program's token, hashed.
    pub fn token_hash(&self) -> &str {
        &self.token_hash
    }

    /// Reads a single record by its id, on one snapshot: at once, on the thread that serves the request.
    pub async fn look<T: Send + 'static>(&self, look: impl Fn(&mut Work) -> Result<T> + Send + 'static) -> Result<T> {
        let (app, token_hash, lang) = (self.app.clone(), self.token_hash.clone(), self.lang);
        let read = move |tx: &mut Tx| read_admitted::<A, T>(&app, tx, &token_hash, lang, &look);
        self.app.db.look(read).await.map(|read| self.touching(read))
    }

    /// Reads a list or what belongs to a record, on one snapshot.
    pub async fn read<T: Send + 'static>(&self, read: impl FnOnce(&mut Work) -> Result<T> + Send + 'static) -> Result<T> {
        self.read_in(Lane::Lists, read).await
    }

    /// Reads a report, on the lane of long reads.
    pub async fn report<T: Send + 'static>(&self, read: impl FnOnce(&mut Work) -> Result<T> + Send + 'static) -> Result<T> {
        self.read_in(Lane::Reports, read).await
    }

    async fn read_in<T: Send + 'static>(&self, lane: Lane, read: impl FnOnce(&mut Work) -> Result<T> + Send + 'static) -> Result<T> {
        let (app, token_hash, lang) = (self.app.clone(), self.token_hash.clone(), self.lang);
        let read = move |tx: &mut Tx| read_admitted::<A, T>(&app, tx, &token_hash, lang, read);
        self.app.db.read(lane, read).await.map(|read| self.touching(read))
    }

    /// Notes that the session was used, behind what was read.
    fn touching<T>(&self, (value, touch): (T, Option<i64>)) -> T {
        if let Some(session_id) = touch.filter(|_| !self.background) {
            let app = self.app.clone();
            tokio::spawn(async move { app.system("session", move |work| sessions::touch(work, session_id)).await });
        }
        value
    }

    /// Runs a verb in a transaction; what it pushes is sent after the commit.
    pub async fn write<T: Send + 'static>(&self, write: impl Fn(&mut Work) -> Result<T> + Send + 'static) -> Result<T> {
        let (app, token_hash, live, lang) = (self.app.clone(), self.token_hash.clone(), self.app.live.clone(), self.lang);
        let outcome = self
            .app
            .db
            .write(
                move |tx| {
                    let now = app.clock.now();
                    let session = sessions::find(tx, &token_hash, now)?;
                    let mut work = admitted::<A>(&app, tx, &session, lang)?;
                    let value = write(&mut work)?;
                    if session.needs_touch(now) {
                        sessions::touch(&mut work, session.id)?;
                    }
                    Ok((value, work.into_pushes()))
                },
                move |(_, pushes)| live.send(pushes.clone()),
            )
            .await?;
        Ok(outcome.0)
    }

    /// Runs a verb that changes a record: the version it is based on must have been sent, which is judged after the right.
    pub async fn edit<T: Send + 'static>(
        &self,
        version: IfMatch,
        edit: impl Fn(&mut Work, i64) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.write(move |work| edit(work, version.required()?)).await
    }

    /// Runs a verb that creates a record. With an `Idempotency-Key` a repetition gets the first answer, if the record is still
    /// within the caller's sight.
    pub async fn create<D, T>(&self, draft: D, create: impl Fn(&mut Work, &D) -> Result<(String, T)> + Send + 'static) -> Result<Created>
    where
        D: Serialize + Send + 'static,
        T: Serialize,
    {
        self.create_with(draft, false, create).await.map(|(created, _)| created)
    }

    /// Like [`Caller::create`], for what goes on after the transaction: true when it was this request that created the record.
    pub async fn create_and_tell<D, T>(
        &self,
        draft: D,
        create: impl Fn(&mut Work, &D) -> Result<(String, T)> + Send + 'static,
    ) -> Result<(Created, bool)>
    where
        D: Serialize + Send + 'static,
        T: Serialize,
    {
        self.create_with(draft, false, create).await
    }

    /// Like [`Caller::create`], for answers that hold a secret: they are never kept.
    pub async fn create_secret<D, T>(
        &self,
        draft: D,
        create: impl Fn(&mut Work, &D) -> Result<(String, T)> + Send + 'static,
    ) -> Result<Created>
    where
        D: Serialize + Send + 'static,
        T: Serialize,
    {
        self.create_with(draft, true, create).await.map(|(created, _)| created)
    }

    /// What makes this request the same as another one, if it has an `Idempotency-Key`.
    pub fn repeat(&self, draft: &impl Serialize) -> Result<Option<Repeat>> {
        let key = self.key.as_ref();
        key.map(|key| Repeat::new(key, &self.operation, &serde_json::to_vec(draft)?)).transpose()
    }

    async fn create_with<D, T>(
        &self,
        draft: D,
        secret: bool,
        create: impl Fn(&mut Work, &D) -> Result<(String, T)> + Send + 'static,
    ) -> Result<(Created, bool)>
    where
        D: Serialize + Send + 'static,
        T: Serialize,
    {
        let repeat = self.repeat(&draft)?;
        self.write(move |work| {
            if let Some(repeat) = &repeat
                && let Some(before) = idempotency::begin(work, repeat)?
            {
                super::store::require_sight(work, &before.location)?;
                return Ok((before, false));
            }
            let (location, record) = create(work, &draft)?;
            let created = Created::at(location, &record)?;
            if let Some(repeat) = &repeat {
                idempotency::finish(work, repeat, &created, secret)?;
            }
            Ok((created, true))
        })
        .await
    }
}

/// Checks the right and opens the unit of work.
fn admitted<'a, 'tx, A: Action>(app: &App, tx: &'a mut Tx<'tx>, session: &sessions::Session, lang: Lang) -> Result<Work<'a, 'tx>> {
    if session.must_change_password && !A::BEFORE_PASSWORD_CHANGE {
        return Err(Error::PasswordChangeRequired);
    }
    if session.is_program && A::IN_PERSON {
        return Err(Error::InPersonOnly);
    }
    let actor = Actor { lang, ..session.actor(tx)? };
    if !A::NAME.is_empty() && !actor.may(A::NAME) {
        return Err(Error::Forbidden);
    }
    Ok(Work::new(tx, actor, app.clock.now(), app.zone.clone()))
}

/// Reads for a session that is checked in the same transaction; with the session's id when its use should be noted.
fn read_admitted<A: Action, T>(
    app: &App,
    tx: &mut Tx,
    token_hash: &str,
    lang: Lang,
    read: impl FnOnce(&mut Work) -> Result<T>,
) -> Result<(T, Option<i64>)> {
    let now = app.clock.now();
    let session = sessions::find(tx, token_hash, now)?;
    let mut work = admitted::<A>(app, tx, &session, lang)?;
    Ok((read(&mut work)?, session.needs_touch(now).then_some(session.id)))
}

/// The name of the session cookie: the `__Host-` form needs https.
pub fn session_cookie(config: &Config) -> &'static str {
    if config.is_https() { "__Host-sid" } else { "sid" }
}

/// A `Set-Cookie` value; an empty `value` removes the cookie.
pub(super) fn set_cookie(config: &Config, name: &str, value: &str, max_age_s: i64) -> Result<HeaderValue> {
    let secure = if config.is_https() { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}"))
        .map_err(|error| Error::internal(error.to_string()))
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
        .filter(|value| !value.is_empty() && value.len() <= 200)
}

/// What the database keeps of the token or the session cookie that came along, whether it is good or not. A token alone counts
/// where there is one.
pub fn proof(headers: &HeaderMap, session_cookie: &str) -> Option<String> {
    match bearer(headers) {
        Some(token) => api_tokens::hash(token),
        None => cookie(headers, session_cookie).map(|token| Token(token).hash()),
    }
}

fn is_unsafe(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// An unsafe request must come from our own page: by fetch metadata, else by `Origin`. With a cookie one of the two is needed.
fn check_origin(headers: &HeaderMap, config: &Config, has_cookie: bool) -> Result<()> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return if site == "same-origin" { Ok(()) } else { Err(Error::CrossSite) };
    }
    let Some(origin) = text("origin") else {
        return if has_cookie { Err(Error::CrossSite) } else { Ok(()) };
    };
    let own = match (&config.public_url, text("host")) {
        (Some(url), _) => origin == url.trim_end_matches('/'),
        (None, Some(host)) => origin == format!("{}://{host}", config.scheme()),
        (None, None) => false,
    };
    if own { Ok(()) } else { Err(Error::CrossSite) }
}

impl App {
    /// What a stream may see is judged as for any other request; `None` when the session has ended.
    pub(crate) async fn watcher<T: Send + 'static>(
        &self,
        token_hash: &str,
        read: impl FnOnce(&mut Work) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (app, token_hash) = (self.clone(), token_hash.to_owned());
        self.db
            .read(Lane::Lists, move |tx| {
                let session = sessions::find(tx, &token_hash, app.clock.now())?;
                let mut work = admitted::<super::actions::can::LookAround>(&app, tx, &session, Lang::Zh)?;
                read(&mut work)
            })
            .await
    }
}
