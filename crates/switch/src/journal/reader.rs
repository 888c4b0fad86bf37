//! Reading: record after record, segment after segment, from the oldest that is there or from a chosen one.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::Timestamp;

use super::SEGMENT_READ_MAX;
use super::entry::{Entry, Kind, Snapshot};
use super::error::JournalError;
use super::frame::{self, Frame, HEADER_LENGTH};
use super::seal::{Cipher, Key};
use super::segment::{self, Segment};

/// One record, and where it stands.
#[derive(Debug)]
pub struct Record {
    /// The number of its segment.
    pub segment: u64,
    /// Its place in it, from 0.
    pub index: u32,
    /// What it says.
    pub entry: Entry,
}

/// A segment that ends in a piece of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Torn {
    /// The segment's file.
    pub path: PathBuf,
    /// Bytes of whole records before it.
    pub whole: u64,
    /// Bytes of the piece.
    pub torn: u64,
}

impl Torn {
    /// Whether not even the snapshot that begins the segment is whole.
    #[must_use]
    pub const fn is_first(&self) -> bool {
        self.whole <= HEADER_LENGTH as u64
    }
}

/// Reads a journal, also one that is being written: then it ends at the last whole record.
pub struct Reader {
    key: Key,
    segments: VecDeque<Segment>,
    open: Option<Open>,
    torn: Vec<Torn>,
    failed: bool,
}

/// The segment that is being read.
struct Open {
    segment: Segment,
    bytes: Vec<u8>,
    cipher: Cipher,
    at: usize,
    index: u32,
}

/// The last stretch of a journal.
pub struct Last {
    /// Reads the segments that hold it: it begins with the snapshot before `from`.
    pub reader: Reader,
    /// The stretch's first moment.
    pub from: Timestamp,
    /// The last moment of the journal, at the time it was looked at.
    pub to: Timestamp,
}

impl Reader {
    /// A reader of all segments of `folder`, oldest first.
    ///
    /// # Errors
    /// [`JournalError::Io`] if the folder cannot be read; everything else comes with the records.
    pub fn open(folder: &Path, key: Key) -> Result<Self, JournalError> {
        Self::open_at(folder, key, 0)
    }

    /// A reader of the segments numbered `first` and later.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn open_at(folder: &Path, key: Key, first: u64) -> Result<Self, JournalError> {
        let segments = segment::segments(folder)?.into_iter().filter(|segment| segment.number >= first);
        Ok(Self { key, segments: segments.collect(), open: None, torn: Vec::new(), failed: false })
    }

    /// The last `length` of a journal, or since its begin. What does not fit into `bytes_max` is left out, the
    /// oldest first, but never the newest segment. None if nothing was ever recorded.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn open_last(
        folder: &Path,
        key: Key,
        length: Duration,
        bytes_max: u64,
    ) -> Result<Option<Last>, JournalError> {
        let mut found = segment::segments(folder)?;
        let mut to = None;
        // What a power cut left of a segment has no moment.
        while let (None, Some(newest)) = (to, found.last()) {
            to = last_moment(newest, &key)?;
            found.truncate(found.len() - usize::from(to.is_none()));
        }
        let Some(to) = to else { return Ok(None) };
        let (mut first, mut begun, mut bytes) = (0, to, 0_u64);
        for segment in found.iter().rev() {
            bytes = bytes.saturating_add(segment.bytes);
            if first > 0 && (to.since(begun) >= length || bytes > bytes_max) {
                break;
            }
            first = segment.number;
            begun = segment::begun_at(&segment.path)?.unwrap_or(begun);
        }
        let reader = Self::open_at(folder, key, first)?;
        Ok(Some(Last { reader, from: to.before(length).max(begun), to }))
    }

    /// The torn ends found so far: what a crash or a full disk has left.
    #[must_use]
    pub fn torn(&self) -> &[Torn] {
        &self.torn
    }

    fn step(&mut self) -> Result<Option<Record>, JournalError> {
        loop {
            let Some(open) = &mut self.open else {
                let Some(segment) = self.segments.pop_front() else { return Ok(None) };
                self.open = open_segment(segment, &self.key, &mut self.torn)?;
                continue;
            };
            if let Some(record) = open.record()? {
                return Ok(Some(record));
            }
            if let Some(torn) = open.torn() {
                self.torn.push(torn);
            }
            self.open = None;
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Record, JournalError>;

    /// The next record. After an error there is nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.step();
        self.failed = next.is_err();
        next.transpose()
    }
}

