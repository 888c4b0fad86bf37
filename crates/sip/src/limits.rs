//! Every limit of the socket shell, with its reason.

use std::time::Duration;

use sip_proto::message::ParseLimits;

/// Limits of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Datagrams, and as many items from connections, in one batch.
    pub batch_max: usize,
    /// Bytes of kernel buffer asked for each UDP socket and way: bursts of a whole office that
    /// registers at once. The kernel may give less.
    pub udp_buffer_bytes: usize,
    /// Items from connections that wait to be taken; a connection that has more is not read.
    pub inbound_max: usize,
    /// Connections from others at once.
    pub connections_max: usize,
    /// Connections from one address at once. Offices share an address, and so does a load test.
    pub connections_per_ip_max: usize,
    /// Connections made by us at once.
    pub outbound_max: usize,
    /// Messages waiting to be written to one connection. One more closes it.
    pub queue_messages_max: usize,
    /// Bytes waiting to be written to one connection. More closes it.
    pub queue_bytes_max: usize,
    /// TLS handshakes at once: each costs a signature, and a stranger can begin one.
    pub handshakes_max: usize,
    /// TLS handshakes from one address at once.
    pub handshakes_per_ip_max: usize,
    /// A TLS handshake must end within this time.
    pub handshake_timeout: Duration,
    /// A connection must send a valid message within this time.
    pub first_message_timeout: Duration,
    /// A message that has begun must end within this time.
    pub message_timeout: Duration,
    /// A connection that has sent a valid message may be silent for this time: longer than the
    /// longest registration.
    pub idle_timeout: Duration,
    /// A connection of ours must be made within this time; T1 times 64 would keep a caller waiting.
    pub connect_timeout: Duration,
    /// A peer that takes nothing for this time is gone.
    pub write_timeout: Duration,
    /// A peer that has finished sending, or sent what cannot be read, may still read this long.
    pub half_close_linger: Duration,
    /// What is too much for one message on a connection, and in a datagram.
    pub parse: ParseLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            batch_max: 64,
            udp_buffer_bytes: 4 * 1024 * 1024,
            inbound_max: 1024,
            connections_max: 16_384,
            connections_per_ip_max: 1024,
            outbound_max: 1024,
            queue_messages_max: 256,
            queue_bytes_max: 1024 * 1024,
            handshakes_max: 1024,
            handshakes_per_ip_max: 256,
            handshake_timeout: Duration::from_secs(10),
            first_message_timeout: Duration::from_secs(10),
            message_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(7200),
            connect_timeout: Duration::from_secs(5),
            write_timeout: Duration::from_secs(30),
            half_close_linger: Duration::from_secs(1),
            parse: ParseLimits::default(),
        }
    }
}
