//! A folder of configuration files, out of which no link leads.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use migrate::limits::{FILE_BYTES_MAX, FOLDER_MAX};
use migrate::{FileError, Files};

/// The folder.
pub(super) struct Folder {
    /// Without links.
    root: PathBuf,
}

impl Folder {
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        let root = path.canonicalize()?;
        if !root.is_dir() {
            return Err(ErrorKind::NotADirectory.into());
        }
        Ok(Self { root })
    }

    /// Its name, if that looks like a domain's.
    pub(super) fn domain(&self) -> Option<&str> {
        const NAME_MAX: usize = 64;
        let name = self.root.file_name()?.to_str()?;
        let fine = name.len() <= NAME_MAX
            && name.split('.').count() > 1
            && name.split('.').all(|label| {
                !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            });
        fine.then_some(name)
    }

    /// Where a name leads, all links followed.
    fn find(&self, name: &str) -> Result<PathBuf, FileError> {
        let path = self.root.join(name).canonicalize().map_err(|error| why(&error))?;
        if path.starts_with(&self.root) { Ok(path) } else { Err(FileError::Outside) }
    }
}

impl Files for Folder {
    fn read(&self, name: &str) -> Result<String, FileError> {
        let path = self.find(name)?;
        // A pipe would be waited for, and a device has no end.
        if !path.is_file() {
            return Err(FileError::Other("it is no file".into()));
        }
        let mut bytes = Vec::new();
        let most = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX);
        let file = File::open(path).map_err(|error| why(&error))?;
        file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| why(&error))?;
        if bytes.len() > FILE_BYTES_MAX {
            return Err(FileError::TooLarge);
        }
        // Asterisk takes any bytes; what is no UTF-8 was most likely written in Latin-1.
        Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect()))
    }

    fn folder(&self, name: &str) -> Result<Vec<String>, FileError> {
        let path = self.find(name)?;
        let entries = std::fs::read_dir(path).map_err(|error| why(&error))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| why(&error))?;
            if names.len() == FOLDER_MAX {
                return Err(FileError::Other(format!("the folder has more than {FOLDER_MAX} names")));
            }
            names.extend(entry.file_name().into_string());
        }
        Ok(names)
    }
}

fn why(error: &std::io::Error) -> FileError {
    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
        FileError::NotThere
    } else {
        FileError::Other(error.to_string())
    }
}
