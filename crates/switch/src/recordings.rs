//! Where recordings lie: whoever records, plays, sends or lists them asks here.

use std::path::PathBuf;

use model::{MailboxId, RecordId, TenantId};

/// The folder of all mailboxes' recordings.
///
/// ```
/// use model::{MailboxId, RecordId, TenantId};
/// let recordings = switch::Recordings::new("/data/voicemail".into());
/// let file = recordings.file(TenantId(1), MailboxId(7), RecordId(42));
/// assert_eq!(file.to_str(), Some("/data/voicemail/1/7/42.wav"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Recordings {
    folder: PathBuf,
}

impl Recordings {
    /// In this folder; it is made with the first recording.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The file of a recording. It is named by ids, so that neither a new number nor a new name moves it.
    #[must_use]
    pub fn file(&self, tenant: TenantId, mailbox: MailboxId, record: RecordId) -> PathBuf {
        self.folder.join(tenant.to_string()).join(mailbox.to_string()).join(format!("{record}.wav"))
    }
}
