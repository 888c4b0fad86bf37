//! What is drawn by lot where the day itself does not say: from what it says of others.

use std::collections::BTreeMap;

use model::ExtensionNumber;

use crate::chance::Chance;
use crate::day::{Day, PastCall, PastEnd};
use crate::patience::Patience;

/// How long an agent stays away after a missed call where the day has no example, microseconds.
const AWAY: i64 = 60_000_000;

/// The day's lengths of time, to draw from; microseconds.
#[derive(Debug, Default)]
pub(super) struct Lot {
    talks: BTreeMap<ExtensionNumber, Vec<i64>>,
    all_talks: Vec<i64>,
    rings: Vec<i64>,
    wrap_ups: Vec<i64>,
    away: Vec<i64>,
    patience: Patience,
    /// Share of her offers that each agent missed, and of all agents together.
    misses: BTreeMap<ExtensionNumber, f64>,
    all_misses: f64,
}

impl Lot {
    pub(super) fn of(day: &Day) -> Self {
        let mut lot = Self { away: day.away_after_miss.clone(), ..Self::default() };
        for call in &day.calls {
            if let PastEnd::Answered { ring, talk, wrap_up, .. } = call.end {
                lot.talks.entry(call.queue.clone()).or_default().push(talk);
                lot.all_talks.push(talk);
                lot.rings.push(ring);
                lot.wrap_ups.extend(wrap_up);
            }
        }
        let waits = day.calls.iter().map(|call| (call.waited, call.end == PastEnd::Abandoned));
        lot.patience = Patience::of(waits);
        let share = |(made, missed): &(u64, u64)| *missed as f64 / (*made).max(1) as f64;
        lot.misses = day.offers.iter().map(|(agent, offers)| (agent.clone(), share(offers))).collect();
        let sum = day.offers.values().fold((0, 0), |(a, b), (made, missed)| (a + made, b + missed));
        lot.all_misses = share(&sum);
        lot
    }

    /// How long this call talks.
    pub(super) fn talk(&self, call: &PastCall, chance: &mut Chance) -> i64 {
        if let PastEnd::Answered { talk, .. } = call.end {
            return talk;
        }
        let own = self.talks.get(&call.queue).unwrap_or(&self.all_talks);
        draw(own, chance).unwrap_or_default()
    }

    /// How long it takes until an offer of this call is answered.
    pub(super) fn ring(&self, call: &PastCall, chance: &mut Chance) -> i64 {
        match call.end {
            PastEnd::Answered { ring, .. } => ring,
            PastEnd::Abandoned | PastEnd::Left => draw(&self.rings, chance).unwrap_or_default(),
        }
    }

    /// After which wait this caller gives up, if ever.
    pub(super) fn gives_up(&self, call: &PastCall, chance: &mut Chance) -> Option<i64> {
        match call.end {
            PastEnd::Abandoned => Some(call.waited),
            PastEnd::Answered { .. } | PastEnd::Left => self.patience.draw(call.waited, chance),
        }
    }

    /// How long a wrap-up without an end of its own lasts after this call.
    pub(super) fn wrap_up(&self, call: &PastCall, chance: &mut Chance) -> i64 {
        match call.end {
            PastEnd::Answered { wrap_up: Some(length), .. } => length,
            PastEnd::Answered { .. } | PastEnd::Abandoned | PastEnd::Left => {
                draw(&self.wrap_ups, chance).unwrap_or_default()
            }
        }
    }

    /// How long an agent stays away after a missed call.
    pub(super) fn away(&self, chance: &mut Chance) -> i64 {
        draw(&self.away, chance).unwrap_or(AWAY)
    }

    /// Whether she misses this offer.
    pub(super) fn is_missed(&self, agent: Option<&ExtensionNumber>, chance: &mut Chance) -> bool {
        let share = agent.and_then(|agent| self.misses.get(agent)).copied().unwrap_or(self.all_misses);
        chance.unit() < share
    }
}

fn draw(from: &[i64], chance: &mut Chance) -> Option<i64> {
    let count = u64::try_from(from.len()).ok().filter(|count| *count > 0)?;
    from.get(usize::try_from(chance.bits() % count).ok()?).copied()
}
