//! Webhooks: who is told of events over HTTP.

use std::collections::BTreeMap;

use model::ExtensionNumber;

use super::agents::clean;
use super::limits::{WEBHOOK_EVENTS_MAX, WEBHOOK_QUEUES_MAX, WEBHOOK_URL_MAX, WEBHOOKS_MAX};
use super::prompts;
use super::reader::{Fields, Shape};
use super::reading::{Reading, Target, nearest};
use super::wanted::WantedWebhook;
use super::yaml::Node;
use crate::secret::Secret;
use crate::webhook::{Webhook, topics};

pub(crate) const WEBHOOK: Shape =
    Shape { what: "webhook", known: &["name", "url", "events", "queues", "enabled", "secret"], later: &[] };

/// The webhooks.
pub(crate) fn webhooks(top: &Fields<'_>) -> Vec<WantedWebhook> {
    let mut seen = BTreeMap::new();
    let list = top.list("webhooks", WEBHOOKS_MAX);
    list.iter().filter_map(|node| webhook(top.reading, node, &mut seen)).collect()
}

fn webhook<'a>(
    reading: &'a Reading<'a>,
    node: &'a Node,
    seen: &mut BTreeMap<String, u64>,
) -> Option<WantedWebhook> {
    let fields = Fields::of(reading, node, &WEBHOOK)?;
    let (name, url) = (prompts::name(&fields), url(&fields));
    let (events, queues) = (events(&fields), queues(&fields));
    let enabled = fields.flag("enabled", true);
    let secret = secret(&fields);
    let (name, url) = (name?, url?);
    let line = fields.line_of("name");
    if let Some(at) = seen.insert(name.clone(), line) {
        let at = reading.seen(at);
        fields.problem(line, format!("there is a webhook {name} already{at}"));
    }
    Some(WantedWebhook { webhook: Webhook { name, url, events, queues, enabled }, secret })
}

fn url(fields: &Fields<'_>) -> Option<String> {
    fields.must("url")?;
    let (url, line) = fields.text("url")?;
    let begins = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
    if !begins || url.len() > WEBHOOK_URL_MAX || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        let right = "begins with https:// and has at most 2,048 characters of ASCII without spaces";
        fields.problem(line, format!("`url` of the webhook {right}"));
        return None;
    }
    if url.starts_with("http://") {
        let text = "http:// is not secret, and goes only to networks named in the setting outbound.allow";
        fields.reading.warning_on(line, text);
    }
    Some(url.to_owned())
}

fn events(fields: &Fields<'_>) -> Vec<String> {
    let mut events: Vec<String> = Vec::new();
    for node in fields.list("events", WEBHOOK_EVENTS_MAX) {
        let Some((text, line)) = fields.as_text("events", node) else { continue };
        if !topics::words().any(|word| word == text) {
            let hint = match nearest(text, topics::words()) {
                Some(near) => format!("; did you mean `{near}`?"),
                None => {
                    let all: Vec<&str> = topics::TOPICS.iter().map(|(topic, _)| *topic).collect();
                    format!("; it can be {}, or the name of an event", all.join(", "))
                }
            };
            fields.problem(line, format!("`events` of the webhook names `{}`{hint}", clean(text)));
        } else if events.iter().any(|event| event == text) {
            fields.problem(line, format!("`events` of the webhook names {text} twice"));
        } else {
            events.push(text.to_owned());
        }
    }
    events
}

fn queues(fields: &Fields<'_>) -> Vec<String> {
    let mut queues: Vec<ExtensionNumber> = Vec::new();
    for node in fields.list("queues", WEBHOOK_QUEUES_MAX) {
        let Some((text, line)) = fields.as_text("queues", node) else { continue };
        let Some(queue) = fields.as_number("queues", text, line) else { continue };
        fields.reading.refer(line, "`queues` of the webhook", None, &queue, Target::Queue);
        if queues.contains(&queue) {
            fields.problem(line, format!("`queues` of the webhook names {queue} twice"));
            continue;
        }
        queues.push(queue);
    }
    queues.into_iter().map(|queue| queue.to_string()).collect()
}

fn secret(fields: &Fields<'_>) -> Option<Secret> {
    let (text, line) = fields.text("secret")?;
    if !crate::webhook_secret::is_secret(text) {
        // What was written is not shown: it may be nearly the one that was meant.
        let right = "is `whsec_` and 24 to 64 bytes in base64; leave it out to have one made";
        fields.problem(line, format!("`secret` of the webhook {right}"));
        return None;
    }
    Some(Secret::new(text))
}
