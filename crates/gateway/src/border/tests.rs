//! Who is let in, as whom, and what the others are answered.

use std::sync::Arc;

use model::{Directory, Extension, Tenant, Trunk};
use sip_proto::auth::DigestClient;
use sip_proto::parse_datagram;

use super::*;

const NOW: Moment = Moment(1_000_000_000);

fn border() -> Border {
    border_with(vec![Algorithm::Sha256, Algorithm::Md5])
}

fn border_with(digest: Vec<Algorithm>) -> Border {
    let tenant = Tenant::new(TenantId(1), "acme.test");
    let mut directory = Directory::new(tenant);
    let number = ExtensionNumber::parse("1001").unwrap();
    let extension = Extension {
        number: number.clone(),
        agent: None,
        display_name: "Ann".into(),
        dnd: false,
        ring_timeout: 60,
    };
    directory.extensions.insert(number.clone(), extension);
    let trunk = Trunk {
        id: TrunkId(1),
        name: "carrier".into(),
        host: "127.0.0.1".into(),
        allow_from: vec![("127.0.0.1".parse().unwrap(), 32)],
    };
    directory.trunks.insert(trunk.id, trunk);
    let mut border = Border::new(digest, [7; 32], vec![5060]);
    border.set(Arc::new(directory), vec![Account { extension: number, secret: "secret".into() }]);
    border
}

fn flow(remote: &str) -> Flow {
    let local = "127.0.0.1:5060".parse().unwrap();
    Flow { transport: Transport::Udp, local, remote: remote.parse().unwrap(), id: 0 }
}

fn request(method: &str, from: &str, proof: Option<&str>) -> Message {
    let proof = proof.map(|p| format!("Authorization: {p}\r\n")).unwrap_or_default();
    let text = format!(
        "{method} sip:8000@acme.test SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa\r\n\
         From: <{from}>;tag=a\r\nTo: <{from}>\r\nCall-ID: a\r\nCSeq: 1 {method}\r\n{proof}\
         Content-Length: 0\r\n\r\n"
    );
    parse_datagram(text.as_bytes()).unwrap()
}

fn challenges(verdict: Verdict) -> Vec<String> {
    let Verdict::Refuse { status: 401, headers, .. } = verdict else { panic!("{verdict:?}") };
    headers.all(Name::WwwAuthenticate).map(|v| String::from_utf8_lossy(v).into_owned()).collect()
}

#[test]
fn every_method_is_challenged_from_an_address_that_is_no_trunks() {
    for method in ["INVITE", "REGISTER", "OPTIONS", "MESSAGE", "SUBSCRIBE", "NOTIFY", "FOO"] {
        let mut border = border();
        let verdict =
            border.admit(&request(method, "sip:1001@acme.test", None), &flow("192.0.2.9:5060"), NOW);
        assert_eq!(challenges(verdict).len(), 2, "{method}");
        assert_eq!(border.take_admitted(), None);
    }
}

#[test]
fn a_trunk_needs_no_credentials_but_may_not_register() {
    let mut border = border();
    let from = "sip:+4930@127.0.0.1:5080";
    let verdict = border.admit(&request("INVITE", from, None), &flow("127.0.0.1:5080"), NOW);
    assert_eq!(verdict, Verdict::Admit);
    assert_eq!(border.take_admitted(), Some(Identity::Trunk(TenantId(1), TrunkId(1))));
    let verdict = border.admit(&request("REGISTER", from, None), &flow("127.0.0.1:5080"), NOW);
    assert_eq!(challenges(verdict).len(), 2);
}

#[test]
fn a_phone_on_a_trunks_address_is_a_phone() {
    for from in ["sip:1001@acme.test", "sip:1001@127.0.0.1:5060", "sip:1001@127.0.0.1"] {
        let mut border = border();
        let verdict = border.admit(&request("INVITE", from, None), &flow("127.0.0.1:40000"), NOW);
        assert_eq!(challenges(verdict).len(), 2, "{from}");
    }
    // The same number at the carrier's own address is a caller id.
    let verdict =
        border().admit(&request("INVITE", "sip:1001@127.0.0.1:5080", None), &flow("127.0.0.1:5080"), NOW);
    assert_eq!(verdict, Verdict::Admit);
}

