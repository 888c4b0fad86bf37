//! The real storage behind the interface.

use std::sync::Arc;
use std::time::Duration;

use api::storage::{Credentials as _, Storage as _, Stored, place_of};
use axum::body::Body;
use axum::http::Request;
use engine::{CallRecord, Cause, Counts, Decision, Direction, Short};
use model::{CallId, CallerId, QueueId, Role, Strategy, TenantId, Timestamp};
use store::{CallDisposition, CallFilter, Client, Part, RecordWriter, Secret, Store};

use crate::world::World;

const DOMAIN: &str = r#"
domain: acme.test
timezone: UTC
groups: [support]
agents:
  - {extension: "1001", name: Ann Ash, email: ann@acme.test, password: desk-password, groups: [support]}
"#;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const HOUR: Duration = Duration::from_secs(3_600);

struct Kept {
    stored: Stored,
    store: Store,
    writer: Arc<RecordWriter>,
    tenant: TenantId,
    _directory: tempfile::TempDir,
}

async fn world() -> Kept {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path()).await.unwrap();
    let plan = store.plan(store::provisioning::parse(DOMAIN, &[]).unwrap()).await.unwrap();
    store.apply(&plan, NOW).await.unwrap();
    store.set_owner("owner@acme.test", &Secret::new("owner-password")).await.unwrap();
    let writer = Arc::new(RecordWriter::start(store.clone()));
    let stored = Stored::new(store.clone(), writer.clone());
    let tenant = store.domains().await.unwrap()[0].id;
    Kept { stored, store, writer, tenant, _directory: directory }
}

fn record(call: u64, started_at: i64) -> Arc<CallRecord> {
    let decision = Decision {
        at: NOW,
        call: CallId(call),
        queue: QueueId(1),
        strategy: Strategy::Linear,
        position: 1,
        needs: Vec::new(),
        candidates: Short::new(),
        candidate_count: 0,
        excluded: Vec::new(),
        excluded_counts: Counts::default(),
        winners: Short::new(),
        picked_up: None,
        left: None,
    };
    Arc::new(CallRecord {
        call: CallId(call),
        direction: Direction::Inbound,
        caller: CallerId::new("+4930", "Carl"),
        dialed: "8000".into(),
        started_at: Timestamp::from_secs(started_at),
        answered_at: None,
        ended_at: NOW,
        cause: Cause::Normal,
        queues: Vec::new(),
        legs: Vec::new(),
        recordings: Vec::new(),
        decisions: vec![Arc::new(decision)],
    })
}

#[tokio::test]
async fn agents_and_the_owner_log_in_and_their_tokens_hold() {
    let world = world().await;
    for (email, password, role, is_agent) in [
        ("ann@acme.test", "desk-password", Role::Agent, true),
        ("owner@acme.test", "owner-password", Role::Owner, false),
    ] {
        assert_eq!(world.stored.login(email, "wrong").await, Ok(None));
        let identity = world.stored.login(email, password).await.unwrap().unwrap();
        assert_eq!((identity.role.clone(), identity.domain.as_str()), (role, "acme.test"));
        assert_eq!((identity.agent.is_some(), identity.tenant), (is_agent, world.tenant));
        let made = world.stored.token_create(&identity, &Client::default(), NOW, HOUR).await.unwrap();
        assert_eq!(made.expires_at, NOW.after(HOUR));
        let grant = world.stored.token_verify(&made.token, None, NOW).await.unwrap().unwrap();
        assert_eq!((grant.identity, grant.expires_at), (identity, Some(made.expires_at)));
        assert_eq!(world.stored.token_verify(&made.token, None, made.expires_at).await, Ok(None));
        world.stored.token_end(&made.token).await.unwrap();
        assert_eq!(world.stored.token_verify(&made.token, None, NOW).await, Ok(None));
    }
}

