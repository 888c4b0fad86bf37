//! The sounds by language and name, loaded once and shared by everybody.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rtp::RATE;
use rtp::resample::resample;
use rtp::tone::Tone;
use rtp::wav::{Wav, WavError};

use crate::embedded;
use crate::player::Prompt;

/// The language of names without one, and of sounds that another language lacks.
const DEFAULT_LANGUAGE: &str = "en";
/// Files in a folder of sounds, all languages together.
const FILES_MAX: usize = 2_000;
/// Bytes of one file.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Why a folder of sounds was refused; nothing of it is used.
#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    /// The folder or a file cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no sound for us.
    #[error("{} cannot be played", path.display())]
    Wav {
        /// Which.
        path: PathBuf,
        /// Why.
        source: WavError,
    },
    /// A file is larger than 64 MiB.
    #[error("{} is larger than {} MiB", path.display(), FILE_BYTES_MAX >> 20)]
    TooLarge {
        /// Which.
        path: PathBuf,
    },
    /// More than 2,000 files.
    #[error("{} holds more than {FILES_MAX} sounds", path.display())]
    TooMany {
        /// Which.
        path: PathBuf,
    },
}

/// Sounds by language and name. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sounds {
    prompts: Arc<BTreeMap<String, Arc<Prompt>>>,
}

impl Sounds {
    /// The sounds of the program itself, and the tones `tone-beep`, `tone-busy`, `tone-congestion` and
    /// `tone-ringback`.
    pub fn embedded() -> Sounds {
        static EMBEDDED: OnceLock<Sounds> = OnceLock::new();
        EMBEDDED.get_or_init(make_embedded).clone()
    }

    /// The program's sounds with a folder laid over them: `goodbye.wav` in it is `goodbye` in the default
    /// language, `de/goodbye.wav` is `goodbye` in `de`.
    ///
    /// # Errors
    /// [`SoundError`] names the first file that is wrong.
    pub fn load(folder: &Path) -> Result<Sounds, SoundError> {
        let mut prompts = BTreeMap::clone(&Sounds::embedded().prompts);
        let mut files = Vec::new();
        for entry in list(folder)? {
            if !entry.is_dir() {
                files.push((DEFAULT_LANGUAGE.to_owned(), entry));
            } else if let Some(language) = entry.file_name().and_then(|name| name.to_str()) {
                files.extend(list(&entry)?.into_iter().map(|file| (language.to_owned(), file)));
            }
            if files.len() > FILES_MAX {
                return Err(SoundError::TooMany { path: folder.to_owned() });
            }
        }
        for (language, path) in files {
            let is_wav = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("wav"));
            let Some(name) = path.file_stem().and_then(|stem| stem.to_str()).filter(|_| is_wav) else {
                continue;
            };
            prompts.insert(key(&language, name), Arc::new(read(&path)?));
        }
        Ok(Sounds { prompts: Arc::new(prompts) })
    }

    /// The same with one more sound in the default language, from samples of any rate.
    #[must_use]
    pub fn with(self, name: &str, rate: u32, samples: &[i16]) -> Sounds {
        let mut prompts = BTreeMap::clone(&self.prompts);
        let prompt = Prompt::new(&resample(samples, rate, RATE));
        prompts.insert(key(DEFAULT_LANGUAGE, name), Arc::new(prompt));
        Sounds { prompts: Arc::new(prompts) }
    }

    /// Whether a name, with a language or without, can be played.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Every name that can be played in the default language, in order.
    pub fn names(&self) -> Vec<&str> {
        self.prompts
            .keys()
            .filter_map(|key| key.split_once('/'))
            .filter(|(language, _)| *language == DEFAULT_LANGUAGE)
            .map(|(_, name)| name)
            .collect()
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Arc<Prompt>> {
        let (language, name) = name.split_once('/').unwrap_or((DEFAULT_LANGUAGE, name));
        self.prompts.get(&key(language, name)).or_else(|| self.prompts.get(&key(DEFAULT_LANGUAGE, name)))
    }
}

fn make_embedded() -> Sounds {
    let mut prompts = BTreeMap::new();
    for (key, file) in embedded::FILES {
        match Wav::parse(file) {
            Ok(wav) => drop(prompts.insert((*key).to_owned(), Arc::new(prompt_of(&wav)))),
            // A test reads them all; a binary without one of its sounds is still a switch.
            Err(error) => tracing::error!(key, %error, "an embedded sound cannot be played"),
        }
    }
    let tones = [
        ("tone-beep", Tone::beep()),
        ("tone-busy", Tone::busy()),
        ("tone-congestion", Tone::congestion()),
        ("tone-ringback", Tone::ringback()),
    ];
    for (name, tone) in tones {
        let prompt = Prompt::new(&tone.samples(RATE, tone.period()));
        prompts.insert(key(DEFAULT_LANGUAGE, name), Arc::new(prompt));
    }
    Sounds { prompts: Arc::new(prompts) }
}

fn key(language: &str, name: &str) -> String {
    format!("{language}/{name}")
}

/// What is in a folder, by name.
fn list(folder: &Path) -> Result<Vec<PathBuf>, SoundError> {
    let failed = |source| SoundError::Read { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        if paths.len() > FILES_MAX {
            return Err(SoundError::TooMany { path: folder.to_owned() });
        }
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort_unstable();
    Ok(paths)
}

fn read(path: &Path) -> Result<Prompt, SoundError> {
    let failed = |source| SoundError::Read { path: path.to_owned(), source };
    if fs::metadata(path).map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(SoundError::TooLarge { path: path.to_owned() });
    }
    let file = fs::read(path).map_err(failed)?;
    let wav = Wav::parse(&file).map_err(|source| SoundError::Wav { path: path.to_owned(), source })?;
    Ok(prompt_of(&wav))
}

fn prompt_of(wav: &Wav) -> Prompt {
    Prompt::new(&resample(&wav.samples, wav.rate, RATE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_sound_can_be_played() {
        let sounds = Sounds::embedded();
        for (name, _) in embedded::FILES {
            assert!(sounds.find(name).unwrap().frames() > 5, "{name}");
        }
        assert_eq!(sounds.find("music").unwrap().frames(), 1_200);
        assert_eq!(sounds.find("tone-ringback").unwrap().frames(), 300);
        assert!(!sounds.has("nothing"));
    }
}
