//! Statistics per interval over HTTP: which time is meant, what is said of it, and as a table.

use axum::body::Body;
use axum::http::Request;
use expect_test::expect;
use serde_json::{Value, json};

use crate::world::{ANN, SUE, World};

const QUEUE: &str = "/v1/domains/~/queues/8000/statistics/intervals";
const AGENT: &str = "/v1/domains/~/agents/1001/statistics/intervals";

fn sum(answer: &Value, name: &str) -> u64 {
    answer["items"].as_array().unwrap().iter().map(|item| item[name].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn the_calls_of_a_day_are_in_its_intervals() {
    let world = World::new().await;
    world.make_ready("1001").await;
    world.whole_call(2).await;
    for interval in ["15m", "30m", "1h", "1d"] {
        let of_queue = world.get(&format!("{QUEUE}?interval={interval}"), SUE).await;
        assert_eq!(of_queue.status, 200, "{}", of_queue.text);
        for (name, count) in [("offered", 1), ("answered", 1), ("answered_in_time", 1), ("abandoned", 0)] {
            assert_eq!(sum(&of_queue.body, name), count, "{interval} {name}");
        }
        let of_agent = world.get(&format!("{AGENT}?interval={interval}"), ANN).await;
        assert_eq!((sum(&of_agent.body, "offered"), sum(&of_agent.body, "answered")), (1, 1), "{interval}");
        // One ends where the next begins.
        let items = of_queue.body["items"].as_array().unwrap();
        assert!(items.windows(2).all(|two| two[0]["ends_at"] == two[1]["begins_at"]));
    }
    let nobody = world.get("/v1/domains/~/agents/~/statistics/intervals", SUE).await;
    assert_eq!(sum(&nobody.body, "offered"), 0);
}

#[tokio::test]
async fn an_interval_says_what_it_knows() {
    let world = World::new().await;
    let span = "from=2026-03-29T00:00:00Z&to=2026-03-29T00:00:01Z&interval=1d&time_zone=Europe/Berlin";
    let queue = world.get(&format!("{QUEUE}?{span}"), SUE).await;
    expect![[r#"
        {
          "abandoned": 0,
          "abandoned_late": 0,
          "abandoned_short": 0,
          "answered": 0,
          "answered_in_time": 0,
          "average_handle": null,
          "average_talk": null,
          "average_wait": null,
          "average_wrap_up": null,
          "begins_at": "2026-03-28T23:00:00.000Z",
          "callback_requested": 0,
          "callbacks_cancelled": 0,
          "callbacks_done": 0,
          "callbacks_failed": 0,
          "closed": 0,
          "ends_at": "2026-03-29T22:00:00.000Z",
          "exited": 0,
          "full": 0,
          "handle_time": 0.0,
          "hold_time": 0.0,
          "holds": 0,
          "longest_wait": 0.0,
          "night": 0,
          "no_agents": 0,
          "offered": 0,
          "overflow_timeout": 0,
          "overflowed": 0,
          "removed": 0,
          "service_level": null,
          "talk_time": 0.0,
          "wrap_up_time": 0.0
        }"#]]
    .assert_eq(&format!("{:#}", queue.body["items"][0]));
    let agent = world.get(&format!("{AGENT}?{span}"), SUE).await;
    expect![[r#"
        {
          "answered": 0,
          "begins_at": "2026-03-28T23:00:00.000Z",
          "declined": 0,
          "ends_at": "2026-03-29T22:00:00.000Z",
          "hold_time": 0.0,
          "holds": 0,
          "logged_in_time": 0.0,
          "logged_out_time": 0.0,
          "missed": 0,
          "not_ready_time": 0.0,
          "offered": 0,
          "offline_time": 0.0,
          "other_call_time": 0.0,
          "other_calls": 0,
          "other_hold_time": 0.0,
          "other_holds": 0,
          "other_talk_time": 0.0,
          "queue_call_time": 0.0,
          "ready_time": 0.0,
          "ringing_time": 0.0,
          "talk_time": 0.0,
          "unknown_time": 82800.0,
          "unreachable": 0,
          "withdrawn": 0,
          "wrap_up_time": 0.0
        }"#]]
    .assert_eq(&format!("{:#}", agent.body["items"][0]));
}

#[tokio::test]
async fn a_day_has_23_or_25_hours_and_hours_stand_by_the_clock_of_the_place() {
    let world = World::new().await;
    let count = async |query: &str| {
        let answer = world.get(&format!("{QUEUE}?{query}"), SUE).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["items"].as_array().unwrap().len()
    };
    let spring = "from=2026-03-28T23:00:00Z&to=2026-03-29T22:00:00Z&time_zone=Europe/Berlin";
    let autumn = "from=2026-10-24T22:00:00Z&to=2026-10-25T23:00:00Z&time_zone=Europe/Berlin";
    assert_eq!(
        [count(&format!("{spring}&interval=1h")).await, count(&format!("{autumn}&interval=1h")).await],
        [23, 25]
    );
    assert_eq!(
        [count(&format!("{spring}&interval=1d")).await, count(&format!("{autumn}&interval=1d")).await],
        [1, 1]
    );
    // The domain's own clock is UTC: the same span touches two days.
    assert_eq!(count("from=2026-03-28T23:00:00Z&to=2026-03-29T22:00:00Z&interval=1d").await, 2);
    assert_eq!(count("from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z&interval=15m").await, 31 * 96);
}

#[tokio::test]
async fn what_cannot_be_reckoned_is_refused_in_words() {
    let world = World::new().await;
    for (query, problem, words) in [
        ("from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "unusable_span", "`to` is not behind `from`"),
        (
            "from=2026-03-01T00:00:00Z&to=2026-04-02T00:00:00Z&interval=15m",
            "unusable_span",
            "longer than 31 days",
        ),
        (
            "from=2025-01-01T00:00:00Z&to=2026-04-02T00:00:00Z&interval=1d",
            "unusable_span",
            "longer than 400 days",
        ),
        ("from=yesterday", "invalid_parameter", "a moment is written like"),
        ("from=1999-01-01T00:00:00Z", "moment_out_of_span", "time zones are known from"),
        ("interval=5m", "invalid_parameter", "15m"),
        ("time_zone=Mars%2FOlympus%0A", "unusable_span", "no time zone `Mars/Olympus`"),
        ("time_zone=..%2F..%2Fetc%2Fpasswd", "unusable_span", "no time zone"),
        ("sort=offered", "invalid_parameter", "`sort` is `offered`; it can be begins_at"),
        ("colour=red", "invalid_parameter", "this list takes sort"),
    ] {
        let answer = world.get(&format!("{QUEUE}?{query}"), SUE).await;
        assert_eq!(answer.problem(), problem, "{query}: {}", answer.text);
        assert!(answer.body["detail"].as_str().unwrap().contains(words), "{query}: {}", answer.text);
    }
    assert_eq!(
        world.get("/v1/domains/~/queues/8999/statistics/intervals", SUE).await.problem(),
        "unknown_queue"
    );
    assert_eq!(
        world.get("/v1/domains/~/agents/1999/statistics/intervals", SUE).await.problem(),
        "unknown_agent"
    );
}

#[tokio::test]
async fn they_are_a_table_too() {
    let world = World::new().await;
    let path = format!(
        "{QUEUE}?from=2026-03-01T00:00:00Z&to=2026-03-01T01:00:00Z&interval=30m&fields=begins_at,offered,service_level"
    );
    let request =
        Request::get(path).header("authorization", format!("Bearer {SUE}")).header("accept", "text/csv");
    let table = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        table.text,
        "begins_at,offered,service_level\r\n2026-03-01T00:00:00.000Z,0,\r\n2026-03-01T00:30:00.000Z,0,\r\n"
    );
    let backwards = world
        .get(
            &format!("{QUEUE}?from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&sort=-begins_at&limit=1"),
            SUE,
        )
        .await;
    assert_eq!(backwards.body["items"][0]["begins_at"], json!("2026-03-01T23:00:00.000Z"));
    assert!(backwards.body["next"].is_string());
}
