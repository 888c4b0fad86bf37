//! Killed in the middle of its work, the server goes on where it was: what it had told is so.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use e2e::{
    Api, Domain, Events, NUMBER, Options, Phone, QUEUE, Server, Sipp, SippRun, agent_password, alone,
    phone_password, shared, until,
};
use serde_json::{Value, json};

use crate::stage::{HERE, SOON, caller, ready_phone};

/// Agents who take calls; one more is on a break, one does after-call work.
const AGENTS: u16 = 50;
const ON_A_BREAK: u16 = 1000 + AGENTS + 1;
const AFTER_CALL: u16 = ON_A_BREAK + 1;
const CALLS_PER_SECOND: u32 = 50;
/// How long calls come in before the kill.
const TRAFFIC: Duration = Duration::from_secs(6);
/// A little more than the agents can do, so that some callers wait.
const TALK: Duration = Duration::from_millis(1_100);

#[test]
fn a_server_killed_under_fifty_calls_a_second_goes_on_where_it_was() -> anyhow::Result<()> {
    let _turn = alone()?;
    let domain = Domain { agents: AGENTS + 2, auto_ready: true, ..Domain::default() };
    let member = format!("{{agent: \"{AFTER_CALL}\", order: {}", AGENTS + 2);
    let yaml = domain.yaml().replace(&member, &format!("{member}, wrap_up_time: 600"));
    let mut server = Server::start_with(&yaml, Options { rtp_ports: 2_000, ..Options::default() })?;
    let agents = on_duty(&mut server)?;
    server.api.post(&verb(ON_A_BREAK, "not-ready"), &json!({"queue": QUEUE, "reason": "lunch"}))?.ok()?;
    server.api.post(&verb(AFTER_CALL, "wrap-up"), &json!({"queue": QUEUE}))?.ok()?;
    let idle = |events: &Events| [ON_A_BREAK, AFTER_CALL].map(|agent| as_she_is(events, agent));

    let mut events = server.events()?;
    let callers = callers(&mut server)?;
    let end = Instant::now() + TRAFFIC;
    while Instant::now() < end {
        events.next(Duration::from_millis(100))?;
    }
    server.kill()?;
    // What was on its way when the process died was told as well.
    while let Ok(Some(_)) = events.next(Duration::from_secs(1)) {}
    drop((callers, agents));
    let (told, before, live) = (events.seq, idle(&events), events.state.names("calls"));
    assert!(live.len() > 10, "calls lived when it was killed: {}", live.len());
    assert_eq!(before[0]["reason"], "lunch");
    assert!(before[1]["wrap_up_until"].is_string(), "{}", before[1]);

    server.start_again()?;
    // The numbers go on without a gap, and what was told and what followed add up to what is.
    let now = server.events()?;
    assert!(now.seq > told, "{told}, then {}", now.seq);
    let mut events = events.resume(&server.http.to_string(), &server.api)?;
    events.follow_to(now.seq, SOON)?;
    let differences = events.state.differences(&now.state);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert_eq!(idle(&now), before, "reason, clock and counters of those whom no call touched");

    // No call is left over, each has one record, and those that died say of what.
    assert_eq!(now.state.count("calls"), 0);
    check_records(&server, &live)?;
    let counters = &now.state.thing("queues", QUEUE).context("the queue")?;
    let count = |name: &str| counters[name].as_u64().unwrap_or_default();
    let ways_out = ["abandoned", "overflowed", "removed"].map(count);
    assert_eq!(count("offered"), count("answered") + ways_out.iter().sum::<u64>(), "{counters}");
    assert!(count("answered") > 100, "{counters}");

    back_to_work(&mut server)?;
    server.check_alive()
}

