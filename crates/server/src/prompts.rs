//! The domains' prompts as the interface changes them: made, stored, taken over by the running switch.

use std::sync::Arc;
use std::time::Duration;

use api::prompts::{NewSound, PromptError, PromptKey, Prompts, Soon, UsedPlaylist, UsedPrompt};
use api::storage::StorageError;
use gateway::TakenPrompt;
use model::TenantId;
use store::prompt::PromptUses;
use store::{Author, KeptSound, Playlist, Prompt, PromptSource, SavePromptError, StoreError};
use switch::Clock;

use crate::library::{Library, MakeError};
use crate::provision::Takeover;
use crate::speech;

/// Keeps prompts of a running server.
#[derive(Clone)]
pub(crate) struct LivePrompts {
    pub(crate) takeover: Arc<Takeover>,
}

impl Prompts for LivePrompts {
    fn list(&self, tenant: TenantId) -> Soon<'_, Vec<UsedPrompt>> {
        Box::pin(async move {
            let uses = self.uses(tenant).await?;
            let mut prompts = self.takeover.store.prompts(tenant).await.map_err(failed)?;
            prompts.sort_by(|a, b| (&a.name, &a.language).cmp(&(&b.name, &b.language)));
            Ok(prompts.into_iter().map(|prompt| used(prompt, &uses)).collect())
        })
    }

    fn playlists(&self, tenant: TenantId) -> Soon<'_, Vec<UsedPlaylist>> {
        Box::pin(async move {
            let uses = self.uses(tenant).await?;
            let playlists = self.takeover.store.playlists(tenant).await.map_err(failed)?;
            let used = |(name, prompts): (String, Vec<String>)| UsedPlaylist {
                used_by: uses.get(&name).cloned().unwrap_or_default(),
                playlist: Playlist { name, prompts },
            };
            Ok(playlists.into_iter().map(used).collect())
        })
    }

    fn fetch(&self, key: PromptKey) -> Soon<'_, (UsedPrompt, Vec<u8>)> {
        Box::pin(async move {
            let prompt = self.find(&key).await?;
            let wav = tokio::fs::read(self.takeover.store.sound_path(&prompt.sound.sha256)).await;
            let wav = wav.map_err(|error| StorageError::Failed(format!("a prompt's sound: {error}")))?;
            Ok((used(prompt, &self.uses(key.tenant).await?), wav))
        })
    }

    fn put(&self, key: PromptKey, sound: NewSound, by: Author) -> Soon<'_, UsedPrompt> {
        let own = self.clone();
        // A task of its own: what was begun is finished even if nobody waits for it any more.
        finished(tokio::spawn(async move { own.make(key, sound, by).await }))
    }

    fn shape(&self, language: String, sound: NewSound) -> Soon<'_, (Vec<u8>, Duration)> {
        let kept = self.clone();
        finished(tokio::spawn(async move {
            let file = match sound {
                NewSound::File(file) => file,
                NewSound::Text { text, voice } => speech::speak(&text, &language, voice.as_deref())
                    .await
                    .map_err(|error| not_made(error.into()))?,
            };
            let made = kept.library().shape(file).await.map_err(not_made)?;
            Ok((made.wav, made.length))
        }))
    }

    fn remove(&self, key: PromptKey, force: bool, by: Author) -> Soon<'_, ()> {
        let own = self.clone();
        finished(tokio::spawn(async move { own.take_away(key, force, by).await }))
    }
}

impl LivePrompts {
    fn library(&self) -> &Library {
        &self.takeover.library
    }

    async fn uses(&self, tenant: TenantId) -> Result<PromptUses, PromptError> {
        self.takeover.store.prompt_uses(tenant).await.map_err(failed)
    }

    async fn language(&self, key: &PromptKey) -> Result<String, PromptError> {
        if let Some(language) = &key.language {
            return Ok(language.clone());
        }
        Ok(self.takeover.store.directory(key.tenant).await.map_err(failed)?.tenant.language)
    }

    async fn find(&self, key: &PromptKey) -> Result<Prompt, PromptError> {
        let language = self.language(key).await?;
        let prompts = self.takeover.store.prompts(key.tenant).await.map_err(failed)?;
        let found = prompts.into_iter().find(|prompt| prompt.name == key.name && prompt.language == language);
        found.ok_or_else(|| unknown(&language, &key.name))
    }

