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

/// One row of the table.
struct Row {
    /// What it shows, and what picks it out on the command line.
    shows: &'static str,
    /// The step that is timed.
    step: Step,
    size: Size,
    decisions: usize,
}

/// A step in which somebody is rung.
#[derive(Clone, Copy)]
enum Step {
    /// A leg ends and the head of the line is offered.
    LegEnds,
    /// A caller comes and somebody free is rung.
    Arrival,
}

impl Step {
    const fn word(self) -> &'static str {
        match self {
            Self::LegEnds => "leg ends",
            Self::Arrival => "arrival",
        }
    }
}

/// Rows whose name holds one of `words`; all of them if there are no words. `decisions` instead of each row's own
/// number, if given.
pub(crate) fn print(words: &[String], decisions: Option<usize>) {
    println!(
        "{:<34}{:<20}{:>7}{:>8}{:>6}{:>9}{:>7}{:>10}{:>9}{:>8}{:>10}",
        "",
        "strategy",
        "queues",
        "agents",
        "each",
        "waiting",
        "record",
        "decisions",
        "p50 us",
        "p99 us",
        "max us"
    );
    for mut row in rows() {
        row.decisions = decisions.unwrap_or(row.decisions);
        let name = row.name();
        if words.is_empty() || words.iter().any(|word| name.contains(word.as_str())) {
            row.print(&name);
        }
    }
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut both = |shows, size: Size, decisions| {
        rows.push(Row { shows, step: Step::LegEnds, size, decisions });
        // Who rings several has no single agent to answer in the step that is timed.
        if !matches!(size.strategy, Strategy::RingAll | Strategy::LinearCascade) {
            rows.push(Row { shows, step: Step::Arrival, size: Size { waiting: 0, ..size }, decisions });
        }
    };
    both("one queue", ONE, 1_000_000);
    both("many queues", MANY, 1_000_000);
    both("three queues each", Size { memberships: 3, ..MANY }, 1_000_000);
    both("one queue, least why", Size { names: false, ..ONE }, 1_000_000);
    both("many queues, least why", Size { names: false, ..MANY }, 1_000_000);
    for strategy in STRATEGIES {
        both("strategy", Size { strategy, ..ONE }, 100_000);
    }
    both("skills", Size { skills: true, ..ONE }, 100_000);
    for waiting in [10, 100, 1_000, 9_000] {
        both("by line", Size { waiting, ..ONE }, 100_000);
    }
    for agents in [10, 100, 1_000] {
        both("by agents", Size { agents, ..ONE }, 100_000);
    }
    rows.retain(|row| row.shows != "by line" || matches!(row.step, Step::LegEnds));
    rows
}

impl Row {
    fn name(&self) -> String {
        format!("{}: {}", self.shows, self.step.word())
    }

    /// Median, 99th percentile and worst, microseconds.
    fn print(&self, name: &str) {
        let Size { strategy, queues, agents, memberships, waiting, names, .. } = self.size;
        let mut took = self.took();
        took.sort_unstable();
        let at = |share: usize| took[(took.len() - 1) * share / 1_000].as_nanos() as f64 / 1_000.0;
        println!(
            "{name:<34}{:<20}{queues:>7}{agents:>8}{memberships:>6}{waiting:>9}{:>7}{:>10}{:>9.2}{:>8.2}{:>10.2}",
            format!("{strategy:?}"),
            if names { "full" } else { "least" },
            took.len(),
            at(500),
            at(990),
            at(1_000),
        );
    }

    fn took(&self) -> Vec<Duration> {
        let (mut world, decide): (World, fn(&mut World) -> Duration) = match self.step {
            Step::LegEnds => (World::busy(self.size), World::round),
            Step::Arrival => (World::free(self.size), World::arrival),
        };
        for _ in 0..self.decisions / 10 {
            decide(&mut world);
        }
        (0..self.decisions).map(|_| decide(&mut world)).collect()
    }
}
