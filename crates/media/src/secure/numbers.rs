//! Sequence numbers of sealed packets: those of the outlet's stream with their high part, which SRTP needs, from a start
//! of our own; and none of them twice.

use crate::window::Window;

/// The numbers of one association.
#[derive(Debug)]
pub(crate) struct Numbers {
    sequence: u64,
    stamped: Option<u16>,
    used: Window,
}

impl Numbers {
    /// Begins in the lower half, and not at its edge: no high part is to be guessed at the start (RFC 3711 3.3.1).
    pub(crate) fn new(random: u16) -> Self {
        Self { sequence: u64::from(random & 0x3fff) + 0x1000, stamped: None, used: Window::default() }
    }

    /// The whole number of a packet that the outlet has stamped so; none if it was used already. Two packets under one
    /// number would be sealed with the same key stream (RFC 3711 9.1), and the outlet gives a number again when whoever
    /// sends to it does.
    pub(crate) fn next(&mut self, stamp: u16) -> Option<u64> {
        let step = self.stamped.map_or(0, |before| stamp.wrapping_sub(before).cast_signed());
        self.stamped = Some(stamp);
        self.sequence = self.sequence.saturating_add_signed(step.into());
        if !self.used.is_new(self.sequence) {
            return None;
        }
        self.used.note(self.sequence);
        Some(self.sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_late_has_its_number_and_nothing_has_one_twice() {
        let mut numbers = Numbers::new(5);
        let first = numbers.next(65_530).unwrap();
        assert_eq!(numbers.next(65_530), None);
        assert_eq!(numbers.next(3), Some(first + 9), "over the edge");
        assert_eq!(numbers.next(65_535), Some(first + 5), "late");
        assert_eq!(numbers.next(65_535), None);
        assert_eq!(numbers.next(3), None);
        assert_eq!(numbers.next(4), Some(first + 10));
        assert_eq!(numbers.next(400), Some(first + 406));
        assert_eq!(numbers.next(5), None, "too late for it to be known");
        assert_eq!(numbers.next(401), Some(first + 407));
    }
}
