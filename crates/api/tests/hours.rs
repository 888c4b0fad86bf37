//! Business hours, night mode, and what would happen to a call.

use std::sync::Arc;

use axum::http::Method;
use engine::Input;
use expect_test::expect;
use model::{
    BusinessHours, Date, Did, ExtensionNumber, FallbackAction, Holiday, Schedule, Slot, Timestamp, Zone,
};
use serde_json::json;

use crate::world::{ANN, BOB, GUS, NUMBER, SUE, World, acme};

const DAY: u32 = 24 * 60;

/// A world with a second number, +4930, that keeps hours: Monday to Friday 9 to 17, and Christmas.
async fn world() -> World {
    let world = World::new().await;
    let mut directory = acme();
    let slot = |day: u32| Slot { from: day * DAY + 9 * 60, to: day * DAY + 17 * 60 };
    let christmas = Date::new(2026, 12, 25).unwrap();
    let hours = BusinessHours {
        name: "office".into(),
        schedule: Schedule {
            slots: (0..5).map(slot).collect(),
            zone: Zone { offsets: vec![(Timestamp::ZERO, 3_600)] },
        },
        holidays: vec![Holiday { name: "Christmas".into(), yearly: true, from: christmas, to: christmas }],
    };
    directory.business_hours.insert("office".into(), hours);
    let number = |text| ExtensionNumber::parse(text).unwrap();
    let hangup = |message: &str| Some(FallbackAction::Hangup { message: Some(message.into()) });
    let did = Did {
        hours: Some("office".into()),
        closed: hangup("closed"),
        holiday: hangup("holiday"),
        night: Some(FallbackAction::Queue(number("8001"))),
        ..Did::new("+4930".into(), FallbackAction::Queue(number("8000")))
    };
    directory.numbers.insert(did.number.clone(), did);
    world.input(Input::Directory(Arc::new(directory)));
    world
}

