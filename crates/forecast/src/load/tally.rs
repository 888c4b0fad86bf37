//! What is counted in a replication, and what replications say together.

use std::collections::BTreeMap;

use model::{AgentId, CallId, Timestamp};

use super::caller::Drawn;
use super::{Load, WARM_UP};
use crate::chance::{SECOND, micros};
use crate::estimate::Estimate;

/// Counts of one source; times are microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Came.
    pub offered: u64,
    /// Found nobody free and stayed.
    pub had_to_wait: u64,
    /// Were answered.
    pub answered: u64,
    /// Of them within the threshold.
    pub answered_in_time: u64,
    /// Gave up.
    pub abandoned: u64,
    /// Of them within the threshold.
    pub abandoned_in_time: u64,
    /// Were not let in, or left the last line by its rules.
    pub overflowed: u64,
    /// Of them those who never stood in a line.
    pub refused: u64,
    /// All waits of the answered.
    pub waits_answered: i128,
    /// All waits of all who came.
    pub waits: i128,
}

/// One agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentTally {
    /// Calls answered after the warm-up.
    pub answered: u64,
    /// How long she was taken up within the window, microseconds.
    pub busy: i64,
    /// Her calls and rings now.
    taken: u32,
    since: Timestamp,
}

/// What one replication has counted.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Each source.
    pub shares: Vec<Share>,
    /// Each agent.
    pub agents: BTreeMap<AgentId, AgentTally>,
    /// From the first call that counts to the last call: here occupancy is measured.
    pub window: (Timestamp, Timestamp),
    /// The area under the curve of the number waiting, over all calls, microseconds.
    pub waiting_area: i128,
    /// The sum of all stays in a line, over all calls, microseconds: Little's law says that it is the same.
    pub stays: i128,
    /// Rules of the core that were found broken; never above 0.
    pub faults: u64,
    /// Calls before this one do not count.
    first: CallId,
    threshold: i64,
    waiting: i128,
    waiting_since: Timestamp,
}

impl Tally {
    pub(super) fn new(load: &Load) -> Self {
        Self {
            shares: vec![Share::default(); load.sources.len()],
            agents: load.directory.agents.keys().map(|agent| (*agent, AgentTally::default())).collect(),
            window: (Timestamp(i64::MAX), Timestamp(i64::MAX)),
            waiting_area: 0,
            stays: 0,
            faults: 0,
            first: CallId(u64::from(load.calls / WARM_UP)),
            threshold: micros(load.threshold),
            waiting: 0,
            waiting_since: Timestamp::ZERO,
        }
    }

    /// How many wait now.
    pub(super) const fn waiting(&self) -> i128 {
        self.waiting
    }

    /// From here on time counts.
    pub(super) const fn begin(&mut self, now: Timestamp) {
        self.window.0 = now;
    }

    /// Up to here.
    pub(super) const fn end(&mut self, now: Timestamp) {
        self.window.1 = now;
    }

    fn share(&mut self, call: CallId, source: usize) -> Option<&mut Share> {
        if call < self.first { None } else { self.shares.get_mut(source) }
    }

    pub(super) fn offered(&mut self, call: CallId, source: usize) {
        if let Some(share) = self.share(call, source) {
            share.offered += 1;
        }
    }

    pub(super) fn had_to_wait(&mut self, call: CallId, source: usize) {
        if let Some(share) = self.share(call, source) {
            share.had_to_wait += 1;
        }
    }

    /// One more in a line.
    pub(super) fn enters(&mut self, now: Timestamp) {
        self.clock(now);
        self.waiting += 1;
    }

    /// One less in a line.
    pub(super) fn leaves(&mut self, now: Timestamp, entered_at: Timestamp) {
        self.clock(now);
        self.waiting -= 1;
        self.stays += i128::from(now.0) - i128::from(entered_at.0);
    }

    fn clock(&mut self, now: Timestamp) {
        self.waiting_area += self.waiting * (i128::from(now.0) - i128::from(self.waiting_since.0));
        self.waiting_since = now;
    }

    pub(super) fn answered(&mut self, call: CallId, drawn: Drawn, agent: AgentId, now: Timestamp) {
        let (wait, threshold) = (now.0 - drawn.at.0, self.threshold);
        let Some(share) = self.share(call, drawn.source) else { return };
        share.answered += 1;
        share.answered_in_time += u64::from(wait <= threshold);
        share.waits_answered += i128::from(wait);
        share.waits += i128::from(wait);
        if let Some(agent) = self.agents.get_mut(&agent) {
            agent.answered += 1;
        }
    }

    pub(super) fn abandoned(&mut self, call: CallId, drawn: Drawn, now: Timestamp) {
        let (wait, threshold) = (now.0 - drawn.at.0, self.threshold);
        let Some(share) = self.share(call, drawn.source) else { return };
        share.abandoned += 1;
        share.abandoned_in_time += u64::from(wait <= threshold);
        share.waits += i128::from(wait);
    }

