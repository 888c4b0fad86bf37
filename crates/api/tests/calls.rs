//! Calls, and why they went where they went.

use axum::http::Method;
use engine::LegInput;
use expect_test::expect;
use model::RecordId;
use serde_json::{Value, json};

use crate::world::{ACME, ANN, BOB, GUS, SUE, World};

#[tokio::test]
async fn a_live_call_is_shown_where_it_stands() {
    let world = World::new().await;
    world.make_ready("1001").await;
    world.arrives(2);
    expect![[r#"
        200 {
          "agent": "1001",
          "answered_at": null,
          "by_call_link": false,
          "caller": {
            "name": "Carl <script>",
            "number": "+491700000002"
          },
          "cause": null,
          "dialed": "+493012345678",
          "direction": "inbound",
          "disposition": null,
          "ended_at": null,
          "enqueued_at": "<moment>",
          "flow": null,
          "held": false,
          "id": "1",
          "learned": {},
          "legs": [
            {
              "agent": null,
              "answered_at": "<moment>",
              "cause": null,
              "ended_at": null,
              "extension": null,
              "id": "2",
              "queue": null,
              "ringing_at": null,
              "started_at": "<moment>",
              "status": "answered",
              "trunk": "carrier"
            },
            {
              "agent": "1001",
              "answered_at": null,
              "cause": null,
              "ended_at": null,
              "extension": "1001",
              "id": "3",
              "queue": "8000",
              "ringing_at": null,
              "started_at": "<moment>",
              "status": "ringing",
              "trunk": null
            }
          ],
          "legs_count": 2,
          "offered_to": [
            "1001"
          ],
          "priority": 0,
          "queue": "8000",
          "queues": [],
          "recording": false,
          "recordings": [],
          "started_at": "<moment>",
          "state": "waiting"
        }"#]]
    .assert_eq(&world.get("/v1/domains/~/calls/1", ANN).await.shown());
    let ringing = world.ringing_leg("1001").await;
    world.leg(ringing, LegInput::Answered);
    let call = world.get("/v1/domains/~/calls/1", ANN).await.body;
    assert_eq!((&call["state"], &call["agent"]), (&json!("connected"), &json!("1001")));
}

#[tokio::test]
async fn an_ended_call_keeps_its_record_and_its_decisions() {
    let world = World::new().await;
    world.make_ready("1001").await;
    let call = world.whole_call(2).await;
    expect![[r#"
        200 {
          "agent": "1001",
          "answered_at": "<moment>",
          "by_call_link": false,
          "caller": {
            "name": "Carl <script>",
            "number": "+491700000002"
          },
          "cause": "normal",
          "dialed": "+493012345678",
          "direction": "inbound",
          "disposition": null,
          "ended_at": "<moment>",
          "enqueued_at": null,
          "flow": null,
          "held": false,
          "id": "1",
          "learned": {},
          "legs": [
            {
              "agent": null,
              "answered_at": "<moment>",
              "cause": "normal",
              "ended_at": "<moment>",
              "extension": null,
              "id": "2",
              "queue": null,
              "ringing_at": null,
              "started_at": "<moment>",
              "status": "answered",
              "trunk": "carrier"
            },
            {
              "agent": "1001",
              "answered_at": "<moment>",
              "cause": "normal",
              "ended_at": "<moment>",
              "extension": "1001",
              "id": "3",
              "queue": "8000",
              "ringing_at": null,
              "started_at": "<moment>",
              "status": "answered",
              "trunk": null
            }
          ],
          "legs_count": 2,
          "offered_to": [],
          "priority": null,
          "queue": "8000",
          "queues": [
            {
              "agent": "1001",
              "entered_at": "<moment>",
              "in_time": true,
              "left_at": "<moment>",
              "outcome": "answered",
              "queue": "8000",
              "waited": "<seconds>"
            }
          ],
          "recording": false,
          "recordings": [],
          "started_at": "<moment>",
          "state": "ended"
        }"#]]
    .assert_eq(&world.get(&format!("/v1/domains/~/calls/{call}"), ANN).await.shown());
    let why = world.get(&format!("/v1/domains/~/calls/{call}/why"), ANN).await;
    expect![[r##"
        200 {
          "call": "1",
          "decisions": [
            {
              "at": "<moment>",
              "candidate_count": 1,
              "candidates": [
                {
                  "agent": "1001",
                  "answered": null,
                  "idle_seconds": "<seconds>",
                  "last_rung_at": null,
                  "name": "Ann Ash",
                  "order": 1,
                  "preferred": false,
                  "skill_level": null,
                  "tier": null
                }
              ],
              "excluded": [
                {
                  "agents": [
                    "#4"
                  ],
                  "count": 1,
                  "reason": "no_extension",
                  "text": "without an extension"
                },
                {
                  "agents": [
                    "1002"
                  ],
                  "count": 1,
                  "reason": "logged_out",
                  "text": "logged out"
                }
              ],
              "left": null,
              "needs": [],
              "picked_up_by": null,
              "position": 1,
              "queue": "8000",
              "queue_name": "Support",
              "strategy": "longest_idle",
              "text": "Offered to Ann Ash (1001): the only one who could take it. Not considered: Eve Fir (#4) without an extension; Bob Oak (1002) logged out.",
              "winners": [
                "1001"
              ]
            }
          ],
          "live": false
        }"##]].assert_eq(&why.shown());
    assert_eq!(world.get(&format!("/v1/domains/~/calls/{call}"), GUS).await.problem(), "unknown_call");
    assert_eq!(world.get(&format!("/v1/domains/~/calls/{call}/why"), GUS).await.problem(), "unknown_call");
}

#[tokio::test]
async fn a_waiting_call_says_why_it_waits() {
    let world = World::new().await;
    world.arrives(2);
    let why = world.get("/v1/domains/~/calls/1/why", ANN).await.body;
    assert_eq!((&why["live"], &why["decisions"][0]["winners"]), (&json!(true), &json!([])));
    let text = why["decisions"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("Nobody could take it; it waits at place 1."), "{text}");
}

#[tokio::test]
async fn calls_are_listed_newest_first_and_page_by_page() {
    let world = World::new().await;
    world.make_ready("1001").await;
    world.whole_call(2).await;
    world.post("/v1/domains/~/agents/1001/not-ready", ANN, "").await;
    for leg in [4, 6, 8] {
        world.arrives(leg);
    }
    let ids = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|call| call["id"].as_str().unwrap().to_owned()).collect()
    };
    let whole = world.get("/v1/domains/~/calls", ANN).await.body;
    assert_eq!(
        (ids(&whole), &whole["next"]),
        (vec!["4".into(), "3".into(), "2".into(), "1".into()], &json!(null))
    );
    let (mut seen, mut path) = (Vec::new(), "/v1/domains/~/calls?limit=2".to_owned());
    loop {
        let page = world.get(&path, ANN).await.body;
        seen.extend(ids(&page));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/domains/~/calls?limit=2&cursor={next}");
    }
    assert_eq!(seen, ids(&whole));
    for query in ["limit=0", "limit=201", "limit=x", "colour=red"] {
        let answer = world.get(&format!("/v1/domains/~/calls?{query}"), ANN).await;
        assert_eq!((answer.status, answer.problem()), (400, "invalid_parameter"), "{query}");
    }
    let strange = world.get("/v1/domains/~/calls?cursor=x", ANN).await;
    assert_eq!((strange.status, strange.problem()), (422, "strange_cursor"));
}

#[tokio::test]
async fn a_supervisor_hangs_up_and_an_agent_does_not() {
    let world = World::new().await;
    world.arrives(2);
    let hang_up = async |call: &str, token: &str| {
        let answer = world.ask(Method::DELETE, &format!("/v1/domains/~/calls/{call}"), token, "").await;
        (answer.status, answer.problem().to_owned())
    };
    assert_eq!(hang_up("1", ANN).await, (403, "forbidden".into()));
    assert_eq!(hang_up("1", GUS).await, (404, "unknown_call".into()));
    assert_eq!(hang_up("1", SUE).await, (204, String::new()));
    world.kept.until_ended(1).await;
    let call = world.get("/v1/domains/~/calls/1", ANN).await.body;
    assert_eq!((&call["state"], &call["cause"]), (&json!("ended"), &json!("administrative")));
    assert_eq!(hang_up("1", SUE).await, (409, "call_over".into()));
    for call in ["999", "x", "-1", "18446744073709551616", "%00"] {
        assert_eq!(hang_up(call, SUE).await, (404, "unknown_call".into()), "{call}");
    }
}

#[tokio::test]
async fn who_waits_is_told_the_place_and_the_last_decision() {
    let world = World::new().await;
    world.make_ready("1001").await;
    let asked = world.post("/v1/domains/~/agents/1001/not-ready", SUE, r#"{"queue":"8000"}"#).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    for leg in [2, 4] {
        world.arrives(leg);
    }
    let line = world.get("/v1/domains/~/queues/8000/waiting", SUE).await.body;
    let call = line["items"][0]["call"].as_str().unwrap();
    let why = world.get(&format!("/v1/domains/~/queues/8000/waiting/{call}/why"), SUE).await;
    assert_eq!(why.status, 200, "{}", why.text);
    assert_eq!((&why.body["position"], &why.body["waiting"]), (&1.into(), &2.into()));
    let excluded = why.body["decision"]["excluded"].as_array().unwrap();
    let ann = excluded.iter().find(|group| group["reason"] == "not_ready").unwrap();
    assert_eq!((&ann["agents"], &ann["count"]), (&serde_json::json!(["1001"]), &1.into()));
    let text = why.body["text"].as_str().unwrap();
    assert!(
        text.starts_with("It is at place 1 of 2 and has waited for 0 s. Nobody could take it;"),
        "{text}"
    );
    assert!(text.contains("Ann Ash (1001) not ready"), "{text}");
    for (path, problem) in [
        (format!("8001/waiting/{call}"), "not_waiting"),
        ("8000/waiting/999".to_owned(), "not_waiting"),
        ("8000/waiting/x".to_owned(), "unknown_call"),
        (format!("8099/waiting/{call}"), "unknown_queue"),
    ] {
        let answer = world.get(&format!("/v1/domains/~/queues/{path}/why"), SUE).await;
        assert_eq!((answer.status, answer.problem()), (404, problem), "{path}");
    }
}

#[tokio::test]
async fn the_agent_on_a_call_sends_its_caller_on_and_others_do_not() {
    let world = World::new().await;
    world.make_ready("1001").await;
    world.arrives(2);
    let transfer = async |call: &str, token: &str, body: &str| {
        let answer = world.post(&format!("/v1/domains/~/calls/{call}/transfer"), token, body).await;
        (answer.status, answer.problem().to_owned())
    };
    let to = r#"{"to":"8001"}"#;
    assert_eq!(transfer("1", ANN, to).await, (409, "not_talking".into()), "it only rings her");
    let leg = world.ringing_leg("1001").await;
    world.leg(leg, LegInput::Answered);
    assert_eq!(transfer("1", BOB, to).await, (403, "forbidden".into()));
    assert_eq!(transfer("9", ANN, to).await, (404, "unknown_call".into()));
    assert_eq!(transfer("1", ANN, r#"{"to":"12"}"#).await, (422, "unknown_destination".into()));
    assert_eq!(transfer("1", ANN, "{}").await, (400, "invalid_body".into()));
    assert_eq!(transfer("1", ANN, r#"{"to":"1003"}"#).await, (204, String::new()));
    assert_eq!(transfer("1", ANN, to).await, (409, "call_over".into()), "nobody was there");
    let call = world.get("/v1/domains/~/calls/1", ANN).await.body;
    assert_eq!(call["legs"][1]["cause"], "transferred");
}

#[tokio::test]
async fn a_call_is_put_on_hold_and_taken_off_and_shows_it() {
    let world = World::new().await;
    world.make_ready("1001").await;
    world.arrives(2);
    let ask = async |what: &str, token: &str| {
        let answer = world.post(&format!("/v1/domains/~/calls/1/{what}"), token, "").await;
        let held = world.get("/v1/domains/~/calls/1", ANN).await.body["held"].clone();
        (answer.status, answer.problem().to_owned(), held == json!(true))
    };
    assert_eq!(ask("hold", ANN).await, (409, "not_talking".into(), false));
    let leg = world.ringing_leg("1001").await;
    world.leg(leg, LegInput::Answered);
    assert_eq!(ask("unhold", ANN).await, (204, String::new(), false));
    assert_eq!(ask("hold", BOB).await, (403, "forbidden".into(), false));
    assert_eq!(ask("hold", ANN).await, (204, String::new(), true));
    assert_eq!(ask("hold", SUE).await, (204, String::new(), true));
    assert_eq!(ask("unhold", SUE).await, (204, String::new(), false));
}

#[tokio::test]
async fn keys_are_pressed_by_who_may_and_only_keys() {
    let world = World::new().await;
    world.make_ready("1001").await;
    world.arrives(2);
    let press = async |token: &str, digits: &str| {
        let body = json!({"digits": digits}).to_string();
        let answer = world.post("/v1/domains/~/calls/1/digits", token, &body).await;
        (answer.status, answer.problem().to_owned())
    };
    assert_eq!(press(ANN, "1").await, (409, "not_talking".into()));
    let leg = world.ringing_leg("1001").await;
    world.leg(leg, LegInput::Answered);
    assert_eq!(press(ANN, "40#").await, (204, String::new()));
    assert_eq!(press(SUE, "*").await, (204, String::new()));
    assert_eq!(press(BOB, "1").await, (403, "forbidden".into()));
    for wrong in ["", "1 2", "+49", "E", &"1".repeat(33)] {
        assert_eq!(press(ANN, wrong).await, (400, "invalid_body".into()), "{wrong}");
    }
}

/// A call of a recorded queue, and its recording.
async fn recorded(world: &World) -> (String, u64) {
    let mut directory = crate::world::acme();
    let queue = directory.queues.values_mut().find(|queue| queue.number.as_str() == "8000").unwrap();
    queue.recording = true;
    world.switch.directory(std::sync::Arc::new(directory)).await.unwrap();
    world.make_ready("1001").await;
    let call = world.whole_call(2).await;
    let body = world.get(&format!("/v1/domains/~/calls/{call}"), ANN).await.body;
    let recording = &body["recordings"][0];
    assert_eq!((&recording["agent"], &body["recording"]), (&json!("1001"), &json!(false)));
    (call, recording["id"].as_str().unwrap().parse().unwrap())
}

#[tokio::test]
async fn who_hears_a_recorded_talk_is_in_the_audit() {
    let world = World::new().await;
    let (call, id) = recorded(&world).await;
    let path = format!("/v1/domains/~/calls/{call}/recordings/{id}");
    // Neither said anything, or it is gone.
    assert_eq!(world.get(&path, SUE).await.problem(), "unknown_recording");
    assert!(world.kept.notes.lock().unwrap().is_empty(), "nothing was heard");
    world.tapes.0.lock().unwrap().insert((ACME, RecordId(id)), b"RIFF and so on".to_vec());
    let request = axum::http::Request::builder().uri(&path).header("authorization", format!("Bearer {SUE}"));
    let heard = world.bytes(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(heard, (200, "audio/wav".to_owned(), b"RIFF and so on".to_vec()));
    let notes = world.kept.notes.lock().unwrap();
    assert_eq!(notes.last().unwrap().change, format!("heard recording {id} of call {call}"));
}

#[tokio::test]
async fn recordings_are_for_who_has_the_right_and_can_be_removed_for_good() {
    let world = World::new().await;
    let (call, id) = recorded(&world).await;
    let path = format!("/v1/domains/~/calls/{call}/recordings/{id}");
    world.tapes.0.lock().unwrap().insert((ACME, RecordId(id)), b"RIFF".to_vec());
    let erase = async |token| world.ask(Method::DELETE, &path, token, "").await;
    // Also not her own: who may hear what she said to her callers is for the domain to say.
    assert_eq!(world.get(&path, ANN).await.problem(), "forbidden");
    assert_eq!(erase(ANN).await.problem(), "forbidden");
    assert_eq!(world.get(&path, GUS).await.problem(), "unknown_call", "it is of another domain");
    for wrong in ["99999/recordings/1", "x/recordings/1"] {
        let answer = world.get(&format!("/v1/domains/~/calls/{wrong}"), SUE).await;
        assert_eq!(answer.problem(), "unknown_call", "{wrong}");
    }
    for wrong in ["999", "x", "-1", "%2e%2e"] {
        let answer = world.get(&format!("/v1/domains/~/calls/{call}/recordings/{wrong}"), SUE).await;
        assert_eq!(answer.problem(), "unknown_recording", "{wrong}");
    }
    assert_eq!(world.get(&path, SUE).await.status, 200);
    assert_eq!(erase(SUE).await.status, 204);
    assert_eq!(world.get(&path, SUE).await.problem(), "unknown_recording");
    assert_eq!(erase(SUE).await.status, 204, "gone is gone");
    let record = world.get(&format!("/v1/domains/~/calls/{call}"), SUE).await.body;
    assert_eq!(record["recordings"][0]["id"], json!(id.to_string()), "that there was one stays");
}
