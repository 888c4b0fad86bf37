//! A phone in a web page, as far as its signalling goes: SIP over WebSocket (RFC 7118), with the host names of the
//! kind `.invalid` that browsers have.
//!
//! It has no thread: while a test does not wait for something on it, it is a page that is frozen.

use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message as Frame, WebSocket};

use crate::sip::{self, Message};

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The host that a browser makes up for itself.
const HOST: &str = "df7jal23ls0d.invalid";

/// An open page.
pub struct WebPhone {
    socket: WebSocket<TcpStream>,
    user: String,
    heard: Vec<Message>,
    next: u32,
}

/// How a socket is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asking<'a> {
    /// The token of a log-in.
    pub token: Option<&'a str>,
    /// A guest's ticket.
    pub ticket: Option<&'a str>,
    /// The page that asks.
    pub origin: Option<&'a str>,
}

impl WebPhone {
    /// Opens the socket of `user`'s phone.
    ///
    /// # Errors
    /// When it is refused: with the status, as text.
    pub fn connect(http: SocketAddr, user: &str, asking: Asking<'_>) -> anyhow::Result<Self> {
        let mut request = format!("ws://{http}/sip").into_client_request()?;
        let mut protocols = "sip".to_owned();
        for (kind, secret) in [("bearer", asking.token), ("guest", asking.ticket)] {
            if let Some(secret) = secret {
                protocols = format!("{protocols}, {kind}.{secret}");
            }
        }
        request.headers_mut().insert("Sec-WebSocket-Protocol", protocols.parse()?);
        if let Some(origin) = asking.origin {
            request.headers_mut().insert("Origin", origin.parse()?);
        }
        let stream = TcpStream::connect(http)?;
        let (socket, answer) =
            tungstenite::client(request, stream).map_err(|error| anyhow::anyhow!("{error}"))?;
        if answer.headers().get("Sec-WebSocket-Protocol").is_none_or(|chosen| chosen != "sip") {
            bail!("the subprotocol `sip` was not chosen: {answer:?}");
        }
        Ok(Self { socket, user: user.to_owned(), heard: Vec::new(), next: 0 })
    }