    pub(super) fn overflowed(&mut self, call: CallId, drawn: Drawn, now: Timestamp) {
        let wait = now.0 - drawn.at.0;
        let Some(share) = self.share(call, drawn.source) else { return };
        share.overflowed += 1;
        share.refused += u64::from(wait == 0);
        share.waits += i128::from(wait);
    }

    /// One more call rings her, or is hers.
    pub(super) fn agent_taken(&mut self, agent: AgentId, now: Timestamp) {
        let Some(agent) = self.agents.get_mut(&agent) else { return };
        if agent.taken == 0 {
            agent.since = now;
        }
        agent.taken += 1;
    }

    /// One less.
    pub(super) fn agent_frees(&mut self, agent: AgentId, now: Timestamp) {
        let (from, to) = self.window;
        let Some(agent) = self.agents.get_mut(&agent) else { return };
        agent.taken = agent.taken.saturating_sub(1);
        if agent.taken == 0 {
            agent.busy += (now.min(to).0.saturating_sub(agent.since.max(from).0)).max(0);
        }
    }

    /// All sources together.
    #[must_use]
    pub fn whole(&self) -> Share {
        self.shares.iter().fold(Share::default(), |sum, share| Share {
            offered: sum.offered + share.offered,
            had_to_wait: sum.had_to_wait + share.had_to_wait,
            answered: sum.answered + share.answered,
            answered_in_time: sum.answered_in_time + share.answered_in_time,
            abandoned: sum.abandoned + share.abandoned,
            abandoned_in_time: sum.abandoned_in_time + share.abandoned_in_time,
            overflowed: sum.overflowed + share.overflowed,
            refused: sum.refused + share.refused,
            waits_answered: sum.waits_answered + share.waits_answered,
            waits: sum.waits + share.waits,
        })
    }

    /// Share of the window in which an agent was taken up.
    #[must_use]
    pub fn occupancy_of(&self, agent: &AgentTally) -> f64 {
        let (from, to) = self.window;
        agent.busy as f64 / (to.0.saturating_sub(from.0)) as f64
    }

    fn occupancy(&self) -> f64 {
        let sum: f64 = self.agents.values().map(|agent| self.occupancy_of(agent)).sum();
        sum / self.agents.len() as f64
    }
}

/// What replications say of all calls, or of those of one source. Shares are of the offered calls unless said
/// otherwise; times are seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Results {
    /// Share of the accepted calls that found nobody free.
    pub p_wait: Estimate,
    /// Mean wait of the answered calls.
    pub asa: Estimate,
    /// Mean time in line of all accepted calls.
    pub wait_mean: Estimate,
    /// Answered within the threshold.
    pub in_time: Estimate,
    /// Answered within the threshold, of those who did not give up within it.
    pub in_time_adjusted: Estimate,
    /// Gave up.
    pub abandon: Estimate,
    /// Not let in, or sent away by the rules of their line.
    pub overflow: Estimate,
}

/// What replications say together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// All calls.
    pub whole: Results,
    /// Each source.
    pub sources: Vec<Results>,
    /// Share of their time that agents are taken up, all of them.
    pub occupancy: Estimate,
    /// The same of each agent.
    pub agents: BTreeMap<AgentId, Estimate>,
}

/// Puts replications together.
#[must_use]
pub fn summarise(tallies: &[Tally]) -> Summary {
    let wholes: Vec<Share> = tallies.iter().map(Tally::whole).collect();
    let sources = tallies.first().map_or(0, |tally| tally.shares.len());
    let of_source = |index: usize| {
        results(&tallies.iter().filter_map(|tally| tally.shares.get(index).cloned()).collect::<Vec<_>>())
    };
    let of_agent = |agent: &AgentId| {
        let values = tallies.iter().filter_map(|tally| Some(tally.occupancy_of(tally.agents.get(agent)?)));
        (*agent, Estimate::of(values))
    };
    Summary {
        whole: results(&wholes),
        sources: (0..sources).map(of_source).collect(),
        occupancy: Estimate::of(tallies.iter().map(Tally::occupancy)),
        agents: tallies.first().map(|tally| tally.agents.keys().map(of_agent).collect()).unwrap_or_default(),
    }
}

fn results(shares: &[Share]) -> Results {
    let of = |value: fn(&Share) -> f64| Estimate::of(shares.iter().map(value));
    let accepted = |share: &Share| (share.offered - share.refused) as f64;
    let accepted_of =
        |value: fn(&Share) -> f64| Estimate::of(shares.iter().map(|share| value(share) / accepted(share)));
    Results {
        p_wait: accepted_of(|share| share.had_to_wait as f64),
        asa: of(|share| share.waits_answered as f64 / SECOND / share.answered as f64),
        wait_mean: accepted_of(|share| share.waits as f64 / SECOND),
        in_time: of(|share| share.answered_in_time as f64 / share.offered as f64),
        in_time_adjusted: of(|share| {
            share.answered_in_time as f64 / (share.offered - share.abandoned_in_time) as f64
        }),
        abandon: of(|share| share.abandoned as f64 / share.offered as f64),
        overflow: of(|share| share.overflowed as f64 / share.offered as f64),
    }
}
