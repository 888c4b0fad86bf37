//! Moments that go wrong on the wire: each leaves the caller, the agent and the record in one clear state.

use std::time::Duration;

use e2e::{Domain, Message, NUMBER, OnCancel, Place, Server, shared};

use crate::stage::{SOON, await_over, caller, ready_phone, records};

/// Long enough for what comes when a phone has rung for two seconds.
const AFTER_RING: Duration = Duration::from_secs(8);

fn short_ring() -> Domain {
    Domain { ring_time: 2, ..Domain::default() }
}

fn ok_to_invite(message: &Message) -> bool {
    message.is_response(200, "INVITE")
}

#[test]
fn a_caller_who_hangs_up_while_it_rings_stops_the_ringing_and_costs_the_agent_nothing() -> anyhow::Result<()>
{
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let ann = ready_phone(&server, 1001)?;
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    ann.rung(SOON)?;
    caller.hang_up(&call)?;
    ann.wait("CANCEL", SOON, |message| message.is_request("CANCEL"))?;
    await_over(&caller, &call)?;
    server.api.await_agent(1001, &["READY"], SOON)?;
    let records = records(&server, 1)?;
    assert_eq!(records[0]["queues"][0]["outcome"], "abandoned", "{records:?}");
    server.check_alive()
}

#[test]
fn an_agent_who_does_not_answer_becomes_not_ready_and_the_caller_stays() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&short_ring())?;
    let ann = ready_phone(&server, 1001)?;
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    ann.rung(SOON)?;
    ann.wait("CANCEL", AFTER_RING, |message| message.is_request("CANCEL"))?;
    server.api.await_agent(1001, &["NOT_READY"], SOON)?;
    assert_eq!(server.api.waiting()?.len(), 1, "the caller is still in the line");
    // Ready again, she is offered the same caller.
    server.api.agent_do(1001, "ready")?;
    let invite = ann.rung(AFTER_RING)?;
    ann.answer(&invite)?;
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;
    caller.hang_up(&call)?;
    await_over(&ann, invite.call_id())?;
    server.check_alive()
}

#[test]
fn an_agent_whose_phone_is_busy_is_passed_over_and_stays_logged_in() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, strategy: "linear", ..Domain::default() })?;
    let (ann, bob) = (ready_phone(&server, 1001)?, ready_phone(&server, 1002)?);
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    let invite = ann.rung(SOON)?;
    ann.refuse(&invite, 486, "Busy Here")?;
    let invite = bob.rung(SOON)?;
    bob.answer(&invite)?;
    server.api.await_agent(1002, &["QUEUE_CALL"], SOON)?;
    let state = server.api.agent_state(1001)?;
    assert!(matches!(state.as_str(), "READY" | "NOT_READY"), "{state}");
    caller.hang_up(&call)?;
    await_over(&bob, invite.call_id())?;
    server.check_alive()
}

#[test]
fn an_agent_who_declines_is_not_offered_the_same_call_again() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, strategy: "linear", ..Domain::default() })?;
    let (ann, bob) = (ready_phone(&server, 1001)?, ready_phone(&server, 1002)?);
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    let invite = ann.rung(SOON)?;
    ann.refuse(&invite, 603, "Decline")?;
    let invite = bob.rung(SOON)?;
    bob.refuse(&invite, 603, "Decline")?;
    server.api.await_agent(1001, &["READY"], SOON)?;
    server.api.await_agent(1002, &["READY"], SOON)?;
    assert!(ann.rung(Duration::from_secs(1)).is_err(), "offered again what she declined");
    assert_eq!(server.api.waiting()?.len(), 1, "the last decline must not drop the caller");
    caller.hang_up(&call)?;
    server.check_alive()
}

#[test]
fn an_agent_whose_registration_goes_while_it_rings_leaves_the_caller_in_the_line() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, strategy: "linear", ..Domain::default() })?;
    let (ann, bob) = (ready_phone(&server, 1001)?, ready_phone(&server, 1002)?);
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    ann.rung(SOON)?;
    ann.register(0)?;
    let invite = bob.rung(SOON)?;
    bob.answer(&invite)?;
    server.api.await_agent(1001, &["OFFLINE", "LOGGED_OUT"], SOON)?;
    server.api.await_agent(1002, &["QUEUE_CALL"], SOON)?;
    caller.hang_up(&call)?;
    await_over(&bob, invite.call_id())?;
    server.check_alive()
}

#[test]
fn an_answer_that_crosses_the_cancel_is_acknowledged_and_ended() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let ann = ready_phone(&server, 1001)?;
    ann.on_cancel(OnCancel::AnswerAnyway);
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    let invite = ann.rung(SOON)?;
    caller.hang_up(&call)?;
    ann.wait("the ACK of the late answer", SOON, |message| message.is_request("ACK"))?;
    ann.wait("BYE", SOON, |message| message.is_request("BYE"))?;
    assert_eq!(ann.place(invite.call_id()), Some(Place::Over));
    await_over(&caller, &call)?;
    server.api.await_agent(1001, &["READY"], SOON)?;
    records(&server, 1)?;
    server.check_alive()
}

#[test]
fn an_answer_whose_ack_is_lost_is_repeated_until_it_arrives() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let ann = ready_phone(&server, 1001)?;
    let caller = caller(&server)?;
    caller.lose_acks(2);
    let call = caller.call(NUMBER)?;
    let invite = ann.rung(SOON)?;
    ann.answer(&invite)?;
    ann.wait("ACK", SOON, |message| message.is_request("ACK"))?;
    e2e::until("the answer to be repeated twice", AFTER_RING, || {
        Ok((caller.count(ok_to_invite) >= 3).then_some(()))
    })?;
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;
    caller.hang_up(&call)?;
    ann.wait("BYE", SOON, |message| message.is_request("BYE"))?;
    records(&server, 1)?;
    server.check_alive()
}

#[test]
fn an_answer_that_is_never_acknowledged_ends_the_call() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let ann = ready_phone(&server, 1001)?;
    let caller = caller(&server)?;
    caller.lose_acks(u32::MAX);
    caller.call(NUMBER)?;
    let invite = ann.rung(SOON)?;
    ann.answer(&invite)?;
    // RFC 3261 section 13.3.1.4: after 64*T1, 32 s, the dialog is ended by BYE.
    caller.wait("BYE", Duration::from_secs(45), |message| message.is_request("BYE"))?;
    ann.wait("BYE", SOON, |message| message.is_request("BYE"))?;
    records(&server, 1)?;
    server.check_alive()
}

#[test]
fn an_agents_phone_that_repeats_its_answer_is_acknowledged_each_time() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let ann = ready_phone(&server, 1001)?;
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    let invite = ann.rung(SOON)?;
    for _ in 0..3 {
        ann.answer(&invite)?;
        ann.wait("ACK", SOON, |message| message.is_request("ACK"))?;
    }
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;
    assert_eq!(ann.count(|message| message.is_request("BYE")), 0);
    ann.hang_up(invite.call_id())?;
    await_over(&caller, &call)?;
    records(&server, 1)?;
    server.check_alive()
}
