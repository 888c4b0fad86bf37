//! What callers hear can be changed while they listen.

use std::time::Duration;

use e2e::{Domain, NUMBER, Server, listen, shared, until};

use crate::stage::{SOON, outside_phone};

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
        assert!((heard_while_waiting(&mut server, "+4917011111", false)?).has_tone(0.8, 10));
    }
    // The music is exchanged while somebody listens: she hears hers to the end.
    let heard = heard_while_waiting(&mut server, "+4917022222", true)?;
    assert!(heard.has_tone(0.8, 10), "{heard:?}");
    let heard = heard_while_waiting(&mut server, "+4917033333", false)?;
    assert!(heard.loud_frames >= 5 && !heard.has_tone(0.8, 3), "the built-in music is back: {heard:?}");

    let refused = server.api.put(MUSIC, "audio/mpeg", b"This is a letter and no sound at all.")?;
    assert_eq!((refused.status, &refused.body["type"]), (422, &"/problems/unusable_sound".into()));
    server.check_alive()
}

/// Lets a caller wait for three seconds; the uploaded music may be removed in the midst of them.
fn heard_while_waiting(server: &mut Server, number: &str, removed: bool) -> anyhow::Result<e2e::Listened> {
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
    listen(&caller.recording()?, 440.0)
}
