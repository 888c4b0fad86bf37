//! `cordboard`: the whole switch in one binary.

#![forbid(unsafe_code)]

mod acme;
mod cli;
mod commands;
mod demo;
mod http;
mod keeper;
mod library;
mod limits;
mod listeners;
mod metrics;
mod oidc;
mod outbox;
mod phone_socket;
mod prompts;
mod provision;
mod queue_log;
mod recorded;
mod services;
mod settings;
mod signals;
mod speech;
mod studio;
mod talks;
mod telemetry;
mod tls;
mod trunk_tests;
mod webhooks;
mod wiring;
mod yesterday;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line: what is wrong and how to mend it.
            eprintln!("cordboard: {}", format!("{error:#}").replace('\n', "; "));
            ExitCode::FAILURE
        }
    }
}
