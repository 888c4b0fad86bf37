//! Keys as tones in the audio itself (ITU-T Q.23), for a side that knows no telephone events.
//!
//! The sound is judged in blocks of 102 samples (12.75 ms), each by eight of Goertzel's filters. Two blocks that say
//! the same make a press, two that say something else end it: a tone of 40 ms and a pause of 40 ms are always told
//! apart, as Q.24 wants it. The limits for level, twist and purity are those that Q.24 gives for North America and
//! Europe alike, where they differ the wider one.

use core::f32::consts::TAU;

/// Samples of one block.
const BLOCK: u8 = 102;
/// The tones of the rows and of the columns, Hz.
pub(crate) const ROWS: [f32; 4] = [697.0, 770.0, 852.0, 941.0];
pub(crate) const COLUMNS: [f32; 4] = [1_209.0, 1_336.0, 1_477.0, 1_633.0];
pub(crate) const KEYS: [[char; 4]; 4] =
    [['1', '2', '3', 'A'], ['4', '5', '6', 'B'], ['7', '8', '9', 'C'], ['*', '0', '#', 'D']];
/// The weakest tone that counts, as the mean square of its samples: an amplitude of 175, 45 dB below the largest.
const POWER_MIN: f32 = 175.0 * 175.0 / 2.0;
/// How much stronger the row may be than the column, and the column than the row (8 dB, 4 dB).
const TWIST: f32 = 6.3;
const REVERSE_TWIST: f32 = 2.5;
/// How much stronger a tone must be than any other of its group (8 dB).
const PEAK: f32 = 6.3;
/// The share of all power that the two tones must have: speech has less.
const PURITY: f32 = 0.82;
/// Blocks that must agree.
const AGREE: u8 = 2;

/// One of the eight filters.
#[derive(Clone, Copy, Debug, Default)]
struct Filter {
    coefficient: f32,
    last: f32,
    before: f32,
}

impl Filter {
    fn of(frequency: f32) -> Self {
        Self { coefficient: 2.0 * (TAU * frequency / 8_000.0).cos(), last: 0.0, before: 0.0 }
    }

    fn push(&mut self, sample: f32) {
        let next = sample + self.coefficient * self.last - self.before;
        (self.before, self.last) = (self.last, next);
    }

    /// The mean square of what of the block is this tone; begins anew.
    fn take(&mut self) -> f32 {
        let (last, before) = (self.last, self.before);
        (self.last, self.before) = (0.0, 0.0);
        let power = last * last + before * before - self.coefficient * last * before;
        let length = f32::from(BLOCK);
        2.0 * power / (length * length)
    }
}

/// Listens to one side, at 8 kHz.
#[derive(Clone, Debug)]
pub struct InbandReceiver {
    rows: [Filter; 4],
    columns: [Filter; 4],
    energy: f32,
    filled: u8,
    /// What the last blocks said, and how many of them.
    said: Option<char>,
    times: u8,
    /// The key that is held, as far as it has been told.
    held: Option<char>,
}

impl Default for InbandReceiver {
    fn default() -> Self {
        Self {
            rows: ROWS.map(Filter::of),
            columns: COLUMNS.map(Filter::of),
            energy: 0.0,
            filled: 0,
            said: None,
            times: 0,
            held: None,
        }
    }
}

impl InbandReceiver {
    /// Takes the next samples; `pressed` is called once for each press that begins in them.
    pub fn receive(&mut self, samples: impl IntoIterator<Item = i16>, mut pressed: impl FnMut(char)) {
        for sample in samples {
            let sample = f32::from(sample);
            self.energy += sample * sample;
            for filter in self.rows.iter_mut().chain(&mut self.columns) {
                filter.push(sample);
            }
            self.filled += 1;
            if self.filled == BLOCK
                && let Some(key) = self.block()
            {
                pressed(key);
            }
        }
    }

    /// Samples are missing: what was begun cannot be judged.
    pub fn lost(&mut self) {
        let held = self.held;
        *self = Self { held, ..Self::default() };
    }

    /// Judges a full block; the key if a press has begun with it.
    fn block(&mut self) -> Option<char> {
        let all = self.energy / f32::from(BLOCK);
        (self.filled, self.energy) = (0, 0.0);
        let (row, column) = (strongest(&mut self.rows), strongest(&mut self.columns));
        let said = key(row, column, all);
        self.times = if said == self.said { self.times.saturating_add(1) } else { 1 };
        self.said = said;
        if self.times < AGREE || said == self.held {
            return None;
        }
        self.held = said;
        said
    }
}

/// The strongest of a group, its power, and that of the next one.
fn strongest(filters: &mut [Filter; 4]) -> (usize, f32, f32) {
    let (mut at, mut best, mut next) = (0, -1.0, -1.0);
    for (index, filter) in filters.iter_mut().enumerate() {
        let power = filter.take();
        if power > best {
            (at, next, best) = (index, best, power);
        } else if power > next {
            next = power;
        }
    }
    (at, best, next)
}

