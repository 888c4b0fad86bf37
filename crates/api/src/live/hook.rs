//! Events as webhooks are told of them: the event socket's own message, in the envelope of Standard Webhooks.

use engine::EventKind;
use model::Directory;
use switch::Published;

use super::about::{Subject, about};
use super::message::{event_text, event_text_without_views};
use crate::time::Time;
use crate::v1::names::Names;

/// Longest message of an event, bytes; beyond, the objects that it changed are left out. Only a whole domain is so large.
pub const MESSAGE_BYTES_MAX: usize = 256 * 1024;

/// An event as a webhook is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookEvent {
    /// Its name.
    pub name: &'static str,
    /// What it is about, as `call 17`: of one object, one is sent after the other.
    pub object: String,
    /// The queues that it is of, by number.
    pub queues: Vec<String>,
}

impl HookEvent {
    /// Of what was published.
    #[must_use]
    pub fn new(published: &Published) -> Self {
        let directory = &published.directory;
        let kind = published.event.as_ref().map(|event| &event.kind);
        Self {
            name: published.name(),
            object: kind.map_or(Subject::Domain, |kind| about(kind).subject).in_words(Names(directory)),
            queues: kind.map_or_else(Vec::new, |kind| queues(kind, directory)),
        }
    }
}

/// The body of an event.
#[must_use]
pub fn payload(published: &Published) -> String {
    let mut message = event_text(published);
    if message.len() > MESSAGE_BYTES_MAX {
        message = event_text_without_views(published);
    }
    envelope(published.name(), published.at.into(), &message)
}

/// A body: its type, which is a plain word, its time, and as `data` a JSON text.
#[must_use]
pub fn envelope(kind: &str, timestamp: Time, data: &str) -> String {
    format!("{{\"type\":\"{kind}\",\"timestamp\":\"{timestamp}\",\"data\":{data}}}")
}

/// The queues that an event is of: those of all its stays for a call that has ended.
fn queues(kind: &EventKind, directory: &Directory) -> Vec<String> {
    if let EventKind::CallEnded { record } = kind {
        return record.queues.iter().map(|stay| stay.number.to_string()).collect();
    }
    about(kind).queue(directory).map(|queue| Names(directory).queue(queue)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_event_of_the_socket_has_a_topic_and_no_topic_has_another() {
        let document = crate::openapi::events_document();
        let variants = document.pointer("/components/schemas/EventItem/oneOf").unwrap().as_array().unwrap();
        // What has fields is told from the rest by them.
        let name = |variant: &serde_json::Value| {
            let of = |value: &serde_json::Value| {
                value.pointer("/properties/type/enum/0").and_then(|name| name.as_str()).map(str::to_owned)
            };
            let parts = variant["allOf"].as_array().into_iter().flatten();
            of(variant).or_else(|| parts.filter_map(of).next()).unwrap_or_else(|| panic!("{variant}"))
        };
        let told: BTreeSet<String> = variants.iter().map(name).collect();
        let listed = || store::webhook::topics::TOPICS.iter().flat_map(|(_, events)| events.iter());
        let known: BTreeSet<String> = listed().map(|&event| event.to_owned()).collect();
        assert_eq!(told, known);
        assert_eq!(listed().count(), known.len(), "an event has one topic");
    }

    #[test]
    fn an_envelope_says_type_time_and_data_as_standard_webhooks_do() {
        let at = Time(model::Timestamp::from_millis(1_500));
        let text = envelope("call_ended", at, "{\"seq\":7}");
        assert_eq!(text, r#"{"type":"call_ended","timestamp":"1970-01-01T00:00:01.500Z","data":{"seq":7}}"#);
    }
}
