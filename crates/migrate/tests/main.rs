//! Configurations in, provisioning files and remarks out.

#![expect(clippy::unwrap_used, reason = "what a test prepares is there, or the test fails")]

mod fixtures;
mod hostile;
mod syntax;
mod world;
