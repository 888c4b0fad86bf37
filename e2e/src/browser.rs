//! A real browser with one peer connection. It knows no SIP: what it offers is carried by a [`Phone`](crate::Phone).

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

/// Lines that may wait to be read: it answers one for each that it is told.
const LINES_MAX: usize = 16;
/// A browser takes seconds to start, and longer when others do.
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// What it is told ends by itself within ten seconds.
const DONE_TIMEOUT: Duration = Duration::from_secs(15);

/// And as long to end.
const END_TIMEOUT: Duration = Duration::from_secs(5);

/// A running browser; it ends with the value.
pub struct Browser {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Browser {
    /// Starts one. `folder` holds `browser.mjs` and the modules it needs.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(folder: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new("node");
        command.arg("browser.mjs").current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("starting node")?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = BufReader::new(output.context("no output")?);
        let (tell, lines) = sync_channel(LINES_MAX);
        std::thread::Builder::new().name("browser".into()).spawn(move || {
            // Nobody listens any more when the test is over.
            output.lines().map_while(Result::ok).try_for_each(|line| tell.send(line))
        })?;
        let mut browser = Self { child, input, lines };
        browser.answer(START_TIMEOUT).context("the browser does not come up")?;
        Ok(browser)
    }

    /// What it offers, with a tone at its microphone.
    ///
    /// # Errors
    /// When it cannot.
    pub fn offer(&mut self, hertz: f64, how: &Value) -> anyhow::Result<String> {
        let mut what = json!({ "what": "offer", "hertz": hertz });
        if let (Some(what), Some(how)) = (what.as_object_mut(), how.as_object()) {
            what.extend(how.clone());
        }
        let answer = self.tell(&what)?;
        answer["sdp"].as_str().map(str::to_owned).context("no description")
    }

    /// Takes an answer and waits until it is connected.
    ///
    /// # Errors
    /// When it is not within ten seconds.
    pub fn accept(&mut self, sdp: &str) -> anyhow::Result<()> {
        self.tell(&json!({ "what": "accept", "sdp": sdp })).map(|_| ())
    }

    /// Waits until it hears a tone in four fifths of the power.
    ///
    /// # Errors
    /// When it does not within ten seconds.
    pub fn hear(&mut self, hertz: f64) -> anyhow::Result<()> {
        self.tell(&json!({ "what": "hear", "hertz": hertz })).map(|_| ())
    }

    /// Tells it something and waits until it is done.
    ///
    /// # Errors
    /// When it fails or takes too long.
    pub fn tell(&mut self, what: &Value) -> anyhow::Result<Value> {
        writeln!(self.input.as_mut().context("no input")?, "{what}")?;
        self.answer(DONE_TIMEOUT).with_context(|| format!("the browser was told: {}", what["what"]))
    }

    fn answer(&mut self, timeout: Duration) -> anyhow::Result<Value> {
        let line = self.lines.recv_timeout(timeout).context("it says nothing")?;
        let answer: Value = serde_json::from_str(&line).with_context(|| line.clone())?;
        match answer["error"].as_str() {
            Some(error) => bail!("{error}"),
            None => Ok(answer),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends its own processes when its input ends; killed first, it would leave them behind.
        self.input = None;
        let ended = crate::until("the browser to end", END_TIMEOUT, || Ok(self.child.try_wait()?));
        if ended.is_err() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
