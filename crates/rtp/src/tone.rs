//! Tones made here: call progress and the test tones of the end-to-end tests.

use core::f64::consts::TAU;
use core::time::Duration;

/// Peak of a tone, 12 dB below the largest sample: loud enough, and two of them do not clip.
const AMPLITUDE: f64 = 8_192.0;

/// One or two sines, sounding and pausing in turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Tone {
    frequencies: Vec<f64>,
    on: Duration,
    off: Duration,
}

impl Tone {
    /// A sine without pause.
    pub fn sine(frequency: f64) -> Tone {
        Tone { frequencies: vec![frequency], on: Duration::from_secs(1), off: Duration::ZERO }
    }

    /// What a caller hears while the other side rings (North American: 2 s of 6 s).
    pub fn ringback() -> Tone {
        Tone { frequencies: vec![440.0, 480.0], on: Duration::from_secs(2), off: Duration::from_secs(4) }
    }

    /// The other side is busy.
    pub fn busy() -> Tone {
        let half = Duration::from_millis(500);
        Tone { frequencies: vec![480.0, 620.0], on: half, off: half }
    }

    /// The network is busy, or the call cannot go on.
    pub fn congestion() -> Tone {
        let quarter = Duration::from_millis(250);
        Tone { frequencies: vec![480.0, 620.0], on: quarter, off: quarter }
    }

    /// The tone "after which" one speaks: 1 kHz for 400 ms.
    pub fn beep() -> Tone {
        Tone { frequencies: vec![1_000.0], on: Duration::from_millis(400), off: Duration::from_millis(200) }
    }

    /// One period of sound and pause.
    pub fn period(&self) -> Duration {
        self.on + self.off
    }

    /// The first `length` of the tone at `rate` samples a second.
    pub fn samples(&self, rate: u32, length: Duration) -> Vec<i16> {
        let period = self.period().as_secs_f64();
        let count = length.as_micros() * u128::from(rate) / 1_000_000;
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        (0..count)
            .map(|n| {
                let at = f64::from(n) / f64::from(rate.max(1));
                if period > 0.0 && at % period < self.on.as_secs_f64() { self.at(at) } else { 0 }
            })
            .collect()
    }

    fn at(&self, seconds: f64) -> i16 {
        let sum: f64 = self.frequencies.iter().map(|frequency| (TAU * frequency * seconds).sin()).sum();
        crate::resample::to_sample(sum * AMPLITUDE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_sounds_and_pauses() {
        let samples = Tone::busy().samples(8_000, Duration::from_secs(2));
        assert_eq!(samples.len(), 16_000);
        assert!(samples[..4_000].iter().any(|sample| *sample > 8_192));
        assert!(samples[4_000..8_000].iter().all(|sample| *sample == 0));
        assert_eq!(samples[..8_000], samples[8_000..]);
    }

    #[test]
    fn an_empty_tone_is_silence() {
        let tone = Tone { frequencies: vec![440.0], on: Duration::ZERO, off: Duration::ZERO };
        assert!(tone.samples(8_000, Duration::from_millis(20)).iter().all(|sample| *sample == 0));
        assert!(tone.samples(0, Duration::from_secs(1)).is_empty());
    }
}
