//! Agents and their verbs.

use std::sync::Arc;

use engine::{Input, LegInput};
use expect_test::expect;
use model::QueueId;
use serde_json::json;

use crate::world::{ANN, BOB, OWNER, SUE, World, acme};

#[tokio::test]
async fn an_agent_is_shown_with_each_of_her_queues() {
    let world = World::new().await;
    world.make_ready("1001").await;
    expect![[r#"
        200 {
          "call": null,
          "dnd": false,
          "extension": "1001",
          "forward_when": "never",
          "id": "1",
          "name": "Ann Ash",
          "queues": [
            {
              "answered": 0,
              "available_for_dispatch": true,
              "missed": 0,
              "name": "Support",
              "pending": null,
              "pending_reason": null,
              "queue": "8000",
              "reason": null,
              "state": "ready",
              "state_since": "<moment>",
              "wrap_up_until": null
            }
          ],
          "reason": null,
          "registered": true,
          "state": "ready",
          "state_since": "<moment>",
          "status": "active"
        }"#]]
    .assert_eq(&world.get("/v1/domains/~/agents/1001", ANN).await.shown());
}

#[tokio::test]
async fn the_list_is_by_extension_and_ends_with_those_without() {
    let world = World::new().await;
    let list = world.get("/v1/domains/acme.test/agents", ANN).await.body;
    let extensions: Vec<_> =
        list["items"].as_array().unwrap().iter().map(|agent| &agent["extension"]).collect();
    assert_eq!(extensions, [&json!("1001"), &json!("1002"), &json!("1003"), &json!(null)]);
    assert_eq!(list["next"], json!(null));
    assert_eq!(list["items"][0]["state"], "offline");
}

#[tokio::test]
async fn the_tilde_stands_for_ones_own_extension() {
    let world = World::new().await;
    assert_eq!(world.get("/v1/domains/~/agents/~", BOB).await.body["name"], "Bob Oak");
}

#[tokio::test]
async fn verbs_change_her_state_queue_by_queue() {
    let world = World::new().await;
    world.registered("1002", true);
    let bob = "/v1/domains/~/agents/1002";
    // Without a body all her queues are meant.
    expect![[r#"
        200 {
          "items": [
            {
              "available_for_dispatch": false,
              "pending": null,
              "pending_reason": null,
              "queue": "8000",
              "reason": "login",
              "state": "not_ready"
            },
            {
              "available_for_dispatch": false,
              "pending": null,
              "pending_reason": null,
              "queue": "8001",
              "reason": "login",
              "state": "not_ready"
            }
          ],
          "next": null,
          "pending": null
        }"#]]
    .assert_eq(&world.post(&format!("{bob}/login"), BOB, "").await.shown());
    expect![[r#"
        200 {
          "items": [
            {
              "available_for_dispatch": true,
              "pending": null,
              "pending_reason": null,
              "queue": "8001",
              "reason": null,
              "state": "ready"
            }
          ],
          "next": null,
          "pending": null
        }"#]]
    .assert_eq(&world.post(&format!("{bob}/ready"), BOB, r#"{"queue":"8001"}"#).await.shown());
    let lunch = r#"{"queue":"all","reason":"lunch"}"#;
    let answer = world.post(&format!("{bob}/not-ready"), BOB, lunch).await.body;
    assert_eq!(answer["items"][1]["reason"], "lunch");
    let now = world.get(bob, BOB).await.body;
    assert_eq!((&now["state"], &now["reason"]), (&json!("not_ready"), &json!("lunch")));
    assert_eq!(world.post(&format!("{bob}/wrap-up"), BOB, "").await.body["items"][0]["state"], "wrap_up");
    let more = format!("{bob}/wrap-up/more");
    assert_eq!(world.post(&more, BOB, "").await.body["items"][0]["state"], "wrap_up");
    for seconds in [r#"{"seconds":0}"#, r#"{"seconds":3601}"#, r#"{"second":5}"#] {
        assert_eq!(world.post(&more, BOB, seconds).await.problem(), "invalid_body");
    }
    assert_eq!(world.post(&format!("{bob}/logout"), BOB, "{}").await.body["items"][0]["state"], "logged_out");
    let once = world.post(&format!("{bob}/single-call"), BOB, r#"{"queue":"8000"}"#).await.body;
    assert_eq!(once["items"][0]["state"], "ready");
    assert_eq!(world.post(&more, BOB, "").await.problem(), "wrong_state");
}

#[tokio::test]
async fn a_supervisor_without_a_reason_leaves_her_own() {
    let world = World::new().await;
    world.make_ready("1001").await;
    let path = "/v1/domains/~/agents/1001/not-ready";
    assert_eq!(world.post(path, SUE, "").await.body["items"][0]["reason"], "supervisor");
    assert_eq!(
        world.post(path, OWNER, r#"{"reason":"training"}"#).await.body["items"][0]["reason"],
        "training"
    );
    assert_eq!(world.post(path, ANN, "").await.body["items"][0]["reason"], json!(null));
}

#[tokio::test]
async fn what_cannot_be_done_at_once_is_pending_and_answered_202() {
    let world = World::new().await;
    world.make_ready("1001").await;
    world.arrives(2);
    let ringing = world.ringing_leg("1001").await;
    world.leg(ringing, LegInput::Answered);
    let body = r#"{"queue":"8000","reason":"lunch"}"#;
    expect![[r#"
        202 {
          "items": [
            {
              "available_for_dispatch": false,
              "pending": "not_ready",
              "pending_reason": "lunch",
              "queue": "8000",
              "reason": null,
              "state": "queue_call"
            }
          ],
          "next": null,
          "pending": "not_ready"
        }"#]]
    .assert_eq(&world.post("/v1/domains/~/agents/1001/not-ready", ANN, body).await.shown());
    let membership = &world.get("/v1/domains/~/agents/1001", ANN).await.body["queues"][0];
    assert_eq!((&membership["state"], &membership["pending"]), (&json!("queue_call"), &json!("not_ready")));
    let back = world.post("/v1/domains/~/agents/1001/ready", ANN, "").await;
    assert_eq!((back.status, &back.body["pending"]), (200, &json!(null)));
}

#[tokio::test]
async fn what_is_refused_everywhere_is_a_problem() {
    let world = World::new().await;
    world.registered("1001", true);
    let ask = async |extension: &str, verb: &str, body: &str| {
        let answer = world.post(&format!("/v1/domains/~/agents/{extension}/{verb}"), SUE, body).await;
        (answer.status, answer.problem().to_owned())
    };
    assert_eq!(ask("1999", "ready", "").await, (404, "unknown_agent".into()));
    assert_eq!(ask("%3Cscript%3E", "ready", "").await, (404, "unknown_agent".into()));
    assert_eq!(ask("1001", "ready", r#"{"queue":"8099"}"#).await, (404, "unknown_queue".into()));
    assert_eq!(ask("1001", "login", r#"{"queue":"8001"}"#).await, (404, "not_a_member".into()));
    assert_eq!(ask("1001", "ready", r#"{"queue":"8000"}"#).await, (409, "not_logged_in".into()));
    assert_eq!(
        ask("1001", "not-ready", &format!(r#"{{"reason":"{}"}}"#, "é".repeat(33))).await,
        (400, "invalid_body".into())
    );
}

#[tokio::test]
async fn a_verb_for_all_queues_of_an_agent_who_has_none_is_no_failure() {
    let world = World::new().await;
    let answer = world.post("/v1/domains/~/agents/1003/login", SUE, r#"{"queue":"all"}"#).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, json!({"items": [], "next": null, "pending": null}));
}

#[tokio::test]
async fn a_verb_for_all_queues_leaves_out_those_she_is_not_logged_in_to() {
    let world = World::new().await;
    world.registered("1002", true);
    world.post("/v1/domains/~/agents/1002/login", BOB, r#"{"queue":"8000"}"#).await;
    let items = world.post("/v1/domains/~/agents/1002/ready", BOB, "").await.body["items"].clone();
    assert_eq!((items.as_array().map(Vec::len), &items[0]["queue"]), (Some(1), &json!("8000")));
}

#[tokio::test]
async fn what_is_refused_in_one_queue_of_two_says_so_there() {
    let world = World::new().await;
    world.registered("1002", true);
    let mut directory = acme();
    let sales = directory.memberships.values_mut().find(|entry| entry.queue == QueueId(2));
    sales.unwrap().enabled = false;
    world.input(Input::Directory(Arc::new(directory)));
    expect![[r#"
        200 {
          "items": [
            {
              "available_for_dispatch": false,
              "pending": null,
              "pending_reason": null,
              "queue": "8000",
              "reason": "login",
              "state": "not_ready"
            },
            {
              "error": {
                "status": 409,
                "title": "The agent's entry in the queue is switched off",
                "type": "/problems/entry_disabled"
              },
              "queue": "8001"
            }
          ],
          "next": null,
          "pending": null
        }"#]]
    .assert_eq(&world.post("/v1/domains/~/agents/1002/login", BOB, "").await.shown());
}

#[tokio::test]
async fn an_agent_without_a_call_is_told_why() {
    let world = World::new().await;
    world.make_ready("1001").await;
    let why = world.get("/v1/domains/~/agents/1001/why-no-call", ANN).await;
    assert_eq!(why.status, 200, "{}", why.text);
    let queue = &why.body["queues"][0];
    assert_eq!((&queue["queue"], &queue["reason"]), (&"8000".into(), &serde_json::Value::Null));
    assert!(why.body["text"].as_str().unwrap().contains("would give her its next call"), "{}", why.text);

    let asked = world.post("/v1/domains/~/agents/1001/not-ready", ANN, r#"{"queue":"8000"}"#).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    world.arrives(2);
    let why = world.get("/v1/domains/~/agents/~/why-no-call", ANN).await.body;
    let queue = &why["queues"][0];
    assert_eq!((&queue["reason"], &queue["passed"]["reason"]), (&"not_ready".into(), &"not_ready".into()));
    assert_eq!(queue["passed"]["decision"]["queue"], "8000");
    let call = queue["passed"]["call"].as_str().unwrap();
    let expected = format!(
        "(8000) gives her no call: not ready. The last one that she was considered for, call {call}, was offered \
         to nobody: she was not ready."
    );
    assert!(queue["text"].as_str().unwrap().ends_with(&expected), "{}", queue["text"]);
    let unknown = world.get("/v1/domains/~/agents/1999/why-no-call", ANN).await;
    assert_eq!((unknown.status, unknown.problem()), (404, "unknown_agent"));
}

#[tokio::test]
async fn a_call_is_made_for_an_agent_and_found_where_the_answer_says() {
    let world = World::new().await;
    let make = async |extension: &str, token: &str, body: &str| {
        world.post(&format!("/v1/domains/~/agents/{extension}/calls"), token, body).await
    };
    let to = r#"{"to":"+493098765432"}"#;
    assert_eq!(make("1001", ANN, to).await.problem(), "cannot_take", "she has no phone");
    world.registered("1001", true);
    assert_eq!(make("1001", BOB, to).await.problem(), "forbidden");
    assert_eq!(make("1099", SUE, to).await.problem(), "unknown_agent");
    for nowhere in ["999", "*36", "+49 30"] {
        let answer = make("~", ANN, &format!(r#"{{"to":"{nowhere}"}}"#)).await;
        assert_eq!((answer.status, answer.problem()), (422, "unknown_destination"), "{nowhere}");
    }
    assert_eq!(make("~", ANN, "").await.problem(), "invalid_body");

    let made = make("~", ANN, to).await;
    assert_eq!((made.status, made.header("location")), (201, "/v1/domains/acme.test/calls/1"));
    assert_eq!(make("1001", SUE, to).await.problem(), "cannot_take", "she is being rung");
    let call = world.get(made.header("location"), ANN).await.body;
    assert_eq!((&call["state"], &call["agent"]), (&json!("ringing"), &json!("1001")));
    assert_eq!((&call["direction"], &call["dialed"]), (&json!("outbound"), &json!("+493098765432")));
    let leg = world.ringing_leg("1001").await;
    world.leg(leg, LegInput::Ended(engine::Cause::Busy));
    world.kept.until_ended(1).await;
    let call = world.get("/v1/domains/~/calls/1", ANN).await.body;
    assert_eq!((&call["state"], &call["cause"]), (&json!("ended"), &json!("busy")));
}
