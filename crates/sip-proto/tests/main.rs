//! The tests of the SIP core, in one binary.

mod messages;
mod torture;
