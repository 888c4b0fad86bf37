//! All sockets of one server as one thing to wait for and one thing to send with.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::task::{Context, Poll};

use bytes::Bytes;
use sip_proto::flow::Destination;
use sip_proto::{Flow, Message, ParseError, Transport};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::census::Census;
use crate::connection::{self, Handle, Report, Shared};
use crate::counters::{Counters, Counts, count};
use crate::limits::Limits;
use crate::socket;
use crate::tcp;
use crate::tls::{Handshakes, Tls};
use crate::udp::Udp;
use crate::ws::{AssertedIdentity, Door};

/// What to listen on. Port 0 lets the kernel choose; see [`Endpoint::local_addrs`].
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Addresses for datagrams.
    pub udp: Vec<SocketAddr>,
    /// Addresses for connections.
    pub tcp: Vec<SocketAddr>,
    /// How TLS is served, if it is.
    pub tls: Option<Tls>,
    /// How much of everything.
    pub limits: Limits,
}

/// An address could not be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {transport} {addr}")]
pub struct BindError {
    /// Of which transport.
    pub transport: Transport,
    /// The address that was asked for.
    pub addr: SocketAddr,
    /// What the system says.
    pub source: io::Error,
}

/// Why bytes were not taken. Whoever retransmits need not care; whoever does not has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// No UDP socket of the family of the destination.
    #[error("no socket for this destination")]
    NoSocket,
    /// The connection of this flow is gone.
    #[error("the connection is closed")]
    Closed,
    /// The peer does not read; its connection is being closed.
    #[error("the peer does not read")]
    Overflow,
    /// As many connections of ours as are allowed.
    #[error("too many connections")]
    TooManyConnections,
    /// A transport on which this endpoint makes no connections, only takes them.
    #[error("no connections are made on this transport")]
    NoTransport,
    /// The system refused: unreachable, too long for a datagram …
    #[error("the system refused: {0}")]
    Io(io::ErrorKind),
}

/// Something that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inbound {
    /// A message.
    Message {
        /// From where, and where an answer goes.
        flow: Flow,
        /// What.
        message: Message,
    },
    /// Bytes that are no message; the error carries what an answer needs. When they came on a
    /// connection that cannot go on, it closes shortly after.
    Malformed {
        /// From where.
        flow: Flow,
        /// What is wrong.
        error: ParseError,
    },
    /// A sign of life without meaning. On a connection it has been answered (RFC 5626 4.4.1).
    KeepAlive {
        /// From where.
        flow: Flow,
    },
    /// Who the peer of a connection is, which was found out when it was opened. Nothing has come on it before.
    Asserted {
        /// Which.
        flow: Flow,
        /// Who.
        identity: AssertedIdentity,
    },
    /// A connection is gone, or could not be made. The last word on this flow.
    Closed {
        /// Which.
        flow: Flow,
    },
}

impl Inbound {
    /// The flow it is about.
    #[must_use]
    pub fn flow(&self) -> Flow {
        match self {
            Self::Message { flow, .. }
            | Self::Malformed { flow, .. }
            | Self::KeepAlive { flow }
            | Self::Asserted { flow, .. }
            | Self::Closed { flow } => *flow,
        }
    }
}

/// The sockets of a server. Dropping it closes them all.
pub struct Endpoint {
    limits: Limits,
    udp: Udp,
    tcp_addrs: Vec<SocketAddr>,
    tls_addrs: Vec<SocketAddr>,
    reports: mpsc::Receiver<Report>,
    shared: Shared,
    census: Arc<Census>,
    connections: BTreeMap<u64, Handle>,
    /// Connections that we made, by where to.
    dialed: BTreeMap<SocketAddr, u64>,
    /// Acceptors, with their connections inside, and the connections that we made.
    tasks: JoinSet<()>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("addrs", &self.local_addrs()).finish_non_exhaustive()
    }
}

