//! A report in a plan.

use super::{Identity, Item, field};
use crate::directory::Snapshot;
use crate::provisioning::in_words::{bracketed, clock};
use crate::report::Report;
use crate::words::Word as _;

/// The reports.
pub(super) fn items(rows: &Snapshot) -> impl Iterator<Item = (Identity, Item)> {
    rows.reports.iter().map(|report| ((20, report.name.clone()), item(report)))
}

fn item(report: &Report) -> Item {
    let Report {
        name,
        about,
        queues,
        agents,
        groups,
        span,
        interval,
        every,
        weekday,
        day,
        at,
        recipients,
        format,
        language,
        enabled,
    } = report;
    let list = |words: &[String], none: &str| {
        if words.is_empty() { none.to_owned() } else { bracketed(words.iter().cloned()) }
    };
    let fields = vec![
        field("about", about.word()),
        field("queues", list(queues, "all")),
        field("agents", list(agents, "none")),
        field("groups", list(groups, "none")),
        field("span", span.word()),
        field("interval", interval.word()),
        field("every", every.word()),
        field("weekday", weekday.word()),
        field("day", day),
        field("at", clock(*at)),
        field("recipients", list(recipients, "none")),
        field("format", format.word()),
        field("language", language.map_or("none", |language| language.word())),
        field("enabled", enabled),
    ];
    Item { kind: "report", name: name.clone(), fields }
}
