//! Ring groups.

use std::collections::BTreeSet;

use model::{ExtensionNumber, FallbackAction, RingGroup, RingStrategy};

use super::fallbacks::{Owner, fallback};
use super::limits::{
    GROUP_MAX_TIME, GROUP_RING_TIME, MAX_REPEATS, NAME_MAX, RING_GROUPS_MAX, RING_MEMBERS_MAX,
};
use super::reader::{Fields, Shape};
use super::reading::{Kind, Target};
use super::yaml::Node;

pub(crate) const RING_GROUP: Shape = Shape {
    what: "ring group",
    known: &[
        "number",
        "name",
        "strategy",
        "members",
        "ring_time",
        "max_time",
        "skip_busy",
        "repeat",
        "on_no_answer",
    ],
    later: &["moh", "recording"],
};

/// The ring groups.
pub(crate) fn ring_groups(top: &Fields<'_>) -> Vec<RingGroup> {
    top.list("ring_groups", RING_GROUPS_MAX).iter().filter_map(|node| ring_group(top, node)).collect()
}

fn ring_group(top: &Fields<'_>, node: &Node) -> Option<RingGroup> {
    let fields = Fields::of(top.reading, node, &RING_GROUP)?;
    let number = fields.number("number");
    if let Some(number) = &number {
        fields.reading.claim(number, Kind::RingGroup, fields.line_of("number"));
    }
    let name = fields.name("name", NAME_MAX);
    let members = members(&fields);
    let strategy = fields.word("strategy", &["paging_intercom"], RingStrategy::default());
    let ring_time = fields.whole("ring_time", GROUP_RING_TIME, RingGroup::RING_TIME_DEFAULT);
    let max_time = fields.whole("max_time", GROUP_MAX_TIME, 0);
    let skip_busy = fields.flag("skip_busy", true);
    let repeat = fields.whole("repeat", MAX_REPEATS, 0);
    let owner = Owner::inside("ring group", number.as_ref());
    let on_no_answer = match fields.get("on_no_answer") {
        None => FallbackAction::default(),
        Some(_) => fallback(&fields, "on_no_answer", &owner)?,
    };
    Some(RingGroup {
        number: number?,
        name: name?,
        strategy,
        members,
        ring_time,
        max_time,
        skip_busy,
        repeat,
        on_no_answer,
    })
}

/// Extensions, each once, at least one.
fn members(fields: &Fields<'_>) -> Vec<ExtensionNumber> {
    let list = fields.list("members", RING_MEMBERS_MAX);
    if list.is_empty() {
        fields.problem(fields.line_of("members"), "the ring group wants at least one extension in `members`");
    }
    let mut known = BTreeSet::new();
    let mut members = Vec::new();
    for node in list {
        let Some((text, line)) = fields.as_text("members", node) else { continue };
        let Some(number) = fields.as_number("members", text, line) else { continue };
        if !known.insert(number.clone()) {
            fields.problem(line, format!("`members` of the ring group names {number} twice"));
            continue;
        }
        fields.reading.refer(line, "`members`", None, &number, Target::Phone);
        members.push(number);
    }
    members
}
