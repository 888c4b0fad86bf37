//! The command line.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::commands;
use crate::settings::Settings;

#[derive(Parser)]
#[command(name = "cordboard", version, about = "Open, self-hosted contact-centre voice")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// What most commands take.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Common {
    /// The settings file (TOML).
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data directory; wins over the settings.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server.
    Serve(Common),
    /// Runs a server on a throw-away directory with an example domain and simulated callers and agents.
    Demo(commands::demo::DemoArgs),
    /// Brings a domain to what a provisioning file says.
    Apply(commands::apply::ApplyArgs),
    /// Prints a domain as the provisioning file that says what is stored of it, without its secrets.
    Export(commands::export::ExportArgs),
    /// Makes a provisioning file of another product's configuration.
    #[command(subcommand)]
    Import(commands::import::ImportCommand),
    /// Says which line of a settings file is wrong.
    CheckConfig {
        /// The settings file (TOML); without it only the environment is checked.
        file: Option<PathBuf>,
    },
    /// Tries the real installation: ports, public address, clock, disk, TLS.
    Doctor(Common),
    /// Runs the tests that flows carry: callers by script, in virtual time.
    #[command(subcommand)]
    Flow(commands::flow::FlowCommand),
    /// Runs the routing core in virtual time under a synthetic load, and says how callers fare.
    Simulate(Box<commands::simulate::SimulateArgs>),
    /// Runs a recorded day again, as it was or under another provisioning file, and compares.
    Replay(commands::replay::ReplayArgs),
    /// Says how many agents each half hour needs for a target service level.
    Staff(commands::staff::StaffArgs),
    /// Prints the OpenAPI document.
    Openapi,
}

impl Common {
    /// The settings: file, environment, and `--data` over both.
    pub(crate) fn settings(&self) -> Result<Settings> {
        let mut settings = read_settings(self.config.as_deref())?;
        if let Some(data) = &self.data {
            settings.data_dir.clone_from(data);
        }
        Ok(settings)
    }
}

fn read_settings(file: Option<&std::path::Path>) -> Result<Settings> {
    Settings::read(file, std::env::vars()).map_err(|problems| {
        let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!(lines.join("; "))
    })
}

/// Reads the command line and does what it says. Wrong usage exits with 2 by clap.
pub(crate) fn run() -> Result<()> {
    match Cli::parse().command {
        Command::Serve(common) => commands::serve::run(&common.settings()?),
        Command::Demo(args) => commands::demo::run(&args),
        Command::Apply(args) => commands::apply::run(&args),
        Command::Export(args) => commands::export::run(&args),
        Command::Import(command) => commands::import::run(&command),
        Command::CheckConfig { file } => commands::check_config::run(file.as_deref()),
        Command::Doctor(common) => commands::doctor::run(&common.settings()?),
        Command::Flow(command) => commands::flow::run(&command),
        Command::Simulate(args) => commands::simulate::run(&args),
        Command::Replay(args) => commands::replay::run(&args),
        Command::Staff(args) => commands::staff::run(&args),
        Command::Openapi => commands::openapi::run(),
    }
}
