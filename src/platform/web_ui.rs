//! The web page inside the binary.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::Error;

#[derive(rust_embed::Embed)]
#[folder = "web/dist/"]
#[exclude = "*.map"]
#[exclude = ".vite/*"]
#[allow_missing = true]
struct Dist;

/// Replaced in `index.html` by a number used once, which the page hands to the style tags it makes.
const NONCE_MARK: &str = "__CSP_NONCE__";

const WITHOUT_PAGE: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>成单</title>\
<h1>成单 Chengdan</h1><p>这个程序构建时没有包含网页。请运行 <code>cargo xtask run</code>（需要 Node 20 以上）。</p>\
<p lang=\"en\">This binary was built without the web page. Run <code>cargo xtask run</code> (needs Node 20 or newer). \
The API is served under <code>/api/v1</code>.</p></html>";

/// Answers everything that is not the API: files by name, the page itself for every other path.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Error::NotFound.into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return Error::MethodNotAllowed.into_response();
    }
    if !path.is_empty() && path != "index.html" && path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        return file(path, &headers);
    }
    page()
}

fn file(path: &str, headers: &HeaderMap) -> Response {
    let accepts = |encoding: &str| {
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(|list| {
            list.split(',').any(|one| one.trim().split(';').next().is_some_and(|name| name == encoding) && !one.contains("q=0"))
        })
    };
    let packed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(encoding))
        .find_map(|(encoding, ending)| Dist::get(&format!("{path}.{ending}")).map(|found| (Some(encoding), found)));
    let Some((encoding, found)) = packed.or_else(|| Dist::get(path).map(|found| (None, found))) else {
        return Error::NotFound.into_response();
    };
    let hash = found.metadata.sha256_hash()[..12].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let tag = format!("\"{hash}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|given| given.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let mut response = Response::new(Body::from(found.data.into_owned()));
    let out = response.headers_mut();
    let text = if mime.type_() == "text" || mime.subtype() == "javascript" { format!("{mime}; charset=utf-8") } else { mime.to_string() };
    insert(out, header::CONTENT_TYPE, &text);
    insert(out, header::ETAG, &tag);
    insert(out, header::VARY, "Accept-Encoding");
    if let Some(encoding) = encoding {
        insert(out, header::CONTENT_ENCODING, encoding);
    }
    let hashed = path.starts_with("assets/");
    insert(out, header::CACHE_CONTROL, if hashed { "public, max-age=31536000, immutable" } else { "no-cache" });
    response
}

fn page() -> Response {
    let mut bytes = [0_u8; 16];
    if getrandom::fill(&mut bytes).is_err() {
        return Error::Unavailable.into_response();
    }
    let nonce = STANDARD.encode(bytes);
    let html = match Dist::get("index.html") {
        Some(found) => String::from_utf8_lossy(&found.data).replace(NONCE_MARK, &nonce),
        None => WITHOUT_PAGE.to_owned(),
    };
    let mut response = Response::new(Body::from(html));
    let out = response.headers_mut();
    insert(out, header::CONTENT_TYPE, "text/html; charset=utf-8");
    insert(out, header::CACHE_CONTROL, "no-store");
    insert(
        out,
        header::CONTENT_SECURITY_POLICY,
        &format!(
            "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; connect-src 'self'; \
             font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
        ),
    );
    response
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
