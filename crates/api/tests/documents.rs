//! Laws over the documents: they are current, and every operation in them is guarded as it says.

use std::collections::BTreeSet;

use axum::http::Method;
use expect_test::expect_file;
use serde_json::Value;

use crate::world::{GUS, SUE, World};

/// Paths of operations that need no login.
const OPEN: [&str; 16] = [
    "/healthz",
    "/readyz",
    "/metrics",
    "/v1/auth/login",
    "/v1/auth/setup",
    "/v1/auth/invitation",
    "/v1/auth/invitation/accept",
    "/v1/call-links/{domain}/{link}",
    "/v1/call-links/{domain}/{link}/tickets",
    "/v1/auth/oidc",
    "/v1/auth/oidc/start",
    "/v1/auth/oidc/callback",
    "/v1/auth/oidc/redeem",
    "/api/v1/login",
    "/api/login",
    // The login is said on the socket.
    "/wsi",
];

pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) pattern: String,
    pub(crate) secured: bool,
    pub(crate) right: String,
    document: Value,
}

impl Operation {
    pub(crate) fn path(&self, domain: &str) -> String {
        self.pattern
            .replace("{domain}", domain)
            .replace("{extension}", "1001")
            .replace("{number}", "8000")
            .replace("{call}", "999")
            .replace("{message}", "1")
            .replace("{callqueue}", "8000")
            .replace("{agent}", "1001")
            .replace("{action}", "login")
            .replace("{session}", "1")
            .replace("{key}", "1")
            .replace("{webhook}", "crm")
            .replace("{trunk}", "carrier")
            .replace("{report}", "Daily")
            .replace("{delivery}", "1")
            .replace("{username}", "ann@acme.test")
            .replace("{queue_id}", "1")
            .replace("{agent_number}", "1001")
            .replace("{session_id}", "999")
    }

    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.pattern)
    }
}

pub(crate) fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let mut found = Vec::new();
    for (pattern, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                pattern: pattern.clone(),
                secured: operation["security"].as_array().is_some_and(|all| !all.is_empty()),
                right: operation["x-right"].as_str().unwrap_or_default().to_owned(),
                document: operation.clone(),
            });
        }
    }
    assert!(found.len() >= 20, "only {} operations", found.len());
    found
}

#[test]
fn the_committed_openapi_document_is_current() {
    let text = api::openapi().to_pretty_json().unwrap() + "\n";
    expect_file!["../../../openapi/v1.json"].assert_eq(&text);
}

#[test]
fn the_committed_document_of_events_is_current() {
    let text = format!("{:#}\n", api::events_document());
    expect_file!["../../../openapi/events.v1.json"].assert_eq(&text);
}

#[test]
fn every_reference_in_the_documents_leads_somewhere() {
    fn walk(value: &Value, root: &Value) {
        if let Some(to) = value.get("$ref").and_then(Value::as_str) {
            assert!(root.pointer(to.strip_prefix('#').unwrap()).is_some(), "{to} is not there");
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| walk(item, root)),
            Value::Object(fields) => fields.values().for_each(|field| walk(field, root)),
            _ => {}
        }
    }
    for document in [serde_json::to_value(api::openapi()).unwrap(), api::events_document()] {
        walk(&document, &document);
    }
}

#[test]
fn every_operation_has_a_name_a_summary_and_its_problems() {
    let mut names = BTreeSet::new();
    for operation in operations() {
        let name = operation.document["operationId"].as_str().unwrap().to_owned();
        assert!(names.insert(name), "{} has a name that another has", operation.name());
        assert!(operation.document["summary"].is_string(), "{}", operation.name());
        assert_eq!(operation.document["tags"].as_array().map(Vec::len), Some(1), "{}", operation.name());
        assert_eq!(operation.document["x-problems"], Value::Null, "{}", operation.name());
        let has = |status: &str| operation.document["responses"].get(status).is_some();
        assert_eq!(
            has("401"),
            operation.secured || operation.pattern.ends_with("/login"),
            "{}",
            operation.name()
        );
        assert!(!operation.pattern.contains("{domain}") || has("404"), "{}", operation.name());
    }
}

#[tokio::test]
async fn every_operation_but_the_open_ones_wants_a_login() {
    let world = World::new().await;
    for operation in operations() {
        let open = OPEN.contains(&operation.pattern.as_str());
        assert_eq!(operation.secured, !open, "{}", operation.name());
        if open {
            continue;
        }
        for token in ["", "no-token-of-ours", &"x".repeat(10_000)] {
            let answer = world.ask(operation.method.clone(), &operation.path("~"), token, "{}").await;
            assert_eq!((answer.status, answer.problem()), (401, "unauthorized"), "{}", operation.name());
        }
    }
}

#[tokio::test]
async fn no_operation_reaches_another_domain() {
    let world = World::new().await;
    // An open one is of whatever domain it names: it has no other.
    let of_domains = |one: &Operation| one.secured && one.pattern.contains("{domain}");
    for operation in operations().into_iter().filter(of_domains) {
        for domain in ["globex.test", "nowhere.test", "%2e%2e", "ACME.TEST.", ""] {
            let answer = world.ask(operation.method.clone(), &operation.path(domain), SUE, "{}").await;
            assert_eq!(answer.status, 404, "{} in {domain}: {}", operation.name(), answer.text);
            assert!(matches!(answer.problem(), "unknown_domain" | "not_found"), "{}", answer.text);
        }
        let own = world.ask(operation.method.clone(), &operation.path("Acme.Test"), SUE, "{}").await;
        assert_ne!(own.problem(), "unknown_domain", "{}", operation.name());
    }
    let hers = world.get("/v1/domains/~/agents/1001", GUS).await.body;
    assert_eq!(hers["name"], "Gus Yew", "the same extension, each in its own domain");
}

#[tokio::test]
async fn every_problem_has_a_page_that_explains_it() {
    let world = World::new().await;
    for kind in api::problem::ProblemKind::ALL {
        let page = world.get(&kind.reference(), "").await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains(kind.title()) && page.text.contains(kind.advice()));
    }
    assert_eq!(world.get("/problems/none", "").await.status, 404);
}
