//! What the gateway holds of the media plane. Nothing here waits for a packet, a lock held long, or a
//! worker.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mio::{Poll, Waker};
use rtp::OutStream;

mod bridges;

use crate::command::{EndpointCommand, EndpointId, IceCredentials, MasterKey, Opened, Record};
use crate::config::MediaConfig;
use crate::disk::{Disk, Writer};
use crate::endpoint::Endpoint;
use crate::event::{MediaEvent, RecordEnd};
use crate::outlet::Outlet;
use crate::port::{OpenError, PortPool, Returns};
use crate::queue::{CommandQueue, WorkerCommand};
use crate::secure::Identity;
use crate::shared::Shared;
use crate::stats::{Counters, Gauges};
use crate::worker::{WAKER, Worker};

/// More threads than any machine has use for.
const WORKERS_MAX: usize = 64;

/// Why a plane could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no even port with its odd neighbour in the range.
    #[error("the range of media ports {first}-{last} holds no pair of an even and the next odd port")]
    Ports {
        /// First port of the range.
        first: u16,
        /// Last port of the range.
        last: u16,
    },
    /// The address is not one of this machine.
    #[error("media cannot use the address {bind}")]
    Bind {
        /// The address.
        bind: IpAddr,
        /// Why.
        source: io::Error,
    },
    /// The system gave no randomness.
    #[error("no certificate could be made for media over DTLS")]
    Identity,
    /// The system gave no thread, or no means to wait for sockets.
    #[error("a media worker cannot be started")]
    Worker(#[from] io::Error),
}

/// The media plane. Dropping it stops it.
pub struct MediaPlane {
    shared: Arc<Shared>,
    workers: Vec<WorkerHandle>,
    pool: PortPool,
    endpoints: BTreeMap<EndpointId, Entry>,
    next_id: u64,
    refused: u64,
    /// Workers are woken by [`MediaPlane::flush`] only.
    gathers: bool,
    /// The worker of the last endpoint.
    placed: usize,
    start: Instant,
    /// Files that go with the next flush: what must be written down before is.
    erasing: Vec<(u64, PathBuf)>,
    /// The thread that reads and writes recordings.
    writer: Option<JoinHandle<()>>,
}

struct WorkerHandle {
    queue: Arc<CommandQueue>,
    counters: Arc<Counters>,
    thread: Option<JoinHandle<()>>,
    endpoints: usize,
    /// Something was pushed since it was last woken that it should not be late for.
    due: bool,
}

/// What the plane knows of an endpoint.
struct Entry {
    worker: usize,
    outlet: Arc<Outlet>,
    peer: Option<EndpointId>,
}

/// A stream with numbers that nobody can guess. The first is in the lower half, so that whoever misses some packets
/// of SRTP still knows that none has wrapped (RFC 3711 3.3.1).
fn new_stream() -> OutStream {
    OutStream::new(rand::random(), rand::random::<u16>() >> 1, rand::random())
}

impl MediaPlane {
    /// Starts the workers. `events` is called by them, so it must not block: a bounded queue, and what does
    /// not fit is counted by whoever owns it.
    ///
    /// # Errors
    /// [`StartError`] says what to mend.
    pub fn start(
        config: MediaConfig,
        events: Box<dyn Fn(MediaEvent) + Send + Sync>,
    ) -> Result<MediaPlane, StartError> {
        let MediaConfig { bind, ports, workers, silence_timeout, limits } = config;
        let pool = PortPool::new(bind, &ports, limits.quarantine)
            .ok_or(StartError::Ports { first: *ports.start(), last: *ports.end() })?;
        UdpSocket::bind((bind, 0)).map_err(|source| StartError::Bind { bind, source })?;
        let identity = Identity::new().ok_or(StartError::Identity)?;
        let start = Instant::now();
        let disk = Arc::new(Disk::new(limits.record_chunks_max));
        let shared = Arc::new(Shared {
            start,
            identity,
            bind,
            ports,
            silence_timeout,
            limits,
            cname: format!("{:016x}", rand::random::<u64>()),
            returns: Returns::default(),
            disk,
            sink: events,
        });
        let mut plane = MediaPlane {
            shared,
            workers: Vec::new(),
            pool,
            endpoints: BTreeMap::new(),
            next_id: 1,
            refused: 0,
            gathers: false,
            placed: 0,
            start,
            erasing: Vec::new(),
            writer: None,
        };
        let writer = Writer::new(Arc::clone(&plane.shared));
        plane.writer =
            Some(thread::Builder::new().name("media-disk".to_owned()).spawn(move || writer.run())?);
        for number in 0..workers.clamp(1, WORKERS_MAX) {
            let worker = WorkerHandle::start(number, &plane.shared, start)?;
            plane.workers.push(worker);
        }
        Ok(plane)
    }

