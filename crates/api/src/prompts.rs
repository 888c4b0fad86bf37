//! What the interface needs of whoever keeps a domain's prompts, as a trait: the server brings the real one, which
//! converts what is uploaded, speaks texts and hands the result to the running switch.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use model::TenantId;
use store::{Author, Playlist, Prompt};

use crate::storage::StorageError;

/// A prompt, and where it is played.
#[derive(Clone, Debug, PartialEq)]
pub struct UsedPrompt {
    /// The prompt.
    pub prompt: Prompt,
    /// Places, each as `queue 8000 moh`.
    pub used_by: Vec<String>,
}

/// A playlist, and where it is played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedPlaylist {
    /// The playlist.
    pub playlist: Playlist,
    /// Places, each as `queue 8000 moh`.
    pub used_by: Vec<String>,
}

/// Which prompt of which domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptKey {
    /// The domain.
    pub tenant: TenantId,
    /// A language tag in lower case; none: the domain's own.
    pub language: Option<String>,
    /// Its name.
    pub name: String,
}

/// A sound to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewSound {
    /// A WAV, FLAC, Ogg Vorbis or MP3 file.
    File(Vec<u8>),
    /// A text to be spoken.
    Text {
        /// What is said.
        text: String,
        /// The synthesiser's voice; the language's own unless set.
        voice: Option<String>,
    },
}

/// Why a prompt was not made, changed or removed; nothing is changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// There is none of this name in this language.
    #[error("{0}")]
    Unknown(String),
    /// The sound or the text cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// Texts cannot be spoken here.
    #[error("{0}")]
    NoSpeech(String),
    /// It is played at these places.
    #[error("it is played by {}", .0.join(", "))]
    InUse(Vec<String>),
    /// There is no room for it.
    #[error("{0}")]
    Full(String),
    /// Too many are being converted.
    #[error("too many sounds are being converted")]
    Busy,
    /// The storage did not do it.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// An answer to come.
pub type Soon<'a, T> = Pin<Box<dyn Future<Output = Result<T, PromptError>> + Send + 'a>>;

/// Whoever keeps prompts.
pub trait Prompts: Send + Sync + 'static {
    /// The prompts of a domain, by name and language.
    fn list(&self, tenant: TenantId) -> Soon<'_, Vec<UsedPrompt>>;

    /// The playlists of a domain, by name.
    fn playlists(&self, tenant: TenantId) -> Soon<'_, Vec<UsedPlaylist>>;

    /// One, and its sound as a WAV file.
    fn fetch(&self, key: PromptKey) -> Soon<'_, (UsedPrompt, Vec<u8>)>;

    /// Makes or exchanges one; its author is kept with it. Who listens to the old one hears it to its end.
    fn put(&self, key: PromptKey, sound: NewSound, by: Author) -> Soon<'_, UsedPrompt>;

    /// A sound in the form in which all are heard, a WAV file and its length; kept nowhere. `language`: of a text.
    fn shape(&self, language: String, sound: NewSound) -> Soon<'_, (Vec<u8>, Duration)>;

    /// Removes one. While it is played somewhere, and nothing of the same name would be heard in its place, only by
    /// force.
    fn remove(&self, key: PromptKey, force: bool, by: Author) -> Soon<'_, ()>;
}
