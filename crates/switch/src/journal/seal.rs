//! Sealing of payloads, in place.

use std::fmt;

use aes_gcm::aead::AeadInPlace as _;
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce, Tag};
use sha2::{Digest as _, Sha256};

/// Bytes that sealing adds.
pub(crate) const TAG_LENGTH: usize = 16;

/// The key of a journal: 32 secret bytes that are used for nothing else.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// Takes the bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A name that says which key it is and nothing about it.
    pub(crate) fn name(&self) -> [u8; 8] {
        let digest = Sha256::new_with_prefix(b"cordboard journal key name").chain_update(self.0).finalize();
        let mut name = [0; 8];
        name.copy_from_slice(&digest[..8]);
        name
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Key(•••)")
    }
}

/// The cipher of one segment.
pub(crate) struct Cipher {
    cipher: Aes256Gcm,
    prefix: [u8; 8],
    segment: u64,
}

impl Cipher {
    pub(crate) fn new(key: &Key, prefix: [u8; 8], segment: u64) -> Self {
        Self { cipher: Aes256Gcm::new(&key.0.into()), prefix, segment }
    }

    fn nonce(&self, index: u32) -> Nonce<aes_gcm::aead::consts::U12> {
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&self.prefix);
        nonce[8..].copy_from_slice(&index.to_be_bytes());
        nonce.into()
    }

    fn bound_to(&self, kind: u8) -> [u8; 9] {
        let mut bound = [0; 9];
        bound[..8].copy_from_slice(&self.segment.to_le_bytes());
        bound[8] = kind;
        bound
    }

    /// Seals `payload` in place; none if it is too long for the cipher.
    pub(crate) fn seal(&self, index: u32, kind: u8, payload: &mut [u8]) -> Option<[u8; TAG_LENGTH]> {
        let tag =
            self.cipher.encrypt_in_place_detached(&self.nonce(index), &self.bound_to(kind), payload).ok()?;
        Some(tag.into())
    }

    /// Opens what [`Self::seal`] made of the same index and kind; none if it is anything else.
    pub(crate) fn open(&self, index: u32, kind: u8, sealed: &[u8]) -> Option<Vec<u8>> {
        let (payload, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG_LENGTH)?)?;
        let mut payload = payload.to_vec();
        let tag = Tag::from_slice(tag);
        self.cipher
            .decrypt_in_place_detached(&self.nonce(index), &self.bound_to(kind), &mut payload, tag)
            .ok()?;
        Some(payload)
    }
}
