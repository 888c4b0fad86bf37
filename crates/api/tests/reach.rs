//! How an agent is reached: who may see and change it, and what is refused.

use axum::http::Method;
use serde_json::json;

use crate::world::{ANN, BOB, SUE, World};

const ANNS: &str = "/v1/domains/~/agents/1001/reach";

#[tokio::test]
async fn an_agent_sets_do_not_disturb_for_herself_and_a_supervisor_for_all() {
    let world = World::new().await;
    let patch = async |path: &str, token, body: &str| world.ask(Method::PATCH, path, token, body).await;
    assert_eq!(world.get(ANNS, ANN).await.body["dnd"], false);
    let set = patch("/v1/domains/~/agents/~/reach", ANN, r#"{"dnd": true}"#).await;
    assert_eq!((set.status, &set.body["dnd"]), (200, &json!(true)));
    assert_eq!(world.get("/v1/domains/~/agents/1001", BOB).await.body["dnd"], true);
    assert_eq!(patch(ANNS, ANN, "{}").await.body["dnd"], true, "what is left out stays");
    assert_eq!(patch(ANNS, SUE, r#"{"dnd": false}"#).await.body["dnd"], false);
    assert_eq!(world.get("/v1/domains/~/agents/1001", ANN).await.body["dnd"], false);
}

#[tokio::test]
async fn what_is_not_hers_or_has_no_meaning_is_refused() {
    let world = World::new().await;
    let patch = async |path: &str, token, body: &str| {
        world.ask(Method::PATCH, path, token, body).await.problem().to_owned()
    };
    assert_eq!(patch(ANNS, BOB, r#"{"dnd": true}"#).await, "forbidden");
    assert_eq!(world.get(ANNS, BOB).await.problem(), "forbidden");
    assert_eq!(patch("/v1/domains/~/agents/9999/reach", SUE, "{}").await, "unknown_agent");
    // As everywhere, no body is an empty one.
    assert_eq!(patch(ANNS, ANN, "").await, "");
    for wrong in ["[]", r#"{"dnd": "on"}"#, r#"{"dnd": true, "status": "disabled"}"#] {
        assert_eq!(patch(ANNS, ANN, wrong).await, "invalid_body", "{wrong}");
    }
    assert_eq!(world.get(ANNS, ANN).await.body["dnd"], false);
}

#[tokio::test]
async fn a_personal_phone_is_set_by_herself_seen_by_her_and_supervisors_and_checked() {
    let world = World::new().await;
    let patch = async |token, body: &str| world.ask(Method::PATCH, ANNS, token, body).await;
    assert_eq!(patch(ANN, r#"{"forward_when": "always"}"#).await.problem(), "no_personal_phone");
    for wrong in ["12", "+49abc12", "+493012345678901234567890123456789012"] {
        let body = json!({"personal_phone": wrong, "dnd": true}).to_string();
        assert_eq!(patch(ANN, &body).await.problem(), "unusable_personal_phone", "{wrong}");
    }
    let own = json!({"personal_phone": crate::world::NUMBER}).to_string();
    assert_eq!(patch(ANN, &own).await.problem(), "unusable_personal_phone", "it would come back");
    assert_eq!(world.get(ANNS, ANN).await.body["dnd"], false, "all or nothing");
    let set = patch(ANN, r#"{"forward_when": "offline", "personal_phone": "+491701234567"}"#).await;
    let now = json!({
        "dnd": false, "forward_when": "offline", "personal_phone": "+491701234567", "call_link": "ann",
        "call_link_private": false
    });
    assert_eq!((set.status, &set.body), (200, &now));
    assert_eq!(world.get(ANNS, SUE).await.body, now);
    let seen = world.get("/v1/domains/~/agents/1001", BOB).await.body;
    assert_eq!(seen["forward_when"], "offline");
    assert!(!seen.to_string().contains("4917"), "a colleague sees her number: {seen}");
    let none = patch(ANN, r#"{"forward_when": "never", "personal_phone": ""}"#).await;
    assert_eq!(none.body["personal_phone"], json!(null));
    assert_eq!(patch(ANN, r#"{"forward_when": "sometimes"}"#).await.problem(), "invalid_body");
}
