//! The door for programs of Rocket.Chat's voice channel: its requests, answered in its words.

use std::sync::Arc;

use api::provisioning::Source;
use axum::body::Body;
use axum::http::{Method, Request};
use engine::Input;
use expect_test::expect;
use model::{AgentId, Directory, Extension, ExtensionNumber, Membership, QueueId};
use serde_json::{Value, json};
use store::provisioning::{Change, Edit, Object};

use crate::world::{ADA, ANN, Answer, SUE, World, acme};

const ASSOCIATION: &str = "/api/v1/omnichannel/agent/extension";

/// acme.test, with two phones that are nobody's.
async fn world() -> World {
    let world = World::new().await;
    let mut directory = acme();
    for text in ["1090", "1091"] {
        let number = ExtensionNumber::parse(text).unwrap();
        let (display_name, ring_timeout) = (text.into(), Extension::RING_TIMEOUT_DEFAULT);
        let free = Extension { number: number.clone(), agent: None, display_name, dnd: false, ring_timeout };
        directory.extensions.insert(number, free);
    }
    // Without a phone nobody can be a member.
    directory.memberships.remove(&(QueueId(1), AgentId(4)));
    directory.insert_membership(Membership::new(QueueId(2), AgentId(1)));
    take_over(&world, directory).await;
    world
}

async fn take_over(world: &World, directory: Directory) {
    world.input(Input::Directory(Arc::new(directory)));
    // Answered after what came before it.
    world.switch.snapshot(crate::world::ACME).await.unwrap();
}

fn ordered(world: &World) -> Vec<Edit> {
    let orders = world.applier.orders.lock().unwrap();
    match &orders.last().expect("nothing was ordered").source {
        Source::Edits { edits, .. } => edits.clone(),
        other => panic!("{other:?}"),
    }
}

fn edit(object: Object, change: Change) -> Edit {
    Edit { object, change, expected: None }
}

async fn associate(world: &World, body: Value) -> Answer {
    world.post(ASSOCIATION, ADA, &body.to_string()).await
}

/// What a failure says, and its status.
fn failure(answer: &Answer) -> (u16, &str) {
    assert_eq!(answer.body["success"], false, "{}", answer.text);
    (answer.status, answer.body["error"].as_str().unwrap())
}

#[tokio::test]
async fn a_login_gives_a_token_that_goes_with_its_user() {
    let world = world().await;
    let body = json!({"user": "ann@acme.test", "password": "ann-password"});
    let answer = world.post("/api/v1/login", "", &body.to_string()).await;
    assert_eq!((answer.status, &answer.body["status"]), (200, &json!("success")), "{}", answer.text);
    let (user, token) = (&answer.body["data"]["userId"], &answer.body["data"]["authToken"]);
    assert_eq!(user, "1");
    let ask = |token: &str, user: Option<&str>| {
        let mut request =
            Request::builder().uri("/api/v1/voip/queues.getSummary").header("x-auth-token", token);
        if let Some(user) = user {
            request = request.header("x-user-id", user);
        }
        world.send(request.body(Body::empty()).unwrap())
    };
    let token = token.as_str().unwrap();
    assert_eq!(ask(token, user.as_str()).await.status, 200);
    for (token, user) in [(token, Some("2")), (token, None), ("none", Some("1")), ("", Some("1"))] {
        let refused = ask(token, user).await;
        assert_eq!((refused.status, &refused.body["status"]), (401, &json!("error")), "{token} {user:?}");
        assert_eq!(refused.body["message"], "You must be logged in to do this.");
    }
    // Both headers go everywhere; a bearer needs no user.
    let request = Request::builder().uri("/v1/domains/~/agents/1001").header("x-auth-token", token);
    let request = request.header("x-user-id", "1").body(Body::empty()).unwrap();
    assert_eq!(world.send(request).await.body["name"], "Ann Ash");
}

#[tokio::test]
async fn wrong_logins_are_counted_and_told_in_its_words() {
    let world = world().await;
    let wrong = json!({"user": "ann@acme.test", "password": "guess"}).to_string();
    let answer = world.post("/api/v1/login", "", &wrong).await;
    assert_eq!((answer.status, &answer.body["message"]), (401, &json!("Unauthorized")));
    assert_eq!(world.post("/api/v1/login", "", "{}").await.status, 401);
    let mut last = 0;
    for _ in 0..50 {
        last = world.post("/api/v1/login", "", &wrong).await.status;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429, "nobody was held up");
    // They are the same attempts as ours.
    let body = json!({"email": "ann@acme.test", "password": "ann-password"}).to_string();
    assert_eq!(world.post("/v1/auth/login", "", &body).await.status, 429);
}

