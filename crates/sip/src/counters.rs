//! What an endpoint has done, counted.

use std::sync::atomic::{AtomicU64, Ordering};

/// The counters, shared by the endpoint and its tasks. They order nothing, so `Relaxed` is enough.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) datagrams_received: AtomicU64,
    pub(crate) datagrams_sent: AtomicU64,
    pub(crate) datagrams_dropped: AtomicU64,
    pub(crate) receive_errors: AtomicU64,
    pub(crate) malformed: AtomicU64,
    pub(crate) accepted: AtomicU64,
    pub(crate) turned_away: AtomicU64,
    pub(crate) accept_errors: AtomicU64,
    pub(crate) overflowed: AtomicU64,
    pub(crate) handshakes_failed: AtomicU64,
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Datagrams that came.
    pub datagrams_received: u64,
    /// Datagrams handed to the kernel.
    pub datagrams_sent: u64,
    /// Datagrams not sent because the kernel's buffer was full.
    pub datagrams_dropped: u64,
    /// Errors of UDP sockets that were passed over.
    pub receive_errors: u64,
    /// Messages that could not be read.
    pub malformed: u64,
    /// Connections taken.
    pub accepted: u64,
    /// Connections closed at once because a limit was reached.
    pub turned_away: u64,
    /// Errors of listening sockets that were passed over.
    pub accept_errors: u64,
    /// Connections closed because their peer did not read.
    pub overflowed: u64,
    /// TLS handshakes that led to nothing.
    pub handshakes_failed: u64,
    /// Connections open now, both ways.
    pub connections: u64,
}

pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Counters {
    pub(crate) fn read(&self, connections: usize) -> Counts {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            datagrams_received: of(&self.datagrams_received),
            datagrams_sent: of(&self.datagrams_sent),
            datagrams_dropped: of(&self.datagrams_dropped),
            receive_errors: of(&self.receive_errors),
            malformed: of(&self.malformed),
            accepted: of(&self.accepted),
            turned_away: of(&self.turned_away),
            accept_errors: of(&self.accept_errors),
            overflowed: of(&self.overflowed),
            handshakes_failed: of(&self.handshakes_failed),
            connections: connections as u64,
        }
    }
}
