//! One step back: what comes back, how far, who did it, and what a dump of the disk shows of it.

use model::Timestamp;
use store::Author;
use store::provisioning::{RevertError, limits::HISTORY_MAX};

use crate::world::{CONTRACT, NOW, PROMPTS, World};

fn ring_time(seconds: u32) -> String {
    CONTRACT.replace("ring_time: 15", &format!("ring_time: {seconds}"))
}

impl World {
    async fn ring_time(&self) -> u32 {
        let tenant = self.tenant("acme.test").await;
        self.store.directory(tenant).await.unwrap().queue("8000").unwrap().ring_time
    }

    /// Goes a step back and says the plan's lines.
    async fn back(&self) -> Vec<String> {
        let plan = self.store.plan_revert("acme.test", &PROMPTS).await.unwrap();
        self.store.apply_by(&plan, NOW, &Author::named("sue@acme.test")).await.unwrap();
        plan.lines().to_vec()
    }
}

#[tokio::test]
async fn a_step_back_is_an_apply_with_a_plan_and_a_second_one_goes_further() {
    let world = World::new().await;
    for seconds in [15, 20, 30] {
        world.apply(&ring_time(seconds)).await;
    }
    world.apply(&ring_time(30)).await;
    assert_eq!(world.back().await, ["~ queue 8000 ring_time 30 -> 20"]);
    assert_eq!(world.ring_time().await, 20);
    let world = world.reopen().await;
    assert_eq!(world.back().await, ["~ queue 8000 ring_time 20 -> 15"]);
    let error = world.store.plan_revert("acme.test", &PROMPTS).await.unwrap_err();
    assert!(matches!(error, RevertError::NothingBefore(_)), "{error}");
    assert_eq!(world.ring_time().await, 15);

    world.apply(&ring_time(40)).await;
    assert_eq!(world.back().await, ["~ queue 8000 ring_time 40 -> 15"], "what was in force before it");
}

#[tokio::test]
async fn the_history_says_when_who_and_back_to_what() {
    let world = World::new().await;
    let tenant = world.apply(&ring_time(15)).await.tenant;
    let plan = world.plan(&ring_time(20)).await;
    let later = Timestamp::from_secs(1_700_000_100);
    world.store.apply_by(&plan, later, &Author::named("ada@acme.test")).await.unwrap();
    world.back().await;
    let history = world.store.history(tenant).await.unwrap();
    let shown: Vec<_> = history.iter().map(|e| (e.revision, e.at, e.who.as_str(), e.restores)).collect();
    assert_eq!(
        shown,
        [(3, NOW, "sue@acme.test", Some(1)), (2, later, "ada@acme.test", None), (1, NOW, "", None)]
    );
}

#[tokio::test]
async fn so_many_steps_are_kept_and_no_more() {
    let world = World::new().await;
    let tenant = world.apply(&ring_time(1)).await.tenant;
    for seconds in 2..=u32::try_from(HISTORY_MAX).unwrap() + 5 {
        world.apply(&ring_time(seconds)).await;
    }
    assert_eq!(world.store.history(tenant).await.unwrap().len(), HISTORY_MAX);
    let mut steps = 0;
    while let Ok(plan) = world.store.plan_revert("acme.test", &PROMPTS).await {
        world.store.apply(&plan, NOW).await.unwrap();
        steps += 1;
        assert!(steps < HISTORY_MAX, "it has an end");
    }
    assert!(steps >= HISTORY_MAX / 2, "each step back takes a place of its own: {steps}");
    assert_eq!(world.store.history(tenant).await.unwrap().len(), HISTORY_MAX);
}

#[tokio::test]
async fn who_comes_back_comes_back_with_her_password_and_her_phones_secret() {
    let world = World::new().await;
    let with = "domain: acme.test\ngroups: [all]\nagents:\n  - {extension: \"1001\", name: Ann, \
                email: ann@acme.test, password: first-one, groups: [all]}\n";
    let generated = world.apply(with).await.generated;
    assert_eq!(generated.len(), 1);
    let tenant = world.tenant("acme.test").await;
    // The file in force names no password any more: the one that is stored stays.
    let silent = with.replace(" password: first-one,", "").replace("name: Ann", "name: Ann Ash");
    world.apply(&silent).await;
    world.apply("domain: acme.test\ngroups: [all]\n").await;
    assert!(world.store.accounts(tenant).await.unwrap().is_empty());
    assert_eq!(world.back().await, ["+ agent 1001"]);
    let accounts = world.store.accounts(tenant).await.unwrap();
    assert_eq!(accounts[0].secret, generated[0].secret, "her phone registers as before");
    let password = store::Secret::new("first-one");
    assert!(world.store.login("ann@acme.test", &password).await.unwrap().is_some());
}

