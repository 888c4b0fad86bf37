//! Several devices of one extension, and callers who give up before anybody has answered.

use e2e::{Domain, NUMBER, Phone, Server, phone_password, shared};

use crate::stage::{SOON, await_over, caller, ready_phone};

/// A second device of the same agent.
fn second_device(server: &Server, extension: u16) -> anyhow::Result<Phone> {
    let here = std::net::Ipv4Addr::LOCALHOST.into();
    let phone = Phone::start(&extension.to_string(), &phone_password(extension), here, server.sip)?;
    phone.register(300)?;
    Ok(phone)
}

#[test]
fn both_devices_of_an_agent_ring_and_the_one_that_answers_has_the_call() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let desk = ready_phone(&server, 1001)?;
    let mobile = second_device(&server, 1001)?;
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    let at_desk = desk.rung(SOON)?;
    mobile.rung(SOON)?;
    assert!(desk.answer(&at_desk)?);
    let cancel = mobile.wait("CANCEL", SOON, |message| message.is_request("CANCEL"))?;
    let reason = cancel.header("Reason");
    assert!(reason.contains("200") && reason.contains("elsewhere"), "no missed call is shown: {reason}");
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;
    caller.hang_up(&call)?;
    await_over(&desk, at_desk.call_id())?;
    server.check_alive()
}

#[test]
fn a_decline_on_one_device_speaks_for_the_agent() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let desk = ready_phone(&server, 1001)?;
    let mobile = second_device(&server, 1001)?;
    let caller = caller(&server)?;
    caller.call(NUMBER)?;
    let at_desk = desk.rung(SOON)?;
    mobile.rung(SOON)?;
    desk.refuse(&at_desk, 603, "Decline")?;
    mobile.wait("CANCEL", SOON, |message| message.is_request("CANCEL"))?;
    server.api.await_agent(1001, &["READY"], SOON)?;
    server.check_alive()
}

#[test]
fn a_caller_who_cancels_a_call_to_a_colleague_stops_the_ringing() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    let ann = ready_phone(&server, 1001)?;
    let caller = caller(&server)?;
    let call = caller.call("1001")?;
    ann.rung(SOON)?;
    caller.wait("180", SOON, |message| message.is_response(180, "INVITE"))?;
    caller.hang_up(&call)?;
    caller.wait("487", SOON, |message| message.is_response(487, "INVITE"))?;
    ann.wait("CANCEL", SOON, |message| message.is_request("CANCEL"))?;
    server.api.await_agent(1001, &["READY"], SOON)?;
    server.check_alive()
}
