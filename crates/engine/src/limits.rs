//! Named limits of one engine.

use std::time::Duration;

/// Limits of one engine. Over a limit there is a defined answer and an event that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most live calls, whatever the domain may have; beyond, a new leg is refused with congestion.
    pub calls_max: usize,
    /// Most legs one call may have had.
    pub legs_per_call_max: usize,
    /// Most routing decisions kept of one call; the first and the latest stay.
    pub decisions_per_call_max: usize,
    /// Most extensions whose devices are kept in mind.
    pub extensions_registered_max: usize,
    /// Most live calls by one call link.
    pub guests_per_link_max: usize,
    /// Most talks of one call that are recorded: each hold ends one and begins another.
    pub recordings_per_call_max: usize,
    /// How long a number outside rings at most.
    pub outside_ring_max: Duration,
    /// How long the phone of an agent who was offered a call may say nothing; none: as long as it is offered. Phones
    /// say at once that they ring (RFC 3261 17.2.1: within 200 ms something); some wake up first.
    pub alert_max: Option<Duration>,
    /// How long a message to a caller may last; the call ends then as if it had been heard.
    pub prompt_max: Duration,
    /// How long a leg may take to end once it was told to; the call is closed without it then.
    pub ending_max: Duration,
    /// How long a party who is asked for a key may take: a warned caller once the warning was heard, an agent from
    /// the moment she is asked.
    pub key_wait: Duration,
    /// How long an announcement to an agent may last; it counts as heard then.
    pub announce_max: Duration,
    /// Most callers whose last agents are remembered, counted by number and queue; over it the oldest is forgotten.
    pub sticky_max: usize,
    /// How long a caller who waited when the process ended may take to dial again and have his old place.
    pub resume_for: Duration,
    /// A message shorter than this was none, milliseconds.
    pub message_min: u64,
    /// Most characters of a message that was put into text.
    pub message_text_max: usize,
    /// How long a caller who leaves a message may be silent before it ends, seconds.
    pub message_silence: u16,
    /// Wrong PINs in a row, over all calls, after which a mailbox lets nobody in.
    pub pin_failures_max: u32,
    /// For how long.
    pub pin_lock: Duration,
    /// The ACD's own.
    pub acd: acd::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            calls_max: 20_000,
            legs_per_call_max: 2_000,
            decisions_per_call_max: 50,
            extensions_registered_max: 100_000,
            guests_per_link_max: 20,
            recordings_per_call_max: 200,
            outside_ring_max: Duration::from_secs(180),
            alert_max: Some(Duration::from_secs(8)),
            prompt_max: Duration::from_secs(120),
            ending_max: Duration::from_secs(120),
            key_wait: Duration::from_secs(10),
            announce_max: Duration::from_secs(30),
            sticky_max: 100_000,
            resume_for: Duration::from_secs(120),
            message_min: 1_000,
            message_text_max: 4_000,
            message_silence: 10,
            pin_failures_max: 5,
            pin_lock: Duration::from_secs(15 * 60),
            acd: acd::Limits::default(),
        }
    }
}
