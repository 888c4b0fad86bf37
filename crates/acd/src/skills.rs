//! Skills: what a waiting call's agent must know by now, and who knows it.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::BTreeMap;
use std::time::Duration;

use model::{CallId, SkillNeed, Timestamp};

use crate::acd::Acd;
use crate::standing::Kept;
use crate::timer::TimerKind;
use crate::waiting;

/// Most needs of one call that are looked at; the rest is not asked for.
pub(crate) const NEEDS_MAX: usize = 16;

/// What is asked for at a moment: each skill once, by name, with its least level.
pub(crate) type Needs = Vec<(String, u8)>;

/// What `needs` ask for after `waited`.
pub(crate) fn asked(needs: &[SkillNeed], waited: Duration) -> Needs {
    let mut asked = Needs::new();
    for need in needs.iter().take(NEEDS_MAX) {
        let level = need.level_after(waited);
        match asked.binary_search_by(|(skill, _)| skill.as_str().cmp(&need.skill)) {
            _ if level == 0 => {}
            Ok(index) => {
                if let Some((_, known)) = asked.get_mut(index) {
                    *known = level.max(*known);
                }
            }
            Err(index) => asked.insert(index, (need.skill.clone(), level)),
        }
    }
    asked
}

/// Every combination of skills that agents have, each with a number, so that agents who know the same are alike.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Profiles {
    numbers: BTreeMap<BTreeMap<String, u8>, u32>,
    skills: Vec<BTreeMap<String, u8>>,
}

impl Profiles {
    /// Forgets all, when every agent is about to be numbered anew.
    pub(crate) fn clear(&mut self) {
        self.numbers.clear();
        self.skills.clear();
    }

    /// How many are known.
    pub(crate) fn len(&self) -> usize {
        self.skills.len()
    }

    /// The number of a combination.
    pub(crate) fn number(&mut self, skills: &BTreeMap<String, u8>) -> u32 {
        if let Some(number) = self.numbers.get(skills) {
            return *number;
        }
        let number = u32::try_from(self.skills.len()).unwrap_or(u32::MAX);
        self.numbers.insert(skills.clone(), number);
        self.skills.push(skills.clone());
        number
    }

    /// Whether agents of this profile will do.
    pub(crate) fn meet(&self, profile: u32, needs: &Needs) -> bool {
        needs.is_empty()
            || usize::try_from(profile).ok().and_then(|index| self.skills.get(index)).is_some_and(|skills| {
                needs.iter().all(|(skill, level)| skills.get(skill).is_some_and(|known| known >= level))
            })
    }
}

/// What a call asks for now, and when it will next ask for less.
pub(crate) fn now(acd: &Acd, call: CallId) -> Option<(Needs, Option<Timestamp>)> {
    let entry = acd.entries.get(&call)?;
    let line = acd.lines.get(&entry.queue)?;
    let needs = if entry.skills.is_empty() { &line.rules.skills } else { &entry.skills };
    if needs.is_empty() {
        return Some((Needs::new(), None));
    }
    let waited = acd.now.since(entry.enqueued_at);
    let next = needs.iter().take(NEEDS_MAX).filter_map(|need| need.next_relaxation(waited)).min();
    Some((asked(needs, waited), next.map(|next| entry.enqueued_at.after(next))))
}

/// A waiting call may ask for less than before, or the queue's rules for something else.
pub(crate) fn asks_anew(acd: &mut Acd, call: CallId) {
    let Some((asks, next)) = now(acd, call) else { return };
    match next {
        Some(at) => acd.timers.set(TimerKind::Relaxes(call), at),
        None => acd.timers.stop(TimerKind::Relaxes(call)),
    }
    let Some(entry) = acd.entries.get_mut(&call) else { return };
    let Some(line) = acd.lines.get_mut(&entry.queue) else { return };
    if entry.asks == asks {
        return;
    }
    line.open.remove(&entry.asks, entry.place);
    if !asks.is_empty() {
        let (queue, agents) = (entry.queue, &acd.agents);
        let kept = |agent| Some(&agents.get(&agent)?.memberships.get(&queue)?.kept);
        line.free.keep_profiles(|agent| kept(agent).map_or(0, |kept: &Kept| kept.profile));
    }
    entry.asks = asks;
    let undecided = acd.step.unserved.iter().any(|unserved| unserved == call);
    waiting::reopen(acd, call);
    if !undecided {
        // It goes on waiting: no new record is due unless somebody is rung.
        acd.step.unserved.remove(call);
    }
}
