//! The contact centre under measurement: a server, its provisioning, and clients to load it with.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use e2e::{Options, Server, Sipp, SippRun, phone_password};
use tempfile::TempDir;

/// How long SIPp may take for any one part.
pub(crate) const PART_TIMEOUT: Duration = Duration::from_secs(120);

/// The queue every case calls.
pub(crate) const QUEUE: &str = "8000";
/// The number that rings an agent without a queue.
pub(crate) const DIRECT: &str = "+4930";

/// Where results are kept, and which binary is measured.
pub(crate) struct Workplace {
    folder: PathBuf,
    binary: Option<PathBuf>,
}

impl Workplace {
    pub(crate) fn new(binary: Option<PathBuf>) -> anyhow::Result<Self> {
        let folder = TempDir::with_prefix("cordboard-bench-")?.keep();
        Ok(Self { folder, binary })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A server with so many agents, all of them members of the one queue, and none of them logged in.
    /// `calls` are as many as live at once: each takes two pairs of ports, and a pair rests before it is used again.
    pub(crate) fn server(&self, agents: u16, calls: u16) -> anyhow::Result<Server> {
        let options = Options {
            rtp_ports: calls * 4 + 500,
            // Callers here make no sound; they are not gone for that.
            settings: vec![
                ("CORDBOARD_RTP_SILENCE_TIMEOUT", "3600".to_owned()),
                ("CORDBOARD_LOG_LEVEL", "warn".to_owned()),
            ],
            binary: self.binary.clone(),
            ..Options::default()
        };
        Server::start_with(&provisioning(agents), options)
    }

    /// Registers all agents at the address where SIPp answers for them.
    pub(crate) fn register(&self, server: &mut Server, agents: u16, contact: &str) -> anyhow::Result<()> {
        let values = self.folder.join(format!("agents-{agents}.values"));
        std::fs::write(&values, credentials(agents))?;
        let run = Sipp::calling("register", server.sip, &mut server.ports)?
            .calls(u32::from(agents))
            .rate(100)
            .values(&values)
            .key("contact", contact)
            .key("expires", "3600")
            .start(&self.folder, &format!("register-{agents}"))?;
        let done = run.finish(PART_TIMEOUT)?;
        anyhow::ensure!(done.failed == 0, "{} of {agents} registrations failed", done.failed);
        Ok(())
    }

    /// Agents of SIPp at one address, registered, logged in and ready.
    pub(crate) fn agents(
        &self,
        server: &mut Server,
        scenario: &'static str,
        agents: u16,
    ) -> anyhow::Result<SippRun> {
        let called = Sipp::called(scenario, &mut server.ports)?;
        let address = called.address.to_string();
        let run = called.start(&self.folder, &format!("{scenario}-{agents}"))?;
        self.register(server, agents, &address)?;
        for extension in (1001..).take(usize::from(agents)) {
            server.api.make_ready(extension)?;
        }
        Ok(run)
    }
}

/// SIPp's file of values: who registers, and as whom.
pub(crate) fn credentials(agents: u16) -> String {
    (1001..).take(usize::from(agents)).fold("SEQUENTIAL\n".to_owned(), |mut out, extension: u16| {
        let password = phone_password(extension);
        let _ = writeln!(out, "{extension};[authentication username={extension} password={password}]");
        out
    })
}

/// The numbers of the agents' own phones, one a line, as SIPp reads them.
pub(crate) fn direct_numbers(agents: u16) -> String {
    (1001..).take(usize::from(agents)).fold("SEQUENTIAL\n".to_owned(), |mut out, extension: u16| {
        let _ = writeln!(out, "{DIRECT}{extension}");
        out
    })
}

fn provisioning(agents: u16) -> String {
    let domain = e2e::Domain { agents, auto_ready: true, max_waiting_time: 0, ..e2e::Domain::default() };
    let mut direct = "numbers:\n".to_owned();
    for extension in (1001..).take(usize::from(agents)) {
        let _ =
            writeln!(direct, "  - number: \"{DIRECT}{extension}\"\n    open: {{extension: \"{extension}\"}}");
    }
    domain.yaml().replace("numbers:\n", &direct)
}
