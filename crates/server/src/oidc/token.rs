//! ID tokens: whether one is the provider's, of now, for us, and for the log-in that was begun (OpenID Connect Core
//! 1.0, 3.1.3.7).

use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;

/// How far clocks may be apart, seconds.
const LEEWAY: u64 = 60;

/// What a token must say.
pub(super) struct Expected<'a> {
    /// Who has made it.
    pub(super) issuer: &'a str,
    /// For whom.
    pub(super) client_id: &'a str,
    /// In which log-in.
    pub(super) nonce: &'a str,
}

/// What is said of somebody, in an ID token or apart.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    /// Who, as the provider knows her.
    pub(super) sub: String,
    nonce: Option<String>,
    azp: Option<String>,
    /// For whom it is: one, or a list.
    aud: Option<Value>,
    email: Option<String>,
    email_verified: Option<Value>,
}

/// An e-mail address, and whether the provider vouches for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) email: String,
    /// None if the provider does not say.
    pub(super) verified: Option<bool>,
}

impl Claims {
    /// Her address, if it is said.
    pub(super) fn address(&self) -> Option<Address> {
        // Some providers write the truth in quotes.
        let verified = match &self.email_verified {
            Some(Value::Bool(verified)) => Some(*verified),
            Some(Value::String(word)) => Some(word == "true"),
            Some(Value::Number(_) | Value::Array(_) | Value::Object(_)) => Some(false),
            Some(Value::Null) | None => None,
        };
        self.email.clone().map(|email| Address { email, verified })
    }
}

/// Why a token is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Verdict {
    /// None of the keys is the one that it names.
    #[error("it is signed with a key that the provider does not publish")]
    UnknownKey,
    /// It is not what was expected.
    #[error("{0}")]
    Wrong(String),
}

impl From<jsonwebtoken::errors::Error> for Verdict {
    fn from(error: jsonwebtoken::errors::Error) -> Self {
        Self::Wrong(outbound::one_line(&error.to_string()))
    }
}

/// What a token says, if it is to be believed.
pub(super) fn verify(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<Claims, Verdict> {
    let wrong = |what: &str| Verdict::Wrong(what.to_owned());
    let header = jsonwebtoken::decode_header(token)?;
    let family = signed_by_key_pair(header.alg)?;
    let fits = |key: &&Jwk| {
        let named = header.kid.is_none() || key.common.key_id == header.kid;
        let signs =
            key.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
        let of_family = DecodingKey::from_jwk(key).is_ok_and(|key| key.family() == family);
        named && signs && of_family
    };
    let mut fitting = keys.iter().filter(fits);
    let key = match (fitting.next(), fitting.next()) {
        (Some(key), None) => DecodingKey::from_jwk(key)?,
        (None, _) => return Err(Verdict::UnknownKey),
        (Some(_), Some(_)) => return Err(wrong("it does not say which of several keys it is signed with")),
    };
    let mut validation = Validation::new(header.alg);
    validation.leeway = LEEWAY;
    validation.validate_nbf = true;
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client_id]);
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)?.claims;
    let several = claims.aud.as_ref().and_then(Value::as_array).is_some_and(|all| all.len() > 1);
    match claims.azp.as_deref() {
        Some(party) if party != expected.client_id => return Err(wrong("it was made for another client")),
        None if several => return Err(wrong("it is for several, and does not say for which it was made")),
        Some(_) | None => {}
    }
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err(wrong("it is of another log-in: its nonce is not the one that was sent"));
    }
    Ok(claims)
}

/// The kind of key of an algorithm. One whose key both sides know is none: whoever checks it could have made it.
fn signed_by_key_pair(algorithm: Algorithm) -> Result<AlgorithmFamily, Verdict> {
    let family = algorithm.family();
    if family == AlgorithmFamily::Hmac {
        return Err(Verdict::Wrong("it is signed with a shared secret".into()));
    }
    Ok(family)
}

#[cfg(test)]
mod tests;
