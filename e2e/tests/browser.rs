//! The web app in a real browser, with the scripts of `web/e2e`: each `test` there is one promise. Pictures of the
//! pages end up in the folder that `CORDBOARD_PICTURES` names, if it names one.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use e2e::{
    Baresip, Domain, Listened, NUMBER, OWNER_PASSWORD, Options, Phone, Server, phone_password, shared, until,
};

use crate::stage::{HERE, SOON, Unowned, caller, desk_phone, outside_phone};

/// What agents choose from, and a mailbox.
const CHOICES: &str = "not_ready_codes:\n  - {code: lunch, label: Lunch break}\n  - {code: desk, label: Paperwork}\n\
    dispositions:\n  - {code: sale, label: Sold something}\n  - {code: question, label: Had a question}\n\
    mailboxes:\n  - {number: \"1001\", name: Agent 1001, pin: \"4711\"}\n";

/// The web app's sources, beside this crate.
fn web() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web")
}

/// Runs the tests of one script against a server. What people with telephones do in it, `world` does when it is asked.
fn run(
    http: SocketAddr,
    script: &str,
    world: impl FnMut(&str) -> anyhow::Result<()> + Send,
) -> anyhow::Result<()> {
    run_with(http, script, &[], world)
}

/// The same, with more in the script's environment.
fn run_with(
    http: SocketAddr,
    script: &str,
    more: &[(&str, &str)],
    mut world: impl FnMut(&str) -> anyhow::Result<()> + Send,
) -> anyhow::Result<()> {
    if !web().join("node_modules/playwright-core").exists() {
        bail!("what the tests in a browser need is not installed: run `.ci/web`");
    }
    let ear = TcpListener::bind("127.0.0.1:0")?;
    let address = ear.local_addr()?;
    let over = AtomicBool::new(false);
    let done = std::thread::scope(|scope| {
        scope.spawn(|| {
            for line in ear.incoming().flatten() {
                if over.load(Ordering::Acquire) {
                    return;
                }
                serve(&line, &mut world);
            }
        });
        let done = Command::new("node")
            .args(["--test", "--test-reporter=spec", &format!("e2e/{script}")])
            .current_dir(web())
            .env("CORDBOARD_URL", format!("http://{http}"))
            .env("CORDBOARD_OWNER_PASSWORD", OWNER_PASSWORD)
            .env("CORDBOARD_WORLD", address.to_string())
            .envs(more.iter().copied())
            .output();
        over.store(true, Ordering::Release);
        // Wakes whoever listens, who then looks whether it is over.
        let _woken = TcpStream::connect(address);
        done
    })?;
    if !done.status.success() {
        let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        bail!("{script}: {}\n{out}{err}", done.status);
    }
    Ok(())
}

/// Does what one line asks for, and says how it went in one line.
fn serve(mut line: &TcpStream, world: &mut impl FnMut(&str) -> anyhow::Result<()>) {
    let mut deed = String::new();
    if BufReader::new(line).read_line(&mut deed).is_err() {
        return;
    }
    let answer = match world(deed.trim()) {
        Ok(()) => "ok".to_owned(),
        Err(error) => format!("{error:#}").replace('\n', " "),
    };
    // Whoever asked and is gone has failed already.
    let _gone = writeln!(line, "{answer}");
}

/// Who has a telephone where a script asks for one: somebody who calls from outside, and perhaps the first agent.
struct People {
    phone: Option<Phone>,
    caller: Phone,
    call: String,
}

impl People {
    fn with_a_desk_phone(server: &Server) -> anyhow::Result<Self> {
        let phone = Phone::start("1001", &phone_password(1001), HERE, server.sip)?;
        phone.register(600)?;
        Ok(Self { phone: Some(phone), caller: caller(server)?, call: String::new() })
    }

    fn act(&mut self, deed: &str) -> anyhow::Result<()> {
        match (deed, &self.phone) {
            ("call", _) => self.call = self.caller.call(NUMBER)?,
            ("caller hangs up", _) => self.caller.hang_up(&self.call)?,
            ("answer", Some(phone)) => {
                phone.answer(&phone.rung(SOON)?)?;
            }
            _ => bail!("nobody here can {deed}"),
        }
        Ok(())
    }
}

/// Time for a tone to be heard in a call that changes.
const HEARD: Duration = Duration::from_secs(15);

/// How much of a call is listened to at once: five frames.
const LISTEN: Duration = Duration::from_secs(1);

/// Who else talks in an agent's shift: a caller (440 Hz) and a colleague (1000 Hz), both with real sound.
struct Talkers {
    caller: Baresip,
    ben: Baresip,
}

