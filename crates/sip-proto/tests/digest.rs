//! Digest from challenge to verdict, both ends ours, and what a stranger may try.

use std::cell::Cell;
use std::net::IpAddr;
use std::time::Duration;

use super::mutation::{Rng, mutate};
use sip_proto::Moment;
use sip_proto::auth::{
    Algorithm, Authenticator, ChallengeError, DigestClient, DigestConfig, Refusal, Secret, Username, ha1_md5,
    ha1_sha256,
};

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 10));
const NOW: Moment = Moment(1_000_000_000);
const URI: &str = "sip:acme.test";

fn server() -> Authenticator {
    Authenticator::new(DigestConfig::new("acme.test"), &[3; 32], 9)
}

fn client() -> DigestClient {
    DigestClient::new("1001", "phone-secret", 5)
}

fn secrets(user: &str) -> Option<Secret> {
    match user {
        "1001" => Some(Secret::of("1001", "acme.test", "phone-secret")),
        "1002" => Some(Secret {
            md5: Some(ha1_md5("1002", "acme.test", "phone-secret")),
            sha256: Some(ha1_sha256("1002", "acme.test", "phone-secret")),
        }),
        "1003" => Some(Secret { md5: Some(ha1_md5("1003", "acme.test", "phone-secret")), sha256: None }),
        "a \"b\" \\c" => Some(Secret::of(user, "acme.test", "quoted")),
        _ => None,
    }
}

fn verify(server: &mut Authenticator, value: &str, now: Moment) -> Result<Username, Refusal> {
    server.verify("REGISTER", URI, &[value.as_bytes()], &secrets, HERE, now)
}

/// A client that has been challenged by the server.
fn challenged(server: &mut Authenticator, mut client: DigestClient) -> DigestClient {
    let values = server.challenge(Refusal::Missing, HERE, NOW);
    let values: Vec<&[u8]> = values.iter().map(String::as_bytes).collect();
    client.challenged(&values).unwrap();
    client
}

#[test]
fn both_algorithms_are_offered_in_order_and_the_first_is_taken() {
    let mut server = server();
    let values = server.challenge(Refusal::Missing, HERE, NOW);
    assert_eq!(values.len(), 2);
    assert!(values[0].contains("algorithm=SHA-256") && values[1].contains("algorithm=MD5"));
    assert!(values.iter().all(|value| value.contains("qop=\"auth\"") && !value.contains("stale")));
    let mut client = challenged(&mut server, client());
    let value = client.authorization("REGISTER", URI).unwrap();
    assert!(value.contains("algorithm=SHA-256"), "{value}");
    assert_eq!(verify(&mut server, &value, NOW), Ok(Username("1001".into())));
}

#[test]
fn a_stored_hash_is_as_good_as_the_password_with_either_algorithm() {
    for (algorithms, user, good) in [
        (vec![Algorithm::Md5], "1001", true),
        (vec![Algorithm::Md5], "1002", true),
        (vec![Algorithm::Sha256], "1002", true),
        (vec![Algorithm::Md5], "1003", true),
        (vec![Algorithm::Sha256], "1003", false),
    ] {
        let config = DigestConfig { algorithms: algorithms.clone(), ..DigestConfig::new("acme.test") };
        let mut server = Authenticator::new(config, &[3; 32], 9);
        let mut client = challenged(&mut server, DigestClient::new(user, "phone-secret", 1));
        let value = client.authorization("REGISTER", URI).unwrap();
        assert_eq!(verify(&mut server, &value, NOW).is_ok(), good, "{algorithms:?} {user}");
    }
}

#[test]
fn one_nonce_serves_many_requests_beyond_the_tenth_and_the_255th() {
    let mut server = server();
    let mut client = challenged(&mut server, client());
    for _ in 0..300 {
        let value = client.authorization("REGISTER", URI).unwrap();
        assert!(verify(&mut server, &value, NOW).is_ok(), "{value}");
    }
    assert_eq!(server.used_nonces(), 1);
}

#[test]
fn a_replayed_request_is_stale_and_a_late_one_is_not() {
    let mut server = server();
    let mut client = challenged(&mut server, client());
    let first = client.authorization("REGISTER", URI).unwrap();
    let second = client.authorization("REGISTER", URI).unwrap();
    assert!(verify(&mut server, &second, NOW).is_ok());
    assert!(verify(&mut server, &first, NOW).is_ok(), "overtaken on the way");
    assert_eq!(verify(&mut server, &first, NOW), Err(Refusal::Stale));
    assert_eq!(verify(&mut server, &second, NOW), Err(Refusal::Stale));
}

