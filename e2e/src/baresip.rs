//! baresip, a SIP phone nobody here wrote: real registration, real audio, both directions recorded.
//!
//! It is controlled over `ctrl_tcp`: JSON in netstrings. Traps it has, all met: a second control connection
//! takes over the first silently; it binds the port after its own for TLS; the end of its WAV ends the call,
//! so tones are long; the modules `mwi` and `presence` can loop for ever, so they are left out.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::{Listened, Ports, Process, tone, until, wait};

/// Seconds after which a phone ends by itself, whatever became of the test that started it.
const LIFE: &str = "300";
/// Seconds of tone: longer than any call here.
const TONE_SECONDS: u32 = 120;
/// How long a command may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the phone may take to come up.
const START_TIMEOUT: Duration = Duration::from_secs(15);

/// Who the phone is.
#[derive(Clone, Debug)]
pub struct Account {
    /// The SIP user.
    pub user: String,
    /// The phone's password; without one it does not register, as a trunk.
    pub password: Option<String>,
    /// The server.
    pub server: SocketAddr,
    /// `udp`, `tcp` or `tls`.
    pub transport: &'static str,
    /// Whether it answers by itself.
    pub answers: bool,
    /// What its microphone hears, in Hz.
    pub tone: f64,
    /// What it speaks, best first.
    pub codecs: &'static str,
}

impl Account {
    /// Both laws of G.711.
    pub const G711: &'static str = "PCMU/8000/1,PCMA/8000/1";
    /// Opus and nothing else.
    pub const OPUS: &'static str = "opus/48000/2";
    /// Either.
    pub const OPUS_OR_G711: &'static str = "opus/48000/2,PCMU/8000/1";
}

/// What a phone may have in its files beside the usual.
#[derive(Clone, Debug, Default)]
pub struct More {
    /// Lines of its configuration.
    pub config: String,
    /// Parameters of its account, each after a semicolon.
    pub account: String,
}

/// A running phone.
pub struct Baresip {
    account: Account,
    folder: PathBuf,
    address: SocketAddr,
    control: TcpStream,
    buffer: Vec<u8>,
    events: VecDeque<Value>,
    process: Process,
}

impl Baresip {
    /// Starts a phone with its files in `folder/<user>`.
    ///
    /// # Errors
    /// When baresip is not installed, or does not come up.
    pub fn start(account: Account, folder: &Path, ports: &mut Ports) -> anyhow::Result<Self> {
        Self::start_with(account, folder, ports, &More::default())
    }

    /// The same with more in its files.
    ///
    /// # Errors
    /// As [`Baresip::start`].
    pub fn start_with(
        account: Account,
        folder: &Path,
        ports: &mut Ports,
        more: &More,
    ) -> anyhow::Result<Self> {
        let folder = folder.join(format!("baresip-{}", account.user));
        std::fs::create_dir_all(&folder)?;
        let sip = ports.pair()?;
        let control = ports.pair()?;
        let rtp = ports.range(20)?;
        tone::write_tone(&folder.join("tone.wav"), account.tone, TONE_SECONDS)?;
        let text = config(&folder, &account, sip, control, rtp);
        std::fs::write(folder.join("config"), format!("{text}{}", more.config))?;
        let text = accounts(&account, sip);
        std::fs::write(folder.join("accounts"), format!("{}{}\n", text.trim_end(), more.account))?;
        std::fs::write(folder.join("contacts"), "")?;
        let mut command = Command::new("timeout");
        command.args(["-k", "5", LIFE, "baresip", "-4", "-f"]).arg(&folder).current_dir(&folder);
        let mut process = Process::start(command, &folder, "baresip")?;
        let control = until("baresip's control port", START_TIMEOUT, || {
            if let Some(status) = process.ended()? {
                bail!("baresip ended ({status}): {}", process.output());
            }
            Ok(TcpStream::connect(("127.0.0.1", control)).ok())
        })?;
        let address = SocketAddr::from(([127, 0, 0, 1], sip));
        Ok(Self { account, folder, address, control, buffer: Vec::new(), events: VecDeque::new(), process })
    }

    /// Where it takes calls.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets the call go on for a while.
    pub fn talk(&self, time: Duration) {
        wait::sit_out(time);
    }

