//! The textbook: callers at random, exponential handling and patience, equal agents, one line (Erlang A, B, C
//! and M/M/n/K).
//!
//! [`Model`] says what is asked, [`Solution`] answers it exactly: stationary probabilities of the birth-death
//! chain by recursions that stay stable for thousands of agents, and the distribution of waits in closed form.
//! `n` agents free up at the rate `nμ`; each of those who wait gives up at the rate `θ`. Who finds `j` others
//! waiting is served after `j + 1` departures at the rates `nμ + jθ`, …, `nμ + θ`, `nμ`; with his own patience this
//! makes every figure below a sum over `j`.
//!
//! [`hunting`]: agents who are always tried in the same order. [`priority`]: callers of several classes.

pub mod hunting;
pub mod priority;

/// Most states of the waiting line that are reckoned with; a line that needs more is not solved.
pub const STATES_MAX: usize = 4_000_000;
/// What lies so far below the largest weight (as a power of e) is nothing: below 1e-17 of the whole.
const NEGLIGIBLE: f64 = 40.0;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    /// Calls a second, above 0.
    pub rate: f64,
    /// Mean handling time with wrap-up, seconds, above 0.
    pub aht: f64,
    /// Agents, at least 1.
    pub agents: u32,
    /// Mean patience, seconds; none: nobody ever gives up.
    pub patience: Option<f64>,
    /// Most callers who wait; none: no limit, 0: nobody waits.
    pub room: Option<u32>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsolvable {
    /// A number is not what it must be: not finite, not above 0, no agent.
    OutOfRange,
    /// More work comes than all agents can do, nobody gives up and everybody is let in: the line grows for ever.
    Unstable,
    /// The line needs more than [`STATES_MAX`] states.
    TooLong,
}

impl std::fmt::Display for Unsolvable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::OutOfRange => {
                "calls, handling time and patience are above 0, and there is at least one agent"
            }
            Self::Unstable => "more calls come than the agents can handle: the line grows for ever",
            Self::TooLong => "the line is too long to reckon with",
        })
    }
}

/// The stationary state of a [`Model`].
#[derive(Clone, Debug)]
pub struct Solution {
    model: Model,
    /// Probability that all agents are busy and `j` wait, for `j` from 0.
    busy: Vec<f64>,
    /// Probability that an agent is free.
    free: f64,
}

/// The figures that reports show. Shares are of the offered calls unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Share of the accepted calls that wait at all.
    pub p_wait: f64,
    /// Mean wait of the answered calls, seconds.
    pub asa: f64,
    /// Mean time in the line of all accepted calls, seconds.
    pub wait_mean: f64,
    /// Answered within the threshold.
    pub in_time: f64,
    /// Answered within the threshold, of those who did not give up within it.
    pub in_time_adjusted: f64,
    /// Gave up.
    pub abandon: f64,
    /// Not let in.
    pub overflow: f64,
    /// Share of their time that agents are busy.
    pub occupancy: f64,
}

/// Erlang's loss formula: the probability that all of `agents` are busy where nobody waits, at `load` erlangs.
#[must_use]
pub fn erlang_b(agents: u32, load: f64) -> f64 {
    1.0 / inverse_b(agents, load)
}

/// Erlang's delay formula: the probability that a caller waits where nobody ever gives up; 1 at overload.
#[must_use]
pub fn erlang_c(agents: u32, load: f64) -> f64 {
    let (lost, share) = (erlang_b(agents, load), load / f64::from(agents));
    if share >= 1.0 { 1.0 } else { lost / (1.0 - share * (1.0 - lost)) }
}

/// The sum; of nothing it is 0, not the -0 that the standard library makes of it.
fn total(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(0.0, |sum, number| sum + number)
}

/// One over Erlang B: all its terms are positive, so nothing is ever cancelled out.
fn inverse_b(agents: u32, load: f64) -> f64 {
    (1..=agents).fold(1.0, |inverse, agent| 1.0 + f64::from(agent) / load * inverse)
}

