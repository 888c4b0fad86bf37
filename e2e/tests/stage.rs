//! What several tests set up alike.

use std::ffi::OsStr;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use e2e::{Account, Api, Baresip, Phone, Place, Ports, Process, Server, binary, phone_password, until};

/// Time for what should happen at once, on a machine with other work.
pub(crate) const SOON: Duration = Duration::from_secs(5);

/// Loopback.
pub(crate) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A baresip phone of an agent, registered, with 1000 Hz at its microphone.
pub(crate) fn desk_phone(
    server: &mut Server,
    extension: u16,
    transport: &'static str,
) -> anyhow::Result<Baresip> {
    desk_phone_of(server, extension, transport, Account::G711)
}

/// The same, with other codecs.
pub(crate) fn desk_phone_of(
    server: &mut Server,
    extension: u16,
    transport: &'static str,
    codecs: &'static str,
) -> anyhow::Result<Baresip> {
    let account = Account {
        user: extension.to_string(),
        password: Some(phone_password(extension)),
        server: server.sip,
        transport,
        answers: false,
        tone: 1000.0,
        codecs,
    };
    let folder = server.folder().to_path_buf();
    let mut phone = Baresip::start(account, &folder, &mut server.ports)?;
    phone.await_registered()?;
    Ok(phone)
}

/// A baresip caller behind the trunk, with 440 Hz at its microphone.
pub(crate) fn outside_phone(
    server: &mut Server,
    number: &str,
    transport: &'static str,
) -> anyhow::Result<Baresip> {
    outside_phone_of(server, number, transport, Account::G711)
}

/// The same, with other codecs.
pub(crate) fn outside_phone_of(
    server: &mut Server,
    number: &str,
    transport: &'static str,
    codecs: &'static str,
) -> anyhow::Result<Baresip> {
    let account = Account {
        user: number.to_owned(),
        password: None,
        server: server.sip,
        transport,
        answers: true,
        tone: 440.0,
        codecs,
    };
    let folder = server.folder().to_path_buf();
    Baresip::start(account, &folder, &mut server.ports)
}

/// A phone of our own for an agent, registered and ready.
pub(crate) fn ready_phone(server: &Server, extension: u16) -> anyhow::Result<Phone> {
    let phone = Phone::start(&extension.to_string(), &phone_password(extension), HERE, server.sip)?;
    phone.register(300)?;
    server.api.make_ready(extension)?;
    server.api.await_agent(extension, &["READY"], SOON)?;
    Ok(phone)
}

/// A caller of our own behind the trunk.
pub(crate) fn caller(server: &Server) -> anyhow::Result<Phone> {
    Phone::start("+4917012345", "", HERE, server.sip)
}

/// Waits until the call of this phone is over on the phone's side.
pub(crate) fn await_over(phone: &Phone, call: &str) -> anyhow::Result<()> {
    e2e::until("the call to be over", SOON, || Ok((phone.place(call) == Some(Place::Over)).then_some(())))
}

/// Waits until there are so many calls and all of them are over, and returns them, newest first.
pub(crate) fn records(server: &Server, count: usize) -> anyhow::Result<Vec<serde_json::Value>> {
    let mut last = Vec::new();
    e2e::until(&format!("{count} calls to be on record"), SOON, || {
        last = server.api.calls()?;
        let over = last.iter().all(|call| !call["ended_at"].is_null());
        Ok((over && last.len() == count).then(|| last.clone()))
    })
    .with_context(|| format!("on record: {last:?}"))
}

/// What `cordboard apply --url` did with a file.
pub(crate) struct Applied {
    pub(crate) ok: bool,
    pub(crate) printed: Vec<String>,
    pub(crate) error: String,
}

/// Hands `yaml` to the running server as an admin would.
pub(crate) fn apply(http: SocketAddr, api: &Api, yaml: &str, options: &[&str]) -> anyhow::Result<Applied> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("domain.yaml");
    std::fs::write(&file, yaml)?;
    let url = format!("http://{http}");
    let token = api.token().context("not logged in")?;
    let mut arguments: Vec<&OsStr> = vec!["apply".as_ref(), file.as_ref(), "--url".as_ref(), url.as_ref()];
    arguments.extend(["--token", token].map(OsStr::new));
    arguments.extend(options.iter().map(OsStr::new));
    let output = Server::run(&arguments)?;
    Ok(Applied {
        ok: output.status.success(),
        printed: String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect(),
        error: String::from_utf8(output.stderr)?,
    })
}

/// A mail server on this port of loopback.
pub(crate) fn mail_settings(port: u16) -> Vec<(&'static str, String)> {
    vec![
        ("CORDBOARD_SMTP_HOST", "127.0.0.1".to_owned()),
        ("CORDBOARD_SMTP_PORT", port.to_string()),
        ("CORDBOARD_SMTP_TLS", "off".to_owned()),
        ("CORDBOARD_SMTP_FROM", "Cordboard <switch@acme.test>".to_owned()),
    ]
}

/// How long a server may take until it has printed where it is.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// A server that nobody owns yet.
pub(crate) struct Unowned {
    /// Where its web app is.
    pub(crate) http: SocketAddr,
    /// What stands after `#` in the link that it has printed.
    pub(crate) token: String,
    _process: Process,
    _ports: Ports,
}

impl Unowned {
    pub(crate) fn start(folder: &Path) -> anyhow::Result<Self> {
        let mut ports = Ports::claim(120)?;
        let rtp = ports.range(100)?;
        let sip = SocketAddr::from((Ipv4Addr::LOCALHOST, ports.pair()?));
        let http = SocketAddr::from((Ipv4Addr::LOCALHOST, ports.pair()?));
        let mut command = Command::new(binary("cordboard")?);
        let ours = |name: &OsStr| name.to_string_lossy().starts_with("CORDBOARD_");
        for (name, _) in std::env::vars_os().filter(|(name, _)| ours(name)) {
            command.env_remove(name);
        }
        command
            .args(["serve".as_ref(), "--data".as_ref(), folder.join("data").as_os_str()])
            // Everywhere: without an owner it must be loopback all the same.
            .env("CORDBOARD_HTTP_LISTEN", format!("0.0.0.0:{}", http.port()))
            .env("CORDBOARD_SIP_UDP", sip.to_string())
            .env("CORDBOARD_SIP_TCP", sip.to_string())
            .env("CORDBOARD_RTP_PORTS", format!("{}-{}", rtp.0, rtp.1));
        let mut process = Process::start(command, folder, "server")?;
        let link = format!("set up the owner at http://{http}/setup#");
        let token = until("the set-up link", START_TIMEOUT, || {
            anyhow::ensure!(process.ended()?.is_none(), "it ended: {}", process.output());
            let output = process.output();
            Ok(output.split_once(&link).and_then(|(_, rest)| Some(rest.split_once('\n')?.0.to_owned())))
        })?;
        Ok(Self { http, token, _process: process, _ports: ports })
    }
}
