//! Call queues and figures through the door for programs of NetSapiens' API.

use api::provisioning::Source;
use axum::http::Method;
use expect_test::expect;
use serde_json::{Value, json};
use store::provisioning::{Change, Edit, Object};

use crate::world::{ADA, ANN, SUE, World};

const QUEUES: &str = "/ns-api/v2/domains/~/callqueues";
const FIGURES: &str = "/ns-api/v2/domains/~/statistics";

fn ordered(world: &World) -> Edit {
    let orders = world.applier.orders.lock().unwrap();
    match &orders.last().expect("nothing was ordered").source {
        Source::Edits { edits, .. } => edits[0].clone(),
        other => panic!("{other:?}"),
    }
}

fn queue(number: &str, change: Change) -> Edit {
    Edit { object: Object::Queue(number.into()), change, expected: None }
}

#[tokio::test]
async fn a_queue_is_made_with_all_that_the_request_can_say() {
    let world = World::new().await;
    let body = json!({
        "synchronous": "no",
        "callqueue": "8100",
        "domain": "acme.test",
        "description": "Orders",
        "callqueue-dispatch-type": "Tiered Round-robin",
        "callqueue-agent-dispatch-timeout-seconds": 25,
        "callqueue-max-wait-timeout-minutes": 10,
        "callqueue-max-current-callers-to-accept-new-callers": 7,
        "callqueue-max-current-wait-to-accept-new-callers-seconds": 90,
        "callqueue-require-available-agents-to-accept-new-callers": "yes",
        "callqueue-max-callback-queueing-hours": 3,
        "callqueue-agent-auto-logout-after-missed": "yes",
        "callqueue-sim-ring-1st-round": 2,
        "callqueue-sim-ring-increment": 1,
        "callqueue-sms-enable": "yes",
    });
    let answer = world.post(QUEUES, ADA, &body.to_string()).await;
    assert_eq!((answer.status, answer.body), (202, json!({"code": 202, "message": "Accepted"})));
    let fields = json!({"name": "Orders", "strategy": "tiered_longest_idle", "ring_time": 25,
        "max_waiting_time": 600, "max_callers": 7, "max_expected_wait": 90, "wait_when_no_agents": false,
        "callback": {"max_hours": 3}, "rna_policy": {"action": "logout"}, "sim_ring_first": 2,
        "sim_ring_increment": 1});
    assert_eq!(ordered(&world), queue("8100", Change::Create(fields)));
    // A queue without a name has its number for one.
    assert_eq!(world.post(QUEUES, ADA, r#"{"callqueue":"8101"}"#).await.status, 202);
    assert_eq!(ordered(&world), queue("8101", Change::Create(json!({"name": "8101"}))));
}

#[tokio::test]
async fn a_queue_is_read_changed_and_removed() {
    let world = World::new().await;
    world.make_ready("1001").await;
    let shown = world.get(&format!("{QUEUES}/8000"), ANN).await;
    expect![[r#"
        200 {
          "active-queued-calls-total-current": 0,
          "callqueue": "8000",
          "callqueue-agent-auto-logout-after-missed": "no",
          "callqueue-agent-dispatch-timeout-seconds": 3600,
          "callqueue-count-agents-available": 1,
          "callqueue-count-agents-total": 3,
          "callqueue-dispatch-type": "Round-robin",
          "callqueue-max-callback-queueing-hours": 0,
          "callqueue-max-current-callers-to-accept-new-callers": 0,
          "callqueue-max-current-wait-to-accept-new-callers-seconds": 0,
          "callqueue-max-wait-timeout-minutes": 5,
          "callqueue-require-available-agents-to-accept-new-callers": "no",
          "callqueue-sim-ring-1st-round": 0,
          "callqueue-sim-ring-increment": 1,
          "description": "Support",
          "domain": "acme.test"
        }"#]]
    .assert_eq(&shown.shown());
    let all = world.get(QUEUES, ANN).await.body;
    let numbers: Vec<_> = all.as_array().unwrap().iter().map(|queue| queue["callqueue"].clone()).collect();
    assert_eq!(numbers, ["8000", "8001"]);

    let change = json!({"synchronous": "yes", "callqueue-max-callback-queueing-hours": 0,
        "callqueue-agent-auto-logout-after-missed": "no", "callqueue-dispatch-type": "Ring All"});
    let path = format!("{QUEUES}/8000");
    let answer = world.ask(Method::PUT, &path, ADA, &change.to_string()).await;
    assert_eq!((answer.status, &answer.body["callqueue"]), (200, &json!("8000")), "{}", answer.text);
    let fields = json!({"strategy": "ring_all", "callback": null, "rna_policy": null});
    assert_eq!(ordered(&world), queue("8000", Change::Patch(fields)));
    assert_eq!(world.ask(Method::DELETE, &path, ADA, "").await.status, 202);
    assert_eq!(ordered(&world), queue("8000", Change::Remove));
}

#[tokio::test]
async fn what_cannot_be_of_a_queue_is_refused() {
    let world = World::new().await;
    let with = |field: &str, value: Value| json!({"callqueue": "8100", field: value});
    for (body, status, problem) in [
        (json!({}), 400, "invalid_body"),
        (with("callqueue-dispatch-type", json!("Call Park")), 400, "invalid_body"),
        (with("callqueue-dispatch-type", json!("Odd")), 400, "invalid_body"),
        (with("domain", json!("globex.test")), 404, "unknown_domain"),
        (json!({"callqueue": "8409"}), 409, "entry_exists"),
        (json!({"callqueue": "8422"}), 422, "invalid_change"),
    ] {
        let answer = world.post(QUEUES, ADA, &body.to_string()).await;
        assert_eq!((answer.status, answer.problem()), (status, problem), "{body}");
    }
    let path = format!("{QUEUES}/8000");
    let other = world.ask(Method::PUT, &path, ADA, r#"{"callqueue":"8001"}"#).await;
    assert_eq!(other.problem(), "invalid_body");
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let unknown = world.ask(method.clone(), &format!("{QUEUES}/8999"), ADA, "{}").await;
        assert_eq!(unknown.problem(), "unknown_queue", "{method}");
    }
    for (method, path) in [(Method::POST, QUEUES), (Method::PUT, &path), (Method::DELETE, &path)] {
        assert_eq!(world.ask(method, path, SUE, "{}").await.problem(), "forbidden");
    }
}

#[tokio::test]
async fn queues_and_agents_have_their_figures() {
    let world = World::new().await;
    world.make_ready("1001").await;
    world.whole_call(2).await;
    world.arrives(4);
    world.leg(4, engine::LegInput::Ended(engine::Cause::CallerGone));
    let figures = world.get(&format!("{FIGURES}/callqueues/8000"), ANN).await.body;
    assert_eq!(
        [&figures["volume"], &figures["calls-answered-count"], &figures["calls-abandoned-count"]],
        [&json!(2), &json!(1), &json!(1)],
        "{figures:#}"
    );
    assert_eq!(figures["abandoned-rate-percentage"], 50.0);
    let all = world.get(&format!("{FIGURES}/callqueues"), ANN).await.body;
    assert_eq!((all[0]["volume"].clone(), all[1]["volume"].clone()), (json!(2), json!(0)));

    let own = world.get(&format!("{FIGURES}/agent/~"), ANN).await.body;
    assert_eq!(
        own,
        json!([{"callqueue-agent-id": "1001@acme.test", "name": "Ann Ash", "callqueue": "8000",
            "calls-answered-count": 1, "calls-unanswered-count": 0}])
    );
    let every = world.get(&format!("{FIGURES}/agent"), SUE).await.body;
    assert_eq!(every.as_array().unwrap().len(), 4, "one for each membership: {every:#}");
    assert_eq!(world.get(&format!("{FIGURES}/agent/1999@acme.test"), ANN).await.problem(), "unknown_agent");
    assert_eq!(world.get(&format!("{FIGURES}/callqueues/9"), ANN).await.problem(), "unknown_queue");
}
