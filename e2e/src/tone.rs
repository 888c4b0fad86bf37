//! Tones: writing one as a WAV file, and hearing whether a recording holds it.

use std::path::Path;

use anyhow::{Context as _, bail};

/// Samples per second of everything written here.
const RATE: u32 = 8_000;
/// A frame in which power is measured, in parts of a second.
const FRAMES_PER_SECOND: usize = 5;
/// Mean square below which a frame counts as silent.
const SILENT_BELOW: f64 = 100.0;

/// What is in a recording.
#[derive(Debug)]
pub struct Listened {
    /// Length, in seconds.
    pub seconds: f64,
    /// Frames of 200 ms with sound in them.
    pub loud_frames: usize,
    /// The share of each loud frame's power at the frequency asked for, from 0 to 1.
    shares: Vec<f64>,
}

impl Listened {
    /// The share of the power at the frequency asked for, in the middle one of the loud frames.
    #[must_use]
    pub fn share(&self) -> f64 {
        let mut sorted = self.shares.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
    }

    /// How many frames have at least this share of their power at the frequency.
    #[must_use]
    pub fn frames_with(&self, share: f64) -> usize {
        self.shares.iter().filter(|found| **found >= share).count()
    }

    /// Whether at least `share` of the power is at the frequency, in at least `frames` frames and most of all.
    #[must_use]
    pub fn has_tone(&self, share: f64, frames: usize) -> bool {
        let with = self.frames_with(share);
        with >= frames && with * 2 >= self.loud_frames
    }
}

/// Measures how much of a 16-bit PCM recording's power is at `frequency`, in Hz.
///
/// # Errors
/// When the file is not such a recording.
pub fn listen(path: &Path, frequency: f64) -> anyhow::Result<Listened> {
    listen_from(path, frequency, 0)
}

/// The same, of what comes after so many samples: what was recorded since then, while it is still recorded.
///
/// # Errors
/// As [`listen`].
pub(crate) fn listen_from(path: &Path, frequency: f64, skip: usize) -> anyhow::Result<Listened> {
    let (rate, mut samples) = read(path).with_context(|| format!("reading {}", path.display()))?;
    samples.drain(..skip.min(samples.len()));
    let size = rate as usize / FRAMES_PER_SECOND;
    let mut shares = Vec::new();
    for frame in samples.chunks_exact(size) {
        let power = frame.iter().map(|sample| sample * sample).sum::<f64>() / count(frame);
        if power >= SILENT_BELOW {
            shares.push((power_at(frame, f64::from(rate), frequency) / power).min(1.0));
        }
    }
    Ok(Listened { seconds: count(&samples) / f64::from(rate), loud_frames: shares.len(), shares })
}

/// How many samples a recording has so far.
///
/// # Errors
/// As [`listen`].
pub(crate) fn samples(path: &Path) -> anyhow::Result<usize> {
    Ok(read(path)?.1.len())
}

/// Goertzel: the power of a sine of this frequency in the frame.
fn power_at(frame: &[f64], rate: f64, frequency: f64) -> f64 {
    let turn = 2.0 * (std::f64::consts::TAU * frequency / rate).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for sample in frame {
        (last, before) = (sample + turn * last - before, last);
    }
    let magnitude = last * last + before * before - turn * last * before;
    magnitude * 2.0 / (count(frame) * count(frame))
}

#[expect(clippy::cast_precision_loss, reason = "recordings are far shorter than 2^52 samples")]
fn count(samples: &[f64]) -> f64 {
    samples.len() as f64
}

/// The rate and the first channel. A length of nought in the head, as a killed recorder leaves it, is read
/// as "to the end of the file".
fn read(path: &Path) -> anyhow::Result<(u32, Vec<f64>)> {
    let bytes = std::fs::read(path)?;
    if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..12) != Some(b"WAVE") {
        bail!("not a WAV file");
    }
    let mut format = None;
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let Some((head, body)) = rest.split_first_chunk::<8>() {
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        match &head[..4] {
            b"fmt " => {
                let field = |at: usize| Some(u16::from_le_bytes([*body.get(at)?, *body.get(at + 1)?]));
                let low = field(4).context("short format")?;
                let high = field(6).context("short format")?;
                let channels = field(2).context("short format")?;
                if field(14) != Some(16) {
                    bail!("not 16-bit PCM");
                }
                format = Some((u32::from(low) | u32::from(high) << 16, usize::from(channels.max(1))));
            }
            b"data" => {
                let (rate, channels) = format.context("data before format")?;
                let end = if length == 0 { body.len() } else { length.min(body.len()) };
                let frames = body[..end].chunks_exact(2 * channels);
                return Ok((
                    rate,
                    frames.map(|frame| f64::from(i16::from_le_bytes([frame[0], frame[1]]))).collect(),
                ));
            }
            _ => {}
        }
        rest = body.get(length + length % 2..).unwrap_or_default();
    }
    bail!("no data")
}

/// Writes `seconds` of a sine of `frequency` Hz at half of full scale, 8 kHz mono 16-bit.
///
/// # Errors
/// When the file cannot be written.
#[expect(clippy::cast_possible_truncation, reason = "half of full scale fits")]
pub fn write_tone(path: &Path, frequency: f64, seconds: u32) -> anyhow::Result<()> {
    let samples = RATE * seconds;
    let data = samples * 2;
    let mut bytes = Vec::with_capacity(44 + data as usize);
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(36 + data).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    bytes.extend_from_slice(&16_u32.to_le_bytes());
    bytes.extend_from_slice(&[1, 0, 1, 0]); // PCM, one channel
    bytes.extend_from_slice(&RATE.to_le_bytes());
    bytes.extend_from_slice(&(RATE * 2).to_le_bytes());
    bytes.extend_from_slice(&[2, 0, 16, 0]); // bytes per frame, bits per sample
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&data.to_le_bytes());
    for index in 0..samples {
        let angle = std::f64::consts::TAU * frequency * f64::from(index) / f64::from(RATE);
        bytes.extend_from_slice(&((angle.sin() * 16_000.0) as i16).to_le_bytes());
    }
    Ok(std::fs::write(path, bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_heard_and_another_is_not() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("tone.wav");
        write_tone(&path, 440.0, 2)?;
        let heard = listen(&path, 440.0)?;
        assert!(heard.has_tone(0.95, 9) && heard.loud_frames == 10, "{heard:?}");
        assert!(listen(&path, 1000.0)?.share() < 0.05);
        Ok(())
    }

    #[test]
    fn silence_holds_no_tone() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("silence.wav");
        write_tone(&path, 0.0, 1)?;
        let heard = listen(&path, 440.0)?;
        assert!(heard.loud_frames == 0 && !heard.has_tone(0.1, 1), "{heard:?}");
        Ok(())
    }
}
