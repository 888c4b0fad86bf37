//! Many calls at once: none is lost, each is on record once, and nothing is left behind.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use e2e::{Domain, Metrics, Options, QUEUE, Server, Sipp, alone, phone_password, until};

const AGENTS: u16 = 50;
const CALLS: u32 = 2_000;
const CALLS_PER_SECOND: u32 = 50;
/// With 50 agents, calls of half a second keep up with 50 calls a second.
const TALK: Duration = Duration::from_millis(500);
/// Twice what the calls take when all goes well, and more.
const RUN_TIMEOUT: Duration = Duration::from_secs(180);
/// Transactions linger for 32 s by the standard (timers B, F, H: 64 times T1).
const CALM_TIMEOUT: Duration = Duration::from_secs(60);
/// What must be back where it was before the first call.
const GAUGES: [&str; 5] = ["dialogs", "transactions", "ports", "timers", "tasks"];

#[test]
fn two_thousand_calls_at_fifty_a_second_leave_one_record_each_and_nothing_else() -> anyhow::Result<()> {
    let _turn = alone()?;
    let domain = Domain { agents: AGENTS, auto_ready: true, ..Domain::default() };
    let mut server = Server::start_with(&domain.yaml(), Options { rtp_ports: 4_000, ..Options::default() })?;
    let folder = server.folder().to_path_buf();
    let sip = server.sip;

    let agents = Sipp::called("agent_ends", &mut server.ports)?.talk(TALK);
    let values = folder.join("agents.values");
    std::fs::write(&values, credentials())?;
    let register = Sipp::calling("register", sip, &mut server.ports)?
        .calls(u32::from(AGENTS))
        .rate(50)
        .values(&values)
        .key("contact", &agents.address.to_string())
        .key("expires", "600");
    let agents = agents.start(&folder, "agents")?;
    let registered = register.start(&folder, "register")?.finish(Duration::from_secs(30))?;
    assert_eq!((registered.successful, registered.failed), (u64::from(AGENTS), 0));
    for extension in (1001..).take(usize::from(AGENTS)) {
        server.api.agent_do(extension, "login")?;
    }
    server.api.await_agent(1000 + AGENTS, &["READY"], Duration::from_secs(5))?;
    let before = calm(&server)?;

    let callers = Sipp::calling("caller_waits", sip, &mut server.ports)?
        .calls(CALLS)
        .rate(CALLS_PER_SECOND)
        .at_once(CALLS)
        .number(QUEUE)
        .start(&folder, "callers")?;
    let callers = callers.finish(RUN_TIMEOUT)?;
    assert_eq!((callers.successful, callers.failed), (u64::from(CALLS), 0), "server: {}", server.output());
    assert_eq!(agents.stop()?.failed, 0, "an agent's call failed");

    let calls = server.api.calls()?;
    let ids: BTreeSet<String> = calls.iter().map(|call| call["id"].to_string()).collect();
    assert_eq!((calls.len(), ids.len()), (CALLS as usize, CALLS as usize), "one record each");
    assert!(server.api.waiting()?.is_empty());
    let mut last = Metrics::default();
    let back = until("the gauges to be back", CALM_TIMEOUT, || {
        last = server.api.metrics()?;
        Ok(GAUGES.iter().all(|gauge| last.gauge(gauge) <= before.gauge(gauge)).then_some(()))
    });
    let table = GAUGES.map(|gauge| format!("{gauge}: {:?} -> {:?}", before.gauge(gauge), last.gauge(gauge)));
    assert!(back.is_ok(), "left behind: {}", table.join(", "));
    server.check_alive()
}

/// The gauges when nothing has happened for a while: the registrations' transactions are gone.
fn calm(server: &Server) -> anyhow::Result<Metrics> {
    for gauge in GAUGES {
        assert!(server.api.metrics()?.gauge(gauge).is_some(), "no gauge of {gauge} in /metrics");
    }
    until("the registrations to be forgotten", CALM_TIMEOUT, || {
        let metrics = server.api.metrics()?;
        Ok((metrics.gauge("transactions") == Some(0.0)).then_some(metrics))
    })
}

/// SIPp's file of values: who registers, and as whom.
fn credentials() -> String {
    (1001..).take(usize::from(AGENTS)).fold("SEQUENTIAL\n".to_owned(), |mut out, extension: u16| {
        let password = phone_password(extension);
        let _ = writeln!(out, "{extension};[authentication username={extension} password={password}]");
        out
    })
}
