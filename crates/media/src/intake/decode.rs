//! From the bytes of a file to samples at 8 kHz, mono.

use std::io::{Cursor, ErrorKind};
use std::time::{Duration, Instant};

use rtp::RATE;
use rtp::resample::Resampler;
use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::common::Limit;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use super::{INTAKE_MAX, IntakeError};

/// Rates that are believed.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;
/// Packets that could not be decoded; an MP3 cut out of a longer one begins with some.
const FAULTS_MAX: u32 = 20;
/// A WAV file that claims so many bytes or more was written into a pipe, by a program that could not know.
const WAV_CLAIM_MAX: u32 = 0x7fff_0000;
/// Chunks of a WAV file before the sound.
const WAV_CHUNKS_MAX: usize = 1_000;
/// Of what a file claims to hold, so much (in percent) must be there.
const CLAIM_KEPT: u64 = 95;
/// Bytes of a text in the file's description, which nobody reads; pictures are not read at all.
const TAG_BYTES_MAX: usize = 64 << 10;
/// How long it may take; a sound of 20 minutes takes some seconds.
const WORK_MAX: Duration = Duration::from_secs(60);

/// Decodes a file.
pub(super) fn decode(mut file: Vec<u8>) -> Result<Vec<f32>, IntakeError> {
    mend_piped_wav(&mut file);
    let source = MediaSourceStream::new(Box::new(Cursor::new(file)), Default::default());
    let metadata = MetadataOptions::default()
        .limit_tag_bytes(Limit::Maximum(TAG_BYTES_MAX))
        .limit_visual_bytes(Limit::Maximum(0));
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), source, FormatOptions::default(), metadata)
        .map_err(|error| match error {
            Error::IoError(_) | Error::DecodeError(_) | Error::LimitError(_) => IntakeError::Damaged,
            Error::Unsupported(_) | Error::SeekError(_) | Error::ResetRequired | _ => IntakeError::NotAudio,
        })?;
    let track = format.default_track(TrackType::Audio).ok_or(IntakeError::NotAudio)?;
    let (id, claimed) = (track.id, track.num_frames);
    let unsupported = || IntakeError::Unsupported("an unknown codec".into());
    let parameters = track.codec_params.as_ref().and_then(|params| params.audio()).ok_or_else(unsupported)?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|error| IntakeError::Unsupported(error.to_string()))?;
    let mut sound = Sound::new(claimed);
    let (mut faults, mut is_cut) = (0, false);
    while let Some(packet) = next(format.as_mut(), &mut is_cut)? {
        if packet.track_id == id {
            match decoder.decode(&packet) {
                Ok(audio) => sound.take(&audio)?,
                Err(Error::Unsupported(what)) => return Err(IntakeError::Unsupported(what.into())),
                Err(_) => faults += 1,
            }
        }
        if faults > FAULTS_MAX {
            return Err(IntakeError::Damaged);
        }
        sound.in_time()?;
    }
    sound.finish(is_cut)
}

/// Writes the true lengths into a WAV file whose writer did not know them.
fn mend_piped_wav(file: &mut [u8]) {
    if file.get(..4) != Some(b"RIFF") || file.get(8..12) != Some(b"WAVE") {
        return;
    }
    let mut at = 12;
    for _ in 0..WAV_CHUNKS_MAX {
        let Some([a, b, c, d, size @ ..]) = file.get(at..).and_then(|rest| rest.first_chunk::<8>()).copied()
        else {
            return;
        };
        let size = u32::from_le_bytes(size);
        let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes();
        if [a, b, c, d] == *b"data" {
            if size >= WAV_CLAIM_MAX {
                let (whole, rest) = (length(file.len() - 8), length(file.len() - at - 8));
                file[4..8].copy_from_slice(&whole);
                file[at + 4..at + 8].copy_from_slice(&rest);
            }
            return;
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        at = at.saturating_add(size).saturating_add(size % 2).saturating_add(8);
    }
}

/// The next packet; none at the end, however it came.
fn next(
    format: &mut dyn FormatReader,
    is_cut: &mut bool,
) -> Result<Option<symphonia::core::packet::Packet>, IntakeError> {
    match format.next_packet() {
        Ok(packet) => Ok(packet),
        Err(Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
            *is_cut = true;
            Ok(None)
        }
        Err(Error::ResetRequired) => Err(IntakeError::Unsupported("several sounds in one file".into())),
        Err(Error::Unsupported(what)) => Err(IntakeError::Unsupported(what.into())),
        Err(_) => Err(IntakeError::Damaged),
    }
}

/// What has been decoded so far.
struct Sound {
    began: Instant,
    /// Frames that the file says it has.
    claimed: Option<u64>,
    frames: u64,
    /// Once the rate is known.
    resampler: Option<(u32, Resampler)>,
    planes: Vec<Vec<f32>>,
    mono: Vec<f32>,
    out: Vec<f32>,
}

impl Sound {
    fn new(claimed: Option<u64>) -> Sound {
        Sound {
            began: Instant::now(),
            claimed,
            frames: 0,
            resampler: None,
            planes: Vec::new(),
            mono: Vec::new(),
            out: Vec::new(),
        }
    }

    /// Takes what one packet holds.
    fn take(&mut self, audio: &GenericAudioBufferRef<'_>) -> Result<(), IntakeError> {
        let rate = audio.spec().rate();
        if !RATES.contains(&rate) {
            return Err(IntakeError::Rate(rate));
        }
        let (known, resampler) = self.resampler.get_or_insert_with(|| (rate, Resampler::new(rate, RATE)));
        if *known != rate {
            return Err(IntakeError::Unsupported("it changes its rate on the way".into()));
        }
        self.frames += u64::try_from(audio.frames()).unwrap_or(u64::MAX);
        if self.frames > frames_in(INTAKE_MAX, rate) {
            return Err(IntakeError::TooLong);
        }
        audio.copy_to_vecs_planar(&mut self.planes);
        self.mono.clear();
        self.mono.resize(audio.frames(), 0.0);
        let planes = self.planes.get(..audio.num_planes()).unwrap_or(&[]);
        #[expect(clippy::cast_precision_loss, reason = "a handful of channels")]
        let share = 1.0 / planes.len().max(1) as f32;
        for plane in planes {
            for (mixed, sample) in self.mono.iter_mut().zip(plane) {
                *mixed += sample * share;
            }
        }
        if !self.mono.iter().all(|sample| sample.is_finite()) {
            return Err(IntakeError::NotANumber);
        }
        resampler.push(&self.mono, &mut self.out);
        Ok(())
    }

    fn in_time(&self) -> Result<(), IntakeError> {
        if self.began.elapsed() > WORK_MAX { Err(IntakeError::TooSlow) } else { Ok(()) }
    }

    /// What it all comes to.
    fn finish(mut self, is_cut: bool) -> Result<Vec<f32>, IntakeError> {
        let Some((_, mut resampler)) = self.resampler.take() else { return Err(IntakeError::NotAudio) };
        if self.claimed.map_or(is_cut, |claimed| self.frames < claimed / 100 * CLAIM_KEPT) {
            return Err(IntakeError::CutOff);
        }
        resampler.finish(&mut self.out);
        Ok(self.out)
    }
}

fn frames_in(time: Duration, rate: u32) -> u64 {
    time.as_secs().saturating_mul(u64::from(rate))
}
