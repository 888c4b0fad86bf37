//! Version 6: as the present one, without call links.

use acd::HandedAgent;
use borsh::{BorshDeserialize, BorshSerialize};
use model::{AgentId, ExtensionNumber, Personal, Pii, QueueId, Timestamp};

use super::{HandOver, HandedCallback, HandedMailbox, HandedPlace, HandedQueue};

/// What an engine of that version has left. **Frozen**, as [`HandOver`] is.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HandOver6 {
    at: Timestamp,
    day: Timestamp,
    calls: u64,
    agents: Vec<HandedAgent>,
    since: Vec<(AgentId, Timestamp)>,
    hours: Vec<(AgentId, bool)>,
    queues: Vec<HandedQueue>,
    sticky: Vec<(Pii<String>, QueueId, AgentId, Timestamp)>,
    places: Vec<HandedPlace>,
    callbacks: Vec<HandedCallback>,
    night_mode: bool,
    queues_in_night_mode: Vec<QueueId>,
    dnd: Vec<(ExtensionNumber, bool)>,
    personal: Vec<(AgentId, Personal)>,
    mailboxes: Vec<HandedMailbox>,
}

impl HandOver6 {
    /// The form of these bytes.
    pub const VERSION: u16 = 6;
}

impl From<HandOver6> for HandOver {
    fn from(six: HandOver6) -> Self {
        Self {
            at: six.at,
            day: six.day,
            calls: six.calls,
            agents: six.agents,
            since: six.since,
            hours: six.hours,
            queues: six.queues,
            sticky: six.sticky,
            places: six.places,
            callbacks: six.callbacks,
            night_mode: six.night_mode,
            queues_in_night_mode: six.queues_in_night_mode,
            dnd: six.dnd,
            personal: six.personal,
            mailboxes: six.mailboxes,
            private_links: Vec::new(),
        }
    }
}