fn key(row: (usize, f32, f32), column: (usize, f32, f32), all: f32) -> Option<char> {
    let ((row, low, low_next), (column, high, high_next)) = (row, column);
    let loud = low >= POWER_MIN && high >= POWER_MIN;
    let balanced = low <= high * TWIST && high <= low * REVERSE_TWIST;
    let pure = low >= low_next * PEAK && high >= high_next * PEAK && low + high >= all * PURITY;
    if loud && balanced && pure { KEYS.get(row)?.get(column).copied() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::{Progress, Tone};

    /// Two sines of these amplitudes for so many samples, then as much silence.
    fn press(low: (f64, f64), high: (f64, f64), on: u32, off: u32) -> Vec<i16> {
        let sine = |(frequency, amplitude): (f64, f64), n: u32| {
            amplitude * (core::f64::consts::TAU * frequency * f64::from(n) / 8_000.0).sin()
        };
        (0..on + off)
            .map(|n| if n < on { crate::resample::to_sample(sine(low, n) + sine(high, n)) } else { 0 })
            .collect()
    }

    fn tones(key: char) -> (f64, f64) {
        let row = KEYS.iter().position(|row| row.contains(&key)).expect("a key");
        let column = KEYS[row].iter().position(|of| *of == key).expect("a key");
        (f64::from(ROWS[row]), f64::from(COLUMNS[column]))
    }

    fn heard(sound: &[i16]) -> String {
        let mut receiver = InbandReceiver::default();
        let mut keys = String::new();
        for part in sound.chunks(160) {
            receiver.receive(part.iter().copied(), |key| keys.push(key));
        }
        keys
    }

    #[test]
    fn every_key_is_told_once_wherever_its_shortest_tone_begins() {
        for key in KEYS.concat() {
            let (low, high) = tones(key);
            for shift in 0..102 {
                let mut sound = vec![0; shift];
                for _ in 0..2 {
                    sound.extend(press((low, 4_000.0), (high, 4_000.0), 320, 320));
                }
                sound.extend(press((low, 4_000.0), (high, 4_000.0), 8_000, 320));
                assert_eq!(heard(&sound), String::from(key).repeat(3), "{shift}");
            }
        }
    }

    #[test]
    fn levels_twist_and_frequencies_are_taken_as_far_as_they_may_go() {
        let five = |low: f64, high: f64, bend: f64| {
            heard(&press((770.0 * bend, low), (1_336.0 * bend, high), 800, 320))
        };
        assert_eq!(five(250.0, 250.0, 1.0), "5", "faint");
        assert_eq!(five(15_000.0, 15_000.0, 1.0), "5", "loud");
        assert_eq!(five(8_000.0, 3_500.0, 1.0), "5", "the row 7 dB above the column");
        assert_eq!(five(3_500.0, 5_000.0, 1.0), "5", "the column 3 dB above the row");
        assert_eq!(five(4_000.0, 4_000.0, 1.015), "5", "1.5 % high");
        assert_eq!(five(4_000.0, 4_000.0, 0.985), "5", "1.5 % low");
        assert_eq!(five(100.0, 100.0, 1.0), "", "too faint");
        assert_eq!(five(12_000.0, 2_000.0, 1.0), "", "the row 15 dB above the column");
        assert_eq!(five(2_000.0, 8_000.0, 1.0), "", "the column 12 dB above the row");
        assert_eq!(five(4_000.0, 4_000.0, 1.05), "", "5 % high");
    }

    #[test]
    fn one_tone_three_tones_noise_and_call_progress_are_no_key() {
        assert_eq!(heard(&press((770.0, 8_000.0), (1_336.0, 0.0), 8_000, 0)), "");
        let mut three = press((770.0, 4_000.0), (1_336.0, 4_000.0), 8_000, 0);
        for (sample, more) in three.iter_mut().zip(press((1_000.0, 4_000.0), (0.0, 0.0), 8_000, 0)) {
            *sample += more;
        }
        assert_eq!(heard(&three), "");
        let mut state = 1_u32;
        let noise: Vec<i16> = (0..80_000)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let [_, _, low, high] = state.to_le_bytes();
                i16::from_le_bytes([low, high]) / 4
            })
            .collect();
        assert_eq!(heard(&noise), "");
        for country in crate::tone::countries() {
            for progress in [Progress::Ringback, Progress::Busy, Progress::Congestion] {
                let tone = Tone::of(country, progress);
                assert_eq!(heard(&tone.samples(8_000, tone.period() * 3)), "", "{country} {tone:?}");
            }
        }
        assert_eq!(heard(&[i16::MIN; 1_000]), "");
    }

    #[test]
    fn a_key_through_g711_is_heard_and_a_lost_packet_does_not_press_it_again() {
        let sound = press((941.0, 4_000.0), (1_477.0, 4_000.0), 1_600, 800);
        for codec in [crate::Codec::Pcmu, crate::Codec::Pcma] {
            let mut receiver = InbandReceiver::default();
            let mut keys = String::new();
            for (at, part) in sound.chunks(160).enumerate() {
                if at == 4 {
                    receiver.lost();
                    continue;
                }
                let through = part.iter().map(|sample| codec.decode(codec.encode(*sample)));
                receiver.receive(through, |key| keys.push(key));
            }
            assert_eq!(keys, "#", "{codec:?}");
        }
    }
}
