//! Sounds of a domain's own: which there are, where they come from, and their files.
//!
//! A file is named by the hash of what is in it (`prompts/kept/<sha256>.wav`) and never changed: it is there before a
//! row names it, a row never names half of one, and a sound that is exchanged is heard to its end by who hears it.
//! What no row names any more goes away at the next start.

mod files;
mod uses;

pub use uses::PromptUses;

use std::time::Duration;

use model::{TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, SqliteConnection};

use crate::audit::{self, Author};
use crate::error::StoreError;
use crate::sql::{signed, unsigned};
use crate::store::Store;

/// Most prompts of one domain, all languages together.
pub const PROMPTS_MAX: usize = 2_000;
/// How long the prompts of one domain may play together: they are held in memory, a megabyte a minute.
pub const PROMPTS_LENGTH_MAX: Duration = Duration::from_secs(4 * 3_600);
/// Longest name, characters.
pub const PROMPT_NAME_MAX: usize = 64;
/// Longest text that is spoken, characters.
pub const PROMPT_TEXT_MAX: usize = 2_000;

/// A sound of a domain's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    /// A language tag in lower case, `de` or `de-at`.
    pub language: String,
    /// How flows, queues and numbers name it: lower-case letters, digits and hyphens.
    pub name: String,
    /// Where it comes from.
    pub source: PromptSource,
    /// Whether the provisioning file says that it is there; others are left alone by it.
    pub provisioned: bool,
    /// The sound itself.
    pub sound: KeptSound,
    /// When it was last changed.
    #[serde(with = "moment")]
    pub changed_at: Timestamp,
    /// By whom; empty if nobody said.
    pub changed_by: String,
}

/// Where a prompt comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PromptSource {
    /// Somebody uploaded it.
    Upload,
    /// Made from text by a speech synthesiser.
    Text {
        /// What is said.
        text: String,
        /// The synthesiser's voice; the language's own unless set.
        voice: Option<String>,
    },
    /// From a file that the provisioning file names.
    File {
        /// As it is named there.
        path: String,
    },
    /// Spoken into a phone.
    Phone,
}

impl PromptSource {
    /// Its word in the database and in the interface.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Text { .. } => "text",
            Self::File { .. } => "file",
            Self::Phone => "phone",
        }
    }
}

/// A sound that is on the disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptSound {
    /// The SHA-256 of its file, 64 hexadecimal digits.
    pub sha256: String,
    /// How long it plays.
    pub length: Duration,
    /// How loud it was before it was made as loud as all, in LUFS.
    pub loudness: f64,
    /// Bytes of its file.
    pub bytes: u64,
}

impl KeptSound {
    /// Stands for a sound that will be made when a plan is carried out.
    pub(crate) fn to_be_made() -> Self {
        Self { sha256: String::new(), length: Duration::ZERO, loudness: 0.0, bytes: 0 }
    }

    /// Whether it is there.
    pub(crate) fn is_made(&self) -> bool {
        !self.sha256.is_empty()
    }
}

/// Why a prompt was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SavePromptError {
    /// There is no room for one more.
    #[error("the domain has {PROMPTS_MAX} prompts already; remove one first")]
    TooMany,
    /// Together they would play too long.
    #[error("the domain's prompts would play longer than {} hours together; remove or cut one", PROMPTS_LENGTH_MAX.as_secs() / 3_600)]
    TooLong,
    /// The database could not be changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A prompt's name, if it is one: 1 to 64 lower-case letters, digits and hyphens, the first a letter or digit.
#[must_use]
pub fn is_prompt_name(name: &str) -> bool {
    (1..=PROMPT_NAME_MAX).contains(&name.len())
        && !name.starts_with('-')
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A language tag as it is kept, `de` or `de-at`; none if it is none (BCP 47, no more of it than sounds need).
#[must_use]
pub fn language_tag(text: &str) -> Option<String> {
    let (language, region) = text.split_once('-').map_or((text, None), |(a, b)| (a, Some(b)));
    let is = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let is_tag = is(language, 2..=3) && region.is_none_or(|region| is(region, 2..=4));
    is_tag.then(|| text.to_ascii_lowercase())
}

/// A synthesiser's voice, if its name is harmless on a command line.
#[must_use]
pub fn is_voice(voice: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"+-_".contains(&byte);
    (1..=32).contains(&voice.len()) && !voice.starts_with('-') && voice.bytes().all(fine)
}

mod moment {
    use model::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(moment: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(moment.0)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(from).map(Timestamp)
    }
}

#[derive(FromRow)]
struct Row {
    language: String,
    name: String,
    source: String,
    content: Option<String>,
    voice: Option<String>,
    provisioned: i64,
    sha256: String,
    milliseconds: i64,
    loudness: f64,
    bytes: i64,
    changed_at: i64,
    changed_by: String,
}

impl TryFrom<Row> for Prompt {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let corrupt = || StoreError::corrupt("a prompt", &row.name);
        let content = || row.content.clone().ok_or_else(corrupt);
        let source = match row.source.as_str() {
            "upload" => PromptSource::Upload,
            "text" => PromptSource::Text { text: content()?, voice: row.voice.clone() },
            "file" => PromptSource::File { path: content()? },
            "phone" => PromptSource::Phone,
            _ => return Err(corrupt()),
        };
        let length = Duration::from_millis(unsigned(row.milliseconds));
        let bytes = unsigned(row.bytes);
        Ok(Self {
            language: row.language,
            name: row.name,
            source,
            provisioned: row.provisioned != 0,
            sound: KeptSound { sha256: row.sha256, length, loudness: row.loudness, bytes },
            changed_at: Timestamp(row.changed_at),
            changed_by: row.changed_by,
        })
    }
}

