//! Lists: sorted, searched, in pages, with some of their fields, and as tables; and what nobody should ask of them.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use engine::{Arrival, Input, LegInput, Origin};
use model::{CallerId, LegId, TrunkId};
use serde_json::{Value, json};

use crate::world::{ADA, Answer, NUMBER, SUE, World};

const AGENTS: &str = "/v1/domains/~/agents";
const CALLS: &str = "/v1/domains/~/calls";

/// One field of each item.
fn column(answer: &Answer, name: &str) -> Vec<Value> {
    answer.body["items"].as_array().unwrap().iter().map(|item| item[name].clone()).collect()
}

async fn table(world: &World, path: &str) -> Answer {
    let request =
        Request::get(path).header("authorization", format!("Bearer {ADA}")).header("accept", "text/csv");
    world.send(request.body(Body::empty()).unwrap()).await
}

/// The whole of a list by its pages.
async fn paged(world: &World, path: &str, name: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.get(&format!("{path}&cursor={cursor}"), ADA).await;
        assert_eq!(page.status, 200, "{}", page.text);
        all.extend(column(&page, name));
        let Some(next) = page.body["next"].as_str() else { return all };
        cursor = next.to_owned();
        assert!(all.len() < 100, "{path} never ends");
    }
}

#[tokio::test]
async fn a_list_is_sorted_either_way_and_what_is_missing_is_last() {
    let world = World::new().await;
    let by =
        async |sort: &str, name: &str| column(&world.get(&format!("{AGENTS}?sort={sort}"), SUE).await, name);
    let usual = column(&world.get(AGENTS, SUE).await, "extension");
    assert_eq!(usual, [json!("1001"), json!("1002"), json!("1003"), Value::Null]);
    assert_eq!(by("name", "name").await, ["Ann Ash", "Bob Oak", "Eve Fir", "Sue Elm"]);
    assert_eq!(by("-name", "name").await, ["Sue Elm", "Eve Fir", "Bob Oak", "Ann Ash"]);
    assert_eq!(
        by("-extension", "extension").await,
        [Value::Null, json!("1003"), json!("1002"), json!("1001")]
    );
}

#[tokio::test]
async fn pages_of_any_order_are_the_list_without_gap_or_repeat() {
    let world = World::new().await;
    for sort in ["extension", "-extension", "name", "-name", "state", "-state", "state_since"] {
        let whole = column(&world.get(&format!("{AGENTS}?sort={sort}"), ADA).await, "id");
        for limit in [1, 2, 3] {
            let pages = paged(&world, &format!("{AGENTS}?sort={sort}&limit={limit}"), "id").await;
            assert_eq!(pages, whole, "{sort} by {limit}");
        }
    }
    for leg in 2..7 {
        world.arrives(leg);
    }
    let whole = column(&world.get(CALLS, ADA).await, "id");
    assert_eq!(whole, ["5", "4", "3", "2", "1"]);
    assert_eq!(paged(&world, &format!("{CALLS}?limit=2"), "id").await, whole);
    let oldest = paged(&world, &format!("{CALLS}?sort=started_at&limit=2"), "id").await;
    assert_eq!(oldest, ["1", "2", "3", "4", "5"]);
    let queues = "/v1/domains/~/provisioning/queues";
    assert_eq!(
        paged(&world, &format!("{queues}?sort=-name&limit=1"), "name").await,
        ["Support", "Service", "Sales"]
    );
    assert_eq!(paged(&world, &format!("{queues}?limit=1"), "number").await, ["8000", "8001", "8002"]);
}

