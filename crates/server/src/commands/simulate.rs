//! `cordboard simulate`: the routing core in virtual time under a synthetic load.

mod args;
mod print;
mod scenario;

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use forecast::load::{Prepared, Tally, summarise};

pub(crate) use args::{Amount, SimulateArgs, amount, provisioning};

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

/// Runs replications on all cores.
pub(crate) fn replications(load: &Prepared, count: u32) -> Vec<Tally> {
    side_by_side(count, |index| load.replication(index))
}

/// Runs `work` for every number below `count` on all cores, and gives the results in order: they do not depend on
/// how many cores there are.
pub(crate) fn side_by_side<T: Send>(count: u32, work: impl Fn(u32) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
    let next = AtomicU32::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return done;
            }
            done.push((index, work(index)));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(of) => done.extend(of),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, of)| of).collect()
}