#[tokio::test]
async fn a_record_is_found_before_and_after_it_is_written_with_its_decisions() {
    let world = world().await;
    world.writer.push(world.tenant, 1, record(1, 100));
    let find = async || world.stored.call_fetch(world.tenant, CallId(1)).await.unwrap().unwrap();
    assert_eq!(find().await.decisions.len(), 1);
    world.writer.flush().await;
    assert_eq!(find().await.decisions.len(), 1);
    assert_eq!(world.stored.call_fetch(TenantId(99), CallId(1)).await, Ok(None));
}

#[tokio::test]
async fn records_are_listed_newest_first_after_a_cursor_of_ours() {
    let world = world().await;
    let records: Vec<_> =
        [(1, 100), (2, 300), (3, 300), (4, 200)].map(|(id, at)| (world.tenant, record(id, at))).into();
    world.store.append_calls(&records).await.unwrap();
    let list = async |part: Part, after| {
        let found =
            world.stored.call_list(world.tenant, &CallFilter::default(), part.behind(after)).await.unwrap();
        found.iter().map(|record| record.call.0).collect::<Vec<_>>()
    };
    // One that is not written yet is among them.
    world.writer.push(world.tenant, 1, record(5, 250));
    let at = |seconds, call| Some(place_of(Timestamp::from_secs(seconds), CallId(call)));
    let newest = Part::newest(2);
    assert_eq!(list(newest, None).await, [3, 2]);
    assert_eq!(list(newest, at(300, 2)).await, [5, 4]);
    let oldest = Part { oldest_first: true, ..newest };
    assert_eq!(list(oldest, None).await, [1, 4]);
    assert_eq!(list(oldest, at(200, 4)).await, [5, 2]);
}

#[tokio::test]
async fn a_table_of_calls_has_all_of_them_however_many_are_read_at_once() {
    let world = world().await;
    let calls = u64::from(store::PAGE_MAX) * 2 + 10;
    let records: Vec<_> = (1..=calls).map(|id| (world.tenant, record(id, 100))).collect();
    world.store.append_calls(&records).await.unwrap();
    let http = World::over(Arc::new(Stored::new(world.store.clone(), world.writer.clone()))).await;
    let login = r#"{"email":"owner@acme.test","password":"owner-password"}"#;
    let token = http.post("/v1/auth/login", "", login).await.body["token"].as_str().unwrap().to_owned();
    let request = Request::get("/v1/domains/~/calls?fields=id")
        .header("authorization", format!("Bearer {token}"))
        .header("accept", "text/csv");
    let table = http.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((table.status, table.header("link")), (200, ""), "{}", table.text);
    let ids: std::collections::BTreeSet<&str> = table.text.lines().skip(1).collect();
    assert_eq!(ids.len() as u64, calls);
}

#[tokio::test]
async fn a_call_is_found_by_what_was_said_of_it_before_and_after_its_record_is_written() {
    let world = world().await;
    let said = CallDisposition { code: "sale".into(), notes: String::new(), by: "Ann Ash".into(), at: NOW };
    for call in [1, 3] {
        let place = (CallId(call), Timestamp::from_secs(100));
        world.stored.dispose(world.tenant, place, &said).await.unwrap();
    }
    for call in [1, 2] {
        world.writer.push(world.tenant, call, record(call, 100));
    }
    let filter = CallFilter { disposition: Some("sale".into()), ..CallFilter::default() };
    let find = async || {
        let found = world.stored.call_list(world.tenant, &filter, Part::newest(10)).await.unwrap();
        found.iter().map(|record| record.call.0).collect::<Vec<_>>()
    };
    assert_eq!(find().await, [1]);
    world.writer.flush().await;
    assert_eq!(find().await, [1]);
    let calls = [1, 2, 3].map(CallId);
    let known = world.stored.dispositions(world.tenant, &calls).await.unwrap();
    assert_eq!(known.into_keys().collect::<Vec<_>>(), [CallId(1), CallId(3)]);
}
