//! What calls can have been about.

use std::collections::BTreeMap;

use model::Disposition;

use super::limits::{DISPOSITION_QUEUES_MAX, DISPOSITIONS_MAX, NAME_MAX};
use super::not_ready_codes::code;
use super::reader::{Fields, Shape};
use super::reading::Target;
use super::yaml::Node;

pub(crate) const DISPOSITION: Shape =
    Shape { what: "disposition", known: &["code", "label", "enabled", "queues"], later: &[] };

/// The dispositions, by code.
pub(crate) fn dispositions(top: &Fields<'_>) -> Vec<Disposition> {
    let mut seen = BTreeMap::new();
    let list = top.list("dispositions", DISPOSITIONS_MAX).iter();
    let mut dispositions: Vec<_> = list.filter_map(|node| disposition(top, node, &mut seen)).collect();
    dispositions.sort_by(|a, b| a.code.cmp(&b.code));
    dispositions
}

fn disposition(top: &Fields<'_>, node: &Node, seen: &mut BTreeMap<String, u64>) -> Option<Disposition> {
    let fields = Fields::of(top.reading, node, &DISPOSITION)?;
    let code = code(&fields, seen);
    let label = fields.name("label", NAME_MAX);
    let enabled = fields.flag("enabled", true);
    let mut queues = Vec::new();
    for node in fields.list("queues", DISPOSITION_QUEUES_MAX) {
        let Some((text, line)) = fields.as_text("queues", node) else { continue };
        let Some(queue) = fields.as_number("queues", text, line) else { continue };
        fields.reading.refer(line, "`queues` of the disposition", None, &queue, Target::Queue);
        if queues.contains(&queue) {
            fields.problem(line, format!("`queues` of the disposition names {queue} twice"));
        } else {
            queues.push(queue);
        }
    }
    Some(Disposition { code: code?, label: label?, enabled, queues })
}
