//! Files from outside. `tone.*` are one second of 440 Hz, stereo, 44.1 kHz, made with sox, lame, oggenc and flac;
//! `bomb.flac` is an hour of silence.

use std::io::Cursor;
use std::time::{Duration, Instant};

use hound::{SampleFormat, WavSpec, WavWriter};
use media::{INTAKE_BYTES_MAX, Intake, IntakeError, TARGET_LUFS, intake};
use proptest::prelude::*;
use rtp::power_share;
use rtp::wav::Wav;

const MP3: &[u8] = include_bytes!("intake/tone.mp3");
const OGG: &[u8] = include_bytes!("intake/tone.ogg");
const FLAC: &[u8] = include_bytes!("intake/tone.flac");
const BOMB: &[u8] = include_bytes!("intake/bomb.flac");

/// A WAV file of 440 Hz.
fn wav(rate: u32, channels: u16, format: SampleFormat, bits: u16, milliseconds: u32) -> Vec<u8> {
    let spec = WavSpec { channels, sample_rate: rate, bits_per_sample: bits, sample_format: format };
    let mut file = Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut file, spec).unwrap();
    for n in 0..rate * milliseconds / 1_000 {
        let sample = 0.2 * (std::f32::consts::TAU * 440.0 * n as f32 / rate as f32).sin();
        for _ in 0..channels {
            match format {
                SampleFormat::Float => writer.write_sample(sample).unwrap(),
                SampleFormat::Int => writer.write_sample(scaled(sample, bits)).unwrap(),
            }
        }
    }
    writer.finalize().unwrap();
    file.into_inner()
}

#[expect(clippy::cast_possible_truncation, reason = "a sample within its bits")]
fn scaled(sample: f32, bits: u16) -> i32 {
    (sample * 2_f32.powi(i32::from(bits) - 1)) as i32
}

/// µ-law at 8 kHz, as telephone systems export it.
fn telephone() -> Vec<u8> {
    let Wav { samples, .. } = Wav::parse(&wav(8_000, 1, SampleFormat::Int, 16, 1_000)).unwrap();
    let mut file =
        b"RIFF\0\0\0\0WAVEfmt \x12\0\0\0\x07\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0\0\0data".to_vec();
    file.extend(u32::try_from(samples.len()).unwrap().to_le_bytes());
    file.extend(samples.iter().map(|sample| media::Codec::Pcmu.encode(*sample)));
    let riff = u32::try_from(file.len() - 8).unwrap().to_le_bytes();
    file[4..8].copy_from_slice(&riff);
    file
}

#[test]
fn every_format_becomes_the_same_tone_at_the_same_loudness() {
    let int = SampleFormat::Int;
    let files: [(&str, Vec<u8>); 9] = [
        ("MP3", MP3.into()),
        ("Ogg Vorbis", OGG.into()),
        ("FLAC", FLAC.into()),
        ("WAV 16 bit", wav(48_000, 2, int, 16, 1_000)),
        ("WAV 24 bit", wav(44_100, 1, int, 24, 1_000)),
        ("WAV 8 bit", wav(11_025, 1, int, 8, 1_000)),
        ("WAV float", wav(96_000, 1, SampleFormat::Float, 32, 1_000)),
        ("WAV 8 kHz", wav(8_000, 1, int, 16, 1_000)),
        ("WAV µ-law", telephone()),
    ];
    for (what, file) in files {
        let Intake { wav, length, loudness } = intake(file).unwrap_or_else(|error| panic!("{what}: {error}"));
        let Wav { rate, samples } = Wav::parse(&wav).unwrap();
        assert_eq!(rate, 8_000, "{what}");
        assert!(power_share(&samples[800..7_200], 8_000, 440.0) > 0.97, "{what}");
        assert!((950..=1_100).contains(&length.as_millis()), "{what}: {length:?}");
        assert!((-20.0..-12.0).contains(&loudness), "{what}: {loudness}");
        // What is the same for all: a sine's peak at the target, K-weighting some half a dB below 997 Hz.
        let peak = samples[800..7_200].iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        let expected = f64::from(i16::MAX) * 10_f64.powf((TARGET_LUFS + 3.01) / 20.0);
        assert!((0.9..1.25).contains(&(f64::from(peak) / expected)), "{what}: {peak}, not {expected}");
        assert_eq!(intake(wav).unwrap().length, length, "{what}: what was taken in can be taken in again");
    }
}

