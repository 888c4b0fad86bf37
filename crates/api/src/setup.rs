//! The one-time token by which whoever started a server without an owner becomes its owner.
//!
//! Only its SHA-256 is kept, in memory: a restart makes the old link worthless.

use std::sync::{Arc, Mutex, PoisonError};

use crate::secret::{Hash, hash, random};

/// Shortest password of an owner, bytes.
pub const PASSWORD_BYTES_MIN: usize = 8;

/// Whether the owner may still be set up, and by which token. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Setup(Arc<Mutex<Option<Hash>>>);

/// A token that was taken, to be given back if it was of no use.
pub(crate) struct Taken(Hash);

impl Setup {
    /// Nothing is to be set up.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// A new token of 256 random bits, and what knows it.
    #[must_use]
    pub fn start() -> (Self, String) {
        let token = random();
        (Self(Arc::new(Mutex::new(Some(hash(&token))))), token)
    }

    /// Whether this is the token, and it was not used yet. Hashes are compared, so the time it takes says nothing
    /// about the token.
    pub(crate) fn fits(&self, token: &str) -> bool {
        *self.lock() == Some(hash(token))
    }

    /// Takes the token: from now on it fits no more.
    pub(crate) fn take(&self, token: &str) -> Option<Taken> {
        self.lock().take_if(|kept| *kept == hash(token)).map(Taken)
    }

    /// The token may be used again.
    pub(crate) fn give_back(&self, taken: Taken) {
        *self.lock() = Some(taken.0);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Hash>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_once_and_can_be_given_back() {
        let (setup, token) = Setup::start();
        assert!(setup.fits(&token) && !setup.fits("") && !Setup::none().fits(&token));
        assert!(setup.take("other").is_none());
        let taken = setup.take(&token).unwrap();
        assert!(!setup.fits(&token) && setup.take(&token).is_none());
        setup.give_back(taken);
        assert!(setup.fits(&token));
    }
}
