//! Numbers: of one endpoint for the call record, of the plane for the operator.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What one endpoint has seen from opening to closing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EndpointStats {
    /// RTP packets from the known source.
    pub packets_in: u64,
    /// Their payload bytes.
    pub bytes_in: u64,
    /// RTP packets sent.
    pub packets_out: u64,
    /// Their payload bytes.
    pub bytes_out: u64,
    /// Packets lost on the way to us.
    pub lost: u64,
    /// Interarrival jitter of what came, in microseconds, as RFC 3550 A.8 has it at the end.
    pub jitter_us: u64,
    /// Packets lost on the way to the other side, as it says itself.
    pub remote_lost: u64,
    /// The other side's jitter in microseconds, as it says itself.
    pub remote_jitter_us: u64,
    /// The last round trip in microseconds, if the other side reports.
    pub round_trip_us: Option<u64>,
    /// Packets from strangers, and such that were no RTP or too many.
    pub rejected: u64,
    /// From opening to closing.
    pub duration: Duration,
}

/// The plane as it is now, and its sums since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gauges {
    /// Endpoints alive.
    pub endpoints: u64,
    /// Ports taken from the pool, two for each endpoint.
    pub ports_in_use: u64,
    /// Endpoints on which something plays.
    pub players: u64,
    /// Endpoints that are being recorded.
    pub recorders: u64,
    /// Pairs of endpoints that hear each other.
    pub bridges: u64,
    /// RTP packets accepted, since the start.
    pub packets_in: u64,
    /// RTP packets sent, since the start.
    pub packets_out: u64,
    /// Packets from strangers or malformed, since the start.
    pub rejected: u64,
    /// Good packets that were not passed on or could not be sent, since the start.
    pub dropped: u64,
    /// Commands refused because a worker's queue was full, since the start.
    pub commands_refused: u64,
}

/// One worker's share of the gauges.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) endpoints: Counter,
    pub(crate) players: Counter,
    pub(crate) recorders: Counter,
    /// Endpoints that are bridged: two for each bridge.
    pub(crate) linked: Counter,
    pub(crate) packets_in: Counter,
    pub(crate) packets_out: Counter,
    pub(crate) rejected: Counter,
    pub(crate) dropped: Counter,
}

/// A number that one thread changes and others read; none waits.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn up(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn down(&self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Gauges {
    pub(crate) fn add(&mut self, counters: &Counters) {
        self.endpoints += counters.endpoints.value();
        self.players += counters.players.value();
        self.recorders += counters.recorders.value();
        self.packets_in += counters.packets_in.value();
        self.packets_out += counters.packets_out.value();
        self.rejected += counters.rejected.value();
        self.dropped += counters.dropped.value();
        // Kept as endpoints until all workers are summed: the two ends may live on two of them.
        self.bridges += counters.linked.value();
    }
}
