//! Many event sockets, read by one thread, and how late each message was.

use std::net::TcpStream;
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail, ensure};
use e2e::{Server, event_socket};
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use serde_json::json;
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};

use crate::measure::Spread;

/// Sockets that one login may have.
const PER_LOGIN: usize = 20;
/// Microseconds of a day.
const DAY: u64 = 86_400_000_000;

/// Open sockets, their snapshots taken.
pub(crate) struct Sockets {
    sockets: Vec<WebSocket<TcpStream>>,
    epoll: Epoll,
}

/// What they were told.
pub(crate) struct Told {
    /// From an event's own time to the moment when its message was read.
    pub(crate) delays: Spread,
    /// Messages a second, of all sockets.
    pub(crate) rate: f64,
}

impl Sockets {
    /// Opens one for each query, by keys made for it that have this name.
    pub(crate) fn open(server: &Server, name: &str, queries: &[String]) -> anyhow::Result<Self> {
        let epoll = Epoll::new(EpollCreateFlags::empty())?;
        let mut sockets = Vec::new();
        for (number, queries) in queries.chunks(PER_LOGIN).enumerate() {
            let key = json!({"name": format!("{name} {number}"), "rights": ["read"]});
            let made = server.api.post("/v1/domains/~/api-keys", &key)?;
            let key = made.ok()?["key"].as_str().context("a key without its text")?.to_owned();
            for query in queries {
                let mut socket = event_socket(&server.http.to_string(), &key, query)?;
                ensure!(matches!(socket.read()?, Message::Text(_)), "the first message is no snapshot");
                socket.get_ref().set_nonblocking(true)?;
                let event = EpollEvent::new(EpollFlags::EPOLLIN, sockets.len() as u64);
                epoll.add(socket.get_ref().as_fd(), event)?;
                sockets.push(socket);
            }
        }
        Ok(Self { sockets, epoll })
    }

    /// Reads all of them on a thread of its own until it is told to stop.
    pub(crate) fn follow(self) -> Following {
        let stop = Arc::new(AtomicBool::new(false));
        let until = stop.clone();
        Following { stop, thread: std::thread::spawn(move || self.read_until(&until)) }
    }

    fn read_until(mut self, stop: &AtomicBool) -> anyhow::Result<(Self, Told)> {
        let began = Instant::now();
        let mut delays = Vec::new();
        let mut ready = vec![EpollEvent::empty(); 256];
        while !stop.load(Ordering::Relaxed) {
            let count = self.epoll.wait(&mut ready, EpollTimeout::from(100_u8))?;
            for event in &ready[..count] {
                let socket =
                    self.sockets.get_mut(usize::try_from(event.data())?).context("no such socket")?;
                read_all(socket, &mut delays)?;
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        let count = f64::from(u32::try_from(delays.len())?);
        Ok((self, Told { delays: Spread::of(delays)?, rate: count / seconds }))
    }
}

/// Sockets that are being read.
pub(crate) struct Following {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<anyhow::Result<(Sockets, Told)>>,
}

impl Following {
    /// Stops reading; the sockets stay open.
    pub(crate) fn stop(self) -> anyhow::Result<(Sockets, Told)> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("the reader of the sockets has panicked"))?
    }
}

fn read_all(socket: &mut WebSocket<TcpStream>, delays: &mut Vec<Duration>) -> anyhow::Result<()> {
    loop {
        match socket.read() {
            // What says how far a filtered one is behind has a time of its own, which is now.
            Ok(Message::Text(text)) if text.starts_with("{\"seq\":") => delays.push(delay(&text)?),
            Ok(Message::Text(text)) if text.starts_with("{\"type\":\"snapshot\"") => {
                bail!("a socket was too slow: it began anew with a snapshot")
            }
            Ok(Message::Close(frame)) => bail!("the server closed a socket: {frame:?}"),
            Ok(_) => {}
            Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The age of a message: both clocks are this machine's. Reading the whole of it would take longer than it is old.
#[expect(clippy::disallowed_methods, reason = "the server's moments are compared with the same clock")]
fn delay(text: &str) -> anyhow::Result<Duration> {
    let (_, at) = text.split_once("\"at\":\"").context("a message without a time")?;
    let (_, time) = at.split_once('T').context("an odd time")?;
    let (time, _) = time.split_once('Z').context("a time that is not in UTC")?;
    let mut parts = time.split(':').map(str::parse::<f64>);
    let mut next = || parts.next().context("a short time")?.context("an odd time");
    let seconds: f64 = next()? * 3_600.0 + next()? * 60.0 + next()?;
    let at = u64::try_from(Duration::try_from_secs_f64(seconds)?.as_micros())?;
    let now = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())? % DAY;
    let late = (now + DAY - at) % DAY;
    // The server's clock may be a little ahead of ours.
    Ok(Duration::from_micros(if late > DAY / 2 { 0 } else { late }))
}
