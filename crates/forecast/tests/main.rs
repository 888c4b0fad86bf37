//! The formulas, and the core held against them, in one binary.

#![expect(clippy::unwrap_used, reason = "what a test prepares is there, or the test fails")]
#![expect(clippy::print_stdout, reason = "the table of reference values is shown")]

mod day;
mod points;
mod reference;
mod ring_delay;
mod staffing;
mod textbook;
