//! Who may log in to the web, and for how long.

use std::time::Duration;

use model::{Role, Timestamp};
use store::{Client, Secret, Verified};

use crate::world::{CONTRACT, NOW, World};

fn web() -> Client {
    let address = Some("192.0.2.7".parse().unwrap());
    Client { label: "web".into(), address, name: "Firefox\r\nX-Evil: 1".into() }
}

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn an_agent_logs_in_with_her_own_password_only() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    let login =
        async |email: &str, password: &str| world.store.login(email, &Secret::new(password)).await.unwrap();
    let ann = login("Ann@ACME.test", "desk-password").await.unwrap();
    assert_eq!((ann.role, ann.name.as_str()), (Role::Agent, "Ann Ash"));
    assert_eq!(ann.tenant, Some(world.tenant("acme.test").await));
    assert!(ann.agent.is_some());
    assert_eq!(login("ann@acme.test", "phone-secret").await, None);
    assert_eq!(login("ann@acme.test", "").await, None);
    assert_eq!(login("nobody@acme.test", "desk-password").await, None);
    assert_eq!(login("", "").await, None);
}

#[tokio::test]
async fn an_agent_is_found_by_her_extension_or_the_first_part_of_her_email_in_her_domain_only() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    let email = async |domain: &str, name: &str| world.store.email_of(domain, name).await.unwrap();
    let ann = Some("ann@acme.test".to_owned());
    assert_eq!(email("acme.test", "1001").await, ann);
    assert_eq!(email("ACME.test", "Ann").await, ann);
    for (domain, name) in
        [("globex.test", "1001"), ("acme.test", "an"), ("acme.test", "ann@"), ("acme.test", ""), ("", "ann")]
    {
        assert_eq!(email(domain, name).await, None, "{name} of {domain}");
    }
}

#[tokio::test]
async fn an_agent_who_is_shut_off_is_out_at_once() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    let secret = Secret::new("desk-password");
    let ann = world.store.login("ann@acme.test", &secret).await.unwrap().unwrap();
    let token = world.store.token_create(&ann, &web(), NOW, HOUR).await.unwrap().token;
    let verified = world.store.token_verify(token.reveal(), None, NOW).await.unwrap();
    let Some(Verified { identity, expires_at, session: Some(_) }) = verified else { panic!("{verified:?}") };
    assert_eq!((identity, expires_at), (ann, Some(NOW.after(HOUR))));
    world.apply(&CONTRACT.replace("role: agent\n", "status: disabled\n")).await;
    assert_eq!(world.store.login("ann@acme.test", &secret).await.unwrap(), None);
    assert_eq!(world.store.token_verify(token.reveal(), None, NOW).await.unwrap(), None);
}

#[tokio::test]
async fn the_owner_comes_from_the_settings_and_needs_no_domain() {
    let world = World::new().await;
    assert!(!world.store.has_owner().await.unwrap());
    world.store.set_owner("Boss@example.test", &Secret::new("first")).await.unwrap();
    assert!(world.store.has_owner().await.unwrap());
    let boss = world.store.login("boss@example.test", &Secret::new("first")).await.unwrap().unwrap();
    assert_eq!((boss.tenant, boss.agent, boss.role.clone()), (None, None, Role::Owner));

    let token = world.store.token_create(&boss, &web(), NOW, HOUR).await.unwrap().token;
    world.store.set_owner("boss@example.test", &Secret::new("first")).await.unwrap();
    world.apply(CONTRACT).await;
    let verified = world.store.token_verify(token.reveal(), None, NOW).await.unwrap().unwrap();
    assert_eq!(
        verified.identity.tenant,
        Some(world.tenant("acme.test").await),
        "the first domain is the default one"
    );

    world.store.set_owner("boss@example.test", &Secret::new("second")).await.unwrap();
    assert_eq!(world.store.login("boss@example.test", &Secret::new("first")).await.unwrap(), None);
    assert_eq!(world.store.token_verify(token.reveal(), None, NOW).await.unwrap(), None);
    assert!(world.store.login("boss@example.test", &Secret::new("second")).await.unwrap().is_some());
}

#[tokio::test]
async fn a_token_ends_when_its_time_is_over_or_it_is_ended() {
    let world = World::new().await;
    world.store.set_owner("boss@example.test", &Secret::new("first")).await.unwrap();
    let boss = world.store.login("boss@example.test", &Secret::new("first")).await.unwrap().unwrap();
    let made = world.store.token_create(&boss, &web(), NOW, HOUR).await.unwrap();
    let token = made.token.reveal();
    assert!(token.starts_with("cbs_") && token.len() == 47, "{token}");
    let verify = async |token: &str, now: Timestamp| {
        world.store.token_verify(token, None, now).await.unwrap().is_some()
    };
    assert!(verify(token, NOW).await);
    assert!(!verify(token, made.expires_at).await);
    let wrong = format!("{}A", &token[..46]);
    assert!(!verify(&wrong, NOW).await || wrong == token);
    for hostile in ["", "cb_", "cbs_", "x", "cb_' OR 1=1 --", &"a".repeat(10_000)] {
        assert!(!verify(hostile, NOW).await, "{hostile}");
    }
    world.store.token_end(token).await.unwrap();
    assert!(!verify(token, NOW).await);
}

#[tokio::test]
async fn a_holder_has_no_more_tokens_than_the_limit() {
    let world = World::new().await;
    world.store.set_owner("boss@example.test", &Secret::new("first")).await.unwrap();
    let boss = world.store.login("boss@example.test", &Secret::new("first")).await.unwrap().unwrap();
    let first = world.store.token_create(&boss, &web(), NOW, HOUR).await.unwrap().token;
    let mut last = first.clone();
    for _ in 0..store::token::TOKENS_PER_HOLDER_MAX {
        last = world.store.token_create(&boss, &web(), NOW, HOUR).await.unwrap().token;
    }
    assert!(world.store.token_verify(first.reveal(), None, NOW).await.unwrap().is_none(), "the oldest went");
    assert!(world.store.token_verify(last.reveal(), None, NOW).await.unwrap().is_some());
}

#[tokio::test]
async fn an_owner_is_made_once_and_nobody_makes_a_second() {
    let world = World::new().await;
    assert!(world.store.create_owner("Boss@example.test", &Secret::new("first-password")).await.unwrap());
    assert!(!world.store.create_owner("thief@example.test", &Secret::new("other-password")).await.unwrap());
    let login = async |email: &str, password: &str| {
        world.store.login(email, &Secret::new(password)).await.unwrap().is_some()
    };
    assert!(login("boss@example.test", "first-password").await);
    assert!(!login("thief@example.test", "other-password").await);
}
