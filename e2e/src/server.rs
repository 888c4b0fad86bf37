//! The server under test: the built binary on a data directory and ports of its own.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use anyhow::{Context as _, bail};
use nix::sys::signal::Signal;
use tempfile::TempDir;

use crate::{Api, Domain, Events, OWNER_EMAIL, OWNER_PASSWORD, Ports, Process, binary, until};

/// How long the server may take until it says it is ready.
const READY_TIMEOUT: Duration = Duration::from_secs(30);

/// Ports a test's phones and callers may use, apart from the server's.
const CLIENT_PORTS: u16 = 200;

/// What a test may want otherwise than usual.
#[derive(Clone, Debug)]
pub struct Options {
    /// Digest algorithms in the order offered. SIPp 3.6 reads only the first challenge, and knows MD5.
    pub digest: &'static str,
    /// How many UDP ports the server has for media; each leg takes two.
    pub rtp_ports: u16,
    /// Further settings, as environment variables.
    pub settings: Vec<(&'static str, String)>,
    /// The binary, if not the one built beside the test.
    pub binary: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { digest: "md5,sha256", rtp_ports: 200, settings: Vec::new(), binary: None }
    }
}

/// A running server and everything a test needs beside it. All of it is gone when the value is dropped.
pub struct Server {
    /// Where SIP is taken, over UDP and TCP alike.
    pub sip: SocketAddr,
    /// Where HTTP is taken.
    pub http: SocketAddr,
    /// The API as the owner sees it.
    pub api: Api,
    /// Ports for this test's own clients.
    pub ports: Ports,
    process: Process,
    options: Options,
    rtp: (u16, u16),
    folder: TempDir,
}

impl Server {
    /// Provisions `domain` and starts the server with it.
    ///
    /// # Errors
    /// When the binary is missing, refuses the provisioning file, or does not become ready.
    pub fn start(domain: &Domain) -> anyhow::Result<Self> {
        Self::start_with(&domain.yaml(), Options::default())
    }

