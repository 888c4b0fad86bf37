//! Ring groups with real phones: all ring, the first has the call, the others are told so.

use std::time::Duration;

use e2e::{Domain, Options, Server, listen, shared, until};

use crate::stage::{SOON, desk_phone, outside_phone, records};

#[test]
fn a_ring_group_rings_two_phones_and_the_first_to_answer_has_the_call() -> anyhow::Result<()> {
    let _turn = shared()?;
    let domain = Domain { agents: 2, ..Domain::default() };
    let group = "ring_groups:\n  - {number: \"7100\", name: Workshop, members: [\"1001\", \"1002\"]}\n";
    let yaml = domain.yaml().replace("open: {queue: \"8000\"}", "open: {ring_group: \"7100\"}");
    let mut server = Server::start_with(&format!("{yaml}{group}"), Options::default())?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    let mut ben = desk_phone(&mut server, 1002, "tcp")?;
    server.api.make_ready(1002)?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    caller.dial(e2e::NUMBER)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ben.wait("CALL_INCOMING", SOON)?;
    ben.accept()?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    ann.wait("CALL_CLOSED", SOON)?;
    assert_eq!(server.api.agent_state(1002)?, "OTHER_CALL");
    caller.talk(Duration::from_secs(2));
    caller.hang_up()?;
    let record = records(&server, 1)?.remove(0);
    let status = |leg: usize| record["legs"][leg]["status"].as_str().unwrap_or_default().to_owned();
    assert_eq!((status(1), status(2)), ("cancelled".to_owned(), "answered".to_owned()), "{record}");
    let heard = listen(&caller.recording()?, 1000.0)?;
    assert!(heard.frames_with(0.6) >= 5, "the caller heard {heard:?}");

    // Nobody answers a second call: it ends by the group's plan.
    caller.forget_events();
    caller.dial(e2e::NUMBER)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.hang_up()?;
    ben.wait("CALL_INCOMING", SOON)?;
    ben.hang_up()?;
    caller.wait("CALL_CLOSED", SOON)?;
    until("both phones to be quiet", SOON, || Ok((server.api.calls()?.len() == 2).then_some(())))?;
    server.check_alive()
}
