//! Programs of other products find what they know: their requests do on real calls what they say.

use anyhow::Context as _;
use e2e::{Domain, NUMBER, Options, Phone, QUEUE, Server, Wsi, agent_password, shared};
use serde_json::{Value, json};

use crate::stage::{HERE, SOON, await_over, caller, desk_phone, ready_phone, records};

/// The domain without members of its queue.
fn without_members(domain: &Domain) -> anyhow::Result<String> {
    let yaml = domain.yaml();
    let (head, rest) = yaml.split_once("    members:\n").context("no members")?;
    let tail = rest.split_once("numbers:\n").context("no numbers")?.1;
    Ok(format!("{head}numbers:\n{tail}"))
}

#[test]
fn an_agent_who_was_added_by_netsapiens_request_takes_a_call() -> anyhow::Result<()> {
    let _turn = shared()?;
    let yaml = without_members(&Domain { auto_ready: true, ..Domain::default() })?;
    let mut server = Server::start_with(&yaml, Options::default())?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    let body = json!({
        "synchronous": "yes",
        "callqueue-agent-id": "1001@acme.test",
        "callqueue": QUEUE,
        "domain": "acme.test",
        "callqueue-agent-availability-type": "manual",
        "callqueue-agent-wrap-up-allowance-seconds": 30,
        "auto-answer-enabled": "no",
        "callqueue-agent-dispatch-order-ordinal": 1,
        "callqueue-agent-dispatch-queue-priority-ordinal": 1,
        "limits-max-active-calls-total": 1,
        "callqueue-agent-answer-confirmation-enabled": "no",
        "callqueue-agent-availability-for-dispatch": "unavailable",
        "callqueue-agent-max-concurrent-sms-conversations": 1,
    });
    let queues = "/ns-api/v2/domains/~/callqueues";
    let added = server.api.post(&format!("{queues}/{QUEUE}/agents"), &body)?.ok()?;
    assert_eq!(added["callqueue-agent-wrap-up-allowance-seconds"], 30);
    assert_eq!(added["callqueue-agent-availability-for-dispatch"], "unavailable");

    let hers = server.api.log_in("1001@acme.test", &agent_password(1001))?;
    let action = format!("{queues}/all/agents/1001@acme.test/login");
    assert_eq!(hers.patch(&action, &json!({}))?.status, 202);
    server.api.await_agent(1001, &["READY"], SOON)?;

    ann.forget_events();
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;
    caller.hang_up(&call)?;
    ann.wait("CALL_CLOSED", SOON)?;
    // Her own seconds of work after the call, not the queue's.
    server.api.await_agent(1001, &["WRAP_UP"], SOON)?;
    records(&server, 1)?;
    let figures = server.api.get("/ns-api/v2/domains/~/statistics/agent/1001@acme.test")?.ok()?;
    assert_eq!(figures[0]["calls-answered-count"], 1, "{figures}");
    server.check_alive()
}

/// A user of Rocket.Chat's, by its login.
struct User {
    id: String,
    token: String,
}

impl User {
    fn log_in(server: &Server, user: &str, password: &str) -> anyhow::Result<Self> {
        let body = json!({"user": user, "password": password});
        let data = server.api.post_with("/api/v1/login", &[], &body)?.ok()?["data"].clone();
        let text = |name: &str| data[name].as_str().map(str::to_owned).context("not logged in");
        Ok(Self { id: text("userId")?, token: text("authToken")? })
    }

    fn associate(&self, server: &Server, username: &str, extension: &str) -> anyhow::Result<(u16, Value)> {
        let headers = [("X-Auth-Token", self.token.as_str()), ("X-User-Id", self.id.as_str())];
        let body = json!({"username": username, "extension": extension});
        let answer = server.api.post_with("/api/v1/omnichannel/agent/extension", &headers, &body)?;
        Ok((answer.status, answer.body))
    }
}

