//! Single things of a domain over HTTP: which is meant, what is ordered, and what is answered when it cannot be.

use api::provisioning::Source;
use axum::body::Body;
use axum::http::{Method, Request};
use expect_test::expect;
use serde_json::json;
use store::provisioning::{Change, Edit, Object};

use crate::world::{ADA, ANN, Answer, SUE, World};

const PATH: &str = "/v1/domains/~/provisioning";

async fn ask(world: &World, method: &str, path: &str, body: &str) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    world.ask(method, &format!("{PATH}{path}"), ADA, body).await
}

/// What was ordered last.
fn ordered(world: &World) -> Vec<Edit> {
    let orders = world.applier.orders.lock().unwrap();
    let last = orders.last().unwrap();
    assert!(!last.forecast, "a change costs no forecast unless somebody asks for it");
    match &last.source {
        Source::Edits { domain, edits } if domain == "acme.test" => edits.clone(),
        other => panic!("{other:?}"),
    }
}

fn one(object: Object, change: Change, expected: Option<&str>) -> Vec<Edit> {
    vec![Edit { object, change, expected: expected.map(str::to_owned) }]
}

#[tokio::test]
async fn each_path_orders_the_edit_that_it_says() {
    let world = World::new().await;
    let value = json!({"ring_time": 20});
    let prompt = || Object::Prompt { language: "de".into(), name: "welcome".into() };
    let exclusive = || Object::ExclusiveNumber { number: "+4930".into(), queue: "8000".into() };
    let member = || Object::Member { queue: "8000".into(), agent: "1001".into() };
    let put = || Change::Put(value.clone());
    let patch = || Change::Patch(value.clone());
    for (method, path, object, change) in [
        ("PUT", "/queues/8000", Object::Queue("8000".into()), put()),
        ("PATCH", "/queues/8000", Object::Queue("8000".into()), patch()),
        ("DELETE", "/queues/8000", Object::Queue("8000".into()), Change::Remove),
        ("PUT", "/agents/ann%40acme.test", Object::Agent("ann@acme.test".into()), put()),
        ("PATCH", "/business_hours/Late%20shift", Object::BusinessHours("Late shift".into()), patch()),
        ("DELETE", "/numbers/%2B4930", Object::Number("+4930".into()), Change::Remove),
        ("PUT", "/prompts/de/welcome", prompt(), put()),
        ("DELETE", "/exclusive_numbers/%2B4930/8000", exclusive(), Change::Remove),
        ("PUT", "/queues/8000/members/1001", member(), put()),
        ("PATCH", "/queues/8000/members/1001", member(), patch()),
        ("DELETE", "/queues/8000/members/1001", member(), Change::Remove),
        ("PATCH", "/settings", Object::Settings, patch()),
    ] {
        let answer = ask(&world, method, path, &value.to_string()).await;
        assert_eq!((answer.status, &answer.body["applied"]), (200, &true.into()), "{method} {path}");
        assert_eq!(ordered(&world), one(object, change, None), "{method} {path}");
    }
    let dry = ask(&world, "PATCH", "/queues/8000?dry_run=true", "{}").await;
    assert_eq!((dry.status, &dry.body["applied"]), (200, &false.into()));
}

