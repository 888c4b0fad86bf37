//! `/sip`: SIP over WebSocket (RFC 7118) on the HTTP listener. A page with a log-in of the web is its agent's phone;
//! a page with a guest's ticket makes his one call; any other client registers with the phone's secret, as over other
//! transports.

use std::net::SocketAddr;
use std::time::Duration;

use api::problem::{Problem, ProblemKind};
use api::{Guest, Guests, PhoneLogin, Phones};
use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{ConnectInfo, State};
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::get;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use sip::{AssertedIdentity, Connection, Door, Outgoing, TurnedAway};
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};

/// Where it is; the same on every host.
pub(crate) const PATH: &str = "/sip";

/// The subprotocol of SIP (RFC 7118 section 4.1).
const PROTOCOL: &str = "sip";

/// How often a socket is pinged, and its log-in looked at though nothing was heard of it.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A socket on which nothing comes for this long, not even an answer to a ping, is gone.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// How long one message may take to be taken off our hands.
const SEND_TIMEOUT: Duration = Duration::from_secs(20);

/// Why a socket is closed.
const LOGIN_ENDED: (u16, &str) = (close_code::POLICY, "the login has ended");
const SUPERSEDED: (u16, &str) = (close_code::POLICY, "the ticket has opened another socket");
const STOPPING: (u16, &str) = (close_code::RESTART, "closed by the server");
const SILENT: (u16, &str) = (close_code::AWAY, "nothing was heard of you");

/// What every socket needs.
#[derive(Clone)]
pub(crate) struct PhoneSockets {
    pub(crate) door: Door,
    pub(crate) phones: Phones,
    pub(crate) guests: Guests,
    /// Tells when something was provisioned.
    pub(crate) changes: watch::Receiver<u64>,
}

/// The one path.
pub(crate) fn router(sockets: PhoneSockets) -> Router {
    api::enveloped(Router::new().route(PATH, get(open)).with_state(sockets))
}

async fn open(
    State(sockets): State<PhoneSockets>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    parts: Parts,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| {
        Problem::new(
            ProblemKind::UpgradeRequired,
            "here is SIP over WebSocket (RFC 7118): connect with a WebSocket client and the subprotocol `sip`",
        )
    })?;
    let bytes_max = sockets.door.frame_bytes_max();
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(bytes_max).max_frame_size(bytes_max);
    if upgrade.selected_protocol().is_none() {
        return Err(Problem::new(
            ProblemKind::BadRequest,
            "the subprotocol `sip` was not offered: `Sec-WebSocket-Protocol: sip` (RFC 7118 section 4.1)",
        ));
    }
    let by = match sockets.guests.of_request(&parts)? {
        Some(guest) => By::Guest(guest),
        None => sockets.phones.of_request(&parts).await?.map_or(By::Secret, By::Login),
    };
    let connection = sockets.door.open(peer, by.identity()).map_err(|TurnedAway| {
        Problem::new(ProblemKind::Busy, "as many phones are connected as may be, in all or from this address")
            .retry_after(10)
    })?;
    if let By::Guest(guest) = &by {
        guest.enter();
    }
    let changes = sockets.changes;
    Ok(upgrade.on_upgrade(move |socket| run(socket, connection, by, changes)))
}

/// What a socket lives by.
enum By {
    /// A log-in, as long as it holds.
    Login(PhoneLogin),
    /// A guest's ticket, until he opens another socket.
    Guest(Guest),
    /// Nothing of ours: each request proves itself.
    Secret,
}

impl By {
    fn identity(&self) -> Option<AssertedIdentity> {
        match self {
            Self::Login(login) => Some(AssertedIdentity::Phone {
                domain: login.domain().to_owned(),
                user: login.extension().to_owned(),
            }),
            Self::Guest(guest) => Some(AssertedIdentity::Guest {
                domain: guest.domain().to_owned(),
                calls: guest.extension().to_owned(),
                name: guest.name().to_owned(),
                call: guest.called().into(),
            }),
            Self::Secret => None,
        }
    }

