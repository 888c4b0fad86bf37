//! The crate against hostile bytes, and two ends of a stream against each other.

#![expect(clippy::unwrap_used, reason = "a test stops where it is wrong")]

mod ends;
mod hostile;
