//! `cordboard flow test`: plays the tests that the flows of a provisioning file carry.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use store::provisioning::FlowTested;

use crate::cli::Common;
use crate::wiring;

/// What to do with flows.
#[derive(Debug, Subcommand)]
pub(crate) enum FlowCommand {
    /// Plays the tests that flows carry, and says which fail.
    Test(TestArgs),
}

/// Whose tests.
#[derive(Args, Debug)]
pub(crate) struct TestArgs {
    /// The provisioning file (YAML).
    file: PathBuf,
    /// Only the flow of this number.
    #[arg(long, value_name = "NUMBER")]
    flow: Option<String>,
    /// Print what happened in each test, not only in those that fail.
    #[arg(long)]
    trace: bool,
    #[command(flatten)]
    common: Common,
}

/// Does it; fails if a test does.
pub(crate) fn run(command: &FlowCommand) -> Result<()> {
    let FlowCommand::Test(args) = command;
    let name = args.file.display().to_string();
    let text = std::fs::read_to_string(&args.file)
        .with_context(|| format!("{name} cannot be read; check the path and its rights"))?;
    let sounds = wiring::sounds(&args.common.settings()?)?;
    let wanted = store::provisioning::parse(&text, &sounds.names()).map_err(|problems| {
        anyhow!(problems.iter().map(|problem| format!("{name} {problem}")).collect::<Vec<_>>().join("\n"))
    })?;
    let meant = |test: &&FlowTested| args.flow.as_deref().is_none_or(|flow| test.flow.as_str() == flow);
    let tests: Vec<&FlowTested> = wanted.flow_tests().iter().filter(meant).collect();
    if tests.is_empty() {
        bail!("{name} has no test of a flow; write some under `tests` of a flow of kind tree");
    }
    let failed = tests.iter().filter(|test| test.problem.is_some()).count();
    let mut out = std::io::stdout().lock();
    for test in &tests {
        print(&mut out, &name, test, args.trace).context("standard output is closed")?;
    }
    writeln!(out, "{} passed, {failed} failed", tests.len() - failed).context("standard output is closed")?;
    if failed > 0 {
        bail!("{failed} of {} tests of flows failed", tests.len());
    }
    Ok(())
}

fn print(out: &mut impl Write, file: &str, test: &FlowTested, trace: bool) -> std::io::Result<()> {
    let verdict = if test.problem.is_some() { "FAILED" } else { "ok" };
    writeln!(out, "{} {}: {verdict}", test.flow, test.name)?;
    if let Some(problem) = &test.problem {
        writeln!(out, "  {file} {problem}")?;
    }
    if trace || test.problem.is_some() {
        for line in &test.happened {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}