    /// The same with a provisioning file as text, and options.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_with(yaml: &str, options: Options) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut ports = Ports::claim(options.rtp_ports + CLIENT_PORTS)?;
        let rtp = ports.range(options.rtp_ports)?;
        let sip = SocketAddr::from((Ipv4Addr::LOCALHOST, ports.pair()?));
        let http = SocketAddr::from((Ipv4Addr::LOCALHOST, ports.pair()?));
        let file = folder.path().join("domain.yaml");
        std::fs::write(&file, yaml)?;
        let data = folder.path().join("data");
        let applied = run(&options, &["apply".as_ref(), file.as_ref(), "--data".as_ref(), data.as_ref()])?;
        if !applied.status.success() {
            bail!("apply: {}", String::from_utf8_lossy(&applied.stderr));
        }
        let process = serve(&options, &data, sip, http, rtp, folder.path())?;
        let api = Api::new(&http.to_string());
        let mut server = Self { sip, http, api, ports, process, options, rtp, folder };
        server.await_ready()?;
        server.api = server.api.log_in(OWNER_EMAIL, OWNER_PASSWORD)?;
        Ok(server)
    }

    fn await_ready(&mut self) -> anyhow::Result<()> {
        let (api, process) = (&self.api, &mut self.process);
        until("the server to be ready", READY_TIMEOUT, || {
            if let Some(status) = process.ended()? {
                bail!("the server ended ({status}): {}", process.output());
            }
            Ok(api.get("/readyz").is_ok_and(|answer| answer.status == 200).then_some(()))
        })
        .with_context(|| format!("it said: {}", self.process.output()))
    }

    /// The event socket, with its snapshot taken.
    ///
    /// # Errors
    /// When the server refuses it.
    pub fn events(&self) -> anyhow::Result<Events> {
        Events::connect(&self.http.to_string(), &self.api)
    }

    /// The server's process id, for `/proc`.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Where this test may write.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The server's data directory.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What the server has printed.
    #[must_use]
    pub fn output(&self) -> String {
        self.process.output()
    }

    /// An error when the server is no longer alive and well, with what it said.
    ///
    /// # Errors
    /// When it has ended, does not answer, or has panicked.
    pub fn check_alive(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.process.ended()? {
            bail!("the server ended ({status}): {}", self.process.output());
        }
        let health = self.api.get("/healthz")?;
        if health.status != 200 || self.process.output().contains("panicked") {
            bail!("/healthz says {}; the server said: {}", health.status, self.process.output());
        }
        Ok(())
    }

    /// Another `serve` on the same data directory and other ports, as far as it gets.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn second(&mut self) -> anyhow::Result<Process> {
        let sip = SocketAddr::from((Ipv4Addr::LOCALHOST, self.ports.pair()?));
        let http = SocketAddr::from((Ipv4Addr::LOCALHOST, self.ports.pair()?));
        let folder = self.folder.path().join("second");
        std::fs::create_dir_all(&folder)?;
        serve(&self.options, &self.data(), sip, http, self.rtp, &folder)
    }

    /// Another `serve` on the same ports and a data directory of its own, as far as it gets.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn same_ports(&self) -> anyhow::Result<Process> {
        let folder = self.folder.path().join("other");
        std::fs::create_dir_all(&folder)?;
        serve(&self.options, &folder.join("data"), self.sip, self.http, self.rtp, &folder)
    }

    /// Ends the server as an operator would, and says how it ended.
    ///
    /// # Errors
    /// When it does not end in time.
    pub fn stop(&mut self, timeout: Duration) -> anyhow::Result<std::process::ExitStatus> {
        self.process.signal(Signal::SIGTERM);
        self.process.wait(timeout)
    }

    /// Tells the server to take over what may have changed.
    pub fn reload(&mut self) {
        self.process.signal(Signal::SIGHUP);
    }

    /// Kills the server without a warning, as a crash or the system would.
    ///
    /// # Errors
    /// When it does not end.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.process.signal(Signal::SIGKILL);
        self.process.wait(Duration::from_secs(5)).map(drop)
    }

    /// Starts the server again, on the same data directory and ports, once it has ended.
    ///
    /// # Errors
    /// When it does not become ready.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        let (sip, http) = (self.sip, self.http);
        self.process = serve(&self.options, &self.data(), sip, http, self.rtp, self.folder.path())?;
        self.await_ready()
    }

    /// Starts the demo on ports of its own; its files and output are in `folder`. Returns where HTTP is.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn demo(folder: &Path, ports: &mut Ports) -> anyhow::Result<(Process, SocketAddr)> {
        let rtp = ports.range(100)?;
        let sip = SocketAddr::from((Ipv4Addr::LOCALHOST, ports.pair()?));
        let http = SocketAddr::from((Ipv4Addr::LOCALHOST, ports.pair()?));
        let mut command = command(&Options::default())?;
        command
            .args(["demo", "--between-callers", "1"])
            .current_dir(folder)
            .env("TMPDIR", folder)
            .env("CORDBOARD_HTTP_LISTEN", http.to_string())
            .env("CORDBOARD_SIP_UDP", sip.to_string())
            .env("CORDBOARD_SIP_TCP", sip.to_string())
            .env("CORDBOARD_RTP_PORTS", format!("{}-{}", rtp.0, rtp.1));
        Ok((Process::start(command, folder, "demo")?, http))
    }

    /// Runs the binary once to its end.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn run(arguments: &[&std::ffi::OsStr]) -> anyhow::Result<Output> {
        run(&Options::default(), arguments)
    }
}

fn command(options: &Options) -> anyhow::Result<Command> {
    let program = options.binary.clone().map_or_else(|| binary("cordboard"), Ok)?;
    let mut command = Command::new(program);
    // The developer's own settings must not reach a test.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CORDBOARD_") {
            command.env_remove(name);
        }
    }
    Ok(command)
}

fn run(options: &Options, arguments: &[&std::ffi::OsStr]) -> anyhow::Result<Output> {
    command(options)?.args(arguments).output().context("running cordboard")
}

fn serve(
    options: &Options,
    data: &Path,
    sip: SocketAddr,
    http: SocketAddr,
    rtp: (u16, u16),
    folder: &Path,
) -> anyhow::Result<Process> {
    let mut command = command(options)?;
    command
        .args(["serve".as_ref(), "--data".as_ref(), data.as_os_str()])
        .current_dir(folder)
        .env("CORDBOARD_HTTP_LISTEN", http.to_string())
        .env("CORDBOARD_SIP_UDP", sip.to_string())
        .env("CORDBOARD_SIP_TCP", sip.to_string())
        .env("CORDBOARD_SIP_DIGEST", options.digest)
        .env("CORDBOARD_RTP_PORTS", format!("{}-{}", rtp.0, rtp.1))
        .env("CORDBOARD_OWNER_EMAIL", OWNER_EMAIL)
        .env("CORDBOARD_OWNER_PASSWORD", OWNER_PASSWORD)
        .envs(options.settings.iter().map(|(name, value)| (*name, value.as_str())));
    Process::start(command, folder, "server")
}
