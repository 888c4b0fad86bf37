//! Webhooks as they are provisioned: their secrets, their plans, and what may not be.

use serde_json::json;
use store::provisioning::{Change, Edit, Object, parse};
use store::{Secret, Webhook};

use crate::world::{NOW, PROMPTS, World};

const GIVEN: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

pub(crate) fn file(webhooks: &str) -> String {
    format!(
        "domain: acme.test\nqueues:\n  - {{number: \"8000\", name: Support, on_no_answer: {{hangup: {{message: goodbye}}}}}}\n\
         webhooks:\n{webhooks}"
    )
}

const CRM: &str = "  - {name: crm, url: \"https://crm.example.com/hook\"}\n";

async fn secret(world: &World, name: &str) -> Option<Secret> {
    let tenant = world.tenant("acme.test").await;
    world.store.webhook_named(tenant, name).await.unwrap().map(|target| target.secret)
}

#[tokio::test]
async fn a_webhook_comes_with_a_secret_that_is_shown_once_and_stays() {
    let world = World::new().await;
    let applied = world.apply(&file(CRM)).await;
    let made = applied.webhook_secrets.get("crm").expect("it is shown").clone();
    assert!(made.reveal().starts_with("whsec_"));
    assert_eq!(secret(&world, "crm").await, Some(made.clone()));
    // What names none leaves it alone, and shows nothing.
    let off = CRM.replace("hook\"", "hook\", enabled: false, events: [calls]");
    assert_eq!(
        world.lines(&file(&off)).await,
        ["~ webhook crm events all -> [calls]", "~ webhook crm enabled true -> false"]
    );
    let applied = world.apply(&file(&off)).await;
    assert!(applied.webhook_secrets.is_empty());
    let world = world.reopen().await;
    assert_eq!(secret(&world, "crm").await, Some(made));
    let given = CRM.replace("hook\"", &format!("hook\", secret: {GIVEN}"));
    assert!(world.lines(&file(&given)).await.contains(&"~ webhook crm secret".to_owned()));
    world.apply(&file(&given)).await;
    assert_eq!(world.plan(&file(&given)).await.to_string(), "no changes");
    assert_eq!(secret(&world, "crm").await.unwrap().reveal(), GIVEN);
}

#[tokio::test]
async fn a_step_back_brings_a_webhook_back_with_its_secret() {
    let world = World::new().await;
    let made = world.apply(&file(CRM)).await.webhook_secrets["crm"].clone();
    world.apply("domain: acme.test\n").await;
    assert_eq!(secret(&world, "crm").await, None);
    let plan = world.store.plan_revert("acme.test", &PROMPTS).await.unwrap();
    assert!(plan.lines().contains(&"+ webhook crm".to_owned()), "{plan}");
    let applied = world.store.apply(&plan, NOW).await.unwrap();
    assert!(applied.webhook_secrets.is_empty());
    assert_eq!(secret(&world, "crm").await, Some(made));
}

#[tokio::test]
async fn a_webhook_is_edited_alone() {
    let world = World::new().await;
    world.apply(&file(CRM)).await;
    let edit = async |change| {
        let edit = Edit { object: Object::Webhook("crm".into()), change, expected: None };
        let edited = world.store.plan_edits("acme.test", &[edit], &PROMPTS).await.unwrap();
        world.store.apply(&edited.plan, NOW).await.unwrap();
        edited.plan.lines().to_vec()
    };
    assert_eq!(
        edit(Change::Patch(json!({"queues": ["8000"]}))).await,
        ["~ webhook crm queues all -> [8000]"]
    );
    assert_eq!(
        edit(Change::Patch(json!({"url": "https://other.example.com/"}))).await,
        ["~ webhook crm url"],
        "an address may have a password in it"
    );
    let subscribers = world.store.webhook_subscribers().await.unwrap();
    let expected = Webhook {
        name: "crm".into(),
        url: "https://other.example.com/".into(),
        events: Vec::new(),
        queues: vec!["8000".into()],
        enabled: true,
    };
    assert_eq!(subscribers.into_iter().map(|one| one.webhook).collect::<Vec<_>>(), [expected]);
    assert_eq!(edit(Change::Remove).await, ["- webhook crm"]);
    assert!(world.store.webhook_subscribers().await.unwrap().is_empty());
}

#[test]
fn what_is_wrong_with_a_webhook_is_said_with_its_line() {
    let said = |webhooks: &str| {
        let problems = parse(&file(webhooks), &PROMPTS).expect_err("it has a problem");
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    for (fields, expected) in [
        ("name: CRM, url: \"https://a/\"", "`name` of the webhook is `CRM`"),
        ("url: \"https://a/\"", "the webhook wants `name`"),
        ("name: crm", "the webhook wants `url`"),
        ("name: crm, url: \"ftp://a/\"", "`url` of the webhook begins with https://"),
        ("name: crm, url: \"https://a b/\"", "`url` of the webhook begins with https://"),
        ("name: crm, url: \"https://a/\", events: [call_endet]", "did you mean `call_ended`?"),
        ("name: crm, url: \"https://a/\", events: [everything]", "it can be calls, queues"),
        ("name: crm, url: \"https://a/\", events: [calls, calls]", "names calls twice"),
        ("name: crm, url: \"https://a/\", events: calls", "is text; a list is wanted"),
        ("name: crm, url: \"https://a/\", queues: [\"8009\"]", "there is no queue 8009"),
        ("name: crm, url: \"https://a/\", queues: [\"8000\", \"8000\"]", "names 8000 twice"),
        ("name: crm, url: \"https://a/\", secret: whsec_short", "`secret` of the webhook is `whsec_`"),
        ("name: crm, url: \"https://a/\", enabled: maybe", "true or false is wanted"),
    ] {
        let text = said(&format!("  - {{{fields}}}\n"));
        assert!(text.contains(expected) && text.contains("line 5"), "{fields}: {text}");
        assert!(!text.contains("whsec_short"), "{text}");
    }
    assert!(said(&CRM.repeat(2)).contains("there is a webhook crm already (line 5)"));
    let many: String = (0..51).map(|n| CRM.replace("crm,", &format!("crm-{n},"))).collect();
    assert!(said(&many).contains("51 entries; 50 are allowed"));
}