#[test]
fn an_old_nonce_is_stale_and_the_next_challenge_says_so() {
    let mut server = server();
    let mut client = challenged(&mut server, client());
    let value = client.authorization("REGISTER", URI).unwrap();
    let later = NOW + Duration::from_secs(301);
    assert_eq!(verify(&mut server, &value, later), Err(Refusal::Stale));
    let values = server.challenge(Refusal::Stale, HERE, later);
    assert!(values[0].ends_with("stale=true"));
    let values: Vec<&[u8]> = values.iter().map(String::as_bytes).collect();
    client.challenged(&values).unwrap();
    let value = client.authorization("REGISTER", URI).unwrap();
    assert!(verify(&mut server, &value, later).is_ok());
}

#[test]
fn a_nonce_of_another_server_or_another_network_is_stale() {
    let mut server = server();
    let mut other = Authenticator::new(DigestConfig::new("acme.test"), &[4; 32], 9);
    let mut client = challenged(&mut other, client());
    let value = client.authorization("REGISTER", URI).unwrap();
    assert_eq!(verify(&mut server, &value, NOW), Err(Refusal::Stale));
    let far = IpAddr::from([203, 0, 113, 1]);
    let verdict = other.verify("REGISTER", URI, &[value.as_bytes()], &secrets, far, NOW);
    assert_eq!(verdict, Err(Refusal::Stale));
}

#[test]
fn a_wrong_password_and_an_unknown_name_get_the_same_answer_after_the_same_work() {
    let mut server = server();
    for user in ["1001", "1002", "nobody"] {
        let mut client = challenged(&mut server, DigestClient::new(user, "guess", 1));
        let value = client.authorization("REGISTER", URI).unwrap();
        let asked = Cell::new(0);
        let count = |user: &str| {
            asked.set(asked.get() + 1);
            secrets(user)
        };
        let verdict = server.verify("REGISTER", URI, &[value.as_bytes()], &count, HERE, NOW);
        assert_eq!((verdict, asked.get()), (Err(Refusal::Bad), 1), "{user}");
        let again: Vec<String> = server.challenge(Refusal::Bad, HERE, NOW);
        assert!(!again[0].contains("stale"));
    }
    assert_eq!(server.used_nonces(), 0, "nothing is remembered for a stranger");
}

#[test]
fn a_response_is_good_for_its_method_and_its_resource_only() {
    let mut server = server();
    let mut client = challenged(&mut server, client());
    let value = client.authorization("REGISTER", URI).unwrap();
    for (method, uri, good) in [
        ("INVITE", URI, false),
        ("REGISTER", "sip:evil.test", false),
        ("REGISTER", "sip:8000@acme.test", false),
        ("REGISTER", "SIP:ACME.test:5060;transport=tcp", true),
    ] {
        let verdict = server.verify(method, uri, &[value.as_bytes()], &secrets, HERE, NOW);
        assert_eq!(verdict.is_ok(), good, "{method} {uri}");
    }
}

#[test]
fn our_realm_is_found_among_several_headers() {
    let mut server = server();
    let mut client = challenged(&mut server, client());
    let good = client.authorization("REGISTER", URI).unwrap();
    let other = good.replace("acme.test\", nonce", "other.test\", nonce");
    let verdict = |server: &mut Authenticator, values: &[&str]| {
        let values: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
        server.verify("REGISTER", URI, &values, &secrets, HERE, NOW)
    };
    assert_eq!(verdict(&mut server, &[]), Err(Refusal::Missing));
    assert_eq!(verdict(&mut server, &["Basic dTpw", &other]), Err(Refusal::Missing));
    assert_eq!(verdict(&mut server, &["Digest nonsense"]), Err(Refusal::Bad));
    assert!(verdict(&mut server, &["Basic dTpw", &other, &good]).is_ok());
    let next = client.authorization("REGISTER", URI).unwrap();
    let verdict = verdict(&mut server, &[&other, &other, &other, &other, &next]);
    assert_eq!(verdict, Err(Refusal::Missing), "only the first four are looked at");
}

