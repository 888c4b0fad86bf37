//! A part of the events, and the events as Server-Sent Events.

use std::time::Duration;

use api::ApiLimits;
use axum::body::Body;
use axum::http::Request;
use engine::{Cause, LegInput};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::live::{Client, listening};
use crate::world::{ACME, ANN, SUE, World};

const PATIENCE: Duration = Duration::from_secs(20);

/// Reads until the switch has nothing more to say, then compares with what a client sees who comes now.
async fn agrees(client: &mut Client, world: &World, address: std::net::SocketAddr, query: &str) {
    let seq = world.switch.snapshot(ACME).await.unwrap().seq;
    while client.seq < seq {
        client.read().await;
    }
    let fresh = Client::of_part(address, ANN, query).await;
    assert_eq!(client.state, fresh.state, "{query} at {seq}");
}

#[tokio::test]
async fn a_part_and_all_its_messages_give_the_newest_part_field_by_field() {
    for query in [
        "?topics=agents",
        "?topics=calls,queues",
        "?queues=8000",
        "?queues=8001",
        "?agents=1002",
        "?topics=calls&agents=1001",
        "?topics=domain,mailboxes",
    ] {
        let limits = ApiLimits { ping_interval: Duration::from_millis(20), ..ApiLimits::default() };
        let (world, address) = listening(limits).await;
        let mut client = Client::of_part(address, ANN, query).await;
        world.make_ready("1001").await;
        agrees(&mut client, &world, address, query).await;
        for leg in [2, 4] {
            world.arrives(leg);
            agrees(&mut client, &world, address, query).await;
        }
        let first = world.ringing_leg("1001").await;
        world.leg(first, LegInput::Answered);
        agrees(&mut client, &world, address, query).await;
        world.make_ready("1002").await;
        agrees(&mut client, &world, address, query).await;
        let second = world.ringing_leg("1002").await;
        world.leg(second, LegInput::Ended(Cause::Declined));
        agrees(&mut client, &world, address, query).await;
        world.leg(4, LegInput::Ended(Cause::Normal));
        world.leg(first, LegInput::Ended(Cause::Normal));
        let request = engine::Request::NightMode { queue: None, on: true };
        world.switch.request(ACME, engine::Actor::Owner, request).await.unwrap().unwrap();
        agrees(&mut client, &world, address, query).await;
        assert_eq!(client.snapshots, 1, "{query}");
    }
}

#[tokio::test]
async fn a_part_has_nothing_of_the_rest() {
    let (world, address) = listening(ApiLimits::default()).await;
    let mut sales = Client::of_part(address, ANN, "?queues=8001&topics=queues,agents,calls").await;
    assert_eq!(sales.state["queues"].as_object().unwrap().keys().collect::<Vec<_>>(), ["8001"]);
    assert_eq!(sales.state["agents"].as_object().unwrap().keys().collect::<Vec<_>>(), ["1002"]);
    world.make_ready("1001").await;
    world.arrives(2);
    // The next thing that is theirs: all of the other queue's in between was not told.
    world.registered("1002", true);
    let message = sales.read().await;
    assert_eq!(
        (&message["type"], &message["agents"][0]["extension"]),
        (&json!("agent_changed"), &json!("1002"))
    );
    assert_eq!(sales.state["calls"], json!({}));
}

#[tokio::test]
async fn what_is_no_part_is_refused_before_the_socket_opens() {
    let world = World::new().await;
    for query in ["topics=weather", "queues=", "agents=,", "since=x"] {
        let path = format!("/v1/domains/~/events?{query}");
        let request = Request::get(path).header("authorization", format!("Bearer {ANN}"));
        let answer =
            world.send(request.header("accept", "text/event-stream").body(Body::empty()).unwrap()).await;
        assert_eq!(answer.problem(), "invalid_parameter", "{query}: {}", answer.text);
    }
    let bare = world.get("/v1/domains/~/events", ANN).await;
    assert_eq!(bare.problem(), "upgrade_required");
}

/// A stream, and what of it has come.
struct Stream {
    body: axum::body::BodyDataStream,
    text: String,
}

impl Stream {
    async fn open(world: &World, query: &str, last: Option<u64>) -> Self {
        let mut request = Request::get(format!("/v1/domains/~/events{query}"))
            .header("authorization", format!("Bearer {SUE}"))
            .header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"text/event-stream".parse().unwrap())
        );
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next event: its name, its id and its data.
    async fn next(&mut self) -> (String, u64, String) {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|value| value.trim_start_matches(": ").trim_start_matches(':').trim().to_owned())
                };
                let Some(data) = field("data") else { continue };
                let id = field("id").and_then(|id| id.parse().ok()).unwrap_or_default();
                return (field("event").unwrap_or_else(|| "message".into()), id, data);
            }
            let more = tokio::time::timeout(PATIENCE, self.body.next()).await.expect("nothing came");
            self.text += std::str::from_utf8(&more.expect("it goes on").unwrap()).unwrap();
        }
    }
}

#[tokio::test]
async fn a_stream_tells_what_the_socket_tells_and_goes_on_where_it_was_cut_off() {
    let (world, address) = listening(ApiLimits::default()).await;
    let mut socket = Client::new(address, SUE).await;
    let mut stream = Stream::open(&world, "", None).await;
    let (name, id, data) = stream.next().await;
    let snapshot: Value = serde_json::from_str(&data).unwrap();
    assert_eq!((name.as_str(), id, &snapshot["type"]), ("message", socket.seq, &json!("snapshot")));
    world.make_ready("1001").await;
    world.arrives(2);
    let seq = world.switch.snapshot(ACME).await.unwrap().seq;
    let mut told = Vec::new();
    while socket.seq < seq {
        told.push(socket.read().await);
    }
    for message in &told {
        let (_, id, data) = stream.next().await;
        assert_eq!(
            (json!(id), &serde_json::from_str::<Value>(&data).unwrap()),
            (message["seq"].clone(), message)
        );
    }
    // It was cut off after the second message.
    let mut again = Stream::open(&world, "", told[1]["seq"].as_u64()).await;
    let (_, _, data) = again.next().await;
    assert_eq!(serde_json::from_str::<Value>(&data).unwrap(), told[2]);
}

#[tokio::test]
async fn a_part_that_comes_back_knows_what_has_ended_meanwhile() {
    let (world, address) = listening(ApiLimits::default()).await;
    world.arrives(2);
    let client = Client::of_part(address, ANN, "?queues=8000").await;
    assert_eq!(client.state["calls"].as_object().unwrap().len(), 1);
    let seq = client.seq;
    drop(client);
    world.leg(2, LegInput::Ended(Cause::Normal));
    let again = Client::of_part(address, ANN, &format!("?queues=8000&since={seq}")).await;
    assert_eq!(again.state["calls"], json!({}));
}

#[tokio::test]
async fn a_stream_says_that_its_login_has_ended() {
    let limits = ApiLimits { ping_interval: Duration::from_millis(20), ..ApiLimits::default() };
    let world = World::with(limits).await;
    let mut stream = Stream::open(&world, "?topics=domain", None).await;
    stream.next().await;
    assert_eq!(world.post("/v1/auth/logout", SUE, "").await.status, 204);
    let (name, _, data) = stream.next().await;
    assert_eq!((name.as_str(), data.as_str()), ("end", "the login has ended"));
    assert!(stream.body.next().await.is_none(), "and is over");
}
