//! The free members of one queue, in the order in which they are offered calls.

use borsh::{BorshDeserialize, BorshSerialize};
use std::collections::{BTreeMap, BTreeSet};

use model::AgentId;

use crate::strategy::Key;

/// A free member's place and who she is.
pub(crate) type Place = (Key, AgentId);

/// The free members.
#[derive(Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Free {
    ordered: BTreeSet<Place>,
    /// The same by what they know; kept from the first call of the line that asks for a skill.
    by_profile: Option<BTreeMap<u32, BTreeSet<Place>>>,
    /// The same without order, for draws; kept while the strategy is random.
    pool: Option<Pool>,
}

/// Members in no order, so that one can be drawn without a walk.
#[derive(Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct Pool {
    places: Vec<Place>,
    slots: BTreeMap<AgentId, u32>,
}

impl Pool {
    fn insert(&mut self, place: Place) {
        let slot = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.slots.insert(place.1, slot);
        self.places.push(place);
    }

    fn remove(&mut self, agent: AgentId) {
        let Some(slot) = self.slots.remove(&agent) else { return };
        let Ok(index) = usize::try_from(slot) else { return };
        if index < self.places.len() {
            self.places.swap_remove(index);
        }
        if let Some((_, moved)) = self.places.get(index) {
            self.slots.insert(*moved, slot);
        }
    }
}

impl Free {
    /// Adds a member who has become free.
    pub(crate) fn insert(&mut self, place: Place, profile: u32) {
        self.ordered.insert(place);
        if let Some(sets) = &mut self.by_profile {
            sets.entry(profile).or_default().insert(place);
        }
        if let Some(pool) = &mut self.pool {
            pool.insert(place);
        }
    }

    /// Takes out a member who is no longer free.
    pub(crate) fn remove(&mut self, place: Place, profile: u32) {
        self.ordered.remove(&place);
        if let Some(sets) = &mut self.by_profile
            && let Some(set) = sets.get_mut(&profile)
        {
            set.remove(&place);
            if set.is_empty() {
                sets.remove(&profile);
            }
        }
        if let Some(pool) = &mut self.pool {
            pool.remove(place.1);
        }
    }

    /// Keeps the sets by profile from now on; `of` knows what each member's profile is.
    pub(crate) fn keep_profiles(&mut self, of: impl Fn(AgentId) -> u32) {
        if self.by_profile.is_none() {
            let mut sets: BTreeMap<u32, BTreeSet<Place>> = BTreeMap::new();
            for place in &self.ordered {
                sets.entry(of(place.1)).or_default().insert(*place);
            }
            self.by_profile = Some(sets);
        }
    }

    /// Keeps the pool, or no longer.
    pub(crate) fn keep_pool(&mut self, keep: bool) {
        if keep && self.pool.is_none() {
            let mut pool = Pool::default();
            self.ordered.iter().for_each(|place| pool.insert(*place));
            self.pool = Some(pool);
        } else if !keep {
            self.pool = None;
        }
    }

    /// All, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Place> {
        self.ordered.iter().copied()
    }

    /// All from this place on, in order.
    pub(crate) fn from(&self, key: Key) -> impl Iterator<Item = Place> {
        self.ordered.range((key, AgentId(0))..).copied()
    }

    /// The sets of those whose profile fits.
    pub(crate) fn fitting(&self, fits: impl Fn(u32) -> bool) -> impl Iterator<Item = &BTreeSet<Place>> {
        let sets = self.by_profile.iter().flatten();
        sets.filter(move |(profile, _)| fits(**profile)).map(|(_, set)| set)
    }

    /// The member in a slot of the pool.
    pub(crate) fn in_pool(&self, slot: usize) -> Option<Place> {
        self.pool.as_ref()?.places.get(slot).copied()
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.ordered.len()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.ordered.is_empty()
    }

    /// Whether the sets beside the ordered one hold the same members, for the audit.
    pub(crate) fn agrees(&self) -> bool {
        let profiles = self.by_profile.as_ref().is_none_or(|sets| {
            let all: BTreeSet<Place> = sets.values().flatten().copied().collect();
            all == self.ordered && sets.values().all(|set| !set.is_empty())
        });
        let pool = self.pool.as_ref().is_none_or(|pool| {
            let all: BTreeSet<Place> = pool.places.iter().copied().collect();
            let slots = pool.places.iter().enumerate().all(|(index, (_, agent))| {
                pool.slots.get(agent).is_some_and(|slot| usize::try_from(*slot) == Ok(index))
            });
            all == self.ordered && slots && pool.slots.len() == pool.places.len()
        });
        profiles && pool
    }
}