impl Talkers {
    /// `who does what`, as `ben answers`, `caller hears 1000`, `caller hears nothing`, `caller hears no 1000`.
    fn act(&mut self, deed: &str) -> anyhow::Result<()> {
        let (who, what) = deed.split_once(' ').unwrap_or((deed, ""));
        let phone = if who == "ben" { &mut self.ben } else { &mut self.caller };
        match what.split(' ').collect::<Vec<_>>()[..] {
            ["calls"] => phone.dial(NUMBER),
            ["answers"] => {
                phone.wait("CALL_INCOMING", SOON)?;
                phone.accept()
            }
            ["hangs", "up"] => phone.hang_up(),
            ["is", "hung", "up"] => phone.wait("CALL_CLOSED", SOON).map(|_| ()),
            ["gets", key] => {
                let digit = phone.wait("CALL_DTMF_START", SOON)?;
                anyhow::ensure!(digit["param"] == key, "{digit}");
                Ok(())
            }
            ["hears", "nothing"] => await_sound(phone, 0.0, |heard| heard.loud_frames == 0),
            ["hears", "no", tone] => await_sound(phone, tone.parse()?, |heard| heard.share() < 0.2),
            ["hears", tone] => await_sound(phone, tone.parse()?, |heard| heard.has_tone(0.8, 4)),
            _ => bail!("nobody here can {deed}"),
        }
    }
}

fn await_sound(phone: &Baresip, tone: f64, fits: impl Fn(&Listened) -> bool) -> anyhow::Result<()> {
    let mut last = None;
    until("what is to be heard", HEARD, || {
        let heard = phone.hear(tone, LISTEN)?;
        let fit = fits(&heard);
        last = Some(heard);
        Ok(fit.then_some(()))
    })
    .with_context(|| format!("heard: {last:?}"))
}

#[test]
fn an_agent_talks_all_shift_long_by_her_browser() -> anyhow::Result<()> {
    let _turn = shared()?;
    let domain = Domain { agents: 2, wrap_up_time: 59, ring_time: 120, ..Domain::default() };
    // A page that says nothing is asked after a second, and gone after three.
    let settings = vec![("CORDBOARD_SIP_WEBSOCKET_HEARTBEAT", "1".to_owned())];
    let mut server = Server::start_with(&domain.yaml(), Options { settings, ..Options::default() })?;
    let ben = desk_phone(&mut server, 1002, "udp")?;
    let caller = outside_phone(&mut server, "+4917012345", "udp")?;
    let mut talkers = Talkers { caller, ben };
    run(server.http, "shift.test.mjs", |deed| talkers.act(deed))?;
    server.check_alive()
}

#[test]
fn a_guest_talks_to_an_agent_by_her_call_link() -> anyhow::Result<()> {
    let _turn = shared()?;
    let yaml = Domain::default().yaml().replace("    role: agent\n", "    role: agent\n    call_link: ann\n");
    let mut server = Server::start_with(&yaml, Options::default())?;
    run(server.http, "guest.test.mjs", |deed| bail!("nobody here can {deed}"))?;
    server.check_alive()
}

#[test]
fn people_come_in_and_go_by_the_web_app() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    run(server.http, "entrance.test.mjs", |deed| bail!("nobody here can {deed}"))?;
    server.check_alive()
}

#[test]
fn a_supervisor_sees_the_domain_and_acts() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    let mut people = People::with_a_desk_phone(&server)?;
    run(server.http, "wallboard.test.mjs", |deed| people.act(deed))?;
    run(server.http, "supervision.test.mjs", |deed| bail!("nobody here can {deed}"))?;
    server.check_alive()
}

#[test]
fn an_agent_works_a_shift_at_her_desk() -> anyhow::Result<()> {
    let _turn = shared()?;
    let domain = Domain { agents: 2, wrap_up_time: 59, ring_time: 120, ..Domain::default() };
    let yaml = format!("{}{CHOICES}", domain.yaml());
    let mut server = Server::start_with(&yaml, Options::default())?;
    let mut people = People::with_a_desk_phone(&server)?;
    run(server.http, "desk.test.mjs", |deed| match deed {
        "server dies" => server.kill(),
        "server is back" => server.start_again(),
        _ => people.act(deed),
    })?;
    server.check_alive()
}

#[test]
fn a_browser_is_an_agents_phone_in_one_tab_at_a_time() -> anyhow::Result<()> {
    let _turn = shared()?;
    let domain = Domain { wrap_up_time: 59, ring_time: 120, ..Domain::default() };
    let mut server = Server::start(&domain)?;
    let mut people = People { phone: None, caller: caller(&server)?, call: String::new() };
    run(server.http, "phone.test.mjs", |deed| people.act(deed))?;
    server.check_alive()
}

#[test]
fn a_domain_is_administered_in_a_browser() -> anyhow::Result<()> {
    let _turn = shared()?;
    let yaml = std::fs::read_to_string(web().join("../examples/acme.yaml"))?;
    let mut server = Server::start_with(&yaml, Options::default())?;
    run(server.http, "admin.test.mjs", |deed| bail!("nobody here can {deed}"))?;
    server.check_alive()
}

#[test]
fn an_owner_comes_from_an_empty_server_to_a_phone_that_rings() -> anyhow::Result<()> {
    let _turn = shared()?;
    let folder = tempfile::tempdir()?;
    let server = Unowned::start(folder.path())?;
    let token = [("CORDBOARD_SETUP", server.token.as_str())];
    run_with(server.http, "start.test.mjs", &token, |deed| bail!("nobody here can {deed}"))
}
