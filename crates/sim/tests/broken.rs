//! Rules broken on purpose: each is found by the simulated worlds, within so many seeds.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use acd::broken::Broken;

/// Within how many seeds a broken rule must be found.
const SEEDS_MAX: u64 = 200;

/// The first seed that finds it, and what it found.
fn found(rule: Broken) -> Option<(u64, String)> {
    (0..SEEDS_MAX).find_map(|seed| {
        let (_, violation) = sim::run_broken(seed, rule).violation?;
        Some((seed + 1, violation.to_string()))
    })
}

#[test]
fn every_broken_rule_is_found_within_two_hundred_seeds() {
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(rule) = Broken::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let row = (*rule, found(*rule));
                    rows.lock().unwrap().push(row);
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap();
    rows.sort_by_key(|(rule, _)| format!("{rule:?}"));
    for (rule, found) in &rows {
        match found {
            Some((seeds, what)) => {
                let what: String = what.chars().take(100).collect();
                println!("{:<32}{seeds:>4} seeds  {what}", format!("{rule:?}"));
            }
            None => println!("{:<32}   never", format!("{rule:?}")),
        }
    }
    assert!(rows.len() >= 20, "{} rules", rows.len());
    let missed: Vec<_> = rows.iter().filter(|(_, found)| found.is_none()).map(|(rule, _)| rule).collect();
    assert!(missed.is_empty(), "not found within {SEEDS_MAX} seeds: {missed:?}");
}
