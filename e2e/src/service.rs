//! An outside service that a flow asks: it answers every POST with the same JSON, and keeps what it was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Longest silence of a client.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(10);

/// Most characters of a body that are kept.
const BODY_KEPT_MAX: usize = 300_000;

/// A running service; it ends with the value.
pub struct Service {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Service {
    /// Starts one on loopback that answers with `json`, or hangs up if there is none.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start(json: Option<&str>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let (asked, ended) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (kept, stop) = (Arc::clone(&asked), Arc::clone(&ended));
        let json = json.map(str::to_owned);
        let serve_all = move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::Acquire) {
                    return;
                }
                // A client that breaks off has asked nothing.
                let _broken_off = serve(&stream, json.as_deref(), &kept);
            }
        };
        let thread = std::thread::Builder::new().name("service".into()).spawn(serve_all)?;
        Ok(Self { address, asked, ended, thread: Some(thread) })
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The requests so far, heads in lower case.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
        // So that it wakes.
        let _woken = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

fn serve(stream: &TcpStream, json: Option<&str>, kept: &Mutex<Vec<String>>) -> anyhow::Result<()> {
    stream.set_read_timeout(Some(CLIENT_TIMEOUT))?;
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
    let mut body = vec![0; length.trim().parse()?];
    reader.read_exact(&mut body)?;
    let request =
        format!("{head}{}", String::from_utf8_lossy(&body).chars().take(BODY_KEPT_MAX).collect::<String>());
    kept.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    let Some(json) = json else { return Ok(()) };
    let mut out = stream;
    let length = json.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    out.write_all(head.as_bytes())?;
    Ok(out.write_all(json.as_bytes())?)
}
