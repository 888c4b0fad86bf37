//! Calls that are made and steered over HTTP, with real phones at their ends.

use std::time::Duration;

use e2e::{Domain, NUMBER, Place, Server, Sipp, listen, phone_password, shared, until};
use serde_json::{Value, json};

use crate::stage::{SOON, await_over, caller, desk_phone, outside_phone, ready_phone, records};

#[test]
fn a_waiting_call_is_picked_up_by_whom_somebody_names() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    let ann = ready_phone(&server, 1001)?;
    server.api.agent_do(1001, "not-ready")?;
    let first = caller(&server)?;
    let first_call = first.call(NUMBER)?;
    until("the first to wait", SOON, || Ok((server.api.waiting()?.len() == 1).then_some(())))?;
    let second = caller(&server)?;
    let second_call = second.call(NUMBER)?;
    let chosen = until("the second to wait", SOON, || {
        let waiting = server.api.waiting()?;
        Ok(waiting.get(1).and_then(|waits| waits["call"].as_str().map(str::to_owned)))
    })?;

    let path = format!("/v1/domains/~/queues/8000/waiting/{chosen}/pickup");
    server.api.post(&path, &json!({"agent": "1001"}))?.ok()?;
    let ringing = ann.rung(SOON)?;
    ann.answer(&ringing)?;
    until("both to talk", SOON, || Ok((second.place(&second_call) == Some(Place::Talking)).then_some(())))?;
    server.api.await_agent(1001, &["QUEUE_CALL", "OTHER_CALL"], SOON)?;
    assert_eq!(server.api.waiting()?.len(), 1, "the one before keeps his place");
    let again = server.api.post(&path, &json!({"agent": "1002"}))?;
    assert!(again.status == 404 || again.status == 409, "nobody has it twice: {}", again.body);

    second.hang_up(&second_call)?;
    await_over(&ann, ringing.call_id())?;
    first.hang_up(&first_call)?;
    await_over(&first, &first_call)?;
    records(&server, 2)?;
    let figures = server.api.get("/v1/domains/~/queues/8000/statistics")?.ok()?;
    assert_eq!(figures["conservation"]["holds"], true, "{figures}");
    server.check_alive()
}

#[test]
fn a_call_that_is_ordered_rings_the_agent_first_and_then_whom_she_wants() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    let (ann, bob) = (ready_phone(&server, 1001)?, ready_phone(&server, 1002)?);
    let made = server.api.post("/v1/domains/~/agents/1001/calls", &json!({"to": "1002"}))?;
    assert!((200..300).contains(&made.status), "{}", made.body);
    let hers = ann.rung(SOON)?;
    ann.answer(&hers)?;
    let his = bob.rung(SOON)?;
    bob.answer(&his)?;
    until("both to talk", SOON, || Ok((bob.place(his.call_id()) == Some(Place::Talking)).then_some(())))?;
    server.api.await_agent(1001, &["OTHER_CALL"], SOON)?;
    bob.hang_up(his.call_id())?;
    await_over(&ann, hers.call_id())?;
    let call = &records(&server, 1)?[0];
    assert_eq!(call["cause"], "normal", "{call}");
    server.check_alive()
}

#[test]
fn a_desk_phone_that_rings_lifts_when_it_is_asked_to() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let folder = server.folder().to_path_buf();
    let phone = Sipp::called("agent_lifts", &mut server.ports)?;
    let users = folder.join("ann.csv");
    std::fs::write(
        &users,
        format!("SEQUENTIAL\n1001;[authentication username=1001 password={}]\n", phone_password(1001)),
    )?;
    let register = Sipp::calling("register", server.sip, &mut server.ports)?
        .values(&users)
        .key("contact", &phone.address.to_string())
        .key("expires", "300")
        .calls(1);
    assert_eq!(register.start(&folder, "register")?.finish(SOON)?.successful, 1);
    let phone = phone.start(&folder, "phone")?;
    server.api.make_ready(1001)?;
    let caller = caller(&server)?;
    let waits = caller.call(NUMBER)?;
    let call = until("it to ring", SOON, || {
        let calls = server.api.calls()?;
        let rung = |call: &&Value| call["legs"].as_array().is_some_and(|legs| legs.len() == 2);
        Ok(calls.iter().find(rung).and_then(|call| call["id"].as_str().map(str::to_owned)))
    })?;
    let path = format!("/v1/domains/~/calls/{call}/answer");
    until("it to be asked", SOON, || Ok((server.api.post(&path, &json!({}))?.status == 204).then_some(())))?;
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;
    until("both to talk", SOON, || Ok((caller.place(&waits) == Some(Place::Talking)).then_some(())))?;
    let again = server.api.post(&path, &json!({"agent": "1001"}))?;
    assert_eq!(
        (again.status, again.body["type"].as_str()),
        (409, Some("/problems/not_ringing")),
        "{}",
        again.body
    );
    caller.hang_up(&waits)?;
    await_over(&caller, &waits)?;
    until("the phone's call to end", SOON, || Ok((phone.statistics()?.successful == 1).then_some(())))?;
    server.check_alive()
}

#[test]
fn who_is_on_hold_hears_music_and_then_the_agent_again() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    server.api.make_ready(1001)?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    ann.forget_events();
    caller.dial(NUMBER)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    caller.talk(Duration::from_secs(2));
    let call = server.api.calls()?[0]["id"].as_str().unwrap_or_default().to_owned();
    let steer = |verb: &str| server.api.post(&format!("/v1/domains/~/calls/{call}/{verb}"), &json!({}))?.ok();
    steer("hold")?;
    steer("hold")?;
    assert_eq!(server.api.get(&format!("/v1/domains/~/calls/{call}"))?.ok()?["held"], true);
    caller.talk(Duration::from_secs(4));
    steer("unhold")?;
    caller.talk(Duration::from_secs(2));
    caller.hang_up()?;
    ann.wait("CALL_CLOSED", SOON)?;
    let heard = listen(&caller.recording()?, 1000.0)?;
    let (hers, others) = (heard.frames_with(0.8), heard.loud_frames - heard.frames_with(0.8));
    assert!(hers >= 12, "the agent before and after: {heard:?}");
    assert!(others >= 12, "music in between: {heard:?}");
    let at_her_side = listen(&ann.recording()?, 440.0)?;
    assert!(at_her_side.frames_with(0.8) >= 12, "she heard him before and after: {at_her_side:?}");
    server.check_alive()
}

#[test]
fn keys_that_are_ordered_reach_the_other_party_each_once() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    server.api.make_ready(1001)?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    ann.forget_events();
    caller.dial(NUMBER)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    let call = server.api.calls()?[0]["id"].as_str().unwrap_or_default().to_owned();
    let pressed =
        server.api.post(&format!("/v1/domains/~/calls/{call}/digits"), &json!({"digits": "400#"}))?;
    assert_eq!(pressed.status, 204, "{}", pressed.text);
    let mut heard = String::new();
    for _ in 0..4 {
        let event = caller.wait("CALL_DTMF_START", SOON)?;
        heard += event["param"].as_str().unwrap_or_default();
    }
    assert_eq!(heard, "400#");
    // The journal is sealed; what it keeps of keys is a test of the engine's own.
    assert!(!server.output().contains("400#"), "the log knows what was pressed");
    caller.talk(Duration::from_secs(1));
    caller.hang_up()?;
    ann.wait("CALL_CLOSED", SOON)?;
    records(&server, 1)?;
    let kept = server.api.get(&format!("/v1/domains/~/calls/{call}"))?.text;
    assert!(!kept.contains("400#"), "the record knows what was pressed: {kept}");
    server.check_alive()
}
