//! Supervisors of some groups, and roles of a domain's own: what is beyond them is not there.

use std::sync::Arc;
use std::time::Duration;

use api::ApiLimits;
use axum::http::Method;
use engine::{Cause, Input, LegInput};
use model::{CustomRole, Directory, Right, Role, Supervises, Timestamp};
use serde_json::{Value, json};

use crate::live::{Client, listening};
use crate::world::{ACME, ANN, SUE, World, acme, identity};

/// Sue, confined to a group.
const LEAD: &str = "token-of-a-lead";

/// acme.test with Bob, 8001 and whoever waits there of group sales; Ann, Eve and 8000 of support. Bob serves 8000 too
/// unless `apart`. Sue supervises `groups`.
pub(crate) fn confined(groups: &[&str], apart: bool) -> Directory {
    let mut directory = acme();
    for agent in directory.agents.values_mut() {
        agent.groups = vec![match agent.name.as_str() {
            "Bob Oak" => "sales".to_owned(),
            "Sue Elm" => "office".to_owned(),
            _ => "support".to_owned(),
        }];
        if agent.name == "Sue Elm" {
            agent.supervises = Some(groups.iter().map(|&group| group.to_owned()).collect());
        }
    }
    if apart {
        directory.memberships.retain(|(queue, agent), _| (queue.0, agent.0) != (1, 2));
    }
    directory
}

async fn confine(world: &World, groups: &[&str], apart: bool) {
    let mut lead = identity("sue").unwrap();
    lead.supervises = Some(groups.iter().map(|&group| group.to_owned()).collect());
    world.kept.grant_to(LEAD, lead, Timestamp(i64::MAX));
    world.switch.directory(Arc::new(confined(groups, apart))).await.unwrap();
}

fn keys(list: &Value, key: &str) -> String {
    let items = list["items"].as_array().unwrap_or_else(|| panic!("{list:#}"));
    let texts: Vec<&str> = items.iter().filter_map(|item| item[key].as_str()).collect();
    texts.join(" ")
}

#[tokio::test]
async fn she_sees_the_agents_of_her_groups_herself_and_their_queues() {
    let world = World::new().await;
    confine(&world, &["sales"], true).await;
    let get = async |path: &str, token| world.get(&format!("/v1/domains/~/{path}"), token).await;
    assert_eq!(keys(&get("agents", LEAD).await.body, "extension"), "1002 1003");
    assert_eq!(keys(&get("queues", LEAD).await.body, "number"), "8001");
    assert_eq!(keys(&get("mailboxes", LEAD).await.body, "number"), "1002");
    assert_eq!(keys(&get("agents", ANN).await.body, "extension"), "1001 1002 1003");
    for (path, problem) in [
        ("agents/1001", "unknown_agent"),
        ("agents/1001/reach", "unknown_agent"),
        ("agents/1001/why-no-call", "unknown_agent"),
        ("queues/8000", "unknown_queue"),
        ("queues/8000/waiting", "unknown_queue"),
        ("queues/8000/statistics", "unknown_queue"),
        ("queues/8000/waiting/7/why", "unknown_queue"),
        ("mailboxes/1001/messages", "unknown_mailbox"),
        ("mailboxes/8000/messages", "unknown_mailbox"),
    ] {
        let answer = get(path, LEAD).await;
        assert_eq!((answer.status, answer.problem()), (404, problem), "{path}");
        // As if it were not there at all: the words are the same.
        let nowhere = get(&path.replace("1001", "9999").replace("8000", "9999"), LEAD).await;
        assert_eq!(
            answer.body["detail"].as_str().map(|text| text.replace("1001", "9999").replace("8000", "9999")),
            nowhere.body["detail"].as_str().map(str::to_owned),
            "{path}"
        );
        assert_eq!(nowhere.problem(), problem);
    }
    assert_eq!(get("agents/1002", LEAD).await.status, 200);
    assert_eq!(get("queues/8001/statistics", LEAD).await.status, 200);
    let me = world.get("/v1/auth/me", LEAD).await.body;
    assert_eq!((&me["role"], &me["supervises"]), (&json!("supervisor"), &json!(["sales"])));
}

