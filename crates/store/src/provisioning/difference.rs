//! The lines of a plan: what comes, what goes, and which field of what stays changes from what to what.

mod choice;
mod feature_code;
mod flow;
mod invitation;
mod prompt;
mod queue;
mod report;
mod role;
mod webhook;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use model::{
    Agent, AgentId, BusinessHours, Extension, ExtensionNumber, Membership, Personal, Pii, Queue, QueueId,
    Tenant, Trunk,
};

mod routes;
mod waiting;

use self::queue::queue;
use self::routes::{mailbox, number, ring_group};
use super::business_hours::{holidays_in_words, of_agent_in_words};
use super::hours::slots_in_words;
use super::in_words::{action, bracketed};
use super::lists::until_in_words;
use crate::agent::AgentRow;
use crate::directory::Snapshot;
use crate::extension::ExtensionRow;
use crate::hours::BusinessHoursRow;
use crate::listed::{ListedEntry, ListedNumber};
use crate::trunk::network_text;
use crate::words::Word as _;

/// One thing with its fields as text.
struct Item {
    kind: &'static str,
    /// What it is called.
    name: String,
    fields: Vec<Field>,
}

struct Field {
    name: &'static str,
    value: String,
    /// Its value is shown to nobody.
    hidden: bool,
}

fn field(name: &'static str, value: impl Display) -> Field {
    let value = value.to_string();
    let blank = value.is_empty() || value.contains(char::is_whitespace) && !value.starts_with('[');
    Field { name, value: if blank { format!("\"{value}\"") } else { value }, hidden: false }
}

fn hidden(name: &'static str, value: Option<&String>) -> Field {
    Field { name, value: value.cloned().unwrap_or_default(), hidden: true }
}

/// Where an item stands in the plan, and which two items are the same thing.
type Identity = (u8, String);

/// The lines, in the order domain, groups, roles, business hours, agents with their invitations, extensions, queues, members, flows, ring groups, mailboxes,
/// numbers, trunks, lists of callers, prompts, playlists, webhooks, feature codes, not-ready codes, dispositions, reports.
pub(crate) fn lines(current: Option<&Snapshot>, target: &Snapshot) -> Vec<String> {
    let old = current.map_or_else(feature_code::of_new_domain, items);
    let new = items(target);
    let mut lines = Vec::new();
    let mut identities: Vec<&Identity> = old.keys().chain(new.keys()).collect();
    identities.sort();
    identities.dedup();
    for identity in identities {
        match (old.get(identity), new.get(identity)) {
            (None, Some(item)) => lines.push(format!("+ {} {}", item.kind, item.name)),
            (Some(item), None) => lines.push(format!("- {} {}", item.kind, item.name)),
            (Some(old), Some(new)) => lines.extend(changed(old, new)),
            (None, None) => {}
        }
    }
    lines
}

fn changed<'a>(old: &'a Item, new: &'a Item) -> impl Iterator<Item = String> + 'a {
    let pairs = old.fields.iter().zip(&new.fields).filter(|(old, new)| old.value != new.value);
    pairs.map(|(old, field)| {
        let start = format!("~ {} {} {}", new.kind, new.name, field.name);
        if field.hidden { start } else { format!("{start} {} -> {}", old.value, field.value) }
    })
}

