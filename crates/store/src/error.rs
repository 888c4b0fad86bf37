//! What can go wrong, each on one line that says what and, for an operator, how to mend it.

use std::path::PathBuf;

use model::TenantId;

/// Why a data directory could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be made or written.
    #[error(
        "cannot write to the data directory {path}: {source}; give this user the right to, or name another with --data"
    )]
    Directory {
        /// What could not be made or written.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Another process has it open.
    #[error(
        "the data directory {path} is in use by another cordboard{holder}; stop that one first, or name another with --data"
    )]
    Locked {
        /// The directory.
        path: PathBuf,
        /// ` (process N)`, or empty if it did not say.
        holder: String,
    },
    /// There is none, and it is only to be read.
    #[error("cannot read the database {path}: {source}; name the data directory with --data")]
    Missing {
        /// The database.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// An older version has written it, and it is only to be read.
    #[error(
        "the database {path} is of an older version (migration {version}, this program is at {known}); start the server once, which brings it up to date"
    )]
    Older {
        /// The database.
        path: PathBuf,
        /// The last migration that was applied.
        version: i64,
        /// The last one that is known here.
        known: i64,
    },
    /// A newer version has written it.
    #[error(
        "the database {path} is of a newer version (migration {version}, this program knows up to {known}); run that version, or restore a backup made before it"
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// The first migration that is not known here.
        version: i64,
        /// The last one that is.
        known: i64,
    },
    /// A migration that was applied is not the one that is known by its number.
    #[error(
        "the database {path} was made by another build (migration {version} differs); run that build, or restore a backup"
    )]
    Altered {
        /// The database.
        path: PathBuf,
        /// The migration.
        version: i64,
    },
    /// It cannot be read or brought up to date.
    #[error("cannot use the database {path}: {text}; check the disk, or restore a backup")]
    Database {
        /// The database.
        path: PathBuf,
        /// The reason.
        text: String,
    },
    /// The key of the phones' secrets is missing, unreadable or another one.
    #[error("{0}")]
    Key(#[from] KeyError),
}

/// What is wrong with the key of the phones' secrets.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be read or made.
    #[error("cannot read or make the secret key {path}: {source}; give this user the right to")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Others may read it.
    #[error("others may read the secret key {path}; run `chmod 600` on it")]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// It is no key.
    #[error("the secret key {path} is not 64 hexadecimal digits; put the right file back")]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// It is not the one the secrets were sealed with.
    #[error(
        "the secrets of the phones were sealed with another key than {path} (they want key {wanted}); put that key file back"
    )]
    Other {
        /// The file.
        path: PathBuf,
        /// The short name of the key that is wanted.
        wanted: String,
    },
}

/// Why an operation was not done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such domain.
    #[error("there is no domain {0}")]
    UnknownTenant(TenantId),
    /// More passwords are being checked than the limit allows.
    #[error("too many log-ins at once; try again in a moment")]
    Busy,
    /// A counter has come to its end.
    #[error("the counter of {0} ids has come to its end")]
    IdsExhausted(&'static str),
    /// A row that this program did not write like this.
    #[error("the database holds {what} that cannot be read ({key}); restore a backup")]
    Corrupt {
        /// What kind of row.
        what: &'static str,
        /// Which.
        key: String,
    },
    /// A secret that the key does not open.
    #[error("the secret of extension {0} cannot be opened with this key; put the right key file back")]
    Sealed(String),
    /// A password could not be hashed.
    #[error("a password could not be hashed: {0}")]
    Hash(String),
    /// The database said no: disk full, file gone, busy for too long.
    #[error("the database refused: {0}")]
    Database(#[from] sqlx::Error),
}

impl StoreError {
    /// A row that cannot be read.
    pub(crate) fn corrupt(what: &'static str, key: impl ToString) -> Self {
        Self::Corrupt { what, key: key.to_string() }
    }
}
