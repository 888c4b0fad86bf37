//! TLS on connections that others make (RFC 3261 section 26.3.2.1): each has its handshake in a task of its own, in
//! a bounded time, and few strangers can have one at once.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio::runtime::Handle as Runtime;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;

use crate::census::Census;
use crate::connection::Shared;
use crate::counters::count;
use crate::limits::Limits;

/// How SIP over TLS is listened for.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Where.
    pub addrs: Vec<SocketAddr>,
    /// The certificate and what else a handshake needs.
    pub config: Arc<ServerConfig>,
    /// Where its connections run: to encipher is not the work of the thread that decides about calls.
    pub runtime: Runtime,
}

/// Who is in a handshake.
#[derive(Clone)]
pub(crate) struct Handshakes {
    acceptor: TlsAcceptor,
    census: Arc<Census>,
}

impl Handshakes {
    pub(crate) fn new(config: Arc<ServerConfig>, limits: &Limits) -> Self {
        let census = Census::new(limits.handshakes_max, limits.handshakes_per_ip_max);
        Self { acceptor: TlsAcceptor::from(config), census }
    }

    /// The connection, once there are keys; nothing if there will be none, which is counted.
    pub(crate) async fn shake(
        &self,
        stream: TcpStream,
        ip: IpAddr,
        shared: &Shared,
    ) -> Option<TlsStream<TcpStream>> {
        let Some(_seat) = self.census.sit(Some(ip)) else {
            count(&shared.counters.turned_away);
            return None;
        };
        match timeout(shared.limits.handshake_timeout, self.acceptor.accept(stream)).await {
            Ok(Ok(stream)) => return Some(stream),
            Ok(Err(error)) => tracing::debug!(%ip, %error, "a TLS handshake failed"),
            Err(_late) => tracing::debug!(%ip, "a TLS handshake did not end in time"),
        }
        count(&shared.counters.handshakes_failed);
        None
    }
}