fn items(rows: &Snapshot) -> BTreeMap<Identity, Item> {
    let mut items = BTreeMap::new();
    let mut add = |order: u8, identity: String, item: Item| {
        items.insert((order, identity), item);
    };
    add(0, String::new(), domain(rows));
    for group in &rows.groups {
        add(1, group.clone(), Item { kind: "group", name: group.clone(), fields: Vec::new() });
    }
    for row in &rows.business_hours {
        add(3, row.hours.name.clone(), business_hours(row));
    }
    for row in &rows.queues {
        add(6, padded(row.id.0), queue(row));
    }
    let agents: BTreeMap<AgentId, &Agent> =
        rows.agents.iter().map(|row| (row.agent.id, &row.agent)).collect();
    let queues: BTreeMap<QueueId, &Queue> = rows.queues.iter().map(|queue| (queue.id, queue)).collect();
    for row in &rows.memberships {
        let names = (agents.get(&row.agent).map(|agent| called(agent)), queues.get(&row.queue));
        let name = format!(
            "{} of {}",
            names.0.unwrap_or_default(),
            names.1.map(|queue| queue.number.to_string()).unwrap_or_default()
        );
        add(7, format!("{} {}", padded(row.queue.0), padded(row.agent.0)), member(name, row));
    }
    for row in &rows.flows {
        add(8, padded(row.id.0), flow::flow(row));
        for (name, item) in flow::steps(row) {
            add(8, format!("{} {name}", padded(row.id.0)), item);
        }
    }
    for row in &rows.ring_groups {
        add(9, row.number.to_string(), ring_group(row));
    }
    for row in &rows.mailboxes {
        add(10, padded(row.mailbox.id.0), mailbox(row));
    }
    for row in &rows.numbers {
        add(11, row.number.clone(), number(row));
    }
    for row in &rows.trunks {
        add(12, padded(row.id.0), trunk(row));
    }
    for row in &rows.listed {
        let (list, number, queue) = row.key();
        let of = queues.get(&queue).map(|queue| queue.number.as_str());
        add(13, format!("{list} {number} {}", padded(queue.0)), listed(row, of, &agents));
    }
    items.extend(
        phones(rows)
            .chain(role::items(rows))
            .chain(invitation::items(rows))
            .chain(prompt::items(rows))
            .chain(webhook::items(rows))
            .chain(choice::items(rows))
            .chain(report::items(rows)),
    );
    items.extend(feature_code::items(&rows.feature_codes));
    items
}

/// Agents and the phones that are nobody's.
fn phones(rows: &Snapshot) -> impl Iterator<Item = (Identity, Item)> {
    let secrets: BTreeMap<&ExtensionNumber, &String> = rows
        .extensions
        .iter()
        .filter_map(|row| Some((&row.extension.number, row.secret.as_ref()?)))
        .collect();
    let undisturbed: BTreeSet<&ExtensionNumber> =
        rows.extensions.iter().filter(|row| row.extension.dnd).map(|row| &row.extension.number).collect();
    let agents = rows.agents.iter().map(move |row| {
        let dnd = row.agent.extension.as_ref().is_some_and(|number| undisturbed.contains(number));
        ((4, padded(row.agent.id.0)), agent(row, &secrets, dnd))
    });
    let free = rows.extensions.iter().filter(|row| row.extension.agent.is_none());
    agents.chain(free.map(|row| ((5, row.extension.number.to_string()), extension(row))))
}

/// An id as text that sorts like the number.
fn padded(id: u64) -> String {
    format!("{id:020}")
}

fn domain(rows: &Snapshot) -> Item {
    let Tenant { id: _, name, timezone, zone: _, language, max_hops } = &rows.tenant;
    let fields = vec![
        field("timezone", timezone),
        field("language", language),
        field("max_hops", max_hops),
        hidden("webhook_secret", rows.webhook_secret.as_ref()),
        field("second_factor", bracketed(rows.second_factor.iter().cloned())),
    ];
    Item { kind: "domain", name: name.clone(), fields }
}

fn business_hours(row: &BusinessHoursRow) -> Item {
    let BusinessHoursRow { hours: BusinessHours { name, schedule, holidays }, timezone } = row;
    let fields = vec![
        field("timezone", timezone.as_deref().unwrap_or("none")),
        field("slots", slots_in_words(schedule)),
        field("holidays", holidays_in_words(holidays)),
    ];
    Item { kind: "business_hours", name: name.clone(), fields }
}

/// What an agent is called in a plan: her extension, or her e-mail if she has none.
pub(crate) fn called(agent: &Agent) -> String {
    agent.extension.as_ref().map_or_else(|| agent.email.clone(), ToString::to_string)
}