#[test]
fn a_waiting_caller_who_dials_again_after_a_kill_has_the_old_place() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let _ann = ready_phone(&server, 1001)?;
    server.api.agent_do(1001, "not-ready")?;
    let waiting =
        |server: &Server| until("a caller to wait", SOON, || Ok(server.api.waiting()?.first().cloned()));
    let first = caller(&server)?;
    first.call(NUMBER)?;
    let before = waiting(&server)?;
    server.kill()?;
    server.start_again()?;
    assert!(server.api.waiting()?.is_empty(), "his call has died");
    let again = caller(&server)?;
    again.call(NUMBER)?;
    let after = waiting(&server)?;
    assert_ne!(before["call"], after["call"]);
    assert!(before["enqueued_at"].is_string(), "{before}");
    assert_eq!(before["enqueued_at"], after["enqueued_at"]);
    server.check_alive()
}

#[test]
fn an_agents_ready_and_pause_outlive_a_stop_in_order() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    let ann = ready_phone(&server, 1001)?;
    let _bob = ready_phone(&server, 1002)?;
    server.api.agent_do(1002, "not-ready")?;
    assert!(server.stop(SOON)?.success());
    server.start_again()?;
    assert_eq!(
        (server.api.agent_state(1001)?, server.api.agent_state(1002)?),
        ("READY".into(), "NOT_READY".into())
    );
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    ann.register(300)?;
    ann.rung(Duration::from_secs(1))?;
    caller.hang_up(&call)?;
    server.check_alive()
}

#[test]
fn what_an_agent_said_of_a_call_outlives_a_kill_during_the_call() -> anyhow::Result<()> {
    let _turn = shared()?;
    let choices = format!(
        "not_ready_codes:\n  - {{code: lunch, label: Lunch}}\ndispositions:\n  - {{code: sale, label: Sold}}\n  \
         - {{code: order, label: Ordered, queues: [\"{QUEUE}\"]}}\n"
    );
    let mut server = Server::start_with(&(Domain::default().yaml() + &choices), Options::default())?;
    let ann = ready_phone(&server, 1001)?;
    let hers = server.api.log_in("1001@acme.test", &agent_password(1001))?;
    let caller = caller(&server)?;
    caller.call(NUMBER)?;
    ann.answer(&ann.rung(SOON)?)?;
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;
    let calls = server.api.calls()?;
    let call = text(&calls[0]["id"]);
    let say = |api: &Api, code: &str| {
        let body = json!({"disposition": code, "notes": "Wants two."}).to_string();
        api.put(&format!("/v1/domains/~/calls/{call}/disposition"), "application/json", body.as_bytes())
    };
    let refused = say(&hers, "refund")?;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let said = say(&hers, "order")?.ok()?;
    server.kill()?;
    drop((ann, caller));

    server.start_again()?;
    let died = until("the record of the call that died", SOON, || {
        Ok(server
            .api
            .list("/v1/domains/~/calls?disposition=order")?
            .pop()
            .filter(|call| !call["ended_at"].is_null()))
    })?;
    assert_eq!((text(&died["id"]), &died["disposition"]), (call.clone(), &said), "{died}");
    assert_eq!(died["cause"], "node_restart", "{died}");
    // After the call the last word holds, hers or her supervisor's.
    let hers = server.api.log_in("1001@acme.test", &agent_password(1001))?;
    say(&hers, "sale")?.ok()?;
    let table = server.api.table("/v1/domains/~/calls?fields=id,disposition")?;
    assert!(table.text.contains(",Agent 1001,sale,Sold,Wants two.\r\n"), "{}", table.text);
    let away = hers.post(&verb(1001, "not-ready"), &json!({"reason": "training"}))?;
    assert!(away.status == 422 && away.text.contains("it can be lunch"), "{}", away.text);
    server.check_alive()
}

fn verb(extension: u16, verb: &str) -> String {
    format!("/v1/domains/~/agents/{extension}/{verb}")
}

