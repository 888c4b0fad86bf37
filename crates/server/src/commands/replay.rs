//! `cordboard replay`: a recorded day through the same core, as it was or under another provisioning.

mod html;
mod print;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use forecast::day::Day;
use forecast::rerun::{Figures, Rerun, past, unrouted};
use model::Directory;

use super::simulate::{provisioning, side_by_side};
use crate::cli::Common;
use crate::recorded;

/// What to replay.
#[derive(Args, Debug)]
pub(crate) struct ReplayArgs {
    /// The journal: a data directory, or the folder `journal` in one.
    #[arg(long, value_name = "DIR")]
    journal: PathBuf,
    /// Another provisioning file (YAML): how would its agents and rules have done?
    #[arg(long, value_name = "FILE")]
    with: Option<PathBuf>,
    /// Which domain, if the journal has several.
    #[arg(long, value_name = "NAME")]
    domain: Option<String>,
    /// How often the day is run under the other provisioning, each time with other chance.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    runs: u32,
    /// The same seed gives the same result.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Write the comparison as a page with plots, too.
    #[arg(long, value_name = "FILE", requires = "with")]
    html: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// A day beside what it would have been.
struct Comparison {
    /// Names of the columns: as it was, the same in the model, under the file.
    names: [String; 3],
    day: Figures,
    again: Vec<Figures>,
    with: Vec<Figures>,
    notes: Vec<String>,
    /// When the day begins, local seconds since some midnight.
    begins_at: i64,
}

/// Runs the journal again and says whether the decisions are the same; with another file, how the day would have
/// gone under it.
pub(crate) fn run(args: &ReplayArgs) -> Result<()> {
    let place = recorded::place(&args.journal)?;
    let replayed = recorded::again(&place)?;
    let mut comparison = None;
    if let Some(file) = &args.with {
        let directory = provisioning(file, &args.common)?;
        let day = recorded::day(&place, args.domain.as_deref().unwrap_or(&directory.tenant.name))?;
        comparison = Some(compare(args, &day, directory)?);
    }
    if let (Some(path), Some(comparison)) = (&args.html, &comparison) {
        std::fs::write(path, html::page(comparison))
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let text = if args.json {
        serde_json::to_string_pretty(&print::json(&replayed, comparison.as_ref()))? + "\n"
    } else {
        print::text(&replayed, comparison.as_ref())
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("standard output is closed")?;
    if replayed.difference.is_some() {
        bail!("the decisions are not those that were recorded");
    }
    Ok(())
}

fn compare(args: &ReplayArgs, day: &Day, directory: Directory) -> Result<Comparison> {
    if day.calls.is_empty() {
        bail!("no call stood in a line in this journal: there is nothing to compare");
    }
    let same = Rerun::new(day, Directory::clone(&day.directory), args.seed);
    let other = Rerun::new(day, directory, args.seed);
    let mut notes = Vec::new();
    for (queue, calls) in unrouted(&other) {
        notes.push(format!(
            "{calls} calls were for queue {queue}, which the file does not have: they count as left"
        ));
    }
    if day.calls_dropped > 0 {
        notes.push(format!("{} calls beyond the first two million were left out", day.calls_dropped));
    }
    let file = args.with.as_ref().and_then(|file| Some(file.file_name()?.to_string_lossy().into_owned()));
    Ok(Comparison {
        names: ["recorded".into(), "modelled".into(), file.unwrap_or_else(|| "with".into())],
        day: past(day),
        again: side_by_side(args.runs, |index| same.run(index)),
        with: side_by_side(args.runs, |index| other.run(index)),
        notes,
        begins_at: day.from.0.div_euclid(1_000_000) + i64::from(day.directory.tenant.zone.offset(day.from)),
    })
}