    /// Keeps what was recorded by phone.
    ///
    /// # Errors
    /// [`PromptError`] says why it is no prompt.
    pub(crate) async fn take(&self, taken: TakenPrompt) -> Result<(), PromptError> {
        let TakenPrompt { tenant, record: _, file, name, by } = taken;
        let wav = tokio::fs::read(&file).await;
        let wav = wav.map_err(|error| StorageError::Failed(format!("{}: {error}", file.display())))?;
        let key = PromptKey { tenant, language: None, name };
        let language = self.language(&key).await?;
        let sound = self.library().take_in(wav).await.map_err(not_made)?;
        self.save(key, (language, PromptSource::Phone, sound), Author::named(&by)).await?;
        Ok(())
    }

    async fn make(&self, key: PromptKey, sound: NewSound, by: Author) -> Result<UsedPrompt, PromptError> {
        let language = self.language(&key).await?;
        let (source, sound) = match sound {
            NewSound::File(file) => (PromptSource::Upload, self.library().take_in(file).await),
            NewSound::Text { text, voice } => {
                let sound = self.library().speak(&text, &language, voice.as_deref()).await;
                (PromptSource::Text { text, voice }, sound)
            }
        };
        let prompt = self.save(key.clone(), (language, source, sound.map_err(not_made)?), by).await?;
        Ok(used(prompt, &self.uses(key.tenant).await?))
    }

    /// Stores a prompt and lets the switch take it over.
    async fn save(
        &self,
        key: PromptKey,
        (language, source, sound): (String, PromptSource, KeptSound),
        by: Author,
    ) -> Result<Prompt, PromptError> {
        let prompt = Prompt {
            language,
            name: key.name,
            source,
            provisioned: false,
            sound,
            changed_at: Clock::start().now(),
            changed_by: by.name.clone(),
        };
        self.takeover.store.save_prompt(key.tenant, &prompt, &by).await.map_err(|error| match error {
            SavePromptError::TooMany | SavePromptError::TooLong => PromptError::Full(error.to_string()),
            SavePromptError::Store(error) => failed(error),
        })?;
        self.take_over(key.tenant).await;
        Ok(prompt)
    }

    async fn take_away(&self, key: PromptKey, force: bool, by: Author) -> Result<(), PromptError> {
        let Prompt { language, name, .. } = self.find(&key).await?;
        if !force && let Some(places) = self.uses(key.tenant).await?.remove(&name) {
            let others = self.takeover.store.prompts(key.tenant).await.map_err(failed)?;
            let stands_in = self.library().common().has(&name)
                || others.iter().any(|other| other.name == name && other.language != language);
            if !stands_in {
                return Err(PromptError::InUse(places));
            }
        }
        let now = Clock::start().now();
        let removed = self.takeover.store.remove_prompt(key.tenant, (&language, &name), now, &by);
        let was_there = removed.await.map_err(failed)?;
        if !was_there {
            return Err(unknown(&language, &name));
        }
        self.take_over(key.tenant).await;
        Ok(())
    }

    /// What is stored and not taken over is heard after the next change or restart.
    async fn take_over(&self, tenant: TenantId) {
        if let Err(error) = self.takeover.domain(tenant).await {
            tracing::error!(%error, "a prompt was changed and not taken over");
        }
    }
}

fn finished<T: Send + 'static>(task: tokio::task::JoinHandle<Result<T, PromptError>>) -> Soon<'static, T> {
    let broke =
        |error| PromptError::Storage(StorageError::Failed(format!("a prompt's change broke: {error}")));
    Box::pin(async move { task.await.map_err(broke)? })
}

fn used(prompt: Prompt, uses: &PromptUses) -> UsedPrompt {
    let used_by = uses.get(&prompt.name).cloned().unwrap_or_default();
    UsedPrompt { prompt, used_by }
}

fn unknown(language: &str, name: &str) -> PromptError {
    PromptError::Unknown(format!("there is no prompt {name} of the domain's own in {language}"))
}

fn failed(error: StoreError) -> PromptError {
    PromptError::Storage(error.into())
}

fn not_made(error: MakeError) -> PromptError {
    let text = error.to_string();
    match error {
        MakeError::Unusable(_) => PromptError::Unusable(text),
        MakeError::Speech(crate::speech::SpeechError::NotInstalled) => PromptError::NoSpeech(text),
        MakeError::Speech(_) => PromptError::Unusable(text),
        MakeError::Busy => PromptError::Busy,
        MakeError::Disk(_) => PromptError::Storage(StorageError::Failed(text)),
    }
}
