//! A token bucket for each source that has not proved who it is.
//!
//! The table is bounded: when it is full of sources that are still being counted, a new source is
//! counted in one bucket common to all newcomers, so a flood from many addresses cannot grow it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use crate::Moment;

/// How much an unproved source may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloodLimits {
    /// Requests at once.
    pub burst: u32,
    /// Requests a second after that.
    pub per_second: u32,
    /// Sources counted at once.
    pub sources_max: usize,
}

impl Default for FloodLimits {
    /// 200 at once and 50 a second from one address, 16 384 addresses: a whole office behind one
    /// address can register together, a scanner is slowed down.
    fn default() -> Self {
        Self { burst: 200, per_second: 50, sources_max: 16_384 }
    }
}

/// A bucket: the moment at which it will be full again. (Kept as a time, it needs no refilling.)
type FullAt = Moment;

/// Counts unproved requests by source: each IPv4 address, each IPv6 /64.
#[derive(Debug)]
pub struct FloodGate {
    limits: FloodLimits,
    cost: Duration,
    depth: Duration,
    sources: BTreeMap<[u8; 9], FullAt>,
    /// The same, by time, so that those who are full again are dropped without a walk.
    by_time: BTreeMap<(FullAt, [u8; 9]), ()>,
    newcomers: FullAt,
}

impl FloodGate {
    /// A gate with no source counted yet.
    #[must_use]
    pub fn new(limits: FloodLimits) -> Self {
        let cost = Duration::from_secs(1) / limits.per_second.max(1);
        Self {
            limits,
            cost,
            depth: cost.saturating_mul(limits.burst.max(1)),
            sources: BTreeMap::new(),
            by_time: BTreeMap::new(),
            newcomers: Moment(0),
        }
    }

    /// Counts one request. False: drop it without an answer.
    pub fn admit(&mut self, source: IpAddr, now: Moment) -> bool {
        self.drop_full(now);
        let key = key(source);
        let (cost, depth) = (self.cost, self.depth);
        if let Some(full_at) = self.sources.get_mut(&key) {
            let before = *full_at;
            let admitted = take(full_at, cost, depth, now);
            let after = *full_at;
            self.by_time.remove(&(before, key));
            self.by_time.insert((after, key), ());
            return admitted;
        }
        if self.sources.len() >= self.limits.sources_max {
            return take(&mut self.newcomers, cost, depth, now);
        }
        let mut full_at = now;
        let admitted = take(&mut full_at, cost, depth, now);
        self.sources.insert(key, full_at);
        self.by_time.insert((full_at, key), ());
        admitted
    }

    /// Sources counted now, for a gauge.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// True when no source is being counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// A full bucket says nothing, so it goes. At most two a call, as one is added a call.
    fn drop_full(&mut self, now: Moment) {
        for _ in 0..2 {
            match self.by_time.first_entry() {
                Some(entry) if entry.key().0 <= now => {
                    let ((_, key), ()) = entry.remove_entry();
                    self.sources.remove(&key);
                }
                Some(_) | None => return,
            }
        }
    }
}

fn take(full_at: &mut FullAt, cost: Duration, depth: Duration, now: Moment) -> bool {
    let from = (*full_at).max(now);
    let after = from + cost;
    let admitted = after.saturating_since(now) <= depth;
    if admitted {
        *full_at = after;
    }
    admitted
}

fn key(source: IpAddr) -> [u8; 9] {
    let mut key = [0; 9];
    match source.to_canonical() {
        IpAddr::V4(v4) => {
            key[0] = 4;
            key[1..5].copy_from_slice(&v4.octets());
        }
        IpAddr::V6(v6) => {
            key[0] = 6;
            key[1..].copy_from_slice(&v6.octets()[..8]);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: FloodLimits = FloodLimits { burst: 5, per_second: 10, sources_max: 3 };

    fn from(n: u8) -> IpAddr {
        IpAddr::from([198, 51, 100, n])
    }

    #[test]
    fn a_source_may_burst_and_then_goes_at_its_rate() {
        let mut gate = FloodGate::new(LIMITS);
        let mut now = Moment(1_000_000);
        let at_once = (0..20).filter(|_| gate.admit(from(1), now)).count();
        assert_eq!(at_once, 5);
        now = now + Duration::from_millis(300);
        let later = (0..20).filter(|_| gate.admit(from(1), now)).count();
        assert_eq!(later, 3);
        assert!(gate.admit(from(2), now), "another source is not touched");
    }

    #[test]
    fn a_flood_from_many_addresses_shares_one_bucket_and_no_memory() {
        let mut gate = FloodGate::new(LIMITS);
        let now = Moment(1_000_000);
        let admitted = (0..=255).filter(|n| gate.admit(from(*n), now)).count();
        assert_eq!(admitted, 3 + 5);
        assert_eq!(gate.len(), 3);
    }

    #[test]
    fn a_source_that_was_quiet_is_forgotten() {
        let mut gate = FloodGate::new(LIMITS);
        assert!(gate.admit(from(1), Moment(0)));
        assert!(gate.admit(from(2), Moment(10_000_000)));
        assert_eq!(gate.len(), 1);
    }
}
