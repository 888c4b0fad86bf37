//! Secrets of phones: sealed at rest with AES-256-GCM, opened only for the gateway's digest.
//!
//! A sealed secret is text: `v1.<key id>.<base64url of nonce and ciphertext>`. The domain and the number are
//! authenticated with it, so that a row copied onto another extension does not open.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng as _;
use sha2::{Digest as _, Sha256};

use crate::error::KeyError;

/// The key's file in a data directory, unless it lies elsewhere.
pub(crate) const KEY_FILE: &str = "secret.key";
/// Bytes of a key.
const KEY_LENGTH: usize = 32;
/// Bytes of a nonce: random, 96 bits, as GCM wants it.
const NONCE_LENGTH: usize = 12;
/// Characters of a generated phone secret: 26 of 32 letters are 130 bits.
const GENERATED_LENGTH: usize = 26;
/// Letters that cannot be taken for one another when read aloud or typed on a phone.
pub(crate) const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A secret in the clear. It prints as dots; [`Secret::reveal`] is for the wire and the person it belongs to.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// A new one, for a phone: 130 random bits.
    #[must_use]
    pub fn generate() -> Self {
        let mut rng = rand::rng();
        Self((0..GENERATED_LENGTH).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("•••")
    }
}

/// What the journal's key is made with: no other use of the secret key gives the same.
const JOURNAL_LABEL: &[u8] = b"cordboard: key of the journal, version 1\n";

/// The key of all sealed secrets of one data directory.
pub(crate) struct SecretKey {
    cipher: Aes256Gcm,
    id: String,
    journal: [u8; KEY_LENGTH],
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey({})", self.id)
    }
}

impl SecretKey {
    fn from_bytes(bytes: &[u8; KEY_LENGTH]) -> Self {
        let cipher = Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(bytes));
        let journal = Sha256::new_with_prefix(JOURNAL_LABEL).chain_update(bytes).finalize().into();
        Self { cipher, id: hex(&Sha256::digest(bytes)[..4]), journal }
    }

    /// The key of the journal, which says nothing about this one.
    pub(crate) const fn journal(&self) -> [u8; KEY_LENGTH] {
        self.journal
    }

    /// A short name that says which key it is and nothing about it.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Reads the key file; makes it with a random key, readable by this user only, if it is not there.
    pub(crate) fn open_or_make(path: &Path) -> Result<Self, KeyError> {
        let io = |source| KeyError::File { path: path.to_owned(), source };
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        match file {
            Ok(mut file) => {
                let bytes: [u8; KEY_LENGTH] = rand::random();
                writeln!(file, "{}", hex(&bytes)).and_then(|()| file.sync_all()).map_err(io)?;
                Ok(Self::from_bytes(&bytes))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Self::open(path),
            Err(source) => Err(io(source)),
        }
    }

    /// Reads the key file.
    pub(crate) fn open(path: &Path) -> Result<Self, KeyError> {
        let io = |source| KeyError::File { path: path.to_owned(), source };
        let mode = std::fs::metadata(path).map_err(io)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::Exposed { path: path.to_owned() });
        }
        let text = std::fs::read_to_string(path).map_err(io)?;
        let bytes = unhex(text.trim()).ok_or_else(|| KeyError::Malformed { path: path.to_owned() })?;
        Ok(Self::from_bytes(&bytes))
    }

    /// Seals `secret`, bound to `place`.
    pub(crate) fn seal(&self, secret: &Secret, place: &str) -> Option<String> {
        let nonce: [u8; NONCE_LENGTH] = rand::random();
        let payload = Payload { msg: secret.0.as_bytes(), aad: place.as_bytes() };
        let sealed = self.cipher.encrypt(Nonce::from_slice(&nonce), payload).ok()?;
        let bytes = [&nonce[..], &sealed].concat();
        Some(format!("v1.{}.{}", self.id, URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Opens what [`Self::seal`] made for the same `place`; none if it is anything else.
    pub(crate) fn unseal(&self, sealed: &str, place: &str) -> Option<Secret> {
        let body = sealed.strip_prefix("v1.")?.strip_prefix(self.id.as_str())?.strip_prefix('.')?;
        let bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LENGTH)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let opened = self.cipher.decrypt(Nonce::from_slice(nonce), payload).ok()?;
        String::from_utf8(opened).ok().map(Secret)
    }
}

/// The key of the journal of a data directory that is not opened: for tools that only read.
///
/// # Errors
/// [`KeyError`] if the key file is not there, not a key, or readable by others.
pub fn journal_key(data_dir: &Path) -> Result<[u8; KEY_LENGTH], KeyError> {
    SecretKey::open(&data_dir.join(KEY_FILE)).map(|key| key.journal())
}

/// The name of the key that sealed this; empty if it says none.
pub(crate) fn key_id_of(sealed: &str) -> &str {
    sealed.split('.').nth(1).unwrap_or_default()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; KEY_LENGTH]> {
    let mut bytes = [0; KEY_LENGTH];
    if text.len() != 2 * KEY_LENGTH || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_at_its_own_place_only() {
        let key = SecretKey::from_bytes(&[7; KEY_LENGTH]);
        let secret = Secret::new("phone-secret");
        let sealed = key.seal(&secret, "acme.test/1001").unwrap();
        assert!(!sealed.contains("phone"));
        assert_eq!(key.unseal(&sealed, "acme.test/1001"), Some(secret.clone()));
        assert_eq!(key.unseal(&sealed, "acme.test/1002"), None);
        assert_eq!(SecretKey::from_bytes(&[8; KEY_LENGTH]).unseal(&sealed, "acme.test/1001"), None);
        assert_eq!(key_id_of(&sealed), key.id());
        assert_ne!(key.seal(&secret, "acme.test/1001").unwrap(), sealed, "the nonce is random");
    }

    #[test]
    fn the_journals_key_is_read_from_the_same_file_and_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let key = SecretKey::open_or_make(&folder.path().join(KEY_FILE)).unwrap();
        assert_eq!(journal_key(folder.path()).unwrap(), key.journal());
        let bytes = std::fs::read_to_string(folder.path().join(KEY_FILE)).unwrap();
        assert_ne!(hex(&key.journal()), bytes.trim());
        assert_ne!(SecretKey::from_bytes(&[7; KEY_LENGTH]).journal(), key.journal());
    }

    #[test]
    fn hostile_sealed_text_is_refused() {
        let key = SecretKey::from_bytes(&[7; KEY_LENGTH]);
        let short = format!("v1.{}.AAAA", key.id());
        for text in ["", "v1", "v1.", "v2.x.y", "v1..", &short, &format!("v1.{}.!!", key.id())] {
            assert_eq!(key.unseal(text, "a"), None, "{text}");
        }
    }

    #[test]
    fn a_generated_secret_is_long_and_new_each_time() {
        let (a, b) = (Secret::generate(), Secret::generate());
        assert_eq!(a.reveal().len(), GENERATED_LENGTH);
        assert_ne!(a, b);
        assert_eq!(format!("{a:?}"), "•••");
    }
}