impl Endpoint {
    /// Binds every address, or none.
    pub async fn bind(config: Config) -> Result<Self, BindError> {
        let Config { udp, tcp, tls, limits } = config;
        let mut sockets = Vec::with_capacity(udp.len());
        for addr in udp {
            let fail = |source| BindError { transport: Transport::Udp, addr, source };
            let socket = socket::udp(addr, limits.udp_buffer_bytes).await.map_err(fail)?;
            let local = socket.local_addr().map_err(fail)?;
            sockets.push((socket, local));
        }
        let listeners = listeners_of(tcp, Transport::Tcp)?;
        let secure = match tls {
            Some(Tls { addrs, config, runtime }) => {
                // A listener belongs to the runtime that it is made on, and with it what it takes.
                let _there = runtime.enter();
                Some((listeners_of(addrs, Transport::Tls)?, config, runtime.clone()))
            }
            None => None,
        };
        let (sender, reports) = mpsc::channel(limits.inbound_max.max(1));
        let shared = Shared {
            limits,
            reports: sender,
            counters: Arc::new(Counters::default()),
            last_id: Arc::new(AtomicU64::new(0)),
        };
        let census = Census::new(limits.connections_max, limits.connections_per_ip_max);
        let mut tasks = JoinSet::new();
        let mut tcp_addrs = Vec::with_capacity(listeners.len());
        for (listener, local) in listeners {
            tcp_addrs.push(local);
            tasks.spawn(tcp::accept(listener, Arc::clone(&census), shared.clone(), None));
        }
        let mut tls_addrs = Vec::new();
        if let Some((listeners, config, runtime)) = secure {
            let handshakes = Handshakes::new(config, &limits);
            for (listener, local) in listeners {
                tls_addrs.push(local);
                let accept =
                    tcp::accept(listener, Arc::clone(&census), shared.clone(), Some(handshakes.clone()));
                tasks.spawn_on(accept, &runtime);
            }
        }
        Ok(Self {
            limits,
            udp: Udp::new(sockets),
            tcp_addrs,
            tls_addrs,
            reports,
            shared,
            census,
            connections: BTreeMap::new(),
            dialed: BTreeMap::new(),
            tasks,
        })
    }

    /// Every address that is listened on, with the ports the kernel chose.
    #[must_use]
    pub fn local_addrs(&self) -> Vec<(Transport, SocketAddr)> {
        let udp = self.udp.local_addrs().map(|addr| (Transport::Udp, addr));
        let tcp = self.tcp_addrs.iter().map(|addr| (Transport::Tcp, *addr));
        let tls = self.tls_addrs.iter().map(|addr| (Transport::Tls, *addr));
        udp.chain(tcp).chain(tls).collect()
    }

    /// Where connections of other listeners are brought to this endpoint.
    #[must_use]
    pub fn door(&self) -> Door {
        let locals = self.tcp_addrs.iter().copied().chain(self.udp.local_addrs()).collect();
        Door::new(self.shared.clone(), Arc::clone(&self.census), locals)
    }

    /// Waits until something has arrived, then adds it and what else is there, within
    /// [`Limits::batch_max`] for datagrams and for connections each. Cancelling it loses nothing.
    pub async fn receive(&mut self, batch: &mut Vec<Inbound>) {
        std::future::poll_fn(|cx| self.poll_receive(cx, batch)).await;
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>, batch: &mut Vec<Inbound>) -> Poll<()> {
        let before = batch.len();
        loop {
            let mut found = false;
            for _ in 0..self.limits.batch_max {
                let Poll::Ready(Some(report)) = self.reports.poll_recv(cx) else { break };
                found = true;
                self.take(report, batch);
            }
            if self.udp.poll_ready(cx).is_ready() {
                found = true;
                let counters = &self.shared.counters;
                self.udp.drain(self.limits.batch_max, &self.limits.parse, counters, batch);
            }
            if batch.len() > before {
                return Poll::Ready(());
            }
            // Nothing to hand over, yet something was there: ask again, or nobody would wake us.
            // The runtime's budget ends this loop when it goes on for long.
            if !found {
                return Poll::Pending;
            }
        }
    }

    fn take(&mut self, report: Report, batch: &mut Vec<Inbound>) {
        match report {
            Report::Opened(handle) => {
                self.connections.insert(handle.flow.id, handle);
            }
            Report::Item(item) => batch.push(item),
            Report::Closed(flow) => {
                self.forget(&flow);
                // Tasks that have ended leave their result behind.
                while self.tasks.try_join_next().is_some() {}
                batch.push(Inbound::Closed { flow });
            }
        }
    }

    fn forget(&mut self, flow: &Flow) {
        self.connections.remove(&flow.id);
        if self.dialed.get(&flow.remote) == Some(&flow.id) {
            self.dialed.remove(&flow.remote);
        }
    }

