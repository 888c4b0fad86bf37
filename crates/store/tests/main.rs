//! The store against fresh databases, each in its own directory.

#![expect(clippy::unwrap_used, reason = "what a test prepares is there, or the test fails")]

mod applying;
mod audit;
mod bad_input;
mod choices;
mod editing;
mod feature_codes;
mod flows;
mod hours;
mod in_queue;
mod limits;
mod login;
mod mailboxes;
mod opening;
mod prompts;
mod property;
mod reach;
mod records;
mod render;
mod reports;
mod reverting;
mod ring_groups;
mod roles;
mod routing;
mod statistics;
mod webhook_log;
mod webhooks;
mod world;
