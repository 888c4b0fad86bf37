//! The server's end: challenge and verify.

use std::fmt::{self, Write};
use std::net::IpAddr;
use std::time::Duration;

use subtle::ConstantTimeEq;

use super::hash::{Hex, ResponseInput, ha1_md5, ha1_sha256, hex_of, response};
use super::nonce::{NonceKey, Nonces};
use super::params::{Params, Parsed, parse, quoted};
use super::{AUTHORIZATIONS_MAX, Algorithm, USERNAME_BYTES_MAX, uri};
use crate::Moment;

/// How one realm authenticates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestConfig {
    /// The protection space, as a rule the SIP domain.
    pub realm: String,
    /// The challenges offered, in this order; some phones read only the first.
    pub algorithms: Vec<Algorithm>,
    /// How long a nonce is good.
    pub fresh_for: Duration,
    /// Used nonces remembered at once; beyond that the oldest become stale.
    pub used_nonces_max: usize,
}

impl DigestConfig {
    /// SHA-256 then MD5, nonces good for 300 s, 65 536 of them in use.
    #[must_use]
    pub fn new(realm: &str) -> Self {
        Self {
            realm: realm.to_owned(),
            algorithms: vec![Algorithm::Sha256, Algorithm::Md5],
            fresh_for: Duration::from_secs(300),
            used_nonces_max: 65_536,
        }
    }
}

/// What proves a user name: `H(user:realm:password)` for the algorithms that are kept. Never printed; whoever has
/// it can register as well as with the password, but only here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret {
    /// By [`super::ha1_md5`].
    pub md5: Option<[u8; 16]>,
    /// By [`super::ha1_sha256`].
    pub sha256: Option<[u8; 32]>,
}

impl Secret {
    /// The secret of a user in a realm, for every algorithm.
    #[must_use]
    pub fn of(username: &str, realm: &str, password: &str) -> Self {
        Self {
            md5: Some(ha1_md5(username, realm, password)),
            sha256: Some(ha1_sha256(username, realm, password)),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A user name that has been proved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Username(pub String);

/// Why a request is not let in. Every one is answered 401 or 407 with
/// [`Authenticator::challenge`], so the difference shows only in `stale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No credentials for our realm.
    Missing,
    /// The nonce is not ours, too old, or its count was used: try again, without asking anybody.
    Stale,
    /// Wrong name, wrong password or credentials that make no sense.
    Bad,
}

/// Challenges and verifies for one realm.
pub struct Authenticator {
    config: DigestConfig,
    nonces: Nonces,
    /// Stands in for the secret of a name that does not exist, so that the work is the same.
    decoy: Secret,
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let used = self.nonces.used_len();
        f.debug_struct("Authenticator").field("config", &self.config).field("used", &used).finish()
    }
}

/// Credentials that have everything they must have.
struct Credentials<'a> {
    username: &'a str,
    nonce: &'a str,
    uri: &'a str,
    algorithm: Algorithm,
    response: Hex,
    nc: &'a str,
    count: u32,
    cnonce: &'a str,
}

impl Authenticator {
    /// `secret` signs the nonces and must be random; `seed` only makes them differ.
    #[must_use]
    pub fn new(config: DigestConfig, secret: &[u8; 32], seed: u64) -> Self {
        let nonces = Nonces::new(secret, seed, config.fresh_for, config.used_nonces_max);
        let decoy =
            Secret::of("decoy", &config.realm, hex_of(Algorithm::Sha256, &[b"decoy", secret]).as_str());
        Self { config, nonces, decoy }
    }

    /// The realm.
    #[must_use]
    pub fn realm(&self) -> &str {
        &self.config.realm
    }

    /// How many used nonces are remembered, for a gauge.
    #[must_use]
    pub fn used_nonces(&self) -> usize {
        self.nonces.used_len()
    }

    /// The values of WWW-Authenticate (or Proxy-Authenticate), one header each, best first.
    pub fn challenge(&mut self, refusal: Refusal, source: IpAddr, now: Moment) -> Vec<String> {
        let nonce = self.nonces.issue(source, now);
        let realm = quoted(&self.config.realm);
        let stale = match refusal {
            Refusal::Stale => ", stale=true",
            Refusal::Missing | Refusal::Bad => "",
        };
        let mut values = Vec::with_capacity(self.config.algorithms.len());
        for algorithm in &self.config.algorithms {
            let mut value = String::with_capacity(128);
            let name = algorithm.as_str();
            // Writing to a String cannot fail.
            let _ = write!(
                value,
                "Digest realm={realm}, nonce=\"{nonce}\", algorithm={name}, qop=\"auth\"{stale}"
            );
            values.push(value);
        }
        values
    }

