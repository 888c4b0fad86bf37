//! Digest authentication, both ends (RFC 2617, RFC 7616, RFC 8760; RFC 3261 section 22).
//!
//! The server keeps nothing for a stranger: a nonce is the time, a number and a signature over
//! both, so a 401 costs no memory. Only a nonce that was once used with the right secret gets an
//! entry, in a bounded table that counts its `nc`. An unknown name is answered exactly as a wrong
//! password, after the same work.
//!
//! [`Authenticator`] challenges and verifies, [`DigestClient`] answers a trunk's challenge,
//! [`flood`] slows down those who have not proved who they are.

mod client;
pub mod flood;
mod hash;
mod nonce;
mod params;
mod server;
mod uri;

pub use client::{ChallengeError, DigestClient};
pub use hash::{ha1_md5, ha1_sha256};
pub use server::{Authenticator, DigestConfig, Refusal, Secret, Username};

/// Bytes of one Authorization or WWW-Authenticate value that we are willing to read.
pub const CREDENTIALS_BYTES_MAX: usize = 2048;
/// Parameters in one value.
pub const PARAMETERS_MAX: usize = 24;
/// Authorization headers tried in one request.
pub const AUTHORIZATIONS_MAX: usize = 4;
/// Bytes of a user name.
pub const USERNAME_BYTES_MAX: usize = 128;

/// A digest algorithm we speak. The `-sess` forms are not spoken by any phone we met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RFC 2617; what every phone has.
    Md5,
    /// RFC 8760.
    Sha256,
}

impl Algorithm {
    /// The name in the `algorithm` parameter.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    /// Reads the `algorithm` parameter, in any case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is("MD5") {
            Some(Self::Md5)
        } else if is("SHA-256") {
            Some(Self::Sha256)
        } else {
            None
        }
    }
}
