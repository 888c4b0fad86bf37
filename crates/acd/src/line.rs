//! One queue: its rules, its line, its members and what is kept of all of them so that no decision walks them.

use crate::broken;
use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use model::{AgentId, Queue, Strategy, Timestamp};

use crate::decision::{Decision, Exclusion};
use crate::estimate::Handling;
use crate::free::Free;
use crate::places::{Place, Places};
use crate::short::Short;
use crate::skills::Needs;
use crate::standing::{Kept, Standing};

/// Most members of a queue whose lists by reason are kept, whatever [`crate::Limits::names_recorded`] says.
const NAMES_MAX: usize = 64;

/// Members by the reason why they could have no call.
type Names = [Vec<AgentId>; Exclusion::COUNT];

/// Waiting calls that may be offered to one more agent, by what they ask for.
#[derive(Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Open {
    classes: Short<(Needs, Places)>,
}

impl Open {
    /// Adds a call.
    pub(crate) fn insert(&mut self, needs: &Needs, place: Place) {
        match self.classes.iter_mut().find(|(known, _)| known == needs) {
            Some((_, places)) => places.insert(place),
            None => {
                let mut places = Places::default();
                places.insert(place);
                self.classes.push((needs.clone(), places));
            }
        }
    }

    /// Takes a call out.
    pub(crate) fn remove(&mut self, needs: &Needs, place: Place) {
        let Some((_, places)) = self.classes.iter_mut().find(|(known, _)| known == needs) else { return };
        places.remove(place);
        if places.is_empty() && !needs.is_empty() {
            self.classes.take(|(known, _)| known == needs);
        }
    }

    /// Takes all out.
    pub(crate) fn clear(&mut self) {
        self.classes.clear();
    }

    /// The first call after `after` whose needs somebody meets.
    pub(crate) fn next(&self, after: Option<Place>, is_met: impl Fn(&Needs) -> bool) -> Option<Place> {
        let met = self.classes.iter().filter(|(needs, places)| !places.is_empty() && is_met(needs));
        met.filter_map(|(_, places)| places.next(after)).min()
    }

    /// Whether it holds this call under these needs.
    pub(crate) fn contains(&self, needs: &Needs, place: Place) -> bool {
        self.classes.iter().any(|(known, places)| known == needs && places.contains(place))
    }

    /// The classes.
    pub(crate) fn classes(&self) -> impl Iterator<Item = (&Needs, &Places)> {
        self.classes.iter().map(|(needs, places)| (needs, places))
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.classes.iter().all(|(_, places)| places.is_empty())
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.classes.iter().map(|(_, places)| places.len()).sum()
    }
}

/// One queue.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Line {
    /// As provisioned.
    pub(crate) rules: Queue,
    /// No longer provisioned; kept while a member still talks on one of its calls.
    pub(crate) deleted: bool,
    /// Everybody who waits, offered ones included.
    pub(crate) places: Places,
    /// Those of them who may be offered to one more agent.
    pub(crate) open: Open,
    /// How many of them have hung up and wait for a callback.
    pub(crate) callbacks: u32,
    /// The members, logged in or not. How each stands is kept with her membership (`standing`).
    pub(crate) members: BTreeSet<AgentId>,
    /// Those of them who would be given a call, in order.
    pub(crate) free: Free,
    /// The others by reason, each list by id; kept while there are few enough to name them all.
    pub(crate) names: Option<Names>,
    /// How many of the others stand how.
    pub(crate) counts: [u32; Exclusion::COUNT],
    /// How many callers may count on (A19).
    pub(crate) staffed: u32,
    /// The members' tiers.
    pub(crate) tiers: BTreeSet<u8>,
    /// How long its calls take.
    pub(crate) handling: Handling,
    /// Its last decisions with their numbers, oldest first.
    pub(crate) recent: VecDeque<(u64, Arc<Decision>)>,
}

impl Line {
    /// An empty line.
    pub(crate) fn new(rules: Queue) -> Self {
        let mut line = Self {
            rules,
            deleted: false,
            places: Places::default(),
            open: Open::default(),
            callbacks: 0,
            members: BTreeSet::new(),
            free: Free::default(),
            names: Some(Names::default()),
            counts: [0; Exclusion::COUNT],
            staffed: 0,
            tiers: BTreeSet::new(),
            handling: Handling::default(),
            recent: VecDeque::new(),
        };
        line.follow_strategy();
        line
    }

