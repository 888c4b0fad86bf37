//! What can be wrong with a journal, and what to do about it, each in one line.

use std::io;
use std::path::{Path, PathBuf};

/// Why a journal cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file system refused.
    #[error("{}: {source}; check the disk and the rights of the folder", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// It was written by another version.
    #[error(
        "{} was written by another version of this program (format {found}, this one reads {known}): replay it with the version that wrote it",
        path.display()
    )]
    Version {
        /// The segment.
        path: PathBuf,
        /// Format and state of the file.
        found: String,
        /// What this program reads.
        known: String,
    },
    /// It was sealed with another key.
    #[error(
        "{} was written with another secret key: put the secret.key that belongs to this data directory back",
        path.display()
    )]
    Key {
        /// The segment.
        path: PathBuf,
    },
    /// It is not a segment of a journal.
    #[error("{} is not a journal: move it away", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A record is damaged and whole ones follow it.
    #[error(
        "{} is damaged at byte {at}, with whole records after it: the disk has changed it; restore the journal's folder from a backup, or move it away (agents then begin logged out and counters at 0, kept call records are not touched)",
        path.display()
    )]
    Damaged {
        /// The segment.
        path: PathBuf,
        /// The first byte of the damaged record.
        at: u64,
    },
    /// A whole, authentic record says something that cannot be.
    #[error("{}: {what}; restore the journal's folder from a backup, or move it away", path.display())]
    Content {
        /// The segment.
        path: PathBuf,
        /// What.
        what: String,
    },
}

impl JournalError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn content(path: &Path, what: impl Into<String>) -> Self {
        Self::Content { path: path.to_owned(), what: what.into() }
    }
}
