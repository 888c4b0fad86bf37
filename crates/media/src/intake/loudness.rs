//! All sounds equally loud: the integrated loudness of ITU-R BS.1770-4 as EBU R 128 uses it, and a limiter for peaks.

use std::collections::VecDeque;

use ebur128::{EbuR128, Mode};
use rtp::RATE;

/// How loud every sound is made, in LUFS: as loud as the built-in voice, which is as loud as a person who speaks well
/// into a phone.
pub const TARGET_LUFS: f64 = -21.0;
/// No louder than this, against full scale: what lies between two samples may be a little higher.
const PEAK: f32 = 0.7;
/// The most that a quiet sound is raised, in dB: more would raise its noise to speech.
const GAIN_MAX_DB: f64 = 30.0;
/// Quieter than this is silence to the standard, in LUFS.
const SILENCE_LUFS: f64 = -70.0;
/// Samples before and after a peak over which the limiter gives way: 5 ms.
const REACH: usize = 40;
/// The standard measures blocks of 400 ms; what is shorter is measured as if it went on so long, in samples.
const MEASURED_MIN: usize = 8_000;

/// Brings samples at 8 kHz to the target. Says how loud they were; `None` if they are silent.
pub(super) fn normalise(samples: &mut [f32]) -> Option<f64> {
    let before = measure(samples).filter(|loudness| *loudness > SILENCE_LUFS)?;
    raise(samples, (TARGET_LUFS - before).min(GAIN_MAX_DB));
    limit(samples);
    Some(before)
}

/// The integrated loudness in LUFS.
fn measure(samples: &[f32]) -> Option<f64> {
    if samples.is_empty() {
        return None;
    }
    let mut meter = EbuR128::new(1, RATE, Mode::I).ok()?;
    let rounds = MEASURED_MIN.div_ceil(samples.len());
    for _ in 0..rounds {
        meter.add_frames_f32(samples).ok()?;
    }
    meter.loudness_global().ok()
}

fn raise(samples: &mut [f32], db: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "a factor of at most a thousand")]
    let factor = 10_f64.powf(db / 20.0) as f32;
    for sample in samples {
        *sample *= factor;
    }
}

/// Lowers what is above the peak, softly. The gain that each sample needs is held over its surroundings and then
/// averaged over the same stretch: so it moves slowly and is nowhere higher than what is needed.
fn limit(samples: &mut [f32]) {
    let needed = |sample: f32| if sample.abs() > PEAK { PEAK / sample.abs() } else { 1.0 };
    if samples.iter().all(|sample| sample.abs() <= PEAK) {
        return;
    }
    let gains: Vec<f32> = samples.iter().map(|sample| needed(*sample)).collect();
    let held = lowest_around(&gains);
    drop(gains);
    #[expect(clippy::cast_precision_loss, reason = "81")]
    let width = (2 * REACH + 1) as f64;
    let at = |index: usize| f64::from(held.get(index).copied().unwrap_or(1.0));
    let mut sum: f64 = (0..REACH).map(at).sum::<f64>() + usize_to_f64(REACH + 1);
    for (index, sample) in samples.iter_mut().enumerate() {
        sum += at(index + REACH) - index.checked_sub(REACH + 1).map_or(1.0, at);
        #[expect(clippy::cast_possible_truncation, reason = "a mean of factors up to one")]
        let gain = (sum / width) as f32;
        *sample *= gain;
    }
}

fn usize_to_f64(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

/// For each value the lowest within reach of it.
fn lowest_around(values: &[f32]) -> Vec<f32> {
    let mut lowest = Vec::with_capacity(values.len());
    // Places in order, their values rising: the first is the lowest in reach.
    let mut candidates: VecDeque<usize> = VecDeque::new();
    let value = |index: &usize| values.get(*index).copied().unwrap_or(1.0);
    for end in 0..values.len() + REACH {
        if end < values.len() {
            while candidates.back().is_some_and(|last| value(last) >= value(&end)) {
                candidates.pop_back();
            }
            candidates.push_back(end);
        }
        let Some(middle) = end.checked_sub(REACH) else { continue };
        while candidates.front().is_some_and(|first| first + REACH < middle) {
            candidates.pop_front();
        }
        lowest.push(candidates.front().map_or(1.0, value));
    }
    lowest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(frequency: f32, amplitude: f32, samples: usize) -> Vec<f32> {
        let step = std::f32::consts::TAU * frequency / 8_000.0;
        (0..samples).map(|n| amplitude * (step * n as f32).sin()).collect()
    }

    #[test]
    fn a_tone_of_a_known_loudness_is_measured_as_such() {
        // BS.1770: a full-scale sine of 997 Hz on one channel measures -3.01 LUFS.
        let full = measure(&tone(997.0, 1.0, 80_000)).unwrap();
        assert!((full + 3.01).abs() < 0.1, "{full}");
        let tenth = measure(&tone(997.0, 0.1, 80_000)).unwrap();
        assert!((tenth + 23.01).abs() < 0.1, "{tenth}");
        let short = measure(&tone(997.0, 0.1, 800)).unwrap();
        assert!((short + 23.01).abs() < 0.5, "{short}");
    }

    #[test]
    fn loud_and_quiet_come_out_the_same() {
        for amplitude in [0.9, 0.1, 0.01] {
            let mut samples = tone(997.0, amplitude, 80_000);
            normalise(&mut samples).unwrap();
            let after = measure(&samples).unwrap();
            assert!((after - TARGET_LUFS).abs() < 0.2, "{amplitude}: {after}");
        }
    }

    #[test]
    fn silence_is_told_and_a_whisper_is_raised_so_far_and_no_further() {
        assert_eq!(normalise(&mut [0.0; 10_000]), None);
        assert_eq!(normalise(&mut []), None);
        let mut whisper = tone(997.0, 0.001, 80_000);
        let before = normalise(&mut whisper).unwrap();
        let after = measure(&whisper).unwrap();
        assert!((after - before - GAIN_MAX_DB).abs() < 0.2, "{before} {after}");
    }

    #[test]
    fn no_peak_is_left_and_what_is_far_from_one_is_untouched() {
        let mut samples = tone(500.0, 0.3, 4_000);
        samples[2_000] = 5.0;
        samples[2_003] = -40.0;
        let untouched = samples.clone();
        limit(&mut samples);
        assert!(samples.iter().all(|sample| sample.abs() <= PEAK * 1.0001));
        let far = 2 * REACH + 10;
        assert_eq!(samples[..2_000 - far], untouched[..2_000 - far]);
        assert_eq!(samples[2_003 + far..], untouched[2_003 + far..]);
        assert!(samples[2_003].abs() > 0.6, "the peak itself stays the loudest");
    }
}
