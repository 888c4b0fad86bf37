//! TLS: a phone, a script and a page's socket over it, a certificate that is exchanged in mid-call, and those that
//! no server starts with.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use e2e::{
    Account, Authority, Baresip, Domain, More, NUMBER, Options, Server, listen, phone_password, shared, until,
};

use crate::stage::{SOON, outside_phone};

/// Long enough to hear a tone in ten frames.
const TALK: Duration = Duration::from_secs(3);
const HERE: &str = "127.0.0.1";

/// A server with TLS on ports that the system chose, and who vouches for it.
struct World {
    server: Server,
    authority: Authority,
    certificates: tempfile::TempDir,
    sip: SocketAddr,
    http: SocketAddr,
    certificate: Vec<u8>,
}

fn world() -> anyhow::Result<World> {
    world_with(Vec::new())
}

fn world_with(more: Vec<(&'static str, String)>) -> anyhow::Result<World> {
    let certificates = tempfile::tempdir()?;
    let authority = Authority::new(certificates.path())?;
    let certificate = authority.vouch(HERE, certificates.path())?;
    let file = |name: &str| certificates.path().join(name).display().to_string();
    let mut settings = vec![
        ("CORDBOARD_TLS_CERTIFICATE", file("certificate.pem")),
        ("CORDBOARD_TLS_KEY", file("key.pem")),
        ("CORDBOARD_SIP_TLS", format!("{HERE}:0")),
        ("CORDBOARD_HTTP_TLS", format!("{HERE}:0")),
    ];
    settings.extend(more);
    let yaml = Domain { agents: 2, ..Domain::default() }.yaml();
    let server = Server::start_with(&yaml, Options { settings, ..Options::default() })?;
    let sip = announced(&server, "tls 127.0.0.1:")?;
    let http = announced(&server, "https://127.0.0.1:")?;
    Ok(World { server, authority, certificates, sip, http, certificate })
}

/// The port that stands behind `before` in what the server says of itself.
fn announced(server: &Server, before: &str) -> anyhow::Result<SocketAddr> {
    until("the server to say where it listens", SOON, || {
        let said = server.output();
        let Some((_, rest)) = said.split_once(before) else { return Ok(None) };
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Ok(digits.parse().ok().map(|port: u16| SocketAddr::from(([127, 0, 0, 1], port))))
    })
}

impl World {
    fn phone(&mut self, extension: u16, transport: &'static str, more: &More) -> anyhow::Result<Baresip> {
        let account = Account {
            user: extension.to_string(),
            password: Some(phone_password(extension)),
            server: if transport == "tls" { self.sip } else { self.server.sip },
            transport,
            codecs: Account::G711,
            answers: false,
            tone: 1000.0,
        };
        // It trusts this authority, and nobody else.
        let config = format!("sip_cafile {}\n{}", self.authority.file.display(), more.config);
        let more = More { config, account: more.account.clone() };
        let folder = self.server.folder().to_path_buf();
        let mut phone = Baresip::start_with(account, &folder, &mut self.server.ports, &more)?;
        phone.await_registered()?;
        Ok(phone)
    }

    fn agents(&self) -> anyhow::Result<e2e::HttpsAnswer> {
        self.authority.get(self.http, "/v1/domains/~/agents", self.server.api.token())
    }
}

#[test]
fn a_phone_over_tls_takes_a_call_and_a_new_certificate_disturbs_nobody() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut world = world()?;
    let mut ann = world.phone(1001, "tls", &More::default())?;
    world.server.api.make_ready(1001)?;
    let answer = world.agents()?;
    assert!(answer.text.starts_with("HTTP/1.1 200") && answer.text.contains("\"1001\""), "{}", answer.text);
    assert_eq!(answer.certificate, world.certificate);

    let mut caller = outside_phone(&mut world.server, "+4917011111", "udp")?;
    caller.dial(NUMBER)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    let renewed = world.authority.vouch(HERE, world.certificates.path())?;
    assert_ne!(renewed, world.certificate);
    world.server.reload();
    until("the new certificate to be in use", SOON, || {
        Ok((world.agents()?.certificate == renewed).then_some(()))
    })?;
    // The server ends her call on the connection that it began on.
    talk_out(&mut caller, &mut ann)?;

    // Her own requests go the same way.
    ann.forget_events();
    ann.dial("*378000")?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    ann.wait("CALL_CLOSED", Duration::from_secs(15))?;
    world.server.check_alive()
}

