//! The door for programs of NetSapiens' API: its documented requests, answered as it documents.

use api::provisioning::Source;
use axum::http::Method;
use expect_test::expect;
use serde_json::{Value, json};
use store::provisioning::{Change, Edit, Object};

use crate::world::{ADA, ANN, Answer, BOB, SUE, World};

const AGENTS: &str = "/ns-api/v2/domains/~/callqueues/8000/agents";

async fn ask(world: &World, method: &str, path: &str, token: &str, body: &Value) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    world.ask(method, &format!("{AGENTS}{path}"), token, &body.to_string()).await
}

fn ordered(world: &World) -> Vec<Edit> {
    let orders = world.applier.orders.lock().unwrap();
    match &orders.last().unwrap().source {
        Source::Edits { edits, .. } => edits.clone(),
        other => panic!("{other:?}"),
    }
}

fn member(change: Change) -> Edit {
    let object = Object::Member { queue: "8000".into(), agent: "1001".into() };
    Edit { object, change, expected: None }
}

#[tokio::test]
async fn an_agent_is_added_with_all_that_the_request_can_say() {
    let world = World::new().await;
    world.make_ready("1001").await;
    let body = json!({
        "synchronous": "yes",
        "callqueue-agent-id": "1001@acme.test",
        "callqueue": "8000",
        "domain": "acme.test",
        "callqueue-agent-availability-type": "automatic",
        "callqueue-agent-wrap-up-allowance-seconds": 30,
        "auto-answer-enabled": "no",
        "callqueue-agent-dispatch-order-ordinal": 3,
        "callqueue-agent-dispatch-queue-priority-ordinal": 2,
        "limits-max-active-calls-total": 1,
        "callqueue-agent-answer-confirmation-enabled": "yes",
        "callqueue-agent-availability-for-dispatch": "available",
        "callqueue-agent-max-concurrent-sms-conversations": 4,
    });
    let answer = ask(&world, "POST", "", ADA, &body).await;
    expect![[r#"
        200 {
          "active-calls-total-current": 0,
          "auto-answer-enabled": "no",
          "callqueue": "8000",
          "callqueue-agent-answer-confirmation-enabled": "no",
          "callqueue-agent-availability-for-dispatch": "available",
          "callqueue-agent-availability-type": "automatic",
          "callqueue-agent-dispatch-order-ordinal": 1,
          "callqueue-agent-dispatch-queue-priority-ordinal": 1,
          "callqueue-agent-entry-type": "user",
          "callqueue-agent-has-registered-devices": "yes",
          "callqueue-agent-id": "1001@acme.test",
          "callqueue-agent-wrap-up-allowance-seconds": 0,
          "domain": "acme.test",
          "limits-max-active-calls-total": 1,
          "name": "Ann Ash"
        }"#]]
    .assert_eq(&answer.shown());
    let fields = json!({"wrap_up_time": 30, "auto_answer": false, "order": 3, "queue_priority": 2,
        "answer_confirmation": true, "enabled": true});
    let limit = Edit {
        object: Object::Agent("1001".into()),
        change: Change::Patch(json!({"max_concurrent_calls": 1})),
        expected: None,
    };
    assert_eq!(ordered(&world), [member(Change::Create(fields)), limit]);

    let body =
        json!({"callqueue-agent-id": "sip:1001@acme.test", "callqueue-agent-availability-type": "disabled"});
    let answer = ask(&world, "POST", "", ADA, &body).await;
    assert_eq!((answer.status, answer.body), (202, json!({"code": 202, "message": "Accepted"})));
    assert_eq!(ordered(&world), [member(Change::Create(json!({"enabled": false})))]);
}

#[tokio::test]
async fn an_entry_is_read_changed_and_taken_away() {
    let world = World::new().await;
    world.make_ready("1001").await;
    let list = ask(&world, "GET", "", ANN, &json!({})).await;
    let ids: Vec<_> =
        list.body.as_array().unwrap().iter().map(|entry| entry["callqueue-agent-id"].clone()).collect();
    assert!(ids.contains(&json!("1001@acme.test")), "{ids:?}");
    let own = ask(&world, "GET", "/~", ANN, &json!({})).await;
    let (kind, dispatch) = ("callqueue-agent-availability-type", "callqueue-agent-availability-for-dispatch");
    assert_eq!(
        (own.status, &own.body[kind], &own.body[dispatch]),
        (200, &json!("automatic"), &json!("available"))
    );

    let change = json!({"callqueue-agent-wrap-up-allowance-seconds": 10});
    assert_eq!(ask(&world, "PUT", "/1001%40acme.test", ADA, &change).await.status, 202);
    assert_eq!(ordered(&world), [member(Change::Patch(json!({"wrap_up_time": 10})))]);
    assert_eq!(ask(&world, "DELETE", "/1001", ADA, &json!({})).await.status, 202);
    assert_eq!(ordered(&world), [member(Change::Remove)]);
}

#[tokio::test]
async fn the_actions_change_what_she_does() {
    let world = World::new().await;
    world.make_ready("1001").await;
    for (action, state, reason) in [
        ("lunch", "not_ready", json!("lunch")),
        ("online", "ready", Value::Null),
        ("offline", "logged_out", Value::Null),
        ("login", "not_ready", json!("login")),
        ("cust8", "not_ready", json!("cust8")),
        ("onecall", "ready", Value::Null),
    ] {
        for queue in ["8000", "all"] {
            let path =
                format!("/ns-api/v2/domains/acme.test/callqueues/{queue}/agents/1001@acme.test/{action}");
            let answer = world.ask(Method::PATCH, &path, ANN, "").await;
            assert_eq!(answer.status, 202, "{action} {queue}: {}", answer.text);
        }
        let ann = world.get("/v1/domains/~/agents/1001", ANN).await.body;
        assert_eq!((&ann["state"], &ann["reason"]), (&json!(state), &reason), "{action}");
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_our_words() {
    let world = World::new().await;
    let of = |id: &str| json!({"callqueue-agent-id": id});
    let with = |field: &str, value: Value| json!({"callqueue-agent-id": "1001", field: value});
    for (body, status, problem) in [
        (json!({}), 400, "invalid_body"),
        (of("1999@acme.test"), 404, "unknown_agent"),
        (of("1001@globex.test"), 404, "unknown_agent"),
        (of("sip:1001@globex.test"), 404, "unknown_agent"),
        (with("domain", json!("globex.test")), 404, "unknown_domain"),
        (with("callqueue", json!("8001")), 400, "invalid_body"),
        (with("synchronous", json!("maybe")), 400, "invalid_body"),
        (with("callqueue-agent-availability-type", json!("offnet-automatic")), 400, "invalid_body"),
        (with("callqueue-agent-wrap-up-allowance-seconds", json!(-1)), 400, "invalid_body"),
    ] {
        let answer = ask(&world, "POST", "", ADA, &body).await;
        assert_eq!((answer.status, answer.problem()), (status, problem), "{body}");
    }
    for token in [ANN, SUE] {
        assert_eq!(ask(&world, "POST", "", token, &of("1001")).await.problem(), "forbidden");
        assert_eq!(ask(&world, "PUT", "/1001", token, &json!({})).await.problem(), "forbidden");
        assert_eq!(ask(&world, "DELETE", "/1001", token, &json!({})).await.problem(), "forbidden");
    }
    assert_eq!(ask(&world, "PATCH", "/1001/login", BOB, &json!({})).await.problem(), "forbidden");
    assert_eq!(ask(&world, "PATCH", "/1001/dance", ANN, &json!({})).await.problem(), "not_found");
    let other = "/ns-api/v2/domains/globex.test/callqueues/8000/agents";
    assert_eq!(world.get(other, ADA).await.problem(), "unknown_domain");
    assert_eq!(world.get("/ns-api/v2/domains/~/callqueues/9/agents", ADA).await.problem(), "unknown_queue");
}