#[test]
fn what_is_no_sound_is_told_with_what_to_do() {
    let cases: [(&str, Vec<u8>, IntakeError); 7] = [
        ("nothing", Vec::new(), IntakeError::Empty),
        ("a text", b"This is a letter and no sound at all. ".repeat(100), IntakeError::NotAudio),
        (
            "a picture",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06".repeat(9),
            IntakeError::NotAudio,
        ),
        ("too much", vec![0; INTAKE_BYTES_MAX + 1], IntakeError::TooLarge),
        ("silence", Wav::write(8_000, &[0; 8_000]), IntakeError::Silent),
        ("no samples", Wav::write(8_000, &[]), IntakeError::NotAudio),
        ("a slow rate", wav(1_000, 1, SampleFormat::Int, 16, 1_000), IntakeError::Rate(1_000)),
    ];
    for (what, file, expected) in cases {
        let error = intake(file).unwrap_err();
        assert_eq!(error, expected, "{what}");
        let text = error.to_string();
        assert!(text.contains(';'), "{what}: says what to do, too: {text}");
    }
}

#[test]
fn a_bomb_is_left_as_soon_as_it_plays_too_long() {
    let began = Instant::now();
    assert!(BOMB.len() < 100_000);
    assert_eq!(intake(BOMB.to_vec()).unwrap_err(), IntakeError::TooLong);
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_file_that_is_cut_off_is_told_from_one_whose_writer_did_not_know_its_length() {
    for file in [wav(8_000, 1, SampleFormat::Int, 16, 1_000), FLAC.to_vec(), OGG.to_vec()] {
        let error = intake(file[..file.len() / 2].to_vec());
        assert!(matches!(error, Err(IntakeError::CutOff | IntakeError::Damaged)), "{error:?}");
    }
    let mut piped = wav(22_050, 1, SampleFormat::Int, 16, 1_000);
    let data = piped.windows(4).position(|bytes| bytes == b"data").unwrap();
    for length in [0x7fff_f000_u32, u32::MAX] {
        piped[4..8].copy_from_slice(&length.saturating_add(36).to_le_bytes());
        piped[data + 4..data + 8].copy_from_slice(&length.to_le_bytes());
        let taken = intake(piped.clone()).unwrap_or_else(|error| panic!("{length:x}: {error}"));
        assert!(taken.length == Duration::from_secs(1), "{length:x}: {:?}", taken.length);
    }
}

#[test]
fn values_that_are_no_numbers_are_refused() {
    let mut file = wav(8_000, 1, SampleFormat::Float, 32, 1_000);
    let at = file.len() - 4_000;
    for value in [f32::NAN, f32::INFINITY] {
        file[at..at + 4].copy_from_slice(&value.to_le_bytes());
        assert_eq!(intake(file.clone()).unwrap_err(), IntakeError::NotANumber);
    }
}

/// Bytes changed, cut out, doubled or put in.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let file = prop_oneof![
        Just(MP3.to_vec()),
        Just(OGG.to_vec()),
        Just(FLAC.to_vec()),
        Just(wav(8_000, 1, SampleFormat::Int, 16, 200)),
        Just(telephone()),
    ];
    // Most of what decides is in the first bytes.
    let at = prop_oneof![0..20_usize, 0..1_000_usize];
    let change = (at, 0..5_u8, any::<u8>(), 1..200_usize);
    (file, prop::collection::vec(change, 1..12)).prop_map(|(mut file, changes)| {
        for (at, kind, byte, length) in changes {
            let at = at * file.len() / 1_000;
            let end = (at + length).min(file.len());
            match kind {
                0 => file[at..].iter_mut().take(1).for_each(|old| *old = byte),
                1 => file[at..].iter_mut().take(1).for_each(|old| *old ^= 1 << (byte % 8)),
                2 => file[at..end].fill(byte),
                3 => drop(file.drain(at..end)),
                _ => {
                    let copy = file[at..end].to_vec();
                    file.splice(at..at, copy);
                }
            }
            if file.is_empty() {
                file.push(byte);
            }
        }
        file
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_breaks_the_intake_or_holds_it_up(file in damaged()) {
        let began = Instant::now();
        if let Ok(taken) = intake(file) {
            prop_assert!(Wav::parse(&taken.wav).is_ok());
            prop_assert!(taken.length <= media::INTAKE_MAX);
        }
        prop_assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
