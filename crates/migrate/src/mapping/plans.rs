//! Where callers go: plans of numbers, and of queues and groups whose callers nobody has answered.

use std::collections::BTreeMap;

use model::ExtensionNumber;

use super::{Group, Mapping, Taken};
use crate::dialplan::lead::{At, Lead};
use crate::limits::file::{NAME_MAX, RING_GROUPS_MAX, RING_MEMBERS_MAX};
use crate::report::Place;
use crate::yaml::Yaml;

/// What follows when nobody has answered, by the number of the queue or group.
pub(super) type After = BTreeMap<ExtensionNumber, Yaml>;

impl<'a> Mapping<'a> {
    /// The plan that does what a lead does; none if there is none.
    pub(super) fn plan(&mut self, lead: &Lead<'a>) -> Option<Yaml> {
        let (field, number) = match lead {
            Lead::Queue { name, .. } => {
                let queue = self.queues.iter().find(|queue| queue.name == *name)?;
                ("queue", queue.number.clone()?)
            }
            Lead::Dial { devices, limit, next, place } => {
                let phones = self.phones(devices)?;
                match phones.as_slice() {
                    [alone] => ("extension", alone.clone()),
                    _ => ("ring_group", self.group(None, phones, *limit, next, place)?),
                }
            }
            Lead::End | Lead::Lost { .. } => return None,
        };
        Some(Yaml::Map(vec![(field, Yaml::text(number.as_str()))]))
    }

    /// The ring group of these phones, made if there is none, under its own number or a free one.
    pub(super) fn group(
        &mut self,
        number: Option<ExtensionNumber>,
        members: Vec<ExtensionNumber>,
        ring_time: Option<u32>,
        next: &At<'a>,
        place: &Place,
    ) -> Option<ExtensionNumber> {
        let same = |group: &&Group<'_>| group.members == members && group.ring_time == ring_time;
        if number.is_none()
            && let Some(group) = self.groups.iter().find(same)
        {
            return Some(group.number.clone());
        }
        if self.groups.len() == RING_GROUPS_MAX || members.len() > RING_MEMBERS_MAX {
            let text =
                format!("there are {RING_GROUPS_MAX} ring groups of {RING_MEMBERS_MAX} phones at most");
            self.report.add(place, text);
            return None;
        }
        let number = match number {
            Some(number) => number,
            None => {
                let number = self.free_number()?;
                self.report
                    .add(place, format!("the phones become a ring group with the free number {number}"));
                number
            }
        };
        self.taken.insert(number.clone(), Taken::Group);
        let name: String = format!("Group {number}").chars().take(NAME_MAX).collect();
        self.groups.push(Group { number: number.clone(), name, members, ring_time, next: next.clone() });
        Some(number)
    }

    /// What follows for every queue and group. It may make further groups, which then have their turn.
    pub(super) fn afterwards(&mut self) -> After {
        let mut after = After::new();
        let queues =
            self.queues.iter().filter_map(|queue| Some((queue.number.clone()?, queue.call.clone()?.1)));
        let queues: Vec<(ExtensionNumber, At<'a>)> = queues.collect();
        for (number, next) in queues {
            self.follow(&number, next, &mut after);
        }
        let mut at = 0;
        while let Some(group) = self.groups.get(at) {
            let (number, next) = (group.number.clone(), group.next.clone());
            self.follow(&number, next, &mut after);
            at += 1;
        }
        after
    }

    fn follow(&mut self, number: &ExtensionNumber, next: At<'a>, after: &mut After) {
        let way = self.dialplan.way(next);
        let Some(plan) = self.plan(&way.lead) else { return };
        let itself = match &plan {
            Yaml::Map(fields) => fields.iter().any(|(_, value)| *value == Yaml::text(number.as_str())),
            Yaml::Text(_) | Yaml::Whole(_) | Yaml::Flag(_) | Yaml::List(_) => false,
        };
        // Who comes back to where he was waits there as long as he may; nothing is lost.
        if !itself {
            after.insert(number.clone(), plan);
        }
        self.commit(&way);
    }
}