#[test]
fn an_extension_that_rocketchat_gave_to_an_agent_is_hers_alone_and_rings_for_her_queues() -> anyhow::Result<()>
{
    let _turn = shared()?;
    let free = "extensions:\n  - {number: \"1090\", sip_password: spare-secret}\n";
    let yaml = Domain { agents: 2, ..Domain::default() }.yaml() + free;
    let mut server = Server::start_with(&yaml, Options::default())?;
    let owner = User::log_in(&server, e2e::OWNER_EMAIL, e2e::OWNER_PASSWORD)?;
    let done = (200, json!({"success": true}));
    assert_eq!(owner.associate(&server, "1001@acme.test", "1090")?, done);
    let (status, refused) = owner.associate(&server, "1002@acme.test", "1090")?;
    assert_eq!((status, &refused["error"]), (400, &json!("extension already in use 1090")), "{refused}");
    let (status, unknown) = owner.associate(&server, "nobody", "1001")?;
    let words = json!("User not found or does not have livechat-agent role");
    assert_eq!((status, &unknown["error"]), (404, &words), "{unknown}");

    // The phone's secret is what it was; her queue came along.
    let phone = Phone::start("1090", "spare-secret", HERE, server.sip)?;
    phone.register(300)?;
    server.api.make_ready(1090)?;
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    let rung = phone.rung(SOON)?;
    phone.answer(&rung)?;
    server.api.await_agent(1090, &["QUEUE_CALL"], SOON)?;
    caller.hang_up(&call)?;
    records(&server, 1)?;

    // What she had is free: the other takes it, and gives it back.
    assert_eq!(owner.associate(&server, "1002@acme.test", "1001")?, done);
    let of = "/api/v1/omnichannel/agent/extension/1002@acme.test";
    assert_eq!(server.api.get(of)?.ok()?["extension"]["extension"], "1001");
    assert_eq!(server.api.delete(of)?.status, 200);
    assert_eq!(server.api.get(of)?.status, 404);
    let free = server.api.get("/api/v1/omnichannel/extension?type=free&username=1002")?.ok()?;
    assert_eq!(free["extensions"], json!(["1001", "1002"]));
    let agents = server.api.get(&format!("/ns-api/v2/domains/~/callqueues/{QUEUE}/agents"))?.ok()?;
    let left: Vec<_> =
        agents.as_array().into_iter().flatten().map(|one| &one["callqueue-agent-id"]).collect();
    assert_eq!(left, ["1090@acme.test"]);
    server.check_alive()
}

/// A message on one line, without what differs from run to run.
fn line_of(message: &Value) -> String {
    let each = |list: &str, names: &[&str]| -> String {
        let fields = |item: &Value| {
            let found = names.iter().filter_map(|name| item[*name].as_str().filter(|text| !text.is_empty()));
            format!(" [{}]", found.collect::<Vec<_>>().join(" "))
        };
        message[list].as_array().into_iter().flatten().map(fields).collect()
    };
    let agent = ["agent_extension_number", "state", "caller_number"];
    format!(
        "{}{}{}{}{}",
        message["event_type"].as_str().unwrap_or_default(),
        each("waiting_list", &["position", "caller_number", "type"]),
        each("agents", &agent),
        each("updated_callers", &["reason", "position", "caller_number", "type"]),
        each("updated_agents", &agent),
    )
}

