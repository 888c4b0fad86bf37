//! The door for programs of PortSIP's API: agents' states and queues over HTTP.

use axum::http::Method;
use expect_test::expect;
use serde_json::{Value, json};

use crate::world::{ANN, Answer, BOB, SUE, World};

const AGENTS: &str = "/api/call_queues/1/agents";

fn code(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.body["errors"][0]["code"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_login_is_by_user_name_or_extension_of_a_domain() {
    let world = World::new().await;
    let log_in = async |body: Value| world.post("/api/login", "", &body.to_string()).await;
    for body in [
        json!({"username": "ann@acme.test", "password": "ann-password"}),
        json!({"username": "ann", "password": "ann-password", "domain": "acme.test"}),
        json!({"extension_number": "1001", "password": "ann-password", "domain": "acme.test"}),
    ] {
        let answer = log_in(body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let token = answer.body["access_token"].as_str().unwrap();
        assert_eq!(world.get("/v1/auth/me", token).await.body["name"], "Ann Ash");
    }
    for body in [
        json!({}),
        json!({"username": "ann", "password": "ann-password"}),
        json!({"extension_number": "1001", "password": "ann-password"}),
        json!({"extension_number": "1001", "password": "bob-password", "domain": "acme.test"}),
        json!({"extension_number": "1001", "password": "ann-password", "domain": "globex.test"}),
        json!({"username": "ann@acme.test", "password": "ann-password", "domain": "globex.test"}),
        json!({"extension_number": "1999", "password": "x", "domain": "acme.test"}),
    ] {
        let answer = log_in(body.clone()).await;
        assert_eq!(code(&answer), (401, "bad_credentials"), "{body}");
    }
}

#[tokio::test]
async fn a_status_is_read_and_set_in_one_queue() {
    let world = World::new().await;
    world.registered("1001", true);
    let path = format!("{AGENTS}/1001/status");
    let status = async |token: &str| world.get(&path, token).await.body["status"].clone();
    assert_eq!(status(BOB).await, "LOGGED_OUT");
    for (body, shown, reason) in [
        (json!({"status": "LOGGED_IN"}), "NOT_READY", json!("login")),
        (json!({"status": "READY"}), "READY", Value::Null),
        (json!({"status": "NOT_READY", "reason": "training"}), "NOT_READY", json!("training")),
        (json!({"status": "LUNCH"}), "NOT_READY", json!("lunch")),
        (json!({"status": "WRAP_UP"}), "WRAP_UP", Value::Null),
        (json!({"status": "BREAK"}), "NOT_READY", json!("break")),
        (json!({"status": "LOGGED_OUT"}), "LOGGED_OUT", Value::Null),
    ] {
        let answer = world.post(&path, ANN, &body.to_string()).await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.text);
        assert_eq!(answer.body, json!({"status": shown, "reason": reason}), "{body}");
    }
    for (verb, shown) in [("login", "NOT_READY"), ("logout", "LOGGED_OUT")] {
        let answer = world.post(&format!("{AGENTS}/1001/{verb}"), SUE, "").await;
        assert_eq!((answer.status, &answer.body["status"]), (200, &json!(shown)));
    }
    world.registered("1001", false);
    assert_eq!(status(ANN).await, "OFFLINE");
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_its_words() {
    let world = World::new().await;
    let path = format!("{AGENTS}/1001/status");
    let ready = r#"{"status":"READY"}"#;
    assert_eq!(code(&world.post(&path, ANN, ready).await), (409, "not_logged_in"));
    assert_eq!(code(&world.post(&path, BOB, ready).await), (403, "forbidden"));
    assert_eq!(code(&world.post(&path, ANN, "{}").await), (400, "invalid_body"));
    assert_eq!(code(&world.post(&path, ANN, r#"{"status":"DANCING"}"#).await), (400, "invalid_body"));
    assert_eq!(code(&world.get("/api/call_queues/99", ANN).await), (404, "unknown_queue"));
    assert_eq!(code(&world.get("/api/call_queues/8000", ANN).await), (404, "unknown_queue"), "no id");
    assert_eq!(code(&world.get(&format!("{AGENTS}/1999"), ANN).await), (404, "unknown_agent"));
    assert_eq!(code(&world.get(&format!("{AGENTS}/1003"), ANN).await), (404, "not_a_member"));
    assert_eq!(code(&world.get("/api/call_queues?top=x", ANN).await), (400, "invalid_parameter"));
}

#[tokio::test]
async fn queues_and_their_agents_are_read() {
    let world = World::new().await;
    world.make_ready("1001").await;
    let list = world.get("/api/call_queues?top=1", ANN).await;
    expect![[r#"
        200 {
          "count": 2,
          "items": [
            {
              "extension_number": "8000",
              "id": "1",
              "name": "Support",
              "polling_strategy": "LONGEST_IDLE_HUNT"
            }
          ]
        }"#]]
    .assert_eq(&list.shown());
    let queue = world.get("/api/call_queues/1", ANN).await;
    expect![[r#"
        200 {
          "agent_auto_ready": false,
          "enable_callback": false,
          "enable_night_mode": false,
          "enable_sticky_routing": true,
          "enable_wrap_up": false,
          "extension_number": "8000",
          "id": "1",
          "max_callers": 0,
          "max_waiting_time": 300,
          "name": "Support",
          "polling_strategy": "LONGEST_IDLE_HUNT",
          "ring_time": 3600,
          "sla_time": 20,
          "sticky_routing_duration": 30,
          "wait_when_no_agents_online": true,
          "wrap_up_time": 0
        }"#]]
    .assert_eq(&queue.shown());
    let agents = world.get(AGENTS, ANN).await.body;
    assert_eq!(agents["count"], 3);
    let ann = world.get(&format!("{AGENTS}/1001"), ANN).await.body;
    assert_eq!(
        ann,
        json!({"extension_number": "1001", "display_name": "Ann Ash", "skill_level": 1, "status": "READY",
            "reason": null})
    );
    assert_eq!(agents["items"][0], ann);
}

#[tokio::test]
async fn a_waiting_call_is_listed_and_picked_up() {
    let world = World::new().await;
    world.registered("1001", true);
    world.arrives(2);
    let line = world.get("/api/call_queues/1/waiting", ANN).await.body;
    let session = line["items"][0]["session_id"].as_str().unwrap().to_owned();
    assert_eq!((&line["count"], &line["items"][0]["extension_number"]), (&json!(1), &json!("+491700000002")));
    let pickup = async |session: &str, token: &str| {
        let path = format!("/api/call_queues/1/waiting/{session}/pickup");
        world.ask(Method::POST, &path, token, "").await
    };
    assert_eq!(code(&pickup("999", ANN).await), (404, "not_waiting"));
    assert_eq!(code(&pickup("x", ANN).await), (404, "unknown_call"));
    assert_eq!(pickup(&session, ANN).await.status, 204);
    world.ringing_leg("1001").await;
}
