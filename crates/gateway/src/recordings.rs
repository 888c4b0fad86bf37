//! Recordings: what the engines want recorded, played and removed, and what the media plane says of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engine::{Input, RecordEnd, RecordingInput, Unfinished};
use media::{EndpointCommand, EndpointId, Record, Salvaged};
use model::{LegId, MailboxId, PlayId, RecordId, TenantId, Timestamp};
use switch::Recordings;

use crate::ports::Ports;

/// The longest side of a talk: nobody talks longer.
const TALK_MAX: Duration = Duration::from_secs(12 * 3_600);

/// Recordings that media owes an answer for. A leg may be over before.
#[derive(Default)]
pub(crate) struct Owed {
    pub(crate) recordings: Recordings,
    running: BTreeMap<(EndpointId, u64), TenantId>,
    /// Sides of talks: at most one for each endpoint. Nobody is told of their end.
    talks: BTreeSet<(EndpointId, u64)>,
    erasing: BTreeMap<u64, (TenantId, RecordId)>,
    last_erase: u64,
}

impl Owed {
    pub(crate) fn new(recordings: Recordings) -> Self {
        Self { recordings, ..Self::default() }
    }
}

/// Which recording, of whom, and for how long.
pub(crate) struct Wanted {
    pub(crate) leg: LegId,
    pub(crate) mailbox: MailboxId,
    pub(crate) record: RecordId,
    pub(crate) max: u16,
    pub(crate) silence: u16,
}

impl Ports {
    pub(crate) fn record(&mut self, tenant: TenantId, wanted: &Wanted) {
        let Wanted { leg, mailbox, record, max, silence } = *wanted;
        let Some(endpoint) = self.endpoint((tenant, leg)) else {
            // The leg ended in the same moment.
            return self.recording(tenant, record, ended(Duration::ZERO, RecordEnd::Stopped));
        };
        self.owed.running.insert((endpoint, record.0), tenant);
        let command = EndpointCommand::Record(Record {
            record: record.0,
            file: self.owed.recordings.file(tenant, mailbox, record),
            max: Duration::from_secs(max.into()),
            silence: Duration::from_secs(silence.into()),
            in_step: false,
        });
        self.media.command(endpoint, command);
    }

    pub(crate) fn record_talk(
        &mut self,
        tenant: TenantId,
        leg: LegId,
        (record, from): (RecordId, Timestamp),
    ) {
        // A leg that ended in the same moment says nothing more.
        let Some(endpoint) = self.endpoint((tenant, leg)) else { return };
        self.owed.talks.insert((endpoint, record.0));
        let command = EndpointCommand::Record(Record {
            record: record.0,
            file: self.owed.recordings.talk(tenant, from, record),
            max: TALK_MAX,
            silence: Duration::ZERO,
            in_step: true,
        });
        self.media.command(endpoint, command);
    }

    pub(crate) fn play_record(
        &mut self,
        tenant: TenantId,
        leg: LegId,
        play: PlayId,
        (mailbox, record): (MailboxId, RecordId),
    ) {
        if let Some(endpoint) = self.endpoint((tenant, leg)) {
            let file = self.owed.recordings.file(tenant, mailbox, record);
            self.media.command(endpoint, EndpointCommand::PlayFile { play: play.0, file });
        }
    }

    pub(crate) fn erase(&mut self, tenant: TenantId, mailbox: MailboxId, record: RecordId) {
        self.owed.last_erase += 1;
        let erase = self.owed.last_erase;
        self.owed.erasing.insert(erase, (tenant, record));
        self.media.erase(erase, self.owed.recordings.file(tenant, mailbox, record));
    }

    pub(crate) fn recording_ended(
        &mut self,
        endpoint: EndpointId,
        record: u64,
        length: Duration,
        why: media::RecordEnd,
    ) {
        if self.owed.talks.remove(&(endpoint, record)) {
            // The disk has said why.
            if why == media::RecordEnd::Failed {
                metrics::counter!("cordboard_recordings_failed_total").increment(1);
            }
            return;
        }
        let Some(tenant) = self.owed.running.remove(&(endpoint, record)) else { return };
        let why = match why {
            media::RecordEnd::Stopped => RecordEnd::Stopped,
            media::RecordEnd::Max => RecordEnd::Max,
            media::RecordEnd::Silence => RecordEnd::Silence,
            media::RecordEnd::Failed => RecordEnd::Failed,
        };
        self.recording(tenant, RecordId(record), ended(length, why));
    }

    pub(crate) fn erased(&mut self, erase: u64) {
        if let Some((tenant, record)) = self.owed.erasing.remove(&erase) {
            self.recording(tenant, record, RecordingInput::Erased);
        }
    }

    /// After a start: makes whole what a crash has cut off, and goes on removing what was to go. Reads and writes
    /// the disk, before there are calls.
    pub(crate) fn take_up(&mut self, tenant: TenantId, unfinished: Vec<Unfinished>) {
        for unfinished in unfinished {
            match unfinished {
                Unfinished::Recording(mailbox, record) => {
                    let file = self.owed.recordings.file(tenant, mailbox, record);
                    match media::salvage(&file) {
                        Ok(Salvaged::Kept(length)) => {
                            tracing::info!(file = %file.display(), "a message that a stop cut off was kept");
                            self.recording(tenant, record, ended(length, RecordEnd::Stopped));
                        }
                        Ok(Salvaged::Nothing) => {
                            self.recording(tenant, record, ended(Duration::ZERO, RecordEnd::Stopped));
                        }
                        // It is tried again at the next start.
                        Err(error) => {
                            tracing::error!(file = %file.display(), %error, "a message cannot be looked for");
                        }
                    }
                }
                Unfinished::Erasing(mailbox, record) => self.erase(tenant, mailbox, record),
                Unfinished::Keeping(prompt) => self.keep_prompt(tenant, prompt),
            }
        }
    }

    fn recording(&mut self, tenant: TenantId, record: RecordId, input: RecordingInput) {
        self.inputs.push_back((tenant, Input::Recording(record, input)));
    }
}

fn ended(length: Duration, why: RecordEnd) -> RecordingInput {
    RecordingInput::Ended { length: u64::try_from(length.as_millis()).unwrap_or(u64::MAX), why }
}