fn texts(answer: &crate::world::Answer) -> String {
    let steps = answer.body["steps"].as_array().expect("steps");
    let line = |step: &serde_json::Value| {
        format!("{} {}", step["at"].as_str().unwrap_or_default(), step["text"].as_str().unwrap_or_default())
    };
    steps.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_if_says_in_words_and_data_what_would_happen() {
    let world = world().await;
    let path = |at: &str| format!("/v1/domains/~/numbers/4930/what-if?at={at}");
    let open = world.get(&path("2026-12-23T09:00:00Z"), ANN).await;
    expect![[r#"
        2026-12-23T09:00:00.000Z +4930 is a number of the domain.
        2026-12-23T09:00:00.000Z Night mode of the domain is off.
        2026-12-23T09:00:00.000Z The business hours `office` are open until 2026-12-23T17:00:00+01:00.
        2026-12-23T09:00:00.000Z The number is open: on to queue 8000 (Support).
        2026-12-23T09:00:00.000Z The caller comes to queue 8000 (Support).
        2026-12-23T09:00:00.000Z Night mode of queue 8000 (Support) is off.
        2026-12-23T09:00:00.000Z He waits, 300 s at most. Of 3 members 3 have their working hours then.
        2026-12-23T09:05:00.000Z If nobody answers by then: the call ends.
        2026-12-23T09:05:00.000Z The call ends."#]]
    .assert_eq(&texts(&open));
    let holiday = world.get(&path("2026-12-24T23:00:00Z"), ANN).await;
    expect![[r#"
        2026-12-24T23:00:00.000Z +4930 is a number of the domain.
        2026-12-24T23:00:00.000Z Night mode of the domain is off.
        2026-12-24T23:00:00.000Z The business hours `office` have a holiday until 2026-12-26T00:00:00+01:00: Christmas.
        2026-12-24T23:00:00.000Z The number is on a holiday: `holiday` is played and the call ends.
        2026-12-24T23:00:00.000Z He hears `holiday`, and the call ends."#]].assert_eq(&texts(&holiday));
    expect![[r#"
        {
          "at": "2026-12-24T23:00:00.000Z",
          "number": "+4930",
          "steps": [
            {
              "at": "2026-12-24T23:00:00.000Z",
              "number": "+4930",
              "step": "number",
              "text": "+4930 is a number of the domain."
            },
            {
              "at": "2026-12-24T23:00:00.000Z",
              "on": false,
              "queue": null,
              "step": "night_mode",
              "text": "Night mode of the domain is off."
            },
            {
              "at": "2026-12-24T23:00:00.000Z",
              "holiday": "Christmas",
              "hours": "office",
              "opening": "holiday",
              "step": "hours",
              "text": "The business hours `office` have a holiday until 2026-12-26T00:00:00+01:00: Christmas.",
              "until": "2026-12-25T23:00:00.000Z"
            },
            {
              "at": "2026-12-24T23:00:00.000Z",
              "plan": {
                "message": "holiday",
                "number": null,
                "to": "hangup"
              },
              "rule": "holiday",
              "step": "rule",
              "text": "The number is on a holiday: `holiday` is played and the call ends."
            },
            {
              "at": "2026-12-24T23:00:00.000Z",
              "message": "holiday",
              "step": "ends",
              "text": "He hears `holiday`, and the call ends."
            }
          ]
        }"#]].assert_eq(&serde_json::to_string_pretty(&holiday.body).unwrap());
    assert_eq!(open.body["number"], "+4930");
    // By the second before midnight it is closed and no holiday.
    let closed = world.get(&path("2026-12-24T22:59:59Z"), ANN).await;
    assert_eq!(closed.body["steps"][3]["rule"], "closed");

    assert_eq!(world.ask(Method::PUT, "/v1/domains/~/night-mode", SUE, r#"{"on": true}"#).await.status, 200);
    let night = world.get(&path("2026-12-23T09:00:00Z"), ANN).await;
    assert_eq!(night.body["steps"][2]["rule"], "night");
    assert_eq!(night.body["steps"][2]["plan"], json!({"to": "queue", "number": "8001", "message": null}));
}

#[tokio::test]
async fn what_if_refuses_what_it_cannot_know() {
    let world = world().await;
    let ask = async |rest: &str, token| {
        let answer = world.get(&format!("/v1/domains/~/numbers/{rest}"), token).await;
        answer.problem().to_owned()
    };
    assert_eq!(ask("4999/what-if", ANN).await, "unknown_number");
    assert_eq!(ask("8000/what-if", ANN).await, "unknown_number");
    assert_eq!(ask("4930/what-if", GUS).await, "unknown_number", "another domain's");
    for wrong in ["tomorrow", "2026-13-01T00:00:00Z"] {
        assert_eq!(ask(&format!("4930/what-if?at={wrong}"), ANN).await, "invalid_parameter", "{wrong}");
    }
    for far in ["2019-12-31T00:00:00Z", "2045-01-01T00:00:00Z"] {
        assert_eq!(ask(&format!("4930/what-if?at={far}"), ANN).await, "moment_out_of_span", "{far}");
    }
    let long = "1".repeat(65);
    assert_eq!(ask(&format!("4930/what-if?caller={long}"), ANN).await, "invalid_parameter");
    assert_eq!(ask("4930/what-if?who=1", ANN).await, "invalid_parameter");
    assert_eq!(world.get("/v1/domains/~/numbers/4930/what-if", ANN).await.status, 200, "now");
}

#[tokio::test]
async fn night_mode_is_switched_by_supervisors_and_shown_where_it_holds() {
    let world = world().await;
    let on = r#"{"on": true}"#;
    let put = async |path: &str, token, body: &str| world.ask(Method::PUT, path, token, body).await;
    assert_eq!(put("/v1/domains/~/night-mode", ANN, on).await.problem(), "forbidden");
    assert_eq!(put("/v1/domains/~/queues/8000/night-mode", BOB, on).await.problem(), "forbidden");
    assert_eq!(put("/v1/domains/~/queues/8099/night-mode", SUE, on).await.problem(), "unknown_queue");
    for wrong in ["", "{}", r#"{"on": "yes"}"#, r#"{"on": true, "off": 1}"#] {
        assert_eq!(put("/v1/domains/~/night-mode", SUE, wrong).await.problem(), "invalid_body", "{wrong}");
    }
    assert_eq!(world.get("/v1/domains/~", ANN).await.body["night_mode"], false);
    let answer = put("/v1/domains/~/queues/8000/night-mode", SUE, on).await;
    assert_eq!((answer.status, &answer.body), (200, &json!({"on": true})));
    assert_eq!(world.get("/v1/domains/~/queues/8000", ANN).await.body["night_mode"], true);
    assert_eq!(world.get("/v1/domains/~/queues/8001", ANN).await.body["night_mode"], false);
    assert_eq!(put("/v1/domains/~/night-mode", SUE, on).await.status, 200);
    let domain = world.get("/v1/domains/~", ANN).await;
    assert_eq!(domain.body, json!({"name": "acme.test", "timezone": "UTC", "night_mode": true}));
    // A call for the queue is counted and goes on at once.
    world.arrives(2);
    let queue = world.get("/v1/domains/~/queues/8000", ANN).await.body;
    assert_eq!((&queue["offered"], &queue["night"], &queue["waiting"]), (&json!(1), &json!(1), &json!(0)));
    let statistics = world.get("/v1/domains/~/queues/8000/statistics", ANN).await.body;
    assert_eq!(statistics["conservation"]["holds"], true);
    assert_eq!(put("/v1/domains/~/queues/8000/night-mode", SUE, r#"{"on": false}"#).await.status, 200);
    assert_eq!(world.get("/v1/domains/~/queues/8000", ANN).await.body["night_mode"], false);
}

#[tokio::test]
async fn business_hours_and_numbers_are_listed() {
    let world = world().await;
    let hours = world.get("/v1/domains/~/business-hours?at=2026-12-25T10:00:00Z", ANN).await;
    assert_eq!(
        hours.body["items"],
        json!([{
            "name": "office", "opening": "holiday", "holiday": "Christmas", "until": "2026-12-25T23:00:00.000Z"
        }])
    );
    let numbers = world.get("/v1/domains/~/numbers", ANN).await.body;
    assert_eq!(numbers["items"][0]["number"], "+4930");
    assert_eq!(numbers["items"][0]["closed"], json!({"to": "hangup", "number": null, "message": "closed"}));
    assert_eq!(numbers["items"][1]["number"], NUMBER);
    assert_eq!(numbers["items"][1]["hours"], json!(null));
}