#[test]
fn what_a_digest_must_have_is_asked_for() {
    let mut server = server();
    let mut client = challenged(&mut server, client());
    let good = client.authorization("REGISTER", URI).unwrap();
    for (from, to) in [
        (", qop=auth", ""),
        ("qop=auth", "qop=auth-int"),
        ("nc=00000001", "nc=1"),
        ("nc=00000001", "nc=+0000001"),
        ("algorithm=SHA-256", "algorithm=SHA-256-sess"),
        ("algorithm=SHA-256", "algorithm=MD5"),
        ("username=\"1001\"", "username=\"\""),
        ("cnonce=", "conce="),
        ("response=\"", "response=\"0"),
    ] {
        assert!(good.contains(from), "{from}");
        let value = good.replace(from, to);
        assert_eq!(verify(&mut server, &value, NOW), Err(Refusal::Bad), "{value}");
    }
    let zero = good.replace("nc=00000001", "nc=00000000");
    assert_eq!(verify(&mut server, &zero, NOW), Err(Refusal::Stale));
    let upper = good.replace("qop=auth", "qop=\"AUTH\"");
    assert!(verify(&mut server, &upper, NOW).is_ok());
}

#[test]
fn a_name_with_quotes_is_proved_as_it_is() {
    let mut server = server();
    let mut client = challenged(&mut server, DigestClient::new("a \"b\" \\c", "quoted", 1));
    let value = client.authorization("REGISTER", URI).unwrap();
    assert_eq!(verify(&mut server, &value, NOW), Ok(Username("a \"b\" \\c".into())));
}

#[test]
fn a_client_answers_what_it_can_and_gives_up_when_refused() {
    let mut client = client();
    assert_eq!(client.authorization("INVITE", URI), None);
    for value in [
        &b"Basic realm=\"x\""[..],
        b"Digest realm=\"x\", nonce=\"n\", qop=\"auth-int\"",
        b"Digest realm=\"x\", nonce=\"n\", algorithm=SHA-512-256",
        b"Digest realm=\"x\"",
    ] {
        assert_eq!(client.challenged(&[value]), Err(ChallengeError::Unsupported));
    }
    let plain = &b"Digest realm=\"x\", nonce=\"n\", qop=\"auth,auth-int\", opaque=\"o\""[..];
    let stale = &b"Digest realm=\"x\", nonce=\"m\", qop=\"auth\", stale=TRUE"[..];
    assert_eq!(client.challenged(&[b"Digest realm=\"x\", nonce=\"n\", algorithm=token", plain]), Ok(()));
    let value = client.authorization("INVITE", URI).unwrap();
    assert!(
        value.contains("algorithm=MD5, qop=auth, nc=00000001, cnonce=") && value.contains("opaque=\"o\"")
    );
    assert_eq!(client.challenged(&[stale]), Ok(()));
    assert_eq!(client.challenged(&[stale]), Ok(()));
    assert_eq!(client.challenged(&[stale]), Err(ChallengeError::Refused), "not for ever");
    client.accepted();
    assert_eq!(client.challenged(&[plain]), Ok(()));
    assert_eq!(client.challenged(&[plain]), Err(ChallengeError::Refused));
}

#[test]
fn a_server_of_rfc_2069_gets_the_old_form() {
    let mut client = client();
    client.challenged(&[b"Digest realm=\"x\", nonce=\"n\""]).unwrap();
    let value = client.authorization("INVITE", URI).unwrap();
    assert!(!value.contains("nc=") && !value.contains("cnonce") && !value.contains("qop"), "{value}");
}

#[test]
fn no_secret_is_printed() {
    assert!(!format!("{:?}", secrets("1001")).contains("phone"));
    assert!(!format!("{:?}", client()).contains("phone"));
    assert!(!format!("{:?}", server()).contains("3, 3"));
}

#[test]
fn no_mutation_of_credentials_is_let_in_or_does_harm() {
    let mut server = server();
    let mut client = challenged(&mut server, client());
    let good = client.authorization("REGISTER", URI).unwrap();
    let proof = good.split("response=\"").nth(1).unwrap().get(..64).unwrap().to_owned();
    let mut rng = Rng(11);
    let mut let_in = 0;
    for _ in 0..20_000 {
        let mut bytes = good.clone().into_bytes();
        mutate(&mut bytes, &mut rng);
        let verdict = server.verify("REGISTER", URI, &[&bytes], &secrets, HERE, NOW);
        if verdict.is_ok() {
            // Damage outside the parameters that count leaves the proof whole; once is enough.
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            assert!(text.contains(&proof), "{text}");
            let_in += 1;
        }
    }
    assert!(let_in <= 1, "a count is good once");
}
