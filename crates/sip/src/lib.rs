//! Sockets for `sip-proto`: UDP, TCP, TLS, and WebSockets that others have opened; bounded everywhere.
//!
//! [`Endpoint`] binds addresses, hands over what arrives as [`Inbound`], and sends bytes along a
//! [`Flow`](sip_proto::Flow). It knows nothing of transactions or calls. Three promises shape it:
//!
//! - [`Endpoint::receive`] may be cancelled at any await without losing anything;
//! - [`Endpoint::send`] never waits: a peer that does not read loses its own connection, and
//!   nobody else notices;
//! - nothing a peer does ends a listening socket.
//!
//! Reading order: [`endpoint`](Endpoint), `udp`, `connection`, `stream`, `tcp`, `tls`, `ws`, and `limits` for every number.
#![forbid(unsafe_code)]

mod census;
mod connection;
mod counters;
mod endpoint;
mod limits;
mod socket;
mod stream;
mod tcp;
mod tls;
mod udp;
mod ws;

pub use counters::Counts;
pub use endpoint::{BindError, Config, Endpoint, Inbound, SendError};
pub use limits::Limits;
pub use tls::Tls;
pub use ws::{AssertedIdentity, Connection, Door, Once, Outgoing, TurnedAway};
