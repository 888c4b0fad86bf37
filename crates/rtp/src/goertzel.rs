//! How much of a sound is one tone: Goertzel's algorithm, for tests that listen to a call.

use core::f64::consts::TAU;

/// The share of all power that lies at `frequency`, 0.0 to 1.0; 0.0 for silence.
///
/// The sound is cut into blocks of 100 ms, each judged alone, so that a lost packet or a step in phase
/// costs only the block it falls into.
pub fn power_share(samples: &[i16], rate: u32, frequency: f64) -> f64 {
    let block = usize::try_from(rate / 10).unwrap_or(1).max(1);
    let (mut tone, mut total) = (0.0, 0.0);
    for samples in samples.chunks_exact(block) {
        tone += tone_power(samples, rate, frequency);
        total += samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
    }
    if total > 0.0 { (tone / total).min(1.0) } else { 0.0 }
}

/// The energy of a sine of `frequency` in one block, in the same unit as the sum of squares.
fn tone_power(samples: &[i16], rate: u32, frequency: f64) -> f64 {
    let coefficient = 2.0 * (TAU * frequency / f64::from(rate)).cos();
    let (mut before, mut last) = (0.0, 0.0);
    for sample in samples {
        let next = f64::from(*sample) + coefficient * last - before;
        before = last;
        last = next;
    }
    let power = last * last + before * before - coefficient * last * before;
    let length = samples.len().max(1);
    2.0 * power / f64::from(u32::try_from(length).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::{Progress, Tone};
    use core::time::Duration;

    #[test]
    fn a_tone_is_itself_and_no_other() {
        let samples = Tone::sine(440.0).samples(8_000, Duration::from_secs(1));
        assert!(power_share(&samples, 8_000, 440.0) > 0.99);
        assert!(power_share(&samples, 8_000, 1_000.0) < 0.01);
    }

    #[test]
    fn two_tones_share_the_power() {
        let samples = Tone::of("us", Progress::Busy).samples(8_000, Duration::from_millis(500));
        let shares = [power_share(&samples, 8_000, 480.0), power_share(&samples, 8_000, 620.0)];
        assert!(shares.iter().all(|share| (0.45..0.55).contains(share)), "{shares:?}");
    }

    #[test]
    fn silence_is_no_tone() {
        assert!(power_share(&[0; 8_000], 8_000, 440.0) == 0.0);
        assert!(power_share(&[], 8_000, 440.0) == 0.0);
        assert!(power_share(&[1; 10], 0, 440.0).is_finite());
    }
}
