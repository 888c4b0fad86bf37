//! Connections that somebody else holds: WebSockets (RFC 7118), which HTTP has opened. What comes and goes are
//! whole messages; no more than that is known here of frames, and nothing of HTTP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bytes::Bytes;
use sip_proto::message::{ParseErrorKind, ParseLimits, parse_frame_within};
use sip_proto::{Flow, StreamParser, Transport};
use tokio::sync::mpsc;
use tokio::time::timeout_at;

use crate::census::{Census, Seat};
use crate::connection::{Handle, Patience, Report, Shared, Work, pair, report_closed};
use crate::counters::count;
use crate::endpoint::Inbound;

/// Frames that wait to be read, for each connection; its holder reads no more of its socket meanwhile.
const FRAMES_MAX: usize = 8;

/// The keep-alive that is answered (RFC 5626 4.4.1).
const PING: &[u8] = b"\r\n\r\n";

/// Who the peer of a connection is, as whoever opened it has found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssertedIdentity {
    /// A phone.
    Phone {
        /// The SIP domain.
        domain: String,
        /// The user name in it.
        user: String,
    },
    /// Somebody who is nobody here, and may call one user.
    Guest {
        /// The SIP domain of whom he calls.
        domain: String,
        /// The user name in it.
        calls: String,
        /// What he calls himself, for who is called.
        name: String,
        /// Whether he may call: once, also over several connections.
        call: Once,
    },
}

/// Something that is good once, whoever holds it and however many do.
#[derive(Clone, Debug, Default)]
pub struct Once(Arc<AtomicBool>);

impl Once {
    /// Uses it up; false if it was.
    #[must_use]
    pub fn take(&self) -> bool {
        !self.0.swap(true, Ordering::Relaxed)
    }
}

impl From<Arc<AtomicBool>> for Once {
    /// Used up where this is true.
    fn from(used: Arc<AtomicBool>) -> Self {
        Self(used)
    }
}

impl PartialEq for Once {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Once {}

/// As many connections as are allowed, in all or from this address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many connections")]
pub struct TurnedAway;

/// Where connections are brought to an [`Endpoint`](crate::Endpoint). It may outlive it: then what it opens is
/// closed at once.
#[derive(Clone)]
pub struct Door {
    shared: Shared,
    census: Arc<Census>,
    locals: Arc<[SocketAddr]>,
}

/// A connection, for whoever holds its socket. It ends when `frames` is dropped, and is to be closed when
/// [`Outgoing::next`] gives nothing more.
#[derive(Debug)]
pub struct Connection {
    /// Takes what the peer has sent: the payload of one text or binary frame each.
    pub frames: mpsc::Sender<Bytes>,
    /// Gives what is to be sent.
    pub outgoing: Outgoing,
}

/// Messages for the peer, one frame each.
#[derive(Debug)]
pub struct Outgoing {
    queue: mpsc::Receiver<Bytes>,
    queued_bytes: Arc<AtomicUsize>,
    /// Bytes of the message that was given last: until the next is asked for it has not been written.
    given: usize,
}

impl Door {
    pub(crate) fn new(shared: Shared, census: Arc<Census>, locals: Vec<SocketAddr>) -> Self {
        Self { shared, census, locals: locals.into() }
    }

    /// Most bytes that a frame can have and still be a message.
    #[must_use]
    pub fn frame_bytes_max(&self) -> usize {
        let ParseLimits { header_bytes_max, body_bytes_max, .. } = self.shared.limits.parse;
        header_bytes_max + body_bytes_max
    }

    /// Brings a connection from `remote`. To be called on a runtime, which serves the connection.
    ///
    /// # Errors
    /// [`TurnedAway`] when it would be one too many; it is counted.
    pub fn open(
        &self,
        remote: SocketAddr,
        identity: Option<AssertedIdentity>,
    ) -> Result<Connection, TurnedAway> {
        // A listener of both families gives IPv4 in IPv6's clothes (RFC 4291 2.5.5.2).
        let remote = SocketAddr::new(remote.ip().to_canonical(), remote.port());
        // Behind a proxy all have its address: a stranger must not use up the places of those who are logged in.
        let Some(seat) = self.census.sit(identity.is_none().then(|| remote.ip())) else {
            count(&self.shared.counters.turned_away);
            return Err(TurnedAway);
        };
        count(&self.shared.counters.accepted);
        // What stands for our end is where SIP listens: HTTP may listen for a proxy on this machine only.
        let local = self.locals.iter().find(|local| local.is_ipv4() == remote.is_ipv4());
        let local = local.copied().unwrap_or(SocketAddr::new(super::endpoint::unspecified(remote), 0));
        let flow = Flow { transport: Transport::Ws, local, remote, id: self.shared.next_id() };
        let (handle, Work { queue, handle: of_task }) = pair(flow, &self.shared.limits);
        let queued_bytes = Arc::clone(&handle.queued_bytes);
        let (frames, heard) = mpsc::channel(FRAMES_MAX);
        tokio::spawn(serve(heard, (handle, of_task), identity, self.shared.clone(), seat));
        Ok(Connection { frames, outgoing: Outgoing { queue, queued_bytes, given: 0 } })
    }
}

impl Outgoing {
    /// The next message, once the one before it has been written. None: the connection is to be closed. It may be
    /// cancelled.
    pub async fn next(&mut self) -> Option<Bytes> {
        self.queued_bytes.fetch_sub(std::mem::take(&mut self.given), Ordering::Relaxed);
        let message = self.queue.recv().await?;
        self.given = message.len();
        Some(message)
    }
}

/// Runs a connection to its end and says so.
async fn serve(
    mut frames: mpsc::Receiver<Bytes>,
    (handle, ours): (Handle, Handle),
    identity: Option<AssertedIdentity>,
    shared: Shared,
    seat: Seat,
) {
    let flow = ours.flow;
    if shared.reports.send(Report::Opened(handle)).await.is_err() {
        return;
    }
    if let Some(identity) = identity {
        // When it fails the endpoint is gone, as the next line finds out.
        let _gone = shared.reports.send(Report::Item(Inbound::Asserted { flow, identity })).await;
    }
    tokio::select! {
        () = hear(&mut frames, &ours, &shared) => {}
        () = ours.close.notified() => {}
        () = shared.reports.closed() => {}
    }
    drop(seat);
    report_closed(flow, &shared).await;
}

/// Reads frames until there are none, or until nothing was said for too long.
async fn hear(frames: &mut mpsc::Receiver<Bytes>, handle: &Handle, shared: &Shared) {
    let (flow, limits) = (handle.flow, &shared.limits);
    let mut patience = Patience::new(limits, false);
    while let Ok(Some(frame)) = timeout_at(patience.deadline, frames.recv()).await {
        let item = match parse_frame_within(&frame, &limits.parse) {
            Ok(message) => Inbound::Message { flow, message },
            Err(error) if error.kind == ParseErrorKind::Empty => {
                // A peer that only asks for answers and reads none fills its queue like any.
                let asks = frame.as_ref() == PING;
                if asks && handle.send(Bytes::from_static(StreamParser::PONG), limits).is_err() {
                    return;
                }
                Inbound::KeepAlive { flow }
            }
            Err(error) => {
                count(&shared.counters.malformed);
                Inbound::Malformed { flow, error }
            }
        };
        patience.heard(matches!(item, Inbound::Message { .. }), false);
        if shared.reports.send(Report::Item(item)).await.is_err() {
            return;
        }
    }
}
