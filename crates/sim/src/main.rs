//! Runs simulated worlds by seed: `sim --seeds 0..2000`, `sim --seed 7 --trace`.
#![forbid(unsafe_code)]

use std::io::Write;

fn main() -> std::process::ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    let trace = args.iter().any(|arg| arg == "--trace");
    let mut out = std::io::stdout().lock();
    let (from, to) = match (value("--seed"), value("--seeds")) {
        (Some(seed), _) => {
            let seed: u64 = seed.parse().unwrap_or(0);
            (seed, seed + 1)
        }
        (None, range) => {
            let (from, to) = range.and_then(|range| range.split_once("..")).unwrap_or(("0", "200"));
            (from.parse().unwrap_or(0), to.parse().unwrap_or(200))
        }
    };
    let mut failed = 0;
    for seed in from..to {
        let outcome = sim::run(seed, &sim::Without::default(), trace);
        for line in &outcome.trace {
            let _ = writeln!(out, "{line}");
        }
        if let Some((step, violation)) = &outcome.violation {
            failed += 1;
            let _ = writeln!(out, "seed {seed} step {step}: {violation}");
        } else if to - from == 1 {
            let _ = writeln!(
                out,
                "seed {seed}: {} steps, {:?} calls, hash {:016x}",
                outcome.steps, outcome.calls, outcome.hash
            );
        }
    }
    let _ = writeln!(out, "{failed} of {} seeds failed", to - from);
    std::process::ExitCode::from(u8::from(failed > 0))
}
