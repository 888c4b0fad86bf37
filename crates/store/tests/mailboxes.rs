//! Mailboxes from the file to the directory and back.

use model::{ExtensionNumber, FallbackAction, Mailbox};
use store::provisioning::parse;

use crate::world::{CONTRACT, PROMPTS, World, wanted};

/// The contract's example with mailboxes.
fn with(mailboxes: &str) -> String {
    format!("{CONTRACT}mailboxes:\n{mailboxes}")
}

const ANN: &str =
    "  - {number: \"1001\", name: Ann, pin: \"4711\", email: Ann@acme.test, retention_days: 30}\n";

fn problems(mailboxes: &str) -> Vec<String> {
    let problems = parse(&with(mailboxes), &PROMPTS).expect_err("it is refused");
    problems.iter().map(|problem| problem.to_string()).collect()
}

#[tokio::test]
async fn a_mailbox_is_kept_with_its_pin_sealed_and_a_second_run_changes_nothing() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    let shared = "  - {number: \"8900\", name: Shared, max_seconds: 60, language: de, greetings: {busy: please-wait}, transcription: {url: \"https://x.test/t\"}}\n";
    let text = with(&format!("{ANN}{shared}"));
    assert_eq!(world.lines(&text).await, ["+ mailbox 1001", "+ mailbox 8900"]);
    world.apply(&text).await;
    assert_eq!(world.lines(&text).await, [""; 0]);
    let world = world.reopen().await;
    let directory = world.store.directory(world.tenant("acme.test").await).await.unwrap();
    let ann = directory.mailbox("1001").unwrap();
    assert!(ann.pin.as_ref().unwrap().is("4711"));
    assert_eq!((ann.email.as_deref(), ann.retention_days), (Some("ann@acme.test"), 30));
    let shared = directory.mailbox("8900").unwrap();
    assert_eq!((shared.max_seconds, shared.max_messages), (60, Mailbox::MAX_MESSAGES_DEFAULT));
    assert_eq!((shared.language.as_str(), shared.greetings.busy.as_deref()), ("de", Some("please-wait")));
    assert_eq!(shared.transcription.as_deref(), Some("https://x.test/t"));
    assert!(matches!(directory.destination("1001"), Some(model::Destination::Extension(_))));
    assert!(matches!(directory.destination("8900"), Some(model::Destination::Mailbox(_))));
    let file = std::fs::read(world.directory.path().join("cordboard.sqlite")).unwrap();
    assert!(!file.windows(4).any(|bytes| bytes == b"4711"), "the PIN lies in the clear");
}

#[tokio::test]
async fn a_plan_names_what_changes_in_a_mailbox_and_not_its_pin() {
    let world = World::new().await;
    world.apply(&with(ANN)).await;
    let changed = ANN.replace("4711", "1234").replace("30", "0").replace("Ann@acme.test", "desk@acme.test");
    assert_eq!(
        world.lines(&with(&changed)).await,
        [
            "~ mailbox 1001 pin",
            "~ mailbox 1001 email ann@acme.test -> desk@acme.test",
            "~ mailbox 1001 retention_days 30 -> 0",
        ]
    );
    assert_eq!(world.lines(CONTRACT).await, ["- mailbox 1001"]);
}

#[tokio::test]
async fn who_gets_another_extension_keeps_her_mailbox() {
    let world = World::new().await;
    world.apply(&with(ANN)).await;
    let tenant = world.tenant("acme.test").await;
    let before = world.store.directory(tenant).await.unwrap().mailbox("1001").unwrap().id;
    let moved = with(ANN).replace("\"1001\"", "\"1011\"");
    world.apply(&moved).await;
    let directory = world.store.directory(tenant).await.unwrap();
    let ann = directory.mailbox("1011").unwrap();
    assert_eq!((ann.id, ann.pin.as_ref().is_some_and(|pin| pin.is("4711"))), (before, true));
}