#[tokio::test]
async fn a_text_is_looked_for_and_only_the_fields_that_are_wanted_are_given() {
    let world = World::new().await;
    let found = world.get(&format!("{AGENTS}?q=OAK&fields=name,extension"), SUE).await;
    assert_eq!(found.body, json!({"items": [{"extension": "1002", "name": "Bob Oak"}], "next": null}));
    assert_eq!(found.header("content-type"), "application/vnd.cordboard.partial+json");
    let each = world.get(&format!("{AGENTS}?q=OAK&fields=name&fields=extension"), SUE).await;
    assert_eq!(each.body, found.body, "as some clients write a list");
    let none = world.get(&format!("{AGENTS}?q=%25"), SUE).await;
    assert_eq!(none.body["items"], json!([]));
    world.arrives(2);
    let waiting = "/v1/domains/~/queues/8000/waiting";
    let found = world.get(&format!("{waiting}?q=carl&fields=position"), SUE).await;
    assert_eq!(found.body["items"], json!([{"position": 1}]));
    let entries = world.get("/v1/domains/~/provisioning/queues?fields=name&q=8001", ADA).await;
    assert_eq!(entries.body["items"], json!([{"name": "Sales"}]));
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused_in_words() {
    let world = World::new().await;
    let many = vec!["name"; 10_000].join(",");
    let long = "a".repeat(101);
    for (query, problem, words) in [
        (
            "sort=name;drop%20table%20agents",
            "invalid_parameter",
            "`sort` is `name;drop table agents`; it can be extension",
        ),
        ("sort=email", "invalid_parameter", "-state_since"),
        ("sort=--name", "invalid_parameter", "`sort`"),
        ("sort=-", "invalid_parameter", "`sort`"),
        ("sort=name&sort=name", "invalid_parameter", "`sort` is there twice"),
        ("fields=name,password", "unknown_field", "`password`; there are id, extension, name"),
        ("fields=,", "unknown_field", "``"),
        (&format!("fields={many}"), "unknown_field", "over 64 fields"),
        (&format!("q={long}"), "invalid_parameter", "100 characters"),
        ("limit=0", "invalid_parameter", "1 to 1000"),
        ("limit=1001", "invalid_parameter", "1 to 1000"),
        ("limit=x", "invalid_parameter", "limit"),
        ("cursor=xyz", "strange_cursor", "not one that this list gave out"),
        ("colour=red", "invalid_parameter", "this list takes sort, fields, q, cursor, limit"),
        ("%73ort=name", "invalid_parameter", "this list takes"),
    ] {
        let answer = world.get(&format!("{AGENTS}?{query}"), SUE).await;
        assert_eq!(answer.problem(), problem, "{query}: {}", answer.text);
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains(words) && detail.len() < 500, "{query}: {detail}");
    }
    let none = world.get(&format!("{CALLS}?q=x"), SUE).await;
    assert_eq!(none.problem(), "invalid_parameter", "calls are found otherwise");
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_and_order_only() {
    let world = World::new().await;
    let cursor = async |path: &str| world.get(path, ADA).await.body["next"].as_str().unwrap().to_owned();
    let by_name = cursor(&format!("{AGENTS}?sort=name&limit=1")).await;
    let of_queues = cursor("/v1/domains/~/queues?limit=1").await;
    for leg in 2..4 {
        world.arrives(leg);
    }
    let of_calls = cursor(&format!("{CALLS}?limit=1")).await;
    let of_audit = cursor("/v1/domains/~/audit?limit=1").await;
    for (path, cursor, words) in [
        (format!("{AGENTS}?sort=-name"), &by_name, "another order"),
        (AGENTS.to_owned() + "?", &by_name, "another order"),
        (AGENTS.to_owned() + "?", &of_queues, "not one that this list gave out"),
        (CALLS.to_owned() + "?", &of_audit, "not one that this list gave out"),
        ("/v1/domains/~/audit?".to_owned(), &of_calls, "not one that this list gave out"),
        (format!("{CALLS}?sort=started_at"), &of_calls, "another order"),
    ] {
        let answer = world.get(&format!("{path}&cursor={cursor}"), ADA).await;
        assert_eq!(answer.problem(), "strange_cursor", "{path}");
        assert!(answer.text.contains(words), "{path}: {}", answer.text);
    }
    let good = world.get(&format!("{AGENTS}?sort=name&limit=1&cursor={by_name}"), ADA).await;
    assert_eq!(column(&good, "name"), ["Bob Oak"]);
}

#[tokio::test]
async fn a_table_is_the_list_with_a_header_row() {
    let world = World::new().await;
    let answer = table(&world, "/v1/domains/~/agents?fields=extension,name,dnd&sort=name").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"agents.csv\"");
    assert_eq!(
        answer.text,
        "extension,name,dnd\r\n1001,Ann Ash,false\r\n1002,Bob Oak,false\r\n,Eve Fir,false\r\n1003,Sue Elm,false\r\n"
    );
    let first = table(&world, "/v1/domains/~/agents?fields=name&sort=name&limit=3").await;
    let link = first.header("link").strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
    assert_eq!(table(&world, link).await.text, "name\r\nSue Elm\r\n");
    assert_eq!(table(&world, link).await.header("link"), "");
    // Whoever can read both is given JSON.
    let request = Request::get(AGENTS).header("authorization", format!("Bearer {SUE}"));
    let both = request.header("accept", "text/csv, application/json;q=0.9").body(Body::empty()).unwrap();
    assert!(world.send(both).await.body["items"].is_array());
}

