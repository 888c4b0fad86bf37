//! Log lines to standard error, for people or for machines.

use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::{LogFormat, Settings};

/// Libraries that say more than an operator wants to read.
const QUIET: [&str; 3] = ["sqlx", "hyper", "mio"];

/// Starts logging as set. A second start in one process changes nothing.
pub(crate) fn start(settings: &Settings) {
    let set: Targets =
        settings.log_level.parse().unwrap_or_else(|_| Targets::new().with_default(tracing::Level::INFO));
    // The database's own talk helps nobody here; whoever wants it names it: `debug,sqlx=debug`.
    let quiet = Targets::new().with_targets(QUIET.map(|target| (target, tracing::Level::WARN)));
    let named = QUIET.iter().any(|target| settings.log_level.contains(target));
    let filter = if named { set } else { set.with_targets(quiet) };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let layer = match settings.log_format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    // Already started: the first settings stay.
    let _started = tracing_subscriber::registry().with(layer.with_filter(filter)).try_init();
}
