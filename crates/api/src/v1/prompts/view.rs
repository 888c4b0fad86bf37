//! A prompt as the interface shows it.

use serde::Serialize;
use store::PromptSource;
use utoipa::ToSchema;

use crate::prompts::UsedPrompt;
use crate::time::Time;

/// A sound of the domain's own.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PromptItem {
    /// How queues, flows and numbers name it.
    #[schema(example = "welcome")]
    pub name: String,
    /// A language tag in lower case.
    #[schema(example = "de")]
    pub language: String,
    /// Where it comes from: `upload`, `text`, `file` (named by the provisioning file) or `phone`.
    #[schema(example = "text")]
    pub source: &'static str,
    /// What is said, of a `text`.
    #[schema(example = "Guten Tag.")]
    pub text: Option<String>,
    /// The synthesiser's voice, of a `text`; null is the language's own.
    pub voice: Option<String>,
    /// Whether the provisioning file says that it is there.
    pub provisioned: bool,
    /// How long it plays, seconds.
    #[schema(example = 2.5)]
    pub seconds: f64,
    /// How loud the original was, in LUFS; every prompt is brought to the same loudness.
    #[schema(example = -16.5)]
    pub loudness: f64,
    /// Bytes of its sound.
    pub bytes: u64,
    /// The SHA-256 of its sound.
    pub sha256: String,
    /// When it was last changed.
    pub changed_at: Time,
    /// By whom; empty if nobody said.
    pub changed_by: String,
    /// Where it is played.
    #[schema(example = json!(["queue 8000 moh"]))]
    pub used_by: Vec<String>,
}

impl PromptItem {
    pub(crate) fn new(UsedPrompt { prompt, used_by }: UsedPrompt) -> Self {
        let source = prompt.source.word();
        let (text, voice) = match prompt.source {
            PromptSource::Text { text, voice } => (Some(text), voice),
            PromptSource::Upload | PromptSource::File { .. } | PromptSource::Phone => (None, None),
        };
        Self {
            name: prompt.name,
            language: prompt.language,
            source,
            text,
            voice,
            provisioned: prompt.provisioned,
            seconds: prompt.sound.length.as_secs_f64(),
            loudness: (prompt.sound.loudness * 10.0).round() / 10.0,
            bytes: prompt.sound.bytes,
            sha256: prompt.sound.sha256,
            changed_at: prompt.changed_at.into(),
            changed_by: prompt.changed_by,
            used_by,
        }
    }
}
