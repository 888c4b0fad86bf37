//! Many seeds on several threads, each world in one of them.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError};

use crate::plan::Without;
use crate::run::{Outcome, run};

/// Runs a range of seeds; `each` hears of every outcome, in any order.
pub fn run_all(seeds: std::ops::Range<u64>, each: impl FnMut(Outcome) + Send) {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let (next, each) = (Mutex::new(seeds), Mutex::new(each));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(seed) = seed else { return };
                    let outcome = run(seed, &Without::default(), false);
                    each.lock().unwrap_or_else(PoisonError::into_inner)(outcome);
                }
            });
        }
    });
}
