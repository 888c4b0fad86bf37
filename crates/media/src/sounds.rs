//! The sounds by language and name: the program's own, those of a folder laid over them, and those of one domain.
//! Each is loaded once and shared by everybody who hears it, so that a set can be exchanged at any time: who listens
//! to a sound holds it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rtp::RATE;
use rtp::resample::resample;
use rtp::tone::{self, Progress, Tone};
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

/// One sound, ready to be played. Cheap to clone; equal to itself only.
#[derive(Clone, Debug)]
pub struct Sound(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    /// Filled at once, or when it is heard first: most of the program's own sounds never are.
    ready: OnceLock<Arc<Prompt>>,
    source: Source,
}

/// What a sound is made of when it is heard first.
#[derive(Debug)]
enum Source {
    /// It has been made.
    Made,
    /// One of the program's own files, WAV.
    File(&'static [u8]),
    /// One period of this.
    Tone(Tone),
}

impl Sound {
    /// From samples at 8 kHz.
    pub fn new(samples: &[i16]) -> Sound {
        let ready = OnceLock::from(Arc::new(Prompt::new(samples)));
        Sound(Arc::new(Kept { ready, source: Source::Made }))
    }

    /// Keys of a phone, one after the other: telephone events for who knows them, tones for who does not.
    pub fn keys(keys: &str) -> Sound {
        let ready = OnceLock::from(Arc::new(Prompt::keys(keys)));
        Sound(Arc::new(Kept { ready, source: Source::Made }))
    }

    fn later(source: Source) -> Sound {
        Sound(Arc::new(Kept { ready: OnceLock::new(), source }))
    }

    /// From a WAV file of any rate.
    ///
    /// # Errors
    /// [`WavError`] says why it is none for us.
    pub fn parse(file: &[u8]) -> Result<Sound, WavError> {
        let wav = Wav::parse(file)?;
        Ok(Sound::new(&resample(&wav.samples, wav.rate, RATE)))
    }

    /// How long it plays.
    pub fn length(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.ready().frames()).unwrap_or(u64::MAX).saturating_mul(20))
    }

    pub(crate) fn prompt(&self) -> Arc<Prompt> {
        Arc::clone(self.ready())
    }

    fn ready(&self) -> &Arc<Prompt> {
        self.0.ready.get_or_init(|| {
            let samples = match &self.0.source {
                Source::Made => Vec::new(),
                Source::Tone(tone) => tone.samples(RATE, tone.period()),
                Source::File(file) => match Wav::parse(file) {
                    Ok(wav) => resample(&wav.samples, wav.rate, RATE),
                    // A test reads them all; a binary without one of its sounds is still a switch.
                    Err(error) => {
                        tracing::error!(%error, "an embedded sound cannot be played");
                        Vec::new()
                    }
                },
            };
            Arc::new(Prompt::new(&samples))
        })
    }
}

impl PartialEq for Sound {
    fn eq(&self, other: &Sound) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Sound {}

/// By `language/name`.
type Set = BTreeMap<String, Sound>;

/// Sounds by language and name, as one domain hears them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sounds {
    /// What every domain has.
    common: Arc<Set>,
    /// What only this one has.
    own: Arc<Set>,
    /// The language of names without one, and of sounds that another language lacks.
    language: Arc<str>,
    /// Names that stand for several, one after the other.
    playlists: Arc<BTreeMap<String, Vec<String>>>,
}

impl Sounds {
    /// The sounds of the program itself, and the tones `tone-beep`, `tone-busy`, `tone-congestion` and
    /// `tone-ringback`; the last three are those of the country of the domain's language.
    pub fn embedded() -> Sounds {
        static EMBEDDED: OnceLock<Sounds> = OnceLock::new();
        EMBEDDED.get_or_init(|| Sounds::common(make_embedded())).clone()
    }

    fn common(sounds: Set) -> Sounds {
        Sounds {
            common: Arc::new(sounds),
            own: Arc::default(),
            language: DEFAULT_LANGUAGE.into(),
            playlists: Arc::default(),
        }
    }

