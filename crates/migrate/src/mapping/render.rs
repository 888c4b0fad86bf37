//! The provisioning file.

use super::plans::After;
use super::{Group, Mapping, Queue, Seat};
use crate::limits::file::{NAME_MAX, TRUNKS_MAX};
use crate::report::shown;
use crate::yaml::{Yaml, write};

/// The group that all agents are in: Asterisk has none, and everybody must be in one.
const GROUP: &str = "agents";
/// How long a call rings at an extension, unless set; and how short and long it may be.
const RING_TIMEOUT: (u32, u32) = (5, 600);
/// How long a ring group rings: the same.
const GROUP_RING_TIME: (u32, u32) = (1, 600);
/// How long a caller may wait, at least and at most.
const WAITING_TIME: (u32, u32) = (15, 65_535);

const HEAD: &str = "\
# Made of Asterisk's configuration by `cordboard import asterisk`, which also listed what it could not carry over.
# It has the passwords of phones in it. Look through it, then: cordboard apply FILE --dry-run
";

impl Mapping<'_> {
    /// Writes it.
    pub(super) fn render(mut self, domain: &str, after: After) -> String {
        let trunks = self.trunks();
        let mut file = vec![("domain", Yaml::text(domain))];
        let mut list = |name, items: Vec<Yaml>| {
            if !items.is_empty() {
                file.push((name, Yaml::List(items)));
            }
        };
        let agents: Vec<Yaml> = self.seats.iter().filter(|seat| seat.agent).map(agent).collect();
        list("groups", if agents.is_empty() { Vec::new() } else { vec![Yaml::text(GROUP)] });
        list("agents", agents);
        list("extensions", self.seats.iter().filter(|seat| !seat.agent).map(extension).collect());
        list("queues", self.queues.iter().filter_map(|queue| self::queue(queue, &after)).collect());
        list("ring_groups", self.groups.iter().map(|group| ring_group(group, &after)).collect());
        list("mailboxes", self.mailboxes.values().cloned().collect());
        let numbers = self
            .dialed
            .iter()
            .map(|(number, open)| Yaml::Map(vec![("number", Yaml::text(number)), ("open", open.clone())]));
        list("numbers", numbers.collect());
        list("trunks", trunks);
        format!("{HEAD}{}", write(&file))
    }

    fn trunks(&mut self) -> Vec<Yaml> {
        let mut trunks = Vec::new();
        for trunk in &self.trunks {
            let name: String = trunk.endpoint.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
            let name = name.trim();
            if trunks.len() == TRUNKS_MAX || name.is_empty() || name != trunk.endpoint {
                let text = format!(
                    "trunk `{}` is left out: there are {TRUNKS_MAX} at most, with names of 1 to {NAME_MAX} characters",
                    shown(&trunk.endpoint)
                );
                self.report.add(&trunk.place, text);
                continue;
            }
            let networks: Vec<Yaml> = trunk.allow_from.iter().map(Yaml::text).collect();
            trunks.push(Yaml::Map(vec![
                ("name", Yaml::text(name)),
                ("host", Yaml::text(&trunk.host)),
                ("allow_from", Yaml::List(networks)),
            ]));
        }
        trunks
    }
}

fn agent(seat: &Seat) -> Yaml {
    let mut fields = vec![
        ("extension", Yaml::text(seat.number.as_str())),
        ("name", Yaml::text(seat.name.as_deref().unwrap_or(seat.number.as_str()))),
    ];
    fields.extend(seat.password.as_ref().map(|password| ("sip_password", Yaml::text(password))));
    fields.push(("groups", Yaml::List(vec![Yaml::text(GROUP)])));
    Yaml::Map(fields)
}

fn extension(seat: &Seat) -> Yaml {
    let mut fields = vec![("number", Yaml::text(seat.number.as_str()))];
    fields.extend(seat.name.as_ref().map(|name| ("display_name", Yaml::text(name))));
    fields.extend(seat.password.as_ref().map(|password| ("sip_password", Yaml::text(password))));
    let ring_time = seat.ring_time.map(|time| time.clamp(RING_TIMEOUT.0, RING_TIMEOUT.1));
    fields.extend(ring_time.map(|time| ("ring_timeout", Yaml::Whole(time.into()))));
    Yaml::Map(fields)
}

fn queue(queue: &Queue<'_>, after: &After) -> Option<Yaml> {
    let number = queue.number.as_ref()?;
    let name: String = queue.name.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
    let mut fields = vec![("number", Yaml::text(number.as_str())), ("name", Yaml::text(name.trim()))];
    fields.extend(queue.fields.iter().cloned());
    let limit = queue.call.as_ref().and_then(|(limit, _)| *limit).filter(|limit| *limit > 0);
    let limit = limit.map_or(0, |limit| limit.clamp(WAITING_TIME.0, WAITING_TIME.1));
    fields.push(("max_waiting_time", Yaml::Whole(limit.into())));
    fields.extend(after.get(number).map(|plan| ("on_no_answer", plan.clone())));
    if !queue.members.is_empty() {
        fields.push(("members", Yaml::List(queue.members.iter().cloned().map(Yaml::Map).collect())));
    }
    Some(Yaml::Map(fields))
}

fn ring_group(group: &Group<'_>, after: &After) -> Yaml {
    let members = group.members.iter().map(|member| Yaml::text(member.as_str())).collect();
    let mut fields = vec![
        ("number", Yaml::text(group.number.as_str())),
        ("name", Yaml::text(&group.name)),
        ("members", Yaml::List(members)),
    ];
    // Without a limit it rings as long as may be.
    let ring_time = group.ring_time.unwrap_or(u32::MAX).clamp(GROUP_RING_TIME.0, GROUP_RING_TIME.1);
    fields.push(("ring_time", Yaml::Whole(ring_time.into())));
    fields.extend(after.get(&group.number).map(|plan| ("on_no_answer", plan.clone())));
    Yaml::Map(fields)
}
