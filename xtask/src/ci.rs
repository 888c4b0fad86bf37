//! The steps of `make test`, in order, the quick ones first. What lands has passed all of them.
//!
//! The tests come last, so that the last line printed is their runner's own summary. End-to-end tests are
//! part of the same run: they need the built binary, which is why `build` comes before.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, bail};

use crate::tidy;

/// Worlds that every change must survive.
const SEEDS: &str = "0..2000";
const STEPS: [&str; 8] = ["fmt", "tidy", "web", "clippy", "build", "doc", "simulate", "test"];

/// Runs the named steps, or all of them when none is named; stops at the first that fails.
pub(crate) fn run(root: &Path, steps: &[&str]) -> anyhow::Result<()> {
    if let Some(unknown) = steps.iter().find(|step| !STEPS.contains(step)) {
        bail!("no step `{unknown}`; there are {}", STEPS.join(" "));
    }
    for step in STEPS.iter().filter(|step| steps.is_empty() || steps.contains(step)) {
        println!("\n== {step}");
        let began = Instant::now();
        match *step {
            "fmt" => cargo(root, &["fmt", "--all", "--check"])?,
            "tidy" => tidy::run(root)?,
            // Before anything is compiled: the built app becomes part of the server.
            "web" => web(root)?,
            "clippy" => {
                cargo(root, &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])?
            }
            // With the tests: alone, the server would get other features of its dependencies, and build them twice.
            "build" => cargo(root, &["build", "--quiet", "--workspace", "--bins", "--tests"])?,
            "doc" => cargo(root, &["test", "--workspace", "--doc", "--quiet"])?,
            "simulate" => simulate(root)?,
            _ => test(root)?,
        }
        // The runner's own summary stays the last line.
        if *step != "test" {
            println!("{step}: {} s", began.elapsed().as_secs());
        }
    }
    Ok(())
}

/// Builds the web app as a type checker and a bundler let it pass, runs its tests, and demands that no word lacks in
/// any language and that no agent waits for more than her budget of script.
fn web(root: &Path) -> anyhow::Result<()> {
    command(root, ".ci/web", &[])?;
    for script in ["check", "test", "words", "sizes"] {
        command(root, "npm", &["run", "--prefix", "web", "--silent", script])?;
    }
    Ok(())
}

/// Runs the simulated worlds, then breaks rules on purpose and demands that the worlds notice.
fn simulate(root: &Path) -> anyhow::Result<()> {
    cargo(root, &["run", "--quiet", "--package", "sim", "--", "--seeds", SEEDS])?;
    cargo(root, &["test", "--quiet", "--package", "sim", "--features", "broken", "--test", "main", "broken"])
}

/// Runs all tests with nextest where it is installed, and with cargo's own runner otherwise.
fn test(root: &Path) -> anyhow::Result<()> {
    let nextest = Command::new("cargo")
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if nextest {
        cargo(root, &["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        // End-to-end tests last and apart: they want the machine to themselves.
        cargo(root, &["test", "--workspace", "--exclude", "e2e", "--lib", "--bins", "--tests"])?;
        cargo(root, &["test", "--package", "e2e", "--lib", "--tests", "--no-fail-fast"])
    }
}

fn cargo(root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    command(root, "cargo", arguments)
}

fn command(root: &Path, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let line = format!("{program} {}", arguments.join(" "));
    let status = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .status()
        .with_context(|| format!("running {line}"))?;
    if !status.success() {
        bail!("{line} failed");
    }
    Ok(())
}
