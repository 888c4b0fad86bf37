//! PortSIP's publish and subscribe over a real connection.

use std::net::SocketAddr;
use std::time::Duration;

use api::ApiLimits;
use engine::{Cause, LegInput};
use expect_test::expect;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::live::{PATIENCE, Socket, listening};

async fn open(address: SocketAddr, origin: Option<&str>) -> tungstenite::Result<Socket> {
    let mut request = format!("ws://{address}/wsi").into_client_request()?;
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    connect_async(request).await.map(|(socket, _)| socket)
}

struct Client(Socket);

impl Client {
    /// A socket of whoever has this extension.
    async fn of(address: SocketAddr, extension: &str, first: &str) -> Self {
        let mut client = Self(open(address, None).await.unwrap());
        let password = format!("{first}-password");
        let answer = client
            .ask(&json!({"command": "auth", "extension_number": extension, "password": password, "domain": "acme.test"}))
            .await;
        assert_eq!(answer, json!({"command": "auth", "id": "1", "status": 0}));
        client
    }

    async fn message(&mut self) -> Message {
        tokio::time::timeout(PATIENCE, self.0.next()).await.expect("nothing came").unwrap().unwrap()
    }

    async fn read(&mut self) -> Value {
        loop {
            match self.message().await {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Close(frame) => panic!("closed: {frame:?}"),
                _ => {}
            }
        }
    }

    async fn ask(&mut self, command: &Value) -> Value {
        self.0.send(Message::text(command.to_string())).await.unwrap();
        self.read().await
    }

    async fn close_code(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.message().await {
                return frame.expect("a reason").code.into();
            }
        }
    }

    /// Reads up to the message of this event, each as a short line.
    async fn read_to(&mut self, event: &str) -> String {
        let mut out = String::new();
        loop {
            let message = self.read().await;
            out += &short(&message);
            if message["event_type"] == event {
                return out;
            }
        }
    }
}

/// The event and what matters of it.
fn short(message: &Value) -> String {
    let mut out = message["event_type"].as_str().unwrap().to_owned();
    let words = |list: &Value, names: &[&str]| -> String {
        let of = |item: &Value| {
            let fields = names.iter().map(|name| item[*name].as_str().unwrap_or_default());
            format!(" [{}]", fields.collect::<Vec<_>>().join(" ").trim())
        };
        list.as_array().into_iter().flatten().map(of).collect()
    };
    out += &words(&message["waiting_list"], &["position", "caller_number", "type"]);
    out += &words(&message["agents"], &["agent_extension_number", "state"]);
    out += &words(&message["updated_callers"], &["reason", "position", "caller_number"]);
    out += &words(&message["updated_agents"], &["agent_extension_number", "state", "caller_number"]);
    out += &words(&message["status"], &["extension", "call_status", "presence"]);
    for name in ["call_status", "direction", "ended_reason", "queue_number"] {
        if let Some(text) = message[name].as_str() {
            out += &format!(" {name}={text}");
        }
    }
    out + "\n"
}

fn follow(topic: &str, list: &str, numbers: &[&str]) -> Value {
    json!({"command": "subscribe", "topics": [topic], list: numbers})
}

