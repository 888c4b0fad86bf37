//! A receiver of webhooks that answers as a test wants, and keeps what it was sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use outbound::sign::SigningSecret;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{SECRET, until};

/// What it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Status(u16),
    /// Nothing, ever.
    Hang,
}

/// What it was sent.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) headers: BTreeMap<String, String>,
    pub(super) text: String,
    pub(super) body: Value,
}

impl Seen {
    pub(super) fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    /// `device_changed 1001 true`.
    pub(super) fn said(&self) -> String {
        let data = &self.body["data"];
        let on = data["registered"].as_bool();
        let phone = data["extension"].as_str().unwrap_or_default();
        let kind = self.body["type"].as_str().expect("a type");
        [kind.to_owned(), phone.to_owned(), on.map(|on| on.to_string()).unwrap_or_default()]
            .join(" ")
            .trim()
            .into()
    }

    /// Whether it is signed with the secret of these tests, over exactly what came.
    pub(super) fn is_signed(&self) -> bool {
        let secret = SigningSecret::parse(SECRET).expect("a secret");
        let second = self.headers["webhook-timestamp"].parse().expect("seconds");
        self.headers["webhook-signature"] == secret.sign(self.id(), second, self.text.as_bytes())
    }
}

type Rule = Box<dyn Fn(&Seen) -> Reply + Send + Sync>;

#[derive(Clone)]
pub(super) struct Receiver {
    pub(super) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    rule: Arc<Mutex<Rule>>,
}

impl Receiver {
    /// One that answers by a rule.
    pub(super) async fn start(rule: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let rule: Rule = Box::new(rule);
        let receiver = Self { url, seen: Arc::default(), rule: Arc::new(Mutex::new(rule)) };
        let serving = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let receiver = serving.clone();
                // Who hangs up has sent nothing.
                tokio::spawn(async move { receiver.serve(stream).await.ok() });
            }
        });
        receiver
    }

    /// One that takes everything.
    pub(super) async fn good() -> Self {
        Self::start(|_| Reply::Status(200)).await
    }

    /// From now on it answers by another rule.
    pub(super) fn answer(&self, rule: impl Fn(&Seen) -> Reply + Send + Sync + 'static) {
        *self.rule.lock().expect("a lock") = Box::new(rule);
    }

    /// As `url` of a webhook.
    pub(super) fn field(&self) -> String {
        format!("url: \"{}\"", self.url)
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("a lock").clone()
    }

    pub(super) fn said(&self) -> Vec<String> {
        self.seen().iter().map(Seen::said).collect()
    }

    /// Waits for so many requests.
    pub(super) async fn until(&self, count: usize) -> Vec<Seen> {
        until(&format!("request {count}"), async || Some(self.seen()).filter(|seen| seen.len() >= count))
            .await
    }

    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 || line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.trim_end().split_once(": ") {
                headers.insert(name.to_ascii_lowercase(), value.to_owned());
            }
        }
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        let text = String::from_utf8(body).expect("text");
        let body = serde_json::from_str(&text).expect("JSON");
        let seen = Seen { headers, text, body };
        let reply = {
            let rule = self.rule.lock().expect("a lock");
            self.seen.lock().expect("a lock").push(seen.clone());
            rule(&seen)
        };
        match reply {
            Reply::Hang => std::future::pending().await,
            Reply::Status(status) => {
                let answer =
                    format!("HTTP/1.1 {status} X\r\nContent-Length: 4\r\nConnection: close\r\n\r\nsaid");
                stream.get_mut().write_all(answer.as_bytes()).await
            }
        }
    }
}
