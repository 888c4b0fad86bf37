//! The figures by which two days are compared.

use std::collections::BTreeMap;

use model::{ExtensionNumber, Timestamp};

use crate::day::{Clocks, Day, PastCall, PastEnd};

/// Lengths of a bin, seconds: the shortest with which a day has no more than [`BINS_MAX`].
const BINS: [i64; 8] = [10, 30, 60, 300, 600, 900, 1_800, 3_600];
/// Most bins of a day.
pub(super) const BINS_MAX: i64 = 48;
const SECOND: i64 = 1_000_000;

/// What came of a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Calls that came.
    pub offered: u64,
    /// Were answered.
    pub answered: u64,
    /// Of them within the threshold of their queue.
    pub in_time: u64,
    /// Gave up.
    pub abandoned: u64,
    /// Were sent away by a rule, or found no queue.
    pub left: u64,
    /// Waits of the answered, seconds, ascending.
    pub waits: Vec<f64>,
    /// Through the day.
    pub bins: Vec<Counts>,
    /// How long a bin is, seconds.
    pub bin_length: i64,
    /// Each queue by its number; a call counts for the first one it stood in.
    pub queues: BTreeMap<ExtensionNumber, Counts>,
    /// Each agent by her extension.
    pub agents: BTreeMap<String, AgentFigures>,
}

/// A part of the day's calls: those that came in a stretch of it, or into one queue.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// Calls that came.
    pub offered: u64,
    /// Were answered.
    pub answered: u64,
    /// Of them within the threshold of their queue.
    pub in_time: u64,
    /// Gave up.
    pub abandoned: u64,
    /// Were sent away by a rule, or found no queue.
    pub left: u64,
    /// The sum of the waits of the answered, seconds.
    pub waited: f64,
}

impl Counts {
    fn count(&mut self, call: &Counted<'_>) {
        self.offered += 1;
        match call.end {
            End::Answered => {
                self.answered += 1;
                self.in_time += u64::from(call.is_in_time());
                self.waited += call.seconds();
            }
            End::Abandoned => self.abandoned += 1,
            End::Left => self.left += 1,
        }
    }

    /// This part of all calls that came into it; none if none came.
    #[must_use]
    pub fn share(&self, part: u64) -> Option<f64> {
        (self.offered > 0).then(|| part as f64 / self.offered as f64)
    }

    /// Mean wait of the answered, seconds; none without any.
    #[must_use]
    pub fn wait_mean(&self) -> Option<f64> {
        (self.answered > 0).then(|| self.waited / self.answered as f64)
    }
}

/// One agent's day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AgentFigures {
    /// Queue calls answered.
    pub answered: u64,
    /// Share of her staffed time in which she was busy.
    pub occupancy: f64,
    /// How long she was staffed, seconds.
    pub staffed: f64,
}

/// How a call ended, for the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Answered,
    Abandoned,
    Left,
}

/// A call whose stay in lines is over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted<'a> {
    /// The first queue it stood in.
    pub(super) queue: &'a ExtensionNumber,
    /// When it came.
    pub(super) at: Timestamp,
    /// How long it stood in lines, microseconds.
    pub(super) waited: i64,
    /// Within which wait an answer is in time, microseconds.
    pub(super) threshold: i64,
    pub(super) end: End,
}

impl Counted<'_> {
    fn seconds(&self) -> f64 {
        self.waited as f64 / SECOND as f64
    }

    const fn is_in_time(&self) -> bool {
        self.waited <= self.threshold
    }
}

impl Figures {
    /// Empty, with the bins of a day.
    pub(super) fn of(day: &Day) -> Self {
        let length = (day.to.0.saturating_sub(day.from.0)).max(0) / SECOND + 1;
        let bin = BINS.into_iter().find(|bin| length <= bin * BINS_MAX).unwrap_or(length / BINS_MAX + 1);
        let count = usize::try_from((length + bin - 1) / bin).unwrap_or(1);
        Self { bins: vec![Counts::default(); count], bin_length: bin, ..Self::default() }
    }

    /// Counts a call of the day that began at `from`.
    pub(super) fn count(&mut self, from: Timestamp, call: &Counted<'_>) {
        let place = call.at.0.saturating_sub(from.0).max(0) / (self.bin_length.max(1) * SECOND);
        let last = self.bins.len().saturating_sub(1);
        let place = usize::try_from(place).unwrap_or(last).min(last);
        if let Some(bin) = self.bins.get_mut(place) {
            bin.count(call);
        }
        if let Some(queue) = self.queues.get_mut(call.queue) {
            queue.count(call);
        } else {
            self.queues.entry(call.queue.clone()).or_default().count(call);
        }
        self.offered += 1;
        match call.end {
            End::Answered => {
                self.answered += 1;
                self.in_time += u64::from(call.is_in_time());
                self.waits.push(call.seconds());
            }
            End::Abandoned => self.abandoned += 1,
            End::Left => self.left += 1,
        }
    }

