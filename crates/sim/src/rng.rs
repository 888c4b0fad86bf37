//! Chance with a seed: small, and the same on every machine.

use std::time::Duration;

/// SplitMix64. Equal seeds draw equal numbers, whatever the machine.
#[derive(Clone, Debug)]
pub struct Chance(u64);

/// One step of SplitMix64's finaliser: every bit of the input moves every bit of the output.
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Chance {
    /// A generator of its own for one matter (`about`) of one seed, so that what is drawn for one thing does not
    /// depend on how much was drawn for another. Shrinking rests on that.
    #[must_use]
    pub const fn about(seed: u64, about: u64) -> Self {
        Self(mix(seed ^ 0x5DEE_CE66_D1CE_4E5B).wrapping_add(mix(about.wrapping_add(0x9E37_79B9_7F4A_7C15))))
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number below `end`; 0 if `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.draw() % end.max(1)
    }

    /// A number of `from..=to`.
    pub fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to.saturating_sub(from).saturating_add(1))
    }

    /// True once in `n`.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of a list; none if it is empty.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        let at = usize::try_from(self.below(u64::try_from(of.len()).unwrap_or(0))).unwrap_or(0);
        of.get(at).copied()
    }

    /// A time below `ms` milliseconds. One in eight is whole seconds, so that clocks meet.
    pub fn millis(&mut self, ms: u64) -> Duration {
        let drawn = self.below(ms);
        if self.one_in(8) { Duration::from_secs(drawn / 1_000) } else { Duration::from_millis(drawn) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_draw_equal_numbers_and_matters_are_apart() {
        let draws = |seed, about| {
            let mut chance = Chance::about(seed, about);
            [chance.draw(), chance.draw(), chance.draw()]
        };
        assert_eq!(draws(7, 1), draws(7, 1));
        assert_ne!(draws(7, 1), draws(7, 2));
        assert_ne!(draws(7, 1), draws(8, 1));
    }

    #[test]
    fn what_is_drawn_between_two_bounds_reaches_both() {
        let mut chance = Chance::about(1, 1);
        let drawn: std::collections::BTreeSet<u64> = (0..200).map(|_| chance.between(3, 6)).collect();
        assert_eq!(drawn, (3..=6).collect());
        assert_eq!(chance.pick::<u8>(&[]), None);
        assert_eq!(chance.below(0), 0);
    }
}
