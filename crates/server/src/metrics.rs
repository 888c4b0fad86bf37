//! The server's figures: what each of them is, and the recorder that collects them.

use std::time::Duration;

use anyhow::{Context as _, Result};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// How often collected durations are summed up; without it they would pile up until somebody looks.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);
/// Upper bounds of the buckets of durations, seconds.
const SECONDS_BUCKETS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// What kind of figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Many values, sorted into buckets.
    Histogram,
}

use Kind::{Counter, Gauge, Histogram};

/// Every figure of the server, whichever part counts it.
const FIGURES: &[(&str, Kind, &str)] = &[
    ("cordboard_calls", Gauge, "Live calls"),
    ("cordboard_legs", Gauge, "Live legs of calls: callers and phones being rung or talked to"),
    ("cordboard_registrations", Gauge, "Registered phones"),
    ("cordboard_calls_total", Counter, "Calls that have ended, by cause"),
    ("cordboard_messages_total", Counter, "Messages left in mailboxes"),
    (
        "cordboard_recordings_failed_total",
        Counter,
        "Messages, and sides of talks, that could not be recorded: look at the disk",
    ),
    (
        "cordboard_webhooks_total",
        Counter,
        "Questions of flows to outside services by outcome: answered, failed, busy",
    ),
    (
        "cordboard_webhook_deliveries_total",
        Counter,
        "Deliveries to webhooks by outcome: delivered, failed and tried again, given_up, dropped for lack of room",
    ),
    ("cordboard_webhook_deliveries", Gauge, "Deliveries to webhooks that wait"),
    ("cordboard_webhooks_paused", Gauge, "Webhooks that are paused: somebody must look"),
    ("cordboard_outbox", Gauge, "Mails, and messages to be put into text, that wait until they are taken"),
    (
        "cordboard_transcriptions_total",
        Counter,
        "Messages put into text by outcome: taken, failed and tried again, given_up",
    ),
    ("cordboard_mails_total", Counter, "Mails by outcome: taken, failed and tried again, given_up"),
    ("cordboard_calls_refused_total", Counter, "Calls refused before they began, by cause"),
    ("cordboard_faults_total", Counter, "Calls ended because a rule of ours was broken: report it"),
    ("cordboard_sip_dialogs", Gauge, "SIP dialogs"),
    ("cordboard_sip_transactions", Gauge, "SIP transactions"),
    ("cordboard_sip_timers", Gauge, "Running SIP timers"),
    ("cordboard_sip_nonces", Gauge, "Digest nonces in use"),
    ("cordboard_sip_send_failures_total", Counter, "SIP messages that could not be sent"),
    ("cordboard_media_endpoints", Gauge, "Audio endpoints, one for each leg with audio"),
    ("cordboard_media_ports", Gauge, "UDP ports in use for audio"),
    ("cordboard_subscriptions", Gauge, "Phones that show the messages of a mailbox"),
    ("cordboard_media_players", Gauge, "Prompts and music being played"),
    ("cordboard_media_recorders", Gauge, "Callers being recorded"),
    ("cordboard_media_bridges", Gauge, "Pairs of endpoints that hear each other"),
    (
        "cordboard_media_events_lost_total",
        Counter,
        "Key presses and ends of prompts that were lost: report it",
    ),
    ("cordboard_switch_tasks", Gauge, "Tasks on the switch's thread"),
    ("cordboard_http_requests_total", Counter, "HTTP requests answered, by method, route and status"),
    ("cordboard_http_request_seconds", Histogram, "How long HTTP requests took, by route"),
    ("cordboard_event_sockets", Gauge, "Open event sockets"),
    ("cordboard_event_messages_total", Counter, "Messages sent on event sockets"),
    (
        "cordboard_event_sockets_lagged_total",
        Counter,
        "Event sockets that could not keep up and had to resume",
    ),
    (
        "cordboard_tls_certificate_expires_seconds",
        Gauge,
        "When the TLS certificate in use runs out, seconds since 1970; 0 while there is none",
    ),
    (
        "cordboard_acme_failures",
        Gauge,
        "Tries for a TLS certificate that have failed since one came: somebody must look when it stays above 0",
    ),
    (
        "cordboard_tls_handshakes_failed_total",
        Counter,
        "TLS handshakes that led to no connection, by listener: http, sip",
    ),
    ("cordboard_logins_total", Counter, "Log-ins by outcome: right, wrong, throttled"),
    ("cordboard_queue_log_lost_total", Counter, "Lines of the queue log that could not be written"),
];

/// Starts collecting; what is returned renders all figures in Prometheus' text format.
///
/// # Errors
/// If another recorder is installed already.
pub(crate) fn start() -> Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new()
        .set_buckets(&SECONDS_BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .context("metrics cannot be collected")?;
    for (name, kind, text) in FIGURES {
        match kind {
            Counter => ::metrics::describe_counter!(*name, *text),
            Gauge => ::metrics::describe_gauge!(*name, *text),
            Histogram => ::metrics::describe_histogram!(*name, *text),
        }
    }
    let upkeep = handle.clone();
    tokio::spawn(async move {
        let mut due = tokio::time::interval(UPKEEP_INTERVAL);
        loop {
            due.tick().await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }

    /// Every text in quotes in the crates' sources that is a figure's name.
    fn used() -> BTreeSet<String> {
        let mut files = Vec::new();
        for member in std::fs::read_dir(root().join("crates")).unwrap() {
            sources(&member.unwrap().path().join("src"), &mut files);
        }
        let mut names = BTreeSet::new();
        for file in files.iter().filter(|file| !file.ends_with("server/src/metrics.rs")) {
            let text = std::fs::read_to_string(file).unwrap();
            let quoted = text.split('"').filter(|piece| piece.starts_with("cordboard_"));
            let is_name = |piece: &&str| piece.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            names.extend(quoted.filter(is_name).map(str::to_owned));
        }
        names
    }

    #[test]
    fn every_figure_in_the_code_is_described_and_every_described_one_is_in_the_code() {
        let described: BTreeSet<_> = FIGURES.iter().map(|(name, ..)| (*name).to_owned()).collect();
        assert_eq!(described.len(), FIGURES.len(), "one is described twice");
        assert_eq!(used(), described);
    }

    #[test]
    fn every_figure_is_in_the_book_with_its_kind_and_its_description() {
        let page = std::fs::read_to_string(root().join("docs/book/src/operate/monitoring.md")).unwrap();
        for (name, kind, text) in FIGURES {
            let kind = format!("{kind:?}").to_lowercase();
            let row = format!("| `{name}` | {kind} | {text} |");
            assert!(page.contains(&row), "the page lacks: {row}");
        }
        assert_eq!(page.matches("| `cordboard_").count(), FIGURES.len(), "the page has one too many");
    }

    #[test]
    fn the_kind_of_a_figure_shows_in_its_name() {
        for (name, kind, _) in FIGURES {
            assert_eq!(name.ends_with("_total"), *kind == Counter, "{name}");
        }
    }
}
