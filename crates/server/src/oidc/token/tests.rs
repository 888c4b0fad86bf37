//! Tokens of an honest provider, and those that somebody would like to be taken for one.

use jsonwebtoken::{EncodingKey, Header, encode, get_current_timestamp};
use serde_json::json;

use super::*;

const EXPECTED: Expected<'static> =
    Expected { issuer: "https://id.acme.test", client_id: "cordboard", nonce: "n-1" };

/// A key pair of a provider.
struct Signer {
    key: EncodingKey,
    public: Jwk,
}

impl Signer {
    fn new(id: &str) -> Self {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let key = EncodingKey::from_ec_der(&pair.serialize_der());
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        public.common.key_id = Some(id.to_owned());
        Self { key, public }
    }

    fn sign(&self, id: Option<&str>, claims: &Value) -> String {
        let header = Header { kid: id.map(str::to_owned), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &self.key).unwrap()
    }
}

fn claims() -> Value {
    let now = get_current_timestamp();
    json!({
        "iss": "https://id.acme.test", "aud": "cordboard", "sub": "7", "iat": now, "exp": now + 300, "nonce": "n-1",
        "email": "ann@acme.test", "email_verified": true,
    })
}

/// The claims with some of them others; null takes one away.
fn but(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

#[test]
fn what_an_honest_provider_says_is_believed() {
    let signer = Signer::new("a");
    let keys = [Signer::new("b").public, signer.public.clone()];
    for (id, changes) in [
        (Some("a"), json!({})),
        (Some("a"), json!({"aud": ["cordboard"]})),
        (Some("a"), json!({"aud": ["cordboard", "other"], "azp": "cordboard"})),
        (Some("a"), json!({"exp": get_current_timestamp() - 30})),
    ] {
        let said = verify(&signer.sign(id, &but(&changes)), &keys, &EXPECTED).unwrap();
        let address = Address { email: "ann@acme.test".into(), verified: Some(true) };
        assert_eq!((said.sub.as_str(), said.address()), ("7", Some(address)), "{changes}");
    }
    // Where there is one key it need not be named.
    assert!(verify(&signer.sign(None, &claims()), &keys[1..], &EXPECTED).is_ok());
}

#[test]
fn what_is_not_for_us_or_not_of_now_or_not_of_this_log_in_is_not() {
    let signer = Signer::new("a");
    let keys = [signer.public.clone()];
    let now = get_current_timestamp();
    for (changes, words) in [
        (json!({"iss": "https://evil.test"}), "InvalidIssuer"),
        (json!({"iss": null}), "Missing"),
        (json!({"aud": "another"}), "InvalidAudience"),
        (json!({"aud": null}), "Missing"),
        (json!({"aud": ["cordboard", "another"]}), "for several"),
        (json!({"azp": "another"}), "another client"),
        (json!({"exp": now - 120}), "ExpiredSignature"),
        (json!({"exp": null}), "Missing"),
        (json!({"nbf": now + 600}), "ImmatureSignature"),
        (json!({"sub": null}), ""),
        (json!({"nonce": "n-2"}), "another log-in"),
        (json!({"nonce": null}), "another log-in"),
    ] {
        let said = verify(&signer.sign(Some("a"), &but(&changes)), &keys, &EXPECTED).unwrap_err().to_string();
        assert!(said.to_lowercase().contains(&words.to_lowercase()), "{changes}: {said}");
    }
}

#[test]
fn what_is_not_signed_by_the_provider_is_not() {
    let (signer, thief) = (Signer::new("a"), Signer::new("a"));
    let keys = [signer.public.clone()];
    assert!(matches!(verify(&thief.sign(Some("a"), &claims()), &keys, &EXPECTED), Err(Verdict::Wrong(_))));
    assert_eq!(
        verify(&signer.sign(Some("z"), &claims()), &keys, &EXPECTED).unwrap_err(),
        Verdict::UnknownKey
    );
    assert_eq!(verify(&signer.sign(Some("a"), &claims()), &[], &EXPECTED).unwrap_err(), Verdict::UnknownKey);
    let two = [signer.public.clone(), Signer::new("b").public];
    assert!(
        verify(&signer.sign(None, &claims()), &two, &EXPECTED)
            .unwrap_err()
            .to_string()
            .contains("several keys")
    );

    // The published key as if it were a shared secret, and no signature at all.
    let public = serde_json::to_vec(&signer.public).unwrap();
    let header = Header { kid: Some("a".into()), ..Header::new(Algorithm::HS256) };
    let shared = encode(&header, &claims(), &EncodingKey::from_secret(&public)).unwrap();
    assert!(verify(&shared, &keys, &EXPECTED).unwrap_err().to_string().contains("shared secret"));
    let whole = signer.sign(Some("a"), &claims());
    let (signed, _) = whole.rsplit_once('.').unwrap();
    // {"alg":"none"}
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", signed.split_once('.').unwrap().1);
    for text in [&unsigned, &format!("{signed}."), signed, "", ".", "..", "a.b.c", &"x".repeat(100_000)] {
        assert!(verify(text, &keys, &EXPECTED).is_err(), "{text}");
    }
}

#[test]
fn an_address_counts_where_the_provider_says_so() {
    let of = |verified: Value| {
        let claims: Claims =
            serde_json::from_value(json!({"sub": "7", "email": "a@b", "email_verified": verified})).unwrap();
        claims.address().unwrap().verified
    };
    assert_eq!((of(json!(true)), of(json!("true"))), (Some(true), Some(true)));
    for no in [json!(false), json!("false"), json!(1), json!(["true"]), json!("TRUE ")] {
        assert_eq!(of(no.clone()), Some(false), "{no}");
    }
    assert_eq!(of(json!(null)), None, "the user info may say it");
}