#[tokio::test]
async fn an_agent_without_a_phone_is_given_a_free_one() {
    let world = world().await;
    let answer = associate(&world, json!({"username": "eve@acme.test", "extension": "1090"})).await;
    assert_eq!((answer.status, answer.body), (200, json!({"success": true})));
    let given = [
        edit(Object::Extension("1090".into()), Change::Remove),
        edit(Object::Agent("eve@acme.test".into()), Change::Patch(json!({"extension": "1090"}))),
    ];
    assert_eq!(ordered(&world), given);
    // By the part before the @, and by id.
    for body in [json!({"username": "Eve", "extension": "1090"}), json!({"userId": "4", "extension": "1090"})]
    {
        assert_eq!(associate(&world, body).await.status, 200);
        assert_eq!(ordered(&world), given);
    }
}

#[tokio::test]
async fn an_agent_who_had_one_takes_her_queues_along() {
    let world = world().await;
    let answer = associate(&world, json!({"username": "ann", "extension": "1090"})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let member = |queue: &str| Object::Member { queue: queue.into(), agent: "1001".into() };
    let moved = || Change::Patch(json!({"agent": "1090"}));
    let wanted = [
        edit(Object::Extension("1090".into()), Change::Remove),
        edit(Object::Agent("ann@acme.test".into()), Change::Patch(json!({"extension": "1090"}))),
        edit(member("8000"), moved()),
        edit(member("8001"), moved()),
        edit(Object::Extension("1001".into()), Change::Create(json!({}))),
    ];
    assert_eq!(ordered(&world), wanted);

    let orders = world.applier.orders.lock().unwrap().len();
    assert_eq!(associate(&world, json!({"username": "ann", "extension": "1001"})).await.status, 200);
    assert_eq!(world.applier.orders.lock().unwrap().len(), orders, "she has it: nothing is to be done");
}

#[tokio::test]
async fn an_extension_is_one_agents_only() {
    let world = world().await;
    let of = |username: &str, extension: &str| json!({"username": username, "extension": extension});
    let taken = associate(&world, of("eve", "1002")).await;
    assert_eq!(failure(&taken), (400, "extension already in use 1002"));
    for username in ["nobody", "nobody@acme.test", "gus@globex.test", ""] {
        let unknown = associate(&world, of(username, "1090")).await;
        let words = "User not found or does not have livechat-agent role";
        assert_eq!(failure(&unknown), (404, words), "{username}");
    }
    let body = json!({"userId": "11", "extension": "1090"});
    assert_eq!(associate(&world, body).await.status, 404, "another domain's agent");
    assert_eq!(associate(&world, json!({"extension": "1090"})).await.status, 400);
    assert_eq!(associate(&world, json!({"username": "eve"})).await.status, 400);
    for number in ["1999", "8000", "../x"] {
        assert_eq!(associate(&world, of("eve", number)).await.status, 404, "{number}");
    }
    assert!(world.applier.orders.lock().unwrap().is_empty());
    let forbidden = world.post(ASSOCIATION, SUE, &of("eve", "1090").to_string()).await;
    let words = "User does not have the permissions required for this action [error-unauthorized]";
    assert_eq!(failure(&forbidden), (403, words));
}

#[tokio::test]
async fn an_association_is_read_and_taken_away() {
    let world = world().await;
    let of = |name: &str| format!("{ASSOCIATION}/{name}");
    let ann = world.get(&of("ann"), ANN).await;
    assert_eq!(ann.body["extension"], json!({"_id": "1", "username": "ann@acme.test", "extension": "1001"}));
    assert_eq!(failure(&world.get(&of("eve"), ANN).await), (404, "Extension not found"));
    assert_eq!(failure(&world.get(&of("zoe"), ANN).await), (404, "User not found"));

    let gone = world.ask(Method::DELETE, &of("eve"), ADA, "").await;
    assert_eq!((gone.status, gone.body), (200, json!({"success": true})));
    assert!(world.applier.orders.lock().unwrap().is_empty(), "she had none");
    assert_eq!(world.ask(Method::DELETE, &of("ann%40acme.test"), ADA, "").await.status, 200);
    let member = |queue: &str| Object::Member { queue: queue.into(), agent: "1001".into() };
    let wanted = [
        edit(Object::Agent("ann@acme.test".into()), Change::Patch(json!({"extension": null}))),
        edit(member("8000"), Change::Remove),
        edit(member("8001"), Change::Remove),
        edit(Object::Extension("1001".into()), Change::Create(json!({}))),
    ];
    assert_eq!(ordered(&world), wanted);
    assert_eq!(world.ask(Method::DELETE, &of("zoe"), ADA, "").await.status, 404);
    assert_eq!(world.ask(Method::DELETE, &of("ann"), SUE, "").await.status, 403);
}

#[tokio::test]
async fn extensions_are_listed_free_allocated_or_available_to_her() {
    let world = world().await;
    let numbers = async |query: &str| {
        let answer = world.get(&format!("/api/v1/omnichannel/extension?{query}"), ADA).await;
        answer.body["extensions"].clone()
    };
    assert_eq!(numbers("type=free&username=eve").await, json!(["1090", "1091"]));
    assert_eq!(numbers("type=allocated&username=eve").await, json!(["1001", "1002", "1003"]));
    assert_eq!(numbers("type=available&username=eve").await, json!(["1090", "1091"]));
    assert_eq!(numbers("type=available&userId=2").await, json!(["1002", "1090", "1091"]));
    for query in ["", "type=free", "username=eve", "type=odd&username=eve"] {
        let answer = world.get(&format!("/api/v1/omnichannel/extension?{query}"), ADA).await;
        assert_eq!(failure(&answer).0, 400, "{query}");
    }
}

#[tokio::test]
async fn extensions_have_states_and_filters_and_pages() {
    let world = world().await;
    world.make_ready("1001").await;
    let rows = async |query: &str| {
        let answer = world.get(&format!("/api/v1/omnichannel/extensions?{query}"), ADA).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body
    };
    let all = rows("").await;
    expect![[r#"
        {
          "count": 10,
          "extensions": [
            {
              "extension": "1001",
              "name": "Ann Ash",
              "queues": [
                "8000",
                "8001"
              ],
              "state": "registered",
              "userId": "1",
              "username": "ann@acme.test"
            },
            {
              "extension": "1002",
              "name": "Bob Oak",
              "queues": [
                "8000",
                "8001"
              ],
              "state": "unregistered",
              "userId": "2",
              "username": "bob@acme.test"
            },
            {
              "extension": "1003",
              "name": "Sue Elm",
              "queues": [],
              "state": "unregistered",
              "userId": "3",
              "username": "sue@acme.test"
            },
            {
              "extension": "1090",
              "state": "unknown"
            },
            {
              "extension": "1091",
              "state": "unknown"
            }
          ],
          "offset": 0,
          "success": true,
          "total": 5
        }"#]]
    .assert_eq(&format!("{all:#}"));
    let numbers = async |query: &str| {
        let rows = rows(query).await;
        let found = rows["extensions"].as_array().unwrap().iter().map(|row| row["extension"].clone());
        (found.collect::<Vec<_>>(), rows["total"].clone())
    };
    let some =
        |list: &[&str], total: u64| (list.iter().map(|one| json!(one)).collect::<Vec<_>>(), json!(total));
    assert_eq!(numbers("status=registered").await, some(&["1001"], 1));
    assert_eq!(numbers("agentId=2").await, some(&["1002"], 1));
    assert_eq!(numbers("queues[]=8001&queues[]=9").await, some(&["1001", "1002"], 2));
    assert_eq!(numbers("extension=1091").await, some(&["1091"], 1));
    assert_eq!(numbers("count=2&offset=1").await, some(&["1002", "1003"], 5));
    assert_eq!(numbers("offset=9").await, some(&[], 5));
    world.arrives(2);
    world.ringing_leg("1001").await;
    assert_eq!(numbers("status=ringing").await, some(&["1001"], 1));
    let wrong = world.get("/api/v1/omnichannel/extensions?count=-1", ADA).await;
    assert_eq!(failure(&wrong).0, 400);
}

#[tokio::test]
async fn agents_without_a_phone_are_listed() {
    let world = world().await;
    let names = async |query: &str| {
        let answer = world.get(&format!("/api/v1/omnichannel/agents/available?{query}"), ADA).await;
        let rows = answer.body["agents"].as_array().unwrap().clone();
        rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("").await, ["Eve Fir"]);
    assert_eq!(names("includeExtension=1002").await, ["Bob Oak", "Eve Fir"]);
    assert_eq!(names("includeExtension=1002&text=OAK").await, ["Bob Oak"]);
    assert_eq!(names("count=1&offset=1&includeExtension=1002").await, ["Eve Fir"]);
}

#[tokio::test]
async fn queues_are_summed_up() {
    let world = world().await;
    world.make_ready("1001").await;
    world.arrives(2);
    world.arrives(4);
    let summary = world.get("/api/v1/voip/queues.getSummary", ANN).await.body;
    let mut first = summary["summary"][0].clone();
    first["logestholdtime"] = json!(0);
    assert_eq!(
        first,
        json!({"name": "8000", "loggedin": 1, "available": 0, "callers": 2, "holdtime": 0.0, "talktime": 0.0,
            "logestholdtime": 0})
    );
    let waiting = world.get("/api/v1/voip/queues.getQueuedCallsForThisExtension?extension=1001", ANN).await;
    assert_eq!(
        waiting.body,
        json!({"success": true, "extension": "1001", "queueCount": 2, "callWaitingCount": 2})
    );
    let of = "/api/v1/voip/queues.getMembershipSubscription?extension=";
    let queues = world.get(&format!("{of}1002"), ANN).await.body;
    assert_eq!((&queues["queues"][1]["name"], &queues["extension"]), (&json!("8001"), &json!("1002")));
    assert_eq!(world.get(&format!("{of}1090"), ANN).await.body["queues"], json!([]));
    assert_eq!(failure(&world.get(&format!("{of}1999"), ANN).await), (404, "Extension not found 1999"));
    assert_eq!(failure(&world.get(of, ANN).await), (400, "The 'extension' param is required"));
}

#[tokio::test]
async fn a_phone_is_told_where_to_register_and_never_its_secret() {
    let world = world().await;
    let list = world.get("/api/v1/connector.extension.list", ADA).await.body;
    assert_eq!(list["extensions"].as_array().unwrap().len(), 5);
    let details = world.get("/api/v1/connector.extension.getDetails?extension=1090", ADA).await.body;
    assert_eq!((&details["name"], &details["password"]), (&json!("1090"), &json!("")));
    let by_number = "/api/v1/connector.extension.getRegistrationInfoByExtension?extension=1001";
    let info = world.get(by_number, ADA).await.body;
    assert_eq!(info["extensionDetails"]["extension"], "1001");
    assert_eq!((&info["host"], &info["extensionDetails"]["password"]), (&json!("acme.test"), &json!("")));
    let own = "/api/v1/connector.extension.getRegistrationInfoByUserId?id=";
    assert_eq!(world.get(&format!("{own}1"), ANN).await.body, info);
    assert_eq!(failure(&world.get(&format!("{own}2"), ANN).await), (403, "unauthorized"));
    assert_eq!(failure(&world.get(&format!("{own}5"), ADA).await), (404, "Extension not found"));
    assert_eq!(failure(&world.get(by_number, SUE).await).0, 403);
}

#[tokio::test]
async fn the_connections_it_asks_for_are_this_server_itself() {
    let world = world().await;
    let management = "/api/v1/voip/managementServer/checkConnection";
    let whole = format!("{management}?host=192.0.2.1&port=5038&username=a&password=b");
    assert_eq!(world.get(&whole, ADA).await.body, json!({"success": true, "status": "connected"}));
    assert_eq!(failure(&world.get(&format!("{management}?host=a"), ADA).await).0, 400);
    let call_server = "/api/v1/voip/callServer/checkConnection";
    for query in ["websocketUrl=wss://a/b", "host=a&port=443&path=b"] {
        assert_eq!(world.get(&format!("{call_server}?{query}"), ADA).await.status, 200);
    }
    let wrong = world.get(&format!("{call_server}?host=a"), ADA).await;
    assert_eq!(failure(&wrong), (400, "Incorrect / Insufficient Parameters"));
}
