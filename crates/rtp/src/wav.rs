//! WAV files: 16-bit PCM and G.711, any rate, any number of channels up to eight, mixed to one.

use crate::codec::Codec;

/// The longest file that is read, in samples after mixing: an hour at 48 kHz.
const SAMPLES_MAX: usize = 48_000 * 3_600;
/// Bytes before the samples of a file that is written here.
pub const HEAD_LEN: usize = 44;
/// More chunks than any tool writes before the sound.
const CHUNKS_MAX: usize = 1_000;
const FORMAT_PCM: u16 = 1;
const FORMAT_A_LAW: u16 = 6;
const FORMAT_MU_LAW: u16 = 7;
const FORMAT_EXTENSIBLE: u16 = 0xfffe;

/// Why a file is no sound for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WavError {
    /// It does not begin like a WAV file.
    NotWav,
    /// The description of the format, or the sound, is missing or cut off.
    Incomplete,
    /// A format other than 16-bit PCM, A-law or µ-law: the format's number and the bits of a sample.
    Format(u16, u16),
    /// A number of channels or a rate that is not believable.
    Shape,
    /// Longer than an hour at 48 kHz.
    TooLong,
}

impl core::fmt::Display for WavError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            WavError::NotWav => write!(f, "not a WAV file"),
            WavError::Incomplete => write!(f, "the file is cut off"),
            WavError::Format(format, bits) => {
                write!(f, "format {format} with {bits} bits is not supported; use 16-bit PCM or G.711")
            }
            WavError::Shape => write!(f, "the rate or the number of channels makes no sense"),
            WavError::TooLong => write!(f, "the sound is too long"),
        }
    }
}

impl core::error::Error for WavError {}

/// A sound with one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wav {
    /// Samples a second, 1,000 to 192,000.
    pub rate: u32,
    /// The mean of the file's channels.
    pub samples: Vec<i16>,
}

struct Format {
    tag: u16,
    channels: u16,
    rate: u32,
    bits: u16,
}

impl Wav {
    /// Reads a file.
    ///
    /// # Errors
    /// [`WavError`] says what is wrong with it, in words for whoever made it.
    pub fn parse(file: &[u8]) -> Result<Wav, WavError> {
        if file.get(..4) != Some(b"RIFF") || file.get(8..12) != Some(b"WAVE") {
            return Err(WavError::NotWav);
        }
        let mut rest = &file[12..];
        let mut format = None;
        for _ in 0..CHUNKS_MAX {
            let Some((head, body)) = rest.split_first_chunk::<8>() else { break };
            let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            match &head[..4] {
                b"fmt " => format = Some(Format::parse(body.get(..size).ok_or(WavError::Incomplete)?)?),
                // A program that writes into a pipe cannot know the size: take what there is.
                b"data" => return format.ok_or(WavError::Incomplete)?.read(&body[..size.min(body.len())]),
                _ => {}
            }
            rest = body.get(size.saturating_add(size % 2)..).unwrap_or(&[]);
        }
        Err(WavError::Incomplete)
    }

    /// A file of 16-bit PCM with one channel.
    pub fn write(rate: u32, samples: &[i16]) -> Vec<u8> {
        let mut file = Wav::head(rate, Some(samples.len()));
        file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        file
    }

    /// The [`HEAD_LEN`] bytes before the samples of such a file; `None` where their number is not yet known, and
    /// a reader takes what there is.
    pub fn head(rate: u32, samples: Option<usize>) -> Vec<u8> {
        head(1, rate, samples)
    }
}

/// The [`HEAD_LEN`] bytes before the samples of a file of 16-bit PCM with two channels, left and right in turn: so many
/// of each.
pub fn stereo_head(rate: u32, frames: usize) -> Vec<u8> {
    head(2, rate, Some(frames))
}

/// 16-bit PCM with so many channels, one or two.
fn head(channels: u8, rate: u32, frames: Option<usize>) -> Vec<u8> {
    let bytes = channels * 2;
    let size = frames.and_then(|frames| u32::try_from(frames.saturating_mul(bytes.into())).ok());
    let size = size.unwrap_or(u32::MAX);
    let mut head = b"RIFF".to_vec();
    head.extend(size.saturating_add(36).to_le_bytes());
    head.extend(b"WAVEfmt \x10\0\0\0\x01\0");
    head.extend([channels, 0]);
    head.extend(rate.to_le_bytes());
    head.extend(rate.saturating_mul(bytes.into()).to_le_bytes());
    head.extend([bytes, 0]);
    head.extend(b"\x10\0data");
    head.extend(size.to_le_bytes());
    head
}