#[tokio::test]
async fn what_is_made_is_known_by_its_own_fields_and_has_a_place() {
    let world = World::new().await;
    let made = ask(&world, "POST", "/queues", r#"{"number": "8001", "name": "Sales"}"#).await;
    assert_eq!(
        (made.status, made.header("location")),
        (201, "/v1/domains/acme.test/provisioning/queues/8001")
    );
    let value = json!({"number": "8001", "name": "Sales"});
    assert_eq!(ordered(&world), one(Object::Queue("8001".into()), Change::Create(value), None));
    let hours = ask(&world, "POST", "/business_hours", r#"{"name": "Late shift/é"}"#).await;
    assert!(
        hours.header("location").ends_with("/business_hours/Late%20shift%2F%C3%A9"),
        "{}",
        hours.header("location")
    );
    let prompt =
        ask(&world, "POST", "/prompts", r#"{"name": "hello", "language": "de", "text": "Hallo"}"#).await;
    assert!(prompt.header("location").ends_with("/prompts/de/hello"));
    let dry = ask(&world, "POST", "/queues?dry_run=true", r#"{"number": "8001"}"#).await;
    assert_eq!((dry.status, dry.header("location")), (200, ""));
    for (path, body, problem) in [
        ("/queues", r#"{"name": "Sales"}"#, "invalid_body"),
        ("/queues", "[]", "invalid_body"),
        ("/queues", r#"{"number": 8001}"#, "invalid_body"),
        ("/quees", r#"{"number": "8001"}"#, "not_found"),
        ("/queues", r#"{"number": "8409"}"#, "entry_exists"),
    ] {
        assert_eq!(ask(&world, "POST", path, body).await.problem(), problem, "{path} {body}");
    }
}

#[tokio::test]
async fn entries_are_read_in_pages_found_by_a_text_and_have_a_tag() {
    let world = World::new().await;
    let first = ask(&world, "GET", "/queues?limit=2", "").await;
    let next = first.body["next"].as_str().unwrap().to_owned();
    assert_eq!(
        first.body["items"],
        json!([{"name": "Support", "number": "8000"}, {"name": "Sales", "number": "8001"}])
    );
    let last = ask(&world, "GET", &format!("/queues?limit=2&cursor={next}"), "").await;
    assert_eq!(last.body, json!({"items": [{"name": "Service", "number": "8002"}], "next": null}));
    let found = ask(&world, "GET", "/queues?q=S%41l", "").await;
    assert_eq!(found.body["items"], json!([{"name": "Sales", "number": "8001"}]));
    let queue = ask(&world, "GET", "/queues/8000", "").await;
    assert_eq!((queue.status, queue.header("etag")), (200, "\"tag-of-8000\""));
    for (path, problem) in [
        ("/queues/8001", "unknown_entry"),
        ("/queues/8000/1001", "not_found"),
        ("/prompts/welcome", "not_found"),
        ("/nothing/1", "not_found"),
        ("/queues?limit=0", "invalid_parameter"),
        ("/queues?cursor=%21", "strange_cursor"),
        ("/queues?sort=color", "invalid_parameter"),
        ("/queues?search=x", "invalid_parameter"),
        ("/queues?fields=color", "unknown_field"),
    ] {
        assert_eq!(ask(&world, "GET", path, "").await.problem(), problem, "{path}");
    }
}

#[tokio::test]
async fn a_change_of_what_was_changed_meanwhile_is_refused() {
    let world = World::new().await;
    let send = async |tag: &str| {
        let request =
            Request::patch(format!("{PATH}/queues/8000")).header("authorization", format!("Bearer {ADA}"));
        world.send(request.header("if-match", tag).body(Body::from("{}")).unwrap()).await
    };
    assert_eq!(send("\"tag-of-8000\"").await.status, 200);
    assert_eq!(send("*").await.status, 200);
    let late = send("\"older\"").await;
    assert_eq!((late.status, late.problem()), (412, "entry_changed"));
    for odd in ["older", "\"", "W/\"x\"", ""] {
        assert_eq!(send(odd).await.problem(), "invalid_parameter", "{odd}");
    }
}

#[tokio::test]
async fn what_would_not_be_right_is_told_with_its_place() {
    let world = World::new().await;
    let answer = ask(&world, "PATCH", "/queues/8422", r#"{"ring_time": 0}"#).await;
    expect![[r#"
        422 {
          "detail": "mend it; mend it",
          "faults": [
            {
              "edit": 0,
              "pointer": "/ring_time",
              "text": "mend it"
            },
            {
              "edit": null,
              "pointer": "",
              "text": "mend it"
            }
          ],
          "request_id": "<id>",
          "status": 422,
          "title": "The domain would not be right afterwards",
          "type": "/problems/invalid_change"
        }"#]]
    .assert_eq(&answer.shown());
    assert_eq!(ask(&world, "DELETE", "/queues/8404", "").await.problem(), "unknown_entry");
}

#[tokio::test]
async fn many_edits_are_one_order() {
    let world = World::new().await;
    let body = json!({"edits": [
        {"op": "create", "section": "queues", "key": ["8001"], "value": {"name": "Sales"}},
        {"op": "patch", "section": "settings", "value": {"language": "de"}},
        {"op": "remove", "section": "queues", "key": ["8000"], "member": "1001"},
        {"op": "put", "section": "prompts", "key": ["de", "hello"], "value": {"text": "Hallo"}, "if_match": "tag-of-8000"},
    ]});
    assert_eq!(ask(&world, "PATCH", "", &body.to_string()).await.status, 200);
    let edit = |object, change| Edit { object, change, expected: None };
    let prompt = Object::Prompt { language: "de".into(), name: "hello".into() };
    assert_eq!(
        ordered(&world),
        [
            edit(Object::Queue("8001".into()), Change::Create(json!({"name": "Sales"}))),
            edit(Object::Settings, Change::Patch(json!({"language": "de"}))),
            edit(Object::Member { queue: "8000".into(), agent: "1001".into() }, Change::Remove),
            Edit {
                expected: Some("tag-of-8000".into()),
                ..edit(prompt, Change::Put(json!({"text": "Hallo"})))
            },
        ]
    );
    let wrong = json!({"edits": [
        {"op": "remove", "section": "queues", "key": ["8000"]},
        {"op": "remove", "section": "quees", "key": ["8000"]},
        {"op": "remove", "section": "agents", "key": ["1001"], "member": "1001"},
        {"op": "remove", "section": "queues", "key": []},
    ]});
    let answer = ask(&world, "PATCH", "", &wrong.to_string()).await;
    let edits: Vec<_> =
        answer.body["faults"].as_array().unwrap().iter().map(|fault| fault["edit"].clone()).collect();
    assert_eq!((answer.status, edits), (422, vec![json!(1), json!(2), json!(3)]));
    for body in [r#"{"edits": [{"op": "drop", "section": "queues"}]}"#, r#"{"edits": 3}"#, r#"{"edit": []}"#]
    {
        assert_eq!(ask(&world, "PATCH", "", body).await.problem(), "invalid_body", "{body}");
    }
}

#[tokio::test]
async fn they_are_for_admins() {
    let world = World::new().await;
    for token in [ANN, SUE] {
        for (method, path) in [
            (Method::GET, "/queues"),
            (Method::POST, "/queues"),
            (Method::GET, "/queues/8000"),
            (Method::PUT, "/queues/8000"),
            (Method::PATCH, "/queues/8000"),
            (Method::DELETE, "/queues/8000"),
            (Method::PUT, "/queues/8000/members/1001"),
            (Method::PATCH, "/settings"),
        ] {
            let answer = world.ask(method.clone(), &format!("{PATH}{path}"), token, "{}").await;
            assert_eq!(answer.problem(), "forbidden", "{method} {path}");
        }
        let bulk = world.ask(Method::PATCH, PATH, token, r#"{"edits": []}"#).await;
        assert_eq!(bulk.problem(), "forbidden");
    }
    assert!(world.applier.orders.lock().unwrap().is_empty(), "nothing was looked at");
    let other = world.ask(Method::PATCH, "/v1/domains/globex.test/provisioning/queues/1", ADA, "{}").await;
    assert_eq!(other.problem(), "unknown_domain");
}
