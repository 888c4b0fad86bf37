//! How much of the server a domain may use.

use std::sync::Arc;
use std::time::Duration;

use api::ApiLimits;
use axum::http::Method;
use model::{Counted, DomainLimits};
use serde_json::{Value, json};

use crate::live::{Client, listening, refused};
use crate::world::{ADA, ANN, GUS, OWNER, SUE, World, acme};

const PATH: &str = "/v1/domains/acme.test/limits";

fn limited(counted: Counted, most: u32) -> Arc<model::Directory> {
    let mut directory = acme();
    directory.limits = DomainLimits::default().with(counted, Some(most));
    Arc::new(directory)
}

#[tokio::test]
async fn an_admin_reads_them_and_the_servers_owner_alone_sets_them() {
    let world = World::new().await;
    let put = async |token, body: &str| world.ask(Method::PUT, PATH, token, body).await;
    let none = json!({"calls": null, "waiting": null, "agents": null, "webhooks": null, "sockets": null, "requests_per_second": null});
    assert_eq!(world.get(PATH, ADA).await.body, json!({"own": none, "in_force": none}));
    let body = r#"{"calls": 2, "sockets": 0}"#;
    for token in [ANN, SUE, ADA] {
        assert_eq!(put(token, body).await.problem(), "forbidden");
    }
    // Who owns another domain owns nothing here, and her own no more than an admin does.
    assert_eq!(put(GUS, body).await.problem(), "unknown_domain");
    let own = world.ask(Method::PUT, "/v1/domains/~/limits", GUS, body).await;
    assert_eq!(own.problem(), "forbidden");
    let set = put(OWNER, body).await;
    assert_eq!(
        (set.status, &set.body["own"]["calls"], &set.body["own"]["sockets"]),
        (200, &json!(2), &json!(0))
    );
    assert_eq!((&set.body["in_force"]["calls"], &set.body["in_force"]["sockets"]), (&json!(2), &Value::Null));
    assert_eq!(world.get(PATH, ADA).await.body, set.body);
    assert_eq!(world.get(PATH, SUE).await.problem(), "forbidden");
    for (wrong, told) in [
        (r#"{"calls": -1}"#, "invalid value"),
        (r#"{"calls": 1000001}"#, "`calls` is 1000001; it goes from 0 to 1000000"),
        (r#"{"callers": 1}"#, "unknown field"),
        ("[]", "invalid"),
    ] {
        let answer = put(OWNER, wrong).await;
        assert_eq!(answer.problem(), "invalid_body", "{wrong}");
        assert!(answer.text.contains(told), "{wrong}: {}", answer.text);
    }
    assert_eq!(world.get(PATH, ADA).await.body, set.body, "nothing was changed");
}

#[tokio::test]
async fn requests_beyond_the_rate_are_told_when_to_come_again() {
    let world = World::new().await;
    world.switch.directory(limited(Counted::RequestsPerSecond, 3)).await.unwrap();
    let agents = async |token| world.get("/v1/domains/~/agents", token).await;
    let mut answers = Vec::new();
    for token in [ANN, SUE, ADA, ANN, SUE] {
        answers.push(agents(token).await);
    }
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses[..3], [200, 200, 200], "all of the domain share it");
    let refused = answers.iter().find(|answer| answer.status != 200).expect("one is refused");
    assert_eq!((refused.status, refused.problem()), (429, "too_many_requests"));
    assert_eq!(
        (refused.header("retry-after"), refused.body["detail"].as_str().unwrap()),
        ("1", "the domain may make 3 requests a second")
    );
    // Neither another domain nor the server's owner is held up by it.
    for _ in 0..9 {
        assert_eq!(agents(GUS).await.status, 200);
        assert_eq!(agents(OWNER).await.status, 200);
    }
}

#[tokio::test]
async fn sockets_beyond_the_limit_of_the_domain_are_refused_whoever_opens_them() {
    let limits = ApiLimits { ping_interval: Duration::from_secs(60), ..ApiLimits::default() };
    let (world, address) = listening(limits).await;
    world.switch.directory(limited(Counted::Sockets, 2)).await.unwrap();
    let _ann = Client::new(address, ANN).await;
    let _sue = Client::new(address, SUE).await;
    assert_eq!(refused(address, ADA).await, 429);
    let _gus = Client::new(address, GUS).await;
}
