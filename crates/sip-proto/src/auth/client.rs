//! The client's end: answering the challenge of a trunk (RFC 3261 22.2, RFC 8760).

use std::fmt;

use super::hash::{ResponseInput, hex_of, response};
use super::params::{Params, Parsed, parse, quoted};
use super::{AUTHORIZATIONS_MAX, Algorithm};

/// Challenges marked stale that we follow in a row, so that two broken ends cannot play for ever.
const STALE_MAX: u32 = 3;

/// Why a challenge is not answered; the request has then failed with its 401 or 407.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeError {
    /// No challenge of a form we can answer: another scheme, algorithm, or only `auth-int`.
    Unsupported,
    /// Our credentials were refused: the same ones would be refused again.
    Refused,
}

impl fmt::Display for ChallengeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unsupported => "no challenge that we can answer",
            Self::Refused => "the credentials were refused",
        })
    }
}

impl std::error::Error for ChallengeError {}

/// One user name at one server, with the challenge that holds now.
pub struct DigestClient {
    username: String,
    password: String,
    seed: u64,
    made: u64,
    current: Option<Challenge>,
    /// Challenges in a row without a success between.
    refused: u32,
}

impl fmt::Debug for DigestClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestClient").field("username", &self.username).finish_non_exhaustive()
    }
}

#[derive(Clone)]
struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    algorithm: Algorithm,
    /// False for a server of RFC 2069, which knows no `qop`.
    qop: bool,
    count: u32,
}

impl DigestClient {
    /// `seed` makes the cnonce; give each client its own random one.
    #[must_use]
    pub fn new(username: &str, password: &str, seed: u64) -> Self {
        let (username, password) = (username.to_owned(), password.to_owned());
        Self { username, password, seed, made: 0, current: None, refused: 0 }
    }

    /// Takes the WWW-Authenticate or Proxy-Authenticate values of a 401 or 407. The first challenge
    /// we can answer is taken, since the server lists them by preference (RFC 8760 2.4).
    pub fn challenged(&mut self, values: &[&[u8]]) -> Result<(), ChallengeError> {
        let mut found = None;
        for value in values.iter().take(AUTHORIZATIONS_MAX) {
            if let Parsed::Digest(params) = parse(value)
                && let Some(challenge) = read(&params)
            {
                let stale = params.get("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true"));
                found = Some((challenge, stale));
                break;
            }
        }
        let (challenge, stale) = found.ok_or(ChallengeError::Unsupported)?;
        // The first challenge after a success may be a nonce that has run out without saying so.
        let limit = if stale { STALE_MAX } else { 1 };
        if self.refused >= limit {
            return Err(ChallengeError::Refused);
        }
        self.refused += 1;
        self.current = Some(challenge);
        Ok(())
    }

    /// A request with our credentials was let in: a later challenge is not a refusal.
    pub fn accepted(&mut self) {
        self.refused = 0;
    }

    /// The value of Authorization or Proxy-Authorization for the next request; `None` before the
    /// first challenge. Every call counts `nc` up, so call it once for each request that is sent.
    pub fn authorization(&mut self, method: &str, uri: &str) -> Option<String> {
        let challenge = self.current.as_mut()?;
        let algorithm = challenge.algorithm;
        challenge.count = challenge.count.checked_add(1)?;
        self.made = self.made.wrapping_add(1);
        let entropy = [self.seed.to_be_bytes(), self.made.to_be_bytes()];
        let drawn = hex_of(Algorithm::Sha256, &[&entropy[0], &entropy[1], challenge.nonce.as_bytes()]);
        let cnonce = drawn.as_str().get(..16).unwrap_or_default();
        let nc = format!("{:08x}", challenge.count);
        let parts = [self.username.as_bytes(), challenge.realm.as_bytes(), self.password.as_bytes()];
        let ha1 = hex_of(algorithm, &parts);
        let proof = response(&ResponseInput {
            algorithm,
            ha1: &ha1,
            nonce: &challenge.nonce,
            count: challenge.qop.then_some((nc.as_str(), cnonce)),
            method,
            uri,
        });
        let mut value = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, response=\"{}\", algorithm={}",
            quoted(&self.username),
            quoted(&challenge.realm),
            quoted(&challenge.nonce),
            quoted(uri),
            proof.as_str(),
            algorithm.as_str(),
        );
        if challenge.qop {
            value.push_str(&format!(", qop=auth, nc={nc}, cnonce=\"{cnonce}\""));
        }
        if let Some(opaque) = &challenge.opaque {
            value.push_str(&format!(", opaque={}", quoted(opaque)));
        }
        Some(value)
    }
}

fn read(params: &Params<'_>) -> Option<Challenge> {
    let algorithm = match params.get("algorithm") {
        Some(name) => Algorithm::parse(name)?,
        None => Algorithm::Md5,
    };
    let qop = match params.get("qop") {
        Some(list) => {
            // A server that insists on auth-int wants the body signed, which no proxy on the way
            // would survive; it is not answered at all.
            if !list.split(',').any(|one| one.trim().eq_ignore_ascii_case("auth")) {
                return None;
            }
            true
        }
        None => false,
    };
    Some(Challenge {
        realm: params.get("realm")?.to_owned(),
        nonce: params.get("nonce")?.to_owned(),
        opaque: params.get("opaque").map(str::to_owned),
        algorithm,
        qop,
        count: 0,
    })
}