    /// Waits until it is registered.
    ///
    /// # Errors
    /// When the server refuses it, or does not answer.
    pub fn await_registered(&mut self) -> anyhow::Result<()> {
        // The registration may have been answered before the control connection was there to be told.
        let end = Instant::now() + START_TIMEOUT;
        while Instant::now() < end {
            let info = self.command("reginfo", "")?;
            if info["data"].as_str().is_some_and(|data| data.contains("OK")) {
                return Ok(());
            }
            if let Ok(event) = self.wait_any(&["REGISTER_OK", "REGISTER_FAIL"], Duration::from_millis(500)) {
                match event["type"].as_str() {
                    Some("REGISTER_OK") => return Ok(()),
                    _ => bail!("{} was not registered: {event}", self.account.user),
                }
            }
        }
        bail!("{} did not register: {}", self.account.user, self.process.output())
    }

    /// Waits until the server has refused its registration.
    ///
    /// # Errors
    /// When it was not refused in time.
    pub fn await_refused(&mut self) -> anyhow::Result<Value> {
        self.wait("REGISTER_FAIL", START_TIMEOUT)
    }

    /// Dials a number at the server.
    ///
    /// # Errors
    /// When baresip does not take the command.
    pub fn dial(&mut self, number: &str) -> anyhow::Result<()> {
        let transport = over(self.account.transport);
        let target = format!("sip:{number}@{}{transport}", self.account.server);
        self.command("dial", &target).map(|_| ())
    }

    /// Answers the call that rings.
    ///
    /// # Errors
    /// When baresip does not take the command.
    pub fn accept(&mut self) -> anyhow::Result<()> {
        self.command("accept", "").map(|_| ())
    }

    /// Ends or refuses the current call.
    ///
    /// # Errors
    /// When baresip does not take the command.
    pub fn hang_up(&mut self) -> anyhow::Result<()> {
        self.command("hangup", "").map(|_| ())
    }

    /// Presses a key in the current call.
    ///
    /// # Errors
    /// When baresip does not take the command.
    pub fn press(&mut self, key: char) -> anyhow::Result<()> {
        self.command("sndcode", &key.to_string()).map(|_| ())
    }

    /// Sends a command and returns its answer.
    ///
    /// # Errors
    /// When it is not answered.
    pub fn command(&mut self, command: &str, parameters: &str) -> anyhow::Result<Value> {
        let message = json!({"command": command, "params": parameters, "token": "t"}).to_string();
        write!(self.control, "{}:{message},", message.len())?;
        let end = Instant::now() + COMMAND_TIMEOUT;
        while let Some(answer) = self.read(end)? {
            if answer["response"] == true {
                return Ok(answer);
            }
            self.events.push_back(answer);
        }
        bail!("baresip did not answer {command}; it said: {}", self.process.output())
    }

    /// Takes the first event of this type, waiting for it if need be.
    ///
    /// # Errors
    /// When it does not come in time; says what came instead.
    pub fn wait(&mut self, event: &str, timeout: Duration) -> anyhow::Result<Value> {
        self.wait_any(&[event], timeout)
    }

    fn wait_any(&mut self, types: &[&str], timeout: Duration) -> anyhow::Result<Value> {
        let fits = |event: &Value| event["type"].as_str().is_some_and(|found| types.contains(&found));
        if let Some(at) = self.events.iter().position(fits) {
            return self.events.remove(at).context("an event just found");
        }
        let end = Instant::now() + timeout;
        while let Some(event) = self.read(end)? {
            if fits(&event) {
                return Ok(event);
            }
            self.events.push_back(event);
        }
        let came: Vec<_> = self.events.iter().map(|event| event["type"].to_string()).collect();
        bail!("{} waited {timeout:?} for {types:?}; came: {}", self.account.user, came.join(" "))
    }

    /// Forgets events that nobody asked for.
    pub fn forget_events(&mut self) {
        self.events.clear();
    }

    /// The newest recording of what it heard, once it is there and no longer grows.
    ///
    /// # Errors
    /// When there is none.
    pub fn recording(&self) -> anyhow::Result<PathBuf> {
        let mut last = None;
        until("a finished recording", COMMAND_TIMEOUT, || {
            let newest = self.recordings()?.pop();
            let size = newest
                .as_ref()
                .and_then(|path| path.metadata().ok())
                .map(|meta| (newest.clone(), meta.len()));
            let settled = size.is_some() && size == last;
            last = size;
            Ok(newest.filter(|_| settled))
        })
    }

