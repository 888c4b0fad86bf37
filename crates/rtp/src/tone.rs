//! Tones made here: call progress and the test tones of the end-to-end tests.

use core::f64::consts::TAU;
use core::time::Duration;

use crate::inband::{COLUMNS, KEYS, ROWS};

/// Peak of a tone, 12 dB below the largest sample: loud enough, and two of them do not clip.
const AMPLITUDE: f64 = 8_192.0;

/// One or two sines, sounding and pausing in turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Tone {
    frequencies: Vec<f64>,
    /// How long it sounds and how long it pauses, in turn, again and again.
    cadence: Vec<(Duration, Duration)>,
}

/// What a tone says of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The other side rings.
    Ringback,
    /// The other side is busy.
    Busy,
    /// The network is busy, or the call cannot go on.
    Congestion,
}

/// The frequencies of a tone, Hz, and its cadence: sound and pause in turn, milliseconds.
type Kind = (&'static [u16], &'static [u16]);

/// Ringback, busy and congestion of a country (ITU-T E.180, Supplement 2).
const COUNTRIES: [(&str, [Kind; 3]); 15] = [
    ("at", [(&[420], &[1000, 5000]), (&[420], &[400, 400]), (&[420], &[200, 200])]),
    ("au", [(&[400, 450], &[400, 200, 400, 2000]), (&[425], &[375, 375]), (&[425], &[375, 375])]),
    ("be", [(&[425], &[1000, 3000]), (&[425], &[500, 500]), (&[425], &[167, 167])]),
    ("ca", [(&[440, 480], &[2000, 4000]), (&[480, 620], &[500, 500]), (&[480, 620], &[250, 250])]),
    ("ch", [(&[425], &[1000, 4000]), (&[425], &[500, 500]), (&[425], &[200, 200])]),
    ("de", [(&[425], &[1000, 4000]), (&[425], &[480, 480]), (&[425], &[240, 240])]),
    ("es", [(&[425], &[1500, 3000]), (&[425], &[200, 200]), (&[425], &[200, 200, 200, 600])]),
    ("fr", [(&[440], &[1500, 3500]), (&[440], &[500, 500]), (&[440], &[250, 250])]),
    ("gb", [(&[400, 450], &[400, 200, 400, 2000]), (&[400], &[375, 375]), (&[400], &[400, 350, 225, 525])]),
    ("it", [(&[425], &[1000, 4000]), (&[425], &[500, 500]), (&[425], &[200, 200])]),
    ("jp", [(&[384, 416], &[1000, 2000]), (&[400], &[500, 500]), (&[400], &[500, 500])]),
    ("nl", [(&[425], &[1000, 4000]), (&[425], &[500, 500]), (&[425], &[250, 250])]),
    ("pl", [(&[425], &[1000, 4000]), (&[425], &[500, 500]), (&[425], &[500, 500])]),
    ("se", [(&[425], &[1000, 5000]), (&[425], &[250, 250]), (&[425], &[250, 750])]),
    ("us", [(&[440, 480], &[2000, 4000]), (&[480, 620], &[500, 500]), (&[480, 620], &[250, 250])]),
];

/// The countries whose tones are known, ISO 3166 in small letters.
pub fn countries() -> impl Iterator<Item = &'static str> {
    COUNTRIES.iter().map(|(country, _)| *country)
}

impl Tone {
    /// A sine without pause.
    pub fn sine(frequency: f64) -> Tone {
        Tone { frequencies: vec![frequency], cadence: vec![(Duration::from_secs(1), Duration::ZERO)] }
    }

    /// What a caller of this country (ISO 3166, small letters) hears; in one that is not known, as in the USA.
    pub fn of(country: &str, progress: Progress) -> Tone {
        let usa = COUNTRIES.iter().find(|(known, _)| *known == "us");
        let found = COUNTRIES.iter().find(|(known, _)| *known == country).or(usa);
        let kinds = found.map(|(_, kinds)| kinds);
        let kind = kinds.and_then(|kinds| match progress {
            Progress::Ringback => kinds.first(),
            Progress::Busy => kinds.get(1),
            Progress::Congestion => kinds.get(2),
        });
        let Some((frequencies, cadence)) = kind else { return Tone::sine(425.0) };
        let time = |ms: u16| Duration::from_millis(ms.into());
        Tone {
            frequencies: frequencies.iter().map(|frequency| f64::from(*frequency)).collect(),
            cadence: cadence
                .chunks_exact(2)
                .filter_map(|pair| Some((time(*pair.first()?), time(*pair.get(1)?))))
                .collect(),
        }
    }

