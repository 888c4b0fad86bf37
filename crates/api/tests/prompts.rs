//! Prompts over HTTP: who may, which is meant, and what is answered when it cannot be.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use api::ApiLimits;
use api::prompts::{NewSound, PromptError, PromptKey, Prompts, Soon, UsedPlaylist, UsedPrompt};
use axum::body::Body;
use axum::http::Request;
use expect_test::expect;
use model::{TenantId, Timestamp};
use store::{Author, KeptSound, Playlist, Prompt, PromptSource};

use crate::world::{ACME, ADA, ANN, Answer, GUS, SUE, World};

const PATH: &str = "/v1/domains/~/prompts";

/// Prompts in memory. A file is its own sound; `noise` is none, `full` finds no room; texts are not spoken.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<BTreeMap<Place, (Prompt, Vec<u8>)>>);

/// Domain, name and language.
type Place = (TenantId, String, String);

fn place(key: &PromptKey) -> Place {
    (key.tenant, key.name.clone(), key.language.clone().unwrap_or_else(|| "en".into()))
}

fn used(prompt: &Prompt) -> UsedPrompt {
    let used_by = if prompt.name == "hold" { vec!["queue 8000 moh".into()] } else { Vec::new() };
    UsedPrompt { prompt: prompt.clone(), used_by }
}

impl Prompts for Shelf {
    fn list(&self, tenant: TenantId) -> Soon<'_, Vec<UsedPrompt>> {
        let shelf = self.0.lock().unwrap();
        let found = shelf.values().zip(shelf.keys()).filter(|(_, key)| key.0 == tenant);
        let found = found.map(|((prompt, _), _)| used(prompt)).collect();
        Box::pin(async move { Ok(found) })
    }

    /// One, and it is the music of everybody.
    fn playlists(&self, _tenant: TenantId) -> Soon<'_, Vec<UsedPlaylist>> {
        let playlist = Playlist { name: "jazz".into(), prompts: vec!["tune".into(), "music".into()] };
        Box::pin(async move { Ok(vec![UsedPlaylist { playlist, used_by: vec!["queue 8000 moh".into()] }]) })
    }

    fn fetch(&self, key: PromptKey) -> Soon<'_, (UsedPrompt, Vec<u8>)> {
        let found = self.0.lock().unwrap().get(&place(&key)).cloned();
        let found = found.map(|(prompt, sound)| (used(&prompt), sound));
        Box::pin(async move { found.ok_or_else(|| PromptError::Unknown(format!("no prompt {}", key.name))) })
    }

    fn put(&self, key: PromptKey, sound: NewSound, by: Author) -> Soon<'_, UsedPrompt> {
        Box::pin(async move {
            let file = match sound {
                NewSound::File(file) if file == b"noise" => {
                    return Err(PromptError::Unusable("no sound".into()));
                }
                NewSound::File(file) if file == b"full" => return Err(PromptError::Full("no room".into())),
                NewSound::File(file) => file,
                NewSound::Text { .. } => return Err(PromptError::NoSpeech("no espeak-ng".into())),
            };
            let (_, name, language) = place(&key);
            let sound = KeptSound {
                sha256: "ab".repeat(32),
                length: Duration::from_millis(1_500),
                loudness: -16.04,
                bytes: file.len() as u64,
            };
            let prompt = Prompt {
                language,
                name,
                source: PromptSource::Upload,
                provisioned: false,
                sound,
                changed_at: Timestamp::from_secs(1_700_000_000),
                changed_by: by.name,
            };
            self.0.lock().unwrap().insert(place(&key), (prompt.clone(), file));
            Ok(used(&prompt))
        })
    }

    fn shape(&self, _language: String, sound: NewSound) -> Soon<'_, (Vec<u8>, Duration)> {
        Box::pin(async move {
            match sound {
                NewSound::File(file) if file == b"noise" => Err(PromptError::Unusable("no sound".into())),
                NewSound::File(file) => {
                    let length = Duration::from_secs(file.len() as u64);
                    Ok((file, length))
                }
                NewSound::Text { .. } => Err(PromptError::NoSpeech("no espeak-ng".into())),
            }
        })
    }

    fn remove(&self, key: PromptKey, force: bool, _by: Author) -> Soon<'_, ()> {
        Box::pin(async move {
            let mut shelf = self.0.lock().unwrap();
            let Some((prompt, _)) = shelf.get(&place(&key)) else {
                return Err(PromptError::Unknown(format!("no prompt {}", key.name)));
            };
            let places = used(prompt).used_by;
            if !places.is_empty() && !force {
                return Err(PromptError::InUse(places));
            }
            shelf.remove(&place(&key));
            Ok(())
        })
    }
}

async fn ask(world: &World, method: &str, path: &str, token: &str, kind: &str, body: &[u8]) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!("{PATH}{path}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", kind)
        .body(Body::from(body.to_vec()))
        .unwrap();
    world.send(request).await
}

