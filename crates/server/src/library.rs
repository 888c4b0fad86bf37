//! What can be heard: the sounds of all domains, those of each, and the making of new ones.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use media::{Intake, IntakeError, Sound, Sounds};
use model::{Tenant, TenantId};
use store::{KeptSound, Store, StoreError};
use tokio::sync::Semaphore;

use crate::settings::Settings;
use crate::speech::{self, SpeechError};
use crate::wiring;

/// Sounds being converted at once: each takes a core for its time.
const CONVERSIONS_MAX: usize = 1;
/// Sounds waiting for their turn; beyond: busy.
const CONVERSIONS_WAITING_MAX: usize = 8;

/// Why a sound was not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MakeError {
    /// The file is none.
    #[error(transparent)]
    Unusable(#[from] IntakeError),
    /// The text was not spoken.
    #[error(transparent)]
    Speech(#[from] SpeechError),
    /// Too many wait already.
    #[error("too many sounds are being converted; try again in a moment")]
    Busy,
    /// The disk did not take it.
    #[error("the sound cannot be written: {0}; look at the disk of the data directory")]
    Disk(#[from] std::io::Error),
}

/// The sounds of a server.
pub(crate) struct Library {
    common: Sounds,
    store: Store,
    /// What each domain has in memory, by hash: a sound is read once, however often the domain is changed.
    loaded: Mutex<BTreeMap<TenantId, BTreeMap<String, Sound>>>,
    turns: Semaphore,
    waiting: Semaphore,
}

impl Library {
    /// The library over a store.
    ///
    /// # Errors
    /// If a file that the operator laid over the built-in sounds is none.
    pub(crate) fn open(settings: &Settings, store: Store) -> anyhow::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            common: wiring::sounds(settings)?,
            store,
            loaded: Mutex::default(),
            turns: Semaphore::new(CONVERSIONS_MAX),
            waiting: Semaphore::new(CONVERSIONS_MAX + CONVERSIONS_WAITING_MAX),
        }))
    }

    /// What every domain has.
    pub(crate) fn common(&self) -> &Sounds {
        &self.common
    }

    /// What a domain hears. A sound that cannot be read is told and left out: another stands in for it.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub(crate) async fn of_domain(&self, tenant: &Tenant) -> Result<Sounds, StoreError> {
        let before = self.loaded().get(&tenant.id).cloned().unwrap_or_default();
        let mut loaded = BTreeMap::new();
        let mut own = BTreeMap::new();
        for prompt in self.store.prompts(tenant.id).await? {
            let hash = prompt.sound.sha256;
            let known = loaded.get(&hash).or_else(|| before.get(&hash)).cloned();
            let sound = match known {
                Some(sound) => Ok(sound),
                None => read(&self.store.sound_path(&hash)).await,
            };
            match sound {
                Ok(sound) => {
                    loaded.insert(hash, sound.clone());
                    own.insert((prompt.language, prompt.name), sound);
                }
                Err(error) => {
                    let (language, name) = (prompt.language, prompt.name);
                    tracing::warn!(
                        domain = tenant.name,
                        language,
                        name,
                        error,
                        "a prompt cannot be played; upload it again"
                    );
                }
            }
        }
        self.loaded().insert(tenant.id, loaded);
        let playlists = self.store.playlists(tenant.id).await?;
        Ok(self.common.of_domain(&tenant.language, own).with_playlists(playlists))
    }

    /// Brings a file to the form in which sounds are heard.
    ///
    /// # Errors
    /// [`MakeError`] says what is wrong and how to mend it.
    pub(crate) async fn shape(&self, file: Vec<u8>) -> Result<Intake, MakeError> {
        let _place = self.waiting.try_acquire().map_err(|_| MakeError::Busy)?;
        // It is never closed.
        let _turn = self.turns.acquire().await.map_err(|_| MakeError::Busy)?;
        let made = tokio::task::spawn_blocking(move || Ok(media::intake(file)?));
        made.await.unwrap_or(Err(MakeError::Unusable(IntakeError::Damaged)))
    }

    /// Brings a file to the form in which sounds are kept, and keeps it.
    ///
    /// # Errors
    /// [`MakeError`] says what is wrong and how to mend it.
    pub(crate) async fn take_in(&self, file: Vec<u8>) -> Result<KeptSound, MakeError> {
        let Intake { wav, length, loudness } = self.shape(file).await?;
        let store = self.store.clone();
        let made = tokio::task::spawn_blocking(move || {
            let sha256 = store.keep_sound(&wav)?;
            Ok(KeptSound { sha256, length, loudness, bytes: wav.len() as u64 })
        });
        made.await.unwrap_or(Err(MakeError::Unusable(IntakeError::Damaged)))
    }

    /// Speaks a text and keeps it.
    ///
    /// # Errors
    /// [`MakeError`] says what is wrong and how to mend it.
    pub(crate) async fn speak(
        &self,
        text: &str,
        language: &str,
        voice: Option<&str>,
    ) -> Result<KeptSound, MakeError> {
        let spoken = speech::speak(text, language, voice).await?;
        self.take_in(spoken).await
    }

    fn loaded(&self) -> std::sync::MutexGuard<'_, BTreeMap<TenantId, BTreeMap<String, Sound>>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(path: &Path) -> Result<Sound, String> {
    let path = path.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let file = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Sound::parse(&file).map_err(|error| format!("{}: {error}", path.display()))
    });
    read.await.unwrap_or_else(|error| Err(error.to_string()))
}
