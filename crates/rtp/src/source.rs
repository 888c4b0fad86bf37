//! Whom to believe: which address may send us RTP, and where ours goes (symmetric RTP, RFC 4961).
//!
//! The address of the SDP is right at once. Behind address translation the packets come from another
//! one, which nobody has vouched for; it is believed only when it sends several consistent packets of
//! one SSRC within a short window after the negotiation, and while the signalled address is silent.
//! Then the lock closes, and nothing but a new negotiation opens it: who joins late is an intruder. Only the
//! signalled address takes its place back while the window is open: whoever is quicker than the party itself
//! has won nothing.

use core::net::SocketAddr;
use core::time::Duration;

/// How long after a negotiation an unsignalled address may be learned.
pub const LEARN_WINDOW: Duration = Duration::from_secs(3);
/// How many consistent packets in a row an unsignalled address must send.
pub const LEARN_PACKETS: u8 = 5;
/// A step in sequence up to this is consistent: a little loss must not keep a caller mute.
const LEARN_STEP_MAX: u16 = 16;

/// What to do with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// From the known source.
    Accept,
    /// From a source that has become the known one with this packet: send there from now on.
    Lock,
    /// May become the known source; not to be heard yet.
    Hold,
    /// From anybody else.
    Reject,
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    address: SocketAddr,
    ssrc: u32,
    last: u16,
    packets: u8,
}

/// The source of one endpoint.
#[derive(Clone, Debug)]
pub struct SourceLock {
    signalled: SocketAddr,
    /// The source before the last negotiation: a re-INVITE that changes nothing must not cost a packet.
    previous: Option<SocketAddr>,
    locked: Option<SocketAddr>,
    candidate: Option<Candidate>,
    open_until: Duration,
    window: Duration,
    packets: u8,
    rejected: u64,
}

impl SourceLock {
    /// A lock for a stream that the other side has said will come from `signalled`.
    pub fn new(signalled: SocketAddr, now: Duration) -> SourceLock {
        SourceLock::with_learning(signalled, now, LEARN_WINDOW, LEARN_PACKETS)
    }

    /// The same with another window and another number of packets; zero packets never learn.
    pub fn with_learning(signalled: SocketAddr, now: Duration, window: Duration, packets: u8) -> SourceLock {
        SourceLock {
            signalled: canonical(signalled),
            previous: None,
            locked: None,
            candidate: None,
            open_until: now.saturating_add(window),
            window,
            packets,
            rejected: 0,
        }
    }

    /// A new negotiation: the lock opens for one window more.
    pub fn relearn(&mut self, signalled: SocketAddr, now: Duration) {
        self.previous = self.locked.take().or(self.previous);
        let signalled = canonical(signalled);
        if signalled != self.signalled {
            self.previous = None;
        }
        self.signalled = signalled;
        self.candidate = None;
        self.open_until = now.saturating_add(self.window);
    }

    /// Judges a packet that is RTP by its form and bears a negotiated payload type.
    pub fn judge(&mut self, from: SocketAddr, ssrc: u32, sequence: u16, now: Duration) -> Verdict {
        let from = canonical(from);
        if let Some(locked) = self.locked {
            if locked == from {
                return Verdict::Accept;
            }
            let owner_is_late = from == self.signalled && now <= self.open_until;
            return if owner_is_late { self.lock(from) } else { self.reject() };
        }
        if from == self.signalled || self.previous == Some(from) {
            return self.lock(from);
        }
        if now > self.open_until || self.packets == 0 {
            return self.reject();
        }
        let packets = match self.candidate {
            Some(candidate) if candidate.continues(from, ssrc, sequence) => {
                candidate.packets.saturating_add(1)
            }
            // A second unknown sender does not throw out the first: whoever floods would win.
            Some(candidate) if candidate.address != from => return self.reject(),
            Some(_) | None => 1,
        };
        if packets >= self.packets {
            return self.lock(from);
        }
        self.candidate = Some(Candidate { address: from, ssrc, last: sequence, packets });
        Verdict::Hold
    }

    /// Where our own packets go: the known source, else the last known one, else the signalled address.
    pub fn target(&self) -> SocketAddr {
        self.locked.or(self.previous).unwrap_or(self.signalled)
    }

    /// The known source, once there is one.
    pub fn locked(&self) -> Option<SocketAddr> {
        self.locked
    }

    /// Packets of strangers so far.
    pub fn rejected(&self) -> u64 {
        self.rejected
    }

    fn lock(&mut self, from: SocketAddr) -> Verdict {
        self.locked = Some(from);
        self.previous = None;
        self.candidate = None;
        Verdict::Lock
    }

