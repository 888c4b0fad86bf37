//! The crate against hostile bytes, and two ends of a stream against each other.

mod ends;
mod hostile;