    /// What it hears from now on, for so long, in the call that it is in.
    ///
    /// # Errors
    /// When it is in none.
    pub fn hear(&self, frequency: f64, time: Duration) -> anyhow::Result<Listened> {
        let path = self.recordings()?.pop().context("it is in no call")?;
        let so_far = tone::samples(&path)?;
        wait::sit_out(time);
        tone::listen_from(&path, frequency, so_far)
    }

    /// Every recording of what it heard, oldest first.
    ///
    /// # Errors
    /// When its folder cannot be read.
    pub fn recordings(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with("-dec.wav") {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    }

    /// What it has printed.
    #[must_use]
    pub fn output(&self) -> String {
        self.process.output()
    }

    /// The next message, or nothing when none comes before `end`.
    fn read(&mut self, end: Instant) -> anyhow::Result<Option<Value>> {
        let mut chunk = [0; 4096];
        loop {
            if let Some(message) = netstring(&mut self.buffer)? {
                return Ok(Some(message));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            self.control.set_read_timeout(Some(left))?;
            match self.control.read(&mut chunk) {
                Ok(0) => bail!("baresip closed its control port; it said: {}", self.process.output()),
                Ok(length) => self.buffer.extend_from_slice(chunk.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error).context("baresip's control port"),
            }
        }
    }
}

/// Takes one netstring off the front, if it is complete.
fn netstring(buffer: &mut Vec<u8>) -> anyhow::Result<Option<Value>> {
    let Some(colon) = buffer.iter().position(|&byte| byte == b':') else { return Ok(None) };
    let length: usize =
        std::str::from_utf8(&buffer[..colon])?.trim().parse().context("a netstring's length")?;
    let end = colon + 1 + length;
    if buffer.len() <= end {
        return Ok(None);
    }
    // baresip does not escape control characters in what it quotes.
    let text: String = String::from_utf8_lossy(&buffer[colon + 1..end])
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    buffer.drain(..=end);
    Ok(Some(serde_json::from_str(&text).with_context(|| format!("baresip said {text}"))?))
}

fn config(folder: &Path, account: &Account, sip: u16, control: u16, rtp: (u16, u16)) -> String {
    let (folder, name) = (folder.display(), &account.user);
    let opus = account.codecs.contains("opus").then_some("opus");
    let mut out = format!(
        "poll_method epoll\nsip_listen 127.0.0.1:{sip}\nnet_interface 127.0.0.1\ncall_local_timeout 120\n\
         call_max_calls 4\naudio_source aufile,{folder}/tone.wav\naudio_player aubridge,{name}-sink\n\
         audio_alert aubridge,{name}-alert\nausrc_srate 8000\nauplay_srate 8000\nausrc_channels 1\n\
         auplay_channels 1\nrtp_ports {}-{}\njitter_buffer_delay 1-5\nsnd_path {folder}\n\
         ctrl_tcp_listen 127.0.0.1:{control}\nmodule_path /usr/lib/baresip/modules\n",
        rtp.0, rtp.1
    );
    for module in ["g711", "aufile", "aubridge", "sndfile"].into_iter().chain(opus) {
        let _ = writeln!(out, "module {module}.so");
    }
    out.push_str("module_tmp account.so\n");
    for module in ["menu", "debug_cmd", "ctrl_tcp"] {
        let _ = writeln!(out, "module_app {module}.so");
    }
    out
}

fn over(transport: &str) -> String {
    if transport == "udp" { String::new() } else { format!(";transport={transport}") }
}

fn accounts(account: &Account, sip: u16) -> String {
    let Account { user, password, server, transport, answers, codecs, .. } = account;
    let mode = if *answers { "auto" } else { "manual" };
    let codecs = format!("audio_codecs={codecs}");
    let over = over(transport);
    match password {
        Some(password) => format!(
            "<sip:{user}@{server}{over}>;auth_user={user};auth_pass={password};regint=60;answermode={mode};{codecs}\n"
        ),
        None => format!("<sip:{user}@127.0.0.1:{sip}{over}>;regint=0;answermode={mode};{codecs}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn netstrings_are_taken_one_by_one() -> anyhow::Result<()> {
        let mut buffer = b"7:{\"a\":1},7:{\"a\":2},3:{".to_vec();
        assert_eq!(netstring(&mut buffer)?, Some(json!({"a": 1})));
        assert_eq!(netstring(&mut buffer)?, Some(json!({"a": 2})));
        assert_eq!(netstring(&mut buffer)?, None);
        Ok(())
    }
}