#[tokio::test]
async fn what_she_does_to_others_is_done_to_nobody() {
    let world = World::new().await;
    confine(&world, &["sales"], true).await;
    world.make_ready("1001").await;
    world.arrives(2);
    let call = keys(&world.get("/v1/domains/~/calls", SUE).await.body, "id");
    let seq = world.switch.snapshot(ACME).await.unwrap().seq;
    for (method, path, body, problem) in [
        (Method::POST, "agents/1001/not-ready", "{}".to_owned(), "unknown_agent"),
        (Method::POST, "agents/1002/login", r#"{"queue":"8000"}"#.to_owned(), "unknown_queue"),
        (Method::PATCH, "agents/1001/reach", r#"{"dnd":true}"#.to_owned(), "unknown_agent"),
        (Method::POST, "agents/1001/calls", r#"{"to":"1002"}"#.to_owned(), "unknown_agent"),
        (Method::POST, &format!("queues/8000/waiting/{call}/pickup"), "{}".to_owned(), "unknown_queue"),
        (
            Method::POST,
            &format!("queues/8001/waiting/{call}/pickup"),
            r#"{"agent":"1001"}"#.into(),
            "unknown_agent",
        ),
        (Method::PUT, "queues/8000/night-mode", r#"{"on":true}"#.to_owned(), "unknown_queue"),
        (Method::PUT, "night-mode", r#"{"on":true}"#.to_owned(), "forbidden"),
        (Method::DELETE, &format!("calls/{call}"), String::new(), "unknown_call"),
        (Method::GET, &format!("calls/{call}"), String::new(), "unknown_call"),
        (Method::GET, &format!("calls/{call}/why"), String::new(), "unknown_call"),
        (Method::POST, &format!("calls/{call}/hold"), "{}".to_owned(), "unknown_call"),
        (Method::POST, &format!("calls/{call}/transfer"), r#"{"to":"8001"}"#.to_owned(), "unknown_call"),
    ] {
        let answer = world.ask(method, &format!("/v1/domains/~/{path}"), LEAD, &body).await;
        assert_eq!(answer.problem(), problem, "{path}: {}", answer.text);
    }
    assert_eq!(world.switch.snapshot(ACME).await.unwrap().seq, seq, "nothing happened");
    let hers = world.ask(Method::PUT, "/v1/domains/~/queues/8001/night-mode", LEAD, r#"{"on":true}"#).await;
    assert_eq!(hers.status, 200, "{}", hers.text);
    world.registered("1002", true);
    let hers = world.post("/v1/domains/~/agents/1002/login", LEAD, r#"{"queue":"8001"}"#).await;
    assert_eq!(hers.status, 200, "{}", hers.text);
}

#[tokio::test]
async fn calls_live_and_ended_are_hers_by_their_queues_and_agents() {
    let world = World::new().await;
    confine(&world, &["sales"], true).await;
    world.make_ready("1001").await;
    let call = world.whole_call(2).await;
    let get = async |path: &str, token| world.get(&format!("/v1/domains/~/{path}"), token).await;
    let own = format!("calls/{call}");
    assert_eq!(keys(&get("calls", LEAD).await.body, "id"), "");
    assert_eq!(get(&own, LEAD).await.problem(), "unknown_call");
    assert_eq!(get(&format!("{own}/why"), LEAD).await.problem(), "unknown_call");
    // Who is over is not told apart from who never was.
    let gone = world.ask(Method::DELETE, &format!("/v1/domains/~/{own}"), LEAD, "").await;
    assert_eq!(gone.problem(), "unknown_call");
    confine(&world, &["support"], true).await;
    assert_eq!(keys(&get("calls", LEAD).await.body, "id"), call);
    assert_eq!(get(&own, LEAD).await.body["agent"], "1001");
    assert_eq!(get(&format!("{own}/why"), LEAD).await.status, 200);
    let gone = world.ask(Method::DELETE, &format!("/v1/domains/~/{own}"), LEAD, "").await;
    assert_eq!(gone.problem(), "call_over");
    // A queue that any agent of hers serves is hers, with all who call there.
    confine(&world, &["sales"], false).await;
    assert_eq!(get(&own, LEAD).await.body["agent"], "1001", "who else is on it is named");
}

#[tokio::test]
async fn doors_show_no_more_than_the_front() {
    let world = World::new().await;
    confine(&world, &["sales"], true).await;
    let text = async |path: &str| world.get(path, LEAD).await.text;
    for path in [
        "/ns-api/v2/domains/~/callqueues",
        "/ns-api/v2/domains/~/statistics/callqueues",
        "/ns-api/v2/domains/~/statistics/agent",
        "/api/call_queues",
        "/api/v1/voip/queues.getSummary",
    ] {
        let (hers, all) = (text(path).await, world.get(path, SUE).await.text);
        assert!(hers.contains("8001") && !hers.contains("8000") && !hers.contains("1001"), "{path}: {hers}");
        assert!(all.contains("8000"), "{path}: {all}");
    }
    for path in [
        "/ns-api/v2/domains/~/callqueues/8000",
        "/ns-api/v2/domains/~/callqueues/8000/agents",
        "/ns-api/v2/domains/~/statistics/agent/1001@acme.test",
        "/api/call_queues/1",
        "/api/call_queues/1/agents",
        "/api/v1/voip/queues.getMembershipSubscription?extension=1001",
    ] {
        assert_eq!(world.get(path, LEAD).await.status, 404, "{path}");
        assert_eq!(world.get(path, SUE).await.status, 200, "{path}");
    }
    let login = "/ns-api/v2/domains/~/callqueues/all/agents/1001/login";
    assert_eq!(world.ask(Method::PATCH, login, LEAD, "").await.status, 404);
}

/// Reads until the switch has nothing more to say; the types of what came.
async fn caught_up(client: &mut Client, world: &World) -> Vec<String> {
    let seq = world.switch.snapshot(ACME).await.unwrap().seq;
    let mut told = Vec::new();
    while client.seq < seq {
        told.push(client.read().await["type"].as_str().unwrap().to_owned());
    }
    told
}

#[tokio::test]
async fn her_part_of_the_events_folds_and_has_nothing_of_the_rest() {
    let limits = ApiLimits { ping_interval: Duration::from_millis(20), ..ApiLimits::default() };
    let (world, address) = listening(limits).await;
    confine(&world, &["sales"], true).await;
    let query = "?topics=domain,agents,queues,calls,mailboxes";
    let mut lead = Client::of_part(address, LEAD, query).await;
    let names = |client: &Client, list: &str| {
        client.state[list].as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!((names(&lead, "agents"), names(&lead, "queues")), ("1002 1003".into(), "8001".into()));
    world.make_ready("1001").await;
    world.arrives(2);
    let ringing = world.ringing_leg("1001").await;
    world.leg(ringing, LegInput::Answered);
    world.leg(2, LegInput::Ended(Cause::Normal));
    world.leg(ringing, LegInput::Ended(Cause::Normal));
    let told = caught_up(&mut lead, &world).await;
    assert!(told.iter().all(|kind| kind == "progress"), "{told:?}");
    // A call of hers, with all that happens to it.
    world.registered("1002", true);
    for verb in ["login", "ready"] {
        let path = format!("/v1/domains/~/agents/1002/{verb}");
        assert_eq!(world.post(&path, LEAD, r#"{"queue":"8001"}"#).await.status, 200);
    }
    world.calls_inside(4, "1003", "8001");
    let told = caught_up(&mut lead, &world).await;
    for kind in ["agent_changed", "call_queued", "decided", "offer_made"] {
        assert!(told.iter().any(|told| told == kind), "{kind} in {told:?}");
    }
    assert_eq!(names(&lead, "calls").split(' ').count(), 1);
    assert_eq!(Client::of_part(address, LEAD, query).await.state, lead.state);
}

#[tokio::test]
async fn another_group_or_a_lost_right_is_felt_on_an_open_socket_at_once() {
    let (world, address) = listening(ApiLimits::default()).await;
    confine(&world, &["sales"], true).await;
    let mut lead = Client::new(address, LEAD).await;
    world.input(Input::Directory(Arc::new(confined(&["support"], true))));
    let message = lead.read().await;
    assert_eq!((&message["type"], &message["whole"]), (&json!("directory_changed"), &json!(true)));
    let queues: Vec<_> = lead.state["queues"].as_object().unwrap().keys().collect();
    assert_eq!(queues, ["8000"]);
    // A role that may see nothing ends what is open, long before anybody looks at the log-in again.
    let mut blind = confined(&["support"], true);
    let rights = [Right::AgentState].into_iter().collect();
    let role = CustomRole { name: "blind".into(), rights, supervises: Supervises::Domain };
    blind.roles.insert("blind".into(), role);
    blind.agents.values_mut().filter(|agent| agent.name == "Sue Elm").for_each(|agent| {
        agent.role = Role::Custom("blind".into());
    });
    world.input(Input::Directory(Arc::new(blind)));
    assert_eq!(lead.close_code().await, 1008);
}

#[tokio::test]
async fn who_is_provisioned_no_more_is_told_nothing_more() {
    let (world, address) = listening(ApiLimits::default()).await;
    let mut sue = Client::new(address, SUE).await;
    let mut without = acme();
    without.agents.retain(|_, agent| agent.name != "Sue Elm");
    world.input(Input::Directory(Arc::new(without)));
    assert_eq!(sue.close_code().await, 1008);
}

#[tokio::test]
async fn pages_of_her_calls_lead_past_those_of_others() {
    let world = World::new().await;
    confine(&world, &["support"], true).await;
    world.make_ready("1001").await;
    let ours: Vec<String> = {
        let mut calls = Vec::new();
        for (index, leg) in [2, 12, 22].into_iter().enumerate() {
            // One of others: Bob, of sales, calls his own queue and gives up.
            world.calls_inside(leg, "1002", "8001");
            world.leg(leg, LegInput::Ended(Cause::Normal));
            world.kept.until_ended(2 * index + 1).await;
            let ready = world.post("/v1/domains/~/agents/1001/ready", LEAD, r#"{"queue":"8000"}"#).await;
            assert_eq!(ready.status, 200, "{}", ready.text);
            calls.push(world.whole_call(leg + 4).await);
        }
        calls
    };
    let mut found = Vec::new();
    let mut path = "/v1/domains/~/calls?limit=1".to_owned();
    loop {
        let page = world.get(&path, LEAD).await.body;
        found.push(keys(&page, "id"));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/domains/~/calls?limit=1&cursor={next}");
    }
    assert_eq!(found, ours.into_iter().rev().collect::<Vec<_>>());
    let all = world.get("/v1/domains/~/calls", SUE).await.body;
    assert_eq!(all["items"].as_array().unwrap().len(), 6, "hers and those of others");
}