#[test]
fn a_phone_that_proves_itself_is_let_in_as_nobody_else() {
    let mut border = border();
    let at = flow("192.0.2.9:5060");
    let offered = challenges(border.admit(&request("INVITE", "sip:1001@acme.test", None), &at, NOW));
    let mut client = DigestClient::new("1001", "secret", 1);
    let values: Vec<&[u8]> = offered.iter().map(String::as_bytes).collect();
    client.challenged(&values).unwrap();
    let proof = client.authorization("INVITE", "sip:8000@acme.test").unwrap();
    let verdict = border.admit(&request("INVITE", "sip:1001@acme.test", Some(&proof)), &at, NOW);
    assert_eq!(verdict, Verdict::Admit);
    let ann = Identity::Phone(TenantId(1), ExtensionNumber::parse("1001").unwrap());
    assert_eq!(border.take_admitted(), Some(ann));
    // The same credentials for another name are not enough.
    let proof = client.authorization("INVITE", "sip:8000@acme.test").unwrap();
    let verdict = border.admit(&request("INVITE", "sip:1002@acme.test", Some(&proof)), &at, NOW);
    assert!(matches!(verdict, Verdict::Refuse { status: 403, .. }), "{verdict:?}");
    assert_eq!(border.take_admitted(), None);
}

#[test]
fn a_flow_with_an_identity_is_believed_for_this_one_extension_and_no_other_flow_is() {
    let mut border = border();
    let flow = |id| Flow { transport: Transport::Ws, id, ..flow("192.0.2.9:40000") };
    let (hers, other, stranger) = (flow(1), flow(2), flow(3));
    let identity = |domain: &str| AssertedIdentity::Phone { domain: domain.into(), user: "1001".into() };
    border.assert(hers, &identity("ACME.test"));
    border.assert(stranger, &identity("other.test"));
    let ann = Identity::Phone(TenantId(1), ExtensionNumber::parse("1001").unwrap());
    for method in ["REGISTER", "INVITE", "OPTIONS", "SUBSCRIBE"] {
        let ask = request(method, "sip:1001@acme.test", None);
        assert_eq!(border.admit(&ask, &hers, NOW), Verdict::Admit, "{method}");
        assert_eq!(border.take_admitted(), Some(ann.clone()));
        for flow in [other, stranger] {
            challenges(border.admit(&ask, &flow, NOW));
            assert_eq!(border.take_admitted(), None);
        }
        challenges(border.admit(&request(method, "sip:1002@acme.test", None), &hers, NOW));
        assert_eq!(border.take_admitted(), None);
    }
    border.forget(hers);
    challenges(border.admit(&request("INVITE", "sip:1001@acme.test", None), &hers, NOW));
}

#[test]
fn an_extension_that_is_gone_is_believed_no_more() {
    let mut border = border();
    let hers = Flow { transport: Transport::Ws, id: 1, ..flow("192.0.2.9:40000") };
    border.assert(hers, &AssertedIdentity::Phone { domain: "acme.test".into(), user: "1001".into() });
    let ask = request("INVITE", "sip:1001@acme.test", None);
    assert_eq!(border.admit(&ask, &hers, NOW), Verdict::Admit);
    border.set(Arc::new(Directory::new(Tenant::new(TenantId(1), "acme.test"))), Vec::new());
    challenges(border.admit(&ask, &hers, NOW));
}

#[test]
fn a_trunk_does_not_come_by_websocket() {
    let mut border = border();
    let proxied = Flow { transport: Transport::Ws, id: 1, ..flow("127.0.0.1:40000") };
    let ask = request("INVITE", "sip:+4930@127.0.0.1:5080", None);
    assert_eq!(challenges(border.admit(&ask, &proxied, NOW)).len(), 2);
    assert_eq!(border.take_admitted(), None);
}

#[test]
fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let mut border = border();
    let at = flow("192.0.2.9:5060");
    for user in ["1001", "1999"] {
        let from = format!("sip:{user}@acme.test");
        let offered = challenges(border.admit(&request("REGISTER", &from, None), &at, NOW));
        let mut client = DigestClient::new(user, "wrong", 1);
        let values: Vec<&[u8]> = offered.iter().map(String::as_bytes).collect();
        client.challenged(&values).unwrap();
        let proof = client.authorization("REGISTER", "sip:8000@acme.test").unwrap();
        let again = challenges(border.admit(&request("REGISTER", &from, Some(&proof)), &at, NOW));
        assert_eq!(again.len(), 2, "{user}");
        assert!(again.iter().all(|value| !value.contains("stale")), "{user}");
    }
}

