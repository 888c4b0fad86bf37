//! From any rate to another, once, at load: a windowed sinc, one set of weights for each phase.
//!
//! Rates that share a divisor share phases: 44,100 to 8,000 needs 80 of them.

use core::f64::consts::PI;

/// Zero crossings on either side of the middle: 16 put what would fold back some 60 dB down.
const CROSSINGS: u32 = 16;
/// Share of the lower rate's band that is let through; the rest is the filter's slope.
const PASS: f64 = 0.92;

/// `samples` of rate `from` at rate `to`. Rates of zero give nothing.
pub fn resample(samples: &[i16], from: u32, to: u32) -> Vec<i16> {
    if from == 0 || to == 0 {
        return Vec::new();
    }
    if from == to {
        return samples.to_vec();
    }
    let divisor = gcd(from, to);
    let (up, down) = (u64::from(to / divisor), u64::from(from / divisor));
    let filter = Filter::new(from, to, up);
    let length = u64::try_from(samples.len()).unwrap_or(0) * up / down;
    (0..length).map(|n| filter.at(samples, n * down / up, n * down % up)).collect()
}

/// A number brought into the range of a sample.
pub fn to_sample(value: f64) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the range right before")]
    let sample = value.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16;
    sample
}

/// Weights by phase, each normalised to a sum of one.
struct Filter {
    reach: u64,
    phases: Vec<Vec<f64>>,
}

impl Filter {
    fn new(from: u32, to: u32, phases: u64) -> Filter {
        let cutoff = PASS * f64::from(from.min(to)) / f64::from(from);
        let reach = (f64::from(CROSSINGS) / cutoff).ceil();
        let phase_count = u32::try_from(phases).unwrap_or(1);
        let taps = crate::resample::to_sample(reach * 2.0).max(2);
        let phases = (0..phase_count).map(|phase| {
            let shift = f64::from(phase) / f64::from(phase_count);
            let weights = (0..taps).map(|tap| f64::from(tap) - reach + 1.0 - shift);
            normal(weights.map(|at| weight(at, cutoff, reach)).collect())
        });
        Filter { reach: u64::from(to_sample(reach).unsigned_abs()), phases: phases.collect() }
    }

    /// The value `phase` after the sample at `index`.
    fn at(&self, samples: &[i16], index: u64, phase: u64) -> i16 {
        let weights = usize::try_from(phase).ok().and_then(|phase| self.phases.get(phase));
        let Some(weights) = weights else { return 0 };
        // Before the beginning and after the end there is silence.
        let first = (index + 1).checked_sub(self.reach);
        let skipped = if first.is_some() { 0 } else { self.reach - index - 1 };
        let (first, skipped) = (
            usize::try_from(first.unwrap_or(0)).unwrap_or(usize::MAX),
            usize::try_from(skipped).unwrap_or(usize::MAX),
        );
        let heard = samples.get(first..).unwrap_or(&[]);
        let weights = weights.get(skipped..).unwrap_or(&[]);
        to_sample(heard.iter().zip(weights).map(|(sample, weight)| f64::from(*sample) * weight).sum())
    }
}

fn weight(at: f64, cutoff: f64, reach: f64) -> f64 {
    if at.abs() >= reach {
        return 0.0;
    }
    let angle = PI * at * cutoff;
    let sinc = if angle.abs() < 1e-9 { 1.0 } else { angle.sin() / angle };
    // Blackman's window.
    let place = PI * at / reach;
    sinc * (0.42 + 0.5 * place.cos() + 0.08 * (2.0 * place).cos())
}

fn normal(mut weights: Vec<f64>) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    if sum != 0.0 {
        for weight in &mut weights {
            *weight /= sum;
        }
    }
    weights
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goertzel::power_share;
    use crate::tone::Tone;
    use core::time::Duration;

    #[test]
    fn a_tone_keeps_its_pitch_length_and_level_from_every_rate() {
        for rate in [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000] {
            let samples = Tone::sine(1_000.0).samples(rate, Duration::from_secs(1));
            let low = resample(&samples, rate, 8_000);
            assert!((7_999..=8_000).contains(&low.len()), "{rate}: {}", low.len());
            assert!(power_share(&low, 8_000, 1_000.0) > 0.99, "{rate}");
            let peak = low[200..7_800].iter().map(|sample| sample.unsigned_abs()).max().unwrap();
            assert!((8_000..8_400).contains(&peak), "{rate}: {peak}");
        }
    }

    #[test]
    fn what_is_above_the_band_does_not_fold_back() {
        let samples = Tone::sine(5_500.0).samples(48_000, Duration::from_secs(1));
        let low = resample(&samples, 48_000, 8_000);
        let peak = low[200..7_800].iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert!(peak < 20, "{peak}");
    }

    #[test]
    fn odd_input_gives_an_answer() {
        assert!(resample(&[], 44_100, 8_000).is_empty());
        assert!(resample(&[1, 2, 3], 0, 8_000).is_empty());
        assert_eq!(resample(&[5], 8_000, 8_000), [5]);
        assert_eq!(resample(&[100; 3], 48_000, 8_000).len(), 0);
        assert_eq!(resample(&[100; 7], 7_999, 8_000).len(), 7);
    }
}
