//! What agents choose from: why they are not ready, and what calls were about.

use std::sync::Arc;
use std::time::Duration;

use api::storage::{Identity, Storage as _};
use axum::body::Body;
use axum::http::{Method, Request};
use engine::LegInput;
use model::{AgentId, CallId, Disposition, ExtensionNumber, NotReadyCode, Role, Timestamp};
use serde_json::{Value, json};

use crate::world::{ACME, ANN, BOB, GUS, SUE, World, acme};

const KIM: &str = "token-of-a-supervisor-of-another-group";

/// acme.test with three codes, of which one is off, and four dispositions.
async fn world() -> World {
    let world = World::new().await;
    let mut directory = acme();
    for (code, label, enabled) in
        [("lunch", "Lunch break", true), ("meeting", "Meeting", true), ("nap", "Nap", false)]
    {
        let entry = NotReadyCode { code: code.into(), label: label.into(), enabled };
        directory.not_ready_codes.insert(code.into(), entry);
    }
    for (code, enabled, queue) in [
        ("complaint", true, None),
        ("old", false, None),
        ("order", true, Some("8001")),
        ("sale", true, Some("8000")),
    ] {
        let queues = queue.map(|queue| ExtensionNumber::parse(queue).unwrap()).into_iter().collect();
        let entry = Disposition { code: code.into(), label: format!("The {code}"), enabled, queues };
        directory.dispositions.insert(code.into(), entry);
    }
    world.switch.directory(Arc::new(directory)).await.unwrap();
    world
}

async fn put(world: &World, call: &str, token: &str, body: &Value) -> (u16, Value) {
    let path = format!("/v1/domains/~/calls/{call}/disposition");
    let answer = world.ask(Method::PUT, &path, token, &body.to_string()).await;
    (answer.status, answer.body)
}

fn said(code: &str) -> Value {
    json!({"disposition": code})
}

async fn table(world: &World, path: &str) -> String {
    let request =
        Request::get(path).header("authorization", format!("Bearer {BOB}")).header("accept", "text/csv");
    world.send(request.body(Body::empty()).unwrap()).await.text
}

/// The problem, or what is said of the call.
fn told((status, body): &(u16, Value)) -> (u16, &str) {
    let kind = body["type"].as_str().and_then(|kind| kind.strip_prefix("/problems/"));
    (*status, kind.or(body["code"].as_str()).unwrap_or_default())
}

