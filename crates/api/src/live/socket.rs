//! `GET /v1/domains/{domain}/events`: one socket, from its opening to its end.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::response::Response;
use model::TenantId;
use serde::{Deserialize, Serialize};
use switch::{AskError, Subscription};
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};
use utoipa::IntoParams;

use super::message::snapshot_text;
use super::seats::Seat;
use crate::auth::{Access, SocketAccess, still_good};
use crate::metric;
use crate::path::Params;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::time::Time;

/// The subprotocol of these messages, for clients that offer one.
const PROTOCOL: &str = "cordboard.v1";

/// Most bytes of a message from the client; it has little to say.
const CLIENT_MESSAGE_BYTES_MAX: usize = 4 * 1024;

/// How often the switch is asked again for a subscription when it is busy, and how long between.
const SUBSCRIBE_TRIES: u32 = 20;
const SUBSCRIBE_PAUSE: Duration = Duration::from_millis(100);

/// Where to begin. Other parameters are ignored: browsers' tools add their own.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsParams {
    /// The last event seen: those after it follow without a snapshot, if all of them are still kept.
    since: Option<u64>,
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
/// `access_token` in the query. The server pings; it closes a silent socket, and one whose login has ended
/// (code 1008). A client may send `{"type":"ping"}` and gets `{"type":"pong","at":…}`, which has no `seq`.
/// All messages: `events.v1.json`.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/events", tag = "events", operation_id = "events",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        EventsParams,
    ),
    responses((status = 101, description = "The socket is open")),
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
    let upgrade = upgrade.map_err(|_| Problem::plain(ProblemKind::UpgradeRequired))?;
    if !own_page(&headers) {
        return Err(Problem::plain(ProblemKind::OriginRefused));
    }
    let seat = app.seats.take(&seat_name(&access))?;
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .max_message_size(CLIENT_MESSAGE_BYTES_MAX)
        .max_frame_size(CLIENT_MESSAGE_BYTES_MAX);
    Ok(upgrade.on_upgrade(move |socket| Line::new(socket, app, access, seat).run(params.since)))
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
    format!("{} {:?}", access.tenant(), access.identity().agent)
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

/// Why a socket ends: its close code and a word. None: the other side is gone already.
pub(crate) type End = Option<(u16, &'static str)>;

pub(crate) const LOGIN_ENDED: End = Some((close_code::POLICY, "the login has ended"));

/// One open socket.
struct Line {
    socket: WebSocket,
    app: App,
    access: Access,
    heard_at: Instant,
    last: Option<u64>,
    _seat: Seat,
}

impl Line {
    fn new(socket: WebSocket, app: App, access: Access, seat: Seat) -> Self {
        Self { socket, app, access, heard_at: Instant::now(), last: None, _seat: seat }
    }

    async fn run(mut self, since: Option<u64>) {
        self.last = since;
        let mut ticks = interval(self.app.limits.ping_interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick is due at once; there is nothing to ask yet.
        ticks.tick().await;
        let end = loop {
            if let ControlFlow::Break(end) = self.follow(&mut ticks).await {
                break end;
            }
            metric::lagged();
        };
        if let Some((code, reason)) = end {
            let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
            // It may be gone by now, and then there is nobody to tell.
            let _gone = self.send(Message::Close(Some(frame))).await;
        }
    }

    /// One subscription: from its snapshot, or from the last event sent, until it ends. A subscription whose
    /// reader was too slow ends by itself, and another one goes on where it stopped.
    async fn follow(&mut self, ticks: &mut Interval) -> ControlFlow<End> {
        let Subscription { snapshot, missed, mut events } =
            match subscribe(&self.app, self.access.tenant(), self.last).await {
                Ok(subscription) => subscription,
                Err(end) => return ControlFlow::Break(end),
            };
        if let Some(snapshot) = snapshot {
            self.last = Some(snapshot.seq);
            self.send(Message::Text(snapshot_text(&snapshot).into())).await?;
        }
        for published in missed {
            self.tell(&published).await?;
        }
        let until = self.access.login().grant.expires_at;
        let login_ends = tokio::time::sleep_until(self.app.clock.instant(until).into());
        tokio::pin!(login_ends);
        loop {
            tokio::select! {
                published = events.recv() => match published {
                    Some(published) => self.tell(&published).await?,
                    None => return ControlFlow::Continue(()),
                },
                said = self.socket.recv() => self.hear(said).await?,
                _ = ticks.tick() => self.check().await?,
                () = &mut login_ends => return ControlFlow::Break(LOGIN_ENDED),
            }
        }
    }

    async fn tell(&mut self, published: &switch::Published) -> ControlFlow<End> {
        self.last = Some(published.seq);
        let text = self.app.rendered.of(self.access.tenant(), published);
        metric::message();
        self.send(Message::Text(text)).await
    }

    async fn hear(&mut self, said: Option<Result<Message, axum::Error>>) -> ControlFlow<End> {
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

    async fn check(&mut self) -> ControlFlow<End> {
        if self.heard_at.elapsed() > self.app.limits.silence_max {
            return ControlFlow::Break(Some((close_code::AWAY, "nothing was heard of you")));
        }
        if !still_good(&self.app, self.access.login()).await {
            return ControlFlow::Break(LOGIN_ENDED);
        }
        self.send(Message::Ping(axum::body::Bytes::new())).await
    }

    async fn send(&mut self, message: Message) -> ControlFlow<End> {
        match timeout(self.app.limits.send_timeout, self.socket.send(message)).await {
            Ok(Ok(())) => ControlFlow::Continue(()),
            // Gone, or it takes nothing any more: there is nobody to say a reason to.
            Ok(Err(_)) | Err(_) => ControlFlow::Break(None),
        }
    }
}

/// Everything live in a domain, from now on or from after `since`.
pub(crate) async fn subscribe(app: &App, tenant: TenantId, since: Option<u64>) -> Result<Subscription, End> {
    for _ in 0..SUBSCRIBE_TRIES {
        match app.switch.subscribe(tenant, since).await {
            Ok(subscription) => return Ok(subscription),
            Err(AskError::Busy) => tokio::time::sleep(SUBSCRIBE_PAUSE).await,
            Err(AskError::Stopped) => return Err(Some((close_code::RESTART, "the server is stopping"))),
            Err(AskError::UnknownDomain) => return Err(Some((close_code::POLICY, "the domain is gone"))),
        }
    }
    Err(Some((close_code::AGAIN, "too much to do")))
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
