//! The listening side: connections that are silent, slow or too many are ended before they cost anything.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::{Instant, Sleep};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::error::Result;

/// How long and how many: what a connection may cost before it is ended.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections served at once; further ones wait to be accepted.
    pub connections: usize,
    /// A new connection must begin to speak, and a request head must be complete, within this time.
    pub silence: Duration,
    /// A body must be complete within this time.
    pub body: Duration,
    /// A body with files must be complete within this time.
    pub upload: Duration,
    /// A peer that takes nothing of its answer is given up after this time.
    pub stall: Duration,
    /// A connection kept alive may rest this long between requests.
    pub rest: Duration,
    /// Running requests get this long after the stop signal.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 4_096,
            silence: Duration::from_secs(15),
            body: Duration::from_secs(10),
            upload: Duration::from_secs(120),
            stall: Duration::from_secs(30),
            rest: Duration::from_secs(60),
            drain: Duration::from_secs(25),
        }
    }
}

const RESTING: u8 = 0;
const HEAD: u8 = 1;
const ANSWERING: u8 = 2;

/// What a connection is at, and since when.
struct Pace {
    begun: Instant,
    phase: AtomicU8,
    /// ms after `begun`.
    since: AtomicU64,
    /// A request has begun on a connection that rested.
    stirred: Notify,
}

impl Pace {
    fn new() -> Pace {
        Pace { begun: Instant::now(), phase: AtomicU8::new(HEAD), since: AtomicU64::new(0), stirred: Notify::new() }
    }

    fn enter(&self, phase: u8) {
        self.since.store(self.begun.elapsed().as_millis() as u64, Ordering::Relaxed);
        self.phase.store(phase, Ordering::Relaxed);
    }

    /// Ends when the peer has been silent, or at rest, for too long. It looks again when its own time is up, not at every request,
    /// so a busy connection hardly notices it.
    async fn until_lost(&self, limits: Limits) {
        let sleep = tokio::time::sleep(limits.silence);
        let mut sleep = std::pin::pin!(sleep);
        loop {
            let limit = match self.phase.load(Ordering::Relaxed) {
                HEAD => Some(limits.silence),
                RESTING => Some(limits.rest),
                _ => None,
            };
            let now = Instant::now();
            let next = match limit {
                Some(limit) => self.begun + Duration::from_millis(self.since.load(Ordering::Relaxed)) + limit,
                None => now + limits.silence.min(limits.rest),
            };
            if next <= now {
                return;
            }
            sleep.as_mut().reset(next);
            tokio::select! {
                () = sleep.as_mut() => {}
                () = self.stirred.notified() => {}
            }
        }
    }
}

/// Where requests come in.
pub struct Door {
    /// What is listened on.
    pub listener: TcpListener,
    /// The certificate of the house; none where plain HTTP is spoken.
    pub tls: Option<TlsAcceptor>,
}

/// Serves until `stop` says so, then lets running requests end.
pub async fn serve(door: Door, router: Router, limits: Limits, mut stop: watch::Receiver<bool>) -> Result<()> {
    let Door { listener, tls } = door;
    let seats = Arc::new(Semaphore::new(limits.connections));
    loop {
        let next = async {
            let seat = Arc::clone(&seats).acquire_owned().await;
            (listener.accept().await, seat)
        };
        let (accepted, seat) = tokio::select! {
            next = next => next,
            _ = stop.wait_for(|stopping| *stopping) => break,
        };
        let (stream, peer) = match accepted {
            Ok(pair) => pair,
            Err(error) => {
                tracing::warn!(%error, "accept");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (tls, router, stop) = (tls.clone(), router.clone(), stop.clone());
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            match tls {
                None => converse(stream, peer, router, limits, stop).await,
                // Who does not shake hands in time, or speaks plain HTTP here, is gone without a word.
                Some(tls) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(limits.silence, tls.accept(stream)).await {
                        converse(stream, peer, router, limits, stop).await;
                    }
                }
            }
            drop(seat);
        });
    }
    drop(listener);
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let _ = tokio::time::timeout(limits.drain, seats.acquire_many(all)).await;
    Ok(())
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let pace = Arc::new(Pace::new());
    let patient = Patient { stream, pace: Arc::clone(&pace), stall: limits.stall, stalled: None };
    let state = Arc::clone(&pace);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        state.enter(ANSWERING);
        let (router, state) = (router.clone(), Arc::clone(&state));
        async move {
            let limit = if carries_files(request.headers()) { limits.upload } else { limits.body };
            let mut request = request.map(|body| match body.is_end_stream() {
                true => Body::new(body),
                false => Body::new(Timed { body, deadline: Box::pin(tokio::time::sleep(limit)) }),
            });
            request.extensions_mut().insert(ConnectInfo(peer));
            let response = router.oneshot(request).await?;
            Ok::<_, std::convert::Infallible>(response.map(|body| Watched { body, state }))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_headers(100)
        .max_buf_size(32 * 1024)
        .serve_connection(TokioIo::new(patient), service);
    let mut connection = std::pin::pin!(connection);
    let lost = pace.until_lost(limits);
    let mut lost = std::pin::pin!(lost);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = lost.as_mut() => return,
        _ = stop.wait_for(|stopping| *stopping) => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = connection => {}
        () = lost => {}
    }
}

fn carries_files(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|mime| mime.as_bytes().to_ascii_lowercase().starts_with(b"multipart/"))
}

/// A request body that must arrive in time, however it trickles.
struct Timed {
    body: Incoming,
    deadline: Pin<Box<Sleep>>,
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut)))));
        }
        Pin::new(&mut self.body).poll_frame(context).map_err(axum::Error::new)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that tells when a request begins, and gives up on a peer that does not take its answer.
struct Patient<S> {
    stream: S,
    pace: Arc<Pace>,
    stall: Duration,
    /// Runs while the peer takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    /// Passes on what became of a write; a peer that has taken nothing for too long is given up.
    fn taken<T>(&mut self, context: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.stalled = None;
            return polled;
        }
        let limit = self.stall;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        if stalled.as_mut().poll(context).is_ready() { Poll::Ready(Err(io::ErrorKind::TimedOut.into())) } else { Poll::Pending }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before && self.pace.phase.load(Ordering::Relaxed) == RESTING {
            self.pace.enter(HEAD);
            self.pace.stirred.notify_one();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.taken(context, polled)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, pieces: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.taken(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// A response body that tells when it has been sent, so that the pause behind it counts as rest.
struct Watched {
    body: Body,
    state: Arc<Pace>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.state.enter(RESTING);
    }
}
