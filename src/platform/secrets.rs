//! Secrets at rest: what must be known in clear to be used, such as the password of a mail account, is sealed with a key that lies
//! beside the data in a file of its own, never in the database.

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::db::{Db, Lane, Tx, sql};
use crate::error::{Error, Result};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// How a sealed text begins; another way of sealing gets another word.
const MARK: &str = "v1:";
/// What every database keeps sealed, to know its key again.
const CHECK: &str = "chengdan";
const PARAMETER: &str = "secret_key";

/// What seals and opens. Cheap to clone.
#[derive(Clone)]
pub struct SecretKey(Arc<XChaCha20Poly1305>);

impl fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretKey")
    }
}

impl SecretKey {
    fn of(bytes: &[u8]) -> Result<SecretKey> {
        let cipher = XChaCha20Poly1305::new_from_slice(bytes).map_err(|error| Error::internal(error.to_string()))?;
        Ok(SecretKey(Arc::new(cipher)))
    }

    /// Seals a text for one purpose, such as `channels.secret`: it opens for no other. Nothing stays nothing.
    pub fn seal(&self, purpose: &str, text: &str) -> Result<String> {
        if text.is_empty() {
            return Ok(String::new());
        }
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|error| Error::internal(error.to_string()))?;
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), Payload { msg: text.as_bytes(), aad: purpose.as_bytes() })
            .map_err(|_| Error::internal("a secret could not be sealed"))?;
        Ok(format!("{MARK}{}", STANDARD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// Opens what was sealed for this purpose.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<String> {
        if sealed.is_empty() {
            return Ok(String::new());
        }
        let wrong = || Error::internal("a kept secret does not open with this key");
        let bytes = sealed.strip_prefix(MARK).and_then(|text| STANDARD.decode(text).ok()).ok_or_else(wrong)?;
        let (nonce, body) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(wrong)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| wrong())?;
        let text = self.0.decrypt(&XNonce::from(nonce), Payload { msg: body, aad: purpose.as_bytes() }).map_err(|_| wrong())?;
        String::from_utf8(text).map_err(|_| wrong())
    }

    /// Finds the key of a database, or makes it at the first start. A key that is not the one the database was sealed with ends the
    /// start, and so does a missing one where others may hold it or something is sealed.
    pub async fn find(
        path: &Path,
        db: &Db,
        is_anything_sealed: impl FnOnce(&mut Tx) -> Result<bool> + Send + 'static,
    ) -> Result<SecretKey> {
        let (known, sealed) = db
            .read(Lane::Lists, move |tx| {
                let known: Option<String> = sql("select value from parameters where key = 'secret_key'").maybe(tx)?;
                Ok((known, is_anything_sealed(tx)?))
            })
            .await?;
        let is_there = path.exists();
        if !is_there && (sealed || (known.is_some() && !db.is_embedded())) {
            return Err(Error::internal(format!(
                "{0}: 密钥文件不存在，而数据库中的密码由它加密。请从首个节点或备份取回该文件，或用 CHENGDAN_SECRET_KEY_FILE 指明其位置；\
                 确已丢失时运行 chengdan forget-secrets 后重新填写 / {0}: the key file is missing, and secrets in the database are sealed with it: \
                 bring it from the first node or from your backup, or name its place by CHENGDAN_SECRET_KEY_FILE; if it is lost, run \
                 chengdan forget-secrets and enter the secrets anew",
                path.display()
            )));
        }
        let key = if is_there { read(path)? } else { make(path)? };
        // A key made anew where nothing was sealed takes the place of the lost one.
        let is_anew = known.is_some() && !is_there;
        let check = key.seal(PARAMETER, CHECK)?;
        let kept = db
            .write(
                move |tx| {
                    if is_anew {
                        sql("delete from parameters where key = 'secret_key'").run(tx)?;
                    }
                    sql("insert into parameters (key, value) values ('secret_key', $1) on conflict (key) do nothing")
                        .bind(check.as_str())
                        .run(tx)?;
                    sql("select value from parameters where key = 'secret_key'").one::<String>(tx)
                },
                |_| (),
            )
            .await?;
        match key.open(PARAMETER, &kept) {
            Ok(text) if text == CHECK => Ok(key),
            _ => Err(Error::internal(format!(
                "{0}: 不是此数据库的密钥。同一数据库的所有节点须使用同一密钥文件（CHENGDAN_SECRET_KEY_FILE） / {0}: not the key of this database; all \
                 nodes of one database share one key file (CHENGDAN_SECRET_KEY_FILE)",
                path.display()
            ))),
        }
    }
}

fn told(path: &Path, error: &std::io::Error) -> Error {
    Error::internal(format!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Result<SecretKey> {
    let text = std::fs::read_to_string(path).map_err(|error| told(path, &error))?;
    match STANDARD.decode(text.trim()) {
        Ok(bytes) if bytes.len() == KEY_BYTES => SecretKey::of(&bytes),
        _ => Err(Error::internal(format!("{0}: 不是密钥文件 / {0}: not a key file", path.display()))),
    }
}

/// A new key, for its owner alone to read. Of two starts at once both end up with the same one.
fn make(path: &Path) -> Result<SecretKey> {
    let mut bytes = [0_u8; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| told(folder, &error))?;
    let mut new = tempfile_in(folder).map_err(|error| told(folder, &error))?;
    let written = writeln!(new.1, "{}", STANDARD.encode(bytes)).and_then(|()| new.1.sync_all());
    let placed = written.and_then(|()| std::fs::hard_link(&new.0, path));
    let _ = std::fs::remove_file(&new.0);
    match placed {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(told(path, &error)),
    }
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| told(folder, &error))?;
    read(path)
}

fn tempfile_in(folder: &Path) -> std::io::Result<(std::path::PathBuf, std::fs::File)> {
    let mut name = [0_u8; 8];
    getrandom::fill(&mut name).map_err(|error| std::io::Error::other(error.to_string()))?;
    let path = folder.join(format!(".secret-{:016x}", u64::from_le_bytes(name)));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path)?;
    Ok((path, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_alone() {
        let key = SecretKey::of(&[7; KEY_BYTES]).unwrap();
        let sealed = key.seal("channels.secret", "口令 pässword").unwrap();
        assert!(sealed.starts_with(MARK) && !sealed.contains("word"));
        assert_ne!(sealed, key.seal("channels.secret", "口令 pässword").unwrap());
        assert_eq!(key.open("channels.secret", &sealed).unwrap(), "口令 pässword");
        assert!(key.open("channels.url", &sealed).is_err());
        assert!(SecretKey::of(&[8; KEY_BYTES]).unwrap().open("channels.secret", &sealed).is_err());
        assert!(key.open("channels.secret", &sealed[..sealed.len() - 4]).is_err() && key.open("channels.secret", "plain").is_err());
        assert_eq!((key.seal("channels.secret", "").unwrap(), key.open("channels.secret", "").unwrap()), (String::new(), String::new()));
    }

    #[test]
    fn a_key_is_made_once_and_read_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/secret.key");
        let (first, second) = (make(&path).unwrap(), make(&path).unwrap());
        let sealed = first.seal("p", "x").unwrap();
        assert_eq!(second.open("p", &sealed).unwrap(), "x");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
        std::fs::write(&path, "no key").unwrap();
        assert!(read(&path).is_err());
    }
}
