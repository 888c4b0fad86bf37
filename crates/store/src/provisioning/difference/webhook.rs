//! A webhook in a plan.

use super::{Identity, Item, field, hidden};
use crate::directory::Snapshot;
use crate::provisioning::in_words::bracketed;
use crate::webhook::{Webhook, WebhookRow};

/// The webhooks.
pub(super) fn items(rows: &Snapshot) -> impl Iterator<Item = (Identity, Item)> {
    rows.webhooks.iter().map(|row| ((16, row.webhook.name.clone()), item(row)))
}

fn item(WebhookRow { webhook, secret }: &WebhookRow) -> Item {
    let Webhook { name, url, events, queues, enabled } = webhook;
    let list = |words: &[String]| {
        if words.is_empty() { "all".to_owned() } else { bracketed(words.iter().cloned()) }
    };
    let fields = vec![
        // There may be a password in it.
        hidden("url", Some(url)),
        field("events", list(events)),
        field("queues", list(queues)),
        field("enabled", enabled),
        hidden("secret", Some(secret)),
    ];
    Item { kind: "webhook", name: name.clone(), fields }
}
