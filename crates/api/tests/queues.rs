//! Queues, their lines and their figures.

use axum::http::Method;
use engine::{Cause, LegInput};
use expect_test::expect;
use serde_json::json;

use crate::world::{ANN, SUE, World};

#[tokio::test]
async fn a_queue_is_shown_with_its_counters() {
    let world = World::new().await;
    world.arrives(2);
    let list = world.get("/v1/domains/~/queues", ANN).await.body;
    assert_eq!(list["items"][1]["number"], "8001");
    let one = world.get("/v1/domains/~/queues/8000", ANN).await;
    assert_eq!(one.body, list["items"][0]);
    expect![[r#"
        200 {
          "abandoned": 0,
          "abandoned_late": 0,
          "answered": 0,
          "answered_in_time": 0,
          "callback_requested": 0,
          "callbacks": 0,
          "callbacks_cancelled": 0,
          "callbacks_done": 0,
          "callbacks_failed": 0,
          "closed": 0,
          "estimate_error": "<seconds>",
          "estimate_exceeded": 0,
          "estimated": 0,
          "exited": 0,
          "full": 0,
          "id": "1",
          "name": "Support",
          "night": 0,
          "night_mode": false,
          "no_agents": 0,
          "number": "8000",
          "offered": 1,
          "overflow_timeout": 0,
          "overflowed": 0,
          "removed": 0,
          "strategy": "longest_idle",
          "talk_time": "<seconds>",
          "wait_time": "<seconds>",
          "waiting": 1
        }"#]]
    .assert_eq(&one.shown());
    assert_eq!(world.get("/v1/domains/~/queues/8099", ANN).await.problem(), "unknown_queue");
    assert_eq!(world.get("/v1/domains/~/queues/1001", ANN).await.problem(), "unknown_queue");
}

#[tokio::test]
async fn the_line_is_shown_head_first_and_an_offered_call_stays_in_it() {
    let world = World::new().await;
    for leg in [2, 4] {
        world.arrives(leg);
    }
    world.make_ready("1001").await;
    expect![[r#"
        200 {
          "items": [
            {
              "call": "1",
              "callback": false,
              "caller": "+491700000002",
              "caller_id": {
                "name": "Carl <script>",
                "number": "+491700000002"
              },
              "enqueued_at": "<moment>",
              "held": false,
              "offered_to": [
                "1001"
              ],
              "position": 1,
              "priority": 0,
              "waited": "<seconds>"
            },
            {
              "call": "2",
              "callback": false,
              "caller": "+491700000004",
              "caller_id": {
                "name": "Carl <script>",
                "number": "+491700000004"
              },
              "enqueued_at": "<moment>",
              "held": false,
              "offered_to": [],
              "position": 2,
              "priority": 0,
              "waited": "<seconds>"
            }
          ],
          "next": null
        }"#]]
    .assert_eq(&world.get("/v1/domains/~/queues/8000/waiting", ANN).await.shown());
    assert_eq!(
        world.get("/v1/domains/~/queues/8001/waiting", ANN).await.body,
        json!({"items": [], "next": null})
    );
}

#[tokio::test]
async fn statistics_account_for_every_offered_call() {
    let world = World::new().await;
    for leg in [2, 4, 6] {
        world.arrives(leg);
    }
    world.leg(2, LegInput::Ended(Cause::Normal));
    world.make_ready("1001").await;
    let ringing = world.ringing_leg("1001").await;
    world.leg(ringing, LegInput::Answered);
    let now = world.get("/v1/domains/~/queues/8000/statistics", SUE).await.body;
    assert_eq!((&now["service_level"], &now["average_talk"]), (&json!(1.0), &json!(null)));
    expect![[r#"
        200 {
          "abandoned": 1,
          "abandoned_late": 0,
          "answered": 1,
          "answered_in_time": 1,
          "at": "<moment>",
          "average_estimate_error": null,
          "average_talk": null,
          "average_wait": "<seconds>",
          "callback_requested": 0,
          "callbacks": 0,
          "callbacks_cancelled": 0,
          "callbacks_done": 0,
          "callbacks_failed": 0,
          "closed": 0,
          "conservation": {
            "accounted": 2,
            "holds": true,
            "offered": 3,
            "waiting": 1
          },
          "estimate_error": "<seconds>",
          "estimate_exceeded": 0,
          "estimated": 0,
          "exited": 0,
          "full": 0,
          "longest_wait": "<seconds>",
          "night": 0,
          "no_agents": 0,
          "offered": 3,
          "overflow_timeout": 0,
          "overflowed": 0,
          "queue": "8000",
          "removed": 0,
          "service_level": "<seconds>",
          "service_level_formula": "answered_in_time / (answered + abandoned_late)",
          "service_level_threshold": 20,
          "talk_time": "<seconds>",
          "wait_time": "<seconds>",
          "waiting": 1
        }"#]]
    .assert_eq(&world.get("/v1/domains/~/queues/8000/statistics", SUE).await.shown());
    let empty = world.get("/v1/domains/~/queues/8001/statistics", SUE).await.body;
    assert_eq!((&empty["service_level"], &empty["conservation"]["holds"]), (&json!(null), &json!(true)));
}

#[tokio::test]
async fn a_chosen_waiting_call_rings_the_agent_and_its_record_says_that_she_picked_it_up() {
    let world = World::new().await;
    let pick = async |queue: &str, call: &str, token: &str, body: &str| {
        let path = format!("/v1/domains/~/queues/{queue}/waiting/{call}/pickup");
        let answer = world.post(&path, token, body).await;
        (answer.status, answer.problem().to_owned())
    };
    world.arrives(2);
    world.arrives(4);
    assert_eq!(pick("8000", "2", ANN, "").await, (409, "cannot_take".into()), "she has no phone");
    world.registered("1001", true);
    assert_eq!(pick("8000", "2", ANN, r#"{"agent":"1002"}"#).await, (403, "forbidden".into()));
    assert_eq!(pick("8001", "2", ANN, "").await, (404, "not_waiting".into()));
    assert_eq!(pick("8099", "2", ANN, "").await, (404, "unknown_queue".into()));
    assert_eq!(pick("8000", "9", ANN, "").await, (404, "not_waiting".into()));
    assert_eq!(pick("8000", "x", ANN, "").await, (404, "unknown_call".into()));
    assert_eq!(pick("8000", "2", SUE, r#"{"agent":"1999"}"#).await, (404, "unknown_agent".into()));
    assert_eq!(pick("8000", "2", ANN, r#"{"agnet":"1001"}"#).await, (400, "invalid_body".into()));

    assert_eq!(pick("8000", "2", SUE, r#"{"agent":"1001"}"#).await, (204, String::new()));
    let line = world.get("/v1/domains/~/queues/8000/waiting", ANN).await.body;
    assert_eq!(line["items"][0]["offered_to"], json!([]), "the first in line still waits");
    assert_eq!(line["items"][1]["offered_to"], json!(["1001"]));
    let leg = world.ringing_leg("1001").await;
    world.leg(leg, LegInput::Answered);
    assert_eq!(pick("8000", "1", ANN, "").await, (409, "cannot_take".into()), "she is on a call");
    let why = world.get("/v1/domains/~/calls/2/why", ANN).await.body;
    let last = &why["decisions"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["picked_up_by"], &last["winners"]), (&json!("1001"), &json!(["1001"])));
    assert_eq!(last["text"], "Picked up by Ann Ash (1001) from place 2: chosen, not routed.");
}

#[tokio::test]
async fn a_supervisor_moves_a_waiting_caller_to_another_queue_and_one_that_takes_nobody_says_why() {
    let world = World::new().await;
    let moves = async |queue: &str, call: &str, token: &str, body: &str| {
        let path = format!("/v1/domains/~/queues/{queue}/waiting/{call}/move");
        let answer = world.post(&path, token, body).await;
        (answer.status, answer.problem().to_owned(), answer.body["detail"].to_string())
    };
    let brief = |(status, problem, _): (u16, String, String)| (status, problem);
    world.arrives(2);
    let there = r#"{"to":"8001"}"#;
    assert_eq!(brief(moves("8000", "1", ANN, there).await), (403, "forbidden".into()));
    assert_eq!(brief(moves("8000", "9", SUE, there).await), (404, "not_waiting".into()));
    assert_eq!(brief(moves("8001", "1", SUE, r#"{"to":"8000"}"#).await), (404, "not_waiting".into()));
    assert_eq!(brief(moves("8000", "1", SUE, r#"{"to":"8099"}"#).await), (404, "unknown_queue".into()));
    assert_eq!(brief(moves("8000", "1", SUE, "{}").await), (400, "invalid_body".into()));
    let night = async |on: &str| {
        let path = "/v1/domains/~/queues/8001/night-mode";
        assert_eq!(world.ask(Method::PUT, path, SUE, on).await.status, 200);
    };
    night(r#"{"on":true}"#).await;
    let (status, problem, detail) = moves("8000", "1", SUE, there).await;
    assert_eq!((status, problem.as_str()), (409, "turned_away"));
    assert!(detail.contains("night mode"), "{detail}");
    assert_eq!(world.get("/v1/domains/~/queues/8000", ANN).await.body["waiting"], 1, "he waits where he did");
    night(r#"{"on":false}"#).await;

    assert_eq!(brief(moves("8000", "1", SUE, there).await), (204, String::new()));
    assert_eq!(world.get("/v1/domains/~/queues/8000/waiting", ANN).await.body["items"], json!([]));
    assert_eq!(world.get("/v1/domains/~/queues/8001/waiting", ANN).await.body["items"][0]["call"], "1");
    let counted = world.get("/v1/domains/~/queues/8000/statistics", SUE).await.body;
    assert_eq!((&counted["removed"], &counted["conservation"]["holds"]), (&json!(1), &json!(true)));
}
