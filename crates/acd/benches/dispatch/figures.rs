//! The table of single decisions.

use std::time::Duration;

use model::Strategy;

use crate::world::{MANY, ONE, Size, World};

const STRATEGIES: [Strategy; 11] = [
    Strategy::LongestIdle,
    Strategy::RingAll,
    Strategy::Linear,
    Strategy::Cyclic,
    Strategy::LeastWorked,
    Strategy::LinearCascade,
    Strategy::TieredLongestIdle,
    Strategy::Random,
    Strategy::SkillLinear,
    Strategy::SkillCyclic,
    Strategy::SkillLeastWorked,
];

/// Median, 99th percentile and worst of so many decisions, microseconds.
fn row(what: &str, size: Size, decisions: usize, mut decide: impl FnMut() -> Duration) {
    for _ in 0..decisions / 10 {
        decide();
    }
    let mut took: Vec<u128> = (0..decisions).map(|_| decide().as_nanos()).collect();
    took.sort_unstable();
    let at = |share: usize| took[(took.len() - 1) * share / 1_000] as f64 / 1_000.0;
    let Size { strategy, queues, agents, memberships, waiting, skills } = size;
    println!(
        "{what:<8} {:<18}{:<7} {queues:>6} {agents:>7} {memberships:>7} {waiting:>8} {decisions:>9}  {:>7.2} {:>7.2} {:>9.2}",
        format!("{strategy:?}"),
        if skills { "skills" } else { "" },
        at(500),
        at(990),
        at(1_000),
    );
}

/// The groups of rows whose names hold one of `words`; all of them if there are no words.
pub(crate) fn print(words: &[String]) {
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    println!(
        "step     strategy                  queues  agents   each  waiting decisions   p50 us  p99 us    max us"
    );
    for (name, rows) in GROUPS {
        if wanted(name) {
            println!("{name}");
            rows();
        }
    }
}

/// Rows by what they show.
const GROUPS: [(&str, fn()); 5] = [
    ("one queue", || both(ONE, 1_000_000)),
    ("many queues", || {
        for memberships in [1, 3] {
            both(Size { memberships, ..MANY }, 1_000_000);
        }
    }),
    ("every strategy", || {
        for strategy in STRATEGIES {
            both(Size { strategy, ..ONE }, 100_000);
        }
        both(Size { skills: true, ..ONE }, 100_000);
    }),
    ("longer lines", || {
        for waiting in [10, 100, 1_000, 9_000] {
            leg_end(Size { waiting, ..ONE }, 100_000);
        }
    }),
    ("more agents", || {
        for agents in [10, 100, 1_000] {
            both(Size { agents, ..ONE }, 100_000);
        }
    }),
];

fn both(size: Size, decisions: usize) {
    leg_end(size, decisions);
    // Who rings several has no single agent to answer in the step that is timed.
    if !matches!(size.strategy, Strategy::RingAll | Strategy::LinearCascade) {
        let mut world = World::free(size);
        row("arrival", Size { waiting: 0, ..size }, decisions, || world.arrival());
    }
}

fn leg_end(size: Size, decisions: usize) {
    let mut world = World::busy(size);
    row("leg ends", size, decisions, || world.round());
}