impl Format {
    fn parse(body: &[u8]) -> Result<Format, WavError> {
        let fixed: &[u8; 16] = body.first_chunk().ok_or(WavError::Incomplete)?;
        let word = |at: usize| u16::from_le_bytes([fixed[at], fixed[at + 1]]);
        let mut tag = word(0);
        if tag == FORMAT_EXTENSIBLE {
            // The real number is the beginning of the sub-format's GUID.
            let sub = body.get(24..26).ok_or(WavError::Incomplete)?;
            tag = u16::from_le_bytes([sub[0], sub[1]]);
        }
        let rate = u32::from_le_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]);
        let format = Format { tag, channels: word(2), rate, bits: word(14) };
        if !(1..=8).contains(&format.channels) || !(1_000..=192_000).contains(&format.rate) {
            return Err(WavError::Shape);
        }
        Ok(format)
    }

    fn read(&self, data: &[u8]) -> Result<Wav, WavError> {
        let channels = usize::from(self.channels);
        let samples = match (self.tag, self.bits) {
            (FORMAT_PCM, 16) => mix(data, channels, 2, |bytes| i16::from_le_bytes([bytes[0], bytes[1]])),
            (FORMAT_A_LAW, 8) => mix(data, channels, 1, |bytes| Codec::Pcma.decode(bytes[0])),
            (FORMAT_MU_LAW, 8) => mix(data, channels, 1, |bytes| Codec::Pcmu.decode(bytes[0])),
            (tag, bits) => return Err(WavError::Format(tag, bits)),
        }?;
        Ok(Wav { rate: self.rate, samples })
    }
}

/// Samples of `width` bytes in frames of `channels`, each frame to its mean.
fn mix(
    data: &[u8],
    channels: usize,
    width: usize,
    sample: impl Fn(&[u8]) -> i16,
) -> Result<Vec<i16>, WavError> {
    let frames = data.chunks_exact(channels * width);
    if frames.len() > SAMPLES_MAX {
        return Err(WavError::TooLong);
    }
    let count = i32::try_from(channels).unwrap_or(1);
    Ok(frames
        .map(|frame| frame.chunks_exact(width).map(|bytes| i32::from(sample(bytes))).sum::<i32>() / count)
        .map(|mean| i16::try_from(mean).unwrap_or(0))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(tag: u16, channels: u16, bits: u16, data: &[u8]) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0".to_vec();
        file.extend(tag.to_le_bytes());
        file.extend(channels.to_le_bytes());
        file.extend(16_000_u32.to_le_bytes());
        file.extend([0; 6]);
        file.extend(bits.to_le_bytes());
        file.extend(b"data");
        file.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        file.extend(data);
        file
    }

    #[test]
    fn what_is_written_is_read_back() {
        let wav = Wav { rate: 8_000, samples: vec![0, 1, -1, i16::MAX, i16::MIN] };
        assert_eq!(Wav::parse(&Wav::write(wav.rate, &wav.samples)), Ok(wav));
    }

    #[test]
    fn stereo_is_mixed_and_other_chunks_are_passed_over() {
        let wav = Wav::parse(&file(1, 2, 16, &[100, 0, 200, 0, 0, 128, 0, 128])).unwrap();
        assert_eq!(wav, Wav { rate: 16_000, samples: vec![150, i16::MIN] });
    }

    #[test]
    fn both_laws_are_read() {
        assert_eq!(Wav::parse(&file(7, 1, 8, &[0xff, 0x80])).unwrap().samples, [0, 32_124]);
        assert_eq!(Wav::parse(&file(6, 1, 8, &[0xd5, 0xaa])).unwrap().samples, [8, 32_256]);
    }

    #[test]
    fn an_unknown_size_means_the_rest_of_the_file() {
        let mut bytes = file(1, 1, 16, &[1, 0, 2, 0]);
        let at = bytes.len() - 8;
        bytes[at..at + 4].fill(0xff);
        assert_eq!(Wav::parse(&bytes).unwrap().samples, [1, 2]);
    }

    #[test]
    fn every_fault_has_its_name() {
        assert_eq!(Wav::parse(b"ID3"), Err(WavError::NotWav));
        assert_eq!(Wav::parse(b"RIFF\0\0\0\0WAVE"), Err(WavError::Incomplete));
        assert_eq!(Wav::parse(&file(3, 1, 32, &[])), Err(WavError::Format(3, 32)));
        assert_eq!(Wav::parse(&file(1, 0, 16, &[])), Err(WavError::Shape));
        assert_eq!(Wav::parse(&file(1, 9, 16, &[])), Err(WavError::Shape));
        let whole = file(1, 1, 16, &[1, 0]);
        for length in 0..whole.len() - 2 {
            let cut = Wav::parse(&whole[..length]);
            assert!(cut.is_err() || cut == Ok(Wav { rate: 16_000, samples: vec![] }), "{length}");
        }
    }
}
