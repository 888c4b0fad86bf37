//! Lists of callers.

use std::collections::BTreeMap;

use model::{AgentId, BlockLevel, ExtensionNumber, Queue, QueueId, VipNumber};

use super::super::lists::until_in_words;
use super::super::yaml::Node;
use super::mapping::{Mapping, text};
use crate::agent::AgentRow;
use crate::listed::{ListedEntry, ListedNumber};

/// The lists by their names, in the file's order.
pub(super) fn lists(
    listed: &[ListedNumber],
    queues: &[Queue],
    agents: &[AgentRow],
) -> [(&'static str, Vec<Node>); 4] {
    let queues: BTreeMap<QueueId, &ExtensionNumber> =
        queues.iter().map(|queue| (queue.id, &queue.number)).collect();
    let agents: BTreeMap<AgentId, &ExtensionNumber> =
        agents.iter().filter_map(|row| Some((row.agent.id, row.agent.extension.as_ref()?))).collect();
    let (mut vip, mut exclusive) = (Vec::new(), Vec::new());
    let (mut queue_blacklist, mut blacklist) = (Vec::new(), Vec::new());
    for ListedNumber { number, until, entry } in listed {
        let mut fields = Mapping::default();
        fields.text("number", number);
        let list = match entry {
            ListedEntry::Vip { priority } => {
                fields.number_unless("priority", *priority, VipNumber::PRIORITY_DEFAULT);
                &mut vip
            }
            ListedEntry::Exclusive { queue, agents: his } => {
                fields.maybe("queue", queues.get(queue).map(|number| number.as_str()));
                let his = his.iter().filter_map(|agent| agents.get(agent));
                fields.list("agents", his.map(|number| text(number.as_str())).collect());
                &mut exclusive
            }
            ListedEntry::QueueBlacklist { level } => {
                fields.word_unless("level", *level, BlockLevel::Refused);
                &mut queue_blacklist
            }
            ListedEntry::Blacklist => &mut blacklist,
        };
        if until.is_some() {
            fields.text("until", &until_in_words(*until));
        }
        list.push(fields.done());
    }
    [
        ("vip_numbers", vip),
        ("exclusive_numbers", exclusive),
        ("queue_blacklist", queue_blacklist),
        ("blacklist", blacklist),
    ]
}