    /// Verifies the credentials of a request.
    ///
    /// `authorization` are the values of Authorization (or Proxy-Authorization), `credentials`
    /// finds the secret of a user name. The name that is returned is the one `credentials` knew.
    pub fn verify(
        &mut self,
        method: &str,
        request_uri: &str,
        authorization: &[&[u8]],
        credentials: &dyn Fn(&str) -> Option<Secret>,
        source: IpAddr,
        now: Moment,
    ) -> Result<Username, Refusal> {
        let mut refusal = Refusal::Missing;
        for value in authorization.iter().take(AUTHORIZATIONS_MAX) {
            let outcome = match parse(value) {
                Parsed::OtherScheme => continue,
                Parsed::Malformed => Err(Refusal::Bad),
                Parsed::Digest(params) if params.get("realm") != Some(&self.config.realm) => continue,
                Parsed::Digest(params) => {
                    self.verify_one(method, request_uri, &params, credentials, (source, now))
                }
            };
            match outcome {
                Ok(username) => return Ok(username),
                // A client that sends two algorithms is told stale if either was.
                Err(Refusal::Stale) => refusal = Refusal::Stale,
                Err(Refusal::Bad | Refusal::Missing) if refusal == Refusal::Missing => {
                    refusal = Refusal::Bad;
                }
                Err(Refusal::Bad | Refusal::Missing) => {}
            }
        }
        Err(refusal)
    }

    fn verify_one(
        &mut self,
        method: &str,
        request_uri: &str,
        params: &Params<'_>,
        credentials: &dyn Fn(&str) -> Option<Secret>,
        (source, now): (IpAddr, Moment),
    ) -> Result<Username, Refusal> {
        let given = self.read(params).ok_or(Refusal::Bad)?;
        if !uri::equivalent(given.uri, request_uri) {
            return Err(Refusal::Bad);
        }
        let key: NonceKey = self.nonces.check(given.nonce, source, now).ok_or(Refusal::Stale)?;
        if !self.nonces.is_unused(key, given.count) {
            return Err(Refusal::Stale);
        }
        let secret = credentials(given.username);
        let (known, ha1) = self.ha1(secret.as_ref(), given.algorithm);
        let expected = response(&ResponseInput {
            algorithm: given.algorithm,
            ha1: &ha1,
            nonce: given.nonce,
            count: Some((given.nc, given.cnonce)),
            method,
            uri: given.uri,
        });
        let same: bool = expected.as_bytes().ct_eq(given.response.as_bytes()).into();
        if !(same & known) {
            return Err(Refusal::Bad);
        }
        let username = Username(given.username.to_owned());
        self.nonces.mark(key, given.count, now);
        Ok(username)
    }

    fn read<'a>(&self, params: &'a Params<'_>) -> Option<Credentials<'a>> {
        let algorithm = match params.get("algorithm") {
            Some(name) => Algorithm::parse(name)?,
            None => Algorithm::Md5,
        };
        let username =
            params.get("username").filter(|name| (1..=USERNAME_BYTES_MAX).contains(&name.len()))?;
        let nc = params.get("nc").filter(|nc| nc.len() == 8)?;
        let auth = params.get("qop").is_some_and(|qop| qop.eq_ignore_ascii_case("auth"));
        if !auth || !self.config.algorithms.contains(&algorithm) {
            return None;
        }
        Some(Credentials {
            username,
            nonce: params.get("nonce")?,
            uri: params.get("uri")?,
            algorithm,
            response: Hex::read(params.get("response")?, algorithm)?,
            nc,
            // from_str_radix would take a sign.
            count: nc.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(nc, 16).ok())??,
            cnonce: params.get("cnonce")?,
        })
    }

    /// `H(user:realm:password)` and whether it is a real one.
    fn ha1(&self, secret: Option<&Secret>, algorithm: Algorithm) -> (bool, Hex) {
        let kept = |secret: &Secret| match algorithm {
            Algorithm::Md5 => secret.md5.map(|hash| Hex::encode(&hash)),
            Algorithm::Sha256 => secret.sha256.map(|hash| Hex::encode(&hash)),
        };
        let known = secret.and_then(kept);
        let decoy = kept(&self.decoy).unwrap_or_else(|| Hex::encode(&[]));
        (known.is_some(), known.unwrap_or(decoy))
    }
}
