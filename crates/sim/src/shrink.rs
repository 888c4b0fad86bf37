//! A failing seed made small: whatever can be left out of its world while the same rule still breaks is left out.
//! What remains is kept as a few words, and its world is run for ever.

use std::collections::BTreeSet;

use crate::fault::Fault;
use crate::plan::{Plan, Without};
use crate::run::run;

/// How many worlds one shrinking may run.
const RUNS_MAX: u32 = 4_000;

/// One seed and what is left out of it: `seed 12 without Kills Noise items 0-3 7`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The seed.
    pub seed: u64,
    /// What is left out.
    pub without: Without,
}

/// The smallest world found that breaks the same rule as this seed's; none if it breaks none.
#[must_use]
pub fn shrink(seed: u64) -> Option<Kept> {
    let law = run(seed, &Without::default(), false).violation?.1.law;
    let plan = Plan::drawn(seed);
    let mut search = Search { seed, law, runs: 0, without: Without::default() };
    for fault in plan.faults.iter() {
        let mut tried = search.without.clone();
        tried.faults.push(fault);
        search.attempt(tried);
    }
    // Halves first, then quarters, down to single items; the last size until nothing more goes.
    let count = plan.items.len() + plan.callbacks.len();
    let mut size = count.div_ceil(2).max(1);
    loop {
        let mut went = false;
        for from in (0..count).step_by(size) {
            let mut tried = search.without.clone();
            tried.items.extend(from..(from + size).min(count));
            went |= tried != search.without && search.attempt(tried);
        }
        match (size, went) {
            (1, false) => break,
            (1, true) => {}
            _ => size = size.div_ceil(2).max(1),
        }
        if search.runs >= RUNS_MAX {
            break;
        }
    }
    Some(Kept { seed, without: search.without })
}

struct Search {
    seed: u64,
    law: &'static str,
    runs: u32,
    without: Without,
}

impl Search {
    /// Takes the smaller world if the same rule still breaks.
    fn attempt(&mut self, tried: Without) -> bool {
        if self.runs >= RUNS_MAX {
            return false;
        }
        self.runs += 1;
        let breaks = run(self.seed, &tried, false).violation.is_some_and(|(_, found)| found.law == self.law);
        if breaks {
            self.without = tried;
        }
        breaks
    }
}

impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "seed {}", self.seed)?;
        if !self.without.faults.is_empty() {
            write!(f, " without")?;
            for fault in &self.without.faults {
                write!(f, " {}", fault.name())?;
            }
        }
        if !self.without.items.is_empty() {
            write!(f, " items")?;
            for (from, to) in ranges(&self.without.items) {
                if from == to { write!(f, " {from}")? } else { write!(f, " {from}-{to}")? }
            }
        }
        Ok(())
    }
}

/// Runs of indexes that follow one another.
fn ranges(items: &BTreeSet<usize>) -> Vec<(usize, usize)> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for item in items {
        match ranges.last_mut() {
            Some((_, to)) if *to + 1 == *item => *to = *item,
            Some(_) | None => ranges.push((*item, *item)),
        }
    }
    ranges
}

impl std::str::FromStr for Kept {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut kept = Self::default();
        let mut section = "";
        for word in text.split_whitespace() {
            match (section, word) {
                (_, "seed" | "without" | "items") => section = word,
                ("seed", word) => kept.seed = word.parse().map_err(|_| format!("{word} is no seed"))?,
                ("without", word) => {
                    let fault = Fault::ALL.into_iter().find(|fault| fault.name() == word);
                    kept.without.faults.push(fault.ok_or_else(|| format!("{word} is no fault"))?);
                }
                ("items", word) => {
                    let (from, to) = word.split_once('-').unwrap_or((word, word));
                    let index = |text: &str| text.parse::<usize>().map_err(|_| format!("{text} is no item"));
                    kept.without.items.extend(index(from)?..=index(to)?);
                }
                _ => return Err(format!("{word} is out of place")),
            }
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_seed_reads_as_it_was_written() {
        let items = [0, 1, 2, 7, 9, 10].into();
        let kept = Kept { seed: 12, without: Without { items, faults: vec![Fault::Kills, Fault::Noise] } };
        assert_eq!(kept.to_string(), "seed 12 without Kills Noise items 0-2 7 9-10");
        assert_eq!(kept.to_string().parse(), Ok(kept));
        assert!("seed x".parse::<Kept>().is_err());
        assert!("12".parse::<Kept>().is_err());
    }
}
