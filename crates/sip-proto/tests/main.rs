//! The tests of the SIP core, in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test names the events it is about")]

mod browsers;
mod calls;
mod digest;
mod heartbeats;
mod hostile;
mod messages;
mod mutation;
mod offers;
mod registrations;
mod sdp;
mod seeds;
mod strangers;
mod subscriptions;
mod torture;
mod wire;