    /// Waits until it is over, and says so.
    async fn over(&mut self, changes: watch::Receiver<u64>) -> (u16, &'static str) {
        match self {
            Self::Login(login) => {
                login_over(login, changes).await;
                LOGIN_ENDED
            }
            Self::Guest(guest) => {
                guest.superseded().await;
                SUPERSEDED
            }
            Self::Secret => std::future::pending().await,
        }
    }
}

/// One socket, from its opening to its end.
async fn run(socket: WebSocket, connection: Connection, mut by: By, changes: watch::Receiver<u64>) {
    let Connection { frames, mut outgoing } = connection;
    let (mut sink, stream) = socket.split();
    let end = tokio::select! {
        end = read(stream, frames) => end,
        end = write(&mut sink, &mut outgoing) => end,
        (code, reason) = by.over(changes) => End::Told(code, reason),
    };
    if end == End::Left
        && let By::Guest(guest) = &by
    {
        guest.leave();
    }
    if let End::Told(code, reason) = end {
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        // It may be gone by now, and then there is nobody to tell.
        let _gone = timeout(SEND_TIMEOUT, sink.send(Message::Close(Some(frame)))).await;
    }
}

/// How a socket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// By us; the peer is told why.
    Told(u16, &'static str),
    /// The peer has said that it is done.
    Left,
    /// The peer is gone, and may come back.
    Lost,
}

/// A page that is done says so (RFC 6455 7.4.1); any other end may be the network's.
fn left(frame: Option<&CloseFrame>) -> End {
    let done = frame.is_some_and(|frame| matches!(frame.code, close_code::NORMAL | close_code::AWAY));
    if done { End::Left } else { End::Lost }
}

const fn told((code, reason): (u16, &'static str)) -> End {
    End::Told(code, reason)
}

/// Hands on what comes, no faster than it is taken.
async fn read(mut stream: SplitStream<WebSocket>, frames: mpsc::Sender<Bytes>) -> End {
    loop {
        let Ok(next) = timeout(SILENCE_MAX, stream.next()).await else { return told(SILENT) };
        let Some(Ok(message)) = next else { return End::Lost };
        let frame = match message {
            Message::Text(text) => text.into(),
            Message::Binary(bytes) => bytes,
            // Answered below us.
            Message::Ping(_) | Message::Pong(_) => continue,
            Message::Close(frame) => return left(frame.as_ref()),
        };
        if frames.send(frame).await.is_err() {
            return told(STOPPING);
        }
    }
}

/// Writes what is to be sent, and a ping now and then.
async fn write(sink: &mut SplitSink<WebSocket, Message>, outgoing: &mut Outgoing) -> End {
    let mut pings = interval(PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick is due at once.
    pings.tick().await;
    loop {
        let message = tokio::select! {
            message = outgoing.next() => match message {
                Some(bytes) => frame_of(bytes),
                None => return told(STOPPING),
            },
            _ = pings.tick() => Message::Ping(Bytes::new()),
        };
        match timeout(SEND_TIMEOUT, sink.send(message)).await {
            Ok(Ok(())) => {}
            // Gone, or it takes nothing any more: there is nobody to say a reason to.
            Ok(Err(_)) | Err(_) => return End::Lost,
        }
    }
}

/// A message as a frame: of text, which scripts read easily, wherever it is text.
fn frame_of(bytes: Bytes) -> Message {
    match Utf8Bytes::try_from(bytes.clone()) {
        Ok(text) => Message::Text(text),
        Err(_) => Message::Binary(bytes),
    }
}

/// Waits until the log-in that a socket lives by has ended, or its agent has another extension.
async fn login_over(login: &mut PhoneLogin, mut changes: watch::Receiver<u64>) {
    let mut looks = interval(PING_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    looks.tick().await;
    loop {
        tokio::select! {
            () = login.news() => {}
            changed = changes.changed() => if changed.is_err() {
                // Nobody provisions any more: the server is stopping.
                std::future::pending::<()>().await;
            },
            _ = looks.tick() => {}
        }
        if !login.holds().await {
            return;
        }
    }
}