/// The snapshot that a segment begins with; none if it is cut off.
///
/// # Errors
/// [`JournalError`] as for any record.
pub(crate) fn first_snapshot(segment: &Segment, key: &Key) -> Result<Option<Snapshot>, JournalError> {
    let Some(mut open) = open_segment(segment.clone(), key, &mut Vec::new())? else { return Ok(None) };
    Ok(match open.record()?.map(|record| record.entry) {
        Some(Entry::Snapshot(snapshot)) => Some(snapshot),
        Some(Entry::Domain(_) | Entry::Input(_) | Entry::Checkpoint(_) | Entry::Closed(_)) | None => None,
    })
}

/// The latest moment that a segment speaks of; none if not even its snapshot is whole.
fn last_moment(segment: &Segment, key: &Key) -> Result<Option<Timestamp>, JournalError> {
    let Some(mut open) = open_segment(segment.clone(), key, &mut Vec::new())? else { return Ok(None) };
    let mut last = None;
    while let Some(record) = open.record()? {
        let at = match record.entry {
            Entry::Snapshot(snapshot) => snapshot.at,
            Entry::Domain(domain) => domain.at,
            Entry::Input(given) => given.at,
            Entry::Checkpoint(_) | Entry::Closed(_) => continue,
        };
        last = last.max(Some(at));
    }
    Ok(last)
}

fn open_segment(segment: Segment, key: &Key, torn: &mut Vec<Torn>) -> Result<Option<Open>, JournalError> {
    if segment.bytes > SEGMENT_READ_MAX {
        return Err(JournalError::content(&segment.path, "it is longer than any segment"));
    }
    let bytes = std::fs::read(&segment.path).map_err(JournalError::io(&segment.path))?;
    let Some(header) = segment::header(&segment.path, &bytes, key)? else {
        torn.push(Torn { path: segment.path, whole: 0, torn: bytes.len() as u64 });
        return Ok(None);
    };
    if header.segment != segment.number {
        return Err(JournalError::content(&segment.path, "the file was renamed"));
    }
    let cipher = Cipher::new(key, header.prefix, header.segment);
    Ok(Some(Open { segment, bytes, cipher, at: HEADER_LENGTH, index: 0 }))
}

impl Open {
    /// The next whole record; none at the end, torn or not.
    fn record(&mut self) -> Result<Option<Record>, JournalError> {
        let path = &self.segment.path;
        if self.at == self.bytes.len() {
            return Ok(None);
        }
        let Some(frame) = Frame::read(&self.bytes, self.at) else {
            if frame::goes_on(&self.bytes, self.at, self.index) {
                return Err(JournalError::Damaged { path: path.clone(), at: self.at as u64 });
            }
            return Ok(None);
        };
        if frame.index != self.index || (frame.kind == Kind::Snapshot) != (frame.index == 0) {
            return Err(JournalError::Damaged { path: path.clone(), at: self.at as u64 });
        }
        let foreign = || JournalError::content(path, format!("record {} is not the one written", self.index));
        let payload = self.cipher.open(frame.index, frame.kind as u8, frame.payload).ok_or_else(foreign)?;
        let entry = Entry::decode(frame.kind, &payload).map_err(|error| {
            JournalError::content(path, format!("record {} cannot be understood: {error}", self.index))
        })?;
        let record = Record { segment: self.segment.number, index: self.index, entry };
        self.at += frame.length();
        self.index = self.index.saturating_add(1);
        Ok(Some(record))
    }

    fn torn(&self) -> Option<Torn> {
        let torn = self.bytes.len() - self.at;
        (torn > 0).then(|| Torn { path: self.segment.path.clone(), whole: self.at as u64, torn: torn as u64 })
    }
}