    /// From now on commands wait for [`MediaPlane::flush`]: whoever gives several in one go wakes each worker
    /// once, and not once for each.
    pub fn gather(&mut self) {
        self.gathers = true;
    }

    /// Removes a recording's file, with the next [`MediaPlane::flush`]; answered by
    /// [`MediaEvent::Erased`] with the same number.
    pub fn erase(&mut self, erase: u64, file: PathBuf) {
        self.erasing.push((erase, file));
        if !self.gathers {
            self.flush();
        }
    }

    /// Lets the workers carry out what they were told.
    pub fn flush(&mut self) {
        for (erase, file) in self.erasing.drain(..) {
            self.shared.disk.erase(erase, file);
        }
        for worker in &mut self.workers {
            if std::mem::take(&mut worker.due) {
                worker.queue.wake();
            }
        }
    }

    /// Takes a pair of ports. The endpoint counts what it receives, but believes nobody and sends nothing
    /// until it is configured.
    ///
    /// # Errors
    /// [`OpenError`]: no port is free, or the system gives no socket.
    pub fn open(&mut self) -> Result<Opened, OpenError> {
        let pair = self.pool.take(&self.shared.returns)?;
        let id = EndpointId(self.next_id);
        self.next_id += 1;
        let rtp_port = pair.port;
        let stream = new_stream();
        let ssrc = stream.ssrc();
        let outlet = Arc::new(Outlet::new(id, pair, stream));
        let worker = self.place();
        let endpoint = Endpoint::new(Arc::clone(&outlet), self.start.elapsed());
        if let Some(handle) = self.workers.get_mut(worker) {
            handle.endpoints += 1;
            // It can wait for the first command: what comes in until then waits in the socket.
            handle.queue.push(WorkerCommand::Adopt(Box::new(endpoint)));
            if !self.gathers {
                handle.queue.wake();
            }
        }
        self.endpoints.insert(id, Entry { worker, outlet, peer: None });
        Ok(Opened { id, rtp_port, ssrc })
    }

