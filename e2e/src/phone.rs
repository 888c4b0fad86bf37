//! A phone of our own over UDP, for moments no real phone can be brought to at will.
//!
//! A thread does what any phone does unasked (rings, acknowledges, answers BYE and OPTIONS); the test decides
//! the rest: when to answer, what to send, which ACK to lose. Everything that came is kept in the order in
//! which it came, and [`Phone::wait`] takes out of it.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::sip::{self, Message};

/// How long the thread listens before it looks whether to end.
const LISTEN: Duration = Duration::from_millis(50);
/// How long a transaction of the test's own may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// What the phone does when it is told to stop ringing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnCancel {
    /// 200 to the CANCEL, 487 to the INVITE.
    Stop,
    /// The agent lifted in the same moment: 200 to the INVITE first, then 200 to the CANCEL.
    AnswerAnyway,
}

/// Where a call stands, as this phone sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Not answered yet.
    Early,
    /// Answered.
    Talking,
    /// Over, one way or another.
    Over,
}

/// A phone, or a caller behind a trunk.
pub struct Phone {
    line: Arc<Line>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread and the test share.
struct Line {
    socket: UdpSocket,
    /// Only bound, so that audio sent here meets an open port.
    media: UdpSocket,
    local: SocketAddr,
    server: SocketAddr,
    user: String,
    password: String,
    next: AtomicU32,
    stop: AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    heard: Vec<Heard>,
    calls: BTreeMap<String, Call>,
    rings: bool,
    on_cancel: OnCancel,
    acks_to_lose: u32,
}

struct Heard {
    message: Message,
    at: Instant,
    taken: bool,
}

/// A call by its `Call-ID`.
struct Call {
    place: Place,
    /// The INVITE: ours when we called, theirs when we are called.
    invite: Message,
    ours: bool,
    /// Our side and theirs, with tags as far as known.
    local: String,
    remote: String,
    target: String,
    routes: Vec<String>,
    cseq: u32,
}

impl Phone {
    /// A phone at `ip`, on a port the system picks, that talks to `server`.
    ///
    /// # Errors
    /// When no socket is to be had.
    pub fn start(user: &str, password: &str, ip: IpAddr, server: SocketAddr) -> anyhow::Result<Self> {
        let socket = UdpSocket::bind((ip, 0))?;
        socket.set_read_timeout(Some(LISTEN))?;
        let line = Arc::new(Line {
            media: UdpSocket::bind((ip, 0))?,
            local: socket.local_addr()?,
            socket,
            server,
            user: user.to_owned(),
            password: password.to_owned(),
            next: AtomicU32::new(1),
            stop: AtomicBool::new(false),
            state: Mutex::new(State {
                heard: Vec::new(),
                calls: BTreeMap::new(),
                rings: true,
                on_cancel: OnCancel::Stop,
                acks_to_lose: 0,
            }),
            changed: Condvar::new(),
        });
        let listener = Arc::clone(&line);
        let thread =
            std::thread::Builder::new().name(format!("phone {user}")).spawn(move || listener.listen())?;
        Ok(Self { line, thread: Some(thread) })
    }

    /// The address it is reached at.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.line.local
    }

    /// Says what to do on CANCEL.
    pub fn on_cancel(&self, what: OnCancel) {
        self.line.state().on_cancel = what;
    }

    /// Does not send the next `count` ACKs.
    pub fn lose_acks(&self, count: u32) {
        self.line.state().acks_to_lose = count;
    }

    /// Registers for `expires` seconds; 0 takes the registration away.
    ///
    /// # Errors
    /// When the server does not take the password.
    pub fn register(&self, expires: u32) -> anyhow::Result<()> {
        let (first, second) = self.try_register(expires)?;
        let last = second.unwrap_or(first);
        if last.status() != 200 {
            bail!("REGISTER of {}: {}", self.line.user, last.start);
        }
        Ok(())
    }