impl Store {
    /// The prompts of a domain, by language and name.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub async fn prompts(&self, tenant: TenantId) -> Result<Vec<Prompt>, StoreError> {
        let mut tx = self.begin_read().await?;
        list(&mut tx, tenant).await
    }

    /// Makes or changes a prompt whose sound is kept already; it is signed with the author's name.
    ///
    /// # Errors
    /// [`SavePromptError`]: there is no room, or the database cannot be changed.
    pub async fn save_prompt(
        &self,
        tenant: TenantId,
        prompt: &Prompt,
        by: &Author,
    ) -> Result<(), SavePromptError> {
        let prompt = Prompt { changed_by: by.name.clone(), ..prompt.clone() };
        let called = format!("prompt {}/{}", prompt.language, prompt.name);
        let now = prompt.changed_at;
        let mut tx = self.begin_write().await?;
        let mut all = list(&mut tx, tenant).await?;
        let before = all.len();
        all.retain(|other| (&other.language, &other.name) != (&prompt.language, &prompt.name));
        let is_new = all.len() == before;
        all.push(prompt.clone());
        has_room(&all)?;
        save(&mut tx, tenant, &prompt).await?;
        let change = if is_new { format!("+ {called}") } else { format!("~ {called} sound") };
        audit::append(&mut tx, tenant, (now, by), None, &[change]).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Removes a prompt; says whether it was there.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be changed.
    pub async fn remove_prompt(
        &self,
        tenant: TenantId,
        (language, name): (&str, &str),
        now: Timestamp,
        by: &Author,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin_write().await?;
        let was_there = remove(&mut tx, tenant, language, name).await?;
        if was_there {
            let change = format!("- prompt {language}/{name}");
            audit::append(&mut tx, tenant, (now, by), None, &[change]).await?;
        }
        tx.commit().await?;
        Ok(was_there)
    }
}

/// Whether a domain may have these prompts.
pub(crate) fn has_room(prompts: &[Prompt]) -> Result<(), SavePromptError> {
    if prompts.len() > PROMPTS_MAX {
        return Err(SavePromptError::TooMany);
    }
    let together: Duration = prompts.iter().map(|prompt| prompt.sound.length).sum();
    if together > PROMPTS_LENGTH_MAX { Err(SavePromptError::TooLong) } else { Ok(()) }
}

/// The prompts of a domain, by language and name.
pub(crate) async fn list(conn: &mut SqliteConnection, tenant: TenantId) -> Result<Vec<Prompt>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT language, name, source, content, voice, provisioned, sha256, milliseconds, loudness, bytes,
           changed_at, changed_by FROM prompts WHERE tenant = $1 ORDER BY language, name",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Prompt::try_from).collect()
}

/// Makes or changes a prompt.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    prompt: &Prompt,
) -> Result<(), StoreError> {
    let (content, voice) = match &prompt.source {
        PromptSource::Text { text, voice } => (Some(text), voice.as_ref()),
        PromptSource::File { path } => (Some(path), None),
        PromptSource::Upload | PromptSource::Phone => (None, None),
    };
    sqlx::query(
        "INSERT INTO prompts (tenant, language, name, source, content, voice, provisioned, sha256, milliseconds,
           loudness, bytes, changed_at, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (tenant, language, name) DO UPDATE SET source = excluded.source, content = excluded.content,
           voice = excluded.voice, provisioned = excluded.provisioned, sha256 = excluded.sha256,
           milliseconds = excluded.milliseconds, loudness = excluded.loudness, bytes = excluded.bytes,
           changed_at = excluded.changed_at, changed_by = excluded.changed_by",
    )
    .bind(signed(tenant.0))
    .bind(&prompt.language)
    .bind(&prompt.name)
    .bind(prompt.source.word())
    .bind(content)
    .bind(voice)
    .bind(i64::from(prompt.provisioned))
    .bind(&prompt.sound.sha256)
    .bind(i64::try_from(prompt.sound.length.as_millis()).unwrap_or(i64::MAX))
    .bind(prompt.sound.loudness)
    .bind(signed(prompt.sound.bytes))
    .bind(prompt.changed_at.0)
    .bind(&prompt.changed_by)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a prompt; says whether it was there.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    language: &str,
    name: &str,
) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM prompts WHERE tenant = $1 AND language = $2 AND name = $3")
        .bind(signed(tenant.0))
        .bind(language)
        .bind(name)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_languages_are_harmless_in_a_path() {
        for (name, is) in [
            ("welcome-2", true),
            ("2", true),
            ("", false),
            ("-v", false),
            ("a/b", false),
            ("..", false),
            ("Ä", false),
            ("Up", false),
        ] {
            assert_eq!(is_prompt_name(name), is, "{name}");
        }
        assert!(!is_prompt_name(&"a".repeat(65)));
        for (tag, kept) in [
            ("de", Some("de")),
            ("de-AT", Some("de-at")),
            ("gsw", Some("gsw")),
            ("d", None),
            ("kept", None),
            ("de-", None),
            ("de-a/b", None),
            ("", None),
        ] {
            assert_eq!(language_tag(tag).as_deref(), kept, "{tag}");
        }
        for (voice, is) in [("en-us", true), ("de+f3", true), ("--path", false), ("a b", false), ("", false)]
        {
            assert_eq!(is_voice(voice), is, "{voice}");
        }
    }
}
