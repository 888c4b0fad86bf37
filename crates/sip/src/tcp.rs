//! Taking and making connections over TCP, with TLS inside or without.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sip_proto::{Flow, Transport};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::census::Census;
use crate::connection::{Report, Shared, Work, pair, report_closed};
use crate::counters::count;
use crate::tls::Handshakes;
use crate::{socket, stream};

/// Pause after an error of a listening socket: mostly too many open files, which takes a moment.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// Takes connections for ever. Its connections end with it.
pub(crate) async fn accept(
    listener: TcpListener,
    census: Arc<Census>,
    shared: Shared,
    handshakes: Option<Handshakes>,
) {
    let transport = if handshakes.is_some() { Transport::Tls } else { Transport::Tcp };
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
        };
        let (stream, remote) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                count(&shared.counters.accept_errors);
                tracing::debug!(%error, "a connection could not be taken");
                tokio::time::sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        let Some(seat) = census.sit(Some(remote.ip())) else {
            count(&shared.counters.turned_away);
            continue;
        };
        // A peer that is already gone has no address any more.
        let Ok(local) = stream.local_addr() else { continue };
        count(&shared.counters.accepted);
        let flow = Flow { transport, local, remote, id: shared.next_id() };
        let (shared, handshakes) = (shared.clone(), handshakes.clone());
        connections.spawn(async move {
            socket::tune(&stream);
            match handshakes {
                None => serve(stream.into_split(), flow, &shared).await,
                Some(handshakes) => {
                    if let Some(stream) = handshakes.shake(stream, remote.ip(), &shared).await {
                        serve(tokio::io::split(stream), flow, &shared).await;
                    }
                }
            }
            drop(seat);
        });
    }
}

/// Announces a connection that was taken, and runs it to its end.
async fn serve(halves: (impl AsyncRead + Unpin, impl AsyncWrite + Unpin), flow: Flow, shared: &Shared) {
    let (handle, work) = pair(flow, &shared.limits);
    if shared.reports.send(Report::Opened(handle)).await.is_ok() {
        stream::serve(halves, work, shared, false).await;
    }
}

/// Makes a connection and serves it. What is queued meanwhile is written when it stands.
pub(crate) async fn dial(remote: SocketAddr, work: Work, shared: Shared) {
    let made = tokio::select! {
        made = timeout(shared.limits.connect_timeout, TcpStream::connect(remote)) => made,
        () = work.handle.close.notified() => return report_closed(work.handle.flow, &shared).await,
    };
    match made {
        Ok(Ok(stream)) => {
            socket::tune(&stream);
            stream::serve(stream.into_split(), work, &shared, true).await;
        }
        Ok(Err(error)) => {
            tracing::debug!(%remote, %error, "a connection could not be made");
            report_closed(work.handle.flow, &shared).await;
        }
        Err(_) => {
            tracing::debug!(%remote, "a connection could not be made in time");
            report_closed(work.handle.flow, &shared).await;
        }
    }
}