#[tokio::test]
async fn no_table_runs_what_a_caller_calls_himself() {
    let world = World::new().await;
    let names = ["=cmd|' /C calc'!A0", "@SUM(1)", "-1+1", "x;=1+1", "a\",\"=1\"", "＝1+1"];
    for (leg, name) in (2..).zip(names) {
        let arrival = Arrival {
            origin: Origin::Trunk(TrunkId(1)),
            dialed: NUMBER.into(),
            caller: CallerId::new("+491700000002", name),
            max_forwards: 70,
        };
        world.input(Input::Leg(LegId(leg), LegInput::Arrived(arrival)));
    }
    let answer = table(&world, &format!("{CALLS}?fields=id,caller&sort=started_at")).await;
    assert_eq!(
        answer.text,
        "id,caller.name,caller.number\r\n\
         1,'=cmd|' /C calc'!A0,'+491700000002\r\n\
         2,'@SUM(1),'+491700000002\r\n\
         3,'-1+1,'+491700000002\r\n\
         4,x;'=1+1,'+491700000002\r\n\
         5,\"a\"\",\"\"=1\"\"\",'+491700000002\r\n\
         6,'＝1+1,'+491700000002\r\n"
    );
    // The same in every column of every row of the whole list.
    let whole = table(&world, CALLS).await.text;
    let mut reader = csv::ReaderBuilder::new().from_reader(whole.as_bytes());
    for row in reader.records() {
        for cell in row.unwrap().iter() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']), "{cell}");
        }
    }
}

