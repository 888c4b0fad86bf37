//! What a waiting caller hears: each prompt is marked by a tone of its own, the agent's is 1000 Hz.

use std::time::Duration;

use anyhow::Context as _;
use e2e::{Domain, NUMBER, Ports, Server, Sipp, listen, shared, until, write_tone};

use crate::stage::{SOON, desk_phone, outside_phone, records};

/// The prompts, the tone that marks each, Hz, and how long it is, seconds.
const INTRO: (&str, f64, u32) = ("thank-you", 800.0, 1);
const NEXT: (&str, f64, u32) = ("you-are-next", 1250.0, 1);
const PATIENCE: (&str, f64, u32) = ("please-wait", 600.0, 20);

/// A frame of a recording is 200 ms.
const FRAMES_A_SECOND: usize = 5;

fn yaml() -> String {
    let rules = "    name: Support\n    intro: {prompt: thank-you, whole: true}\n    \
                 announce_place: {position: true}\n    announce: {prompts: [please-wait], every: 10}\n";
    Domain::default().yaml().replace("    name: Support\n", rules)
}

fn start() -> anyhow::Result<Server> {
    start_with(&yaml())
}

/// A server whose prompts are marked.
fn start_with(yaml: &str) -> anyhow::Result<Server> {
    let server = Server::start_with(yaml, e2e::Options::default())?;
    for (name, tone, seconds) in [INTRO, NEXT, PATIENCE] {
        let path = server.folder().join("tone.wav");
        write_tone(&path, tone, seconds)?;
        let made =
            server.api.put(&format!("/v1/domains/~/prompts/{name}"), "audio/wav", &std::fs::read(&path)?)?;
        made.ok().with_context(|| format!("the prompt {name}"))?;
    }
    Ok(server)
}

#[test]
fn a_caller_hears_introduction_and_place_and_is_answered_amid_an_announcement() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = start()?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    caller.dial(NUMBER)?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    // Introduction and place, ten seconds of music, and the announcement has begun.
    caller.talk(Duration::from_secs(15));
    ann.forget_events();
    server.api.make_ready(1001)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    caller.talk(Duration::from_secs(4));
    caller.hang_up()?;
    ann.wait("CALL_CLOSED", SOON)?;

    let recording = caller.recording()?;
    let frames = |tone: f64| anyhow::Ok(listen(&recording, tone)?.frames_with(0.8));
    for (name, tone, seconds) in [INTRO, NEXT] {
        let (heard, whole) = (frames(tone)?, FRAMES_A_SECOND * usize::try_from(seconds)?);
        assert!((whole - 2..=whole).contains(&heard), "{name}: {heard} of {whole} frames");
    }
    let (patience, agent) = (frames(PATIENCE.1)?, frames(1000.0)?);
    assert!(patience >= 5, "the announcement was heard in {patience} frames");
    assert!(agent >= 15, "the agent was heard in {agent} frames: the announcement was not cut");
    server.check_alive()
}

#[test]
fn the_music_is_a_playlist_that_begins_again() -> anyhow::Result<()> {
    let _turn = shared()?;
    let list = "playlists:\n  - {name: waiting, prompts: [thank-you, you-are-next]}\nqueues:\n";
    let yaml = Domain::default().yaml().replace("queues:\n", list);
    let yaml = yaml.replace("    name: Support\n", "    name: Support\n    moh: waiting\n");
    let mut server = start_with(&yaml)?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    caller.dial(NUMBER)?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    caller.talk(Duration::from_secs(6));
    caller.hang_up()?;
    let recording = caller.recording()?;
    for (name, tone, _) in [INTRO, NEXT] {
        let frames = listen(&recording, tone)?.frames_with(0.8);
        assert!(
            frames >= 2 * FRAMES_A_SECOND - 2,
            "{name}, a second long, was heard for {frames} frames in six seconds"
        );
    }
    server.check_alive()
}

#[test]
fn a_caller_who_hung_up_is_called_back_through_the_trunk_also_after_the_server_was_killed()
-> anyhow::Result<()> {
    let _turn = shared()?;
    let mut ports = Ports::claim(50)?;
    // The caller's phone behind the trunk: it answers, and hangs up after a while.
    let called = Sipp::called("agent_ends", &mut ports)?.talk(Duration::from_secs(2));
    let domain = Domain { trunk_host: called.address.to_string(), ..Domain::default() };
    let yaml =
        domain.yaml().replace("    name: Support\n", "    name: Support\n    callback: {prefix: \"00\"}\n");
    let mut server = Server::start_with(&yaml, e2e::Options::default())?;
    let folder = server.folder().to_path_buf();
    let called = called.start(&folder, "called")?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    caller.dial(NUMBER)?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    until("the caller to wait", SOON, || Ok((server.api.waiting()?.len() == 1).then_some(())))?;
    caller.press('3')?;
    caller.talk(Duration::from_secs(1));
    caller.press('#')?;
    caller.wait("CALL_CLOSED", Duration::from_secs(15)).context("the goodbye before the callback")?;
    let waits =
        |server: &Server| anyhow::Ok(server.api.waiting()?.iter().filter(|w| w["callback"] == true).count());
    assert_eq!(waits(&server)?, 1, "his place is kept");

    server.kill()?;
    server.start_again()?;
    assert_eq!(waits(&server)?, 1, "his place outlives the process");
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    ann.forget_events();
    server.api.make_ready(1001)?;
    ann.wait("CALL_INCOMING", SOON)?;
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    ann.wait("CALL_CLOSED", Duration::from_secs(10)).context("the end of the callback")?;
    let figures = server.api.get("/v1/domains/~/queues/8000/statistics")?.ok()?;
    assert_eq!((&figures["callbacks_done"], &figures["callbacks"]), (&1.into(), &0.into()), "{figures}");
    assert_eq!(figures["conservation"]["holds"], true, "{figures}");
    let call = &records(&server, 1)?[0];
    let stays: Vec<&str> =
        call["queues"].as_array().into_iter().flatten().filter_map(|stay| stay["outcome"].as_str()).collect();
    assert_eq!(stays, ["callback_requested", "callback_done"], "{call}");
    assert_eq!(called.stop()?.failed, 0);
    server.check_alive()
}
