//! One thread of the plane: it reads the sockets of its endpoints, ticks their players, sweeps.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};

use crate::endpoint::Endpoint;
use crate::port::PortPair;
use crate::queue::{CommandQueue, WorkerCommand};
use crate::shared::{Moment, Shared};
use crate::stats::Counters;
use crate::ticker::Ticker;
use crate::{EndpointId, RecordEnd};

/// The token of the queue's waker; slots stay far below it.
pub(crate) const WAKER: Token = Token(usize::MAX);
/// Sockets looked at in one round.
pub(crate) const EVENTS_MAX: usize = 256;
/// Packets read from one socket before the others have their turn.
const READS_MAX: usize = 16;
/// Larger than any RTP packet on Ethernet; what fills it is cut off and refused.
const DATAGRAM_MAX: usize = 1_600;
/// Between two looks at silence and reports, at most.
const SWEEP: Duration = Duration::from_millis(250);
/// And at least, however short the silence.
const SWEEP_MIN: Duration = Duration::from_millis(5);
/// How long a worker that was told something looks for more by itself before it has to be woken again: a call is
/// set up in several steps, and to be woken for each costs more than all of them. A quarter of a packet is heard
/// by nobody.
const COLLECT: Duration = Duration::from_millis(5);

/// Between two looks at what is due on secure wires: repeated handshakes, reports.
const DRIVE: Duration = Duration::from_millis(20);

struct Slot {
    endpoint: Endpoint,
    ports: Arc<PortPair>,
    /// The phase of the ticker while something plays.
    phase: Option<usize>,
}

/// One worker.
pub(crate) struct Worker {
    poll: Poll,
    queue: Arc<CommandQueue>,
    shared: Arc<Shared>,
    counters: Arc<Counters>,
    start: Instant,
    slots: Vec<Option<Slot>>,
    free: Vec<usize>,
    by_id: BTreeMap<EndpointId, usize>,
    ticker: Ticker,
    sweep_at: Duration,
    /// Slots with secure wires, and when they are looked at.
    secure: BTreeSet<usize>,
    drive_at: Duration,
    /// Until then it sleeps for moments only, because more commands are likely.
    collects_until: Duration,
    /// Sockets that were left with packets in them: the poll tells of new packets only.
    unfinished: Vec<Token>,
    buffer: Box<[u8; DATAGRAM_MAX]>,
}

impl Worker {
    pub(crate) fn new(
        poll: Poll,
        queue: Arc<CommandQueue>,
        shared: Arc<Shared>,
        counters: Arc<Counters>,
        start: Instant,
    ) -> Worker {
        Worker {
            poll,
            queue,
            shared,
            counters,
            start,
            slots: Vec::new(),
            free: Vec::new(),
            by_id: BTreeMap::new(),
            ticker: Ticker::default(),
            sweep_at: Duration::ZERO,
            secure: BTreeSet::new(),
            drive_at: Duration::ZERO,
            collects_until: Duration::ZERO,
            unfinished: Vec::new(),
            buffer: Box::new([0; DATAGRAM_MAX]),
        }
    }

