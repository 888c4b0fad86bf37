//! Log lines to standard error, for people or for machines.

use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::{LogFormat, Settings};

/// Starts logging as set. A second start in one process changes nothing.
pub(crate) fn start(settings: &Settings) {
    let filter: Targets =
        settings.log_level.parse().unwrap_or_else(|_| Targets::new().with_default(tracing::Level::INFO));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let layer = match settings.log_format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    // Already started: the first settings stay.
    let _started = tracing_subscriber::registry().with(layer.with_filter(filter)).try_init();
}
