//! The pool of port pairs: bound when first needed, then kept, because binding is dear.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, UdpSocket};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rand::seq::SliceRandom;

use crate::stats::Counter;

/// Ports that somebody else holds are passed over this often in one `open`.
const BIND_TRIES: usize = 32;
/// Late packets taken out of a socket before it is used again; one that has more is under fire.
const DRAIN_MAX: usize = 256;
/// Sockets under fire passed over in one `open`.
const DRAIN_TRIES: usize = 4;
/// DSCP "expedited forwarding" (RFC 3246) in the traffic class.
const TRAFFIC_CLASS: u32 = 0xb8;

/// Why no endpoint could be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Every pair of ports is in use or resting.
    #[error("all media ports are in use")]
    Exhausted,
    /// A socket could not be made for a reason other than that its port is taken; often the limit of open
    /// files.
    #[error("media port {port} cannot be opened")]
    Bind {
        /// The port.
        port: u16,
        /// The reason.
        source: io::Error,
    },
}

/// An even port for RTP and the odd one above it for RTCP, both bound and never blocking.
#[derive(Debug)]
pub(crate) struct PortPair {
    pub(crate) rtp: UdpSocket,
    pub(crate) rtcp: UdpSocket,
    pub(crate) port: u16,
}

/// Where workers put the pairs of closed endpoints.
#[derive(Debug, Default)]
pub(crate) struct Returns {
    pairs: Mutex<Vec<(Instant, Arc<PortPair>)>>,
    in_use: Counter,
}

impl Returns {
    pub(crate) fn put(&self, pair: Arc<PortPair>) {
        self.lock().push((Instant::now(), pair));
        self.in_use.down();
    }

    /// Pairs that endpoints hold.
    pub(crate) fn in_use(&self) -> u64 {
        self.in_use.value()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Instant, Arc<PortPair>)>> {
        self.pairs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All pairs that are not in use.
pub(crate) struct PortPool {
    bind: IpAddr,
    /// In random order, so that the next port cannot be guessed; taken from the end.
    unbound: Vec<u16>,
    /// Oldest first.
    resting: VecDeque<(Instant, Arc<PortPair>)>,
    quarantine: Duration,
}

impl PortPool {
    /// A pool of every pair in a range; `None` if there is none.
    pub(crate) fn new(bind: IpAddr, ports: &RangeInclusive<u16>, quarantine: Duration) -> Option<PortPool> {
        let last = *ports.end();
        let mut unbound: Vec<u16> =
            ports.clone().filter(|port| *port != 0 && port.is_multiple_of(2) && *port < last).collect();
        unbound.shuffle(&mut rand::rng());
        (!unbound.is_empty()).then_some(PortPool { bind, unbound, resting: VecDeque::new(), quarantine })
    }

    /// A pair with nothing left in its sockets.
    pub(crate) fn take(&mut self, returns: &Returns) -> Result<Arc<PortPair>, OpenError> {
        self.resting.extend(returns.lock().drain(..));
        let now = Instant::now();
        let pair = match self.take_rested(now) {
            Some(pair) => pair,
            None => self.bind_next()?,
        };
        returns.in_use.up();
        Ok(pair)
    }

    fn take_rested(&mut self, now: Instant) -> Option<Arc<PortPair>> {
        for _ in 0..DRAIN_TRIES {
            let (since, _) = self.resting.front()?;
            if now.saturating_duration_since(*since) < self.quarantine {
                return None;
            }
            let (_, pair) = self.resting.pop_front()?;
            if pair.drain() {
                return Some(pair);
            }
            tracing::warn!(port = pair.port, "packets keep coming to an idle media port; it rests on");
            self.resting.push_back((now, pair));
        }
        None
    }

    fn bind_next(&mut self) -> Result<Arc<PortPair>, OpenError> {
        for _ in 0..BIND_TRIES.min(self.unbound.len()) {
            let Some(port) = self.unbound.pop() else { break };
            match PortPair::bind(self.bind, port) {
                Ok(pair) => return Ok(Arc::new(pair)),
                Err(source) => {
                    // To the far end of the line: it may be free another time.
                    self.unbound.insert(0, port);
                    if source.kind() != io::ErrorKind::AddrInUse {
                        return Err(OpenError::Bind { port, source });
                    }
                }
            }
        }
        Err(OpenError::Exhausted)
    }
}

impl PortPair {
    fn bind(bind: IpAddr, port: u16) -> io::Result<PortPair> {
        let rtp = socket(bind, port)?;
        let rtcp = socket(bind, port + 1)?;
        Ok(PortPair { rtp, rtcp, port })
    }

    /// Throws away what has come since the last call; `false` if it does not end.
    fn drain(&self) -> bool {
        let mut buffer = [0; 16];
        [&self.rtp, &self.rtcp].into_iter().all(|socket| {
            (0..DRAIN_MAX).any(|_| match socket.recv_from(&mut buffer) {
                Ok(_) => false,
                Err(error) => error.kind() == io::ErrorKind::WouldBlock,
            })
        })
    }
}

fn socket(bind: IpAddr, port: u16) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind((bind, port))?;
    socket.set_nonblocking(true)?;
    let options = socket2::SockRef::from(&socket);
    // A network that ignores the class carries the call as well, only later under load.
    let marked = match bind {
        IpAddr::V4(_) => options.set_tos_v4(TRAFFIC_CLASS),
        IpAddr::V6(_) => options.set_tclass_v6(TRAFFIC_CLASS),
    };
    if let Err(error) = marked {
        tracing::debug!(port, %error, "the traffic class of a media port cannot be set");
    }
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_range_is_cut_into_even_pairs() {
        let count =
            |range| PortPool::new(LOOPBACK, &range, Duration::ZERO).map_or(0, |pool| pool.unbound.len());
        assert_eq!(count(10_000..=10_003), 2);
        assert_eq!(count(10_001..=10_004), 1);
        assert_eq!(count(10_000..=10_000), 0);
        assert_eq!(count(0..=1), 0);
        assert_eq!(count(65_534..=65_535), 1);
    }
}
