//! Prompts that were recorded by phone: each is made as loud as all, stored, and heard from then on.

use gateway::{PromptKept, TakenPrompt};
use tokio::sync::mpsc;

use crate::prompts::LivePrompts;

/// What the switch hands over, and where it hears what came of it.
pub(crate) struct Studio {
    pub(crate) taken: mpsc::Receiver<TakenPrompt>,
    pub(crate) kept: mpsc::Sender<PromptKept>,
}

impl Studio {
    /// Keeps prompts, one after the other, until the switch is gone.
    pub(crate) async fn run(mut self, prompts: LivePrompts) {
        while let Some(taken) = self.taken.recv().await {
            let (tenant, record) = (taken.tenant, taken.record);
            let (name, by) = (taken.name.clone(), taken.by.clone());
            let done = match prompts.take(taken).await {
                Ok(()) => true,
                Err(error) => {
                    tracing::warn!(domain.id = tenant.0, prompt = name, %error, "a prompt was recorded and not kept");
                    false
                }
            };
            if done {
                tracing::info!(domain.id = tenant.0, prompt = name, by, "a prompt was recorded by phone");
            }
            if self.kept.send(PromptKept { tenant, record, done }).await.is_err() {
                return;
            }
        }
    }
}
