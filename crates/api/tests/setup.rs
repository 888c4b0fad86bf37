//! The set-up link.

use serde_json::json;

use crate::world::{Answer, World};

async fn set_up(world: &World, token: &str, email: &str, password: &str) -> Answer {
    let body = json!({"token": token, "email": email, "password": password}).to_string();
    world.post("/v1/auth/setup", "", &body).await
}

#[tokio::test]
async fn the_right_token_makes_an_owner_once() {
    let world = World::new().await;
    let token = world.setup_token.clone();
    assert_eq!(set_up(&world, &token, "boss@acme.test", "long-enough").await.status, 204);
    let again = set_up(&world, &token, "thief@acme.test", "long-enough").await;
    assert_eq!((again.status, again.problem()), (403, "setup_refused"));
    let owner = world.kept.owner.lock().unwrap().clone();
    assert_eq!(owner, Some(("boss@acme.test".into(), "long-enough".into())));
}

#[tokio::test]
async fn a_wrong_token_is_refused_and_guessing_is_throttled() {
    let world = World::new().await;
    for token in ["", "x", "é", &"A".repeat(43), &"x".repeat(10_000)] {
        let answer = set_up(&world, token, "boss@acme.test", "long-enough").await;
        assert_eq!((answer.status, answer.problem()), (403, "setup_refused"));
    }
    let throttled = set_up(&world, &world.setup_token, "boss@acme.test", "long-enough").await;
    assert_eq!((throttled.status, throttled.problem()), (429, "too_many_attempts"));
    assert!(world.kept.owner.lock().unwrap().is_none());
}

#[tokio::test]
async fn a_login_that_cannot_be_does_not_use_the_token_up_nor_does_a_failure() {
    let world = World::new().await;
    let token = world.setup_token.clone();
    for (email, password) in [
        ("boss@acme.test", "seven77"),
        ("boss", "long-enough"),
        ("@acme.test", "long-enough"),
        ("boss @acme.test", "long-enough"),
        ("boss@acme.test", &"x".repeat(129)),
    ] {
        let answer = set_up(&world, &token, email, password).await;
        assert_eq!((answer.status, answer.problem()), (400, "invalid_body"), "{email} {password}");
    }
    world.kept.fail(true);
    assert_eq!(set_up(&world, &token, "boss@acme.test", "long-enough").await.problem(), "storage_failed");
    world.kept.fail(false);
    assert_eq!(set_up(&world, &token, "boss@acme.test", "long-enough").await.status, 204);
}

#[tokio::test]
async fn the_page_runs_only_our_script() {
    let world = World::new().await;
    let page = world.get("/setup", "").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    assert!(!page.text.contains("<script>"));
}
