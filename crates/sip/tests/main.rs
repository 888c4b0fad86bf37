//! Real sockets on loopback, ports by the kernel, peers that misbehave.

mod connections;
mod datagrams;
mod world;
