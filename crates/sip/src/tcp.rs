//! Connections over TCP: one task each.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use sip_proto::{Flow, StreamItem, StreamParser, Transport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{timeout, timeout_at};

use crate::census::Census;
use crate::connection::{Handle, Patience, Report, Shared, Work, pair, report_closed};
use crate::counters::count;
use crate::endpoint::Inbound;
use crate::socket;

/// Bytes asked for in one read.
const READ_BYTES: usize = 16 * 1024;
/// Pause after an error of a listening socket: mostly too many open files, which takes a moment.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// Takes connections for ever. Its connections end with it.
pub(crate) async fn accept(listener: TcpListener, census: Arc<Census>, shared: Shared) {
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
        let flow = Flow { transport: Transport::Tcp, local, remote, id: shared.next_id() };
        let shared = shared.clone();
        connections.spawn(async move {
            let (handle, work) = pair(flow, &shared.limits);
            if shared.reports.send(Report::Opened(handle)).await.is_ok() {
                serve(stream, work, &shared, false).await;
            }
            drop(seat);
        });
    }
}

/// Makes a connection and serves it. What is queued meanwhile is written when it stands.
pub(crate) async fn dial(remote: SocketAddr, work: Work, shared: Shared) {
    let made = tokio::select! {
        made = timeout(shared.limits.connect_timeout, TcpStream::connect(remote)) => made,
        () = work.handle.close.notified() => return report_closed(work.handle.flow, &shared).await,
    };
    match made {
        Ok(Ok(stream)) => serve(stream, work, &shared, true).await,
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

/// Runs a connection to its end and says so when its socket is closed.
async fn serve(stream: TcpStream, work: Work, shared: &Shared, proved: bool) {
    let Work { queue, handle } = work;
    exchange(stream, queue, &handle, shared, proved).await;
    report_closed(handle.flow, shared).await;
}

/// Reads and writes at the same time until one of them, or the endpoint, ends it.
async fn exchange(
    stream: TcpStream,
    mut queue: mpsc::Receiver<Bytes>,
    handle: &Handle,
    shared: &Shared,
    proved: bool,
) {
    socket::tune(&stream);
    let (reader, mut writer) = stream.into_split();
    let reading = read(reader, handle, shared, proved);
    let writing = write(&mut writer, &mut queue, &handle.queued_bytes, shared.limits.write_timeout);
    tokio::pin!(reading, writing);
    let end = tokio::select! {
        end = &mut reading => end,
        () = &mut writing => ReadEnd::Dead,
        () = handle.close.notified() => ReadEnd::Dead,
    };
    if end == ReadEnd::Finished {
        // The answer to its last request may still be on its way.
        let linger = timeout(shared.limits.half_close_linger, &mut writing);
        tokio::select! {
            _ = linger => {}
            () = handle.close.notified() => {}
        }
    }
}

/// How reading ended.
#[derive(PartialEq)]
enum ReadEnd {
    /// The peer has said all it can say, and may still listen.
    Finished,
    /// There is nobody to talk to.
    Dead,
}

async fn read(mut reader: OwnedReadHalf, handle: &Handle, shared: &Shared, proved: bool) -> ReadEnd {
    let limits = &shared.limits;
    let mut parser = StreamParser::new(limits.parse);
    let mut buffer = vec![0; READ_BYTES];
    let mut patience = Patience::new(limits, proved);
    loop {
        let read = match timeout_at(patience.deadline, reader.read(&mut buffer)).await {
            Ok(Ok(0)) => return ReadEnd::Finished,
            Ok(Ok(read)) => read,
            Ok(Err(_)) | Err(_) => return ReadEnd::Dead,
        };
        parser.push(buffer.get(..read).unwrap_or_default());
        let mut valid = false;
        while let Some(item) = parser.next_item() {
            let flow = handle.flow;
            let (item, more) = match item {
                StreamItem::Message(message) => {
                    valid = true;
                    (Inbound::Message { flow, message }, true)
                }
                StreamItem::Ping => {
                    // A peer that only asks for answers and reads none fills its queue like any.
                    if handle.send(Bytes::from_static(StreamParser::PONG), limits).is_err() {
                        return ReadEnd::Dead;
                    }
                    (Inbound::KeepAlive { flow }, true)
                }
                StreamItem::Malformed(error) => (Inbound::Malformed { flow, error }, true),
                StreamItem::Broken(error) => (Inbound::Malformed { flow, error }, false),
            };
            if let Inbound::Malformed { .. } = item {
                count(&shared.counters.malformed);
            }
            if shared.reports.send(Report::Item(item)).await.is_err() {
                return ReadEnd::Dead;
            }
            if !more {
                return ReadEnd::Finished;
            }
        }
        patience.heard(valid, parser.buffered() > 0);
    }
}

/// Writes what is queued until the peer no longer takes it.
async fn write(
    writer: &mut OwnedWriteHalf,
    queue: &mut mpsc::Receiver<Bytes>,
    queued_bytes: &AtomicUsize,
    write_timeout: Duration,
) {
    while let Some(bytes) = queue.recv().await {
        match timeout(write_timeout, writer.write_all(&bytes)).await {
            Ok(Ok(())) => queued_bytes.fetch_sub(bytes.len(), Ordering::Relaxed),
            Ok(Err(_)) | Err(_) => return,
        };
    }
}