fn agent(row: &AgentRow, secrets: &BTreeMap<&ExtensionNumber, &String>, dnd: bool) -> Item {
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
    } = &row.agent;
    let supervises = supervises.as_ref().map_or("none".into(), |groups| bracketed(groups.iter().cloned()));
    let skills = skills.iter().map(|(skill, level)| format!("{skill} {level}"));
    let secret = extension.as_ref().and_then(|number| secrets.get(number).copied());
    let fields = vec![
        field("extension", extension.as_ref().map_or("none", |number| number.as_str())),
        field("name", name),
        field("email", email),
        hidden("password", row.password_hash.as_ref()),
        hidden("sip_password", secret),
        field("role", role.name()),
        field("supervises", supervises),
        field("groups", bracketed(groups.iter().cloned())),
        field("skills", bracketed(skills)),
        field("status", status.word()),
        field("max_concurrent_calls", max_concurrent_calls),
        field("timezone", row.timezone.as_deref().unwrap_or("none")),
        field("hours", of_agent_in_words(hours.as_ref())),
        field("dnd", dnd),
        hidden("personal_phone", phone.as_ref().map(Pii::reveal)),
        field("forward_when", forward_when.word()),
        field("spoken_name", spoken_name.as_deref().unwrap_or("none")),
        field("call_link", call_link.as_ref().map_or("none", |link| &link.name)),
        field("call_link_private", call_link.as_ref().is_some_and(|link| link.private)),
    ];
    Item { kind: "agent", name: called(&row.agent), fields }
}

fn extension(row: &ExtensionRow) -> Item {
    let Extension { number, agent: _, display_name, dnd, ring_timeout } = &row.extension;
    let fields = vec![
        hidden("sip_password", row.secret.as_ref()),
        field("display_name", display_name),
        field("dnd", dnd),
        field("ring_timeout", ring_timeout),
    ];
    Item { kind: "extension", name: number.to_string(), fields }
}

fn member(name: String, membership: &Membership) -> Item {
    let Membership {
        queue: _,
        agent: _,
        order,
        skill_level,
        queue_priority,
        tier,
        wrap_up_time,
        auto_answer,
        answer_confirmation,
        enabled,
    } = membership;
    let fields = vec![
        field("order", order),
        field("skill_level", skill_level),
        field("queue_priority", queue_priority),
        field("wrap_up_time", wrap_up_time.map_or_else(|| "none".to_owned(), |time| time.to_string())),
        field("enabled", enabled),
        field("tier", tier),
        field("auto_answer", auto_answer),
        field("answer_confirmation", answer_confirmation),
    ];
    Item { kind: "member", name, fields }
}

fn trunk(trunk: &Trunk) -> Item {
    let Trunk { id: _, name, host, allow_from } = trunk;
    let networks = bracketed(allow_from.iter().map(network_text));
    Item {
        kind: "trunk",
        name: name.clone(),
        fields: vec![field("host", host), field("allow_from", networks)],
    }
}

fn listed(row: &ListedNumber, queue: Option<&str>, agents: &BTreeMap<AgentId, &Agent>) -> Item {
    let ListedNumber { number, until, entry } = row;
    let mut name = number.clone();
    let (kind, setting) = match entry {
        ListedEntry::Vip { priority } => ("vip_number", Some(field("priority", priority))),
        ListedEntry::Exclusive { queue: _, agents: own } => {
            let own = own.iter().filter_map(|id| agents.get(id)).map(|agent| called(agent));
            name = format!("{number} of {}", queue.unwrap_or_default());
            ("exclusive_number", Some(field("agents", bracketed(own))))
        }
        ListedEntry::QueueBlacklist { level } => ("queue_blacklist", Some(field("level", level.word()))),
        ListedEntry::Blacklist => ("blacklist", None),
    };
    let until = field("until", until_in_words(*until));
    Item { kind, name, fields: setting.into_iter().chain([until]).collect() }
}
