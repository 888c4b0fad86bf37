//! `cordboard simulate`: the routing core in virtual time under a synthetic load.

mod args;
mod print;
mod scenario;

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use forecast::load::{Prepared, Tally, summarise};

pub(crate) use args::SimulateArgs;

/// Most threads that replications are spread over.
const THREADS_MAX: usize = 64;

/// Runs the simulation and prints what it found.
pub(crate) fn run(args: &SimulateArgs) -> Result<()> {
    let scenario = scenario::of(args)?;
    let tallies = replications(&scenario.load, args.replications);
    let summary = summarise(&tallies);
    let mut out = std::io::stdout().lock();
    let text = if args.json {
        serde_json::to_string_pretty(&print::json(args, &scenario, &summary))? + "\n"
    } else {
        print::text(args, &scenario, &summary)
    };
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("standard output is closed")
}

/// Runs replications side by side on all cores; the result does not depend on how many there are.
pub(crate) fn replications(load: &Prepared, count: u32) -> Vec<Tally> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
    let next = AtomicU32::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return done;
            }
            done.push((index, load.replication(index)));
        }
    };
    let mut tallies = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut tallies = work();
        for other in others {
            // A thread that panics has no result; the count of replications would show it.
            tallies.extend(other.join().unwrap_or_default());
        }
        tallies
    });
    tallies.sort_unstable_by_key(|(index, _)| *index);
    tallies.into_iter().map(|(_, tally)| tally).collect()
}
