//! Runs simulated worlds by seed: `sim --seeds 0..2000`, `sim --seed 7 --trace`, `sim --seed 7 --shrink`.
#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::process::ExitCode;

use sim::{Coverage, Kept, Without};

const USAGE: &str =
    "usage: sim --seeds FROM..TO | sim --seed N [--trace] [--shrink] | sim --kept 'seed N …' [--trace]
  --seeds FROM..TO  runs these worlds (0..200) and prints what broke, and which event met which agent state
  --seed N          runs one world; --trace prints every input and what came of it; --shrink makes it small
  --kept TEXT       runs a world as --shrink prints it";

/// What was asked for.
struct Asked {
    seeds: std::ops::Range<u64>,
    kept: Option<Kept>,
    trace: bool,
    shrink: bool,
}

fn asked(args: &[String]) -> Option<Asked> {
    let mut asked = Asked { seeds: 0..200, kept: None, trace: false, shrink: false };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--trace" => asked.trace = true,
            "--shrink" => asked.shrink = true,
            "--seed" => {
                let seed = args.next()?.parse().ok()?;
                asked.kept = Some(Kept { seed, without: Without::default() });
            }
            "--kept" => asked.kept = Some(args.next()?.parse().ok()?),
            "--seeds" => {
                let (from, to) = args.next()?.split_once("..")?;
                asked.seeds = from.parse().ok()?..to.parse().ok()?;
            }
            _ => return None,
        }
    }
    Some(asked)
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut out = io::stdout().lock();
    let done = match asked(&args) {
        None => writeln!(out, "{USAGE}").map(|()| false),
        Some(asked) => match &asked.kept {
            Some(kept) => one(&asked, kept, &mut out),
            None => many(asked.seeds.clone(), &mut out),
        },
    };
    // A closed pipe is the reader's choice and no failure of a world.
    ExitCode::from(u8::from(!done.unwrap_or(true)))
}

/// One world; true if nothing broke.
fn one(asked: &Asked, kept: &Kept, out: &mut impl Write) -> io::Result<bool> {
    let outcome = sim::run(kept.seed, &kept.without, asked.trace);
    for line in &outcome.trace {
        writeln!(out, "{line}")?;
    }
    let Some((step, violation)) = &outcome.violation else {
        let (answered, calls) = outcome.calls;
        writeln!(out, "{kept}: {} steps, {answered} of {calls} calls answered", outcome.steps)?;
        writeln!(out, "hash {:016x}", outcome.hash)?;
        return Ok(true);
    };
    writeln!(out, "{kept}: step {step}: {violation}")?;
    if asked.shrink
        && let Some(small) = sim::shrink(kept.seed)
    {
        writeln!(out, "{small}")?;
    }
    Ok(false)
}

/// Many worlds; true if nothing broke in any.
fn many(seeds: std::ops::Range<u64>, out: &mut impl Write) -> io::Result<bool> {
    let (mut coverage, mut broken, mut steps, mut calls) = (Coverage::default(), Vec::new(), 0, (0, 0));
    sim::run_all(seeds, |outcome| {
        coverage.add(&outcome.coverage);
        steps += outcome.steps;
        calls = (calls.0 + outcome.calls.0, calls.1 + outcome.calls.1);
        if let Some((step, violation)) = outcome.violation {
            broken.push((outcome.seed, step, violation));
        }
    });
    broken.sort_by_key(|(seed, ..)| *seed);
    writeln!(out, "{}", coverage.table())?;
    writeln!(out, "missing: {:?}", coverage.missing())?;
    writeln!(out, "unexpected: {:?}", coverage.unexpected())?;
    writeln!(out, "{steps} steps, {} of {} calls answered", calls.0, calls.1)?;
    for (seed, step, violation) in &broken {
        writeln!(out, "seed {seed} step {step}: {violation}")?;
    }
    if let Some((seed, ..)) = broken.first() {
        writeln!(
            out,
            "{} seeds broke a rule; see `cargo run -p sim -- --seed {seed} --trace`",
            broken.len()
        )?;
    }
    Ok(broken.is_empty())
}