    /// Runs until it is told to stop.
    pub(crate) fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS_MAX);
        let mut commands = VecDeque::new();
        loop {
            let pause = self.pause();
            match self.poll.poll(&mut events, pause) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    tracing::error!(%error, "a media worker cannot wait for packets; its calls are mute");
                    return;
                }
            }
            self.queue.take(&mut commands);
            if !commands.is_empty() {
                self.collects_until = self.start.elapsed() + COLLECT;
            }
            for command in commands.drain(..) {
                if !self.carry_out(command) {
                    return self.stop();
                }
            }
            let unfinished = std::mem::take(&mut self.unfinished);
            for token in unfinished {
                self.read(token);
            }
            for token in events.iter().map(|event| event.token()).filter(|token| *token != WAKER) {
                self.read(token);
            }
            self.drive();
            self.tick();
            self.sweep();
        }
    }

    /// How long to wait for packets; `None`: until there is one, or a command wakes us.
    ///
    /// Whoever comes back within [`COLLECT`] anyway, because something plays, need not be woken for commands.
    fn pause(&self) -> Option<Duration> {
        let now = self.start.elapsed();
        let pause = self.patience(now);
        let collects = self.collects_until.saturating_sub(now);
        match pause {
            Some(pause) if pause <= COLLECT => Some(pause),
            Some(_) | None if !collects.is_zero() => Some(collects),
            Some(_) | None if self.queue.sleep() => pause,
            Some(_) | None => Some(Duration::ZERO),
        }
    }

    /// How long there is nothing to do but wait; `None` without endpoints.
    fn patience(&self, now: Duration) -> Option<Duration> {
        if !self.unfinished.is_empty() {
            return Some(Duration::ZERO);
        }
        let sweep = (!self.by_id.is_empty()).then_some(self.sweep_at);
        let drive = (!self.secure.is_empty()).then_some(self.drive_at);
        let due = self.ticker.due().into_iter().chain(sweep).chain(drive).min()?;
        Some(due.saturating_sub(now))
    }

    /// `false` to stop.
    fn carry_out(&mut self, command: WorkerCommand) -> bool {
        match command {
            WorkerCommand::Adopt(endpoint) => self.adopt(*endpoint),
            WorkerCommand::Secure(id, session) => {
                self.with(id, |slot, _, moment, _| slot.endpoint.secure(*session, moment));
                self.secure.extend(self.by_id.get(&id));
            }
            WorkerCommand::Keys(id, keys) => {
                self.with(id, |slot, _, moment, _| slot.endpoint.key(&keys, moment));
            }
            WorkerCommand::Configure(id, negotiated) => {
                self.with(id, |slot, _, moment, _| slot.endpoint.configure(negotiated, moment));
            }
            WorkerCommand::Play { endpoint, play, items, repeat } => {
                self.with(endpoint, |slot, index, moment, ticker| {
                    let playing = slot.endpoint.play(play, items, repeat, moment);
                    match slot.phase {
                        None if playing => slot.phase = Some(ticker.add(index, moment.now)),
                        Some(_) if !playing => slot.rest(index, ticker),
                        Some(_) | None => {}
                    }
                });
            }
            WorkerCommand::Await { endpoint, play } => {
                self.with(endpoint, |slot, index, moment, ticker| {
                    slot.endpoint.stop_play(moment);
                    slot.endpoint.awaited = Some(play);
                    slot.rest(index, ticker);
                });
            }
            WorkerCommand::Loaded { endpoint, play, prompt } => {
                self.with(endpoint, |slot, index, moment, ticker| {
                    if slot.endpoint.play_loaded(play, prompt, moment) {
                        slot.phase = Some(ticker.add(index, moment.now));
                    }
                });
            }
            WorkerCommand::Record(id, record) => {
                self.with(id, |slot, _, moment, _| slot.endpoint.record(record, moment));
            }
            WorkerCommand::StopRecord(id) => {
                self.with(id, |slot, _, moment, _| slot.endpoint.stop_record(RecordEnd::Stopped, moment));
            }
            WorkerCommand::StopPlay(id) => self.with(id, |slot, index, moment, ticker| {
                slot.endpoint.stop_play(moment);
                slot.rest(index, ticker);
            }),
            WorkerCommand::Link(id, peer) => self.with(id, |slot, index, moment, ticker| {
                slot.endpoint.link(peer, moment);
                slot.rest(index, ticker);
            }),
            WorkerCommand::Unlink(id) => self.with(id, |slot, _, moment, _| slot.endpoint.unlink(moment)),
            WorkerCommand::Close(id) => self.close(id),
            WorkerCommand::Stop => return false,
        }
        true
    }

    /// Does something with an endpoint that is still here.
    fn with(&mut self, id: EndpointId, act: impl FnOnce(&mut Slot, usize, &Moment<'_>, &mut Ticker)) {
        let Some(index) = self.by_id.get(&id).copied() else { return };
        let Some(Some(slot)) = self.slots.get_mut(index) else { return };
        let moment = Moment { now: self.start.elapsed(), shared: &self.shared, counters: &self.counters };
        act(slot, index, &moment, &mut self.ticker);
    }

    fn adopt(&mut self, endpoint: Endpoint) {
        let ports = Arc::clone(&endpoint.outlet.ports);
        let index = self.free.pop().unwrap_or(self.slots.len());
        if index == self.slots.len() {
            self.slots.push(None);
        }
        for (socket, token) in [(&ports.rtp, rtp_token(index)), (&ports.rtcp, rtcp_token(index))] {
            let fd = socket.as_raw_fd();
            if let Err(error) = self.poll.registry().register(&mut SourceFd(&fd), token, Interest::READABLE) {
                // The call goes on and its silence will end it.
                tracing::error!(endpoint.id = endpoint.id.0, %error, "a media port cannot be watched");
            }
        }
        if self.by_id.is_empty() {
            self.sweep_at = self.start.elapsed();
        }
        self.by_id.insert(endpoint.id, index);
        self.slots[index] = Some(Slot { endpoint, ports, phase: None });
        self.counters.endpoints.up();
    }

    fn close(&mut self, id: EndpointId) {
        let Some(index) = self.by_id.remove(&id) else { return };
        let Some(mut slot) = self.slots.get_mut(index).and_then(Option::take) else { return };
        slot.rest(index, &mut self.ticker);
        self.secure.remove(&index);
        self.free.push(index);
        for socket in [&slot.ports.rtp, &slot.ports.rtcp] {
            let fd = socket.as_raw_fd();
            // One that could not be registered cannot be deregistered; there is nothing else to do.
            let _ = self.poll.registry().deregister(&mut SourceFd(&fd));
        }
        let moment = Moment { now: self.start.elapsed(), shared: &self.shared, counters: &self.counters };
        slot.endpoint.close(&moment);
    }

    /// Reads a socket until it is empty or has had its share.
    fn read(&mut self, token: Token) {
        let Some(Some(slot)) = self.slots.get_mut(token.0 / 2) else { return };
        let is_rtp = token == rtp_token(token.0 / 2);
        let socket = if is_rtp { &slot.ports.rtp } else { &slot.ports.rtcp };
        let moment = Moment { now: self.start.elapsed(), shared: &self.shared, counters: &self.counters };
        for _ in 0..READS_MAX {
            match socket.recv_from(self.buffer.as_mut_slice()) {
                Ok((DATAGRAM_MAX.., _)) => slot.endpoint.reject(&moment),
                Ok((length, from)) if is_rtp => {
                    slot.endpoint.on_rtp(&mut self.buffer[..length], from, &moment);
                }
                Ok((length, from)) => slot.endpoint.on_rtcp(&mut self.buffer[..length], from, &moment),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // An unreachable far end is told here; the packets behind it are still wanted.
                Err(_) => {}
            }
        }
        self.unfinished.push(token);
    }

    /// Does what is due on secure wires.
    fn drive(&mut self) {
        let now = self.start.elapsed();
        if self.secure.is_empty() || now < self.drive_at {
            return;
        }
        self.drive_at = now + DRIVE;
        let moment = Moment { now, shared: &self.shared, counters: &self.counters };
        for index in &self.secure {
            if let Some(Some(slot)) = self.slots.get_mut(*index) {
                slot.endpoint.drive(&moment);
            }
        }
    }

    /// Serves every phase of the players that is due.
    fn tick(&mut self) {
        let moment = Moment { now: self.start.elapsed(), shared: &self.shared, counters: &self.counters };
        while let Some((phase, tick)) = self.ticker.turn(moment.now) {
            let mut at = 0;
            while let Some(index) = self.ticker.listeners(phase).get(at).copied() {
                let Some(slot) = self.slots.get_mut(index).and_then(Option::as_mut) else {
                    self.ticker.remove(index, phase);
                    continue;
                };
                if slot.endpoint.tick(tick, &moment) {
                    at += 1;
                } else {
                    // Its place is taken by another listener, who is next.
                    slot.rest(index, &mut self.ticker);
                }
            }
        }
    }

    fn sweep(&mut self) {
        let now = self.start.elapsed();
        if now < self.sweep_at {
            return;
        }
        let timeout = self.shared.silence_timeout;
        let pause = if timeout.is_zero() { SWEEP } else { (timeout / 4).clamp(SWEEP_MIN, SWEEP) };
        self.sweep_at = now + pause;
        let moment = Moment { now, shared: &self.shared, counters: &self.counters };
        for slot in self.slots.iter_mut().flatten() {
            slot.endpoint.sweep(&moment);
        }
    }

    /// The plane stops: what was recorded until now is kept.
    fn stop(&mut self) {
        let moment = Moment { now: self.start.elapsed(), shared: &self.shared, counters: &self.counters };
        for slot in self.slots.iter_mut().flatten() {
            slot.endpoint.stop_record(RecordEnd::Stopped, &moment);
        }
    }
}

impl Slot {
    /// Takes the slot out of the ticker.
    fn rest(&mut self, index: usize, ticker: &mut Ticker) {
        if let Some(phase) = self.phase.take() {
            ticker.remove(index, phase);
        }
    }
}

fn rtp_token(index: usize) -> Token {
    Token(index * 2)
}

fn rtcp_token(index: usize) -> Token {
    Token(index * 2 + 1)
}
