//! The first call: real phones, a queue, audio both ways, over UDP and over TCP.

use std::time::Duration;

use anyhow::Context as _;
use e2e::{Baresip, Domain, NUMBER, Server, listen, shared};

use crate::stage::{SOON, desk_phone, outside_phone, ready_phone, records};

/// Long enough to hear a tone in ten frames.
const TALK: Duration = Duration::from_secs(3);
/// The share of the power that must be the tone's.
const SHARE: f64 = 0.8;

/// Dials a feature code and listens to the answer until the server hangs up.
fn hear_feature_code(phone: &mut Baresip, code: &str) -> anyhow::Result<()> {
    let before = phone.recordings()?.len();
    phone.forget_events();
    phone.dial(code)?;
    phone.wait("CALL_ESTABLISHED", SOON)?;
    phone.wait("CALL_CLOSED", Duration::from_secs(15))?;
    let heard = listen(&phone.recording()?, 440.0)?;
    assert!(phone.recordings()?.len() > before, "{code}: nothing was recorded");
    assert!(heard.loud_frames >= 2, "{code} was answered with silence: {heard:?}");
    Ok(())
}

/// Both ends' newest recordings hold the other's tone.
fn both_heard_each_other(agent: &Baresip, caller: &Baresip) -> anyhow::Result<()> {
    let at_agent = listen(&agent.recording()?, 440.0)?;
    let at_caller = listen(&caller.recording()?, 1000.0)?;
    assert!(at_agent.has_tone(SHARE, 10), "the agent heard {at_agent:?}");
    assert!(at_caller.has_tone(SHARE, 10), "the caller heard {at_caller:?}");
    Ok(())
}

fn a_shift(transport: &'static str) -> anyhow::Result<()> {
    let _turn = shared()?;
    let domain = Domain { wrap_up_time: 60, ..Domain::default() };
    let mut server = Server::start(&domain)?;
    let mut ann = desk_phone(&mut server, 1001, transport)?;

    hear_feature_code(&mut ann, "*388000")?;
    assert_eq!(server.api.agent_state(1001)?, "NOT_READY", "logged in, and not ready by herself");
    hear_feature_code(&mut ann, "*368000")?;
    assert_eq!(server.api.agent_state(1001)?, "READY");

    // The first caller is put through and hangs up.
    let mut caller = outside_phone(&mut server, "+4917011111", transport)?;
    ann.forget_events();
    caller.dial(NUMBER)?;
    ann.wait("CALL_INCOMING", Duration::from_secs(u64::from(domain.ring_time)))?;
    assert_eq!(server.api.agent_state(1001)?, "RINGING");
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    caller.talk(TALK);
    assert_eq!(server.api.agent_state(1001)?, "QUEUE_CALL");
    caller.hang_up()?;
    ann.wait("CALL_CLOSED", SOON)?;
    both_heard_each_other(&ann, &caller)?;
    server.api.await_agent(1001, &["WRAP_UP"], SOON)?;

    // The second waits while she writes, and rings the moment she is ready.
    let mut second = outside_phone(&mut server, "+4917022222", transport)?;
    second.dial(NUMBER)?;
    e2e::until("the second caller to wait", SOON, || Ok((server.api.waiting()?.len() == 1).then_some(())))?;
    ann.forget_events();
    server.api.agent_do(1001, "ready")?;
    ann.wait("CALL_INCOMING", Duration::from_secs(1))?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    second.talk(TALK);
    second.forget_events();
    ann.hang_up()?;
    second.wait("CALL_CLOSED", SOON)?;
    both_heard_each_other(&ann, &second)?;

    // Two feature codes and two calls from outside.
    records(&server, 4)?;
    server.check_alive()
}

#[test]
fn over_udp_a_caller_reaches_the_agent_and_both_hear_each_other() -> anyhow::Result<()> {
    a_shift("udp")
}

#[test]
fn over_tcp_a_caller_reaches_the_agent_and_both_hear_each_other() -> anyhow::Result<()> {
    a_shift("tcp")
}

#[test]
fn a_phone_that_knows_only_md5_registers_whatever_the_order_of_the_challenges() -> anyhow::Result<()> {
    let _turn = shared()?;
    for digest in ["sha256,md5", "md5,sha256"] {
        let options = e2e::Options { digest, ..e2e::Options::default() };
        let domain = Domain { agents: 2, ..Domain::default() };
        let mut server = Server::start_with(&domain.yaml(), options)?;
        ready_phone(&server, 1001).context(digest)?;
        // baresip 1.0 gives up at any challenge that is new to it, wherever it stands.
        desk_phone(&mut server, 1002, "udp").context(digest)?;
        server.check_alive()?;
    }
    Ok(())
}

#[test]
fn an_agent_who_declines_on_a_real_phone_is_not_rung_again_and_the_next_one_is() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, strategy: "linear", ..Domain::default() })?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    let mut bob = desk_phone(&mut server, 1002, "udp")?;
    server.api.make_ready(1001)?;
    server.api.make_ready(1002)?;
    let mut caller = outside_phone(&mut server, "+4917033333", "udp")?;
    caller.dial(NUMBER)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.hang_up()?;
    bob.wait("CALL_INCOMING", SOON)?;
    server.api.await_agent(1001, &["READY"], SOON)?;
    bob.accept()?;
    bob.wait("CALL_ESTABLISHED", SOON)?;
    assert!(
        ann.wait("CALL_INCOMING", Duration::from_millis(500)).is_err(),
        "rung again for the call she declined"
    );
    bob.hang_up()?;
    caller.wait("CALL_CLOSED", SOON)?;
    server.check_alive()
}
