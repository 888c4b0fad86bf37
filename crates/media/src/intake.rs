//! A sound file from outside (WAV, FLAC, Ogg Vorbis, MP3) to what is played: 8 kHz, mono, of one loudness.
//!
//! The file is decoded piece by piece and never held whole as sound at its own rate, so that what a small file
//! unpacks to is bounded by the time it plays. It is work for a thread that may block: some seconds for a long one.

mod decode;
mod loudness;

use std::time::Duration;

use rtp::RATE;
use rtp::resample::to_sample;
use rtp::wav::Wav;

pub use loudness::TARGET_LUFS;

/// Bytes of a file that is taken in.
pub const INTAKE_BYTES_MAX: usize = 20 << 20;
/// How long a sound may be.
pub const INTAKE_MAX: Duration = Duration::from_secs(20 * 60);

/// A sound as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    /// A WAV file: 16-bit PCM, 8 kHz, mono.
    pub wav: Vec<u8>,
    /// How long it plays.
    pub length: Duration,
    /// How loud the file was, in LUFS (ITU-R BS.1770, integrated); it is [`TARGET_LUFS`] now, unless that would have
    /// made a whisper's noise loud.
    pub loudness: f64,
}

/// Why a file was not taken in, in words for whoever chose it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// More than 20 MiB.
    #[error(
        "the file is larger than {} MiB; save it as Ogg Vorbis or MP3, or cut it",
        INTAKE_BYTES_MAX >> 20
    )]
    TooLarge,
    /// No file at all.
    #[error("the file is empty; choose a WAV, FLAC, Ogg Vorbis or MP3 file")]
    Empty,
    /// None of the formats.
    #[error("the file is no sound of a known format; save it as WAV, FLAC, Ogg Vorbis or MP3")]
    NotAudio,
    /// A known container with something else in it, or a variant that is not understood.
    #[error("this kind of sound is not understood ({0}); save it as WAV with 16-bit PCM")]
    Unsupported(String),
    /// A rate that no microphone has.
    #[error("its rate of {0} samples a second is not usual; save it with 8,000 to 192,000")]
    Rate(u32),
    /// It ends before what it promises.
    #[error("the file is cut off; copy or export it again")]
    CutOff,
    /// What is in it contradicts itself.
    #[error("the file is damaged; export it again")]
    Damaged,
    /// Floating-point samples that are no numbers.
    #[error("the file holds values that are no sound; save it as WAV with 16-bit PCM")]
    NotANumber,
    /// More than 20 minutes.
    #[error("it plays longer than {} minutes; cut it", INTAKE_MAX.as_secs() / 60)]
    TooLong,
    /// Nothing would be heard.
    #[error("it holds nothing that could be heard; look at what was recorded")]
    Silent,
    /// It took longer than any sound of a bearable length does.
    #[error("it could not be converted in time; save it as WAV with 16-bit PCM")]
    TooSlow,
}

/// Takes a file in.
///
/// # Errors
/// [`IntakeError`] says what is wrong and how to mend it.
pub fn intake(file: Vec<u8>) -> Result<Intake, IntakeError> {
    match file.len() {
        0 => return Err(IntakeError::Empty),
        1..=INTAKE_BYTES_MAX => {}
        _ => return Err(IntakeError::TooLarge),
    }
    // The decoders are others' code and read hostile bytes: a fault in them is the file's misfortune, not ours.
    let mut samples =
        std::panic::catch_unwind(|| decode::decode(file)).map_err(|_| IntakeError::Damaged)??;
    let loudness = loudness::normalise(&mut samples).ok_or(IntakeError::Silent)?;
    let samples: Vec<i16> =
        samples.into_iter().map(|sample| to_sample(f64::from(sample) * f64::from(i16::MAX))).collect();
    let rate = u64::from(RATE);
    let length = Duration::from_millis(u64::try_from(samples.len()).unwrap_or(0) * 1_000 / rate);
    Ok(Intake { wav: Wav::write(RATE, &samples), length, loudness })
}