    pub(super) fn close<'a>(&mut self, agents: impl Iterator<Item = (String, &'a Clocks)>) {
        self.waits.sort_unstable_by(f64::total_cmp);
        self.agents = agents
            .map(|(extension, clocks)| {
                let staffed = clocks.staffed as f64 / SECOND as f64;
                let of = AgentFigures { answered: clocks.answered, occupancy: clocks.occupancy(), staffed };
                (extension, of)
            })
            .collect();
    }

    /// Answered in time, of all calls that came.
    #[must_use]
    pub fn service_level(&self) -> f64 {
        share(self.in_time, self.offered)
    }

    /// Gave up, of all calls that came.
    #[must_use]
    pub fn abandon_rate(&self) -> f64 {
        share(self.abandoned, self.offered)
    }

    /// Mean wait of the answered, seconds; 0 without any.
    #[must_use]
    pub fn wait_mean(&self) -> f64 {
        if self.waits.is_empty() { 0.0 } else { self.waits.iter().sum::<f64>() / self.waits.len() as f64 }
    }

    /// The wait that nine of ten of the answered did not exceed, seconds; 0 without any.
    #[must_use]
    pub fn wait_p90(&self) -> f64 {
        let place = (self.waits.len() * 9).div_ceil(10).saturating_sub(1);
        self.waits.get(place).copied().unwrap_or_default()
    }

    /// Busy time of all agents over their staffed time.
    #[must_use]
    pub fn occupancy(&self) -> f64 {
        let staffed: f64 = self.agents.values().map(|agent| agent.staffed).sum();
        let busy: f64 = self.agents.values().map(|agent| agent.staffed * agent.occupancy).sum();
        if staffed > 0.0 { busy / staffed } else { 0.0 }
    }

    /// How unequally the calls are spread over the agents who were there, 0 (equally) to 1.
    #[must_use]
    pub fn unfairness(&self) -> f64 {
        let there = self.agents.values().filter(|agent| agent.staffed > 0.0);
        gini(there.map(|agent| agent.answered as f64).collect())
    }
}

fn share(part: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

/// Gini's coefficient of numbers from 0 on: 0 if all are equal, towards 1 if one has everything.
#[must_use]
pub fn gini(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    let (count, sum) = (numbers.len() as f64, numbers.iter().sum::<f64>());
    if sum <= 0.0 {
        return 0.0;
    }
    let mut rank = 0.0;
    let ranked = numbers.iter().map(|number| {
        rank += 1.0;
        rank * number
    });
    2.0 * ranked.sum::<f64>() / (count * sum) - (count + 1.0) / count
}

/// The figures of the day as it was.
#[must_use]
pub fn past(day: &Day) -> Figures {
    let mut figures = Figures::of(day);
    for call in &day.calls {
        let end = match call.end {
            PastEnd::Answered { .. } => End::Answered,
            PastEnd::Abandoned => End::Abandoned,
            PastEnd::Left => End::Left,
        };
        let PastCall { queue, at, waited, threshold, .. } = call;
        let call = Counted { queue, at: *at, waited: *waited, threshold: *threshold, end };
        figures.count(day.from, &call);
    }
    figures.close(day.clocks.iter().map(|(agent, clocks)| (agent.to_string(), clocks)));
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gini_is_none_for_equals_and_most_for_one_who_has_all() {
        assert!(gini(vec![5.0; 4]).abs() < 1e-12);
        assert!((gini(vec![0.0, 0.0, 0.0, 8.0]) - 0.75).abs() < 1e-12);
        assert!((gini(vec![1.0, 3.0]) - 0.25).abs() < 1e-12);
        assert_eq!(gini(Vec::new()), 0.0);
    }

    #[test]
    fn nine_of_ten_waits_are_not_longer_than_the_ninetieth_percentile() {
        let figures = Figures { waits: (1..=20).map(f64::from).collect(), ..Figures::default() };
        assert_eq!(figures.wait_p90(), 18.0);
        assert_eq!(figures.wait_mean(), 10.5);
        assert_eq!(Figures::default().wait_p90(), 0.0);
    }
}
