//! Keeps what has happened: call records, the agents' log and what is to be sent of it, and a line for each call in the log.

use std::sync::Arc;

use engine::{Actor, AgentState, EventKind};
use model::{MailboxId, RecordId, TenantId};
use store::statistics::agent::State;
use store::{AgentLogEntry, Errand, NewErrand, RecordWriter};
use switch::{EventSink, Published};

use crate::outbox::transcripts::MAIL_WAITS;

/// Hands what must be kept to the store's writer; never blocks.
pub(crate) struct Keeper {
    records: Arc<RecordWriter>,
    /// Whether there is a mail server.
    mails: bool,
}

impl Keeper {
    pub(crate) fn new(records: Arc<RecordWriter>, mails: bool) -> Self {
        Self { records, mails }
    }
}

impl Keeper {
    fn message_left(&self, published: &Published, mailbox: MailboxId, message: RecordId) {
        tracing::info!(mailbox.id = mailbox.0, message.id = message.0, "a message was left");
        if !self.mails && email_of(published, mailbox) {
            tracing::warn!(mailbox.id = mailbox.0, "no mail tells of it: set `smtp.host`");
        }
    }
}

impl EventSink for Keeper {
    fn published(&mut self, tenant: TenantId, published: &Arc<Published>) {
        self.keep(tenant, published);
        let Some(event) = &published.event else { return };
        match &event.kind {
            EventKind::CallEnded { record } => {
                tracing::info!(
                    call.id = record.call.0,
                    caller = %record.caller.number,
                    cause = record.cause.as_str(),
                    legs = record.legs.len(),
                    "call ended"
                );
                metrics::counter!("cordboard_calls_total", "cause" => record.cause.as_str()).increment(1);
            }
            EventKind::CallFaulted { call, what } => {
                metrics::counter!("cordboard_faults_total").increment(1);
                tracing::error!(call.id = call.0, what, "a rule of ours was broken; the call was ended");
            }
            EventKind::CallRefused { cause } => {
                metrics::counter!("cordboard_calls_refused_total", "cause" => cause.as_str()).increment(1);
                tracing::warn!(cause = cause.as_str(), "a call was refused");
            }
            EventKind::MessageLeft { mailbox, message, .. } => {
                metrics::counter!("cordboard_messages_total").increment(1);
                self.message_left(published, *mailbox, message.record);
            }
            EventKind::RecordingFailed { mailbox, call } => {
                metrics::counter!("cordboard_recordings_failed_total").increment(1);
                let (mailbox, call) = (mailbox.0, call.0);
                tracing::error!(mailbox, call, "a message could not be left: see whether the disk is full");
            }
            EventKind::MailboxLocked { mailbox, until } => {
                tracing::warn!(
                    mailbox.id = mailbox.0,
                    until = until.0,
                    "too many wrong PINs: a mailbox is locked"
                );
            }
            EventKind::AgentChanged { .. }
            | EventKind::CallArrived { .. }
            | EventKind::LegChanged { .. }
            | EventKind::FlowBegan { .. }
            | EventKind::FlowStep { .. }
            | EventKind::DigitsCollected { .. }
            | EventKind::FlowFellBack { .. }
            | EventKind::FlowEnded { .. }
            | EventKind::CallQueued { .. }
            | EventKind::IntroHeard { .. }
            | EventKind::Decided { .. }
            | EventKind::OfferMade { .. }
            | EventKind::OfferEnded { .. }
            | EventKind::CallConnected { .. }
            | EventKind::CallTransferred { .. }
            | EventKind::HoldChanged { .. }
            | EventKind::CallLeftQueue { .. }
            | EventKind::DeviceChanged { .. }
            | EventKind::NightModeChanged { .. }
            | EventKind::DndChanged { .. }
            | EventKind::ForwardingChanged { .. }
            | EventKind::CallLinkChanged { .. }
            | EventKind::RingGroupBegan { .. }
            | EventKind::RingGroupEnded { .. }
            | EventKind::MessageMarked { .. }
            | EventKind::MessageTranscribed { .. }
            | EventKind::MessageDeleted { .. }
            | EventKind::DirectoryChanged => {}
        }
    }

    /// What had happened before a restart is kept if it was not; it is counted and logged no second time.
    fn replayed(&mut self, tenant: TenantId, published: &Arc<Published>) {
        if self.records.is_crowded() {
            // A long time without the database lies in the journal: it is taken up at the database's pace.
            tokio::runtime::Handle::current().block_on(self.records.flush());
        }
        self.keep(tenant, published);
    }
}

impl Keeper {
    /// Hands to the store what it keeps: call records, and changes of what an agent does.
    fn keep(&self, tenant: TenantId, published: &Published) {
        let Some(event) = &published.event else { return };
        if let EventKind::CallEnded { record } = &event.kind {
            self.records.push(tenant, published.seq, record.clone());
        }
        if let EventKind::MessageLeft { mailbox, message, .. } = &event.kind {
            for errand in self.errands(published, *mailbox, message.record) {
                self.records.push_errand(tenant, published.seq, errand);
            }
        }
        if let EventKind::AgentChanged { agent, queue, state, actor, .. } = &event.kind {
            let entry = AgentLogEntry {
                agent: *agent,
                queue: *queue,
                state: state_word(state).into(),
                reason: reason_word(state),
                actor: actor_word(actor),
                at: published.at,
            };
            self.records.push_agent_log(tenant, published.seq, entry);
        }
    }
}

impl Keeper {
    /// What is to be done with a new message.
    fn errands(&self, published: &Published, mailbox: MailboxId, record: RecordId) -> Vec<NewErrand> {
        let Some(of) = published.directory.mailboxes.get(&mailbox) else { return Vec::new() };
        let at = published.at;
        let errand = |errand, due_at| NewErrand { errand, mailbox, record, made_at: at, due_at };
        let transcribed = of.transcription.is_some();
        // A mail waits a while for what it could say.
        let mailed = if transcribed { at.after(MAIL_WAITS) } else { at };
        let text = transcribed.then(|| errand(Errand::Transcription, at));
        let mail = (self.mails && of.email.is_some()).then(|| errand(Errand::Email, mailed));
        text.into_iter().chain(mail).collect()
    }
}

/// Whether messages of this box are told of by e-mail.
fn email_of(published: &Published, mailbox: MailboxId) -> bool {
    published.directory.mailboxes.get(&mailbox).is_some_and(|mailbox| mailbox.email.is_some())
}

/// An agent's state as the API says it.
fn state_word(state: &AgentState) -> &'static str {
    let does = match state {
        AgentState::Offline => State::Offline,
        AgentState::LoggedOut => State::LoggedOut,
        AgentState::NotReady { .. } => State::NotReady,
        AgentState::Ready => State::Ready,
        AgentState::Ringing { .. } => State::Ringing,
        AgentState::QueueCall { .. } => State::QueueCall,
        AgentState::OtherCall { .. } => State::OtherCall,
        AgentState::WrapUp { .. } => State::WrapUp,
    };
    does.word()
}

fn reason_word(state: &AgentState) -> Option<String> {
    if let AgentState::NotReady { reason } = state { Some(reason.as_str().into()) } else { None }
}

fn actor_word(actor: &Actor) -> String {
    match actor {
        Actor::Agent(agent) => format!("agent {agent}"),
        Actor::Owner => "owner".into(),
        Actor::FeatureCode(agent) => format!("feature code of agent {agent}"),
        Actor::System => "system".into(),
        Actor::ApiKey(key) => format!("API key {key}"),
    }
}
