//! The tests of the SIP core, in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod digest;
mod messages;
mod mutation;
mod registrations;
mod sdp;
mod torture;
