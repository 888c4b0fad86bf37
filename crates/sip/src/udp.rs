//! Datagrams: drained in batches, sent without waiting, and no error ends the socket.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use sip_proto::message::{ParseErrorKind, ParseLimits, parse_datagram_within};
use sip_proto::{Flow, Transport};
use tokio::net::UdpSocket;

use crate::counters::{Counters, count};
use crate::endpoint::{Inbound, SendError};

/// The longest datagram there can be.
const DATAGRAM_BYTES_MAX: usize = 65_535;

pub(crate) struct Udp {
    sockets: Vec<(UdpSocket, SocketAddr)>,
    buffer: Vec<u8>,
    /// Which socket is drained first; it moves on so that none is always first.
    turn: usize,
}

impl Udp {
    pub(crate) fn new(sockets: Vec<(UdpSocket, SocketAddr)>) -> Self {
        Self { sockets, buffer: vec![0; DATAGRAM_BYTES_MAX], turn: 0 }
    }

    pub(crate) fn local_addrs(&self) -> impl Iterator<Item = SocketAddr> {
        self.sockets.iter().map(|(_, local)| *local)
    }

    /// Ready when a socket may have something. It goes through the reactor, and so through the
    /// runtime's budget: a flood makes us yield now and then, whatever the caller does.
    pub(crate) fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut ready = Poll::Pending;
        for (socket, _) in &self.sockets {
            if socket.poll_recv_ready(cx).is_ready() {
                ready = Poll::Ready(());
            }
        }
        ready
    }

    /// Takes up to `batch_max` datagrams of all sockets without waiting.
    pub(crate) fn drain(
        &mut self,
        batch_max: usize,
        limits: &ParseLimits,
        counters: &Counters,
        batch: &mut Vec<Inbound>,
    ) {
        let total = self.sockets.len();
        self.turn = self.turn.wrapping_add(1);
        let mut left = batch_max;
        for at in 0..total {
            let Some((socket, local)) = self.sockets.get(self.turn.wrapping_add(at) % total) else { return };
            while left > 0 {
                left -= 1;
                match socket.try_recv_from(&mut self.buffer) {
                    Ok((len, remote)) => {
                        count(&counters.datagrams_received);
                        let flow = Flow { transport: Transport::Udp, local: *local, remote, id: 0 };
                        let bytes = self.buffer.get(..len).unwrap_or_default();
                        batch.push(read(flow, bytes, limits, counters));
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    // An ICMP message about an earlier answer, a signal: none of it is about what
                    // comes next.
                    Err(_) => count(&counters.receive_errors),
                }
            }
        }
    }

    /// Hands a datagram to the kernel. When the kernel has no room it is dropped and counted:
    /// over UDP the sender of a request repeats it, and so do we.
    pub(crate) fn send(&self, flow: &Flow, bytes: &[u8], counters: &Counters) -> Result<(), SendError> {
        let same_family = |local: &SocketAddr| local.is_ipv4() == flow.remote.is_ipv4();
        let found = self
            .sockets
            .iter()
            .find(|(_, local)| *local == flow.local)
            .or_else(|| self.sockets.iter().find(|(_, local)| same_family(local)));
        let (socket, _) = found.ok_or(SendError::NoSocket)?;
        match socket.try_send_to(bytes, flow.remote) {
            Ok(_) => {
                count(&counters.datagrams_sent);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                count(&counters.datagrams_dropped);
                Ok(())
            }
            Err(error) => Err(SendError::Io(error.kind())),
        }
    }
}

fn read(flow: Flow, bytes: &[u8], limits: &ParseLimits, counters: &Counters) -> Inbound {
    match parse_datagram_within(bytes, limits) {
        Ok(message) => Inbound::Message { flow, message },
        Err(error) if error.kind == ParseErrorKind::Empty => Inbound::KeepAlive { flow },
        Err(error) => {
            count(&counters.malformed);
            Inbound::Malformed { flow, error }
        }
    }
}