    /// Keeps what the strategy needs beside the order.
    pub(crate) fn follow_strategy(&mut self) {
        self.free.keep_pool(self.rules.strategy == Strategy::Random);
    }

    /// Adds a member, logged out until her standing is derived.
    pub(crate) fn join(&mut self, agent: AgentId) {
        if self.members.insert(agent) {
            self.count(Standing::NEW, 1);
            if self.members.len() > NAMES_MAX {
                self.names = None;
            }
            self.list(agent, None, Some(Standing::NEW));
        }
    }

    /// Takes a member out; `standing_of` knows how the others stand.
    pub(crate) fn part(
        &mut self,
        agent: AgentId,
        kept: &Kept,
        standing_of: impl Fn(&AgentId) -> Option<Standing>,
    ) {
        if !self.members.remove(&agent) {
            return;
        }
        match kept.standing {
            Standing::Free(key) => self.free.remove((key, agent), kept.profile),
            Standing::Not(_) => self.count(kept.standing, -1),
        }
        self.staffed -= u32::from(kept.staffs);
        self.list(agent, Some(kept.standing), None);
        if self.names.is_none() && self.members.len() <= NAMES_MAX {
            self.names = Some(Names::default());
            for other in self.members.clone() {
                self.list(other, None, standing_of(&other));
            }
        }
    }

    /// Moves a member from one list by reason to another, while there are such lists.
    fn list(&mut self, agent: AgentId, before: Option<Standing>, now: Option<Standing>) {
        let Some(names) = &mut self.names else { return };
        if let Some(list) = before.and_then(Standing::why_not).and_then(|why| names.get_mut(why.index()))
            && let Ok(index) = list.binary_search(&agent)
        {
            list.remove(index);
        }
        if let Some(list) = now.and_then(Standing::why_not).and_then(|why| names.get_mut(why.index()))
            && let Err(index) = list.binary_search(&agent)
        {
            list.insert(index, agent);
        }
    }

    /// How a member stands now; true if she may be given calls that she could not be given before, or no longer
    /// staffs the queue. `at` is the next decision's number and the time.
    pub(crate) fn stand(
        &mut self,
        (agent, kept): (AgentId, &mut Kept),
        (standing, profile, staffs): (Standing, u32, bool),
        at: (u64, Timestamp),
    ) -> bool {
        let before = (kept.standing, kept.profile);
        let left = kept.staffs && !staffs;
        if staffs != kept.staffs {
            kept.staffs = staffs;
            self.staffed = if staffs { self.staffed + 1 } else { self.staffed - 1 };
        }
        if !kept.now(standing, profile, at) {
            return left;
        }
        match before.0 {
            Standing::Free(key) => self.free.remove((key, agent), before.1),
            Standing::Not(_) => self.count(before.0, -1),
        }
        match standing {
            Standing::Free(key) => self.free.insert((key, agent), profile),
            Standing::Not(_) => self.count(standing, 1),
        }
        if before.0.why_not() != standing.why_not() {
            self.list(agent, Some(before.0), Some(standing));
        }
        let newly_free = match (before.0, standing) {
            (Standing::Not(_), Standing::Free(_)) => true,
            (Standing::Free(_), Standing::Free(_)) => before.1 != profile,
            (Standing::Free(_) | Standing::Not(_), Standing::Not(_)) => false,
        };
        left || newly_free
    }

    fn count(&mut self, standing: Standing, by: i32) {
        if let Some(why) = standing.why_not()
            && let Some(count) = self.counts.get_mut(why.index())
        {
            *count = count.saturating_add_signed(by);
        }
    }

    /// The position of `place`, from 1.
    pub(crate) fn position(&self, place: Place) -> u32 {
        u32::try_from(self.places.before(place).saturating_add(1)).unwrap_or(u32::MAX)
    }

    /// How many callers it takes: the queue's own number within the ACD's limit.
    pub(crate) fn depth_max(&self, limit: u32) -> usize {
        let own = if self.rules.max_callers == 0 { limit } else { self.rules.max_callers.min(limit) };
        usize::try_from(own.saturating_add(u32::from(broken!(OneCallerTooMany)))).unwrap_or(usize::MAX)
    }
}
