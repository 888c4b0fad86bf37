//! Flows as a caller with a real phone meets them: he keys digits, and which prompts he hears is told by a tone that
//! marks each of them.

use std::time::Duration;

use anyhow::Context as _;
use e2e::{Baresip, Domain, Server, listen, shared, until, write_tone};

use crate::stage::{SOON, desk_phone, outside_phone};

/// Where the flows are reached from outside, and the prompts that they use with the tone that marks each, Hz. Those
/// of the agent herself are 1000, the caller's 440.
const FLOW: &str = "+493012345671";
const MENU: &str = "+493012345672";
const GREETING: (&str, f64) = ("please-wait", 600.0);
const WRONG: (&str, f64) = ("invalid-code", 700.0);
const EMPTY: (&str, f64) = ("thank-you", 800.0);
const AWAY: (&str, f64) = ("no-agents", 1250.0);
const BUSY: (&str, f64) = ("all-busy", 1400.0);
const NO_ANSWER: (&str, f64) = ("failed", 1600.0);
const STAR: (&str, f64) = ("queue-full", 1800.0);
const GOODBYE: (&str, f64) = ("goodbye", 2000.0);
const ALL: [(&str, f64); 8] = [GREETING, WRONG, EMPTY, AWAY, BUSY, NO_ANSWER, STAR, GOODBYE];

/// What a flow may take at most: three prompts of a second and the pauses between them.
const LONG: Duration = Duration::from_secs(25);

fn yaml() -> String {
    let domain = Domain { agents: 2, auto_ready: true, ..Domain::default() };
    let flows = r#"flows:
  - number: "7000"
    name: Reach an agent
    kind: agent_extension
    greeting: please-wait
    no_input_message: thank-you
    invalid_message: invalid-code
    first_digit_timeout: 2
    inter_digit_timeout: 1
    max_repeats: 1
    ring_timeout: 5
    on_unavailable: {hangup: {message: no-agents}}
    on_busy: {hangup: {message: all-busy}}
    on_no_answer: {hangup: {message: failed}}
    on_star: {hangup: {message: queue-full}}
    on_repeats_exhausted: {hangup: {message: goodbye}}
  - number: "7001"
    name: Menu
    kind: tree
    steps:
      - {id: menu, do: menu, prompts: [please-wait], keys: {"1": support, "2": reach}, invalid: invalid-code, repeats: 1, first_digit_timeout: 2, on_failed: bye}
      - {id: support, do: enqueue, queue: "8000"}
      - {id: reach, do: leave, to: {flow: "7000"}}
      - {id: bye, do: leave, to: {hangup: {message: goodbye}}}
numbers:
  - {number: "+493012345671", open: {flow: "7000"}}
  - {number: "+493012345672", open: {flow: "7001"}}
"#;
    domain.yaml().replace("numbers:\n", flows)
}

/// A server whose prompts are tones.
fn start() -> anyhow::Result<Server> {
    let server = Server::start_with(&yaml(), e2e::Options::default())?;
    for (name, tone) in ALL {
        let path = server.folder().join("tone.wav");
        write_tone(&path, tone, 1)?;
        let made =
            server.api.put(&format!("/v1/domains/~/prompts/{name}"), "audio/wav", &std::fs::read(&path)?)?;
        made.ok().with_context(|| format!("the prompt {name}"))?;
    }
    Ok(server)
}

/// Calls, and presses keys once the greeting has begun.
fn dial(caller: &mut Baresip, number: &str, keys: &str) -> anyhow::Result<()> {
    caller.forget_events();
    caller.dial(number)?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    caller.talk(Duration::from_millis(500));
    for key in keys.chars() {
        caller.command("sndcode", &key.to_string())?;
        caller.talk(Duration::from_millis(150));
        // The key is let go: baresip takes EOT for that.
        caller.command("sndcode", "\u{4}")?;
        caller.talk(Duration::from_millis(100));
    }
    Ok(())
}