    /// Registers and returns the first response, and the second if there was a challenge.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn try_register(&self, expires: u32) -> anyhow::Result<(Message, Option<Message>)> {
        let line = &self.line;
        let uri = format!("sip:{}", line.server);
        let call_id = line.fresh("register");
        let contact = format!("Contact: <sip:{}@{}>;expires={expires}", line.user, line.local);
        let aor = format!("<sip:{}@{}>", line.user, line.server);
        let send = |cseq: u32, more: &str| {
            let text =
                line.request("REGISTER", &uri, &format!("{aor};tag=r{cseq}"), &aor, &call_id, cseq, more, "");
            line.send(&text)?;
            self.wait("a response to REGISTER", ANSWER_TIMEOUT, |message| {
                message.call_id() == call_id && message.cseq() == cseq && message.status() >= 200
            })
        };
        let first = send(1, &contact)?;
        if first.status() != 401 {
            return Ok((first, None));
        }
        let authorization = sip::authorization(&first, (&line.user, &line.password), "REGISTER", &uri)?;
        let second = send(2, &format!("{contact}\r\nAuthorization: {authorization}"))?;
        Ok((first, Some(second)))
    }

    /// Calls `number`; returns the call's name. Responses come to [`Phone::wait`].
    ///
    /// # Errors
    /// When the datagram cannot be sent.
    pub fn call(&self, number: &str) -> anyhow::Result<String> {
        let line = &self.line;
        let call_id = line.fresh("call");
        let uri = format!("sip:{number}@{}", line.server);
        let local = format!("<sip:{}@{}>;tag={}", line.user, line.local, line.fresh("t"));
        let remote = format!("<{uri}>");
        let text =
            line.request("INVITE", &uri, &local, &remote, &call_id, 1, &line.offer_headers(), &line.sdp());
        let invite = Message::parse(text.as_bytes())?;
        let call = Call {
            place: Place::Early,
            invite,
            ours: true,
            local,
            remote,
            target: uri,
            routes: Vec::new(),
            cseq: 1,
        };
        line.state().calls.insert(call_id.clone(), call);
        line.send(&text)?;
        Ok(call_id)
    }

    /// Waits until the server asks this phone to ring, and returns the INVITE.
    ///
    /// # Errors
    /// When it does not in time.
    pub fn rung(&self, timeout: Duration) -> anyhow::Result<Message> {
        self.wait("an INVITE", timeout, |message| message.is_request("INVITE"))
    }

    /// Answers a call.
    ///
    /// # Errors
    /// When the datagram cannot be sent.
    pub fn answer(&self, invite: &Message) -> anyhow::Result<()> {
        let text = self.line.ok_to_invite(invite);
        if let Some(call) = self.line.state().calls.get_mut(invite.call_id()) {
            call.place = Place::Talking;
        }
        self.line.send(&text)
    }

    /// Refuses a call: 486 busy, 603 declined …
    ///
    /// # Errors
    /// When the datagram cannot be sent.
    pub fn refuse(&self, invite: &Message, status: u16, reason: &str) -> anyhow::Result<()> {
        if let Some(call) = self.line.state().calls.get_mut(invite.call_id()) {
            call.place = Place::Over;
        }
        self.line.send(&self.line.response(invite, status, reason, "", ""))
    }

    /// Ends a call: BYE when it is answered, CANCEL when it is ours and is not.
    ///
    /// # Errors
    /// When there is no such call.
    pub fn hang_up(&self, call_id: &str) -> anyhow::Result<()> {
        let line = &self.line;
        let mut state = line.state();
        let call = state.calls.get_mut(call_id).context("no such call")?;
        call.cseq += 1;
        let text = match call.place {
            Place::Talking => line.in_dialog("BYE", call, call.cseq),
            Place::Early if call.ours => line.cancel(&call.invite),
            Place::Early | Place::Over => bail!("the call is {:?} and cannot be hung up", call.place),
        };
        if call.place == Place::Talking {
            call.place = Place::Over;
        }
        drop(state);
        line.send(&text)
    }

    /// Where a call stands.
    #[must_use]
    pub fn place(&self, call_id: &str) -> Option<Place> {
        self.line.state().calls.get(call_id).map(|call| call.place)
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    /// When the datagram cannot be sent.
    pub fn send_raw(&self, bytes: &[u8]) -> anyhow::Result<()> {
        self.line.socket.send_to(bytes, self.line.server)?;
        Ok(())
    }

    /// Takes the first message that fits and has not been taken, waiting for it if need be.
    ///
    /// # Errors
    /// When none comes in time; says what came instead.
    pub fn wait(
        &self,
        what: &str,
        timeout: Duration,
        fits: impl Fn(&Message) -> bool,
    ) -> anyhow::Result<Message> {
        self.wait_at(what, timeout, fits).map(|(message, _)| message)
    }

    /// As [`Phone::wait`], with the moment the message came.
    ///
    /// # Errors
    /// As [`Phone::wait`].
    pub fn wait_at(
        &self,
        what: &str,
        timeout: Duration,
        fits: impl Fn(&Message) -> bool,
    ) -> anyhow::Result<(Message, Instant)> {
        let end = Instant::now() + timeout;
        let mut state = self.line.state();
        loop {
            if let Some(heard) = state.heard.iter_mut().find(|heard| !heard.taken && fits(&heard.message)) {
                heard.taken = true;
                return Ok((heard.message.clone(), heard.at));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let came: Vec<_> = state.heard.iter().map(|heard| heard.message.start.as_str()).collect();
                bail!("{} waited {timeout:?} for {what}; came: {came:?}", self.line.user);
            }
            state = self.line.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// How many messages that fit have come so far, taken or not.
    #[must_use]
    pub fn count(&self, fits: impl Fn(&Message) -> bool) -> usize {
        self.line.state().heard.iter().filter(|heard| fits(&heard.message)).count()
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.line.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fresh(&self, word: &str) -> String {
        format!("{word}-{}-{}", self.local.port(), self.next.fetch_add(1, Ordering::Relaxed))
    }

    fn send(&self, text: &str) -> anyhow::Result<()> {
        self.socket.send_to(text.as_bytes(), self.server)?;
        Ok(())
    }

    fn listen(&self) {
        let mut buffer = vec![0; 65_536];
        while !self.stop.load(Ordering::Relaxed) {
            let Ok((length, _)) = self.socket.recv_from(&mut buffer) else { continue };
            let Some(message) = buffer.get(..length).and_then(|bytes| Message::parse(bytes).ok()) else {
                continue;
            };
            let replies = self.react(&message);
            for reply in replies {
                let _ = self.send(&reply);
            }
            self.changed.notify_all();
        }
    }

    /// Keeps the message and says what a phone sends by itself.
    fn react(&self, message: &Message) -> Vec<String> {
        let mut state = self.state();
        let again = message.status() == 0
            && message.method() != "ACK"
            && state.heard.iter().any(|heard| {
                heard.message.start == message.start && heard.message.header("Via") == message.header("Via")
            });
        if !again {
            state.heard.push(Heard { message: message.clone(), at: Instant::now(), taken: false });
        }
        match (message.status(), message.method()) {
            (0, "INVITE") => self.on_invite(&mut state, message, again),
            (0, "CANCEL") => self.on_cancel(&mut state, message),
            (0, "BYE") => {
                if let Some(call) = state.calls.get_mut(message.call_id()) {
                    call.place = Place::Over;
                }
                vec![self.response(message, 200, "OK", "", "")]
            }
            (0, "ACK") => Vec::new(),
            (0, _) => vec![self.response(message, 200, "OK", "", "")],
            (200.., "INVITE") => self.on_final(&mut state, message),
            _ => Vec::new(),
        }
    }

    fn on_invite(&self, state: &mut State, invite: &Message, again: bool) -> Vec<String> {
        if invite.header("To").contains("tag=") {
            return vec![self.ok_to_invite(invite)];
        }
        if again {
            return Vec::new();
        }
        let call = Call {
            place: Place::Early,
            invite: invite.clone(),
            ours: false,
            local: self.tagged(invite),
            remote: invite.header("From").to_owned(),
            target: invite.contact_uri().to_owned(),
            routes: invite.all("Record-Route").map(str::to_owned).collect(),
            cseq: 0,
        };
        state.calls.insert(invite.call_id().to_owned(), call);
        if state.rings { vec![self.response(invite, 180, "Ringing", "", "")] } else { Vec::new() }
    }

    fn on_cancel(&self, state: &mut State, cancel: &Message) -> Vec<String> {
        let ok = self.response(cancel, 200, "OK", "", "");
        let on_cancel = state.on_cancel;
        let Some(call) = state.calls.get_mut(cancel.call_id()).filter(|call| call.place == Place::Early)
        else {
            return vec![ok];
        };
        match on_cancel {
            OnCancel::Stop => {
                call.place = Place::Over;
                vec![ok, self.response(&call.invite, 487, "Request Terminated", "", "")]
            }
            OnCancel::AnswerAnyway => {
                call.place = Place::Talking;
                vec![self.ok_to_invite(&call.invite), ok]
            }
        }
    }

    fn on_final(&self, state: &mut State, response: &Message) -> Vec<String> {
        let lose = state.acks_to_lose > 0;
        state.acks_to_lose = state.acks_to_lose.saturating_sub(1);
        let Some(call) = state.calls.get_mut(response.call_id()) else { return Vec::new() };
        call.remote = response.header("To").to_owned();
        let ack = if response.status() < 300 {
            call.place = if call.place == Place::Over { Place::Over } else { Place::Talking };
            call.target = response.contact_uri().to_owned();
            call.routes = response.all("Record-Route").map(str::to_owned).collect();
            call.routes.reverse();
            self.in_dialog("ACK", call, response.cseq())
        } else {
            call.place = Place::Over;
            self.ack_of_refusal(call)
        };
        if lose { Vec::new() } else { vec![ack] }
    }

    /// The `To` of a request to us, with our tag.
    fn tagged(&self, request: &Message) -> String {
        let to = request.header("To");
        if to.contains("tag=") { to.to_owned() } else { format!("{to};tag=p{}", self.local.port()) }
    }

    fn ok_to_invite(&self, invite: &Message) -> String {
        self.response(invite, 200, "OK", &self.offer_headers(), &self.sdp())
    }

    fn offer_headers(&self) -> String {
        format!(
            "Contact: <sip:{}@{}>\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nContent-Type: application/sdp",
            self.user, self.local
        )
    }

    fn sdp(&self) -> String {
        let port = self.media.local_addr().map_or(9, |address| address.port());
        let ip = self.local.ip();
        format!(
            "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 101\r\n\
             a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n"
        )
    }

    fn response(&self, request: &Message, status: u16, reason: &str, more: &str, body: &str) -> String {
        let mut lines = vec![format!("SIP/2.0 {status} {reason}")];
        for name in ["Via", "Record-Route"] {
            lines.extend(request.all(name).map(|value| format!("{name}: {value}")));
        }
        lines.push(format!("From: {}", request.header("From")));
        lines.push(format!("To: {}", self.tagged(request)));
        lines.push(format!("Call-ID: {}", request.call_id()));
        lines.push(format!("CSeq: {}", request.header("CSeq")));
        finish(lines, more, body)
    }

    #[expect(clippy::too_many_arguments, reason = "the lines of a request, in their order")]
    fn request(
        &self,
        method: &str,
        uri: &str,
        from: &str,
        to: &str,
        call_id: &str,
        cseq: u32,
        more: &str,
        body: &str,
    ) -> String {
        let via = format!("SIP/2.0/UDP {};branch=z9hG4bK-{};rport", self.local, self.fresh("b"));
        let lines = vec![
            format!("{method} {uri} SIP/2.0"),
            format!("Via: {via}"),
            "Max-Forwards: 70".to_owned(),
            format!("From: {from}"),
            format!("To: {to}"),
            format!("Call-ID: {call_id}"),
            format!("CSeq: {cseq} {method}"),
        ];
        finish(lines, more, body)
    }

    fn in_dialog(&self, method: &str, call: &Call, cseq: u32) -> String {
        let routes: Vec<String> = call.routes.iter().map(|route| format!("Route: {route}")).collect();
        let call_id = call.invite.call_id();
        self.request(method, &call.target, &call.local, &call.remote, call_id, cseq, &routes.join("\r\n"), "")
    }

    /// The ACK of a refusal belongs to the INVITE's own transaction (RFC 3261 section 17.1.1.3).
    fn ack_of_refusal(&self, call: &Call) -> String {
        self.same_branch("ACK", &call.invite, &call.remote)
    }

    fn cancel(&self, invite: &Message) -> String {
        self.same_branch("CANCEL", invite, invite.header("To"))
    }

    fn same_branch(&self, method: &str, invite: &Message, to: &str) -> String {
        let uri = invite.start.split(' ').nth(1).unwrap_or("");
        let lines = vec![
            format!("{method} {uri} SIP/2.0"),
            format!("Via: {}", invite.header("Via")),
            "Max-Forwards: 70".to_owned(),
            format!("From: {}", invite.header("From")),
            format!("To: {to}"),
            format!("Call-ID: {}", invite.call_id()),
            format!("CSeq: {} {method}", invite.cseq()),
        ];
        finish(lines, "", "")
    }
}

fn finish(mut lines: Vec<String>, more: &str, body: &str) -> String {
    if !more.is_empty() {
        lines.push(more.to_owned());
    }
    lines.push(format!("Content-Length: {}", body.len()));
    format!("{}\r\n\r\n{body}", lines.join("\r\n"))
}