    /// The program's sounds with a folder laid over them: `goodbye.wav` in it is `goodbye` in English,
    /// `de/goodbye.wav` is `goodbye` in `de`. A folder in it whose name is no language is none of its business.
    ///
    /// # Errors
    /// [`SoundError`] names the first file that is wrong.
    pub fn load(folder: &Path) -> Result<Sounds, SoundError> {
        let mut sounds = Set::clone(&Sounds::embedded().common);
        let mut files = Vec::new();
        for entry in list(folder)? {
            if !entry.is_dir() {
                files.push((DEFAULT_LANGUAGE.to_owned(), entry));
            } else if let Some(language) =
                entry.file_name().and_then(|name| name.to_str()).filter(is_language)
            {
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
            sounds.insert(key(&language, name), read(&path)?);
        }
        Ok(Sounds::common(sounds))
    }

    /// The same for a domain with sounds of its own, by language and name, and a language of its own.
    #[must_use]
    pub fn of_domain(&self, language: &str, own: BTreeMap<(String, String), Sound>) -> Sounds {
        let own = own.into_iter().map(|((language, name), sound)| (key(&language, &name), sound));
        Sounds {
            common: Arc::clone(&self.common),
            own: Arc::new(own.collect()),
            language: language.to_ascii_lowercase().into(),
            playlists: Arc::default(),
        }
    }

    /// The same with names that stand for several sounds each, one after the other. Such a name goes before that of
    /// a sound, and is none among the several.
    #[must_use]
    pub fn with_playlists(self, playlists: BTreeMap<String, Vec<String>>) -> Sounds {
        Sounds { playlists: Arc::new(playlists), ..self }
    }

    /// The same with one more sound in English, from samples of any rate.
    #[must_use]
    pub fn with(self, name: &str, rate: u32, samples: &[i16]) -> Sounds {
        let mut common = Set::clone(&self.common);
        common.insert(key(DEFAULT_LANGUAGE, name), Sound::new(&resample(samples, rate, RATE)));
        Sounds { common: Arc::new(common), ..self }
    }

    /// Whether a name, with a language or without, can be played.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Every name that can be played, in order.
    pub fn names(&self) -> Vec<&str> {
        let keys = self.common.keys().chain(self.own.keys());
        let mut names: Vec<&str> = keys.filter_map(|key| Some(key.split_once('/')?.1)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What is heard for a name: the sounds of a playlist, each in the language that goes with the name, or one
    /// sound. Empty if nothing has it.
    pub fn of(&self, name: &str) -> Vec<&Sound> {
        let (language, base) =
            name.split_once('/').map_or((None, name), |(language, base)| (Some(language), base));
        let Some(items) = self.playlists.get(base) else { return self.find(name).into_iter().collect() };
        let find = |item: &String| match language {
            Some(language) if !item.contains('/') => self.find(&format!("{language}/{item}")),
            Some(_) | None => self.find(item),
        };
        items.iter().filter_map(find).collect()
    }

    /// The sound of a name, `goodbye` or with a language `de-AT/goodbye`. Looked for in that language, in the same
    /// without its region, in the domain's, in English; in each first among the domain's own. A sound that the domain
    /// has in another language only is better than silence.
    pub fn find(&self, name: &str) -> Option<&Sound> {
        let (language, name) = name.split_once('/').unwrap_or((&self.language, name));
        let language = language.to_ascii_lowercase();
        let languages = [&language, base(&language), &self.language, base(&self.language), DEFAULT_LANGUAGE];
        let mut keys = languages.into_iter().map(|language| key(language, name));
        let found = keys.find_map(|key| self.own.get(&key).or_else(|| self.common.get(&key)));
        // What rings here sounds as it does here, whatever language the caller has chosen.
        let found = found.or_else(|| self.common.get(&of_country(country(&self.language), name)));
        let elsewhere =
            || self.own.iter().find(|(key, _)| key.split_once('/').is_some_and(|key| key.1 == name));
        found.or_else(|| elsewhere().map(|(_, sound)| sound))
    }
}

/// A language without its region: `de` of `de-at`.
fn base(language: &str) -> &str {
    language.split('-').next().unwrap_or_default()
}

/// Whether it looks like a language tag: `de`, `de-AT`, `gsw` (BCP 47, no more of it than sounds need).
fn is_language(name: &&str) -> bool {
    let mut parts = name.split('-');
    let mut is = |lengths: std::ops::RangeInclusive<usize>| {
        parts
            .next()
            .map(|part| lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    is(2..=3) == Some(true) && is(2..=4) != Some(false) && parts.next().is_none()
}

fn make_embedded() -> Set {
    let mut sounds = Set::new();
    for (key, file) in embedded::FILES {
        sounds.insert((*key).to_owned(), Sound::later(Source::File(file)));
    }
    let sound = |tone| Sound::later(Source::Tone(tone));
    sounds.insert(key(DEFAULT_LANGUAGE, "tone-beep"), sound(Tone::beep()));
    for country in tone::countries() {
        for (name, progress) in [
            ("tone-busy", Progress::Busy),
            ("tone-congestion", Progress::Congestion),
            ("tone-ringback", Progress::Ringback),
        ] {
            sounds.insert(of_country(country, name), sound(Tone::of(country, progress)));
        }
    }
    sounds
}

/// The key of a sound that belongs to a country; no language looks like it.
fn of_country(country: &str, name: &str) -> String {
    format!("~{country}/{name}")
}

/// Whose tones go with a language: those of its region, else of the country where most of its speakers live among
/// those whose tones are known.
fn country(language: &str) -> &str {
    let (base, region) = language.split_once('-').unwrap_or((language, ""));
    let own = match base {
        "sv" => "se",
        "ja" => "jp",
        "en" => "us",
        same => same,
    };
    let known = |country: &&str| tone::countries().any(|known| known == *country);
    Some(region).filter(known).or(Some(own).filter(known)).unwrap_or("us")
}

fn key(language: &str, name: &str) -> String {
    format!("{}/{name}", language.to_ascii_lowercase())
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

fn read(path: &Path) -> Result<Sound, SoundError> {
    let failed = |source| SoundError::Read { path: path.to_owned(), source };
    if fs::metadata(path).map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(SoundError::TooLarge { path: path.to_owned() });
    }
    let file = fs::read(path).map_err(failed)?;
    Sound::parse(&file).map_err(|source| SoundError::Wav { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
