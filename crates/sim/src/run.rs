//! One seed from beginning to end, and what came of it.

use crate::coverage::Coverage;
use crate::plan::{Plan, Without};
use crate::violation::Violation;
use crate::world::World;

/// What came of one world.
#[derive(Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// How many inputs it had.
    pub steps: u64,
    /// Over everything the engine said: equal on every machine.
    pub hash: u64,
    /// The first rule that was broken, and in which step.
    pub violation: Option<(u64, Violation)>,
    /// Which event met which state.
    pub coverage: Coverage,
    /// Calls that were answered, and all.
    pub calls: (usize, usize),
    /// Every input and what came of it, if asked for.
    pub trace: Vec<String>,
}

/// Lets one world run, without what `left_out` says.
#[must_use]
pub fn run(seed: u64, left_out: &Without, trace: bool) -> Outcome {
    lived(World::new(Plan::drawn(seed).without(left_out), trace))
}

/// Lets one world run in which a rule is broken on purpose.
#[cfg(feature = "broken")]
#[must_use]
pub fn run_broken(seed: u64, rule: acd::broken::Broken) -> Outcome {
    lived(World::broken(Plan::drawn(seed), rule))
}

fn lived(mut world: World) -> Outcome {
    let seed = world.plan.seed;
    world.run();
    if world.broken.is_none() {
        world.call_back();
    }
    Outcome {
        seed,
        steps: world.steps,
        hash: world.hash,
        violation: world.broken,
        coverage: world.reference.coverage,
        calls: (world.laws.connected.len(), world.laws.arrived.len()),
        trace: world.trace.unwrap_or_default(),
    }
}
