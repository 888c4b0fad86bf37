//! How people are reached: do not disturb, and a personal phone behind the trunk that must accept.

use std::time::Duration;

use anyhow::Context as _;
use e2e::{Domain, Options, Ports, Server, Sipp, listen, shared, until};
use serde_json::Value;

use crate::stage::{SOON, desk_phone, outside_phone};

/// What a caller hears whose call nobody took, Hz.
const NOBODY: f64 = 700.0;

/// Two agents; the first forwards her calls to a mobile that plays `scenario`, and callers whom she misses hear a tone.
fn start(scenario: &'static str) -> anyhow::Result<(Server, e2e::SippRun)> {
    let mut ports = Ports::claim(50)?;
    let mobile = Sipp::called(scenario, &mut ports)?;
    let domain = Domain { agents: 2, trunk_host: mobile.address.to_string(), ..Domain::default() };
    let forwards = "extension: \"1001\"\n    personal_phone: \"+491701\"\n    forward_when: always\n";
    let yaml = domain.yaml().replacen("extension: \"1001\"\n", forwards, 1);
    let mailbox = "mailboxes:\n  - {number: \"1001\", name: Ann, greetings: {no_answer: no-agents}}\n";
    let server = Server::start_with(&format!("{yaml}{mailbox}"), Options::default())?;
    let tone = server.folder().join("tone.wav");
    e2e::write_tone(&tone, NOBODY, 2)?;
    let prompt = server.api.put("/v1/domains/~/prompts/no-agents", "audio/wav", &std::fs::read(&tone)?)?;
    prompt.ok()?;
    let folder = server.folder().to_path_buf();
    let mobile = mobile.start(&folder, "mobile")?;
    Ok((server, mobile))
}

fn connected(server: &Server) -> anyhow::Result<Value> {
    until("a call to be connected", Duration::from_secs(15), || {
        let calls = server.api.calls()?;
        Ok(calls.into_iter().find(|call| call["state"] == "connected"))
    })
}

#[test]
fn a_call_forwarded_to_a_mobile_is_connected_when_somebody_there_presses_one() -> anyhow::Result<()> {
    let _turn = shared()?;
    let (mut server, mobile) = start("mobile_accepts")?;
    server.api.make_ready(1001)?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    caller.dial("1001")?;
    let call = connected(&server)?;
    assert_eq!(call["agent"], "1001", "{call}");
    caller.wait("CALL_ESTABLISHED", SOON)?;
    assert_eq!(server.api.agent_state(1001)?, "OTHER_CALL");
    caller.hang_up()?;
    until("the mobile's call to end", SOON, || Ok((mobile.statistics()?.successful == 1).then_some(())))?;
    server.check_alive()
}

#[test]
fn the_mailbox_of_a_mobile_answers_and_never_has_the_call() -> anyhow::Result<()> {
    let _turn = shared()?;
    let (mut server, mobile) = start("agent_answers")?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    caller.dial("1001")?;
    // Nobody accepts within ten seconds: her mailbox here answers.
    caller.wait("CALL_ESTABLISHED", Duration::from_secs(20))?;
    caller.talk(Duration::from_secs(3));
    caller.hang_up()?;
    let heard = listen(&caller.recording()?, NOBODY)?;
    assert!(heard.frames_with(0.6) >= 8, "the caller heard {heard:?}");
    until("the call to be over", SOON, || {
        let calls = server.api.calls()?;
        Ok(calls.iter().all(|call| !call["ended_at"].is_null()).then_some(()))
    })?;
    let record = server.api.calls()?.into_iter().next().context("a record")?;
    assert_eq!(record["legs"][1]["status"], "no_answer", "{record}");
    until("the mobile's call to end", SOON, || Ok((mobile.statistics()?.successful == 1).then_some(())))?;
    server.check_alive()
}

#[test]
fn a_phone_that_dialed_the_code_is_not_rung_until_it_dials_the_other() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    for (code, on) in [("*78", true), ("*79", false)] {
        ann.dial(code)?;
        ann.wait("CALL_CLOSED", Duration::from_secs(10))?;
        assert_eq!(server.api.agent(1001)?["dnd"], on);
        if on {
            server.kill()?;
            server.start_again()?;
            assert_eq!(server.api.agent(1001)?["dnd"], true, "after a restart");
            // The phone is switched off and on: the server that it was known to is gone.
            drop(ann);
            ann = desk_phone(&mut server, 1001, "udp")?;
        }
        caller.forget_events();
        ann.forget_events();
        caller.dial("1001")?;
        if on {
            caller.wait("CALL_CLOSED", SOON)?;
        } else {
            ann.wait("CALL_INCOMING", SOON)?;
            ann.accept()?;
            caller.wait("CALL_ESTABLISHED", SOON)?;
            caller.hang_up()?;
        }
    }
    server.check_alive()
}
