//! What every answer carries, and the pages.

use axum::http::Method;
use expect_test::expect;

use crate::world::{SUE, World};

#[tokio::test]
async fn a_path_that_is_not_there_is_a_problem_document() {
    let world = World::new().await;
    let answer = world.get("/v1/nothing", "").await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("x-request-id"), answer.body["request_id"].as_str().unwrap());
    expect![[r#"
        404 {
          "detail": "Compare the path with /v1/openapi.json.",
          "request_id": "<id>",
          "status": 404,
          "title": "Nothing is here",
          "type": "/problems/not_found"
        }"#]]
    .assert_eq(&answer.shown());
}

#[tokio::test]
async fn a_method_that_is_not_taken_is_a_problem_that_names_those_that_are() {
    let world = World::new().await;
    let answer = world.ask(Method::DELETE, "/v1/domains/~/agents", SUE, "").await;
    assert_eq!((answer.status, answer.problem()), (405, "method_not_allowed"));
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn the_request_id_of_the_client_is_kept_and_a_harmful_one_is_not() {
    let world = World::new().await;
    let with = |id: &str| {
        let request = axum::http::Request::builder().uri("/healthz").header("x-request-id", id);
        world.send(request.body(axum::body::Body::empty()).unwrap())
    };
    assert_eq!(with("job-7").await.header("x-request-id"), "job-7");
    assert_ne!(with("a\tb").await.header("x-request-id"), "a\tb");
    assert_eq!(with(&"x".repeat(65)).await.header("x-request-id").len(), 16);
}

#[tokio::test]
async fn a_body_that_is_too_large_or_not_json_is_refused() {
    let world = World::new().await;
    let path = "/v1/domains/~/agents/1001/ready";
    let large = format!(r#"{{"reason":"{}"}}"#, "x".repeat(70_000));
    assert_eq!(world.post(path, SUE, &large).await.problem(), "too_large");
    for (body, says) in [
        (r#"{"que":"8000"}"#, "unknown field `que`, expected `queue` or `reason`"),
        (r#"{"queue":8000}"#, "invalid type: integer `8000`, expected a string"),
        ("{", "EOF while parsing"),
        ("[]", "a JSON object"),
        ("[null, null]", "a JSON object"),
        (&"[".repeat(1_000), "a JSON object"),
    ] {
        let answer = world.post(path, SUE, body).await;
        assert_eq!((answer.status, answer.problem()), (400, "invalid_body"), "{body}");
        assert!(answer.body["detail"].as_str().unwrap().contains(says), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_storage_that_fails_is_a_503_that_does_not_tell_its_inside() {
    let world = World::new().await;
    world.kept.fail(true);
    let answer = world.get("/v1/domains/~/agents", SUE).await;
    assert_eq!((answer.status, answer.problem()), (503, "storage_failed"));
    assert!(!answer.text.contains("fire"));
    assert_eq!(answer.header("retry-after"), "5");
}

#[tokio::test]
async fn health_says_it_lives_and_readiness_says_why_not() {
    let world = World::new().await;
    expect![[r#"
        200 {
          "status": "ok",
          "version": "0.0.0-test"
        }"#]]
    .assert_eq(&world.get("/healthz", "").await.shown());
    expect![[r#"
        503 {
          "detail": "starting",
          "reasons": [
            "starting"
          ],
          "request_id": "<id>",
          "status": 503,
          "title": "The server takes no calls",
          "type": "/problems/not_ready"
        }"#]]
    .assert_eq(&world.get("/readyz", "").await.shown());
    world.readiness.ready();
    assert_eq!(world.get("/readyz", "").await.status, 200);
    world.readiness.not_ready("draining");
    assert_eq!(world.get("/readyz", "").await.body["reasons"][0], "draining");
    assert_eq!(world.get("/metrics", "").await.text, "cordboard_up 1\n");
}

#[tokio::test]
async fn pages_run_our_own_scripts_only_and_nothing_inline() {
    let world = World::new().await;
    for page in ["/", "/login", "/setup", "/invitation", "/docs"] {
        let answer = world.get(page, "").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"));
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        for script in answer.text.split("<script").skip(1) {
            let (attributes, rest) = script.split_once('>').unwrap();
            assert!(attributes.contains("src=\"/") && rest.trim_start().starts_with("</script>"));
        }
        for forbidden in ["style=\"", "onclick", "http://", "https://", "<style"] {
            assert!(!answer.text.contains(forbidden), "{page} has {forbidden}");
        }
    }
    let script = world.get("/docs.js", "").await;
    assert_eq!((script.status, script.header("content-type")), (200, "text/javascript; charset=utf-8"));
    for forbidden in
        ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://"]
    {
        assert!(!script.text.contains(forbidden), "the document's script has {forbidden}");
    }
    let document = world.get("/v1/openapi.json", "").await;
    assert_eq!(document.body, serde_json::to_value(api::openapi()).unwrap());
}
