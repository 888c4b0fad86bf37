//! The events that a webhook may be told of, by topic. The names are those of the event socket.

/// Each topic with the names of its events.
pub const TOPICS: [(&str, &[&str]); 6] = [
    (
        "calls",
        &[
            "call_arrived",
            "call_connected",
            "call_ended",
            "call_faulted",
            "call_refused",
            "call_transferred",
            "digits_collected",
            "flow_began",
            "flow_ended",
            "flow_fell_back",
            "flow_step",
            "hold_changed",
            "leg_changed",
            "ring_group_began",
            "ring_group_ended",
        ],
    ),
    ("queues", &["call_left_queue", "call_queued", "decided", "intro_heard", "offer_ended", "offer_made"]),
    ("agents", &["agent_changed", "forwarding_changed", "call_link_changed"]),
    ("phones", &["device_changed", "dnd_changed"]),
    (
        "mailboxes",
        &[
            "mailbox_locked",
            "message_deleted",
            "message_left",
            "message_marked",
            "message_transcribed",
            "recording_failed",
        ],
    ),
    ("domain", &["directory_changed", "night_mode_changed", "updated"]),
];

/// The topic of an event of this name.
#[must_use]
pub fn topic_of(event: &str) -> Option<&'static str> {
    TOPICS.iter().find(|(_, events)| events.contains(&event)).map(|(topic, _)| *topic)
}

/// All words that `events` of a webhook may have: the topics, then the events.
pub fn words() -> impl Iterator<Item = &'static str> {
    let events = TOPICS.iter().flat_map(|(_, events)| events.iter().copied());
    TOPICS.iter().map(|(topic, _)| *topic).chain(events)
}
