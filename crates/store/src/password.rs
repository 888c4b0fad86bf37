//! Web passwords: argon2id, off the runtime's threads and few at a time, so that a flood of log-ins takes
//! neither the memory nor the processors that calls need.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{CustomizedPasswordHasher, Result as HashResult};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHasher, PasswordVerifier as _, Version};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::error::StoreError;
use crate::secret::Secret;

/// Memory of one hash, KiB: 19 MiB, the least that OWASP asks for.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// Blocks reserved for a hash: more than it fills, which costs addresses and no memory. glibc keeps what it once had
/// to ask the system for, up to 32 MiB a piece; a piece above that goes back to the system when it is freed.
const BLOCKS_RESERVED: usize = 33 * 1024;
/// Hashes at a time: 38 MiB and two processors at most.
const CONCURRENT_MAX: usize = 2;
/// Log-ins that wait for their turn; beyond, one is told to come back.
const WAITING_MAX: usize = 64;
/// Hashed in place of a password when nobody has the e-mail, so that the answer takes as long.
const NOBODY_SALT: &[u8; 16] = b"nobody-here-salt";

/// Hashes and checks passwords.
#[derive(Debug)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { turns: Arc::new(Semaphore::new(CONCURRENT_MAX)), waiting: AtomicUsize::new(0) }
    }

    /// The text to keep of a new password.
    pub(crate) async fn hash(&self, password: Secret) -> Result<String, StoreError> {
        self.work(move || {
            let hash = argon2()?.hash_password(password.reveal().as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|error| StoreError::Hash(error.to_string()))
        })
        .await
    }

    /// Whether `password` is the one that was kept.
    pub(crate) async fn verify(&self, password: Secret, kept: String) -> Result<bool, StoreError> {
        self.work(move || {
            let Ok(hash) = PasswordHash::new(&kept) else {
                return Err(StoreError::corrupt("a password hash", "agent"));
            };
            Ok(argon2()?.verify_password(password.reveal().as_bytes(), &hash).is_ok())
        })
        .await
    }

    /// As [`Self::verify`] for a log-in: one that is refused at once where too many wait, and that does the
    /// same work where there is nothing to compare with.
    pub(crate) async fn verify_login(
        &self,
        password: Secret,
        kept: Option<String>,
    ) -> Result<bool, StoreError> {
        let place = Place::take(&self.waiting)?;
        let verified = match kept {
            Some(kept) => self.verify(password, kept).await,
            None => self.verify_nobody(password).await,
        };
        drop(place);
        verified
    }

    /// Hashes many, a few at a time, so that a log-in meanwhile waits for those few and no more.
    pub(crate) async fn hash_many(
        self: &Arc<Self>,
        list: Vec<(usize, Secret)>,
    ) -> Result<BTreeMap<usize, String>, StoreError> {
        let mut hashes = BTreeMap::new();
        let mut running = JoinSet::new();
        for (index, password) in list {
            if running.len() >= CONCURRENT_MAX {
                hashes.extend(next(&mut running).await?);
            }
            let passwords = Arc::clone(self);
            running.spawn(async move { passwords.hash(password).await.map(|hash| (index, hash)) });
        }
        while let Some((index, hash)) = next(&mut running).await? {
            hashes.insert(index, hash);
        }
        Ok(hashes)
    }

    /// Which of many are not what was kept, likewise.
    pub(crate) async fn differing(
        self: &Arc<Self>,
        list: Vec<(usize, Secret, String)>,
    ) -> Result<Vec<usize>, StoreError> {
        let mut same = BTreeMap::new();
        let mut running = JoinSet::new();
        for (index, password, kept) in list {
            if running.len() >= CONCURRENT_MAX {
                same.extend(next(&mut running).await?);
            }
            let passwords = Arc::clone(self);
            running.spawn(async move { passwords.verify(password, kept).await.map(|same| (index, same)) });
        }
        while let Some((index, is_same)) = next(&mut running).await? {
            same.insert(index, is_same);
        }
        Ok(same.into_iter().filter(|(_, same)| !same).map(|(index, _)| index).collect())
    }

    async fn verify_nobody(&self, password: Secret) -> Result<bool, StoreError> {
        self.work(move || {
            let hash = argon2()?.hash_password_with_salt(password.reveal().as_bytes(), NOBODY_SALT);
            hash.map(|_: PasswordHash| false).map_err(|error| StoreError::Hash(error.to_string()))
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turns = Arc::clone(&self.turns);
        let turn = turns.acquire_owned().await.map_err(|error| StoreError::Hash(error.to_string()))?;
        // The turn goes into the job: a caller who does not wait for the end does not make room early.
        let job = move || {
            let done = job();
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(job).await.map_err(|error| StoreError::Hash(error.to_string()))?
    }
}

/// The result of the next job that ends; none if there is none left.
async fn next<T: 'static>(
    running: &mut JoinSet<Result<(usize, T), StoreError>>,
) -> Result<Option<(usize, T)>, StoreError> {
    match running.join_next().await {
        None => Ok(None),
        Some(Ok(done)) => done.map(Some),
        Some(Err(error)) => Err(StoreError::Hash(error.to_string())),
    }
}

/// A log-in's place among those that wait; given back when it is dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self, StoreError> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::Relaxed) >= WAITING_MAX { Err(StoreError::Busy) } else { Ok(place) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn argon2() -> Result<Hasher, StoreError> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| StoreError::Hash(error.to_string()))?;
    Ok(Hasher(Argon2::new(Algorithm::Argon2id, Version::V0x13, params)))
}

/// argon2 whose memory goes back to the system after each hash: a server that let somebody log in once would
/// otherwise keep those 19 MiB for as long as it runs.
struct Hasher(Argon2<'static>);

impl PasswordHasher<PasswordHash> for Hasher {
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> HashResult<PasswordHash> {
        let params = self.0.params();
        let salt = Salt::new(salt)?;
        let mut blocks = Vec::with_capacity(BLOCKS_RESERVED);
        blocks.resize(params.block_count(), Block::default());
        let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
        self.0.hash_password_into_with_memory(password, &salt, &mut out, &mut blocks)?;
        Ok(PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(params)?,
            salt: Some(salt),
            hash: Some(Output::new(&out)?),
        })
    }
}

impl CustomizedPasswordHasher<PasswordHash> for Hasher {
    type Params = Params;

    /// As a kept hash asks for it; only what [`argon2`] makes is known.
    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> HashResult<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?;
        let version = version.map(Version::try_from).transpose()?;
        if algorithm != Some(Algorithm::Argon2id) || version != Some(Version::V0x13) {
            return Err(argon2::password_hash::Error::Algorithm);
        }
        Hasher(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
            .hash_password_with_salt(password, salt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_kept_as_argon2id_and_verified() {
        let passwords = Passwords::new();
        let kept = passwords.hash(Secret::new("desk-password")).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(passwords.verify(Secret::new("desk-password"), kept.clone()).await.unwrap());
        assert!(!passwords.verify(Secret::new("desk-Password"), kept).await.unwrap());
        assert!(!passwords.verify_login(Secret::new("x"), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_flood_of_log_ins_is_refused_and_gives_its_places_back() {
        let passwords = Passwords::new();
        let places: Vec<_> = (0..WAITING_MAX).map(|_| Place::take(&passwords.waiting).unwrap()).collect();
        let refused = passwords.verify_login(Secret::new("x"), None).await;
        assert!(matches!(refused, Err(StoreError::Busy)));
        drop(places);
        assert_eq!(passwords.waiting.load(Ordering::Relaxed), 0);
    }
}
