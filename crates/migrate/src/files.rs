//! Where the files come from: the one thing that this crate asks of the world.

/// Files below one folder. Names are relative to it, with `/` between folders and without `.` and `..`.
pub trait Files {
    /// The text of a file of at most [`crate::limits::FILE_BYTES_MAX`] bytes.
    ///
    /// # Errors
    /// [`FileError`]
    fn read(&self, name: &str) -> Result<String, FileError>;

    /// The names in a folder, `""` for the first one; at most [`crate::limits::FOLDER_MAX`], in any order.
    ///
    /// # Errors
    /// [`FileError`]
    fn folder(&self, name: &str) -> Result<Vec<String>, FileError>;
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// There is none of that name.
    NotThere,
    /// It lies outside the folder, perhaps behind a link.
    Outside,
    /// It is larger than may be.
    TooLarge,
    /// Something else, in words.
    Other(String),
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotThere => f.write_str("there is no such file"),
            Self::Outside => f.write_str("it lies outside the folder that is read"),
            Self::TooLarge => f.write_str("it is too large"),
            Self::Other(why) => f.write_str(why),
        }
    }
}
