//! `cordboard staff`: how many agents each half hour needs for a target service level.

mod calls;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use forecast::staff::{Alone, Crew, Demand, Effort, Target, alone, crew};
use model::Directory;
use serde_json::{Value, json};

use super::simulate::{Amount, amount, provisioning, side_by_side};
use crate::cli::Common;
use calls::{Expected, Interval};

/// What is expected, and what is wanted.
#[derive(Args, Debug)]
pub(crate) struct StaffArgs {
    /// What is expected: CSV with a heading, `time,calls,aht` or `time,calls,aht,queue`; calls of that half hour.
    #[arg(long, value_name = "CSV", required_unless_present = "journal", conflicts_with = "journal")]
    forecast: Option<PathBuf>,
    /// What was: a journal, by its data directory or the folder `journal` in one.
    #[arg(long, value_name = "DIR")]
    journal: Option<PathBuf>,
    /// A provisioning file: whose queues, memberships and skills the agents have. With a journal what was
    /// provisioned then, unless given.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// How many per cent of the calls are answered within how many seconds.
    #[arg(long, value_name = "PERCENT/SECONDS", default_value = "80/20", value_parser = target)]
    target: (f64, f64),
    /// How many per cent of their time agents are busy at most.
    #[arg(long, value_name = "PERCENT", default_value_t = 100.0, value_parser = percent)]
    max_occupancy: f64,
    /// How many per cent of the paid time agents are not there: breaks, training, illness.
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, value_parser = percent)]
    shrinkage: f64,
    /// Mean patience, seconds; `inf`: nobody gives up.
    #[arg(long, value_name = "SECONDS|inf", default_value = "120", value_parser = amount)]
    patience: Amount,
    /// How long a stretch of the table is, minutes.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(5..=240))]
    minutes: u32,
    /// Calls that are simulated for each crew that is tried.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    calls: u32,
    /// The same seed gives the same result.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    common: Common,
}

/// Replications of each crew that is tried.
const REPLICATIONS: u32 = 4;

/// What one stretch of time needs.
struct Need {
    time: String,
    calls: f64,
    erlangs: f64,
    /// By theory, each queue alone; none where there is no answer.
    alone: Option<u32>,
    crew: Option<Crew>,
}

fn target(text: &str) -> Result<(f64, f64), String> {
    let wrong = || "per cent and seconds, as 80/20".to_owned();
    let (share, seconds) = text.split_once('/').ok_or_else(wrong)?;
    let seconds: f64 = seconds.parse().map_err(|_| wrong())?;
    let share = percent(share).map_err(|_| wrong())?;
    if share < 100.0 && (0.0..=86_400.0).contains(&seconds) { Ok((share, seconds)) } else { Err(wrong()) }
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| "from 0 to 100".to_owned())
}

/// Works out what is needed, and prints it.
pub(crate) fn run(args: &StaffArgs) -> Result<()> {
    if args.shrinkage >= 100.0 {
        bail!("--shrinkage is below 100: somebody must be there");
    }
    let file = args.file.as_deref().map(|file| provisioning(file, &args.common)).transpose()?;
    let Expected { intervals, directory } = match (&args.forecast, &args.journal) {
        (Some(path), _) => calls::from_csv(path, file.as_ref(), args.minutes)?,
        (None, Some(path)) => calls::from_journal(path, file.as_ref(), args.minutes)?,
        (None, None) => bail!("name what is expected: --forecast FILE or --journal DIR"),
    };
    // Without a provisioning there is no skill matrix: theory alone answers.
    let directory = file.as_ref().or(directory.as_ref());
    let count = u32::try_from(intervals.len()).context("too many stretches of time")?;
    let needs = side_by_side(count, |index| {
        intervals.get(usize::try_from(index).unwrap_or(usize::MAX)).map(|of| need(args, directory, of))
    });
    let needs = needs.into_iter().flatten().collect::<Result<Vec<Need>>>()?;
    let text = if args.json {
        serde_json::to_string_pretty(&in_json(args, &needs))? + "\n"
    } else {
        in_text(args, &needs)
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("standard output is closed")
}

fn need(args: &StaffArgs, directory: Option<&Directory>, interval: &Interval) -> Result<Need> {
    let target = Target {
        service_level: args.target.0 / 100.0,
        seconds: args.target.1,
        max_occupancy: args.max_occupancy / 100.0,
    };
    let hours = f64::from(args.minutes) / 60.0;
    let demand = |(queue, part): (&model::QueueId, &calls::Part)| Demand {
        queue: *queue,
        calls_per_hour: part.calls / hours,
        aht: part.aht,
        patience: args.patience.0,
    };
    let demands: Vec<Demand> =
        interval.queues.iter().filter(|(_, part)| part.calls > 0.0).map(demand).collect();
    let apart: Option<Vec<Alone>> = demands.iter().map(|of| alone(of, &target).ok()).collect();
    let effort = Effort { calls: args.calls / REPLICATIONS, replications: REPLICATIONS, seed: args.seed };
    let found = match directory.filter(|_| !demands.is_empty()) {
        Some(directory) => Some(
            crew(directory, &demands, &target, effort).map_err(|why| anyhow!("{}: {why}", interval.time))?,
        ),
        None => None,
    };
    Ok(Need {
        time: interval.time.clone(),
        calls: demands.iter().map(|of| of.calls_per_hour * hours).sum(),
        erlangs: demands.iter().map(|of| of.calls_per_hour * of.aht / 3600.0).sum(),
        alone: apart.map(|apart| apart.iter().map(|of| of.agents).sum()),
        crew: found,
    })
}

/// How many must be paid so that so many are there.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "agents over a share: small, not negative"
)]
fn paid(args: &StaffArgs, agents: u32) -> u32 {
    (f64::from(agents) / (1.0 - args.shrinkage / 100.0) - 1e-9).ceil().max(0.0) as u32
}