#[test]
fn a_phone_that_stumbles_over_a_new_algorithm_is_offered_the_old_one_alone() {
    let mut border = border();
    let (from, at) = ("sip:1001@acme.test", flow("192.0.2.9:5060"));
    let first = challenges(border.admit(&request("REGISTER", from, None), &at, NOW));
    let second = challenges(border.admit(&request("REGISTER", from, None), &at, NOW));
    assert!(first.len() == 2 && first[0].contains("SHA-256"), "{first:?}");
    assert!(second.len() == 1 && second[0].contains("MD5"), "{second:?}");
}

#[test]
fn a_phone_known_to_stumble_is_offered_the_old_algorithm_alone_at_once() {
    let mut border = border();
    let mut known = request("REGISTER", "sip:1001@acme.test", None);
    known.headers.push(Name::UserAgent, "baresip v1.0.0 (x86_64/linux)");
    let offered = challenges(border.admit(&known, &flow("192.0.2.9:5060"), NOW));
    assert!(offered.len() == 1 && offered[0].contains("MD5"), "{offered:?}");
}

#[test]
fn a_server_that_offers_md5_first_keeps_to_its_order() {
    let mut border = border_with(vec![Algorithm::Md5, Algorithm::Sha256]);
    let (from, at) = ("sip:1001@acme.test", flow("192.0.2.9:5060"));
    for _ in 0..3 {
        let offered = challenges(border.admit(&request("REGISTER", from, None), &at, NOW));
        assert!(offered[0].contains("MD5"), "{offered:?}");
    }
}

#[test]
fn a_source_that_keeps_guessing_gets_no_answer_for_a_while() {
    let mut border = border();
    let (from, at) = ("sip:1001@acme.test", flow("192.0.2.9:5060"));
    let offered = challenges(border.admit(&request("REGISTER", from, None), &at, NOW));
    let values: Vec<&[u8]> = offered.iter().map(String::as_bytes).collect();
    let mut dropped = 0;
    for guess in 0..200_u64 {
        let mut client = DigestClient::new("1001", &format!("guess{guess}"), guess);
        client.challenged(&values).unwrap();
        let proof = client.authorization("REGISTER", "sip:8000@acme.test").unwrap();
        let verdict = border.admit(&request("REGISTER", from, Some(&proof)), &at, NOW);
        dropped += u32::from(verdict == Verdict::Drop);
    }
    assert_eq!(dropped, 100, "after the burst there is silence");
}

#[test]
fn a_guest_makes_one_call_to_whom_his_ticket_names_and_nothing_else() {
    let mut border = border();
    let flow = |id| Flow { transport: Transport::Ws, id, ..flow("192.0.2.9:40000") };
    let (his, elsewhere) = (flow(1), flow(2));
    let guest = |domain: &str, calls: &str| AssertedIdentity::Guest {
        domain: domain.into(),
        calls: calls.into(),
        name: "Bob".into(),
        call: Once::default(),
    };
    let bob = guest("ACME.test", "1001");
    border.assert(his, &bob);
    border.assert(elsewhere, &guest("other.test", "1001"));
    // Whoever he says that he is: also she whom he calls, with a proof that was good elsewhere.
    let proof = "Digest username=\"1001\", realm=\"acme.test\"";
    for method in ["REGISTER", "OPTIONS", "SUBSCRIBE", "MESSAGE", "REFER", "PUBLISH"] {
        let ask = request(method, "sip:1001@acme.test", Some(proof));
        let verdict = border.admit(&ask, &his, NOW);
        assert!(matches!(verdict, Verdict::Refuse { status: 403, .. }), "{method}: {verdict:?}");
        assert_eq!(border.take_admitted(), None);
    }
    let call = request("INVITE", "sip:1001@acme.test", None);
    assert_eq!(border.admit(&call, &his, NOW), Verdict::Admit);
    let calls = ExtensionNumber::parse("1001").unwrap();
    assert_eq!(border.take_admitted(), Some(Identity::Guest(TenantId(1), calls, "Bob".into())));
    let again = border.admit(&call, &his, NOW);
    assert!(matches!(again, Verdict::Refuse { status: 403, .. }), "{again:?}");
    assert_eq!(border.take_admitted(), None);
    challenges(border.admit(&call, &elsewhere, NOW));
    // Another socket of the same ticket is no other guest; what belongs to his call comes from there, too.
    let next = flow(3);
    border.assert(next, &bob);
    assert!(matches!(border.admit(&call, &next, NOW), Verdict::Refuse { status: 403, .. }));
    let mut within = call.clone();
    within.headers.set(Name::To, "<sip:1001@acme.test>;tag=x");
    assert_eq!(border.admit(&within, &next, NOW), Verdict::Admit);
    border.forget(his);
    challenges(border.admit(&call, &his, NOW));
}