    fn reject(&mut self) -> Verdict {
        self.rejected = self.rejected.saturating_add(1);
        Verdict::Reject
    }
}

impl Candidate {
    fn continues(&self, from: SocketAddr, ssrc: u32, sequence: u16) -> bool {
        let step = sequence.wrapping_sub(self.last);
        self.address == from && self.ssrc == ssrc && (1..=LEARN_STEP_MAX).contains(&step)
    }
}

/// An IPv4 address that came through an IPv6 socket is the IPv4 address.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SDP: &str = "192.0.2.1:4000";
    const NAT: &str = "198.51.100.7:31000";
    const EVIL: &str = "203.0.113.66:6666";

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn lock() -> SourceLock {
        SourceLock::new(address(SDP), at(0))
    }

    #[test]
    fn the_signalled_address_is_right_at_once_and_at_any_time() {
        let mut lock = lock();
        assert_eq!(lock.judge(address(SDP), 1, 1, at(60_000)), Verdict::Lock);
        assert_eq!(lock.judge(address(SDP), 2, 900, at(60_020)), Verdict::Accept);
        assert_eq!(lock.judge(address(EVIL), 1, 2, at(60_020)), Verdict::Reject);
        assert_eq!((lock.target(), lock.rejected()), (address(SDP), 1));
    }

    #[test]
    fn a_translated_address_is_learned_from_consistent_packets() {
        let mut lock = lock();
        for sequence in 1..5 {
            assert_eq!(lock.judge(address(NAT), 1, sequence, at(20)), Verdict::Hold);
            assert_eq!(lock.target(), address(SDP), "nothing is sent to a stranger");
        }
        assert_eq!(lock.judge(address(NAT), 1, 6, at(120)), Verdict::Lock);
        assert_eq!(lock.target(), address(NAT));
        let stranger = lock.judge(address(EVIL), 1, 7, at(140));
        assert_eq!(stranger, Verdict::Reject, "the lock does not move to who was not signalled");
        assert_eq!(lock.judge(address(SDP), 1, 7, at(3_001)), Verdict::Reject, "nor late");
    }

    #[test]
    fn who_was_signalled_takes_the_lock_from_a_quicker_stranger() {
        let mut lock = lock();
        for sequence in 1..6 {
            lock.judge(address(EVIL), 1, sequence, at(20));
        }
        assert_eq!(lock.locked(), Some(address(EVIL)));
        assert_eq!(lock.judge(address(SDP), 2, 1, at(300)), Verdict::Lock);
        assert_eq!(lock.judge(address(EVIL), 1, 7, at(320)), Verdict::Reject);
        assert_eq!(lock.target(), address(SDP));
    }

    #[test]
    fn a_sprayer_is_not_learned() {
        let mut lock = lock();
        for n in 0..200_u16 {
            lock.judge(address(EVIL), u32::from(n), n, at(20));
        }
        for n in 0..200_u16 {
            lock.judge(address(EVIL), 1, n.wrapping_mul(7_919), at(20));
        }
        assert_eq!(lock.locked(), None);
        assert_eq!(lock.judge(address(SDP), 1, 1, at(40)), Verdict::Lock);
    }

    #[test]
    fn nobody_is_learned_after_the_window() {
        let mut lock = lock();
        for sequence in 1..20 {
            assert_eq!(lock.judge(address(NAT), 1, sequence, at(3_001)), Verdict::Reject);
        }
        lock.relearn(address(SDP), at(4_000));
        for sequence in 20..24 {
            assert_eq!(lock.judge(address(NAT), 1, sequence, at(4_100)), Verdict::Hold);
        }
        assert_eq!(lock.judge(address(NAT), 1, 24, at(4_100)), Verdict::Lock);
    }

    #[test]
    fn a_new_negotiation_of_the_same_address_keeps_the_known_source() {
        let mut lock = lock();
        for sequence in 1..6 {
            lock.judge(address(NAT), 1, sequence, at(20));
        }
        lock.relearn(address(SDP), at(9_000));
        assert_eq!(lock.target(), address(NAT));
        assert_eq!(lock.judge(address(NAT), 1, 7, at(9_020)), Verdict::Lock);
        lock.relearn(address(EVIL), at(10_000));
        assert_eq!(lock.target(), address(EVIL), "another address is another place");
    }

    #[test]
    fn a_mapped_address_is_its_plain_one() {
        let mut lock = lock();
        let mapped = address("[::ffff:192.0.2.1]:4000");
        assert_eq!(lock.judge(mapped, 1, 1, at(0)), Verdict::Lock);
    }
}
