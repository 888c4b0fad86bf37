//! Ordered hunting: agents who are always tried in the same order, from the first.
//!
//! Where nobody waits, the first `i` agents see a loss system of their own: together they carry `A(1 − B(i))`
//! erlangs, and the `i`-th carries what the first `i − 1` let pass and he does not. A waiting line changes nothing in
//! that: it begins and ends with everybody busy, so apart from the time in which somebody waits the agents behave
//! as if there were no line, and while somebody waits all of them work.

use super::{Solution, inverse_b};

/// Share of the time that each agent is busy, the first one tried first.
#[must_use]
pub fn occupancies(solution: &Solution) -> Vec<f64> {
    let model = solution.model();
    let load = model.load();
    let nobody_waits = solution.free + solution.busy.first().copied().unwrap_or(0.0);
    let passed = |agents| 1.0 / inverse_b(agents, load);
    let carried = |agent: u32| load * (passed(agent - 1) - passed(agent));
    (1..=model.agents).map(|agent| nobody_waits * carried(agent) + (1.0 - nobody_waits)).collect()
}
