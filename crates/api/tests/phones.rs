//! Pages that are the phone of who is logged in there.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::http::request::Parts;
use expect_test::expect;
use tokio::time::timeout;

use crate::world::{ANN, BOB, OWNER, World};

fn parts(headers: &[(&str, &str)], uri: &str) -> Parts {
    let mut request = Request::builder().uri(uri).header("host", "desk.acme.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut parts = request.body(()).unwrap().into_parts().0;
    parts.extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711))));
    parts
}

#[tokio::test]
async fn a_page_is_told_how_to_be_the_phone_of_its_login() {
    let world = World::new().await;
    let phone = world.get("/v1/auth/phone", ANN).await;
    expect![[r#"
        200 {
          "display_name": "Ann Ash",
          "extension": "1001",
          "sip_uri": "sip:1001@acme.test",
          "websocket": "/sip"
        }"#]]
    .assert_eq(&phone.shown());
    assert_eq!(world.get("/v1/auth/phone", OWNER).await.problem(), "no_agent");
}

#[tokio::test]
async fn a_login_speaks_for_the_extension_of_its_agent_however_it_comes() {
    let world = World::new().await;
    let (header, offered) = (format!("Bearer {ANN}"), format!("sip, bearer.{ANN}"));
    for parts in [
        parts(&[("authorization", &header)], "/sip"),
        parts(&[("sec-websocket-protocol", &offered), ("origin", "https://desk.acme.test")], "/sip"),
        parts(&[], &format!("/sip?access_token={ANN}")),
    ] {
        let login = world.phones.of_request(&parts).await.unwrap().unwrap();
        assert_eq!((login.domain(), login.extension()), ("acme.test", "1001"));
        assert!(login.holds().await);
    }
    let none = world.phones.of_request(&parts(&[("origin", "https://else.test")], "/sip")).await.unwrap();
    assert!(none.is_none(), "without a login it is a phone like any");
}

#[tokio::test]
async fn who_is_no_agent_or_comes_from_elsewhere_is_refused_in_words() {
    let world = World::new().await;
    for (token, origin, problem) in [
        (OWNER, "https://desk.acme.test", "no_agent"),
        ("nonsense", "https://desk.acme.test", "unauthorized"),
        (ANN, "https://evil.test", "origin_refused"),
    ] {
        let offered = format!("sip, bearer.{token}");
        let parts = parts(&[("sec-websocket-protocol", &offered), ("origin", origin)], "/sip");
        let refused = world.phones.of_request(&parts).await.err().unwrap();
        assert_eq!(refused.kind.name(), problem);
        assert!(!refused.detail.is_empty());
    }
}

#[tokio::test]
async fn the_end_of_a_login_is_news_at_once() {
    let world = World::new().await;
    let offered = format!("sip, bearer.{ANN}");
    let parts = parts(&[("sec-websocket-protocol", &offered)], "/sip");
    let mut login = world.phones.of_request(&parts).await.unwrap().unwrap();
    assert_eq!(world.post("/v1/auth/logout", ANN, "").await.status, 204);
    timeout(Duration::from_secs(5), login.news()).await.unwrap();
    assert!(!login.holds().await);
}

#[tokio::test]
async fn who_has_another_extension_or_none_is_the_old_phone_no_more() {
    let world = World::new().await;
    let offered = format!("sip, bearer.{BOB}");
    let parts = parts(&[("sec-websocket-protocol", &offered)], "/sip");
    let login = world.phones.of_request(&parts).await.unwrap().unwrap();
    let mut directory = crate::world::acme();
    let hers =
        |agent: &model::Agent| agent.extension.as_ref().is_some_and(|e| e.as_str() == login.extension());
    let mut bob = directory.agents.values().find(|agent| hers(agent)).unwrap().clone();
    let was = bob.extension.take();
    directory.insert_agent(bob.clone());
    world.switch.directory(std::sync::Arc::new(directory.clone())).await.unwrap();
    assert!(!login.holds().await, "without an extension");
    bob.extension.clone_from(&was);
    directory.insert_agent(bob.clone());
    world.switch.directory(std::sync::Arc::new(directory.clone())).await.unwrap();
    assert!(login.holds().await, "as it was");
    bob.extension = Some(model::ExtensionNumber::parse("1099").unwrap());
    directory.insert_agent(bob);
    world.switch.directory(std::sync::Arc::new(directory)).await.unwrap();
    assert!(!login.holds().await, "with another one");
}
