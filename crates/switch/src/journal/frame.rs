//! Bytes of headers and records: written, read, and checked against a CRC-32 before anything is believed.

use super::{PAYLOAD_MAX, entry::Kind};

/// What every segment begins with.
pub(crate) const MAGIC: [u8; 8] = *b"CORDJRNL";
/// The form of this file, written into every header.
pub(crate) const FORMAT: u16 = 1;
/// Bytes of a segment's header.
pub(crate) const HEADER_LENGTH: usize = 48;
/// Bytes of a record before its payload.
pub(crate) const HEAD_LENGTH: usize = 13;

/// A segment's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The form of the records.
    pub(crate) format: u16,
    /// The form of the engines' state in them.
    pub(crate) state: u16,
    /// The segment's number.
    pub(crate) segment: u64,
    /// When it was begun, microseconds since the epoch.
    pub(crate) begun_at: i64,
    /// What the nonces of its records begin with.
    pub(crate) prefix: [u8; 8],
    /// Which key sealed it.
    pub(crate) key: [u8; 8],
}

impl Header {
    /// The header of a file that begins with `magic`.
    pub(crate) fn bytes(&self, magic: [u8; 8]) -> [u8; HEADER_LENGTH] {
        let mut bytes = [0; HEADER_LENGTH];
        bytes[..8].copy_from_slice(&magic);
        bytes[8..10].copy_from_slice(&self.format.to_le_bytes());
        bytes[10..12].copy_from_slice(&self.state.to_le_bytes());
        bytes[12..20].copy_from_slice(&self.segment.to_le_bytes());
        bytes[20..28].copy_from_slice(&self.begun_at.to_le_bytes());
        bytes[28..36].copy_from_slice(&self.prefix);
        bytes[36..44].copy_from_slice(&self.key);
        let crc = crc32(&[&bytes[..44]]);
        bytes[44..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads a header; none if it is cut off or damaged, an error if the file is something else.
    pub(crate) fn read(bytes: &[u8], magic: [u8; 8]) -> Result<Option<Self>, NotAJournal> {
        let begins = &magic[..bytes.len().min(magic.len())];
        if !bytes.starts_with(begins) {
            // A power cut may leave a file of zeros where a header should have been.
            return if bytes.iter().all(|byte| *byte == 0) { Ok(None) } else { Err(NotAJournal) };
        }
        let Some(bytes) = bytes.first_chunk::<HEADER_LENGTH>() else { return Ok(None) };
        if crc32(&[&bytes[..44]]).to_le_bytes() != bytes[44..] {
            return Ok(None);
        }
        Ok(Some(Self {
            format: u16::from_le_bytes([bytes[8], bytes[9]]),
            state: u16::from_le_bytes([bytes[10], bytes[11]]),
            segment: u64::from_le_bytes(eight(&bytes[12..20])),
            begun_at: i64::from_le_bytes(eight(&bytes[20..28])),
            prefix: eight(&bytes[28..36]),
            key: eight(&bytes[36..44]),
        }))
    }
}

/// The file begins with something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAJournal;

fn eight(bytes: &[u8]) -> [u8; 8] {
    let mut eight = [0; 8];
    eight.copy_from_slice(bytes);
    eight
}

/// A record's place in its segment and its sealed payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) index: u32,
    pub(crate) kind: Kind,
    pub(crate) payload: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Reads the record that begins at `at`; none if it is cut off or damaged.
    pub(crate) fn read(bytes: &'a [u8], at: usize) -> Option<Self> {
        let bytes = bytes.get(at..)?;
        let head = bytes.first_chunk::<HEAD_LENGTH>()?;
        let length = usize::try_from(u32::from_le_bytes([head[0], head[1], head[2], head[3]])).ok()?;
        let kind = Kind::of(head[12])?;
        if length > PAYLOAD_MAX {
            return None;
        }
        let payload = bytes.get(HEAD_LENGTH..HEAD_LENGTH.checked_add(length)?)?;
        let crc = crc32(&[&head[8..], payload]);
        if crc.to_le_bytes() != head[4..8] {
            return None;
        }
        Some(Self { index: u32::from_le_bytes([head[8], head[9], head[10], head[11]]), kind, payload })
    }

    /// Its length on disk.
    pub(crate) const fn length(&self) -> usize {
        HEAD_LENGTH + self.payload.len()
    }
}

/// Fills in the head of a record whose sealed payload already lies behind it in `frame`; false if it is too long.
#[must_use]
pub(crate) fn finish(frame: &mut [u8], index: u32, kind: Kind) -> bool {
    let Some(length) = frame.len().checked_sub(HEAD_LENGTH).filter(|length| *length <= PAYLOAD_MAX) else {
        return false;
    };
    let Ok(length) = u32::try_from(length) else { return false };
    frame[..4].copy_from_slice(&length.to_le_bytes());
    frame[8..12].copy_from_slice(&index.to_le_bytes());
    frame[12] = kind as u8;
    let crc = crc32(&[&frame[8..]]);
    frame[4..8].copy_from_slice(&crc.to_le_bytes());
    true
}

/// Whether a whole record with a later index than `index` lies anywhere after `at`: then what is damaged there
/// was no torn end. An index that cannot be is passed over before its checksum is computed, so this is one walk.
pub(crate) fn goes_on(bytes: &[u8], at: usize, index: u32) -> bool {
    let most = u32::try_from(bytes.len().saturating_sub(at) / HEAD_LENGTH).unwrap_or(u32::MAX);
    let later = index.saturating_add(1)..=index.saturating_add(most);
    let heads = bytes.get(at.saturating_add(1)..).unwrap_or_default().windows(HEAD_LENGTH);
    (at.saturating_add(1)..).zip(heads).any(|(at, head)| {
        later.contains(&u32::from_le_bytes([head[8], head[9], head[10], head[11]]))
            && Frame::read(bytes, at).is_some()
    })
}

/// Eight tables, so that eight bytes are taken at a time.
const TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut table = 1;
    while table < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[table - 1][byte];
            tables[table][byte] = (before >> 8) ^ tables[0][(before & 0xFF) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
}

/// CRC-32 (ISO 3309) of the parts, one after the other.
pub(crate) fn crc32(parts: &[&[u8]]) -> u32 {
    let mut crc = u32::MAX;
    for part in parts {
        let (eights, rest) = part.as_chunks::<8>();
        for eight in eights {
            let low = crc ^ u32::from_le_bytes([eight[0], eight[1], eight[2], eight[3]]);
            let low = low.to_le_bytes();
            crc = TABLES[7][usize::from(low[0])]
                ^ TABLES[6][usize::from(low[1])]
                ^ TABLES[5][usize::from(low[2])]
                ^ TABLES[4][usize::from(low[3])]
                ^ TABLES[3][usize::from(eight[4])]
                ^ TABLES[2][usize::from(eight[5])]
                ^ TABLES[1][usize::from(eight[6])]
                ^ TABLES[0][usize::from(eight[7])];
        }
        for byte in rest {
            let low = crc.to_le_bytes()[0] ^ byte;
            crc = (crc >> 8) ^ TABLES[0][usize::from(low)];
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_standard_one_however_the_bytes_are_parted() {
        assert_eq!(crc32(&[b"123456789"]), 0xCBF4_3926);
        assert_eq!(crc32(&[]), 0);
        let text: Vec<u8> = (0..=255).collect();
        let whole = crc32(&[&text]);
        for cut in 0..text.len() {
            assert_eq!(crc32(&[&text[..cut], &text[cut..]]), whole, "{cut}");
        }
    }

    #[test]
    fn a_header_is_read_as_written_and_no_damaged_one_is() {
        let header = Header { format: 1, state: 3, segment: 9, begun_at: -5, prefix: [1; 8], key: [2; 8] };
        let bytes = header.bytes(MAGIC);
        assert_eq!(Header::read(&bytes, MAGIC), Ok(Some(header)));
        for cut in 0..bytes.len() {
            assert_eq!(Header::read(&bytes[..cut], MAGIC), Ok(None), "{cut}");
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes;
            damaged[at] ^= 0x40;
            let wanted = if at < MAGIC.len() { Err(NotAJournal) } else { Ok(None) };
            assert_eq!(Header::read(&damaged, MAGIC), wanted, "{at}");
        }
        assert_eq!(Header::read(&[0; 100], MAGIC), Ok(None));
    }

    #[test]
    fn a_hostile_length_asks_for_no_memory() {
        let mut bytes = vec![0xFF; 64];
        bytes[12] = 3;
        assert!(Frame::read(&bytes, 0).is_none());
        assert!(Frame::read(&bytes, usize::MAX).is_none());
    }
}
