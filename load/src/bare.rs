//! The same bytes from memory on the same server loop: how fast the product could be if it did nothing.

use std::path::Path;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{get, post};
use chengdan::platform::server::{self, Door, Limits};
use serde_json::json;
use tokio::sync::watch;

use crate::Result;

/// Serves until it is killed.
pub fn serve(folder: &Path) -> Result<()> {
    let bytes = |name: &str| std::fs::read(folder.join(name)).map(Bytes::from);
    let (one, list, create) = (bytes("get")?, bytes("list")?, bytes("create")?);
    let routes = Router::new()
        .route("/api/v1/get", get(async move || ([(CONTENT_TYPE, "application/json")], one.clone())))
        .route("/api/v1/list", get(async move || ([(CONTENT_TYPE, "application/json")], list.clone())))
        .route("/api/v1/create", post(async move |_: Bytes| ([(CONTENT_TYPE, "application/json")], create.clone())));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", json!({ "url": format!("http://{}", listener.local_addr()?) }));
        let (_never, stop) = watch::channel(false);
        server::serve(Door { listener, tls: None }, routes, Limits::default(), stop).await?;
        Ok(())
    })
}
