//! How much of the server a domain may use, as it is kept, and what a plan makes of it.

use model::{Counted, DomainLimits, Timestamp};
use store::{Author, PlanError};

use crate::world::{CONTRACT, NOW, World, wanted};

fn limits(all: &[(Counted, u32)]) -> DomainLimits {
    all.iter().fold(DomainLimits::default(), |limits, (counted, most)| limits.with(*counted, Some(*most)))
}

#[tokio::test]
async fn they_are_kept_audited_and_told_to_the_switch() {
    let mut world = World::new().await;
    world.store =
        world.store.clone().with_default_limits(limits(&[(Counted::Calls, 50), (Counted::Agents, 9)]));
    let tenant = world.apply(CONTRACT).await.tenant;
    let in_force = async |world: &World| world.store.directory(tenant).await.unwrap().limits;
    assert_eq!(in_force(&world).await, limits(&[(Counted::Calls, 50), (Counted::Agents, 9)]));
    let own = limits(&[(Counted::Calls, 7), (Counted::Agents, 0)]);
    let by = Author::named("Owner");
    for _ in 0..2 {
        world.store.set_domain_limits(tenant, &own, NOW, &by).await.unwrap();
    }
    assert_eq!(in_force(&world).await, limits(&[(Counted::Calls, 7)]));
    let kept = world.store.domain_limits(tenant).await.unwrap();
    assert_eq!((kept.own, kept.in_force), (own, limits(&[(Counted::Calls, 7)])));
    let back = DomainLimits::default();
    world.store.set_domain_limits(tenant, &back, Timestamp(NOW.0 + 1), &by).await.unwrap();
    let audit = world.store.audit(tenant, store::Part::newest(2), None).await.unwrap().items;
    assert_eq!(audit[0].changes, ["~ limits calls 7 -> default", "~ limits agents none -> default"]);
    assert_eq!(audit[1].changes, ["~ limits calls default -> 7", "~ limits agents default -> none"]);
    assert_eq!((audit[1].by.name.as_str(), audit[1].revision), ("Owner", None));
}

#[tokio::test]
async fn a_plan_has_no_more_agents_and_webhooks_than_the_domain_may_have() {
    let world = World::new().await;
    let tenant = world.apply(CONTRACT).await.tenant;
    let two =
        CONTRACT.replace("extensions:", "  - {extension: \"1002\", name: Bob, groups: [sales]}\nextensions:");
    world.apply(&two).await;
    let own = limits(&[(Counted::Agents, 1), (Counted::Webhooks, 1)]);
    world.store.set_domain_limits(tenant, &own, NOW, &Author::default()).await.unwrap();
    let refused = async |text: &str| match world.store.plan(wanted(text)).await {
        Err(PlanError::Problems(problems)) => {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        }
        other => panic!("{other:?}"),
    };
    // What is there stays and can be changed; only more of it there is not.
    assert_eq!(world.plan(&two.replace("name: Bob", "name: Rob")).await.lines().len(), 1);
    let three =
        two.replace("extensions:", "  - {extension: \"1003\", name: Cat, groups: [sales]}\nextensions:");
    assert_eq!(refused(&three).await, "there would be 3 agents; the server's owner allows the domain 1");
    let hooks = format!(
        "{two}webhooks:\n  - {{name: a, url: \"https://a.test\"}}\n  - {{name: b, url: \"https://b.test\"}}\n"
    );
    assert_eq!(refused(&hooks).await, "there would be 2 webhooks; the server's owner allows the domain 1");
    assert_eq!(world.plan(CONTRACT).await.lines().len(), 1, "fewer is always right");
    let document = world.store.document("acme.test").await.unwrap().unwrap().to_yaml().unwrap();
    assert!(!document.contains("limits"), "they are not the domain's own to say: {document}");
}
