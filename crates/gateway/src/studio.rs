//! Prompts that were recorded by phone. The gateway makes none itself: it says where the recording lies, and tells the
//! engine what came of it.

use std::path::PathBuf;

use engine::{Input, NewPrompt, RecordingInput};
use model::{MailboxId, RecordId, TenantId};
use tokio::sync::mpsc;

use crate::ports::Ports;

/// Most recordings that wait to become prompts; beyond, one fails at once.
pub const TAKES_MAX: usize = 256;

/// A recording that is to become a prompt.
#[derive(Debug)]
pub struct TakenPrompt {
    /// The domain.
    pub tenant: TenantId,
    /// The recording.
    pub record: RecordId,
    /// Its file, WAV.
    pub file: PathBuf,
    /// The prompt's name.
    pub name: String,
    /// The name of who recorded it.
    pub by: String,
}

/// What came of it.
#[derive(Debug)]
pub struct PromptKept {
    /// The domain.
    pub tenant: TenantId,
    /// The recording.
    pub record: RecordId,
    /// Whether there is a prompt now.
    pub done: bool,
}

impl From<PromptKept> for (TenantId, Input) {
    fn from(PromptKept { tenant, record, done }: PromptKept) -> Self {
        (tenant, Input::Recording(record, RecordingInput::Kept(done)))
    }
}

impl Ports {
    pub(crate) fn keep_prompt(&mut self, tenant: TenantId, prompt: NewPrompt) {
        let NewPrompt { record, name, by } = prompt;
        let file = self.owed.recordings.file(tenant, MailboxId::PROMPTS, record);
        if let Err(error) = self.takes.try_send(TakenPrompt { tenant, record, file, name, by }) {
            let why = match error {
                mpsc::error::TrySendError::Full(_) => "too many wait",
                mpsc::error::TrySendError::Closed(_) => "the server is stopping",
            };
            tracing::warn!(record.id = record.0, why, "a recording became no prompt");
            self.inputs.push_back(PromptKept { tenant, record, done: false }.into());
        }
    }
}
