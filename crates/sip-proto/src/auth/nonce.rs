//! Nonces that need no memory until somebody has used one rightly.
//!
//! A nonce is `time ‖ number ‖ tag` in base64, the tag an HMAC-SHA256 with the server's secret over
//! time, number and the network the request came from. A used nonce has an entry with the highest
//! `nc` seen and the 64 below it; the table is bounded, and what falls out is not forgotten: nonces
//! as old as an entry that fell out count as stale.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::Moment;

const TIME_BYTES: usize = 8;
const ID_BYTES: usize = 8;
/// Half of the HMAC: 128 bits are beyond guessing and keep a 401 short.
const TAG_BYTES: usize = 16;
const NONCE_BYTES: usize = TIME_BYTES + ID_BYTES + TAG_BYTES;
/// Length of a nonce as text.
const NONCE_CHARS: usize = (NONCE_BYTES * 4).div_ceil(3);
/// How far behind the highest `nc` a request may arrive: pipelined requests over UDP change order.
const COUNT_WINDOW: u32 = 64;

/// A nonce of ours, proved by its tag and not too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NonceKey {
    issued: Moment,
    id: u64,
}

pub(super) struct Nonces {
    key: Hmac<Sha256>,
    seed: u64,
    issued_count: u64,
    fresh_for: Duration,
    used: BTreeMap<NonceKey, Counts>,
    used_max: usize,
    /// Nonces issued up to here without an entry are stale: their count may have been forgotten.
    forgotten_to: Option<Moment>,
}

#[derive(Clone, Copy)]
struct Counts {
    highest: u32,
    /// Bit n: `highest - n` was seen.
    seen: u64,
}

impl Nonces {
    pub(super) fn new(secret: &[u8; 32], seed: u64, fresh_for: Duration, used_max: usize) -> Self {
        // A key is filled up with zeros to the size of a block, so this is the key itself.
        let mut block = [0; 64];
        block[..secret.len()].copy_from_slice(secret);
        Self {
            key: Hmac::<Sha256>::new(&block.into()),
            seed,
            issued_count: 0,
            fresh_for,
            used: BTreeMap::new(),
            used_max: used_max.max(1),
            forgotten_to: None,
        }
    }

    pub(super) fn issue(&mut self, source: IpAddr, now: Moment) -> String {
        self.issued_count = self.issued_count.wrapping_add(1);
        let id = scrambled(self.seed.wrapping_add(self.issued_count));
        let key = NonceKey { issued: now, id };
        let mut bytes = [0; NONCE_BYTES];
        bytes[..TIME_BYTES].copy_from_slice(&now.0.to_be_bytes());
        bytes[TIME_BYTES..TIME_BYTES + ID_BYTES].copy_from_slice(&id.to_be_bytes());
        bytes[TIME_BYTES + ID_BYTES..].copy_from_slice(&self.tag(key, source));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A nonce we gave to this network within the window, else `None`.
    pub(super) fn check(&self, nonce: &str, source: IpAddr, now: Moment) -> Option<NonceKey> {
        if nonce.len() != NONCE_CHARS {
            return None;
        }
        // The decoder asks for room by an estimate, which is rounded up.
        let mut bytes = [0; NONCE_BYTES + 3];
        let decoded = URL_SAFE_NO_PAD.decode_slice(nonce, &mut bytes).ok()?;
        if decoded != NONCE_BYTES {
            return None;
        }
        let issued = Moment(u64::from_be_bytes(bytes.first_chunk().copied()?));
        let id = u64::from_be_bytes(bytes[TIME_BYTES..].first_chunk().copied()?);
        let key = NonceKey { issued, id };
        let tag = bytes.get(TIME_BYTES + ID_BYTES..NONCE_BYTES)?;
        let genuine: bool = self.tag(key, source).as_slice().ct_eq(tag).into();
        let fresh = issued <= now && now.saturating_since(issued) <= self.fresh_for;
        (genuine && fresh).then_some(key)
    }

    /// True when this count was not used with this nonce and may be used now.
    pub(super) fn is_unused(&self, key: NonceKey, count: u32) -> bool {
        if count == 0 {
            return false;
        }
        match self.used.get(&key) {
            None => self.forgotten_to.is_none_or(|to| key.issued > to),
            Some(counts) if count > counts.highest => true,
            Some(counts) => {
                let behind = counts.highest - count;
                behind < COUNT_WINDOW && counts.seen & (1 << behind) == 0
            }
        }
    }

    /// Remembers a count that came with the right response. Makes room by dropping the oldest.
    pub(super) fn mark(&mut self, key: NonceKey, count: u32, now: Moment) {
        self.forget_expired(now);
        if let Some(counts) = self.used.get_mut(&key) {
            counts.mark(count);
            return;
        }
        if self.used.len() >= self.used_max
            && let Some((oldest, _)) = self.used.pop_first()
        {
            self.forgotten_to = self.forgotten_to.max(Some(oldest.issued));
        }
        self.used.insert(key, Counts { highest: count, seen: 1 });
    }

    /// How many nonces have an entry.
    pub(super) fn used_len(&self) -> usize {
        self.used.len()
    }

    /// An expired nonce is stale by its time, so its entry can go. At most two a call: entries are
    /// added one a call, so the table shrinks back without a pause.
    fn forget_expired(&mut self, now: Moment) {
        for _ in 0..2 {
            match self.used.first_entry() {
                Some(entry) if now.saturating_since(entry.key().issued) > self.fresh_for => entry.remove(),
                Some(_) | None => return,
            };
        }
    }

    fn tag(&self, key: NonceKey, source: IpAddr) -> [u8; TAG_BYTES] {
        let mut mac = self.key.clone();
        mac.update(&key.issued.0.to_be_bytes());
        mac.update(&key.id.to_be_bytes());
        mac.update(&network(source));
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&whole[..TAG_BYTES]);
        tag
    }
}

