//! TLS in both directions: what the page is served with, and how servers of others are judged.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};

use crate::error::{Error, Result};

fn provider() -> Arc<CryptoProvider> {
    Arc::new(tokio_rustls::rustls::crypto::ring::default_provider())
}

/// Trusts what the machine trusts, or the file that `SSL_CERT_FILE` names; read once.
static CLIENT: LazyLock<Option<ClientConfig>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        let _ = roots.add(certificate);
    }
    let config = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().ok()?;
    Some(config.with_root_certificates(roots).with_no_client_auth())
});

/// How this process speaks to servers of others: chain and name are proved.
pub fn client() -> Result<ClientConfig> {
    CLIENT.clone().ok_or_else(|| Error::internal("no TLS on this machine"))
}

/// Serves with the certificate (with its chain) and the private key of two PEM files. Fails when one cannot be read or they do not
/// belong together.
pub fn acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor> {
    let unfit = |file: &Path, why: &dyn std::fmt::Display| Error::internal(format!("{}: {why}", file.display()));
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect).map_err(|error| unfit(certificate, &error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unfit(key, &error))?;
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(chain, private));
    let mut config = config.map_err(|error| unfit(certificate, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
