//! `GET /v1/domains/{domain}/events`: one socket, from its opening to its end; or a stream of the same.

use std::ops::ControlFlow;
use std::time::Instant;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::response::Response;
use futures_util::SinkExt as _;
use serde::{Deserialize, Serialize};
use tokio::time::{MissedTickBehavior, interval, timeout};
use utoipa::IntoParams;

use super::feed::{End, Feed, Told};
use super::filter::{Filter, Part};
use super::seats::Seat;
use super::stream;
use crate::auth::{Access, SocketAccess};
use crate::path::Params;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::time::Time;

/// The subprotocol of these messages, for clients that offer one.
const PROTOCOL: &str = "cordboard.v1";

/// Most messages that go out together; between them others have their turn.
const BATCH_MAX: usize = 64;

/// Most bytes of a message from the client; it has little to say.
const CLIENT_MESSAGE_BYTES_MAX: usize = 4 * 1024;

/// Where to begin. Other parameters are ignored: browsers' tools add their own.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsParams {
    /// The last event seen: those after it follow without a snapshot, if all of them are still kept.
    since: Option<u64>,
    /// Only what is about these, with commas between them: `calls`, `queues`, `agents`, `phones`, `mailboxes`,
    /// `domain`.
    #[param(example = "queues,calls")]
    topics: Option<String>,
    /// Only what is about these queues: numbers with commas between them.
    #[param(example = "8000,8001")]
    queues: Option<String>,
    /// Only what is about these agents: extensions with commas between them.
    #[param(example = "1001")]
    agents: Option<String>,
    /// The token, for clients that can set no header. Prefer the header: addresses end up in logs.
    #[expect(dead_code, reason = "read before the handler; here for the document")]
    access_token: Option<String>,
}

/// Follows everything live
///
/// A WebSocket. The first message is `{"type":"snapshot","seq":N,"at":…,"state":{"agents":[…],"queues":[…],
/// "calls":[…]}}`; then one message per event, `seq` without gaps, each with its own fields and, as `agents`,
/// `queues` and `calls`, the whole objects that it changed. Replacing them by their key (`extension` of an agent,
/// or her `id` where that is null; `number`; `id`), removing `calls_ended`, and starting over where `whole` is
/// true gives at every moment what a new snapshot would. With `since` the events after that number come without
/// a snapshot, if they are still kept; a reader that was too slow gets either those or a new snapshot.
///
/// The token comes in the header, as a subprotocol `bearer.<token>` (offer `cordboard.v1` with it), or as
/// `access_token` in the query.
///
/// With `topics`, `queues` or `agents` only a part of it comes, as it does to supervisors of groups: numbers are then
/// left out, an event of which only the objects are wanted is called `updated`, calls that are no more within the part
/// are in `calls_ended` as if they had ended, and `{"type":"progress","seq":N,"at":…}` says now and then that all up to
/// `N` is behind. A part begins with a snapshot each time, also with `since`.
///
/// To a request with `Accept: text/event-stream` and no upgrade the same messages come as Server-Sent Events, each
/// with its number as `id`; `Last-Event-ID` stands for `since`. The last event of a stream, `end`, says why.
///
/// The server pings; it closes a silent socket, and one whose login has ended
/// (code 1008). A client may send `{"type":"ping"}` and gets `{"type":"pong","at":…}`, which has no `seq`.
/// The snapshot and the events: `events.v1.json`.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/events", tag = "events", operation_id = "events",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        EventsParams,
    ),
    responses(
        (status = 101, description = "The socket is open"),
        (status = 200, description = "The stream is open", content_type = "text/event-stream", body = String),
    ),
    security(("bearer" = []), ("access_token" = []), ("bearer_protocol" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-problems" = json!(["upgrade_required", "origin_refused", "too_many_sockets", "invalid_parameter"]))
    )
)]
pub(crate) async fn events(
    State(app): State<App>,
    SocketAccess(access): SocketAccess,
    headers: HeaderMap,
    Params(params): Params<EventsParams>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = match upgrade {
        Ok(upgrade) => Some(upgrade),
        Err(_) if stream::is_wanted(&headers) => None,
        Err(_) => return Err(Problem::plain(ProblemKind::UpgradeRequired)),
    };
    if !own_page(&headers) {
        return Err(Problem::plain(ProblemKind::OriginRefused));
    }
    let EventsParams { since, topics, queues, agents, access_token: _ } = params;
    let filter = Filter::read(topics.as_deref(), queues.as_deref(), agents.as_deref())?;
    let part = Part::new(filter, access.identity().clone());
    let limits = app.budgets.limits(&app.switch, access.tenant()).await;
    let seat = app.seats.take_in(&seat_name(&access), (access.tenant(), &limits))?;
    let Some(upgrade) = upgrade else {
        let feed = Feed::new(app.clone(), access, part, stream::last_event(&headers).or(since));
        return Ok(stream::respond(feed, seat, app.limits.ping_interval));
    };
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .max_message_size(CLIENT_MESSAGE_BYTES_MAX)
        .max_frame_size(CLIENT_MESSAGE_BYTES_MAX);
    let feed = Feed::new(app.clone(), access, part, since);
    Ok(upgrade.on_upgrade(move |socket| Line::new(socket, app, feed, seat).run()))
}