impl Counts {
    fn mark(&mut self, count: u32) {
        if count > self.highest {
            let ahead = count - self.highest;
            self.seen = self.seen.checked_shl(ahead).unwrap_or(0) | 1;
            self.highest = count;
        } else if self.highest - count < COUNT_WINDOW {
            self.seen |= 1 << (self.highest - count);
        }
    }
}

/// The network a nonce is bound to: /24 for IPv4, /48 for IPv6, as phones move inside those.
fn network(source: IpAddr) -> [u8; 7] {
    let mut class = [0; 7];
    match source.to_canonical() {
        IpAddr::V4(v4) => {
            class[0] = 4;
            class[1..4].copy_from_slice(&v4.octets()[..3]);
        }
        IpAddr::V6(v6) => {
            class[0] = 6;
            class[1..].copy_from_slice(&v6.octets()[..6]);
        }
    }
    class
}

/// The finaliser of splitmix64: one to one, so numbers never repeat, and their order is not shown.
fn scrambled(n: u64) -> u64 {
    let n = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 10));

    fn nonces(used_max: usize) -> Nonces {
        Nonces::new(&[7; 32], 1, Duration::from_secs(300), used_max)
    }

    #[test]
    fn a_nonce_is_good_from_its_network_until_the_window_ends() {
        let mut nonces = nonces(10);
        let start = Moment(5_000_000);
        let nonce = nonces.issue(HERE, start);
        assert_eq!(nonce.len(), NONCE_CHARS);
        assert!(nonces.check(&nonce, HERE, start).is_some());
        assert!(nonces.check(&nonce, IpAddr::from([192, 0, 2, 77]), start).is_some());
        assert!(nonces.check(&nonce, IpAddr::from([192, 0, 3, 10]), start).is_none());
        assert!(nonces.check(&nonce, HERE, start + Duration::from_secs(300)).is_some());
        assert!(nonces.check(&nonce, HERE, start + Duration::from_secs(301)).is_none());
        assert!(nonces.check(&nonce, HERE, Moment(4_999_999)).is_none());
    }

    #[test]
    fn no_changed_character_passes() {
        let mut nonces = nonces(10);
        let nonce = nonces.issue(HERE, Moment(9));
        for at in 0..nonce.len() {
            let mut other = nonce.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            assert!(nonces.check(&other, HERE, Moment(9)).is_none(), "position {at}");
        }
    }

    #[test]
    fn a_count_is_good_once_and_within_the_window_in_any_order() {
        let mut nonces = nonces(10);
        let now = Moment(9);
        let key = {
            let nonce = nonces.issue(HERE, now);
            nonces.check(&nonce, HERE, now).unwrap()
        };
        assert!(!nonces.is_unused(key, 0));
        for count in [1, 3, 2, 100, 40] {
            assert!(nonces.is_unused(key, count), "{count}");
            nonces.mark(key, count, now);
            assert!(!nonces.is_unused(key, count), "{count} again");
        }
        assert!(!nonces.is_unused(key, 36), "64 behind");
        assert!(nonces.is_unused(key, 37), "63 behind");
        nonces.mark(key, u32::MAX, now);
        assert!(!nonces.is_unused(key, 101));
    }

    #[test]
    fn what_fell_out_of_a_full_table_is_stale_and_not_new() {
        let mut nonces = nonces(2);
        let keys: Vec<NonceKey> = (1..=3)
            .map(|second| {
                let now = Moment(second * 1_000_000);
                let nonce = nonces.issue(HERE, now);
                nonces.check(&nonce, HERE, now).unwrap()
            })
            .collect();
        for key in &keys {
            nonces.mark(*key, 1, Moment(3_000_000));
        }
        assert_eq!(nonces.used_len(), 2);
        assert!(!nonces.is_unused(keys[0], 2));
        assert!(nonces.is_unused(keys[1], 2));
    }

    #[test]
    fn entries_of_expired_nonces_leave_the_table() {
        let mut nonces = nonces(1000);
        for second in 0..10_u64 {
            let now = Moment(second * 1_000_000);
            let nonce = nonces.issue(HERE, now);
            let key = nonces.check(&nonce, HERE, now).unwrap();
            nonces.mark(key, 1, now);
        }
        for second in 1000..1010_u64 {
            let now = Moment(second * 1_000_000);
            let nonce = nonces.issue(HERE, now);
            let key = nonces.check(&nonce, HERE, now).unwrap();
            nonces.mark(key, 1, now);
        }
        assert_eq!(nonces.used_len(), 10);
    }
}
