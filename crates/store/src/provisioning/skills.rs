//! What a caller's agent must know: the needs of queues and numbers.

use std::collections::BTreeSet;

use model::{Did, SkillNeed};

use super::agents::clean;
use super::limits::{NAME_MAX, NEEDS_MAX, SKILL, UP_TO_AN_HOUR};
use super::reader::{Fields, Shape};
use super::reading::Reading;
use super::wanted::{WantedAgent, WantedQueue};
use super::yaml::{Node, Value};

pub(crate) const NEED: Shape =
    Shape { what: "skill", known: &["skill", "level", "relax_after", "relax_by"], later: &[] };

/// The field `skills`: a mapping of skill to level, or a list of needs that may be relaxed.
pub(crate) fn needs(fields: &Fields<'_>) -> Vec<SkillNeed> {
    let Some(node) = fields.get("skills") else { return Vec::new() };
    let what = fields.what;
    let (count, mut given): (usize, Vec<(SkillNeed, u64)>) = match &node.value {
        Value::Map(entries) => {
            let need = |(key, value): &(super::yaml::Key, Node)| {
                let skill = fields.as_name("skills", &key.name, key.line, NAME_MAX);
                let level = fields.as_whole("skills", value, SKILL);
                Some((SkillNeed { skill: skill?, level: level?, relax_after: 0, relax_by: 1 }, key.line))
            };
            (entries.len(), entries.iter().take(NEEDS_MAX).filter_map(need).collect())
        }
        Value::List(list) => {
            let need = |node| need(fields.reading, node);
            (list.len(), list.iter().take(NEEDS_MAX).filter_map(need).collect())
        }
        Value::Nothing | Value::Flag(_) | Value::Whole(_) | Value::Other | Value::Text(_) => {
            let text = format!(
                "`skills` of the {what} is {}; a mapping of skill to level, or a list is wanted",
                node.value.kind()
            );
            fields.problem(node.line, text);
            return Vec::new();
        }
    };
    if count > NEEDS_MAX {
        fields.problem(node.line, format!("`skills` has {count} entries; {NEEDS_MAX} are allowed"));
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    for (need, line) in &given {
        if !seen.insert(need.skill.clone()) {
            fields.problem(*line, format!("`skills` of the {what} names `{}` twice", clean(&need.skill)));
        }
    }
    // One order, however the file writes it: a plan then shows only what differs.
    given.sort_by(|(a, _), (b, _)| a.skill.cmp(&b.skill));
    given.into_iter().map(|(need, _)| need).collect()
}

fn need<'a>(reading: &'a Reading<'a>, node: &'a Node) -> Option<(SkillNeed, u64)> {
    let fields = Fields::of(reading, node, &NEED)?;
    let skill = fields.name("skill", NAME_MAX);
    let level = fields.must("level").and_then(|node| fields.as_whole("level", node, SKILL));
    let relax_after = fields.whole("relax_after", UP_TO_AN_HOUR, 0);
    let relax_by = fields.whole("relax_by", SKILL, 1);
    if fields.get("relax_by").is_some() && fields.get("relax_after").is_none() {
        let line = fields.line_of("relax_by");
        fields.problem(line, "the skill has `relax_by` and no `relax_after` to say when");
    }
    Some((SkillNeed { skill: skill?, level: level?, relax_after, relax_by }, node.line))
}

/// Warns of skills that are asked for and that no agent has at all: most likely a slip of the pen.
pub(crate) fn warn_of_unknown(
    reading: &Reading<'_>,
    agents: &[WantedAgent],
    queues: &[WantedQueue],
    numbers: &[Did],
) {
    let known: BTreeSet<&str> =
        agents.iter().flat_map(|wanted| wanted.agent.skills.keys()).map(String::as_str).collect();
    let of_queues = queues
        .iter()
        .flat_map(|wanted| wanted.queue.skills.iter().map(move |need| (wanted.queue.number.as_str(), need)));
    let of_numbers =
        numbers.iter().flat_map(|did| did.skills.iter().map(move |need| (did.number.as_str(), need)));
    for (number, need) in of_queues.chain(of_numbers) {
        if !known.contains(need.skill.as_str()) {
            let skill = clean(&need.skill);
            reading.warning(format!("{number} asks for the skill `{skill}`, and no agent has it"));
        }
    }
}
