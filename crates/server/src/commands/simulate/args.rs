//! What the simulation is told.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use model::{Directory, Strategy};
use store::words::Word;

use crate::cli::Common;
use crate::wiring;

/// A load, and who is there to take it.
#[derive(Args, Debug)]
pub(crate) struct SimulateArgs {
    /// How many calls come in an hour, at random (a Poisson process).
    #[arg(long, value_name = "CALLS", value_parser = positive)]
    pub(crate) calls_per_hour: f64,
    /// Mean handling time with wrap-up, seconds; exponentially distributed.
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub(crate) aht: f64,
    /// How many agents take them; with --file those of the file do.
    #[arg(long, required_unless_present = "file", conflicts_with = "file")]
    pub(crate) agents: Option<u32>,
    /// Mean patience, seconds, exponentially distributed; `inf`: nobody gives up.
    #[arg(long, value_name = "SECONDS|inf", default_value = "inf", value_parser = amount)]
    pub(crate) patience: Amount,
    /// How many callers may wait, 0: none; `inf`: no limit. With --file the queues' own rules hold unless given.
    #[arg(long, value_name = "CALLERS|inf", value_parser = room)]
    pub(crate) room: Option<Amount>,
    /// Calls of one replication; its first tenth is not counted.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(10..=10_000_000))]
    pub(crate) calls: u32,
    /// How often it is run, each time with other callers.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) replications: u32,
    /// The same seed gives the same result.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How long an agent is rung before she answers, seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = not_negative)]
    pub(crate) ring_delay: f64,
    /// Who is offered a call first; with --file the queues' own strategies hold unless given.
    #[arg(long, value_parser = strategy)]
    pub(crate) strategy: Option<Strategy>,
    /// Share of the callers who go before the others, 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub(crate) vip_share: f64,
    /// A provisioning file: its queues, agents and skills take the calls, by its rules.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// How the calls are split over the file's queues, as `8000=3,8001=1`; evenly over all unless given.
    #[arg(long, value_name = "QUEUE=SHARE,…", requires = "file", value_delimiter = ',', value_parser = part)]
    pub(crate) mix: Vec<(String, f64)>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// A number, or none: without end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Amount(pub(crate) Option<f64>);

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("inf"),
        }
    }
}

/// A number above 0, or `inf`.
pub(crate) fn amount(text: &str) -> Result<Amount, String> {
    if text == "inf" { Ok(Amount(None)) } else { positive(text).map(|number| Amount(Some(number))) }
}

fn room(text: &str) -> Result<Amount, String> {
    match text.parse::<u32>() {
        Ok(callers) => Ok(Amount(Some(callers.into()))),
        Err(_) if text == "inf" => Ok(Amount(None)),
        Err(_) => Err("a whole number, or inf".to_owned()),
    }
}

fn positive(text: &str) -> Result<f64, String> {
    number(text).filter(|number| *number > 0.0).ok_or_else(|| "a number above 0".to_owned())
}

fn not_negative(text: &str) -> Result<f64, String> {
    number(text).filter(|number| *number >= 0.0).ok_or_else(|| "a number from 0 on".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    number(text).filter(|number| (0.0..=1.0).contains(number)).ok_or_else(|| "from 0 to 1".to_owned())
}

/// More than a hundred million of anything is a mistake.
fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| number.is_finite() && *number <= 1e8)
}

fn strategy(text: &str) -> Result<Strategy, String> {
    let all = || Strategy::ALL.iter().map(|strategy| strategy.word()).collect::<Vec<_>>().join(", ");
    Strategy::from_word(text).ok_or_else(|| format!("one of {}", all()))
}

fn part(text: &str) -> Result<(String, f64), String> {
    let wrong = || "a queue's number and its share, as 8000=3".to_owned();
    let (queue, share) = text.split_once('=').ok_or_else(wrong)?;
    Ok((queue.trim().to_owned(), positive(share.trim())?))
}

/// The domain that a provisioning file describes, with ids made up.
///
/// # Errors
/// Every problem of the file, each with its line.
pub(crate) fn provisioning(file: &Path, common: &Common) -> Result<Directory> {
    let name = file.display();
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{name} cannot be read; check the path and its rights"))?;
    let sounds = wiring::sounds(&common.settings()?)?;
    let wanted = store::provisioning::parse(&text, &sounds.names()).map_err(|problems| {
        anyhow!(problems.iter().map(|problem| format!("{name} {problem}")).collect::<Vec<_>>().join("\n"))
    })?;
    Ok(wanted.directory())
}
