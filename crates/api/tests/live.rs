//! The event socket over a real connection.

use std::time::Duration;

use api::ApiLimits;
use api::live::message;
use engine::{Cause, Input, LegInput};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::world::{ACME, ANN, SUE, World, acme};

/// How long an answer may take before the test is over.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A world that listens.
pub(crate) async fn listening(limits: ApiLimits) -> (World, SocketAddr) {
    let world = World::with(limits).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = world.router.clone().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    (world, address)
}

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A client, and what it makes of the messages by the rule of the document.
pub(crate) struct Client {
    socket: Socket,
    pub(crate) state: Value,
    pub(crate) seq: u64,
    pub(crate) snapshots: usize,
    /// It sees a part: numbers are left out.
    partial: bool,
}

async fn open(
    address: SocketAddr,
    query: &str,
    headers: &[(&'static str, &str)],
) -> tungstenite::Result<Socket> {
    let mut request = format!("ws://{address}/v1/domains/~/events{query}").into_client_request()?;
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    connect_async(request).await.map(|(socket, _)| socket)
}

/// The status with which a socket is refused.
pub(crate) async fn refused(address: SocketAddr, token: &str) -> u16 {
    match open(address, "", &[("authorization", &format!("Bearer {token}"))]).await {
        Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
        other => panic!("{other:?}"),
    }
}

impl Client {
    pub(crate) async fn new(address: SocketAddr, token: &str) -> Self {
        Self::of_part(address, token, "").await
    }

    /// Of the part that `query` asks for.
    pub(crate) async fn of_part(address: SocketAddr, token: &str, query: &str) -> Self {
        let socket = open(address, query, &[("authorization", &format!("Bearer {token}"))]).await.unwrap();
        let partial = !query.is_empty();
        let mut client = Self { socket, state: Value::Null, seq: 0, snapshots: 0, partial };
        client.read().await;
        assert_eq!(client.snapshots, 1, "the first message is a snapshot");
        client
    }

    async fn message(&mut self) -> Message {
        tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("nothing came").unwrap().unwrap()
    }

    /// Reads one message and folds it.
    pub(crate) async fn read(&mut self) -> Value {
        let text = loop {
            match self.message().await {
                Message::Text(text) => break text,
                Message::Close(frame) => panic!("closed: {frame:?}"),
                _ => {}
            }
        };
        let message: Value = serde_json::from_str(&text).unwrap();
        self.fold(&message);
        message
    }

    fn fold(&mut self, message: &Value) {
        let seq = message["seq"].as_u64().unwrap();
        if message["type"] == "snapshot" {
            assert!(seq >= self.seq);
            (self.state, self.seq) = (keyed(&message["state"]), seq);
            self.snapshots += 1;
            return;
        }
        if self.partial {
            assert!(seq > self.seq, "in order");
        } else {
            assert_eq!(seq, self.seq + 1, "no gap");
        }
        self.seq = seq;
        if message["type"] == "progress" {
            return;
        }
        let new = keyed(message);
        if !message["domain"].is_null() {
            self.state["domain"] = message["domain"].clone();
        }
        for list in ["agents", "queues", "calls"] {
            if message["whole"] == true {
                self.state[list] = new[list].clone();
                continue;
            }
            let (ours, theirs) = (self.state[list].as_object_mut().unwrap(), new[list].as_object().unwrap());
            ours.extend(theirs.iter().map(|(key, thing)| (key.clone(), thing.clone())));
        }
        for call in message["calls_ended"].as_array().into_iter().flatten() {
            self.state["calls"].as_object_mut().unwrap().remove(call.as_str().unwrap());
        }
    }

    /// Reads until the switch has nothing more to say, then compares field by field.
    async fn agrees(&mut self, world: &World) {
        let snapshot = world.switch.snapshot(ACME).await.unwrap();
        while self.seq < snapshot.seq {
            self.read().await;
        }
        let fresh = keyed(&serde_json::to_value(message::state(&snapshot)).unwrap());
        assert_eq!(self.state, fresh, "at {}", self.seq);
    }

    pub(crate) async fn close_code(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.message().await {
                return frame.expect("a reason").code.into();
            }
        }
    }
}

/// The three lists as maps by key.
fn keyed(lists: &Value) -> Value {
    let map = |list: &str, key: &dyn Fn(&Value) -> Value| -> Value {
        let things = lists[list].as_array().into_iter().flatten();
        Value::Object(things.map(|thing| (key(thing).as_str().unwrap().to_owned(), thing.clone())).collect())
    };
    let agent = |agent: &Value| match &agent["extension"] {
        Value::Null => json!(format!("id {}", agent["id"].as_str().unwrap())),
        extension => extension.clone(),
    };
    json!({
        "domain": lists["domain"],
        "agents": map("agents", &agent),
        "queues": map("queues", &|queue| queue["number"].clone()),
        "calls": map("calls", &|call| call["id"].clone()),
    })
}

#[tokio::test]
async fn a_snapshot_and_all_messages_since_give_the_newest_snapshot_field_by_field() {
    let (world, address) = listening(ApiLimits::default()).await;
    let mut client = Client::new(address, ANN).await;
    let bob = "/v1/domains/~/agents/1002";
    world.registered("1001", true);
    client.agrees(&world).await;
    world.make_ready("1001").await;
    client.agrees(&world).await;
    for leg in [2, 4, 6] {
        world.arrives(leg);
        client.agrees(&world).await;
    }
    let first = world.ringing_leg("1001").await;
    world.leg(first, LegInput::Ringing);
    client.agrees(&world).await;
    world.leg(first, LegInput::Answered);
    client.agrees(&world).await;
    world.make_ready("1002").await;
    client.agrees(&world).await;
    let second = world.ringing_leg("1002").await;
    world.leg(second, LegInput::Ended(Cause::Declined));
    client.agrees(&world).await;
    world.post(&format!("{bob}/not-ready"), SUE, "").await;
    client.agrees(&world).await;
    world.leg(4, LegInput::Ended(Cause::Normal));
    client.agrees(&world).await;
    world.leg(first, LegInput::Ended(Cause::Normal));
    client.agrees(&world).await;
    world.registered("1001", false);
    client.agrees(&world).await;
    for (queue, on) in [(None, true), (Some(model::QueueId(1)), true), (None, false)] {
        let request = engine::Request::NightMode { queue, on };
        world.switch.request(ACME, engine::Actor::Owner, request).await.unwrap().unwrap();
        client.agrees(&world).await;
    }
    assert_eq!(client.state["queues"]["8000"]["night_mode"], true);
    let mut changed = acme();
    changed.queues.get_mut(&model::QueueId(2)).unwrap().name = "Orders".into();
    changed.agents.remove(&model::AgentId(4));
    world.input(Input::Directory(Arc::new(changed)));
    client.agrees(&world).await;
    assert_eq!(client.state["queues"]["8001"]["name"], "Orders");
    assert_eq!(client.snapshots, 1);
    // Somebody who comes now sees the same.
    assert_eq!(Client::new(address, SUE).await.state, client.state);
}

#[tokio::test]
async fn a_message_says_what_happened_by_numbers() {
    let (world, address) = listening(ApiLimits::default()).await;
    world.make_ready("1001").await;
    let mut client = Client::new(address, ANN).await;
    world.arrives(2);
    let mut told = Vec::new();
    loop {
        let message = client.read().await;
        told.push(message["type"].as_str().unwrap().to_owned());
        if message["type"] == "offer_made" {
            assert_eq!((&message["agent"], &message["queue"]), (&json!("1001"), &json!("8000")));
            break;
        }
    }
    for kind in ["call_arrived", "call_queued", "decided"] {
        assert!(told.iter().any(|told| told == kind), "{told:?}");
    }
}

#[tokio::test]
async fn since_resumes_without_a_snapshot_where_the_events_are_kept() {
    let (world, address) = listening(ApiLimits::default()).await;
    let mut client = Client::new(address, ANN).await;
    let (state, seq) = (client.state.clone(), client.seq);
    world.make_ready("1001").await;
    world.arrives(2);
    client.agrees(&world).await;
    let bearer = format!("Bearer {ANN}");
    let socket = open(address, &format!("?since={seq}"), &[("authorization", &bearer)]).await.unwrap();
    let mut resumed = Client { socket, state, seq, snapshots: 0, partial: false };
    resumed.agrees(&world).await;
    assert_eq!((resumed.snapshots, &resumed.state), (0, &client.state));
    // Nobody has said so much yet: perhaps the server is another one now.
    let socket = open(address, "?since=999999", &[("authorization", &bearer)]).await.unwrap();
    let mut lost = Client { socket, state: Value::Null, seq: 0, snapshots: 0, partial: false };
    lost.read().await;
    assert_eq!(lost.snapshots, 1);
}

#[tokio::test]
async fn the_token_comes_by_header_subprotocol_or_query() {
    let (_world, address) = listening(ApiLimits::default()).await;
    let protocols = format!("cordboard.v1, bearer.{ANN}");
    assert!(open(address, "", &[("sec-websocket-protocol", &protocols)]).await.is_ok());
    assert!(open(address, &format!("?access_token={ANN}"), &[]).await.is_ok());
    for headers in
        [vec![], vec![("authorization", "Bearer none")], vec![("sec-websocket-protocol", "bearer.none")]]
    {
        let refused = open(address, "", &headers).await.err();
        let Some(tungstenite::Error::Http(response)) = refused else { panic!("{refused:?}") };
        assert_eq!(response.status(), 401);
    }
}

#[tokio::test]
async fn a_page_of_another_site_does_not_open_the_socket() {
    let (_world, address) = listening(ApiLimits::default()).await;
    let bearer = format!("Bearer {ANN}");
    let with = |origin: String| {
        let bearer = bearer.clone();
        async move { open(address, "", &[("authorization", &bearer), ("origin", &origin)]).await }
    };
    assert!(with(format!("http://{address}")).await.is_ok());
    let Err(tungstenite::Error::Http(response)) = with("http://evil.test".into()).await else { panic!() };
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn a_login_has_a_bounded_number_of_sockets() {
    let limits = ApiLimits { sockets_per_login_max: 1, ..ApiLimits::default() };
    let (_world, address) = listening(limits).await;
    let _one = Client::new(address, ANN).await;
    let second = open(address, "", &[("authorization", &format!("Bearer {ANN}"))]).await;
    let Err(tungstenite::Error::Http(response)) = second else { panic!() };
    assert_eq!(response.status(), 429);
    Client::new(address, SUE).await;
}

#[tokio::test]
async fn a_socket_is_closed_when_its_login_ends() {
    let limits = ApiLimits { ping_interval: Duration::from_millis(20), ..ApiLimits::default() };
    let (world, address) = listening(limits).await;
    let mut client = Client::new(address, ANN).await;
    assert_eq!(world.post("/v1/auth/logout", ANN, "").await.status, 204);
    assert_eq!(client.close_code().await, 1008);
    // One whose time is up, without any ping.
    world.kept.grant("short", "bob", world.clock.now().after(Duration::from_millis(50)));
    assert_eq!(Client::new(address, "short").await.close_code().await, 1008);
}

#[tokio::test]
async fn a_ping_of_the_client_is_answered_with_the_moment() {
    let (_world, address) = listening(ApiLimits::default()).await;
    let mut client = Client::new(address, ANN).await;
    for text in ["hello", r#"{"type":"dance"}"#, r#"{"type":"ping"}"#] {
        client.socket.send(Message::text(text)).await.unwrap();
    }
    let Message::Text(text) = client.message().await else { panic!() };
    let pong: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&pong["type"], pong["at"].is_string()), (&json!("pong"), true));
}

#[tokio::test]
async fn a_reader_that_is_too_slow_gets_a_snapshot_and_goes_on_without_a_gap() {
    let (world, address) = listening(ApiLimits::default()).await;
    let mut client = Client::new(address, ANN).await;
    let start = client.seq;
    // Until far more has happened than is kept and buffered on the way.
    while world.switch.snapshot(ACME).await.unwrap().seq < start + 60_000 {
        for _ in 0..200 {
            world.registered("1001", true);
            world.registered("1001", false);
        }
    }
    client.agrees(&world).await;
    assert!(client.snapshots > 1, "it was never too slow");
}
