//! Hashing of passwords (argon2id) away from the request threads, only as many at once as there are cores.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// More waiting log-ins than this are turned away.
const QUEUE: usize = 256;

/// The hasher. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    slots: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// Verified against when there is no such person, so that both cases take the same time (S10).
    nobody: Arc<str>,
}

impl Passwords {
    /// OWASP's floor: 19 MiB, 2 passes, 1 lane.
    pub fn strong() -> Result<Passwords> {
        Passwords::with(19_456, 2)
    }

    /// With other costs: `memory` in KiB and the number of passes.
    pub fn with(memory: u32, passes: u32) -> Result<Passwords> {
        let params = Params::new(memory, passes, 1, None).map_err(|error| Error::internal(error.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon2, "nobody's password")?.into();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Passwords { argon2, slots: Arc::new(Semaphore::new(cores)), queue: Arc::new(Semaphore::new(QUEUE)), nobody })
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: String) -> Result<String> {
        let argon2 = self.argon2.clone();
        self.in_turn(move || hash(&argon2, &composed(&password))).await?
    }

    /// True when the password is the hashed one; `None` costs the same and is always false.
    pub async fn verify(&self, password: String, hashed: Option<String>) -> Result<bool> {
        let argon2 = self.argon2.clone();
        let exists = hashed.is_some();
        let hashed = hashed.unwrap_or_else(|| self.nobody.to_string());
        let same = self
            .in_turn(move || {
                PasswordHash::new(&hashed).is_ok_and(|parsed| argon2.verify_password(composed(&password).as_bytes(), &parsed).is_ok())
            })
            .await?;
        Ok(same && exists)
    }

    async fn in_turn<T: Send + 'static>(&self, run: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let Ok(_waiting) = self.queue.try_acquire() else { return Err(Error::Unavailable) };
        let _slot = self.slots.acquire().await.map_err(|_| Error::Unavailable)?;
        tokio::task::spawn_blocking(run).await.map_err(|error| Error::internal(error.to_string()))
    }
}

/// Keyboards differ in how they write the same letter: passwords count in Unicode's composed form (NFC, NIST SP 800-63B).
fn composed(password: &str) -> String {
    password.nfc().collect()
}

fn hash(argon2: &Argon2, password: &str) -> Result<String> {
    argon2.hash_password(password.as_bytes()).map(|phc| phc.to_string()).map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // S10: whoever is unknown costs the same work as somebody with a password, whatever the costs are.
    #[tokio::test]
    async fn nobody_is_hashed_like_anybody() {
        for passwords in [Passwords::with(8, 1).unwrap(), Passwords::with(64, 3).unwrap()] {
            let costs = |phc: &str| phc.rsplitn(3, '$').last().map(str::to_owned);
            let hashed = passwords.hash("Caf\u{e9}-2024".into()).await.unwrap();
            assert!(costs(&hashed).is_some_and(|costs| costs.starts_with("$argon2id$v=19$m=")), "{hashed}");
            assert_eq!(costs(&hashed), costs(&passwords.nobody));
            assert!(!passwords.verify("nobody's password".into(), None).await.unwrap());
        }
    }

    #[tokio::test]
    async fn a_letter_and_its_accent_typed_apart_are_the_same_password() {
        let passwords = Passwords::with(8, 1).unwrap();
        let hashed = passwords.hash("Caf\u{e9}-2024".into()).await.unwrap();
        assert!(passwords.verify("Cafe\u{301}-2024".into(), Some(hashed.clone())).await.unwrap());
        assert!(!passwords.verify("Cafe-2024".into(), Some(hashed)).await.unwrap());
    }
}
