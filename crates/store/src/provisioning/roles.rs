//! Roles of a domain's own, and which role an agent has.

use std::collections::{BTreeMap, BTreeSet};

use model::{CustomRole, Right, Rights, Role, Supervises};

use super::agents::clean;
use super::limits::{PER_AGENT_MAX, ROLES_MAX};
use super::prompts;
use super::reader::{Fields, Shape};
use super::reading::nearest;
use super::wanted::WantedRole;
use super::yaml::{Node, Value};

pub(crate) const ROLE: Shape = Shape { what: "role", known: &["name", "rights", "supervises"], later: &[] };

/// The roles.
pub(crate) fn roles(top: &Fields<'_>) -> Vec<WantedRole> {
    let mut seen = BTreeMap::new();
    let list = top.list("roles", ROLES_MAX);
    list.iter().filter_map(|node| role(top, node, &mut seen)).collect()
}

fn role(top: &Fields<'_>, node: &Node, seen: &mut BTreeMap<String, u64>) -> Option<WantedRole> {
    let fields = Fields::of(top.reading, node, &ROLE)?;
    let name = name(&fields);
    let rights = rights(&fields);
    let supervises = fields.word("supervises", &[], Supervises::default());
    if supervises == Supervises::OwnGroups {
        of_people_only(&fields, &rights);
    }
    let (name, line) = (name?, fields.line_of("name"));
    if let Some(at) = seen.insert(name.clone(), line) {
        let at = fields.reading.seen(at);
        fields.problem(line, format!("there is a role {name} already{at}"));
    }
    Some(WantedRole { role: CustomRole { name, rights, supervises }, line })
}

fn name(fields: &Fields<'_>) -> Option<String> {
    let name = prompts::name(fields)?;
    if Role::named(&name).is_custom() {
        return Some(name);
    }
    let text = format!("`name` of the role is `{name}`; every domain has that one, as it is");
    fields.problem(fields.line_of("name"), text);
    None
}

fn rights(fields: &Fields<'_>) -> Rights {
    let mut rights = BTreeSet::new();
    let list = fields.list("rights", Right::ALL.len());
    if list.is_empty() && fields.get("rights").is_none_or(|node| matches!(node.value, Value::List(_))) {
        fields.problem(fields.line_of("rights"), "the role wants at least one right in `rights`");
    }
    for node in list {
        let Some((text, line)) = fields.as_text("rights", node) else { continue };
        let Some(right) = Right::from_word(text) else {
            let words = Right::ALL.map(Right::word);
            let hint = match nearest(text, words.into_iter()) {
                Some(near) => format!("; did you mean `{near}`?"),
                None => format!("; it can be {}", words.join(", ")),
            };
            fields.problem(line, format!("`rights` of the role names `{}`{hint}", clean(text)));
            continue;
        };
        if !rights.insert(right) {
            fields.problem(line, format!("`rights` of the role names {text} twice"));
        }
    }
    rights.into_iter().collect()
}

/// Rights that are of a whole domain cannot be had of some groups.
fn of_people_only(fields: &Fields<'_>, rights: &Rights) {
    if let Some(right) = rights.iter().find(|right| !right.is_of_people()) {
        let (what, word) = (fields.what, right.word());
        let text =
            format!("the {what} has `supervises` and the right `{word}`, which is of the whole domain");
        fields.problem(fields.line_of("supervises"), text);
    }
}

/// The role of an agent: one that every domain has, or one of this domain's own.
pub(crate) fn of_agent(fields: &Fields<'_>, roles: &[WantedRole]) -> Role {
    let Some((text, line)) = fields.text("role") else { return Role::default() };
    let role = Role::named(text);
    if role.is_custom() && !roles.iter().any(|wanted| wanted.role.name == text) {
        let built_in = Role::BUILT_IN.into_iter().map(|(word, _)| word);
        let own = roles.iter().map(|wanted| wanted.role.name.as_str());
        let all: Vec<&str> = built_in.chain(own).collect();
        let text = clean(text);
        fields.problem(line, format!("`role` of the agent is `{text}`; it can be {}", all.join(", ")));
    }
    role
}

/// The roles whose people must have a second factor, in the file's order.
pub(crate) fn with_second_factor(top: &Fields<'_>, roles: &[WantedRole]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for node in top.list("second_factor", ROLES_MAX) {
        let Some((text, line)) = top.as_text("second_factor", node) else { continue };
        let own = || roles.iter().map(|wanted| wanted.role.name.as_str());
        if Role::named(text).is_custom() && !own().any(|name| name == text) {
            let all: Vec<&str> = Role::BUILT_IN.into_iter().map(|(word, _)| word).chain(own()).collect();
            let text = clean(text);
            top.problem(
                line,
                format!("`second_factor` names the role `{text}`; it can be {}", all.join(", ")),
            );
        } else if names.iter().any(|known| known == text) {
            top.problem(line, format!("`second_factor` names {text} twice"));
        } else {
            names.push(text.to_owned());
        }
    }
    names
}

/// The groups that she supervises; none: as her role says.
pub(crate) fn supervised(
    fields: &Fields<'_>,
    role: &Role,
    (roles, groups): (&[WantedRole], &BTreeSet<String>),
) -> Option<Vec<String>> {
    let node = fields.get("supervises")?;
    let line = node.line;
    match role {
        Role::Supervisor => {}
        Role::Custom(name) => {
            if let Some(wanted) = roles.iter().find(|wanted| wanted.role.name == *name) {
                of_people_only(fields, &wanted.role.rights);
            }
        }
        Role::Agent | Role::Admin | Role::Owner => {
            let word = role.name();
            let text = format!(
                "the agent has `supervises` and is {word}; it goes with a supervisor or a role of `roles`"
            );
            fields.problem(line, text);
        }
    }
    let names = group_names(fields, "supervises", groups);
    if names.is_empty() && matches!(node.value, Value::List(_)) {
        let text = "`supervises` of the agent names no group; leave it out, and it is as her role says";
        fields.problem(line, text);
    }
    Some(names)
}

/// Names of groups that there are, each once.
pub(crate) fn group_names(fields: &Fields<'_>, field: &str, groups: &BTreeSet<String>) -> Vec<String> {
    let mut names = Vec::new();
    for node in fields.list(field, PER_AGENT_MAX) {
        let Some((name, line)) = fields.as_text(field, node) else { continue };
        if !groups.contains(name) {
            let (what, name) = (fields.what, clean(name));
            let text = format!("`{field}` of the {what} names `{name}`, and there is no such group");
            fields.problem(line, text);
        } else if names.iter().any(|known| known == name) {
            fields.problem(line, format!("`{field}` of the {} names `{name}` twice", fields.what));
        } else {
            names.push(name.to_owned());
        }
    }
    names
}
