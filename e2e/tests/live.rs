//! What is told live adds up to what is.

use std::time::Duration;

use e2e::{Domain, NUMBER, Server, shared};

use crate::stage::{SOON, await_over, caller, ready_phone, records};

#[test]
fn the_events_of_a_run_folded_over_the_first_snapshot_give_the_last_one() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server =
        Server::start(&Domain { agents: 2, ring_time: 2, wrap_up_time: 1, ..Domain::default() })?;
    let mut events = server.events()?;
    let (ann, bob) = (ready_phone(&server, 1001)?, ready_phone(&server, 1002)?);
    let callers = [caller(&server)?, caller(&server)?, caller(&server)?];
    let mut calls = Vec::new();
    for caller in &callers {
        calls.push(caller.call(NUMBER)?);
    }
    // One is answered and hung up by the agent, one rings out, one is left by its caller.
    let answered = ann.rung(SOON)?;
    ann.answer(&answered)?;
    bob.rung(SOON)?;
    server.api.await_agent(1002, &["NOT_READY"], Duration::from_secs(8))?;
    ann.hang_up(answered.call_id())?;
    for (caller, call) in callers.iter().zip(&calls) {
        if caller.place(call) != Some(e2e::Place::Over) {
            let _ = caller.hang_up(call);
        }
    }
    for (caller, call) in callers.iter().zip(&calls) {
        await_over(caller, call)?;
    }
    records(&server, 3)?;
    bob.register(0)?;
    server.api.await_agent(1002, &["OFFLINE", "LOGGED_OUT"], SOON)?;

    let last = server.events()?;
    events.follow_to(last.seq, SOON)?;
    let differences = events.state.differences(&last.state);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert_eq!(last.state.count("agents"), 2);
    server.check_alive()
}

#[test]
fn an_event_says_that_an_agent_has_become_ready() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let mut events = server.events()?;
    let _ann = ready_phone(&server, 1001)?;
    events.wait("1001 ready", SOON, |message| {
        let mut agents = message["agents"].as_array().into_iter().flatten();
        agents.any(|agent| agent["extension"] == "1001" && e2e::state_of(agent).as_deref() == Some("READY"))
    })?;
    server.check_alive()
}