/// All agents registered, logged in, and those of the traffic answered for by one SIPp.
fn on_duty(server: &mut Server) -> anyhow::Result<SippRun> {
    let folder = server.folder().to_path_buf();
    let agents = Sipp::called("agent_ends", &mut server.ports)?.talk(TALK);
    let values = folder.join("agents.values");
    std::fs::write(&values, credentials())?;
    let register = Sipp::calling("register", server.sip, &mut server.ports)?
        .calls(u32::from(AGENTS + 2))
        .rate(50)
        .values(&values)
        .key("contact", &agents.address.to_string())
        .key("expires", "600");
    let agents = agents.start(&folder, "agents")?;
    let registered = register.start(&folder, "register")?.finish(Duration::from_secs(30))?;
    assert_eq!((registered.successful, registered.failed), (u64::from(AGENTS + 2), 0));
    for extension in (1001..).take(usize::from(AGENTS + 2)) {
        server.api.agent_do(extension, "login")?;
    }
    server.api.await_agent(1000 + AGENTS, &["READY"], SOON)?;
    Ok(agents)
}

fn callers(server: &mut Server) -> anyhow::Result<SippRun> {
    let folder = server.folder().to_path_buf();
    Sipp::calling("caller_waits", server.sip, &mut server.ports)?
        .calls(10_000)
        .rate(CALLS_PER_SECOND)
        .at_once(10_000)
        .number(QUEUE)
        .start(&folder, "callers")
}

/// What an agent's view says of her, apart from her phone.
fn as_she_is(events: &Events, extension: u16) -> Value {
    let agent = events.state.thing("agents", &extension.to_string()).cloned().unwrap_or_default();
    let mut queue = agent["queues"][0].clone();
    // Whether she can be rung hangs on her phone, which has yet to register again.
    queue["available_for_dispatch"] = Value::Null;
    queue
}

/// Each call has one record; each that lived at the kill has one, and those that died say of what.
fn check_records(server: &Server, live: &[String]) -> anyhow::Result<()> {
    let calls = until("the records to be kept", SOON, || {
        let calls = server.api.calls()?;
        let ids: BTreeSet<String> = calls.iter().map(|call| text(&call["id"])).collect();
        Ok(live.iter().all(|id| ids.contains(id)).then_some(calls))
    })?;
    let ids: BTreeSet<String> = calls.iter().map(|call| text(&call["id"])).collect();
    assert_eq!(ids.len(), calls.len(), "one record each");
    assert!(calls.iter().all(|call| !call["ended_at"].is_null()), "all are over");
    let died = calls.iter().filter(|call| call["cause"] == "node_restart").count();
    assert!(died > 5, "calls that died with the process: {died}");
    Ok(())
}

/// A caller is put through to the first agent whose phone registers again, within a second of that; and so are
/// all when all are back.
fn back_to_work(server: &mut Server) -> anyhow::Result<()> {
    let waiting = caller(server)?;
    let call = waiting.call(NUMBER)?;
    let ann = Phone::start("1001", &phone_password(1001), HERE, server.sip)?;
    assert_eq!(server.api.agent_state(1001)?, "READY", "she is not stuck");
    ann.register(300)?;
    let invite = ann.rung(Duration::from_secs(1)).context("a call within a second of registering")?;
    ann.answer(&invite)?;
    waiting.hang_up(&call)?;
    ann.register(0)?;
    let agents = on_duty(server)?;
    let folder = server.folder().to_path_buf();
    let served = Sipp::calling("caller_waits", server.sip, &mut server.ports)?
        .calls(100)
        .rate(CALLS_PER_SECOND)
        .number(QUEUE)
        .start(&folder, "again")?
        .finish(Duration::from_secs(60))?;
    assert_eq!((served.successful, served.failed), (100, 0), "{}", server.output());
    assert_eq!(agents.stop()?.failed, 0);
    Ok(())
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// SIPp's file of values: who registers, and as whom.
fn credentials() -> String {
    (1001..).take(usize::from(AGENTS + 2)).fold("SEQUENTIAL\n".to_owned(), |mut out, extension: u16| {
        let password = phone_password(extension);
        let _ = writeln!(out, "{extension};[authentication username={extension} password={password}]");
        out
    })
}
