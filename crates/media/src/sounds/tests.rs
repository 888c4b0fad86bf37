//! Which sound a name means.

use super::*;

fn length(sounds: &Sounds, name: &str) -> u128 {
    sounds.find(name).map_or(0, |sound| sound.length().as_millis())
}

#[test]
fn every_embedded_sound_can_be_played() {
    let sounds = Sounds::embedded();
    for (key, _) in embedded::FILES {
        assert!(length(&sounds, key) > 100, "{key}");
    }
    assert_eq!(length(&sounds, "music"), 24_000);
    assert_eq!(length(&sounds, "tone-ringback"), 6_000);
    assert!(!sounds.has("nothing"));
}

#[test]
fn a_sound_is_looked_for_in_its_language_then_in_the_domains_then_in_english() {
    let sound = |frames: usize| Sound::new(&vec![100; frames * 160]);
    let own = [("de", "goodbye", 1), ("de-at", "goodbye", 2), ("fr", "bienvenue", 3), ("en", "hello", 4)];
    let own = own.map(|(language, name, frames)| ((language.to_owned(), name.to_owned()), sound(frames)));
    let common = Sounds::embedded();
    let sounds = common.of_domain("DE", own.into());
    for (name, frames) in [
        ("goodbye", 1),
        ("de/goodbye", 1),
        ("de-CH/goodbye", 1),
        ("de-AT/goodbye", 2),
        ("fr/goodbye", 1),
        ("hello", 4),
        ("bienvenue", 3),
    ] {
        assert_eq!(length(&sounds, name), frames * 20, "{name}");
    }
    assert_eq!(sounds.find("en/goodbye"), common.find("en/goodbye"), "not the domain's in another language");
    assert_eq!(sounds.find("n-1"), common.find("de/n-1"));
    assert_eq!(sounds.find("fr/n-1"), common.find("de/n-1"));
    assert_eq!(sounds.find("oh"), common.find("en/oh"));
    assert!(sounds.names().contains(&"bienvenue") && !common.has("bienvenue"));
}

#[test]
fn a_playlist_stands_for_its_sounds_in_the_callers_language() {
    let sound = |frames: usize| Sound::new(&vec![100; frames * 160]);
    let own = [("en", "hello", 1), ("de", "hello", 2), ("en", "tune", 3)];
    let own = own.map(|(language, name, frames)| ((language.to_owned(), name.to_owned()), sound(frames)));
    let lists = [("jazz", vec!["hello", "tune", "gone", "de/hello"]), ("goodbye", vec!["tune"])];
    let lists = lists.map(|(name, items)| (name.to_owned(), items.into_iter().map(str::to_owned).collect()));
    let sounds = Sounds::embedded().of_domain("en", own.into()).with_playlists(lists.into());
    let heard =
        |name: &str| sounds.of(name).iter().map(|it| it.length().as_millis() / 20).collect::<Vec<_>>();
    assert_eq!(heard("jazz"), [1, 3, 2]);
    assert_eq!(heard("de/jazz"), [2, 3, 2]);
    assert_eq!(heard("goodbye"), [3], "before the built-in sound of its name");
    assert_eq!(heard("tune"), [3]);
    assert_eq!(heard("gone"), [0; 0]);
}

#[test]
fn a_folder_of_a_language_is_told_from_another() {
    for (name, is) in
        [("de", true), ("de-AT", true), ("gsw", true), ("kept", false), ("d", false), ("de-x", false)]
    {
        assert_eq!(is_language(&name), is, "{name}");
    }
}

#[test]
fn the_other_side_rings_as_it_does_in_the_country_of_the_domains_language() {
    let ringback =
        |language: &str, name: &str| length(&Sounds::embedded().of_domain(language, BTreeMap::new()), name);
    for (language, ms) in [("de", 5_000), ("de-AT", 6_000), ("en", 6_000), ("en-GB", 3_000), ("tlh", 6_000)] {
        assert_eq!(ringback(language, "tone-ringback"), ms, "{language}");
    }
    assert_eq!(
        ringback("de", "en/tone-ringback"),
        5_000,
        "a caller who has chosen English is still in Germany"
    );
}
