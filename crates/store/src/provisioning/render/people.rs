//! Agents and free extensions.

use std::collections::BTreeMap;

use model::{
    Agent, AgentStatus, CustomRole, Extension, ExtensionNumber, ForwardWhen, Personal, Right, Role,
    Supervises,
};

use super::super::yaml::Node;
use super::hours::of_agent;
use super::mapping::{Mapping, texts};
use crate::agent::AgentRow;
use crate::extension::ExtensionRow;

/// A role of the domain's own.
pub(super) fn role(CustomRole { name, rights, supervises }: &CustomRole) -> Node {
    let mut fields = Mapping::default();
    fields.text("name", name);
    fields.list("rights", texts(&rights.iter().map(Right::word).collect::<Vec<_>>()));
    fields.word_unless("supervises", *supervises, Supervises::default());
    fields.done()
}

/// The agents.
pub(super) fn agents(agents: &[AgentRow], extensions: &[ExtensionRow]) -> Vec<Node> {
    let extensions: BTreeMap<&ExtensionNumber, &Extension> =
        extensions.iter().map(|row| (&row.extension.number, &row.extension)).collect();
    let dnd = |row: &AgentRow| {
        let extension = row.agent.extension.as_ref().and_then(|number| extensions.get(number));
        extension.is_some_and(|extension| extension.dnd)
    };
    agents.iter().map(|row| agent(row, dnd(row))).collect()
}

fn agent(row: &AgentRow, dnd: bool) -> Node {
    let AgentRow { agent, password_hash: _, timezone } = row;
    let Agent {
        id: _,
        extension,
        name,
        email,
        role,
        supervises,
        groups,
        skills,
        status,
        max_concurrent_calls,
        hours,
        personal: Personal { phone, forward_when },
        spoken_name,
        call_link,
    } = agent;
    let mut fields = Mapping::default();
    fields.maybe("extension", extension.as_ref().map(ExtensionNumber::as_str));
    fields.text("name", name);
    fields.text_unless("email", email, "");
    fields.text_unless("role", role.name(), Role::default().name());
    fields.list("supervises", supervises.as_deref().map(texts).unwrap_or_default());
    fields.list("groups", texts(groups));
    if !skills.is_empty() {
        let mut levels = Mapping::default();
        skills.iter().for_each(|(skill, level)| levels.number(skill, *level));
        fields.node("skills", levels.done());
    }
    fields.word_unless("status", *status, AgentStatus::default());
    fields.number_unless("max_concurrent_calls", *max_concurrent_calls, 1);
    fields.maybe("timezone", timezone.as_deref());
    fields.maybe_node("hours", hours.as_ref().map(of_agent));
    fields.flag_unless("dnd", dnd, false);
    fields.maybe("personal_phone", phone.as_ref().map(|phone| phone.reveal().as_str()));
    fields.word_unless("forward_when", *forward_when, ForwardWhen::default());
    fields.maybe("spoken_name", spoken_name.as_deref());
    fields.maybe("call_link", call_link.as_ref().map(|link| link.name.as_str()));
    fields.flag_unless("call_link_private", call_link.as_ref().is_some_and(|link| link.private), false);
    fields.done()
}

/// The extensions that are nobody's.
pub(super) fn free(extensions: &[ExtensionRow]) -> Vec<Node> {
    extensions.iter().filter(|row| row.extension.agent.is_none()).map(extension).collect()
}

fn extension(row: &ExtensionRow) -> Node {
    let ExtensionRow { extension, secret: _ } = row;
    let Extension { number, agent: _, display_name, dnd, ring_timeout } = extension;
    let mut fields = Mapping::default();
    fields.text("number", number.as_str());
    fields.text_unless("display_name", display_name, number.as_str());
    fields.flag_unless("dnd", *dnd, false);
    fields.number_unless("ring_timeout", *ring_timeout, Extension::RING_TIMEOUT_DEFAULT);
    fields.done()
}