async fn put(world: &World, path: &str, token: &str, body: &[u8]) -> Answer {
    ask(world, "PUT", path, token, "audio/mpeg", body).await
}

#[tokio::test]
async fn a_prompt_is_uploaded_listed_heard_and_removed() {
    let world = World::new().await;
    let made = put(&world, "/hold?language=de-AT", ADA, b"tone").await;
    expect![[r#"
        200 {
          "bytes": 4,
          "changed_at": "<moment>",
          "changed_by": "Ada Bay",
          "language": "de-at",
          "loudness": "<seconds>",
          "name": "hold",
          "provisioned": false,
          "seconds": "<seconds>",
          "sha256": "abababababababababababababababababababababababababababababababab",
          "source": "upload",
          "text": null,
          "used_by": [
            "queue 8000 moh"
          ],
          "voice": null
        }"#]]
    .assert_eq(&made.shown());
    assert_eq!((&made.body["seconds"], &made.body["loudness"]), (&1.5.into(), &(-16.0).into()));

    let listed = world.get(PATH, ANN).await;
    assert_eq!(listed.body["items"][0], made.body);
    assert_eq!(world.get(PATH, GUS).await.body["items"].as_array().unwrap().len(), 0, "another domain's");
    let audio = world.get(&format!("{PATH}/hold/audio?language=de-at"), ANN).await;
    assert_eq!((audio.status, audio.header("content-type"), audio.text.as_str()), (200, "audio/wav", "tone"));
    assert_eq!(world.get(&format!("{PATH}/hold"), ANN).await.problem(), "unknown_prompt", "not in English");

    let used = ask(&world, "DELETE", "/hold?language=de-AT", ADA, "", b"").await;
    assert_eq!((used.status, used.problem()), (409, "prompt_in_use"));
    assert_eq!(used.body["reasons"][0], "queue 8000 moh");
    let gone = ask(&world, "DELETE", "/hold?language=de-AT&force=true", ADA, "", b"").await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_eq!(world.get(&format!("{PATH}/hold?language=de-AT"), ANN).await.problem(), "unknown_prompt");
}

#[tokio::test]
async fn only_an_admin_changes_prompts() {
    let world = World::new().await;
    for token in [ANN, SUE] {
        assert_eq!(put(&world, "/hold", token, b"tone").await.problem(), "forbidden");
        assert_eq!(ask(&world, "DELETE", "/hold", token, "", b"").await.problem(), "forbidden");
    }
    assert!(world.shelf.list(ACME).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_is_answered_with_what_to_do() {
    let world = World::with(ApiLimits { sound_bytes_max: 64, ..ApiLimits::default() }).await;
    for (path, body, problem) in [
        ("/hold", &b"noise"[..], "unusable_sound"),
        ("/hold", b"full", "prompts_full"),
        ("/hold", &[0; 65], "too_large"),
        ("/Hold", b"tone", "invalid_parameter"),
        ("/..%2Fhold", b"tone", "invalid_parameter"),
        ("/hold?language=deutsch", b"tone", "invalid_parameter"),
        ("/hold?languages=de", b"tone", "invalid_parameter"),
    ] {
        let answer = put(&world, path, ADA, body).await;
        assert_eq!(answer.problem(), problem, "{path}: {}", answer.shown());
    }
    let text = async |body: &str| {
        ask(&world, "PUT", "/hold", ADA, "application/json; charset=utf-8", body.as_bytes()).await
    };
    for (body, problem) in [
        (r#"{"text": "Hello."}"#, "no_speech"),
        (r#"{"text": "Hello.", "voice": "de+f3"}"#, "no_speech"),
        (r#"{"text": "Hello.", "voice": "--path=/etc"}"#, "invalid_body"),
        (r#"{"text": "  "}"#, "invalid_body"),
        (r#"{"txt": "Hello."}"#, "invalid_body"),
        ("", "invalid_body"),
        (&format!(r#"{{"text": "{}"}}"#, "a".repeat(2_001)), "invalid_body"),
    ] {
        let answer = text(body).await;
        assert_eq!(answer.problem(), problem, "{body}: {}", answer.shown());
    }
    assert!(world.shelf.list(ACME).await.unwrap().is_empty());
}

#[tokio::test]
async fn so_many_sounds_are_on_their_way_and_no_more() {
    let world = World::with(ApiLimits { uploads_max: 0, ..ApiLimits::default() }).await;
    let answer = put(&world, "/hold", ADA, b"tone").await;
    assert_eq!((answer.status, answer.problem()), (503, "busy"));
    assert!(!answer.header("retry-after").is_empty());
}

#[tokio::test]
async fn playlists_are_listed_with_where_they_are_played() {
    let world = World::new().await;
    let request =
        Request::builder().uri("/v1/domains/~/playlists").header("authorization", format!("Bearer {ANN}"));
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 200);
    let expected = expect![[
        r#"{"items":[{"name":"jazz","prompts":["tune","music"],"used_by":["queue 8000 moh"]}],"next":null}"#
    ]];
    expected.assert_eq(&answer.text);
}
