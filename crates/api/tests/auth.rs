//! Logging in and out.

use expect_test::expect;

use crate::world::{ANN, World};

const LOGIN: &str = "/v1/auth/login";

#[tokio::test]
async fn a_login_gives_a_token_that_works_until_it_is_given_back() {
    let world = World::new().await;
    let body = r#"{"email":"ann@acme.test","password":"ann-password"}"#;
    let answer = world.post(LOGIN, "", body).await;
    expect![[r#"
        200 {
          "custom_role": null,
          "domain": "acme.test",
          "expires_at": "<moment>",
          "extension": "1001",
          "name": "Ann Ash",
          "rights": [
            "read",
            "own"
          ],
          "role": "agent",
          "second_factor_due": false,
          "supervises": null,
          "token": "token-6"
        }"#]]
    .assert_eq(&answer.shown());
    let token = answer.body["token"].as_str().unwrap();
    let me = world.get("/v1/auth/me", token).await;
    assert_eq!((me.status, &me.body["name"]), (200, &answer.body["name"]));
    assert_eq!(world.post("/v1/auth/logout", token, "").await.status, 204);
    assert_eq!(world.get("/v1/auth/me", token).await.problem(), "unauthorized");
    assert_eq!(world.get("/v1/auth/me", ANN).await.status, 200, "her other login goes on");
}

#[tokio::test]
async fn the_owner_logs_in_without_being_an_agent() {
    let world = World::new().await;
    let body = r#"{"email":"owner@acme.test","password":"owner-password"}"#;
    let answer = world.post(LOGIN, "", body).await.body;
    assert_eq!((&answer["role"], &answer["extension"]), (&"owner".into(), &serde_json::Value::Null));
    let token = answer["token"].as_str().unwrap();
    let own = world.get("/v1/domains/~/agents/~", token).await;
    assert_eq!((own.status, own.problem()), (403, "no_agent"));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_answered_alike() {
    let world = World::new().await;
    let mut answers = Vec::new();
    for body in [
        r#"{"email":"ann@acme.test","password":"wrong"}"#,
        r#"{"email":"nobody@acme.test","password":"wrong"}"#,
    ] {
        answers.push(world.post(LOGIN, "", body).await.shown());
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].starts_with("401") && answers[0].contains("/problems/bad_credentials"));
}

#[tokio::test]
async fn after_five_failures_an_account_is_throttled_and_another_is_not() {
    let world = World::new().await;
    let wrong = r#"{"email":"ann@acme.test","password":"wrong"}"#;
    for _ in 0..5 {
        assert_eq!(world.post(LOGIN, "", wrong).await.status, 401);
    }
    let right = r#"{"email":"ann@acme.test","password":"ann-password"}"#;
    let throttled = world.post(LOGIN, "", right).await;
    assert_eq!((throttled.status, throttled.problem()), (429, "too_many_attempts"));
    assert!(throttled.header("retry-after").parse::<u64>().unwrap() <= 15);
    let other = r#"{"email":"bob@acme.test","password":"bob-password"}"#;
    assert_eq!(world.post(LOGIN, "", other).await.status, 200);
}

#[tokio::test]
async fn a_token_ends_by_itself() {
    let world = World::new().await;
    world.kept.grant("old", "ann", world.clock.now());
    assert_eq!(world.get("/v1/auth/me", "old").await.problem(), "unauthorized");
}

#[tokio::test]
async fn hostile_logins_are_refused_without_harm() {
    let world = World::new().await;
    let long = "x".repeat(2_000);
    for body in [
        format!(r#"{{"email":"{long}","password":"p"}}"#),
        r#"{"email":"' OR 1=1 --","password":"\u0000"}"#.to_owned(),
        r#"{"email":"","password":""}"#.to_owned(),
    ] {
        assert_eq!(world.post(LOGIN, "", &body).await.problem(), "bad_credentials", "{body}");
    }
    assert_eq!(world.post(LOGIN, "", "").await.problem(), "invalid_body");
    let extra = r#"{"email":"a","password":"b","remember":true}"#;
    assert_eq!(world.post(LOGIN, "", extra).await.problem(), "invalid_body");
}