impl Model {
    /// The same by the usual words; `calls_per_hour` instead of a rate.
    #[must_use]
    pub fn hourly(calls_per_hour: f64, aht: f64, agents: u32) -> Self {
        Self { rate: calls_per_hour / 3600.0, aht, agents, patience: None, room: None }
    }

    /// The offered load, erlangs.
    #[must_use]
    pub fn load(&self) -> f64 {
        self.rate * self.aht
    }

    /// The rate at which a busy crew frees up, per second.
    fn service(&self) -> f64 {
        f64::from(self.agents) / self.aht
    }

    /// The rate at which one who waits gives up, per second.
    fn giving_up(&self) -> f64 {
        self.patience.map_or(0.0, |patience| 1.0 / patience)
    }

    fn check(&self) -> Result<(), Unsolvable> {
        let fine = |number: f64| number.is_finite() && number > 0.0;
        if !fine(self.rate) || !fine(self.aht) || !self.patience.is_none_or(fine) || self.agents == 0 {
            return Err(Unsolvable::OutOfRange);
        }
        if self.patience.is_none() && self.room.is_none() && self.load() >= f64::from(self.agents) {
            return Err(Unsolvable::Unstable);
        }
        Ok(())
    }

    /// The stationary state.
    ///
    /// # Errors
    /// [`Unsolvable`].
    pub fn solve(&self) -> Result<Solution, Unsolvable> {
        self.check()?;
        // Weights relative to the state "all busy, nobody waits", as logarithms.
        let below = inverse_b(self.agents, self.load()).ln();
        let weights = line(self.rate, self.service(), self.giving_up(), self.room, below)?;
        let top = weights.iter().copied().fold(below, f64::max);
        if top.is_infinite() {
            // So many agents that they are never all busy.
            return Ok(Solution { model: *self, busy: Vec::new(), free: 1.0 });
        }
        let mut busy: Vec<f64> = weights.iter().map(|weight| (weight - top).exp()).collect();
        // `below` counts the state "all busy, nobody waits" too; it is in `busy` already.
        let free = (below - top).exp() - busy.first().copied().unwrap_or(0.0);
        let whole = free + busy.iter().sum::<f64>();
        busy.iter_mut().for_each(|probability| *probability /= whole);
        Ok(Solution { model: *self, busy, free: (free / whole).max(0.0) })
    }
}

/// The weights of `0, 1, 2, …` waiting, as logarithms relative to the first, up to the room or to where the rest is
/// nothing beside the whole, to which the states with a free agent add `below`.
fn line(
    rate: f64,
    service: f64,
    giving_up: f64,
    room: Option<u32>,
    below: f64,
) -> Result<Vec<f64>, Unsolvable> {
    let mut weights = vec![0.0];
    let (mut weight, mut top) = (0.0_f64, below.max(0.0));
    let room = room.map(|room| usize::try_from(room).unwrap_or(usize::MAX));
    let mut waiting = 0.0;
    while room.is_none_or(|room| weights.len() <= room) {
        waiting += 1.0;
        let ratio = rate / (service + waiting * giving_up);
        weight += ratio.ln();
        top = top.max(weight);
        weights.push(weight);
        // All that follows together is less than a geometric series with this ratio.
        if ratio < 1.0 && weight - (1.0 - ratio).ln() < top - NEGLIGIBLE {
            break;
        }
        if weights.len() > STATES_MAX {
            return Err(Unsolvable::TooLong);
        }
    }
    Ok(weights)
}

