//! What callers hear can be changed while they listen.

use std::time::Duration;

use anyhow::ensure;
use e2e::{Domain, NUMBER, Server, listen, shared, until};

use crate::stage::{SOON, apply, desk_phone, outside_phone};

/// One second of 440 Hz each.
const MP3: &[u8] = include_bytes!("../../crates/media/tests/intake/tone.mp3");
const OGG: &[u8] = include_bytes!("../../crates/media/tests/intake/tone.ogg");
/// The music of those who wait.
const MUSIC: &str = "/v1/domains/~/prompts/music";

#[test]
fn uploaded_music_is_heard_by_who_waits_and_the_built_in_one_after_it_is_removed() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    for (kind, file) in [("audio/mpeg", MP3), ("audio/ogg", OGG)] {
        let made = server.api.put(MUSIC, kind, file)?.ok()?;
        assert_eq!((&made["language"], &made["source"]), (&"en".into(), &"upload".into()), "{made}");
        assert_eq!(made["used_by"][0], "queue 8000 moh");
        assert!((heard_while_waiting(&mut server, "+4917011111", 440.0, false)?).has_tone(0.8, 10));
    }
    // The music is exchanged while somebody listens: she hears hers to the end.
    let heard = heard_while_waiting(&mut server, "+4917022222", 440.0, true)?;
    assert!(heard.has_tone(0.8, 10), "{heard:?}");
    let heard = heard_while_waiting(&mut server, "+4917033333", 440.0, false)?;
    assert!(heard.loud_frames >= 5 && !heard.has_tone(0.8, 3), "the built-in music is back: {heard:?}");

    let refused = server.api.put(MUSIC, "audio/mpeg", b"This is a letter and no sound at all.")?;
    assert_eq!((refused.status, &refused.body["type"]), (422, &"/problems/unusable_sound".into()));
    server.check_alive()
}

/// Lets a caller wait for three seconds, and listens for a tone; the uploaded music may be removed in the midst.
fn heard_while_waiting(
    server: &mut Server,
    number: &str,
    tone: f64,
    removed: bool,
) -> anyhow::Result<e2e::Listened> {
    let mut caller = outside_phone(server, number, "udp")?;
    caller.dial(NUMBER)?;
    until("the caller to wait", SOON, || Ok((server.api.waiting()?.len() == 1).then_some(())))?;
    caller.talk(Duration::from_millis(1_500));
    if removed {
        assert_eq!(server.api.delete(MUSIC)?.status, 204);
    }
    caller.talk(Duration::from_millis(1_500));
    caller.hang_up()?;
    until("the caller to be gone", SOON, || Ok(server.api.waiting()?.is_empty().then_some(())))?;
    listen(&caller.recording()?, tone)
}

/// Dials the studio from a supervisor's phone, says 1000 Hz for three seconds as number 12, and keeps it.
fn record_by_phone(server: &mut Server) -> anyhow::Result<()> {
    let mut phone = desk_phone(server, 1001, "udp")?;
    phone.dial("*65")?;
    phone.wait("CALL_ESTABLISHED", SOON)?;
    for key in ['1', '2', '#'] {
        phone.press(key)?;
        phone.talk(Duration::from_millis(300));
    }
    // The tone, and what shall be heard.
    phone.talk(Duration::from_secs(4));
    phone.press('#')?;
    // It is played back.
    phone.talk(Duration::from_secs(2));
    phone.press('1')?;
    phone.wait("CALL_CLOSED", Duration::from_secs(10))?;
    let heard = listen(&phone.recording()?, 1000.0)?;
    ensure!(heard.frames_with(0.8) >= 5, "she did not hear what she said: {heard:?}");
    Ok(())
}

#[test]
fn a_prompt_is_recorded_by_phone_and_heard_by_who_waits_also_after_the_server_was_killed()
-> anyhow::Result<()> {
    let _turn = shared()?;
    let yaml = Domain::default().yaml().replace("role: agent", "role: supervisor");
    let mut server = Server::start_with(&yaml, e2e::Options::default())?;
    record_by_phone(&mut server)?;
    let kept = server.api.get("/v1/domains/~/prompts/phone-12")?.ok()?;
    assert_eq!((&kept["source"], &kept["changed_by"]), (&"phone".into(), &"Agent 1001".into()), "{kept}");

    server.kill()?;
    server.start_again()?;
    let yaml = yaml.replace("    name: Support\n", "    name: Support\n    moh: phone-12\n");
    let applied = apply(server.http, &server.api, &yaml, &[])?;
    ensure!(applied.ok, "{}", applied.error);
    let heard = heard_while_waiting(&mut server, "+4917022222", 1000.0, false)?;
    ensure!(heard.frames_with(0.8) >= 8, "the music is what she said: {heard:?}");
    server.check_alive()
}
