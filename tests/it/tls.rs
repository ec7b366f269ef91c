//! Certificates: ours towards browsers, the database's towards us. What cannot be proved is not spoken to.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener as Listener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use chengdan::platform::server::{self, Door, Limits};
use chengdan::platform::tls;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{PrivatePkcs8KeyDer, ServerName};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::support::TestApp;

const SOON: Duration = Duration::from_secs(10);

/// A certificate for `localhost` that vouches for itself, in memory and as the two PEM files of the options.
struct Own {
    signed: rcgen::CertifiedKey<rcgen::KeyPair>,
    folder: tempfile::TempDir,
}

impl Own {
    fn new() -> Own {
        let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("cert.pem"), signed.cert.pem()).unwrap();
        std::fs::write(folder.path().join("key.pem"), signed.signing_key.serialize_pem()).unwrap();
        Own { signed, folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn trusted(&self) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.signed.cert.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        config.with_root_certificates(roots).with_no_client_auth()
    }
}

async fn everything(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> String {
    let mut all = Vec::new();
    let _ = tokio::time::timeout(SOON, stream.read_to_end(&mut all)).await.expect("still open");
    String::from_utf8_lossy(&all).into_owned()
}

// Served with a certificate of one's own: answers over https, nothing for plain HTTP or for a peer that never shakes hands.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_served_with_the_certificate_of_the_house() {
    let own = Own::new();
    let test = TestApp::empty(crate::support::START).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let door = Door { listener, tls: Some(tls::acceptor(&own.file("cert.pem"), &own.file("key.pem")).unwrap()) };
    let limits = Limits { silence: Duration::from_millis(300), ..Limits::default() };
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let ended = tokio::spawn(server::serve(door, chengdan::router::router(test.app.clone()), limits, stopping));

    let connector = TlsConnector::from(Arc::new(own.trusted()));
    let stream = TcpStream::connect(address).await.unwrap();
    let mut stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
    stream.write_all(b"GET /api/v1/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let said = everything(&mut stream).await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");

    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(b"GET /api/v1/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    assert!(!everything(&mut plain).await.contains("HTTP/1.1"));
    let mut silent = TcpStream::connect(address).await.unwrap();
    assert_eq!(everything(&mut silent).await, "");

    stop.send(true).unwrap();
    tokio::time::timeout(SOON, ended).await.expect("still running").unwrap().unwrap();
}

// A start that cannot serve as it was told says which file is unfit.
#[test]
fn files_that_are_no_certificate_are_named() {
    let (own, other) = (Own::new(), Own::new());
    let refused = |certificate: &Path, key: &Path| tls::acceptor(certificate, key).err().unwrap().to_string();
    assert!(refused(&own.file("absent.pem"), &own.file("key.pem")).contains("absent.pem"));
    assert!(refused(&own.file("cert.pem"), &own.file("cert.pem")).contains("cert.pem"));
    assert!(refused(&own.file("cert.pem"), &other.file("key.pem")).contains("cert.pem"));
}

/// With a certificate the server says https, and its cookie is bound to it.
#[test]
fn a_certificate_makes_the_address_https() {
    let own = Own::new();
    let config = |tls: bool, public_url: Option<&str>| chengdan::platform::config::Config {
        tls_cert: tls.then(|| own.file("cert.pem")),
        tls_key: tls.then(|| own.file("key.pem")),
        public_url: public_url.map(str::to_owned),
        ..crate::support::a_config(Path::new("data"))
    };
    assert_eq!((config(true, None).scheme(), config(true, None).is_https()), ("https", true));
    assert_eq!((config(false, None).scheme(), config(false, None).is_https()), ("http", false));
    assert!(config(false, Some("https://crm.example.com")).is_https());
}

/// Stands in for a PostgreSQL server: says whether it speaks TLS, shakes hands, and tells the first message that came through.
fn database(own: &Own, speaks_tls: bool) -> (SocketAddr, Receiver<Vec<u8>>) {
    let listener = Listener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivatePkcs8KeyDer::from(own.signed.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.signed.cert.der().clone()], key.into())
        .unwrap();
    let config = Arc::new(config);
    let (told, heard) = channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut asked = [0; 8];
            if stream.read_exact(&mut asked).is_err() {
                continue;
            }
            // The request for TLS: its length, 8, and the code 80877103.
            assert_eq!(asked, [0, 0, 0, 8, 4, 210, 22, 47]);
            let mut first = vec![0; 256];
            let read = if speaks_tls {
                stream.write_all(b"S").unwrap();
                StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream).read(&mut first)
            } else {
                stream.write_all(b"N").unwrap();
                stream.read(&mut first)
            };
            first.truncate(read.unwrap_or(0));
            let _ = told.send(first);
        }
    });
    (address, heard)
}

fn doctor(address: SocketAddr, trusted: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chengdan"));
    command.arg("doctor").env("CHENGDAN_DATABASE_URL", format!("postgres://li:geheim@localhost:{}/crm?sslmode=require", address.port()));
    match trusted {
        Some(file) => command.env("SSL_CERT_FILE", file),
        None => command.env_remove("SSL_CERT_FILE"),
    };
    command.output().unwrap()
}

// `sslmode=require`: the name of the user goes only to a server whose certificate is proved, and never in the clear.
#[test]
fn a_database_is_spoken_to_over_tls_when_its_certificate_holds() {
    let own = Own::new();
    let (address, heard) = database(&own, true);
    assert!(!doctor(address, Some(&own.file("cert.pem"))).status.success(), "nobody answered as a database");
    let first = heard.recv_timeout(SOON).unwrap();
    assert!(first.windows(2).any(|pair| pair == b"li"), "{first:?}");
}

#[test]
fn a_database_without_a_proved_certificate_is_not_spoken_to() {
    let (own, other) = (Own::new(), Own::new());
    for (speaks_tls, trusted) in [(true, other.file("cert.pem")), (false, own.file("cert.pem"))] {
        let (address, heard) = database(&own, speaks_tls);
        assert!(!doctor(address, Some(&trusted)).status.success());
        assert_eq!(heard.recv_timeout(SOON).unwrap(), b"", "TLS spoken: {speaks_tls}");
    }
}
