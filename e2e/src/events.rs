//! The event socket, and what a client makes of it: a first snapshot and everything told since.

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};

use crate::Api;

/// The three lists of a snapshot, each with the field that names one of its things.
const LISTS: [(&str, &str); 3] = [("agents", "extension"), ("queues", "number"), ("calls", "id")];

/// Everything a snapshot holds, by list and by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    lists: BTreeMap<&'static str, BTreeMap<String, Value>>,
}

impl State {
    /// Reads the `state` of a snapshot.
    #[must_use]
    pub fn of_snapshot(snapshot: &Value) -> Self {
        let mut state = Self::default();
        state.fold(&snapshot["state"]);
        state
    }

    /// Takes in what a message carries: whole things that replace those of the same name, and calls that are over.
    pub fn fold(&mut self, message: &Value) {
        // Provisioning has changed: what is not in this message is gone.
        if message["whole"] == true {
            self.lists.clear();
        }
        for (list, key) in LISTS {
            let things = self.lists.entry(list).or_default();
            for thing in message[list].as_array().into_iter().flatten() {
                things.insert(name(&thing[key]), thing.clone());
            }
        }
        for ended in message["calls_ended"].as_array().into_iter().flatten() {
            self.lists.entry("calls").or_default().remove(&name(ended));
        }
    }

    /// How many things a list holds.
    #[must_use]
    pub fn count(&self, list: &str) -> usize {
        self.lists.get(list).map_or(0, BTreeMap::len)
    }

    /// The names of a list's things.
    #[must_use]
    pub fn names(&self, list: &str) -> Vec<String> {
        self.lists.get(list).map(|things| things.keys().cloned().collect()).unwrap_or_default()
    }

    /// One thing of a list.
    #[must_use]
    pub fn thing(&self, list: &str, name: &str) -> Option<&Value> {
        self.lists.get(list)?.get(name)
    }

    /// What differs, one line each, for a message a person can act on.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (list, _) in LISTS {
            let empty = BTreeMap::new();
            let (ours, theirs) =
                (self.lists.get(list).unwrap_or(&empty), other.lists.get(list).unwrap_or(&empty));
            for key in ours.keys().chain(theirs.keys().filter(|key| !ours.contains_key(*key))) {
                let (our, their) = (ours.get(key), theirs.get(key));
                if our != their {
                    let show = |thing: Option<&Value>| thing.map_or("nothing".to_owned(), Value::to_string);
                    found.push(format!("{list} {key}: {} != {}", show(our), show(their)));
                }
            }
        }
        found
    }
}