#[tokio::test]
async fn a_pin_that_the_file_does_not_name_stays_and_an_empty_one_takes_it_away() {
    let world = World::new().await;
    world.apply(&with(ANN)).await;
    let tenant = world.tenant("acme.test").await;
    let pin =
        async || world.store.directory(tenant).await.unwrap().mailboxes.values().next().unwrap().pin.clone();
    let silent = ANN.replace("pin: \"4711\", ", "");
    assert_eq!(world.lines(&with(&silent)).await, [""; 0]);
    // It is sealed for its number, and goes along to another.
    world.apply(&with(&silent).replace("\"1001\"", "\"1011\"")).await;
    assert!(pin().await.unwrap().is("4711"));
    let none = with(&ANN.replace("4711", "")).replace("\"1001\"", "\"1011\"");
    assert_eq!(world.lines(&none).await, ["~ mailbox 1011 pin"]);
    world.apply(&none).await;
    assert!(pin().await.is_none());
    assert_eq!(world.lines(&none).await, [""; 0]);
}

#[test]
fn a_plan_for_callers_may_name_a_box_and_lack_a_message() {
    let text = with("  - {number: \"7000\", name: Flow}\n  - {number: \"8900\", name: Shared}\n")
        .replace("{voicemail: {message: leave-a-message}}", "{voicemail: {mailbox: \"8900\"}}");
    let directory = wanted(&text).directory();
    let flow = directory.flows.values().next().unwrap();
    let mailbox = Some(ExtensionNumber::parse("8900").unwrap());
    let model::FlowBody::AgentExtension(settings) = &flow.body else { panic!("an agent-extension flow") };
    assert_eq!(settings.on_no_answer, FallbackAction::Voicemail { mailbox, message: None });
    assert!(!wanted(&text).warnings().join("\n").contains("mailbox"));
}

#[test]
fn what_is_wrong_with_a_mailbox_is_said_with_its_line() {
    let line = CONTRACT.lines().count() + 2;
    for (mailbox, said) in [
        ("{number: \"8900\", name: S, pin: \"12a4\"}", "`pin` of the mailbox has 4 to 10 digits, in quotes"),
        ("{number: \"8900\", name: S, language: fr}", "`language` of the mailbox is `fr`; it can be en, de"),
        (
            "{number: \"8900\", name: S, delete_after_email: true}",
            "the mailbox has `delete_after_email` and no `email`: its messages would stay",
        ),
        (
            "{number: \"8900\", name: S, email: nobody}",
            "`email` of the mailbox is `nobody`; that is no e-mail address",
        ),
        (
            "{number: \"8900\", name: S, max_seconds: 2}",
            "`max_seconds` of the mailbox is 2; it goes from 5 to 1800",
        ),
        (
            "{number: \"8900\", name: S, transcription: {url: \"file:///etc/passwd\"}}",
            "`url` of the transcription begins with https:// and has at most 2,048 characters of ASCII without spaces",
        ),
    ] {
        assert_eq!(problems(&format!("  - {mailbox}\n")), [format!("line {line}: {said}")]);
    }
    let twice = problems("  - {number: \"8900\", name: S}\n  - {number: \"8900\", name: T}\n");
    assert_eq!(twice, [format!("line {}: number 8900 already has the mailbox on line {line}", line + 1)]);
    let nowhere = with(ANN).replace("{message: leave-a-message}", "{mailbox: \"8900\"}");
    let problems = parse(&nowhere, &PROMPTS).unwrap_err();
    assert!(problems[0].to_string().contains("points to 8900, and there is no mailbox 8900"), "{problems:?}");
}

#[tokio::test]
async fn the_secret_of_requests_is_sealed_kept_and_shown_in_no_plan() {
    let world = World::new().await;
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let with = |secret: &str| format!("webhook_secret: {secret}\n{}", CONTRACT);
    world.apply(CONTRACT).await;
    assert_eq!(world.lines(&with(secret)).await, ["~ domain acme.test webhook_secret"]);
    world.apply(&with(secret)).await;
    assert_eq!(world.lines(&with(secret)).await, [""; 0], "the same again is no change");
    assert_eq!(world.lines(CONTRACT).await, [""; 0], "what the file does not name stays");
    let world = world.reopen().await;
    let tenant = world.tenant("acme.test").await;
    let kept = world.store.webhook_secret(tenant).await.unwrap().expect("it is kept");
    assert_eq!(kept.reveal(), secret);
    let file = std::fs::read(world.directory.path().join("cordboard.sqlite")).unwrap();
    assert!(!file.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "it lies in the clear");
}