impl Solution {
    /// What was asked.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.model
    }

    /// Probability of `j` waiting with all agents busy, for those `j` at which a caller is let in.
    fn joining(&self) -> &[f64] {
        let room = self.model.room.map_or(usize::MAX, |room| usize::try_from(room).unwrap_or(usize::MAX));
        &self.busy[..self.busy.len().min(room)]
    }

    /// `(j + 1, probability)` for all states in which a caller joins the line behind `j` others.
    fn joiners(&self) -> impl Iterator<Item = (f64, f64)> {
        let mut place = 0.0;
        self.joining().iter().map(move |probability| {
            place += 1.0;
            (place, *probability)
        })
    }

    /// Share of the offered calls that are not let in.
    #[must_use]
    pub fn overflow(&self) -> f64 {
        total(self.busy[self.joining().len()..].iter().copied())
    }

    /// Share of the offered calls that give up.
    #[must_use]
    pub fn abandon(&self) -> f64 {
        let (service, giving_up) = (self.model.service(), self.model.giving_up());
        total(self.joiners().map(|(place, p)| p * place * giving_up / (service + place * giving_up)))
    }

    /// Probability that all agents are busy.
    #[must_use]
    pub fn all_busy(&self) -> f64 {
        total(self.busy.iter().copied())
    }

    /// Mean number of callers in the line.
    #[must_use]
    pub fn line_mean(&self) -> f64 {
        self.busy.iter().zip(0_u32..).map(|(p, waiting)| p * f64::from(waiting)).sum()
    }

    /// Share of the offered calls answered within `seconds`.
    #[must_use]
    pub fn answered_within(&self, seconds: f64) -> f64 {
        if seconds < 0.0 {
            return 0.0;
        }
        let (service, giving_up) = (self.model.service(), self.model.giving_up());
        let within = self.served_within(seconds, service + giving_up);
        let waits = self.joiners().zip(within).map(|((place, probability), within)| {
            probability * service / (service + place * giving_up) * within
        });
        self.free + waits.sum::<f64>()
    }

    /// Share of the offered calls that give up within `seconds`.
    #[must_use]
    pub fn abandoned_within(&self, seconds: f64) -> f64 {
        let giving_up = self.model.giving_up();
        if giving_up == 0.0 || seconds <= 0.0 {
            return 0.0;
        }
        let still = (-giving_up * seconds).exp();
        let left = self.joiners().zip(self.served_within(seconds, self.model.service()));
        let left: f64 = left.map(|((_, p), within)| p * (1.0 - still * (1.0 - within))).sum();
        (left - (self.answered_within(seconds) - self.free)).max(0.0)
    }

    /// For each place in the line: probability that the rates `first`, `first + θ`, … up to that place are all
    /// passed within `seconds`. A regularised incomplete beta function, or a Poisson tail where nobody gives up,
    /// by its recursion over the places.
    fn served_within(&self, seconds: f64, first: f64) -> impl Iterator<Item = f64> {
        let giving_up = self.model.giving_up();
        let grown = if giving_up > 0.0 { -(-giving_up * seconds).exp_m1() } else { 0.0 };
        let (mut term, mut within, mut place) = (-first * seconds, 1.0, 0.0);
        self.joining().iter().map(move |_| {
            within -= f64::exp(term);
            place += 1.0;
            let factor = if giving_up > 0.0 {
                grown * (place - 1.0 + first / giving_up) / place
            } else {
                first * seconds / place
            };
            term += factor.ln();
            f64::max(within, 0.0)
        })
    }

    /// Mean wait of the answered calls, seconds.
    #[must_use]
    pub fn asa(&self) -> f64 {
        let (service, giving_up) = (self.model.service(), self.model.giving_up());
        let mut mean = 0.0;
        let waited = self.joiners().map(|(place, probability)| {
            // The mean wait of who is served from this place, given that he is.
            let rate = service + place * giving_up;
            mean += 1.0 / rate;
            probability * service / rate * mean
        });
        total(waited) / (1.0 - self.overflow() - self.abandon())
    }

    /// Mean time in the line of all accepted calls, seconds.
    #[must_use]
    pub fn wait_mean(&self) -> f64 {
        self.line_mean() / (self.model.rate * (1.0 - self.overflow()))
    }

    /// All figures, with this threshold in seconds.
    #[must_use]
    pub fn figures(&self, threshold: f64) -> Figures {
        let (overflow, abandon) = (self.overflow(), self.abandon());
        let in_time = self.answered_within(threshold);
        Figures {
            p_wait: total(self.joining().iter().copied()) / (1.0 - overflow),
            asa: self.asa(),
            wait_mean: self.wait_mean(),
            in_time,
            in_time_adjusted: in_time / (1.0 - self.abandoned_within(threshold)),
            abandon,
            overflow,
            occupancy: self.model.load() * (1.0 - overflow - abandon) / f64::from(self.model.agents),
        }
    }
}