/// A browser says which page opens the socket: it must be one of this server's. Others say nothing.
pub(crate) fn own_page(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_ascii_lowercase();
    let host = headers.get(HOST).map(text).unwrap_or_default();
    let origin = text(origin);
    let of = origin.split_once("://").map(|(_, host)| host);
    !host.is_empty() && of == Some(host.as_str())
}

fn seat_name(access: &Access) -> String {
    format!("{} {:?}", access.tenant(), access.identity().actor())
}

/// What a client may send.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Said {
    Ping,
}

/// The answer to a client's ping: how fresh everything is.
#[derive(Serialize)]
struct Pong {
    #[serde(rename = "type")]
    kind: &'static str,
    at: Time,
}

/// What a client of a part is told now and then: all up to here is behind.
#[derive(Serialize)]
struct Progress {
    #[serde(rename = "type")]
    kind: &'static str,
    seq: u64,
    at: Time,
}

/// Why a socket ends: its close code and a word. None: the other side is gone already.
pub(crate) type Close = Option<(u16, &'static str)>;

/// Its login is over.
pub(crate) const LOGIN_ENDED: Close = Some((close_code::POLICY, End::Login.reason()));

/// What a socket says at its end.
pub(crate) fn close(end: End) -> Close {
    let code = match end {
        End::Login | End::Domain => close_code::POLICY,
        End::Stopping => close_code::RESTART,
        End::Busy => close_code::AGAIN,
    };
    Some((code, end.reason()))
}

/// There is nobody to say a reason to.
fn gone(_: axum::Error) -> Close {
    None
}

/// One open socket.
struct Line {
    socket: WebSocket,
    app: App,
    feed: Feed,
    heard_at: Instant,
    /// The last number that the client knows of.
    known: Option<u64>,
    _seat: Seat,
}

impl Line {
    fn new(socket: WebSocket, app: App, feed: Feed, seat: Seat) -> Self {
        Self { socket, app, feed, heard_at: Instant::now(), known: None, _seat: seat }
    }

    async fn run(mut self) {
        let mut ticks = interval(self.app.limits.ping_interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick is due at once; there is nothing to ask yet.
        ticks.tick().await;
        let end = loop {
            let step = tokio::select! {
                told = self.feed.next() => self.tell(told).await,
                said = self.socket.recv() => self.hear(said).await,
                _ = ticks.tick() => self.check().await,
            };
            if let ControlFlow::Break(end) = step {
                break end;
            }
        };
        if let Some((code, reason)) = end {
            let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
            // It may be gone by now, and then there is nobody to tell.
            let _gone = self.send(Message::Close(Some(frame))).await;
        }
    }

    /// Sends a message, and with it all that are there by now: what happens at once goes out at once.
    async fn tell(&mut self, told: Result<Told, End>) -> ControlFlow<Close> {
        let Self { socket, feed, known, app, .. } = self;
        let sending = async {
            let (mut next, mut room) = (Some(told), BATCH_MAX);
            while let Some(told) = next {
                match told {
                    Ok(Told { seq, text }) => {
                        *known = Some(seq);
                        socket.feed(Message::Text(text)).await.map_err(gone)?;
                    }
                    Err(end) => {
                        socket.flush().await.map_err(gone)?;
                        return Err(close(end));
                    }
                }
                room -= 1;
                // What is taken from the feed is sent; so nothing is taken without room for it.
                next = if room > 0 { feed.ready() } else { None };
            }
            socket.flush().await.map_err(gone)
        };
        match timeout(app.limits.send_timeout, sending).await {
            Ok(Ok(())) => ControlFlow::Continue(()),
            Ok(Err(close)) => ControlFlow::Break(close),
            // It takes nothing any more: there is nobody to say a reason to.
            Err(_) => ControlFlow::Break(None),
        }
    }

    async fn hear(&mut self, said: Option<Result<Message, axum::Error>>) -> ControlFlow<Close> {
        let Some(Ok(message)) = said else { return ControlFlow::Break(None) };
        self.heard_at = Instant::now();
        match message {
            Message::Close(_) => ControlFlow::Break(None),
            Message::Text(text) if matches!(serde_json::from_str(&text), Ok(Said::Ping)) => {
                let pong = Pong { kind: "pong", at: self.app.clock.now().into() };
                let text = serde_json::to_string(&pong).unwrap_or_default();
                self.send(Message::Text(text.into())).await
            }
            // Whatever else a client says has no meaning here; pings are answered below us.
            Message::Text(_) | Message::Binary(_) | Message::Ping(_) | Message::Pong(_) => {
                ControlFlow::Continue(())
            }
        }
    }

    async fn check(&mut self) -> ControlFlow<Close> {
        if self.heard_at.elapsed() > self.app.limits.silence_max {
            return ControlFlow::Break(Some((close_code::AWAY, "nothing was heard of you")));
        }
        if !self.feed.is_welcome().await {
            return ControlFlow::Break(LOGIN_ENDED);
        }
        // Of what a filter leaves out a client hears nothing; it can go on from there all the same.
        if let Some(seq) = self.feed.seq().filter(|seq| self.known.is_some_and(|known| known < *seq)) {
            self.known = Some(seq);
            let progress = Progress { kind: "progress", seq, at: self.app.clock.now().into() };
            let text = serde_json::to_string(&progress).unwrap_or_default();
            self.send(Message::Text(text.into())).await?;
        }
        self.send(Message::Ping(axum::body::Bytes::new())).await
    }

    async fn send(&mut self, message: Message) -> ControlFlow<Close> {
        match timeout(self.app.limits.send_timeout, self.socket.send(message)).await {
            Ok(Ok(())) => ControlFlow::Continue(()),
            // Gone, or it takes nothing any more: there is nobody to say a reason to.
            Ok(Err(_)) | Err(_) => ControlFlow::Break(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_pages_of_this_server_open_the_socket() {
        let with = |origin: &'static str| {
            own_page(&HeaderMap::from_iter([
                (HOST, HeaderValue::from_static("desk.acme.test:8080")),
                (ORIGIN, HeaderValue::from_static(origin)),
            ]))
        };
        assert!(with("https://desk.acme.test:8080"));
        assert!(!with("https://evil.test"));
        assert!(!with("null"));
        assert!(own_page(&HeaderMap::new()));
    }
}
