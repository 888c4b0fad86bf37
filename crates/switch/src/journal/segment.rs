//! The files of a journal: their names, which there are, and which are kept.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use engine::Engine;
use model::Timestamp;

use super::error::JournalError;
use super::frame::{FORMAT, HEADER_LENGTH, Header, MAGIC};
use super::seal::Key;

/// What a segment's name ends with.
const EXTENSION: &str = "cbj";
/// Segments that stay whatever the settings say: the newest, and the one before it, from which records that the
/// database has not taken yet are had.
const KEPT_MIN: usize = 2;
/// Most files that a journal's folder is taken to have.
const SEGMENTS_MAX: usize = 1_000_000;

/// One file of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its number; they grow by one.
    pub number: u64,
    /// Where it lies.
    pub path: PathBuf,
    /// How long it is.
    pub bytes: u64,
}

/// Where a segment lies.
pub(crate) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:012}.{EXTENSION}"))
}

/// The segments of a journal, oldest first; files of other names are not looked at.
///
/// # Errors
/// [`JournalError::Io`].
pub fn segments(folder: &Path) -> Result<Vec<Segment>, JournalError> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).map_err(JournalError::io(folder))?.take(SEGMENTS_MAX) {
        let file = file.map_err(JournalError::io(folder))?;
        let path = file.path();
        let named = path.extension().is_some_and(|extension| extension == EXTENSION);
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
        let Some(number) = number.filter(|_| named) else { continue };
        let bytes = file.metadata().map_err(JournalError::io(&path))?.len();
        found.push(Segment { number, path, bytes });
    }
    found.sort_unstable_by_key(|segment| segment.number);
    Ok(found)
}

/// A segment's header, checked: none if a power cut left none.
pub(crate) fn header(path: &Path, bytes: &[u8], key: &Key) -> Result<Option<Header>, JournalError> {
    let foreign = |_| JournalError::Foreign { path: path.to_owned() };
    let Some(header) = Header::read(bytes, MAGIC).map_err(foreign)? else { return Ok(None) };
    if (header.format, header.state) != (FORMAT, Engine::STATE_VERSION) {
        return Err(JournalError::Version {
            path: path.to_owned(),
            found: format!("{}.{}", header.format, header.state),
            known: format!("{FORMAT}.{}", Engine::STATE_VERSION),
        });
    }
    if header.key != key.name() {
        return Err(JournalError::Key { path: path.to_owned() });
    }
    Ok(Some(header))
}

/// Makes the file of a segment that is not there yet, for its owner only.
pub(crate) fn create(path: &Path) -> Result<File, JournalError> {
    let file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(path);
    file.map_err(JournalError::io(path))
}

/// What the name of a folder that was kept aside has after its own.
const ASIDE: &str = "-until-";

/// What the folder of a journal is called once it is kept aside.
pub(crate) fn aside(folder: &Path, now: Timestamp) -> PathBuf {
    let now = jiff::Timestamp::from_microsecond(now.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let mut name = folder.as_os_str().to_owned();
    name.push(format!("{ASIDE}{}", now.strftime("%Y-%m-%dT%H-%M-%SZ")));
    name.into()
}

/// Removes journals that were kept aside and are past their time as a whole. Says how many.
pub(crate) fn prune_aside(folder: &Path, keep: Duration, now: Timestamp) -> Result<usize, JournalError> {
    let (Some(above), Some(name)) = (folder.parent(), folder.file_name().and_then(|name| name.to_str()))
    else {
        return Ok(0);
    };
    let mut removed = 0;
    for file in std::fs::read_dir(above).map_err(JournalError::io(above))?.take(SEGMENTS_MAX) {
        let path = file.map_err(JournalError::io(above))?.path();
        let other =
            path.file_name().and_then(|other| other.to_str()?.strip_prefix(name)?.strip_prefix(ASIDE));
        let Some(newest) = other.and_then(|_| segments(&path).ok()?.pop()) else { continue };
        if begun_at(&newest.path)?.is_some_and(|begun| now.since(begun) > keep) {
            std::fs::remove_dir_all(&path).map_err(JournalError::io(&path))?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Removes the oldest segments: those past their time, then those that are too many bytes. Says how many.
pub(crate) fn prune(
    folder: &Path,
    keep: Duration,
    bytes_max: u64,
    now: Timestamp,
) -> Result<usize, JournalError> {
    let all = segments(folder)?;
    let mut bytes: u64 = all.iter().map(|segment| segment.bytes).sum();
    let mut removed = 0;
    for pair in all[..all.len().saturating_sub(KEPT_MIN - 1)].windows(2) {
        let [oldest, next] = pair else { break };
        // What is in a segment ended when the next was begun.
        let too_old = begun_at(&next.path)?.is_some_and(|begun| now.since(begun) > keep);
        if !too_old && bytes <= bytes_max {
            break;
        }
        std::fs::remove_file(&oldest.path).map_err(JournalError::io(&oldest.path))?;
        bytes = bytes.saturating_sub(oldest.bytes);
        removed += 1;
    }
    Ok(removed)
}

/// When a segment was begun; none if a power cut left no header.
pub(crate) fn begun_at(path: &Path) -> Result<Option<Timestamp>, JournalError> {
    let mut bytes = Vec::with_capacity(HEADER_LENGTH);
    let file = File::open(path).map_err(JournalError::io(path))?;
    file.take(HEADER_LENGTH as u64).read_to_end(&mut bytes).map_err(JournalError::io(path))?;
    let header = Header::read(&bytes, MAGIC).ok().flatten();
    Ok(header.map(|header| Timestamp(header.begun_at)))
}
