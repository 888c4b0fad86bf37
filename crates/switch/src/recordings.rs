//! Where recordings lie: whoever records, plays, sends or lists them asks here.

use std::path::{Path, PathBuf};

use model::{Date, MailboxId, RecordId, TenantId, Timestamp};

/// Microseconds.
const DAY: i64 = 86_400_000_000;

/// The folders of all recordings: of mailboxes, and of talks.
///
/// ```
/// use model::{MailboxId, RecordId, TenantId, Timestamp};
/// let recordings = switch::Recordings::within("/data".as_ref());
/// let file = recordings.file(TenantId(1), MailboxId(7), RecordId(42));
/// assert_eq!(file.to_str(), Some("/data/voicemail/1/7/42.wav"));
/// let talk = recordings.talk(TenantId(1), Timestamp::from_secs(1_795_824_000), RecordId(43));
/// assert_eq!(talk.to_str(), Some("/data/recordings/1/2026-11-28/43.wav"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Recordings {
    mailboxes: PathBuf,
    talks: PathBuf,
}

impl Recordings {
    /// In the data directory; they are made with the first recording.
    #[must_use]
    pub fn within(data: &Path) -> Self {
        Self { mailboxes: data.join("voicemail"), talks: data.join("recordings") }
    }

    /// The file of a mailbox's recording. It is named by ids, so that neither a new number nor a new name moves it.
    #[must_use]
    pub fn file(&self, tenant: TenantId, mailbox: MailboxId, record: RecordId) -> PathBuf {
        self.mailboxes.join(tenant.to_string()).join(mailbox.to_string()).join(format!("{record}.wav"))
    }

    /// The file of one side of a talk, in the folder of the day (UTC) on which the talk began.
    #[must_use]
    pub fn talk(&self, tenant: TenantId, from: Timestamp, record: RecordId) -> PathBuf {
        let day = Date::of_day(from.0.div_euclid(DAY));
        self.talks.join(tenant.to_string()).join(day.to_string()).join(format!("{record}.wav"))
    }

    /// The folder of all talks: in it one for each domain, and in that one for each day.
    #[must_use]
    pub fn talks(&self) -> &Path {
        &self.talks
    }
}