    /// Sends bytes along a flow without waiting. Over UDP a full kernel buffer is a lost datagram;
    /// a connection whose peer does not read is closed, and [`Inbound::Closed`] follows.
    pub fn send(&mut self, flow: Flow, bytes: impl Into<Bytes>) -> Result<(), SendError> {
        let bytes = bytes.into();
        match flow.transport {
            Transport::Udp => self.udp.send(&flow, &bytes, &self.shared.counters),
            Transport::Tcp | Transport::Tls | Transport::Ws => {
                let handle = self.connections.get(&flow.id).ok_or(SendError::Closed)?;
                let sent = handle.send(bytes, &self.limits);
                if sent.is_err() {
                    count(&self.shared.counters.overflowed);
                    self.forget(&flow);
                }
                sent
            }
        }
    }

    /// As [`Self::send`] along a flow over UDP, for bytes that are only lent.
    pub fn send_datagram(&self, flow: Flow, bytes: &[u8]) -> Result<(), SendError> {
        self.udp.send(&flow, bytes, &self.shared.counters)
    }

    /// Sends bytes to where a request of ours goes, making a connection if it needs one and there
    /// is none. Returns the flow that was taken.
    pub fn send_to(&mut self, destination: Destination, bytes: impl Into<Bytes>) -> Result<Flow, SendError> {
        let flow = match destination {
            Destination::Flow(flow) => flow,
            Destination::Address { transport: Transport::Udp, remote } => self.udp_flow(remote)?,
            Destination::Address { transport: Transport::Tcp, remote } => self.connect(remote)?,
            Destination::Address { transport: Transport::Tls | Transport::Ws, .. } => {
                return Err(SendError::NoTransport);
            }
        };
        self.send(flow, bytes)?;
        Ok(flow)
    }

    /// A flow over UDP to an address we have not heard from.
    pub fn udp_flow(&self, remote: SocketAddr) -> Result<Flow, SendError> {
        let local = self.udp.local_addrs().find(|local| local.is_ipv4() == remote.is_ipv4());
        let local = local.ok_or(SendError::NoSocket)?;
        Ok(Flow { transport: Transport::Udp, local, remote, id: 0 })
    }

    /// A connection to an address: the one that is there, or a new one. It may be sent on at once;
    /// when it cannot be made, [`Inbound::Closed`] says so.
    pub fn connect(&mut self, remote: SocketAddr) -> Result<Flow, SendError> {
        if let Some(handle) = self.dialed.get(&remote).and_then(|id| self.connections.get(id)) {
            return Ok(handle.flow);
        }
        if self.dialed.len() >= self.limits.outbound_max {
            return Err(SendError::TooManyConnections);
        }
        // What stands in Via and Contact is where we listen, not the port of this connection.
        let listening = self.tcp_addrs.iter().find(|local| local.is_ipv4() == remote.is_ipv4());
        let local = listening.copied().unwrap_or(SocketAddr::new(unspecified(remote), 0));
        let flow = Flow { transport: Transport::Tcp, local, remote, id: self.shared.next_id() };
        let (handle, work) = connection::pair(flow, &self.limits);
        self.connections.insert(flow.id, handle);
        self.dialed.insert(remote, flow.id);
        self.tasks.spawn(tcp::dial(remote, work, self.shared.clone()));
        Ok(flow)
    }

    /// Closes the connection of a flow; [`Inbound::Closed`] follows. Of UDP there is nothing to close.
    pub fn close(&mut self, flow: Flow) {
        if let Some(handle) = self.connections.get(&flow.id) {
            handle.close();
        }
        self.forget(&flow);
    }

    /// The counters now.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.counters.read(self.connections.len())
    }
}

/// Sockets that take connections, with the addresses they have.
fn listeners_of(
    addrs: Vec<SocketAddr>,
    transport: Transport,
) -> Result<Vec<(TcpListener, SocketAddr)>, BindError> {
    let bind = |addr| {
        let fail = |source| BindError { transport, addr, source };
        let listener = socket::tcp_listener(addr).map_err(fail)?;
        let local = listener.local_addr().map_err(fail)?;
        Ok((listener, local))
    };
    addrs.into_iter().map(bind).collect()
}

/// No address of ours, in the family of `remote`.
pub(crate) const fn unspecified(remote: SocketAddr) -> IpAddr {
    match remote {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}