#[tokio::test]
async fn a_phone_secret_that_was_replaced_is_again_what_it_was() {
    let world = World::new().await;
    let silent = "domain: acme.test\ngroups: [all]\nextensions: [{number: \"1090\"}]\n";
    let made = world.apply(silent).await.generated.remove(0).secret;
    world.apply(&silent.replace("\"1090\"", "\"1090\", sip_password: other")).await;
    assert_eq!(world.back().await, ["~ extension 1090 sip_password"]);
    let tenant = world.tenant("acme.test").await;
    assert_eq!(world.store.accounts(tenant).await.unwrap()[0].secret, made);
    assert_eq!(world.plan(silent).await.to_string(), "no changes");
}

#[tokio::test]
async fn a_pin_and_the_secret_of_requests_are_again_what_they_were() {
    let world = World::new().await;
    let one = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let other = "whsec_AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let file = |secret: &str, mailbox: &str| {
        format!("domain: acme.test\n{secret}mailboxes: [{{number: \"8900\", {mailbox}}}]\n")
    };
    world.apply(&file(&format!("webhook_secret: {one}\n"), "name: A, pin: \"1111\"")).await;
    // The file to go back to names neither: they are what they were with it.
    world.apply(&file("", "name: B")).await;
    world.apply(&file(&format!("webhook_secret: {other}\n"), "name: B, pin: \"2222\"")).await;
    assert_eq!(world.back().await, ["~ domain acme.test webhook_secret", "~ mailbox 8900 pin"]);
    let tenant = world.tenant("acme.test").await;
    let directory = world.store.directory(tenant).await.unwrap();
    assert!(directory.mailbox("8900").unwrap().pin.as_ref().unwrap().is("1111"));
    assert_eq!(world.store.webhook_secret(tenant).await.unwrap().unwrap().reveal(), one);
}

#[tokio::test]
async fn a_step_back_that_cannot_be_taken_changes_nothing_and_says_why() {
    let world = World::new().await;
    let unknown = world.store.plan_revert("nowhere.test", &PROMPTS).await.unwrap_err();
    assert_eq!(unknown.to_string(), "there is no domain nowhere.test");
    world.apply(CONTRACT).await;
    let first = world.store.plan_revert("acme.test", &PROMPTS).await.unwrap_err();
    assert!(first.to_string().contains("no step back"), "{first}");
    world.apply(&ring_time(20)).await;
    // The prompts that the old file names are not there any more.
    let lost = world.store.plan_revert("acme.test", &["music"]).await.unwrap_err();
    assert!(lost.to_string().contains("there is no prompt of that name"), "{lost}");
    let stale = world.store.plan_revert("ACME.test", &PROMPTS).await.unwrap();
    world.apply(&ring_time(30)).await;
    assert!(world.store.apply(&stale, NOW).await.is_err(), "somebody was faster");
    assert_eq!(world.ring_time().await, 30);
}

#[tokio::test]
async fn what_live_calls_would_feel_is_told_from_the_rest() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    assert!(world.plan(&ring_time(20)).await.effects().is_empty());
    let tighter = CONTRACT.replace("max_waiting_time: 300", "max_waiting_time: 60\n    max_callers: 5");
    let effects = world.plan(&tighter).await.effects().clone();
    let limits: Vec<_> = effects.lowered_limits.iter().map(|l| (l.field, l.from, l.to)).collect();
    assert_eq!(limits, [("max_callers", 0, 5), ("max_waiting_time", 300, 60)]);
    assert!(
        world
            .plan(&CONTRACT.replace("max_waiting_time: 300", "max_waiting_time: 0"))
            .await
            .effects()
            .is_empty()
    );
    let without =
        CONTRACT.replace("{agent: \"1001\", order: 1", "{agent: \"1001\", enabled: false, order: 1");
    let effects = world.plan(&without).await.effects().clone();
    let ended: Vec<_> =
        effects.ended_memberships.iter().map(|e| (e.called.as_str(), e.number.as_str())).collect();
    assert_eq!(ended, [("1001", "8000")]);
    let effects = world.plan("domain: acme.test\n").await.effects().clone();
    assert_eq!(effects.removed_queues[0].number.as_str(), "8000");
    assert_eq!(effects.ended_memberships.len(), 1);
}
