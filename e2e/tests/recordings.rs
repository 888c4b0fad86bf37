//! Recordings of talks: what the two said, each on its side, and nothing of what they did not say to each other.

use std::time::Duration;

use anyhow::Context as _;
use e2e::{
    Api, Baresip, Domain, Listened, NUMBER, Options, Server, agent_password, listen, shared, sit_out, until,
};
use serde_json::{Value, json};

use crate::stage::{SOON, desk_phone, outside_phone, records};

/// Long enough to hear a tone in ten frames.
const TALK: Duration = Duration::from_secs(3);

fn start() -> anyhow::Result<Server> {
    let yaml = Domain { agents: 2, ..Domain::default() }.yaml();
    let yaml =
        yaml.replacen("    strategy: longest_idle\n", "    strategy: longest_idle\n    recording: true\n", 1);
    Server::start_with(&yaml, Options::default())
}

/// A caller of the queue and the agent who has answered him, each with a tone of their own.
fn talking() -> anyhow::Result<(Server, Baresip, Baresip)> {
    let mut server = start()?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    server.api.make_ready(1001)?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    caller.dial(NUMBER)?;
    ann.wait("CALL_INCOMING", SOON)?;
    // What a caller says while he waits is nobody's.
    sit_out(Duration::from_secs(1));
    ann.accept()?;
    ann.wait("CALL_ESTABLISHED", SOON)?;
    Ok((server, ann, caller))
}

/// How much of a tone is on the left of a sound, or on the right.
fn side(server: &Server, sound: &[u8], right: bool, tone: f64) -> anyhow::Result<Listened> {
    let mut bytes = sound.to_vec();
    if right {
        // The first sample of each frame is the one that is listened to.
        bytes.drain(44..46);
    }
    let path = server.folder().join("side.wav");
    std::fs::write(&path, bytes)?;
    listen(&path, tone)
}

/// The sound of a recording, which appears when its file is safe.
fn sound(api: &Api, call: &Value, index: usize) -> anyhow::Result<Vec<u8>> {
    let (id, recording) = (call["id"].as_str(), call["recordings"][index]["id"].as_str());
    let path = format!(
        "/v1/domains/~/calls/{}/recordings/{}",
        id.context("a call")?,
        recording.context("a recording")?
    );
    until("the recording to be there", SOON, || Ok(api.file(&path).ok()))
}

#[test]
fn both_sides_of_a_talk_are_heard_side_by_side_and_what_was_said_on_hold_is_not() -> anyhow::Result<()> {
    let _turn = shared()?;
    let (mut server, mut ann, mut caller) = talking()?;
    caller.talk(TALK);
    let live = server.api.calls()?.into_iter().next().context("the call")?;
    assert_eq!((&live["recording"], &live["recordings"][0]["until"]), (&json!(true), &Value::Null));
    let id = live["id"].as_str().context("its id")?.to_owned();
    let ask = |api: &Api, what: &str| api.post(&format!("/v1/domains/~/calls/{id}/{what}"), &json!({}))?.ok();
    let hers = server.api.log_in("1001@acme.test", &agent_password(1001))?;
    ask(&hers, "hold")?;
    let held = server.api.get(&format!("/v1/domains/~/calls/{id}"))?.ok()?;
    assert_eq!(held["recording"], false, "{held}");
    sit_out(TALK);
    ask(&hers, "unhold")?;
    caller.talk(TALK);
    caller.hang_up()?;
    ann.wait("CALL_CLOSED", SOON)?;

    let call = records(&server, 1)?.remove(0);
    let talks = call["recordings"].as_array().context("recordings")?;
    assert_eq!(talks.len(), 2, "{call}");
    for index in 0..2 {
        let sound = sound(&server.api, &call, index)?;
        let (left, right) = (side(&server, &sound, false, 440.0)?, side(&server, &sound, true, 1000.0)?);
        assert!(left.has_tone(0.8, 10), "the caller in {index}: {left:?}");
        assert!(right.has_tone(0.8, 10), "the agent in {index}: {right:?}");
        assert!(left.seconds < 5.0, "{left:?}: of the talk, and of nothing else");
    }
    let path = |index: usize| {
        let recording = talks[index]["id"].as_str().unwrap_or_default();
        format!("/v1/domains/~/calls/{id}/recordings/{recording}")
    };
    assert_eq!(hers.get(&path(0))?.status, 403);
    assert_eq!(server.api.delete(&path(0))?.status, 204);
    assert_eq!(server.api.get(&path(0))?.status, 404);
    assert!(server.api.file(&path(1)).is_ok());
    let audit = server.api.get("/v1/domains/~/audit")?.ok()?.to_string();
    assert!(audit.contains("heard recording") && audit.contains("- recording"), "{audit}");
    server.check_alive()
}

#[test]
fn a_talk_that_a_crash_cut_off_can_be_heard_as_far_as_it_came() -> anyhow::Result<()> {
    let _turn = shared()?;
    let (mut server, _ann, caller) = talking()?;
    caller.talk(TALK + Duration::from_secs(1));
    server.kill()?;
    server.start_again()?;
    let call = records(&server, 1)?.remove(0);
    assert_eq!(call["cause"], "node_restart", "{call}");
    assert!(call["recordings"][0]["until"].is_string(), "{call}");
    let sound = sound(&server.api, &call, 0)?;
    for (right, tone) in [(false, 440.0), (true, 1000.0)] {
        let heard = side(&server, &sound, right, tone)?;
        assert!(heard.has_tone(0.8, 10), "{heard:?}");
    }
    server.check_alive()
}
