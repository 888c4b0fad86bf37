//! Services that hang, lead astray, flood, answer nonsense, and answer well.

use std::time::Duration;

use model::CallId;
use outbound::network::Network;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// A service that answers everything with this, or never.
async fn service(answer: Option<String>) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/who?key=secret", listener.local_addr().expect("an address"));
    let (asked, requests) = mpsc::channel(100);
    tokio::spawn(async move {
        let mut silent = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4_096];
            let count = stream.read(&mut request).await.unwrap_or(0);
            asked.send(String::from_utf8_lossy(&request[..count]).into_owned()).await.ok();
            match &answer {
                Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap_or_default(),
                None => silent.push(stream),
            }
        }
    });
    (url, requests)
}

fn answer(body: &str) -> Option<String> {
    Some(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

struct World {
    _folder: tempfile::TempDir,
    asks: mpsc::Sender<ServiceAsk>,
    answers: mpsc::Receiver<ServiceAnswer>,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a store");
        let allowed = vec![Network::parse("127.0.0.0/8").expect("a network")];
        let client = Client::new(allowed).expect("a client");
        let (asks, asked) = mpsc::channel(100);
        let (answering, answers) = mpsc::channel(100);
        tokio::spawn(run(Services { client, store, clock: Clock::start() }, asked, answering));
        Self { _folder: folder, asks, answers }
    }

    async fn ask(&self, number: u32, url: &str, timeout: Duration) {
        let ask = ServiceAsk {
            tenant: TenantId(1),
            call: CallId(7),
            number,
            url: url.into(),
            send: vec![("pin".into(), "4711".into()), ("quote".into(), "\"\\\n".into())],
            take: ["vip", "score", "note"].map(str::to_owned).to_vec(),
            timeout,
        };
        self.asks.send(ask).await.expect("the task lives");
    }

    async fn answer_of(&mut self, said: Option<String>) -> Option<Vec<(String, String)>> {
        let (url, _requests) = service(said).await;
        self.ask(1, &url, Duration::from_secs(5)).await;
        self.answers.recv().await.expect("an answer").answer
    }
}

#[tokio::test]
async fn what_a_flow_sends_goes_out_and_what_it_takes_comes_back() {
    let mut world = World::new().await;
    let (url, mut requests) =
        service(answer(r#"{"vip": true, "score": 4.5, "note": "a\nb", "more": []}"#)).await;
    world.ask(1, &url, Duration::from_secs(5)).await;
    let answer = world.answers.recv().await.unwrap();
    assert_eq!((answer.call, answer.number), (CallId(7), 1));
    let taken = [("vip", "true"), ("score", "4.5"), ("note", "a b")];
    assert_eq!(answer.answer, Some(taken.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()));
    let request = requests.recv().await.unwrap();
    assert!(request.contains("webhook-id: call-7-1\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n{\"pin\":\"4711\",\"quote\":\"\\\"\\\\\\n\"}"), "{request}");
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_is_a_failure() {
    let mut world = World::new().await;
    let mega = format!("{{\"vip\": \"{}\"}}", "x".repeat(1_000_000));
    let long = format!("{{\"vip\": \"{}\"}}", "x".repeat(VALUE_MAX + 1));
    let deep = "[".repeat(60_000);
    for body in ["", "null", "[]", "\"vip\"", "{", "{\"vip\": {}}", "{\"vip\": [1]}", &mega, &long, &deep] {
        assert_eq!(world.answer_of(answer(body)).await, None, "{}", &body[..body.len().min(40)]);
    }
    assert_eq!(world.answer_of(answer("{\"vip\": null}")).await, Some(Vec::new()));
    let inside = "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(world.answer_of(Some(inside.into())).await, None);
}

#[tokio::test]
async fn services_that_hang_hold_nobody_but_their_own_callers() {
    let mut world = World::new().await;
    let (hangs, _asked) = service(None).await;
    let (answers, _asked) = service(answer("{\"vip\": \"yes\"}")).await;
    for number in 0..10 {
        world.ask(number, &hangs, Duration::from_secs(600)).await;
    }
    world.ask(10, &answers, Duration::from_secs(30)).await;
    let answer = world.answers.recv().await.unwrap();
    assert_eq!(answer.number, 10);
    assert_eq!(answer.answer, Some(vec![("vip".into(), "yes".into())]));
    world.ask(11, &hangs, Duration::from_millis(50)).await;
    let answer = world.answers.recv().await.unwrap();
    assert_eq!((answer.number, answer.answer), (11, None), "it is given up in its time");
}

#[tokio::test]
async fn more_requests_of_a_domain_than_at_once_wait_no_longer_than_their_time() {
    let mut world = World::new().await;
    let (hangs, _asked) = service(None).await;
    let at_once = u32::try_from(AT_ONCE_MAX).unwrap();
    for number in 0..at_once {
        world.ask(number, &hangs, Duration::from_secs(600)).await;
    }
    world.ask(at_once, &hangs, Duration::from_millis(50)).await;
    let answer = world.answers.recv().await.unwrap();
    assert_eq!((answer.number, answer.answer), (at_once, None));
}

#[test]
fn a_log_names_the_host_and_no_more() {
    assert_eq!(host_of("https://hooks.acme.test:8443/a?key=secret"), "hooks.acme.test:8443");
    assert_eq!(host_of("nonsense\r\nx"), "nonsense x");
}