    /// A key (ITU-T Q.23), as long as it is held; none if it is no key.
    pub fn key(key: char) -> Option<Tone> {
        let (row, column) = KEYS.iter().zip(ROWS).find_map(|(keys, row)| {
            let column = keys.iter().position(|known| *known == key.to_ascii_uppercase())?;
            Some((row, *COLUMNS.get(column)?))
        })?;
        let frequencies = vec![row.into(), column.into()];
        Some(Tone { frequencies, cadence: vec![(Duration::from_secs(1), Duration::ZERO)] })
    }

    /// The tone "after which" one speaks: 1 kHz for 400 ms.
    pub fn beep() -> Tone {
        let cadence = vec![(Duration::from_millis(400), Duration::from_millis(200))];
        Tone { frequencies: vec![1_000.0], cadence }
    }

    /// One period of sound and pause.
    pub fn period(&self) -> Duration {
        self.cadence.iter().map(|(on, off)| *on + *off).sum()
    }

    /// The first `length` of the tone at `rate` samples a second.
    pub fn samples(&self, rate: u32, length: Duration) -> Vec<i16> {
        let period = self.period().as_secs_f64();
        let count = length.as_micros() * u128::from(rate) / 1_000_000;
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        (0..count)
            .map(|n| {
                let at = f64::from(n) / f64::from(rate.max(1));
                if period > 0.0 && self.sounds(at % period) { self.at(at) } else { 0 }
            })
            .collect()
    }

    /// Whether it sounds at this moment of its period, in seconds.
    fn sounds(&self, mut at: f64) -> bool {
        for (on, off) in &self.cadence {
            if at < on.as_secs_f64() {
                return true;
            }
            at -= (*on + *off).as_secs_f64();
            if at < 0.0 {
                return false;
            }
        }
        false
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
        let samples = Tone::of("us", Progress::Busy).samples(8_000, Duration::from_secs(2));
        assert_eq!(samples.len(), 16_000);
        assert!(samples[..4_000].iter().any(|sample| *sample > 8_192));
        assert!(samples[4_000..8_000].iter().all(|sample| *sample == 0));
        assert_eq!(samples[..8_000], samples[8_000..]);
    }

    #[test]
    fn an_empty_tone_is_silence() {
        let tone = Tone { frequencies: vec![440.0], cadence: vec![] };
        assert!(tone.samples(8_000, Duration::from_millis(20)).iter().all(|sample| *sample == 0));
        assert!(tone.samples(0, Duration::from_secs(1)).is_empty());
    }

    #[test]
    fn each_country_has_its_own_cadence_and_strangers_have_that_of_the_usa() {
        let of = |country, progress| Tone::of(country, progress);
        assert_eq!(of("de", Progress::Ringback).period(), Duration::from_secs(5));
        assert_eq!(of("us", Progress::Ringback).period(), Duration::from_secs(6));
        assert_eq!(of("xx", Progress::Busy), of("us", Progress::Busy));
        // Two short rings and a pause.
        let british = of("gb", Progress::Ringback).samples(8_000, Duration::from_secs(3));
        let loud = |from: usize| british[from * 8..(from + 100) * 8].iter().any(|sample| *sample > 8_192);
        assert_eq!([50, 450, 650, 1_050, 2_500].map(loud), [true, false, true, false, false]);
        for country in countries() {
            for progress in [Progress::Ringback, Progress::Busy, Progress::Congestion] {
                let tone = of(country, progress);
                assert!(!tone.frequencies.is_empty() && !tone.cadence.is_empty(), "{country} {progress:?}");
            }
        }
    }
}