/// Calls, presses, listens until the server hangs up, and says which prompts were heard: those whose tone fills two
/// frames of 200 ms.
fn hears(server: &mut Server, number: &str, keys: &str) -> anyhow::Result<Vec<&'static str>> {
    let mut caller = outside_phone(server, "+4917011111", "udp")?;
    dial(&mut caller, number, keys)?;
    caller.wait("CALL_CLOSED", LONG)?;
    let recording = caller.recording()?;
    let mut heard = Vec::new();
    for (name, tone) in ALL {
        if listen(&recording, tone)?.frames_with(0.6) >= 2 {
            heard.push(name);
        }
    }
    Ok(heard)
}

#[test]
fn each_way_through_a_flow_is_heard_by_a_caller_with_a_real_phone() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start()?;
    let names = |prompts: &[(&'static str, f64)]| prompts.iter().map(|(name, _)| *name).collect::<Vec<_>>();

    // Nobody's phone is registered: what a caller hears without anybody.
    for (keys, wanted) in [
        ("1001", [GREETING, AWAY].as_slice()),
        ("*", &[GREETING, STAR]),
        ("", &[GREETING, EMPTY, GOODBYE]),
        ("9", &[GREETING, WRONG, EMPTY, GOODBYE]),
    ] {
        let heard = hears(&mut server, FLOW, keys)?;
        let wanted: Vec<&str> =
            names(wanted).into_iter().filter(|name| heard.contains(name) || *name != GREETING.0).collect();
        let wanted =
            wanted.into_iter().filter(|name| *name != EMPTY.0 || keys.is_empty()).collect::<Vec<_>>();
        for name in &wanted {
            assert!(heard.contains(name), "keys {keys:?}: {name} is missing in {heard:?}");
        }
        let strangers: Vec<_> = heard
            .iter()
            .filter(|name| [AWAY.0, STAR.0, BUSY.0, NO_ANSWER.0, GOODBYE.0].contains(name))
            .collect();
        assert_eq!(strangers.len(), 1, "keys {keys:?} lead to one end: {heard:?}");
    }
    assert!(hears(&mut server, MENU, "5")?.contains(&GOODBYE.0), "a key that leads nowhere, twice");
    server.check_alive()
}

#[test]
fn a_caller_dials_an_agent_who_answers_rings_out_is_busy_or_declines() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start()?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;

    // She answers, and both hear each other.
    let mut caller = outside_phone(&mut server, "+4917022222", "udp")?;
    ann.forget_events();
    dial(&mut caller, FLOW, "1001")?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    caller.talk(Duration::from_secs(3));
    // Meanwhile she is busy for another.
    let heard = hears(&mut server, FLOW, "1001")?;
    assert!(heard.contains(&BUSY.0) && !heard.contains(&NO_ANSWER.0), "{heard:?}");
    caller.hang_up()?;
    ann.wait("CALL_CLOSED", SOON)?;
    assert!(listen(&caller.recording()?, 1000.0)?.frames_with(0.8) >= 10, "the caller heard the agent");

    // She does not answer; she declines.
    let heard = hears(&mut server, FLOW, "1001")?;
    assert!(heard.contains(&NO_ANSWER.0) && !heard.contains(&BUSY.0), "{heard:?}");
    ann.forget_events();
    let mut caller = outside_phone(&mut server, "+4917033333", "udp")?;
    dial(&mut caller, FLOW, "1001")?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.hang_up()?;
    caller.wait("CALL_CLOSED", LONG)?;
    assert!(listen(&caller.recording()?, BUSY.1)?.frames_with(0.6) >= 2, "a decline is busy");

    // Through the menu into the line, where she is rung by the queue.
    server.api.make_ready(1001)?;
    let mut caller = outside_phone(&mut server, "+4917044444", "udp")?;
    ann.forget_events();
    dial(&mut caller, MENU, "1")?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    until("a queue call", SOON, || Ok((server.api.agent_state(1001)? == "QUEUE_CALL").then_some(())))?;
    caller.hang_up()?;
    server.check_alive()
}
