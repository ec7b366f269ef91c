//! One POST to one judged address: no redirects, no proxies, bounded time, bounded answer.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper::body::Body;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use url::Url;

use super::address;
use crate::platform::tls;

const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(10);
const ANSWER_BYTES: usize = 64 * 1024;
/// Ports a channel of the open internet may use.
const PORTS: [u16; 2] = [443, 8443];

/// What came back.
pub struct Answer {
    pub status: u16,
    pub body: Bytes,
}

/// Judges an address before anything is looked up: https, a usual port, no name or password in it. Hosts of the company's own may
/// use http and any port.
pub fn judge(url: &Url, intranet: &[String]) -> Result<(), String> {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err("not an address".into());
    };
    let own = address::is_intranet(intranet, host, port);
    if !url.username().is_empty() || url.password().is_some() {
        return Err("refused: a password in the address".into());
    }
    match url.scheme() {
        "https" if own || PORTS.contains(&port) => Ok(()),
        "http" if own => Ok(()),
        "https" => Err(format!("refused: port {port}")),
        _ => Err("refused: only https".into()),
    }
}

/// Sends a JSON body; the error says why it could not be sent.
pub async fn post(url: &Url, intranet: &[String], headers: &[(&str, String)], body: String) -> Result<Answer, String> {
    tokio::time::timeout(WHOLE, send(url, intranet, headers, body)).await.map_err(|_| "timed out".to_owned())?
}

async fn send(url: &Url, intranet: &[String], headers: &[(&str, String)], body: String) -> Result<Answer, String> {
    judge(url, intranet)?;
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let addresses = address::resolve(host, port, intranet).await?;
    let stream = connect(&addresses).await?;
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let authority = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let mut request = Request::post(path)
        .header("host", authority)
        .header("content-type", "application/json; charset=utf-8")
        .header("user-agent", concat!("chengdan/", env!("CARGO_PKG_VERSION")));
    for (name, value) in headers {
        request = request.header(*name, value.as_str());
    }
    let request = request.body(Full::new(Bytes::from(body))).map_err(|error| error.to_string())?;
    if url.scheme() == "http" {
        return exchange(stream, request).await;
    }
    let tls = TlsConnector::from(Arc::new(tls::client().map_err(|error| error.to_string())?));
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(|_| "not a host name".to_owned())?;
    let stream = tls.connect(name, stream).await.map_err(|error| format!("TLS: {error}"))?;
    exchange(stream, request).await
}

async fn connect(addresses: &[std::net::SocketAddr]) -> Result<TcpStream, String> {
    let mut reason = "no address".to_owned();
    for address in addresses.iter().take(3) {
        match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => reason = format!("connect: {}", error.kind()),
            Err(_) => reason = "connect: timed out".into(),
        }
    }
    Err(reason)
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    let connection = tokio::spawn(connection);
    let outcome = async {
        let response = sender.send_request(request).await.map_err(|error| format!("no answer: {error}"))?;
        let status = response.status().as_u16();
        let body = read(response.into_body()).await?;
        Ok(Answer { status, body })
    };
    let outcome = outcome.await;
    connection.abort();
    outcome
}

async fn read<B>(body: B) -> Result<Bytes, String>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    Limited::new(body, ANSWER_BYTES).collect().await.map(http_body_util::Collected::to_bytes).map_err(|_| "unreadable answer".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Result<(), String> {
        judge(&Url::parse(text).unwrap(), &["hook.corp".into(), "127.0.0.1:8025".into()])
    }

    // I56
    #[test]
    fn only_https_without_passwords_on_usual_ports() {
        assert!(judged("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x").is_ok());
        assert!(judged("https://hook.example.com:8443/x").is_ok());
        assert!(judged("http://hook.corp/x").is_ok());
        assert!(judged("http://127.0.0.1:8025/x").is_ok());
        for refused in [
            "http://hook.example.com/",
            "https://hook.example.com:22/",
            "https://user:pw@hook.example.com/",
            "ftp://hook.corp/",
            "http://127.0.0.1:8026/",
        ] {
            assert!(judged(refused).is_err(), "{refused}");
        }
    }

    // However it is written, it is the same address and is judged as such.
    #[tokio::test]
    async fn no_spelling_of_a_loopback_address_is_reached() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let heard = tokio::spawn(async move { listener.accept().await.is_ok() });
        for host in [
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "2130706433",
            "017700000001",
            "0",
            "0.0.0.0",
            "localhost",
            "LOCALHOST",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "[2002:7f00:1::]",
            "127.0.0.1.",
            "①②⑦.⓪.⓪.①",
            "１２７.0.0.1",
            "169.254.169.254",
            "0xa9fea9fe",
            "2852039166",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "10.0.0.1",
            "0xa.1",
            "012.1",
            "172.16.1.1",
            "192.168.1.1",
            "0300.0250.1.1",
            "3232235777",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[ff02::1]",
            "[::ffff:192.168.1.1]",
            "[fc00::1]",
            "[2001:db8::1]",
        ] {
            let Ok(url) = Url::parse(&format!("https://{host}/")) else { continue };
            let refused = post(&url, &[], &[], String::new()).await.err().unwrap_or_default();
            assert!(refused.starts_with("refused") || refused == "no such host", "{host}: {refused}");
        }
        assert!(!heard.is_finished());
        heard.abort();
    }
}
