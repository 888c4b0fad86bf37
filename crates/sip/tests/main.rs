//! Real sockets on loopback, ports by the kernel, peers that misbehave.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod connections;
mod datagrams;
mod secure;
mod websockets;
mod world;
