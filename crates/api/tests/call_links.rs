//! Guests who follow a call link: whom it leads to, who is let in, and what is said of their calls.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::http::request::Parts;
use engine::{Arrival, Cause, LegInput, Origin};
use expect_test::expect;
use model::{CallerId, ExtensionNumber};
use serde_json::json;
use tokio::time::timeout;

use crate::world::{ANN, BOB, World};

const LINK: &str = "/v1/call-links/acme.test/ann";
const TICKETS: &str = "/v1/call-links/acme.test/ann/tickets";

/// A page opens the socket of SIP.
fn opening(protocols: &str, origin: &str) -> Parts {
    let request = Request::builder().uri("/sip").header("host", "desk.acme.test");
    let request = request.header("sec-websocket-protocol", protocols).header("origin", origin);
    let mut parts = request.body(()).unwrap().into_parts().0;
    parts.extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711))));
    parts
}

#[tokio::test]
async fn a_link_says_whom_it_leads_to_and_a_shut_one_is_as_one_that_never_was() {
    let world = World::new().await;
    expect![[r#"
        200 {
          "domain": "acme.test",
          "name": "Ann Ash"
        }"#]]
    .assert_eq(&world.get(LINK, "").await.shown());
    assert_eq!(world.get("/v1/call-links/ACME.test/ann", "").await.status, 200);
    let nowhere =
        ["acme.test/bob", "globex.test/ann", "nowhere.test/ann", "acme.test/ANN", "~/ann", "acme.test/%00"];
    for nowhere in nowhere {
        let answer = world.get(&format!("/v1/call-links/{nowhere}"), "").await;
        assert_eq!((answer.status, answer.problem()), (404, "unknown_call_link"), "{nowhere}");
    }
    let patch = async |token, private: bool| {
        let body = json!({ "call_link_private": private }).to_string();
        world.ask(axum::http::Method::PATCH, "/v1/domains/~/agents/~/reach", token, &body).await
    };
    assert_eq!(patch(ANN, true).await.body["call_link_private"], true);
    let shut = world.get(LINK, "").await;
    let never = world.get("/v1/call-links/acme.test/bob", "").await;
    let said = |answer: &crate::world::Answer| {
        (answer.status, answer.body["title"].clone(), answer.body["detail"].clone())
    };
    assert_eq!(said(&shut), said(&never));
    assert_eq!(world.post(TICKETS, "", "{}").await.problem(), "unknown_call_link");
    assert_eq!(patch(ANN, false).await.status, 200);
    assert_eq!(world.get(LINK, "").await.status, 200);
    assert_eq!(patch(BOB, true).await.problem(), "no_call_link");
}

#[tokio::test]
async fn a_ticket_lets_one_page_of_ours_in_as_whom_it_was_made_for() {
    let world = World::new().await;
    let made = world.post(TICKETS, "", r#"{"name": " Bob <script> "}"#).await;
    assert_eq!(
        (made.status, &made.body["dial"], &made.body["seconds"]),
        (201, &json!("sip:ann@acme.test"), &json!(60))
    );
    let uri = made.body["sip_uri"].as_str().unwrap();
    assert!(uri.starts_with("sip:guest-") && uri.ends_with("@acme.test") && uri.len() == 32, "{uri}");
    let ticket = made.body["ticket"].as_str().unwrap();
    let offered = format!("sip, guest.{ticket}");
    let ours = opening(&offered, "https://desk.acme.test");
    let elsewhere = opening(&offered, "https://evil.test");
    assert_eq!(
        world.guests.of_request(&elsewhere).err().unwrap().kind.reference(),
        "/problems/origin_refused"
    );
    let guest = world.guests.of_request(&ours).unwrap().unwrap();
    assert_eq!((guest.domain(), guest.extension(), guest.name()), ("acme.test", "1001", "Bob <script>"));
    // He comes from another network: the socket of before is over.
    guest.enter();
    let again = world.guests.of_request(&ours).unwrap().unwrap();
    again.enter();
    timeout(Duration::from_secs(10), guest.superseded()).await.unwrap();
    drop(again);
    assert!(world.guests.of_request(&opening("sip", "https://desk.acme.test")).unwrap().is_none());
    for wrong in ["guest.", "guest.nonsense"] {
        let refused = world.guests.of_request(&opening(&format!("sip, {wrong}"), "https://desk.acme.test"));
        assert_eq!(refused.err().unwrap().kind.status(), 401, "{wrong}");
    }
}

#[tokio::test]
async fn what_a_guest_says_is_looked_at_and_how_often() {
    let world = World::new().await;
    let long = json!({ "name": "x".repeat(65) }).to_string();
    for wrong in ["[]", r#"{"name": 1}"#, r#"{"extension": "1002"}"#, r#"{"name": "a\u0000b"}"#, &long] {
        assert_eq!(world.post(TICKETS, "", wrong).await.problem(), "invalid_body", "{wrong}");
    }
    assert_eq!(world.post(TICKETS, "", "").await.status, 201, "no body is an empty one");
    let mut answers = Vec::new();
    for _ in 0..15 {
        answers.push(world.post(TICKETS, "", "{}").await);
    }
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 9);
    let last = answers.last().unwrap();
    assert_eq!((last.status, last.headers["retry-after"].to_str().unwrap()), (503, "30"), "{}", last.text);
    for _ in 0..60 {
        answers.push(world.get(LINK, "").await);
    }
    assert_eq!(answers.last().unwrap().problem(), "too_many_requests");
}

#[tokio::test]
async fn a_call_by_a_link_is_told_from_one_with_a_number() {
    let world = World::new().await;
    world.registered("1001", true);
    let extension = ExtensionNumber::parse("1001").unwrap();
    let arrival = Arrival {
        origin: Origin::Guest(extension),
        dialed: "8000".into(),
        caller: CallerId::new("guest", "Bob <script>"),
        max_forwards: 70,
    };
    world.leg(2, LegInput::Arrived(arrival));
    world.ringing_leg("1001").await;
    let calls = world.get("/v1/domains/~/calls", ANN).await.body;
    let call = calls["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/domains/~/calls/{call}");
    let live = world.get(&path, ANN).await.body;
    let told = json!([live["by_call_link"], live["direction"], live["dialed"], live["caller"]["name"]]);
    assert_eq!(told, json!([true, "inbound", "1001", "Bob <script>"]));
    world.leg(2, LegInput::Ended(Cause::Normal));
    world.kept.until_ended(1).await;
    assert_eq!(world.get(&path, ANN).await.body["by_call_link"], true);
    world.make_ready("1001").await;
    let other = world.whole_call(4).await;
    assert_eq!(world.get(&format!("/v1/domains/~/calls/{other}"), ANN).await.body["by_call_link"], false);
}

#[tokio::test]
async fn whoever_has_a_login_is_a_guest_like_any() {
    let world = World::new().await;
    let ask = async |token: &str| {
        let request = Request::builder().method("POST").uri(TICKETS).header("idempotency-key", "one");
        let request = request.header("authorization", format!("Bearer {token}"));
        world.send(request.body(axum::body::Body::from("{}")).unwrap()).await
    };
    for token in [ANN, ANN, "no-token-of-ours"] {
        assert_eq!(ask(token).await.status, 201, "a page may ask twice: a ticket is no deed");
    }
}
