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
    let mut resampler = Resampler::new(from, to);
    let samples: Vec<f32> = samples.iter().map(|sample| f32::from(*sample)).collect();
    let mut out = Vec::new();
    resampler.push(&samples, &mut out);
    resampler.finish(&mut out);
    out.into_iter().map(|sample| to_sample(f64::from(sample))).collect()
}

/// The same piece by piece, for what is too long to be held whole.
pub struct Resampler {
    up: u64,
    down: u64,
    filter: Filter,
    /// What later values still need of the past, after a silence before the beginning.
    kept: Vec<f32>,
    /// The place of the first of them among all samples, that silence counted.
    kept_at: u64,
    pushed: u64,
    made: u64,
}

impl Resampler {
    /// A resampler between two rates; a rate of zero is one of 1.
    pub fn new(from: u32, to: u32) -> Resampler {
        let (from, to) = (from.max(1), to.max(1));
        let divisor = gcd(from, to);
        let (up, down) = (to / divisor, from / divisor);
        let filter = Filter::new(from, to, up);
        let kept = vec![0.0; filter.reach];
        Resampler { up: up.into(), down: down.into(), filter, kept, kept_at: 0, pushed: 0, made: 0 }
    }

    /// Takes samples of the first rate and appends what can be said of the second.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.kept.extend_from_slice(samples);
        self.pushed += length(samples);
        self.make(out);
    }

    /// The end: appends the rest, as if silence followed.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        self.kept.extend(core::iter::repeat_n(0.0, self.filter.reach * 2));
        self.make(out);
    }

    fn make(&mut self, out: &mut Vec<f32>) {
        let (end, taps) = (self.pushed * self.up / self.down, self.filter.reach * 2);
        while self.made < end {
            // The window of a value begins `reach - 1` samples before it; the silence in front is one longer.
            let first = self.made * self.down / self.up + 1 - self.kept_at;
            let first = usize::try_from(first).unwrap_or(usize::MAX);
            let Some(window) = self.kept.get(first..).and_then(|rest| rest.get(..taps)) else { break };
            out.push(self.filter.at(window, self.made * self.down % self.up));
            self.made += 1;
        }
        let next = self.made * self.down / self.up + 1 - self.kept_at;
        let done = usize::try_from(next).unwrap_or(usize::MAX).min(self.kept.len());
        self.kept.drain(..done);
        self.kept_at += u64::try_from(done).unwrap_or(0);
    }
}

fn length(samples: &[f32]) -> u64 {
    u64::try_from(samples.len()).unwrap_or(0)
}

/// A number brought into the range of a sample.
pub fn to_sample(value: f64) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the range right before")]
    let sample = value.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16;
    sample
}

/// Weights by phase, each normalised to a sum of one.
struct Filter {
    /// Samples on either side of a value; its window is twice as long.
    reach: usize,
    phases: Vec<Vec<f32>>,
}

impl Filter {
    fn new(from: u32, to: u32, phases: u32) -> Filter {
        let cutoff = PASS * f64::from(from.min(to)) / f64::from(from);
        let reach = (f64::from(CROSSINGS) / cutoff).ceil();
        let taps = to_sample(reach * 2.0).max(2);
        let phases = (0..phases).map(|phase| {
            let shift = f64::from(phase) / f64::from(phases);
            let weights = (0..taps).map(|tap| f64::from(tap) - reach + 1.0 - shift);
            normal(weights.map(|at| weight(at, cutoff, reach)).collect())
        });
        Filter { reach: usize::from(taps.unsigned_abs() / 2), phases: phases.collect() }
    }

    /// The value `phase` after the sample in the middle of a window.
    fn at(&self, window: &[f32], phase: u64) -> f32 {
        let weights = usize::try_from(phase).ok().and_then(|phase| self.phases.get(phase));
        let weights = weights.map_or(&[][..], Vec::as_slice);
        window.iter().zip(weights).map(|(sample, weight)| sample * weight).sum()
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

fn normal(weights: Vec<f64>) -> Vec<f32> {
    let sum: f64 = weights.iter().sum();
    let scale = if sum == 0.0 { 1.0 } else { 1.0 / sum };
    #[expect(clippy::cast_possible_truncation, reason = "a weight needs no more than a sample has")]
    let weights = weights.into_iter().map(|weight| (weight * scale) as f32).collect();
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
    fn piece_by_piece_is_the_same_as_all_at_once() {
        for (from, to) in [(48_000, 8_000), (44_100, 8_000), (7_999, 8_000), (1_000, 8_000)] {
            let samples = Tone::sine(440.0).samples(from, Duration::from_millis(700));
            let samples: Vec<f32> = samples.into_iter().map(f32::from).collect();
            let made = |piece: usize| {
                let (mut resampler, mut out) = (Resampler::new(from, to), Vec::new());
                samples.chunks(piece).for_each(|piece| resampler.push(piece, &mut out));
                resampler.finish(&mut out);
                out
            };
            let whole = made(samples.len());
            assert!(whole.len() > 5_000, "{from}");
            assert!(made(1) == whole && made(997) == whole, "{from}");
        }
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
