//! The lock on a data directory: one process at a time.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

use crate::error::OpenError;

/// The file that is locked. It stays when the process is gone; only the lock counts.
const LOCK_FILE: &str = "cordboard.lock";

/// Held as long as it lives, and given back by the system if the process dies.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: Flock<File>,
}

impl DataLock {
    /// Takes the lock of `data_dir`, or says who has it.
    pub(crate) fn take(data_dir: &Path) -> Result<Self, OpenError> {
        let path = data_dir.join(LOCK_FILE);
        let io = |source| OpenError::Directory { path: data_dir.to_owned(), source };
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(mut file) => {
                // The number only helps the message of the one who comes second.
                file.set_len(0).map_err(io)?;
                write!(*file, "{}", std::process::id()).map_err(io)?;
                Ok(Self { _file: file })
            }
            Err((file, Errno::EWOULDBLOCK)) => {
                Err(OpenError::Locked { path: data_dir.to_owned(), holder: holder(file) })
            }
            Err((_, errno)) => Err(io(errno.into())),
        }
    }
}

fn holder(mut file: File) -> String {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.take(16).read_to_string(&mut text));
    match (read, text.trim().parse::<u32>()) {
        (Ok(_), Ok(process)) => format!(" (process {process})"),
        (Ok(_), Err(_)) | (Err(_), _) => String::new(),
    }
}