#[tokio::test]
async fn a_supervisor_follows_a_call_from_its_beginning_to_its_record() {
    let (world, address) = listening(ApiLimits::default()).await;
    world.make_ready("1001").await;
    world.arrives(2);
    world.leg(2, LegInput::Ended(Cause::CallerGone));
    let mut sue = Client::of(address, "1003", "sue").await;
    let answer = sue.ask(&follow("queue_events", "queues", &["8000"])).await;
    assert_eq!(answer, json!({"command": "subscribe", "id": "2", "status": 0}));
    let mut told = sue.read_to("queue_status").await;
    sue.ask(&follow("extension_events", "extensions", &["1001"])).await;
    told += &sue.read_to("extension_status").await;
    sue.ask(&json!({"command": "subscribe", "topics": ["cdr_events"]})).await;

    world.arrives(4);
    let ringing = world.ringing_leg("1001").await;
    world.leg(ringing, LegInput::Answered);
    world.leg(4, LegInput::Ended(Cause::Normal));
    world.leg(ringing, LegInput::Ended(Cause::Normal));
    told += &sue.read_to("call_cdr").await;
    expect![[r#"
        queue_status [1001 READY] [1002 OFFLINE] queue_number=8000
        extension_status [sip:1001@acme.test  ONLINE]
        call_start direction=in
        queue_caller_status [enqueue 1 +491700000004]
        extension_call call_status=RINGING
        queue_caller_status [agent_answered 0 +491700000004]
        call_update_info direction=in
        queue_agent_status [1001 QUEUE_CALL +491700000004]
        extension_agent_status
        extension_call call_status=ON_CALL
        call_cdr direction=in ended_reason=caller_disconnect
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn an_agent_follows_her_own_queues_and_phone_only() {
    let (world, address) = listening(ApiLimits::default()).await;
    world.registered("1001", true);
    let mut ann = Client::of(address, "1001", "ann").await;
    for (command, words) in [
        (follow("queue_events", "queues", &["8001"]), "queue 8001 cannot be followed by this user"),
        (follow("queue_events", "queues", &["8000", "8001"]), "queue 8001 cannot be followed by this user"),
        (
            follow("extension_events", "extensions", &["1002"]),
            "extension 1002 cannot be followed by this user",
        ),
        (
            json!({"command": "subscribe", "topics": ["cdr_events"]}),
            "cdr_events cannot be followed by this user",
        ),
        (json!({"command": "auth"}), "logged in already"),
    ] {
        let answer = ann.ask(&command).await;
        assert_eq!((&answer["status"], &answer["error"]), (&json!(-1), &json!(words)), "{command}");
    }
    assert_eq!(ann.ask(&json!({"command": "dance"})).await["status"], -1);
    assert_eq!(ann.ask(&follow("queue_events", "queues", &["8000"])).await["status"], 0);
    assert_eq!(ann.read().await["queue_name"], "Support");
    // What she does not follow any more is not told: the next thing is what she follows anew.
    let over = json!({"command": "unsubscribe", "topics": ["queue_events"], "queues": ["8000"]});
    assert_eq!(ann.ask(&over).await["status"], 0);
    world.arrives(2);
    ann.ask(&follow("extension_events", "extensions", &["1001"])).await;
    let status = ann.read().await;
    assert_eq!(
        (&status["status"][0]["online"], &status["status"][0]["extension"]),
        (&json!(true), &json!("sip:1001@acme.test"))
    );
}

#[tokio::test]
async fn nobody_is_told_anything_before_a_login() {
    let (_world, address) = listening(ApiLimits::default()).await;
    let mut socket = Client(open(address, None).await.unwrap());
    let early = socket.ask(&follow("queue_events", "queues", &["8000"])).await;
    assert_eq!(
        early,
        json!({"command": "subscribe", "id": "1", "status": -1, "error": "log in with `auth` first"})
    );
    let wrong =
        json!({"command": "auth", "extension_number": "1001", "password": "x", "domain": "acme.test"});
    let refused = socket.ask(&wrong).await;
    assert_eq!(refused["error"], "username, extension, domain or password error");
    socket.ask(&wrong).await;
    assert_eq!(socket.close_code().await, 1008, "the third thing that is no login is the last");
    let Err(tungstenite::Error::Http(response)) = open(address, Some("http://evil.test")).await else {
        panic!()
    };
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn sockets_are_bounded_and_end_with_their_login() {
    let limits = ApiLimits {
        sockets_per_login_max: 1,
        ping_interval: Duration::from_millis(20),
        ..ApiLimits::default()
    };
    let (world, address) = listening(limits).await;
    let mut ann = Client::of(address, "1001", "ann").await;
    let mut second = Client(open(address, None).await.unwrap());
    let again = json!({"command": "auth", "extension_number": "1001", "password": "ann-password", "domain": "acme.test"});
    assert_eq!(second.ask(&again).await["status"], 0);
    assert_eq!(second.close_code().await, 1013);
    Client::of(address, "1002", "bob").await;
    // Every token of hers is given back.
    for number in 0..20 {
        world.post("/v1/auth/logout", &format!("token-{number}"), "").await;
    }
    assert_eq!(ann.close_code().await, 1008);
}
