//! A phone of our own over UDP, for moments no real phone can be brought to at will.
//!
//! A thread does what any phone does unasked (rings, acknowledges, answers BYE and OPTIONS); the test decides
//! the rest: when to answer, what to send, which ACK to lose. Everything that came is kept in the order in
//! which it came, and [`Phone::wait`] takes out of it.

mod line;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::sip::{self, Message};
use line::{Call, Line, State};

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

    /// Watches the messages of a mailbox for `expires` seconds; the notifications come to [`Phone::wait`].
    ///
    /// # Errors
    /// When the server does not let it.
    pub fn subscribe(&self, mailbox: &str, expires: u32) -> anyhow::Result<Message> {
        let line = &self.line;
        let uri = format!("sip:{mailbox}@{}", line.server);
        let call_id = line.fresh("subscribe");
        let from = format!("<sip:{}@{}>;tag={}", line.user, line.server, line.fresh("s"));
        let event = format!(
            "Contact: <sip:{}@{}>\r\nEvent: message-summary\r\nExpires: {expires}\r\n\
             Accept: application/simple-message-summary",
            line.user, line.local
        );
        let send = |cseq: u32, more: &str| {
            let to = format!("<{uri}>");
            line.send(&line.request("SUBSCRIBE", &uri, &from, &to, &call_id, cseq, more, ""))?;
            self.wait("a response to SUBSCRIBE", ANSWER_TIMEOUT, |message| {
                message.call_id() == call_id && message.cseq() == cseq && message.status() >= 200
            })
        };
        let first = send(1, &event)?;
        let authorization = sip::authorization(&first, (&line.user, &line.password), "SUBSCRIBE", &uri)?;
        let answer = send(2, &format!("{event}\r\nAuthorization: {authorization}"))?;
        if answer.status() != 200 {
            bail!("SUBSCRIBE of {} to {mailbox}: {}", line.user, answer.start);
        }
        Ok(answer)
    }

    /// Calls `number`; returns the call's name. Responses come to [`Phone::wait`].
    ///
    /// # Errors
    /// When the datagram cannot be sent.
    pub fn call(&self, number: &str) -> anyhow::Result<String> {
        self.call_with(number, &self.line.sdp())
    }

    /// As [`Phone::call`], with an offer that somebody else made.
    ///
    /// # Errors
    /// As [`Phone::call`].
    pub fn call_with(&self, number: &str, offer: &str) -> anyhow::Result<String> {
        let line = &self.line;
        let call_id = line.fresh("call");
        let uri = format!("sip:{number}@{}", line.server);
        let local = format!("<sip:{}@{}>;tag={}", line.user, line.local, line.fresh("t"));
        let remote = format!("<{uri}>");
        let text = line.request("INVITE", &uri, &local, &remote, &call_id, 1, &line.offer_headers(), offer);
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
            given_up: false,
        };
        line.state().calls.insert(call_id.clone(), call);
        line.send(&text)?;
        Ok(call_id)
    }

    /// Makes another offer in an answered call, and returns the answer.
    ///
    /// # Errors
    /// When there is no such call, or the offer is refused.
    pub fn reinvite(&self, call_id: &str, offer: &str) -> anyhow::Result<String> {
        let line = &self.line;
        let (text, cseq) = {
            let mut state = line.state();
            let call = state.calls.get_mut(call_id).context("no such call")?;
            call.cseq += 1;
            (line.reinvite(call, call.cseq, offer), call.cseq)
        };
        line.send(&text)?;
        self.answered(call_id, cseq)
    }

    /// Waits for the final answer to an INVITE of ours, and returns its description.
    ///
    /// # Errors
    /// When it is refused, or not answered at all.
    pub fn answered(&self, call_id: &str, cseq: u32) -> anyhow::Result<String> {
        let answer = self.wait("an answer to INVITE", ANSWER_TIMEOUT, |message| {
            message.call_id() == call_id && message.cseq() == cseq && message.status() >= 200
        })?;
        if answer.status() != 200 {
            bail!("INVITE of {}: {} {}", self.line.user, answer.start, answer.header("Warning"));
        }
        Ok(answer.body.clone())
    }

    /// Waits until the server asks this phone to ring, and returns the INVITE.
    ///
    /// # Errors
    /// When it does not in time.
    pub fn rung(&self, timeout: Duration) -> anyhow::Result<Message> {
        self.wait("an INVITE", timeout, |message| message.is_request("INVITE"))
    }

    /// Answers a call; false when it was over already, and nothing was sent.
    ///
    /// # Errors
    /// When the datagram cannot be sent.
    pub fn answer(&self, invite: &Message) -> anyhow::Result<bool> {
        let text = self.line.ok_to_invite(invite);
        // The lock is held while it is sent: a CANCEL must find the call either ringing or answered.
        let mut state = self.line.state();
        let Some(call) = state.calls.get_mut(invite.call_id()).filter(|call| call.place != Place::Over)
        else {
            return Ok(false);
        };
        call.place = Place::Talking;
        self.line.send(&text)?;
        Ok(true)
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
        let text = match call.place {
            Place::Talking => {
                call.place = Place::Over;
                call.cseq += 1;
                line.in_dialog("BYE", call, call.cseq)
            }
            Place::Early if call.ours => {
                call.given_up = true;
                line.cancel(&call.invite)
            }
            Place::Early | Place::Over => bail!("the call is {:?} and cannot be hung up", call.place),
        };
        drop(state);
        line.send(&text)
    }

    /// Presses a key in an answered call, by INFO.
    ///
    /// # Errors
    /// When there is no such call, or it is not answered.
    pub fn press(&self, call_id: &str, key: char) -> anyhow::Result<()> {
        let line = &self.line;
        let mut state = line.state();
        let call = state.calls.get_mut(call_id).context("no such call")?;
        if call.place != Place::Talking {
            bail!("the call is {:?}: nobody would hear the key", call.place);
        }
        call.cseq += 1;
        let text = line.info(call, call.cseq, key);
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

    /// The first lines of all that has come, for a failure's message.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        self.line.state().heard.iter().map(|heard| heard.message.start.clone()).collect()
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