    /// SHA-256 of the certificate that all secure endpoints show.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        self.shared.identity.fingerprint
    }

    /// A new master key with its salt, for what one endpoint sends.
    #[must_use]
    pub fn master_key() -> MasterKey {
        MasterKey(rand::random())
    }

    /// New credentials for an endpoint's connectivity checks: 32 and 128 bits (RFC 8445 5.3 wants 24 and 128).
    #[must_use]
    pub fn ice_credentials() -> IceCredentials {
        let (ufrag, password) = (rand::random::<u32>(), rand::random::<u128>());
        IceCredentials { ufrag: format!("{ufrag:08x}"), password: format!("{password:032x}") }
    }

    /// Hands a command to the endpoint's worker. One for an endpoint that is closed or was never opened
    /// is passed over; one that does not fit into the worker's queue is refused and counted, but for
    /// `Close`, which always fits.
    pub fn command(&mut self, id: EndpointId, command: EndpointCommand) {
        if !self.endpoints.contains_key(&id) {
            tracing::debug!(endpoint.id = id.0, "a command for an endpoint that is gone");
            if let EndpointCommand::Record(record) = command {
                self.refuse(id, &record);
            }
            return;
        }
        match command {
            EndpointCommand::Secure(session) => self.push(id, WorkerCommand::Secure(id, session)),
            EndpointCommand::Keys(keys) => self.push(id, WorkerCommand::Keys(id, keys)),
            EndpointCommand::Configure(negotiated) => {
                self.push(id, WorkerCommand::Configure(id, negotiated));
            }
            EndpointCommand::Play { play, items, repeat } => {
                self.push(id, WorkerCommand::Play { endpoint: id, play, items, repeat });
            }
            EndpointCommand::PlayFile { play, file } => self.play_file(id, play, file),
            EndpointCommand::Record(record) => self.record(id, record),
            EndpointCommand::StopRecord => self.push(id, WorkerCommand::StopRecord(id)),
            EndpointCommand::StopPlay => self.push(id, WorkerCommand::StopPlay(id)),
            EndpointCommand::Bridge { other } => self.bridge(id, other),
            EndpointCommand::Unbridge => self.unbridge(id),
            EndpointCommand::Close => self.close(id),
        }
        if !self.gathers {
            self.flush();
        }
    }

    /// The plane as it is now.
    pub fn gauges(&self) -> Gauges {
        let mut gauges = Gauges {
            ports_in_use: self.shared.returns.in_use() * 2,
            commands_refused: self.refused,
            ..Gauges::default()
        };
        for worker in &self.workers {
            gauges.add(&worker.counters);
        }
        gauges.bridges /= 2;
        gauges
    }

    /// Stops the workers and waits for them. Endpoints that are still open are told of no more.
    pub fn stop(self) {
        drop(self);
    }

    /// The worker of a new endpoint: the one of the last, unless another has clearly less to do. The two legs
    /// of a call are opened one after the other as a rule; on one thread they need one wake for both, and no
    /// lock between them is ever fought for.
    fn place(&mut self) -> usize {
        let load = |worker: &WorkerHandle| worker.endpoints;
        let least = self.workers.iter().enumerate().min_by_key(|(_, worker)| load(worker));
        let Some((number, least)) = least.map(|(number, worker)| (number, load(worker))) else { return 0 };
        if self.workers.get(self.placed).is_none_or(|last| load(last) > least + 1) {
            self.placed = number;
        }
        self.placed
    }

    /// An ordinary command to the worker of an endpoint.
    fn push(&mut self, id: EndpointId, command: WorkerCommand) {
        if self.has_room(&[id]) {
            self.push_always(id, command);
        }
    }

    /// Whether the workers of all these endpoints take one more command each; if not, that is counted.
    fn has_room(&mut self, ids: &[EndpointId]) -> bool {
        let full = |id: &EndpointId| {
            let queue = self.endpoints.get(id).and_then(|entry| self.workers.get(entry.worker));
            // All of them may live on one worker.
            queue.is_some_and(|worker| !worker.queue.has_room(ids.len()))
        };
        let Some(id) = ids.iter().copied().find(full) else { return true };
        self.refused += 1;
        tracing::warn!(endpoint.id = id.0, "a media worker is overrun; a command was refused");
        false
    }

    fn push_always(&mut self, id: EndpointId, command: WorkerCommand) {
        let worker = self.endpoints.get(&id).map(|entry| entry.worker);
        if let Some(worker) = worker.and_then(|number| self.workers.get_mut(number)) {
            worker.queue.push(command);
            worker.due = true;
        }
    }

    fn record(&mut self, id: EndpointId, record: Record) {
        if self.has_room(&[id]) {
            self.push_always(id, WorkerCommand::Record(id, record));
        } else {
            self.refuse(id, &record);
        }
    }

    /// A recording that cannot begin has its end all the same.
    fn refuse(&self, endpoint: EndpointId, record: &Record) {
        let (length, why) = (Duration::ZERO, RecordEnd::Failed);
        (self.shared.sink)(MediaEvent::RecordEnded { endpoint, record: record.record, length, why });
    }

    /// Lets the disk read a file and hand it to the endpoint's worker, which plays it if it still should.
    fn play_file(&mut self, id: EndpointId, play: u64, file: PathBuf) {
        self.push(id, WorkerCommand::Await { endpoint: id, play });
        let worker = self.endpoints.get(&id).and_then(|entry| self.workers.get(entry.worker));
        let Some(queue) = worker.map(|worker| Arc::clone(&worker.queue)) else { return };
        let then = Box::new(move |prompt| {
            queue.push(WorkerCommand::Loaded { endpoint: id, play, prompt });
            queue.wake();
        });
        self.shared.disk.load(file, then);
    }

    fn close(&mut self, id: EndpointId) {
        self.push_always(id, WorkerCommand::Close(id));
        let Some(entry) = self.endpoints.remove(&id) else { return };
        if let Some(worker) = self.workers.get_mut(entry.worker) {
            worker.endpoints = worker.endpoints.saturating_sub(1);
        }
        if let Some(other) = entry.peer {
            self.part(other);
        }
    }
}

impl WorkerHandle {
    fn start(number: usize, shared: &Arc<Shared>, start: Instant) -> io::Result<WorkerHandle> {
        let poll = Poll::new()?;
        let waker = Waker::new(poll.registry(), WAKER)?;
        let queue = Arc::new(CommandQueue::new(waker, shared.limits.commands_max));
        let counters = Arc::new(Counters::default());
        let worker = Worker::new(poll, Arc::clone(&queue), Arc::clone(shared), Arc::clone(&counters), start);
        let thread = thread::Builder::new().name(format!("media-{number}")).spawn(move || worker.run())?;
        Ok(WorkerHandle { queue, counters, thread: Some(thread), endpoints: 0, due: false })
    }
}

impl Drop for MediaPlane {
    fn drop(&mut self) {
        for worker in &self.workers {
            worker.queue.push(WorkerCommand::Stop);
            worker.queue.wake();
        }
        for worker in &mut self.workers {
            if let Some(thread) = worker.thread.take()
                && thread.join().is_err()
            {
                tracing::error!("a media worker has panicked");
            }
        }
        // Last: what the workers have gathered is written before.
        self.shared.disk.stop();
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the writer of recordings has panicked");
        }
    }
}