fn in_text(args: &StaffArgs, needs: &[Need]) -> String {
    let (share, seconds) = args.target;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "target {share} % within {seconds} s, at most {} % busy, {} % not there, patience {}\n",
        args.max_occupancy, args.shrinkage, args.patience
    );
    let _ = writeln!(
        out,
        "{:<18} {:>8} {:>8} {:>9} {:>9} {:>7} {:>12} {:>9}  by extension",
        "time", "calls", "erlangs", "Erlang A", "simulated", "to pay", "in time %", "busy %"
    );
    for need in needs {
        let alone = need.alone.map_or_else(|| "-".to_owned(), |agents| agents.to_string());
        let agents = need.crew.as_ref().map(|crew| crew.agents).or(need.alone);
        let pay = agents.map_or_else(|| "-".to_owned(), |agents| paid(args, agents).to_string());
        let _ = write!(out, "{:<18} {:>8.1} {:>8.2} {alone:>9}", need.time, need.calls, need.erlangs);
        let Some(crew) = &need.crew else {
            let _ = writeln!(out, " {:>9} {pay:>7}", "-");
            continue;
        };
        let copies = crew.copies.iter().filter(|(_, count)| **count > 0);
        let copies: Vec<_> = copies.map(|(extension, count)| format!("{extension}x{count}")).collect();
        let worst = worst(crew);
        let _ = writeln!(
            out,
            " {:>9} {pay:>7} {:>12.1} {:>9.1}  {}{}",
            crew.agents,
            worst * 100.0,
            crew.summary.occupancy.mean * 100.0,
            copies.join(" "),
            if crew.met { "" } else { "  (not met: nobody who is provisioned could help)" }
        );
    }
    let _ = writeln!(
        out,
        "\nErlang A: each queue with agents of its own. Simulated: copies of the provisioned agents, each with her \
         queues\nand skills; `in time` is of the queue that has least. Only `to pay` counts who is not there."
    );
    out
}

/// The service level of the queue that has least.
fn worst(crew: &Crew) -> f64 {
    crew.summary.sources.iter().map(|of| of.in_time.mean).fold(1.0, f64::min)
}

fn in_json(args: &StaffArgs, needs: &[Need]) -> Value {
    let rows = needs.iter().map(|need| {
        let simulated = need.crew.as_ref().map(|crew| {
            let by_agent: serde_json::Map<String, Value> =
                crew.copies.iter().map(|(of, count)| (of.to_string(), (*count).into())).collect();
            json!({
                "agents": crew.agents,
                "to_pay": paid(args, crew.agents),
                "by_agent": by_agent,
                "service_level": worst(crew),
                "occupancy": crew.summary.occupancy.mean,
                "abandon": crew.summary.whole.abandon.mean,
                "met": crew.met,
            })
        });
        json!({
            "time": need.time,
            "calls": need.calls,
            "erlangs": need.erlangs,
            "erlang_a": need.alone.map(|agents| json!({"agents": agents, "to_pay": paid(args, agents)})),
            "simulated": simulated,
        })
    });
    json!({
        "target": {"service_level": args.target.0 / 100.0, "seconds": args.target.1},
        "max_occupancy": args.max_occupancy / 100.0,
        "shrinkage": args.shrinkage / 100.0,
        "intervals": rows.collect::<Vec<_>>(),
    })
}