/// They talk for a while, the caller hangs up, and each has heard the other.
fn talk_out(caller: &mut Baresip, agent: &mut Baresip) -> anyhow::Result<()> {
    caller.talk(TALK);
    caller.hang_up()?;
    agent.wait("CALL_CLOSED", SOON)?;
    let at_agent = listen(&agent.recording()?, 440.0)?;
    let at_caller = listen(&caller.recording()?, 1000.0)?;
    assert!(at_agent.has_tone(0.8, 10), "the agent heard {at_agent:?}");
    assert!(at_caller.has_tone(0.8, 10), "the caller heard {at_caller:?}");
    Ok(())
}

/// A phone that talks with keys in its descriptions, and not without.
fn with_keys() -> More {
    More { config: "module srtp.so\n".to_owned(), account: ";mediaenc=srtp-mand".to_owned() }
}

#[test]
fn a_phone_behind_tls_talks_by_keys_of_its_signalling() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut world = world_with(vec![("CORDBOARD_SIP_SRTP", "offer".to_owned())])?;
    let mut ann = world.phone(1001, "tls", &with_keys())?;
    // Her offer: the answer is heard.
    ann.dial("*388000")?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    ann.wait("CALL_CLOSED", Duration::from_secs(15))?;
    let heard = listen(&ann.recording()?, 440.0)?;
    assert!(heard.loud_frames >= 2, "the feature code was answered with silence: {heard:?}");

    // The server's offer: both hear each other.
    world.server.api.make_ready(1001)?;
    ann.forget_events();
    let mut caller = outside_phone(&mut world.server, "+4917011111", "udp")?;
    caller.dial(NUMBER)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    talk_out(&mut caller, &mut ann)?;

    // Where others could read the keys they are not taken.
    let mut bob = world.phone(1002, "udp", &with_keys())?;
    bob.dial("*388000")?;
    let closed = bob.wait("CALL_CLOSED", SOON)?;
    assert!(closed["param"].as_str().is_some_and(|why| why.contains("488")), "{closed}");
    world.server.check_alive()
}

#[test]
fn a_page_reaches_sip_by_wss() -> anyhow::Result<()> {
    let _turn = shared()?;
    let world = world()?;
    let stream = world.authority.connect(world.http)?;
    let mut request = tokio_tungstenite::tungstenite::client::IntoClientRequest::into_client_request(
        format!("wss://{}/sip", world.http),
    )?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", "sip".parse()?);
    let (mut socket, _) = tokio_tungstenite::tungstenite::client(request, stream)
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    let register = "REGISTER sip:acme.test SIP/2.0\r\nVia: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKa\r\n\
        Max-Forwards: 70\r\nFrom: <sip:1001@acme.test>;tag=a\r\nTo: <sip:1001@acme.test>\r\n\
        Call-ID: over-wss\r\nCSeq: 1 REGISTER\r\nContact: <sip:1001@df7jal23ls0d.invalid;transport=ws>\r\n\
        Content-Length: 0\r\n\r\n";
    socket.send(tokio_tungstenite::tungstenite::Message::text(register))?;
    let answer = socket.read()?.into_text()?;
    assert!(answer.starts_with("SIP/2.0 401"), "{answer}");
    Ok(())
}

/// What `arguments` with these settings ends with: its exit and its last word.
fn refused(command: &str, file: &Path, data: &Path) -> anyhow::Result<String> {
    let config = file.as_os_str();
    let arguments = match command {
        "check-config" => vec![command.as_ref(), config],
        _ => vec![command.as_ref(), "--config".as_ref(), config, "--data".as_ref(), data.as_os_str()],
    };
    let output = Server::run(&arguments)?;
    assert_eq!(output.status.code(), Some(1), "{command} took it");
    let text = format!("{}{}", String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?);
    text.lines().find(|line| line.contains("tls.")).map(str::to_owned).with_context(|| text.clone())
}

#[test]
fn a_certificate_that_is_of_no_use_is_refused_before_a_call_could_fail_by_it() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let authority = Authority::new(folder.path())?;
    authority.vouch(HERE, folder.path())?;
    let other = tempfile::tempdir()?;
    authority.vouch(HERE, other.path())?;
    let file = folder.path().join("cordboard.toml");
    let (certificate, key) = (folder.path().join("certificate.pem"), other.path().join("key.pem"));
    let tls = format!("[tls]\ncertificate = {certificate:?}\nkey = {key:?}\n");
    std::fs::write(&file, format!("{tls}[sip]\ntls = \"127.0.0.1:0\"\n"))?;
    for command in ["check-config", "serve"] {
        let said = refused(command, &file, &folder.path().join("data"))?;
        assert!(said.contains("is not the key of") && said.contains("made together"), "{command}: {said}");
    }
    std::fs::write(&file, "[sip]\ntls = \"127.0.0.1:0\"\n")?;
    let said = refused("check-config", &file, folder.path())?;
    assert!(said.contains("sip.tls") && said.contains("tls.certificate"), "{said}");
    Ok(())
}
