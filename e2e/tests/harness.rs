//! The tools themselves, against each other and without a server.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use e2e::{Account, Baresip, Phone, Place, Ports, Sipp, listen, shared, sit_out};

fn account(user: &str, server: SocketAddr, tone: f64, answers: bool) -> Account {
    let (user, codecs) = (user.to_owned(), Account::G711);
    Account { user, password: None, server, transport: "udp", answers, tone, codecs }
}

#[test]
fn two_real_phones_hear_each_others_tone() -> anyhow::Result<()> {
    let _turn = shared()?;
    let folder = tempfile::tempdir()?;
    let mut ports = Ports::claim(100)?;
    let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    let mut callee = Baresip::start(account("bob", nowhere, 1000.0, false), folder.path(), &mut ports)?;
    let mut caller =
        Baresip::start(account("alice", callee.address(), 440.0, false), folder.path(), &mut ports)?;
    caller.dial("bob")?;
    callee.wait("CALL_INCOMING", Duration::from_secs(10))?;
    callee.accept()?;
    caller.wait("CALL_ESTABLISHED", Duration::from_secs(10))?;
    caller.talk(Duration::from_secs(2));
    caller.hang_up()?;
    callee.wait("CALL_CLOSED", Duration::from_secs(10))?;
    let (at_caller, at_callee) =
        (listen(&caller.recording()?, 1000.0)?, listen(&callee.recording()?, 440.0)?);
    assert!(at_caller.has_tone(0.8, 5), "{at_caller:?}");
    assert!(at_callee.has_tone(0.8, 5), "{at_callee:?}");
    let wrong = listen(&callee.recording()?, 1000.0)?;
    assert!(!wrong.has_tone(0.8, 1), "{wrong:?}");
    Ok(())
}

#[test]
fn callers_and_agents_of_sipp_understand_each_other() -> anyhow::Result<()> {
    let _turn = shared()?;
    for (caller, agent) in [("caller_waits", "agent_ends"), ("caller_hangs_up", "agent_answers")] {
        let folder = tempfile::tempdir()?;
        let mut ports = Ports::claim(50)?;
        let agents = Sipp::called(agent, &mut ports)?.talk(Duration::from_millis(50));
        let address = agents.address;
        let agents = agents.start(folder.path(), "agents")?;
        let callers =
            Sipp::calling(caller, address, &mut ports)?.calls(20).rate(20).talk(Duration::from_millis(50));
        let callers =
            callers.number("8000").start(folder.path(), "callers")?.finish(Duration::from_secs(30))?;
        assert_eq!((callers.successful, callers.failed), (20, 0), "{caller}");
        agents.stop()?;
    }
    Ok(())
}

#[test]
fn a_caller_of_sipp_whose_call_nobody_ends_counts_as_failed() -> anyhow::Result<()> {
    let _turn = shared()?;
    let folder = tempfile::tempdir()?;
    let mut ports = Ports::claim(50)?;
    // Both wait for the other to end the call, so neither does.
    let agents = Sipp::called("agent_answers", &mut ports)?;
    let address = agents.address;
    let _agents = agents.start(folder.path(), "agents")?;
    let callers =
        Sipp::calling("caller_waits", address, &mut ports)?.calls(1).number("8000").gives_up_after(2);
    let callers = callers.start(folder.path(), "callers")?.finish(Duration::from_secs(30))?;
    assert_eq!((callers.successful, callers.failed), (0, 1));
    Ok(())
}

#[test]
fn our_own_phone_is_understood_by_sipp_from_both_sides() -> anyhow::Result<()> {
    let _turn = shared()?;
    let folder = tempfile::tempdir()?;
    let mut ports = Ports::claim(50)?;
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let soon = Duration::from_secs(10);

    // Calling: SIPp answers and ends the call.
    let agents = Sipp::called("agent_ends", &mut ports)?.talk(Duration::from_millis(50));
    let caller = Phone::start("caller", "", here, agents.address)?;
    let agents = agents.start(folder.path(), "agents")?;
    // SIPp needs a moment to open its port; a phone of ours does not repeat itself.
    sit_out(Duration::from_millis(500));
    let call = caller.call("1001")?;
    caller.wait("200", soon, |message| message.is_response(200, "INVITE"))?;
    caller.wait("BYE", soon, |message| message.is_request("BYE"))?;
    assert_eq!(caller.place(&call), Some(Place::Over));
    assert_eq!(agents.stop()?.failed, 0);

    // Called: SIPp calls and ends the call.
    let sipp = SocketAddr::from((Ipv4Addr::LOCALHOST, ports.pair()?));
    let phone = Phone::start("1001", "", here, sipp)?;
    let callers = Sipp::calling_from(sipp, "caller_hangs_up", phone.address(), &mut ports)?;
    let callers =
        callers.calls(1).number("1001").talk(Duration::from_millis(50)).start(folder.path(), "callers")?;
    let invite = phone.rung(soon)?;
    phone.answer(&invite)?;
    phone.wait("BYE", soon, |message| message.is_request("BYE"))?;
    assert_eq!(phone.place(invite.call_id()), Some(Place::Over));
    assert_eq!(callers.finish(soon)?.successful, 1);
    Ok(())
}
