//! The plane against real sockets on loopback: phones here, ports there, events awaited.

#![expect(clippy::unwrap_used, reason = "a test stops where it is wrong")]

mod bridge;
mod browser;
mod digits;
mod hostile;
mod intake;
mod life;
mod opus;
mod play;
mod record;
mod secure;
mod sounds;
mod source;
mod srtp;
mod world;
