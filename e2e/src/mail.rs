//! A mail server of our own: it takes every mail and keeps it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, bail};
use base64::Engine as _;

use crate::until;

/// Longest silence of a client.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(30);

/// A mail as it came.
#[derive(Clone, Debug, Default)]
pub struct ReceivedMail {
    /// Whom it is for, by the envelope.
    pub recipients: Vec<String>,
    /// Head and body.
    pub content: String,
}

impl ReceivedMail {
    /// The attached file.
    ///
    /// # Errors
    /// When there is none that can be read.
    pub fn attachment(&self) -> anyhow::Result<Vec<u8>> {
        let attached = self.content.split_once("Content-Disposition: attachment").context("no attachment")?.1;
        let body = attached.split_once("\r\n\r\n").context("the attachment has no body")?.1;
        let body: String = body.split("\r\n--").next().unwrap_or_default().lines().collect();
        Ok(base64::engine::general_purpose::STANDARD.decode(body)?)
    }
}

/// A running mail server; it ends with the value.
pub struct MailServer {
    address: SocketAddr,
    mails: Arc<Mutex<Vec<ReceivedMail>>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl MailServer {
    /// Starts one on loopback.
    ///
    /// # Errors
    /// When the port is in use.
    pub fn start(port: u16) -> anyhow::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address)?;
        let (mails, ended) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (kept, stop) = (Arc::clone(&mails), Arc::clone(&ended));
        let serve_all = move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::Acquire) {
                    return;
                }
                // A client that breaks off has sent no mail.
                let _broken_off = serve(&stream, &kept);
            }
        };
        let thread = std::thread::Builder::new().name("mail".into()).spawn(serve_all)?;
        Ok(Self { address, mails, ended, thread: Some(thread) })
    }

    /// How many mails have come.
    #[must_use]
    pub fn count(&self) -> usize {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Waits for the first mail.
    ///
    /// # Errors
    /// When none has come by then.
    pub fn await_mail(&self, timeout: Duration) -> anyhow::Result<ReceivedMail> {
        until("a mail", timeout, || {
            Ok(self.mails.lock().unwrap_or_else(PoisonError::into_inner).first().cloned())
        })
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
        // So that it wakes; if it is not there any more, it needs none.
        let _woken = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

fn serve(stream: &TcpStream, kept: &Mutex<Vec<ReceivedMail>>) -> anyhow::Result<()> {
    stream.set_read_timeout(Some(CLIENT_TIMEOUT))?;
    let mut lines = BufReader::new(stream);
    let say = |answer: &str| -> anyhow::Result<()> {
        let mut out = stream;
        Ok(out.write_all(format!("{answer}\r\n").as_bytes())?)
    };
    let mut read = || -> anyhow::Result<String> {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            bail!("the client hung up");
        }
        Ok(line)
    };
    say("220 e2e ESMTP")?;
    let mut mail = ReceivedMail::default();
    loop {
        let line = read()?;
        let command = line.trim_end();
        if let Some(to) = command.strip_prefix("RCPT TO:") {
            mail.recipients.push(to.to_owned());
        }
        if command == "QUIT" {
            return say("221 bye");
        }
        if command == "DATA" {
            say("354 go on")?;
            loop {
                let line = read()?;
                if line == ".\r\n" {
                    break;
                }
                mail.content.push_str(line.strip_prefix('.').unwrap_or(&line));
            }
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(&mut mail));
        }
        say("250 ok")?;
    }
}