#[tokio::test]
async fn calls_are_found_by_queue_agent_caller_outcome_and_time() {
    let world = World::new().await;
    world.make_ready("1001").await;
    // One that Ann answered, and three that wait.
    world.whole_call(2).await;
    for leg in 12..15 {
        world.arrives(leg);
    }
    let ids = async |query: &str| {
        let answer = world.get(&format!("{CALLS}?sort=started_at&{query}"), SUE).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        column(&answer, "id").iter().map(|id| id.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    for (query, found) in [
        ("queue=8000", "1 2 3 4"),
        ("queue=8001", ""),
        ("queue=8000&outcome=answered", "1"),
        ("queue=8000&outcome=abandoned", ""),
        ("agent=1001&queue=8000&outcome=answered", "1"),
        ("agent=1002", ""),
        ("caller=%2B491700000002", "1"),
        ("caller=%2B49170000001", "2 3 4"),
        ("caller=%25%25%25", ""),
        ("to=2026-01-01T00:00:00Z", ""),
        ("from=2026-01-01T00:00:00Z", "1 2 3 4"),
        ("queue=&agent=", "1 2 3 4"),
    ] {
        assert_eq!(ids(query).await, found, "{query}");
    }
    for (query, problem) in [
        ("queue=8999", "unknown_queue"),
        ("agent=1999", "unknown_agent"),
        ("outcome=answered", "missing_parameter"),
        ("queue=8000&outcome=lost", "invalid_parameter"),
        ("caller=%2B4", "invalid_parameter"),
        ("from=now", "invalid_parameter"),
    ] {
        assert_eq!(world.get(&format!("{CALLS}?{query}"), SUE).await.problem(), problem, "{query}");
    }
}

#[tokio::test]
async fn the_agent_log_is_of_all_or_of_one() {
    let world = World::new().await;
    let log = "/v1/domains/~/agent-log";
    let all = world.get(log, SUE).await;
    assert_eq!(column(&all, "agent"), ["1001", "1002", "1001"]);
    assert_eq!(
        all.body["items"][0],
        json!({
            "at": "2023-11-14T22:13:22.000Z", "agent": "1001", "name": "Ann Ash", "queue": "8000",
            "state": "not_ready", "reason": "=lunch", "actor": "agent 1",
        })
    );
    assert_eq!(
        paged(&world, &format!("{log}?sort=at&limit=1"), "state").await,
        ["ready", "ready", "not_ready"]
    );
    let hers = table(&world, &format!("{log}?agent=1001&fields=state,reason")).await;
    assert_eq!(hers.text, "state,reason\r\nnot_ready,'=lunch\r\nready,\r\n");
    assert_eq!(world.get(&format!("{log}?agent=1999"), SUE).await.problem(), "unknown_agent");
}

/// What the document says of every list.
fn lists() -> Vec<(String, Value)> {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    paths.iter().filter_map(|(path, item)| Some((path.clone(), item.get("get")?.clone()))).collect()
}

#[tokio::test]
async fn every_list_is_sorted_searched_and_written_as_its_document_says() {
    let world = World::new().await;
    world.arrives(2);
    world.arrives(3);
    let mut found = 0;
    for (path, operation) in lists() {
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
        let is_list = schema.as_str().is_some_and(|to| to.starts_with("#/components/schemas/List"));
        let sorted =
            operation["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == "sort"));
        assert_eq!((is_list, &operation["x-list"]), (sorted, &Value::Null), "{path}");
        if !is_list {
            continue;
        }
        found += 1;
        let path = path
            .replace("{domain}", "~")
            .replace("{number}", if path.contains("mailboxes") { "1001" } else { "8000" })
            .replace("{section}", "queues")
            .replace("{webhook}", "crm")
            .replace("{report}", "Daily")
            .replace("{extension}", "1001");
        let parameters = operation["parameters"].as_array().unwrap();
        let of =
            |name: &str| parameters.iter().find(|one| one["name"] == name).map(|one| one["schema"].clone());
        let words: BTreeSet<_> = of("sort").unwrap()["enum"]
            .as_array()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap().to_owned())
            .collect();
        assert!(words.contains(of("sort").unwrap()["default"].as_str().unwrap()), "{path}");
        for word in words {
            let answer = world.get(&format!("{path}?sort={word}&limit=1"), ADA).await;
            assert_eq!(answer.status, 200, "{path} by {word}: {}", answer.text);
            let name = word.trim_start_matches('-');
            let item = &answer.body["items"][0];
            // What is sorted by is one value, and there.
            let is_one = |value: &Value| !value.is_array() && !value.is_object();
            assert!(item.is_null() || name == "key" || item.get(name).is_some_and(is_one), "{path}: {name}");
            if let Some(next) = answer.body["next"].as_str() {
                let rest = world.get(&format!("{path}?sort={word}&cursor={next}"), ADA).await;
                assert_eq!(rest.status, 200, "{path} by {word}: {}", rest.text);
                assert!(!rest.text.contains(&item.to_string()), "{path} by {word} repeats an item");
            }
        }
        let looked = world.get(&format!("{path}?q=no-such-text"), ADA).await;
        let nothing = if of("q").is_some() { json!([]) } else { Value::Null };
        // The test's own storages look for nothing.
        assert!(looked.body["items"] == nothing || path.ends_with("audit"), "{path}: {}", looked.text);
        let whole = world.get(&path, ADA).await;
        if let Some(names) = of("fields").unwrap()["items"]["enum"].as_array() {
            for item in whole.body["items"].as_array().unwrap() {
                for name in item.as_object().unwrap().keys() {
                    assert!(names.contains(&json!(name)), "{path}: {name} is no field in the document");
                }
            }
        }
        let rows = table(&world, &path).await;
        assert_eq!(rows.status, 200, "{path}: {}", rows.text);
        let mut reader = csv::ReaderBuilder::new().from_reader(rows.text.as_bytes());
        let count = reader.records().map(Result::unwrap).count();
        assert_eq!(count, whole.body["items"].as_array().unwrap().len(), "{path}");
    }
    assert!(found >= 20, "only {found} lists");
}
