//! Mailboxes: who may hear which, and what can be done with a message.

use axum::http::Method;
use engine::{Arrival, Input, LegInput, MediaInput, Origin, RecordEnd, RecordingInput};
use model::{CallerId, LegId, MailboxId, PlayId, RecordId, TrunkId};
use switch::Recordings;

use crate::world::{ACME, ANN, BOB, GUS, SUE, World};

/// A world in which somebody has left a message of five seconds for Ann.
async fn world() -> World {
    let world = World::new().await;
    let leg = LegId(2);
    let caller = CallerId::new("+4930555", "Carl");
    let (origin, dialed) = (Origin::Trunk(TrunkId(1)), "1001".to_owned());
    let arrival = Arrival { origin, dialed, caller, max_forwards: 70 };
    for input in [
        Input::Leg(leg, LegInput::Arrived(arrival)),
        Input::Media(leg, MediaInput::PlayEnded(PlayId(1))),
        Input::Media(leg, MediaInput::PlayEnded(PlayId(2))),
        Input::Recording(RecordId(1), RecordingInput::Ended { length: 5_000, why: RecordEnd::Silence }),
    ] {
        world.switch.input(ACME, input).unwrap();
    }
    let file = Recordings::within(world.recordings.path()).file(ACME, MailboxId(1), RecordId(1));
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, "RIFF of a message").unwrap();
    world
}

const ANNS: &str = "/v1/domains/~/mailboxes/1001/messages";

#[tokio::test]
async fn an_agent_sees_her_own_mailbox_and_a_supervisor_all() {
    let world = world().await;
    let numbers = async |token| {
        let answer = world.get("/v1/domains/~/mailboxes", token).await;
        let items = answer.body["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|item| format!("{} {}", item["number"].as_str().unwrap(), item["new"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(ANN).await, ["1001 1"]);
    assert_eq!(numbers(BOB).await, ["1002 0"]);
    assert_eq!(numbers(SUE).await, ["1001 1", "1002 0", "8000 0"]);
    assert_eq!(world.get(ANNS, BOB).await.status, 403);
    assert_eq!(world.get("/v1/domains/~/mailboxes/9999/messages", SUE).await.status, 404);
    assert_eq!(world.get(ANNS, GUS).await.status, 404, "another domain has no such mailbox");
}

#[tokio::test]
async fn a_message_is_listed_heard_marked_and_deleted() {
    let world = world().await;
    let message = async || world.get(ANNS, ANN).await.body["items"][0].clone();
    let left = message().await;
    assert_eq!((left["id"].as_str(), left["seconds"].as_u64()), (Some("1"), Some(5)));
    assert_eq!((left["caller"].as_str(), left["read"].as_bool()), (Some("+4930555"), Some(false)));

    let sound = world.get(&format!("{ANNS}/1/audio"), ANN).await;
    assert_eq!((sound.status, sound.text.as_str()), (200, "RIFF of a message"));
    assert_eq!(sound.headers["content-type"], "audio/wav");
    assert_eq!(message().await["read"], false, "to fetch it is not to hear it");
    assert_eq!(world.get(&format!("{ANNS}/1/audio"), BOB).await.status, 403);
    assert_eq!(world.get(&format!("{ANNS}/2/audio"), ANN).await.status, 404);
    assert_eq!(world.get(&format!("{ANNS}/..%2F1/audio"), ANN).await.status, 404);

    let act = async |method, what: &str, token| {
        world.ask(method, &format!("{ANNS}/1{what}"), token, "").await.status
    };
    assert_eq!(act(Method::POST, "/read", ANN).await, 204);
    assert_eq!(message().await["read"], true);
    assert_eq!(act(Method::POST, "/unread", SUE).await, 204);
    assert_eq!(message().await["read"], false);
    assert_eq!(act(Method::DELETE, "", BOB).await, 403);
    assert_eq!(act(Method::DELETE, "", ANN).await, 204);
    assert_eq!(act(Method::DELETE, "", ANN).await, 404);
    assert!(message().await.is_null());
}

#[tokio::test]
async fn she_sends_in_her_greeting_hears_it_and_takes_it_away_and_nobody_else_may() {
    let world = World::new().await;
    let path = "/v1/domains/~/mailboxes/1001/greeting";
    let ask = async |method: Method, token: &str, body: &str| world.ask(method, path, token, body).await;
    let has = async || world.get("/v1/domains/~/mailboxes", ANN).await.body["items"][0]["greeting"].clone();
    assert_eq!(ask(Method::GET, ANN, "").await.problem(), "unknown_greeting");
    assert_eq!(ask(Method::PUT, BOB, "five.").await.status, 403);
    assert_eq!(ask(Method::PUT, ANN, "noise").await.problem(), "unusable_sound");
    let long = "a second is a byte of this sound ".repeat(6);
    let refused = ask(Method::PUT, ANN, &long).await;
    assert_eq!(refused.problem(), "unusable_sound");
    assert!(refused.body["detail"].as_str().unwrap().contains("198.0 s"), "{:?}", refused.body);
    assert_eq!(has().await, false);

    for sound in ["five.", "another"] {
        assert_eq!(ask(Method::PUT, ANN, sound).await.status, 204);
        let heard = ask(Method::GET, SUE, "").await;
        assert_eq!(
            (heard.text.as_str(), &heard.headers["content-type"]),
            (sound, &"audio/wav".parse().unwrap())
        );
    }
    assert_eq!(has().await, true);
    let files = Recordings::within(world.recordings.path());
    let folder = files.file(ACME, MailboxId(1), RecordId(1)).parent().unwrap().to_owned();
    let left =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| name.ends_with(".wav")), "nothing half written");
    assert_eq!(ask(Method::DELETE, BOB, "").await.status, 403);
    assert_eq!(ask(Method::DELETE, ANN, "").await.status, 204);
    assert_eq!((ask(Method::GET, ANN, "").await.status, has().await), (404, false.into()));
    let notes = world.kept.notes.lock().unwrap();
    let notes: Vec<_> = notes.iter().map(|note| (note.by.name.as_str(), note.change.as_str())).collect();
    let changed = ("Ann Ash", "~ greeting of mailbox 1001");
    assert_eq!(notes, [changed, changed, ("Ann Ash", "- greeting of mailbox 1001")]);
}
