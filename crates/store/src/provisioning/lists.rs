//! Lists of callers: who is served first, who has agents of his own, who is kept out.

use std::collections::BTreeMap;

use model::{BlockLevel, ExtensionNumber, ListedUntil, Timestamp, VipNumber};

use super::agents::clean;
use super::limits::{EXCLUSIVE_AGENTS_MAX, LISTED_MAX, VIP_PRIORITY};
use super::reader::{Fields, Shape};
use super::reading::Target;
use super::trunks::outside_number;
use super::wanted::WantedListed;
use crate::listed::{ListedEntry, ListedNumber};

pub(crate) const VIP: Shape =
    Shape { what: "VIP number", known: &["number", "priority", "until"], later: &["name", "queues"] };

pub(crate) const EXCLUSIVE: Shape =
    Shape { what: "exclusive number", known: &["number", "queue", "agents", "until"], later: &["name"] };

pub(crate) const QUEUE_BLACKLIST: Shape = Shape {
    what: "entry of the queue blacklist",
    known: &["number", "level", "until"],
    later: &["name", "queues"],
};

pub(crate) const BLACKLIST: Shape =
    Shape { what: "entry of the blacklist", known: &["number", "until"], later: &["name"] };

/// All lists.
pub(crate) fn lists(top: &Fields<'_>) -> Vec<WantedListed> {
    let plain = |fields: &Fields<'_>, entry| {
        let until = until(fields);
        Some(WantedListed::Plain(ListedNumber { number: String::new(), until, entry }))
    };
    let mut all = read(top, "vip_numbers", &VIP, |fields| {
        plain(
            fields,
            ListedEntry::Vip {
                priority: fields.whole("priority", VIP_PRIORITY, VipNumber::PRIORITY_DEFAULT),
            },
        )
    });
    all.extend(read(top, "exclusive_numbers", &EXCLUSIVE, exclusive));
    all.extend(read(top, "queue_blacklist", &QUEUE_BLACKLIST, |fields| {
        plain(fields, ListedEntry::QueueBlacklist { level: fields.word("level", &[], BlockLevel::Refused) })
    }));
    all.extend(read(top, "blacklist", &BLACKLIST, |fields| plain(fields, ListedEntry::Blacklist)));
    all
}

/// One list: each entry's number, what `entry` makes of the rest, and no two entries alike.
fn read(
    top: &Fields<'_>,
    list: &str,
    shape: &Shape,
    entry: impl Fn(&Fields<'_>) -> Option<WantedListed>,
) -> Vec<WantedListed> {
    let mut lines: BTreeMap<(String, Option<ExtensionNumber>), u64> = BTreeMap::new();
    let mut all = Vec::new();
    for node in top.list(list, LISTED_MAX) {
        let Some(fields) = Fields::of(top.reading, node, shape) else { continue };
        let number = outside_number(&fields);
        let (Some(entry), Some((number, line))) = (entry(&fields), number) else { continue };
        let entry = entry.of(number);
        if let Some(at) = lines.insert(entry.identity(), line) {
            let at = top.reading.seen(at);
            let of = entry.identity().1.map_or_else(String::new, |queue| format!(" for queue {queue}"));
            fields.problem(line, format!("number {number} is on this list already{of}{at}"));
            continue;
        }
        all.push(entry);
    }
    all
}

impl WantedListed {
    /// The same entry, of this number.
    fn of(self, name: &str) -> Self {
        match self {
            Self::Plain(listed) => Self::Plain(ListedNumber { number: name.to_owned(), ..listed }),
            Self::Exclusive { number: _, queue, agents, until } => {
                Self::Exclusive { number: name.to_owned(), queue, agents, until }
            }
        }
    }

    /// What may be on a list only once.
    fn identity(&self) -> (String, Option<ExtensionNumber>) {
        match self {
            Self::Plain(listed) => (listed.number.clone(), None),
            Self::Exclusive { number, queue, agents: _, until: _ } => (number.clone(), Some(queue.clone())),
        }
    }
}

fn exclusive(fields: &Fields<'_>) -> Option<WantedListed> {
    let until = until(fields);
    let queue = fields.number("queue");
    if let Some(queue) = &queue {
        let line = fields.line_of("queue");
        fields.reading.refer(line, "`queue` of the exclusive number", None, queue, Target::Queue);
    }
    let list = fields.list("agents", EXCLUSIVE_AGENTS_MAX);
    if list.is_empty() {
        fields.problem(fields.line_of("agents"), "the exclusive number wants at least one agent in `agents`");
    }
    let mut agents: Vec<ExtensionNumber> = Vec::new();
    for node in list {
        let Some((text, line)) = fields.as_text("agents", node) else { continue };
        let Some(agent) = fields.as_number("agents", text, line) else { continue };
        fields.reading.refer(line, "`agents` of the exclusive number", None, &agent, Target::Agent);
        if agents.contains(&agent) {
            fields.problem(line, format!("`agents` of the exclusive number names {agent} twice"));
            continue;
        }
        agents.push(agent);
    }
    Some(WantedListed::Exclusive { number: String::new(), queue: queue?, agents, until })
}

/// Until when an entry counts.
fn until(fields: &Fields<'_>) -> ListedUntil {
    fields.get("until")?;
    let (text, line) = fields.text("until")?;
    let Ok(moment) = text.parse::<jiff::Timestamp>() else {
        let (what, text) = (fields.what, clean(text));
        fields.problem(
            line,
            format!("`until` of the {what} is `{text}`; a moment is written like 2030-12-31T23:00:00Z"),
        );
        return None;
    };
    Some(Timestamp(moment.as_microsecond()))
}

/// A moment as the file writes it.
pub(crate) fn until_in_words(until: ListedUntil) -> String {
    until.map_or_else(
        || "none".to_owned(),
        |at| jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| at.0.to_string(), |at| at.to_string()),
    )
}
