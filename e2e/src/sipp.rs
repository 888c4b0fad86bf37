//! SIPp: many phones and callers at once, signalling only, from the scenarios in `e2e/sipp`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, bail};
use nix::sys::signal::Signal;

use crate::{Ports, Process};

/// Seconds after which SIPp ends by itself, whatever became of the test that started it.
const LIFE: &str = "300";

/// A run to be started.
pub struct Sipp {
    /// Where it sends from, and is called at.
    pub address: SocketAddr,
    arguments: Vec<String>,
    scenario: &'static str,
    audio: Option<u16>,
}

/// A run under way.
pub struct SippRun {
    process: Process,
    statistics: PathBuf,
    errors: PathBuf,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Calls begun.
    pub created: u64,
    /// Calls that went as the scenario says.
    pub successful: u64,
    /// Calls that did not.
    pub failed: u64,
}

impl Sipp {
    /// The scenario `e2e/sipp/NAME.xml` as one who calls `server`, from a free port on loopback.
    ///
    /// # Errors
    /// When the test's ports are used up.
    pub fn calling(scenario: &'static str, server: SocketAddr, ports: &mut Ports) -> anyhow::Result<Self> {
        Ok(Self::called(scenario, ports)?.with(&[&server.to_string()]))
    }

    /// As [`Sipp::calling`], from a given address.
    ///
    /// # Errors
    /// When the test's ports are used up.
    pub fn calling_from(
        address: SocketAddr,
        scenario: &'static str,
        server: SocketAddr,
        ports: &mut Ports,
    ) -> anyhow::Result<Self> {
        Ok(Self::at(address, scenario, ports)?.with(&[&server.to_string()]))
    }

    /// The scenario `e2e/sipp/NAME.xml` as one who is called. Given a peer, SIPp would answer that one,
    /// whoever called, so it is given none.
    ///
    /// # Errors
    /// When the test's ports are used up.
    pub fn called(scenario: &'static str, ports: &mut Ports) -> anyhow::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, ports.pair()?));
        Self::at(address, scenario, ports)
    }

    fn at(address: SocketAddr, scenario: &'static str, ports: &mut Ports) -> anyhow::Result<Self> {
        // It takes two pairs for media: sound and picture.
        let (media, _) = ports.range(4)?;
        let sipp = Self { address, arguments: Vec::new(), scenario, audio: None };
        let (port, media) = (address.port().to_string(), media.to_string());
        Ok(sipp.with(&["-i", "127.0.0.1", "-p", &port, "-mp", &media, "-nostdin", "-timeout", LIFE]))
    }

    fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        self
    }

    /// Makes this many calls and ends; without it the run answers until it is stopped.
    #[must_use]
    pub fn calls(self, count: u32) -> Self {
        self.with(&["-m", &count.to_string()])
    }

    /// Calls per second.
    #[must_use]
    pub fn rate(self, rate: u32) -> Self {
        self.with(&["-r", &rate.to_string()])
    }

    /// Calls at the same time, at most.
    #[must_use]
    pub fn at_once(self, limit: u32) -> Self {
        self.with(&["-l", &limit.to_string()])
    }

    /// Who is called.
    #[must_use]
    pub fn number(self, number: &str) -> Self {
        self.with(&["-s", number])
    }

    /// How long a call lasts, where the scenario pauses.
    #[must_use]
    pub fn talk(self, time: Duration) -> Self {
        self.with(&["-d", &time.as_millis().to_string()])
    }

    /// Counts a call as failed when a message it waits for does not come for so many seconds.
    #[must_use]
    pub fn gives_up_after(self, seconds: u32) -> Self {
        self.with(&["-recv_timeout", &(seconds * 1000).to_string()])
    }

    /// Sends back all RTP that comes, to where it came from.
    #[must_use]
    pub fn echo(self) -> Self {
        self.with(&["-rtp_echo"])
    }

    /// Has the audio of every call sent to this port of loopback, in place of SIPp's own.
    #[must_use]
    pub fn audio_to(mut self, port: u16) -> Self {
        self.audio = Some(port);
        self
    }

    /// A value the scenario names in brackets.
    #[must_use]
    pub fn key(self, name: &str, value: &str) -> Self {
        self.with(&["-key", name, value])
    }

    /// A file with one line of values per call.
    #[must_use]
    pub fn values(self, path: &Path) -> Self {
        self.with(&["-inf", &path.to_string_lossy()])
    }

    /// Starts it; its files go to `folder`.
    ///
    /// # Errors
    /// When SIPp is not installed, or the folder cannot be written.
    pub fn start(self, folder: &Path, name: &str) -> anyhow::Result<SippRun> {
        let mut scenario =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("sipp").join(format!("{}.xml", self.scenario));
        if let Some(port) = self.audio {
            let text = std::fs::read_to_string(&scenario).context("the scenario")?;
            scenario = folder.join(format!("{name}.xml"));
            std::fs::write(&scenario, text.replace("[media_port]", &port.to_string()))?;
        }
        let statistics = folder.join(format!("{name}.csv"));
        let errors = folder.join(format!("{name}.errors"));
        let mut command = Command::new("sipp");
        command.args(&self.arguments).arg("-sf").arg(scenario);
        command.args(["-trace_stat", "-fd", "1", "-stf"]).arg(&statistics);
        command.args(["-trace_err", "-error_file"]).arg(&errors).current_dir(folder);
        Ok(SippRun { process: Process::start(command, folder, name)?, statistics, errors })
    }
}

impl SippRun {
    /// Waits for the end of a run with a number of calls.
    ///
    /// # Errors
    /// When it does not end in time.
    pub fn finish(mut self, timeout: Duration) -> anyhow::Result<Statistics> {
        let status = self.process.wait(timeout)?;
        let statistics = self.statistics().with_context(|| self.process.output())?;
        // SIPp says 1 for failed calls, which the statistics say too; anything else is a failure of its own.
        if !matches!(status.code(), Some(0 | 1)) {
            bail!("sipp ended with {status}: {}", self.errors());
        }
        Ok(statistics)
    }

    /// Stops a run that answers for ever, after the calls it has.
    ///
    /// # Errors
    /// When it does not stop in time.
    pub fn stop(mut self) -> anyhow::Result<Statistics> {
        self.process.signal(Signal::SIGUSR1);
        if self.process.wait(Duration::from_secs(10)).is_err() {
            self.process.signal(Signal::SIGTERM);
            self.process.wait(Duration::from_secs(10))?;
        }
        self.statistics()
    }

    /// What has been counted so far.
    ///
    /// # Errors
    /// When SIPp has written nothing.
    pub fn statistics(&self) -> anyhow::Result<Statistics> {
        let text = std::fs::read_to_string(&self.statistics).context("SIPp's statistics")?;
        let mut lines = text.lines();
        let names: Vec<&str> = lines.next().context("no statistics")?.split(';').collect();
        let values: Vec<&str> = lines.next_back().context("no statistics yet")?.split(';').collect();
        let value = |name: &str| -> anyhow::Result<u64> {
            let at =
                names.iter().position(|known| *known == name).with_context(|| format!("no column {name}"))?;
            Ok(values.get(at).context("a short line")?.parse()?)
        };
        Ok(Statistics {
            created: value("TotalCallCreated")?,
            successful: value("SuccessfulCall(C)")?,
            failed: value("FailedCall(C)")?,
        })
    }

    /// What went wrong, the first lines of it.
    #[must_use]
    pub fn errors(&self) -> String {
        let text = std::fs::read_to_string(&self.errors).unwrap_or_default();
        text.lines().take(20).collect::<Vec<_>>().join("\n")
    }
}