/// An id may be a number or a text.
fn name(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A connection to the event socket.
pub struct Events {
    socket: WebSocket<TcpStream>,
    /// The first message.
    pub snapshot: Value,
    /// The snapshot with every message folded in.
    pub state: State,
    /// The sequence number of the last message.
    pub seq: u64,
}

impl Events {
    /// Connects to the server at `address` as `api` and takes the snapshot.
    ///
    /// # Errors
    /// When the socket is refused, or its first message is no snapshot.
    pub fn connect(address: &str, api: &Api) -> anyhow::Result<Self> {
        let socket = connect(address, api, "")?;
        let mut events = Self { socket, snapshot: Value::Null, state: State::default(), seq: 0 };
        let snapshot = events.read(Duration::from_secs(10))?.context("no snapshot")?;
        if snapshot["type"] != "snapshot" {
            bail!("the first message is no snapshot: {snapshot}");
        }
        events.seq = snapshot["seq"].as_u64().context("a snapshot without seq")?;
        events.state = State::of_snapshot(&snapshot);
        events.snapshot = snapshot;
        Ok(events)
    }

    /// Connects again where the last connection broke off: what has happened since comes first.
    ///
    /// # Errors
    /// When the socket is refused.
    pub fn resume(self, address: &str, api: &Api) -> anyhow::Result<Self> {
        let socket = connect(address, api, &format!("?since={}", self.seq))?;
        Ok(Self { socket, ..self })
    }

    /// The next message, folded in, its number checked; nothing when none comes in time.
    ///
    /// # Errors
    /// When the socket breaks, or a number is missing or comes twice.
    pub fn next(&mut self, timeout: Duration) -> anyhow::Result<Option<Value>> {
        let Some(message) = self.read(timeout)? else { return Ok(None) };
        let seq = message["seq"].as_u64().with_context(|| format!("no seq in {message}"))?;
        if seq != self.seq + 1 {
            bail!("after {} came {seq}", self.seq);
        }
        self.seq = seq;
        self.state.fold(&message);
        Ok(Some(message))
    }

    /// Folds messages until one fits.
    ///
    /// # Errors
    /// When none does in time.
    pub fn wait(
        &mut self,
        what: &str,
        timeout: Duration,
        fits: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let end = Instant::now() + timeout;
        let mut seen = Vec::new();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.next(left)? {
                Some(message) if fits(&message) => return Ok(message),
                Some(message) => seen.push(message["type"].to_string()),
                None => bail!("waited {timeout:?} for the event: {what}; came: {}", seen.join(" ")),
            }
        }
    }

    /// Folds everything up to the message with this number.
    ///
    /// # Errors
    /// When it does not come in time.
    pub fn follow_to(&mut self, seq: u64, timeout: Duration) -> anyhow::Result<()> {
        let end = Instant::now() + timeout;
        while self.seq < seq {
            let left = end.saturating_duration_since(Instant::now());
            if self.next(left)?.is_none() {
                bail!("at {} after {timeout:?}, wanted {seq}", self.seq);
            }
        }
        Ok(())
    }

    fn read(&mut self, timeout: Duration) -> anyhow::Result<Option<Value>> {
        let end = Instant::now() + timeout;
        loop {
            let left = end.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            self.socket.get_ref().set_read_timeout(Some(left))?;
            match self.socket.read() {
                Ok(Message::Text(text)) => return Ok(Some(serde_json::from_str(&text)?)),
                Ok(Message::Close(frame)) => bail!("the server closed the event socket: {frame:?}"),
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if is_timeout(&error) => {}
                Err(error) => return Err(error).context("the event socket"),
            }
            if Instant::now() >= end {
                return Ok(None);
            }
        }
    }
}

fn connect(address: &str, api: &Api, query: &str) -> anyhow::Result<WebSocket<TcpStream>> {
    event_socket(address, api.token().context("the event socket wants a token")?, query)
}

/// The bare socket of a login, for who reads it in a way of his own.
///
/// # Errors
/// When the server refuses it.
pub fn event_socket(address: &str, token: &str, query: &str) -> anyhow::Result<WebSocket<TcpStream>> {
    let mut request = format!("ws://{address}/v1/domains/~/events{query}").into_client_request()?;
    request.headers_mut().insert("Authorization", format!("Bearer {token}").parse()?);
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let (socket, _) = tungstenite::client(request, stream).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(socket)
}

pub(crate) fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn messages_replace_whole_things_and_end_calls() {
        let snapshot = json!({"state": {"agents": [{"extension": "1001", "state": "READY"}], "queues": [], "calls": [{"id": "7"}]}});
        let mut state = State::of_snapshot(&snapshot);
        state.fold(&json!({"agents": [{"extension": "1001", "state": "RINGING"}], "calls_ended": ["7"]}));
        let expected = json!({"state": {"agents": [{"extension": "1001", "state": "RINGING"}]}});
        assert_eq!(state.differences(&State::of_snapshot(&expected)), Vec::<String>::new());
        assert_eq!(state.count("calls"), 0);
    }

    #[test]
    fn a_difference_names_the_thing() {
        let one = State::of_snapshot(&json!({"state": {"calls": [{"id": 7, "state": "waiting"}]}}));
        let other = State::of_snapshot(&json!({"state": {"calls": []}}));
        assert_eq!(one.differences(&other), ["calls 7: {\"id\":7,\"state\":\"waiting\"} != nothing"]);
    }
}