    /// Registers in `domain` with a secret, or without one, and gives the last answer.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn register(&mut self, domain: &str, secret: Option<&str>) -> anyhow::Result<Message> {
        let uri = format!("sip:{domain}");
        let aor = format!("<sip:{}@{domain}>", self.user);
        let contact = format!("Contact: <sip:{}@{HOST};transport=ws>;expires=600", self.user);
        let call_id = format!("register-{}", self.user);
        let first = self.ask("REGISTER", &uri, &aor, &call_id, &contact)?;
        let Some(secret) = secret.filter(|_| first.status() == 401) else { return Ok(first) };
        let proof = sip::authorization(&first, (&self.user, secret), "REGISTER", &uri)?;
        self.ask("REGISTER", &uri, &aor, &call_id, &format!("{contact}\r\nAuthorization: {proof}"))
    }

    /// Calls `to` in `domain` with an offer of its own; the call's name. Answers come to [`WebPhone::wait`].
    ///
    /// # Errors
    /// When the socket is closed.
    pub fn call(&mut self, domain: &str, to: &str) -> anyhow::Result<String> {
        let call_id = format!("call-{}-{}", self.user, self.next);
        let contact = format!("Contact: <sip:{}@{HOST};transport=ws>", self.user);
        let offer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                     m=audio 49170 RTP/AVP 8\r\n";
        let body = format!("{contact}\r\nContent-Type: application/sdp\r\nContent-Length: {}", offer.len());
        let (uri, from) = (format!("sip:{to}@{domain}"), format!("<sip:{}@{domain}>", self.user));
        self.say("INVITE", &uri, (&from, &format!("<{uri}>")), &call_id, &body, offer)?;
        Ok(call_id)
    }

    /// Sends a request within a call that was answered: with its target, and both ends as the answer has them.
    ///
    /// # Errors
    /// When the socket is closed.
    pub fn within(&mut self, method: &str, answer: &Message, more: &str) -> anyhow::Result<()> {
        let (from, to) = (answer.header("From").to_owned(), answer.header("To").to_owned());
        let (target, call_id) = (answer.contact_uri().to_owned(), answer.call_id().to_owned());
        // An ACK has the number of its INVITE.
        if method == "ACK" {
            self.next = answer.cseq() - 1;
        }
        let from = from.split(";tag=").next().unwrap_or_default().to_owned();
        self.say(method, &target, (&from, &to), &call_id, more, "")
    }

    /// Asks for something outside any call, in its own name, and gives the last answer.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn ask_for(&mut self, method: &str, domain: &str) -> anyhow::Result<Message> {
        let (uri, aor) = (format!("sip:{domain}"), format!("<sip:{}@{domain}>", self.user));
        let contact = format!("Contact: <sip:{}@{HOST};transport=ws>", self.user);
        let call_id = format!("{method}-{}", self.user);
        self.ask(method, &uri, &aor, &call_id, &contact)
    }

    /// Sends a request that is from and to `aor`, and gives its last answer.
    fn ask(
        &mut self,
        method: &str,
        uri: &str,
        aor: &str,
        call_id: &str,
        more: &str,
    ) -> anyhow::Result<Message> {
        self.say(method, uri, (aor, aor), call_id, more, "")?;
        let cseq = self.next;
        self.wait(&format!("an answer to {method}"), TIMEOUT, |message| {
            message.call_id() == call_id && message.cseq() == cseq && message.status() >= 200
        })
    }

    fn say(
        &mut self,
        method: &str,
        uri: &str,
        (from, to): (&str, &str),
        call_id: &str,
        more: &str,
        body: &str,
    ) -> anyhow::Result<()> {
        self.next += 1;
        let (cseq, user) = (self.next, self.user.clone());
        self.send(&format!(
            "{method} {uri} SIP/2.0\r\nVia: SIP/2.0/WS {HOST};branch=z9hG4bK-{user}-{method}-{cseq}\r\n\
             Max-Forwards: 70\r\nFrom: {from};tag=w{user}\r\nTo: {to}\r\nCall-ID: {call_id}\r\n\
             CSeq: {cseq} {method}\r\n{more}\r\n\r\n{body}"
        ))
    }

    /// Sends a text as it is.
    ///
    /// # Errors
    /// When the socket is closed.
    pub fn send(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(self.socket.send(Frame::text(text))?)
    }

    /// Waits for a message, doing meanwhile what a page does by itself.
    ///
    /// # Errors
    /// When it does not come, or the socket is closed.
    pub fn wait(
        &mut self,
        what: &str,
        timeout: Duration,
        fits: impl Fn(&Message) -> bool,
    ) -> anyhow::Result<Message> {
        let end = Instant::now() + timeout;
        loop {
            if let Some(at) = self.heard.iter().position(&fits) {
                return Ok(self.heard.remove(at));
            }
            if !self.step(end).with_context(|| format!("waiting for {what}"))? {
                bail!("{}: waited {timeout:?} for {what}, heard {:?}", self.user, self.starts());
            }
        }
    }

    /// Is a page that works, for a while.
    ///
    /// # Errors
    /// When the socket is closed.
    pub fn work(&mut self, time: Duration) -> anyhow::Result<()> {
        let end = Instant::now() + time;
        while self.step(end)? {}
        Ok(())
    }

    /// The first lines of what came and was not waited for.
    #[must_use]
    pub fn starts(&self) -> Vec<&str> {
        self.heard.iter().map(|message| message.start.as_str()).collect()
    }

    /// Waits until the server closes the socket, and says with which code.
    ///
    /// # Errors
    /// When it does not.
    pub fn await_closed(&mut self, timeout: Duration) -> anyhow::Result<u16> {
        let end = Instant::now() + timeout;
        loop {
            match self.read(end)? {
                Some(Frame::Close(frame)) => return Ok(frame.map_or(1005, |frame| frame.code.into())),
                Some(_) => {}
                None => bail!("the socket was not closed within {timeout:?}"),
            }
        }
    }

    /// Takes one frame; false if none came until `end`.
    fn step(&mut self, end: Instant) -> anyhow::Result<bool> {
        let text = match self.read(end)? {
            Some(Frame::Text(text)) => text,
            Some(Frame::Close(frame)) => bail!("the server closed the socket: {frame:?}"),
            Some(Frame::Binary(_) | Frame::Ping(_) | Frame::Pong(_) | Frame::Frame(_)) => return Ok(true),
            None => return Ok(false),
        };
        if text.trim().is_empty() {
            // The answer to a keep-alive.
            return Ok(true);
        }
        let message = Message::parse(text.as_bytes())?;
        match (message.status(), message.method()) {
            (0, "OPTIONS" | "NOTIFY") => self.respond(&message, 200, "OK")?,
            (0, "INVITE") => {
                self.respond(&message, 100, "Trying")?;
                self.respond(&message, 180, "Ringing")?;
            }
            _ => {}
        }
        self.heard.push(message);
        Ok(true)
    }

    fn read(&mut self, end: Instant) -> anyhow::Result<Option<Frame>> {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        self.socket.get_ref().set_read_timeout(Some(left))?;
        match self.socket.read() {
            Ok(frame) => Ok(Some(frame)),
            Err(tungstenite::Error::Io(error)) if crate::events::is_timeout(&error) => Ok(None),
            Err(error) => Err(error).context("the socket"),
        }
    }

    /// Answers a request.
    ///
    /// # Errors
    /// When the socket is closed.
    pub fn respond(&mut self, request: &Message, status: u16, reason: &str) -> anyhow::Result<()> {
        let to = request.header("To");
        let tag = if to.contains("tag=") { String::new() } else { format!(";tag=w{}", self.user) };
        let vias: String = request.all("Via").map(|via| format!("Via: {via}\r\n")).collect();
        self.send(&format!(
            "SIP/2.0 {status} {reason}\r\n{vias}From: {}\r\nTo: {to}{tag}\r\nCall-ID: {}\r\nCSeq: {}\r\n\
             Contact: <sip:{}@{HOST};transport=ws>\r\nContent-Length: 0\r\n\r\n",
            request.header("From"),
            request.call_id(),
            request.header("CSeq"),
            self.user,
        ))
    }
}
