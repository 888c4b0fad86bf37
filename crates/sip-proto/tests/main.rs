//! The tests of the SIP core, in one binary.

mod digest;
mod messages;
mod mutation;
mod registrations;
mod sdp;
mod torture;
