//! Connections as streams of bytes, whatever carries them: one task each.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use sip_proto::{StreamItem, StreamParser};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{timeout, timeout_at};

use crate::connection::{Handle, Patience, Report, Shared, Work, report_closed};
use crate::counters::count;
use crate::endpoint::Inbound;

/// Bytes asked for in one read.
const READ_BYTES: usize = 16 * 1024;

/// Runs a connection to its end and says so when it is closed.
pub(crate) async fn serve(
    (reader, mut writer): (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
    work: Work,
    shared: &Shared,
    proved: bool,
) {
    let Work { mut queue, handle } = work;
    exchange(reader, &mut writer, &mut queue, &handle, shared, proved).await;
    // A peer that is gone cannot be told, and one that takes nothing is not waited for.
    let _told = timeout(shared.limits.half_close_linger, writer.shutdown()).await;
    drop(writer);
    report_closed(handle.flow, shared).await;
}

/// Reads and writes at the same time until one of them, or the endpoint, ends it.
async fn exchange(
    reader: impl AsyncRead + Unpin,
    writer: &mut (impl AsyncWrite + Unpin),
    queue: &mut mpsc::Receiver<Bytes>,
    handle: &Handle,
    shared: &Shared,
    proved: bool,
) {
    let reading = read(reader, handle, shared, proved);
    let writing = write(writer, queue, &handle.queued_bytes, shared.limits.write_timeout);
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

async fn read(mut reader: impl AsyncRead + Unpin, handle: &Handle, shared: &Shared, proved: bool) -> ReadEnd {
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
    writer: &mut (impl AsyncWrite + Unpin),
    queue: &mut mpsc::Receiver<Bytes>,
    queued_bytes: &AtomicUsize,
    write_timeout: Duration,
) {
    while let Some(bytes) = queue.recv().await {
        // What is enciphered lies in a buffer of its own until it is told to go.
        let written = async {
            writer.write_all(&bytes).await?;
            writer.flush().await
        };
        match timeout(write_timeout, written).await {
            Ok(Ok(())) => queued_bytes.fetch_sub(bytes.len(), Ordering::Relaxed),
            Ok(Err(_)) | Err(_) => return,
        };
    }
}
