//! Chance with a seed: the same seed gives the same callers, under whatever provisioning they call.

/// Microseconds of a second.
pub(crate) const SECOND: f64 = 1_000_000.0;
/// The longest time that is ever drawn, microseconds: a thousand years, far from where sums could wrap.
const LONGEST: f64 = 3.2e16;

/// A generator of the xoshiro256++ kind, seeded through SplitMix64; for statistics, for nothing secret.
#[derive(Clone, Debug)]
pub struct Chance([u64; 4]);

impl Chance {
    /// The generator number `stream` of `seed`; two streams of one seed are independent.
    #[must_use]
    pub const fn new(seed: u64, stream: u64) -> Self {
        let mut at = mix(seed ^ 0x9E37_79B9_7F4A_7C15).wrapping_add(mix(stream));
        let mut state = [0; 4];
        let mut index = 0;
        while index < state.len() {
            at = at.wrapping_add(0x9E37_79B9_7F4A_7C15);
            state[index] = mix(at);
            index += 1;
        }
        Self(state)
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.0;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c_a, d_b) = (c ^ a, d ^ b);
        self.0 = [a ^ d_b, b ^ c_a, c_a ^ (b << 17), d_b.rotate_left(45)];
        result
    }

    /// Evenly between 0 (inclusive) and 1 (exclusive).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// An exponentially distributed number with this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (-self.unit()).ln_1p()
    }

    /// Exponentially distributed microseconds with a mean of so many seconds.
    pub fn micros(&mut self, mean_seconds: f64) -> i64 {
        micros(self.exponential(mean_seconds))
    }
}

/// Seconds as whole microseconds, at least 0.
#[expect(clippy::cast_possible_truncation, reason = "clamped to what fits before")]
pub(crate) fn micros(seconds: f64) -> i64 {
    (seconds * SECOND).round().clamp(0.0, LONGEST) as i64
}

const fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_the_published_sequence() {
        // The first outputs of xoshiro256++ from the state 1, 2, 3, 4, as its authors' programme prints them.
        let mut chance = Chance([1, 2, 3, 4]);
        let first: Vec<u64> = (0..4).map(|_| chance.bits()).collect();
        assert_eq!(first, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn drawn_times_have_the_mean_and_the_spread_of_the_exponential() {
        let mut chance = Chance::new(7, 1);
        let draws: Vec<f64> = (0..100_000).map(|_| chance.exponential(3.0)).collect();
        let mean = draws.iter().sum::<f64>() / 100_000.0;
        let square = draws.iter().map(|draw| draw * draw).sum::<f64>() / 100_000.0;
        assert!((mean - 3.0).abs() < 0.04, "{mean}");
        assert!((square - 18.0).abs() < 0.6, "{square}");
        assert_ne!(Chance::new(7, 1).bits(), Chance::new(7, 2).bits());
    }
}