#[tokio::test]
async fn an_agent_reads_what_she_can_choose_with_its_labels() {
    let world = world().await;
    let codes = world.get("/v1/domains/~/not-ready-codes", ANN).await.body;
    let lunch = json!({"code": "lunch", "label": "Lunch break", "enabled": true});
    assert_eq!(codes["items"].as_array().unwrap().len(), 3);
    assert_eq!(codes["items"][0], lunch);
    assert_eq!(codes["items"][2]["enabled"], false);
    let words = async |query: &str| {
        let page = world.get(&format!("/v1/domains/~/dispositions{query}"), ANN).await.body;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(words("").await, "complaint old order sale");
    assert_eq!(words("?queue=8000").await, "complaint old sale");
    assert_eq!(words("?q=the%20s").await, "sale");
    let strange = world.get("/v1/domains/~/dispositions?queue=8099", ANN).await;
    assert_eq!((strange.status, strange.problem()), (404, "unknown_queue"));
    let rows = table(&world, "/v1/domains/~/not-ready-codes?fields=code,label").await;
    assert_eq!(rows, "code,label\r\nlunch,Lunch break\r\nmeeting,Meeting\r\nnap,Nap\r\n");
    assert_eq!(world.get("/v1/domains/~/not-ready-codes", GUS).await.body["items"], json!([]));
}

#[tokio::test]
async fn where_a_domain_has_codes_a_reason_is_one_of_them_or_none() {
    let world = world().await;
    world.make_ready("1001").await;
    let path = "/v1/domains/~/agents/1001/not-ready";
    let ask = async |token: &str, body: &str| {
        let answer = world.post(path, token, body).await;
        (answer.status, answer.body)
    };
    let (status, done) = ask(ANN, r#"{"reason":"meeting"}"#).await;
    assert_eq!((status, &done["items"][0]["reason"]), (200, &json!("meeting")));
    for reason in ["nap", "Lunch", "training", "rna"] {
        for token in [ANN, SUE] {
            let (status, refused) = ask(token, &json!({"reason": reason}).to_string()).await;
            assert_eq!((status, &refused["type"]), (422, &json!("/problems/unknown_reason")));
            let detail = format!("`reason` is `{reason}`; it can be lunch, meeting");
            assert_eq!(refused["detail"], json!(detail));
        }
    }
    assert_eq!(world.get("/v1/domains/~/agents/1001", ANN).await.body["reason"], "meeting", "it stays");
    for nothing in ["", "{}", r#"{"reason":""}"#] {
        let (status, done) = ask(ANN, nothing).await;
        assert_eq!((status, &done["items"][0]["reason"]), (200, &json!(null)), "{nothing}");
    }
    assert_eq!(ask(SUE, "").await.1["items"][0]["reason"], "supervisor");
    let (status, refused) = ask(BOB, r#"{"reason":"training"}"#).await;
    assert_eq!(
        (status, &refused["type"]),
        (403, &json!("/problems/forbidden")),
        "and not what she could say"
    );
    // Another product's words are what they are there.
    let lunch = r#"{"status":"BREAK"}"#;
    let by_door = world.post("/api/call_queues/1/agents/1001/status", ANN, lunch).await;
    assert_eq!(by_door.status, 200, "{}", by_door.text);
    assert_eq!(world.get("/v1/domains/~/agents/1001", ANN).await.body["reason"], "break");
}

#[tokio::test]
async fn who_was_on_a_call_says_what_it_was_about_during_it_and_afterwards() {
    let world = world().await;
    world.make_ready("1001").await;
    world.arrives(2);
    let leg = world.ringing_leg("1001").await;
    world.leg(leg, LegInput::Answered);
    assert_eq!(world.get("/v1/domains/~/calls/1", BOB).await.body["disposition"], json!(null));
    let first =
        put(&world, "1", ANN, &json!({"disposition": "complaint", "notes": "Too\u{7} late.\n"})).await;
    assert_eq!(
        (first.0, &first.1["label"], &first.1["by"]),
        (200, &json!("The complaint"), &json!("Ann Ash"))
    );
    assert_eq!(first.1["notes"], "Too late.\n");
    assert_eq!(world.get("/v1/domains/~/calls/1", BOB).await.body["disposition"], first.1);

    for (token, call, body, wanted) in [
        (BOB, "1", said("sale"), (403, "forbidden")),
        (GUS, "1", said("sale"), (404, "unknown_call")),
        (ANN, "9", said("sale"), (404, "unknown_call")),
        (ANN, "x", said("sale"), (404, "unknown_call")),
        (ANN, "1", json!({}), (400, "invalid_body")),
        (ANN, "1", json!({"disposition": "sale", "colour": "red"}), (400, "invalid_body")),
        (ANN, "1", json!({"disposition": "sale", "notes": "ä".repeat(2_001)}), (400, "invalid_body")),
        (SUE, "1", said("old"), (422, "unknown_disposition")),
        (SUE, "1", said("order"), (422, "unknown_disposition")),
        (ANN, "1", said("nothing"), (422, "unknown_disposition")),
    ] {
        assert_eq!(told(&put(&world, call, token, &body).await), wanted, "{body}");
    }
    let refused = put(&world, "1", ANN, &said("order")).await.1;
    let detail = "`order` is no disposition of such a call; it can be complaint, sale";
    assert_eq!(refused["detail"], json!(detail));
    assert_eq!(world.get("/v1/domains/~/calls/1", BOB).await.body["disposition"], first.1, "it stays");

    // Live calls are found by it as ended ones are.
    let found = async |query: &str| {
        let page = world.get(&format!("/v1/domains/~/calls?{query}"), BOB).await.body;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|call| call["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("disposition=complaint").await, ["1"]);
    for leg in [2, leg] {
        world.leg(leg, LegInput::Ended(engine::Cause::Normal));
    }
    world.kept.until_ended(1).await;
    assert_eq!(found("disposition=complaint&agent=1001").await, ["1"]);
    let long = json!({"disposition": "sale", "notes": "ä".repeat(2_000)});
    assert_eq!(told(&put(&world, "1", ANN, &long).await), (200, "sale"));
    assert_eq!(told(&put(&world, "1", SUE, &said("sale")).await), (200, "sale"));
    let last = world.get("/v1/domains/~/calls/1", BOB).await.body["disposition"].clone();
    assert_eq!((&last["by"], &last["notes"]), (&json!("Sue Elm"), &json!("")), "the last one is right");
    assert!(found("disposition=complaint").await.is_empty());
    assert_eq!(found("disposition=sale&queue=8000").await, ["1"]);
    let list = world.get("/v1/domains/~/calls", BOB).await.body;
    assert_eq!(list["items"][0]["disposition"], last);
    let rows = table(&world, "/v1/domains/~/calls?fields=id,disposition").await;
    let (header, row) = rows.split_once("\r\n").unwrap();
    let columns = "id,disposition.at,disposition.by,disposition.code,disposition.label,disposition.notes";
    assert_eq!(header, columns);
    assert!(row.ends_with(",Sue Elm,sale,The sale,\r\n"), "{row}");
}

#[tokio::test]
async fn an_agent_has_a_day_for_it_and_a_supervisor_as_long_as_the_record_is_there() {
    let world = world().await;
    world.make_ready("1001").await;
    let call = world.whole_call(2).await;
    let of_today = world.kept.call_fetch(ACME, CallId(call.parse().unwrap())).await.unwrap().unwrap();
    let now = world.clock.now();
    for (id, ago) in [(98, Duration::from_secs(23 * 3_600)), (99, Duration::from_secs(25 * 3_600))] {
        let mut record = (*of_today).clone();
        (record.call, record.ended_at) = (CallId(id), now.before(ago));
        world.kept.keep(ACME, Arc::new(record));
    }
    assert_eq!(told(&put(&world, "98", ANN, &said("sale")).await), (200, "sale"));
    let late = put(&world, "99", ANN, &said("sale")).await;
    assert_eq!(told(&late), (403, "forbidden"));
    assert!(late.1["detail"].as_str().unwrap().contains("until 24 hours after its end"), "{}", late.1);
    assert_eq!(told(&put(&world, "99", SUE, &said("sale")).await), (200, "sale"));

    // Beyond a supervisor's groups there is no such call.
    let rights = Role::Supervisor.rights();
    let supervises = Some(vec!["sales".to_owned()]);
    let kim = Identity {
        tenant: ACME,
        domain: "acme.test".into(),
        agent: Some(AgentId(6)),
        key: None,
        role: Role::Supervisor,
        rights,
        supervises,
        name: "Kim Box".into(),
        factor_due: false,
    };
    world.kept.grant_to(KIM, kim, Timestamp(i64::MAX));
    assert_eq!(told(&put(&world, "99", KIM, &said("sale")).await), (404, "unknown_call"));
}