#[test]
fn portsips_socket_tells_a_call_from_its_place_in_line_to_its_end() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let ann = ready_phone(&server, 1001)?;
    let mut wsi = Wsi::connect(&server.http.to_string())?;
    wsi.command(&json!({"command": "auth", "extension_number": "1001", "password": agent_password(1001),
        "domain": "acme.test"}))?;
    wsi.command(&json!({"command": "subscribe", "topics": ["queue_events"], "queues": [QUEUE]}))?;
    let mut told = vec![line_of(&wsi.read()?)];

    let (caller, second) = (caller(&server)?, caller(&server)?);
    let call = caller.call(NUMBER)?;
    told.push(line_of(&wsi.read()?));
    let rung = ann.rung(SOON)?;
    ann.answer(&rung)?;
    told.extend([line_of(&wsi.read()?), line_of(&wsi.read()?)]);
    let waiting = second.call(NUMBER)?;
    told.push(line_of(&wsi.read()?));
    second.hang_up(&waiting)?;
    told.push(line_of(&wsi.read()?));
    caller.hang_up(&call)?;
    told.push(line_of(&wsi.read()?));
    await_over(&caller, &call)?;
    let expected = [
        "queue_status [1001 READY]",
        "queue_caller_status [enqueue 1 +4917012345 normal]",
        "queue_caller_status [agent_answered 0 +4917012345 normal]",
        "queue_agent_status [1001 QUEUE_CALL +4917012345]",
        "queue_caller_status [enqueue 1 +4917012345 normal]",
        "queue_caller_status [hangup 0 +4917012345 normal]",
        "queue_agent_status [1001 WRAP_UP]",
    ];
    assert_eq!(told.join("\n"), expected.join("\n"));
    server.check_alive()
}

#[test]
fn asterisks_queue_log_has_a_call_in_its_words_and_goes_on_after_a_rotation() -> anyhow::Result<()> {
    let _turn = shared()?;
    let folder = tempfile::tempdir()?;
    let (file, moved) = (folder.path().join("queue_log"), folder.path().join("queue_log.1"));
    let settings = vec![("CORDBOARD_QUEUE_LOG_FILE", file.display().to_string())];
    let options = Options { settings, ..Options::default() };
    let mut server = Server::start_with(&Domain::default().yaml(), options)?;
    let ann = ready_phone(&server, 1001)?;
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    let rung = ann.rung(SOON)?;
    ann.answer(&rung)?;
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;
    ann.hang_up(rung.call_id())?;
    await_over(&caller, &call)?;
    records(&server, 1)?;
    await_lines(&file, 6)?;

    std::fs::rename(&file, &moved)?;
    let id = nix::unistd::Pid::from_raw(i32::try_from(server.id())?);
    nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGHUP)?;
    // It may be on its way still: an agent who comes and goes makes lines until the new file is there.
    e2e::until("the new file", SOON, || {
        server.api.agent_do(1001, "not-ready")?;
        server.api.agent_do(1001, "ready")?;
        Ok(file.exists().then_some(()))
    })?;
    let text = std::fs::read_to_string(&moved)?;
    let id = records(&server, 1)?[0]["id"].as_str().context("no id")?.to_owned();
    let lines: Vec<String> = text.lines().take(6).map(|line| shape(line, &id)).collect();
    let expected = [
        "<time>|NONE|8000|Agent/1001|ADDMEMBER",
        "<time>|NONE|8000|Agent/1001|PAUSE|login",
        "<time>|NONE|8000|Agent/1001|UNPAUSE",
        "<time>|<call>|8000|NONE|ENTERQUEUE||+4917012345|1",
        "<time>|<call>|8000|Agent/1001|CONNECT|<s>|<call>|<s>",
        "<time>|<call>|8000|Agent/1001|COMPLETEAGENT|<s>|<s>|1",
    ];
    assert_eq!(lines.join("\n"), expected.join("\n"));
    server.check_alive()
}

fn await_lines(file: &std::path::Path, count: usize) -> anyhow::Result<()> {
    e2e::until("the log's lines", SOON, || {
        Ok((std::fs::read_to_string(file)?.lines().count() >= count).then_some(()))
    })
}

/// A line without its moments.
fn shape(line: &str, call: &str) -> String {
    let fields: Vec<&str> = line.split('|').collect();
    let (seconds, calls): (&[usize], &[usize]) = match fields.get(4) {
        Some(&"CONNECT") => (&[5, 7], &[1, 6]),
        Some(&"COMPLETEAGENT") => (&[5, 6], &[1]),
        _ => (&[], &[1]),
    };
    let shaped = fields.iter().enumerate().map(|(at, field)| match at {
        0 => "<time>",
        _ if calls.contains(&at) && *field == call => "<call>",
        _ if seconds.contains(&at) => "<s>",
        _ => field,
    });
    shaped.collect::<Vec<_>>().join("|")
}
