//! Tables into a domain: the plan first, all or nothing, every wrong cell named, and what was given is taken as it is.

use std::sync::Arc;

use api::provisioning::{
    DocumentForm, EditFault, Order, ProvisionError, Provisioned, Provisioner, Report, Source,
};
use api::storage::{Answer as Soon, StorageError};
use axum::body::Body;
use axum::http::Request;
use expect_test::expect;
use model::Timestamp;
use serde_json::{Value, json};
use store::provisioning::{EditError, Entry, Object, Section};
use store::{Store, StoreError};

use crate::world::{ADA, Answer, SUE, World};

/// Every field that a table can have, each with something else than its default.
const DOMAIN: &str = r#"
domain: acme.test
timezone: Europe/Berlin
groups: [support, "sales; inside", "2026-01-01"]
business_hours:
  - {name: office, monday: ["09:00-17:00"]}
agents:
  - extension: "1001"
    name: "=Ann, \"Ash\""
    email: Ann@acme.test
    password: desk-password
    sip_password: phone-secret
    role: supervisor
    groups: ["sales; inside", support]
    skills: {english: 5, "no": 2}
    status: invited
    max_concurrent_calls: 2
    timezone: Asia/Tokyo
    hours: {monday: ["09:00-17:00"], tuesday: ["22:00-06:00"]}
    dnd: true
    personal_phone: "+4930999999"
    forward_when: no_answer
    spoken_name: welcome
  - {extension: "1002", name: "'Bob: the # one", groups: [support, "2026-01-01"], hours: office, status: disabled}
  - {name: Sue without a phone, email: sue@acme.test, groups: ["2026-01-01"], role: admin}
extensions:
  - {number: "1090", sip_password: spare-secret, display_name: "-Lobby", dnd: true, ring_timeout: 30}
  - {number: "1091", sip_password: spare-secret}
queues:
  - number: "8000"
    name: Support
    members:
      - {agent: "1001", order: -2, tier: 3, skill_level: 4, queue_priority: 5, wrap_up_time: 0, auto_answer: true, answer_confirmation: true, enabled: false}
      - {agent: "1002"}
  - {number: "8001", name: Sales, members: [{agent: "1002", order: 2}]}
numbers:
  - {number: "+493012345678", hours: office, open: {queue: "8000"}, closed: {voicemail: {}}, holiday: {hangup: {message: goodbye}}, night: {queue: "8001"}, skills: {english: 2}, priority: 3}
  - {number: "110", open: {extension: "1001"}}
"#;

const PROMPTS: [&str; 3] = ["goodbye", "welcome", "leave-a-message"];
const NOUNS: [&str; 4] = ["agents", "extensions", "numbers", "members"];
const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

/// Changes a real database.
struct Real(Store);

impl Real {
    async fn list(&self, domain: &str, section: Section) -> Result<Vec<Entry>, StoreError> {
        self.0.document(domain).await?.unwrap().entries(section)
    }
}

impl Provisioner for Real {
    fn limits(&self, _: model::TenantId) -> Soon<'_, store::KeptLimits> {
        Box::pin(async { Err(StorageError::Failed("nobody asks for limits here".into())) })
    }

    fn limit(&self, _: model::TenantId, _: model::DomainLimits, _: store::Author) -> Soon<'_, ()> {
        Box::pin(async { Err(StorageError::Failed("nobody sets limits here".into())) })
    }

    fn provision(&self, order: Order) -> Report<'_> {
        Box::pin(async move {
            let Source::Edits { domain, edits } = &order.source else { panic!("a table is edits") };
            let edited = self.0.plan_edits(domain, edits, &PROMPTS).await.map_err(|error| match error {
                EditError::Problems(found) => {
                    ProvisionError::Faults(found.into_iter().map(EditFault::from).collect())
                }
                EditError::Missing { .. } => ProvisionError::Missing(error.to_string()),
                other => panic!("{other}"),
            })?;
            let plan = edited.plan;
            let lines = if plan.is_empty() { vec!["no changes".into()] } else { plan.lines().to_vec() };
            if !order.dry_run {
                self.0.apply_by(&plan, NOW, &order.by).await.unwrap();
            }
            Ok(Provisioned { plan: lines, applied: !order.dry_run, ..Provisioned::default() })
        })
    }

    fn take_over(&self, _: model::TenantId) -> Soon<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn document<'a>(&'a self, _: &'a str, _: DocumentForm) -> Soon<'a, Option<String>> {
        Box::pin(async { Ok(None) })
    }

    fn entries<'a>(&'a self, domain: &'a str, section: Section) -> Soon<'a, Option<Vec<Entry>>> {
        let failed = |error: StoreError| StorageError::Failed(error.to_string());
        Box::pin(async move { self.list(domain, section).await.map(Some).map_err(failed) })
    }

    fn entry<'a>(&'a self, _: &'a str, _: &'a Object) -> Soon<'a, Option<Entry>> {
        Box::pin(async { Ok(None) })
    }
}

struct Office {
    world: World,
    store: Store,
    _directory: tempfile::TempDir,
}

impl Office {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).await.unwrap();
        let plan = store.plan(store::provisioning::parse(DOMAIN, &PROMPTS).unwrap()).await.unwrap();
        store.apply(&plan, NOW).await.unwrap();
        let world = World::provisioned_by(Arc::new(Real(store.clone()))).await;
        Self { world, store, _directory: directory }
    }

    async fn export(&self, noun: &str) -> String {
        let request = Request::get(format!("/v1/domains/~/provisioning/{noun}"));
        let request = request.header("authorization", format!("Bearer {ADA}")).header("accept", "text/csv");
        let answer = self.world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text
    }

    async fn import(&self, noun: &str, table: &str) -> Answer {
        self.world.post(&format!("/v1/domains/~/provisioning/{noun}/import"), ADA, table).await
    }

    /// The lines of the plan, which is not carried out.
    async fn plan(&self, noun: &str, table: &str) -> Value {
        let path = format!("/v1/domains/~/provisioning/{noun}/import?dry_run=true");
        let answer = self.world.post(&path, ADA, table).await;
        assert_eq!((answer.status, &answer.body["applied"]), (200, &json!(false)), "{}", answer.text);
        answer.body["plan"].clone()
    }

    /// What is to be mended: `line:column name: text`.
    async fn refused(&self, noun: &str, table: &str) -> Vec<String> {
        let before = self.store.document("acme.test").await.unwrap().unwrap().to_json().unwrap();
        let answer = self.import(noun, table).await;
        assert_eq!((answer.status, answer.problem()), (422, "invalid_table"), "{}", answer.text);
        assert_eq!(self.store.document("acme.test").await.unwrap().unwrap().to_json().unwrap(), before);
        let cells = answer.body["cells"].as_array().unwrap();
        cells
            .iter()
            .map(|cell| {
                let (column, name) = (&cell["column"], cell["name"].as_str().unwrap_or("-"));
                format!("{}:{column} {name}: {}", cell["line"], cell["text"].as_str().unwrap())
            })
            .collect()
    }
}

#[tokio::test]
async fn what_was_exported_changes_nothing_when_it_is_imported() {
    let office = Office::new().await;
    for noun in NOUNS {
        let table = office.export(noun).await;
        assert_eq!(office.plan(noun, &table).await, json!(["no changes"]), "{table}");
        let excel = format!("\u{feff}{}", table.replace("\r\n", "\n"));
        assert_eq!(office.plan(noun, &excel).await, json!(["no changes"]), "{excel}");
    }
    let agents = office.export("agents").await;
    assert!(!agents.contains("password") && !agents.contains("secret"), "{agents}");
    let mut reader = csv::ReaderBuilder::new().from_reader(agents.as_bytes());
    let name = reader.headers().unwrap().iter().position(|name| name == "name").unwrap();
    let names: Vec<_> = reader.records().map(|row| row.unwrap()[name].to_owned()).collect();
    assert_eq!(names, ["'=Ann, \"Ash\"", "'Bob: the # one", "Sue without a phone"]);
}

#[tokio::test]
async fn a_whole_domain_is_carried_to_another_by_its_tables() {
    let (office, other) = (Office::new().await, Office::new().await);
    // The other one has changed meanwhile.
    for (noun, table) in [
        ("agents", "extension,name,skills,hours\n1001,Ann,\"{\"\"french\"\": 1}\",\n1002,Bob,,\n"),
        ("extensions", "number,display_name,dnd\n1090,,false\n"),
        ("numbers", "number,open,priority,skills\n'+493012345678,\"{\"\"queue\"\": \"\"8001\"\"}\",,\n"),
        ("members", "queue,agent,order,enabled\n8000,1001,7,true\n8001,1001,1,\n"),
    ] {
        let answer = other.import(noun, table).await;
        assert_eq!((answer.status, &answer.body["applied"]), (200, &json!(true)), "{}", answer.text);
        assert_ne!(other.export(noun).await, office.export(noun).await);
    }
    for noun in NOUNS {
        let table = office.export(noun).await;
        let answer = other.import(noun, &table).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(other.plan(noun, &table).await, json!(["no changes"]));
    }
    // What a table does not name stays.
    assert!(other.export("members").await.contains("8001,1001"));
    for noun in ["agents", "extensions", "numbers"] {
        assert_eq!(other.export(noun).await, office.export(noun).await);
    }
}

#[tokio::test]
async fn a_table_is_told_as_a_plan_before_it_is_done() {
    let office = Office::new().await;
    let table = "extension;name;groups;email\n1001;Ann Oak;support;ann@acme.test\n1003;Cid Elm;support;\n";
    expect![[r#"
        [
          "~ agent 1001 name \"=Ann, \"Ash\"\" -> \"Ann Oak\"",
          "~ agent 1001 groups [sales; inside, support] -> [support]",
          "+ agent 1003"
        ]"#]]
    .assert_eq(&format!("{:#}", office.plan("agents", table).await));
    assert!(!office.export("agents").await.contains("1003"));
    assert_eq!(office.import("agents", table).await.status, 200);
    assert!(office.export("agents").await.contains("1003,,Cid Elm"));
    let audit = office.store.audit(model::TenantId(1), store::Part::newest(1), None).await.unwrap();
    assert_eq!(audit.items[0].by.name, "Ada Bay");
}

#[tokio::test]
async fn each_wrong_cell_is_named_and_nothing_is_done() {
    let office = Office::new().await;
    let table = "extension,name,role,groups,max_concurrent_calls\n\
                 1001,Ann,boss,support,2\n\
                 1002,Bob,agent,no-such-group,0\n\
                 1004,New,agent,support,many\n";
    expect![[r#"
        4:5 max_concurrent_calls: `max_concurrent_calls` is `many`; it is written as a whole number, like 20"#]]
    .assert_eq(&office.refused("agents", table).await.join("\n"));
    expect![[r#"
        2:3 role: `role` of the agent is `boss`; it can be agent, supervisor, admin, owner
        3:4 groups: `groups` of the agent names `no-such-group`, and there is no such group
        3:5 max_concurrent_calls: `max_concurrent_calls` of the agent is 0; it goes from 1 to 99"#]]
    .assert_eq(&office.refused("agents", &table.replace("many", "1")).await.join("\n"));
    expect![[r#"
        2:3 order: `order` of the member is 99999999; it goes from -1000000 to 1000000
        3:2 agent: `agent` of the member points to 1999, and there is no agent 1999"#]]
    .assert_eq(
        &office.refused("members", "queue,agent,order\n8000,1002,99999999\n8000,1999,1\n").await.join("\n"),
    );
    expect!["2:2 open: `open` points to 9999, and there is no queue 9999"].assert_eq(
        &office.refused("numbers", "number,open\n0800,\"{\"\"queue\"\": \"\"9999\"\"}\"\n").await.join("\n"),
    );
    expect!["1:2 colour: `colour` is no field of extensions; there are display_name, dnd, number, ring_timeout, sip_password"].assert_eq(&office.refused("extensions", "number,colour\n1090,red\n").await.join("\n"));
    expect!["0:null -: the table is empty; its first row has the names of fields"]
        .assert_eq(&office.refused("extensions", "").await.join("\n"));
}

#[tokio::test]
async fn what_is_no_table_is_a_problem_and_nothing_worse() {
    let office = Office::new().await;
    let wide = "a,".repeat(100);
    let long = format!("extension,name\n1001,\"{}", "x".repeat(20_000));
    let rows = format!("number\n{}", "1092\n".repeat(20_001));
    for table in
        ["\0", "\"", "{\"a\": 1}", "extension\n1001\n1001\n", &wide, &long, &rows, "\r\r\r", ",,,\n,,,"]
    {
        for noun in NOUNS {
            let answer = office.import(noun, table).await;
            assert_eq!((answer.status, answer.problem()), (422, "invalid_table"), "{noun}: {}", answer.text);
            assert!(answer.text.len() < 100_000);
        }
    }
    let binary = Request::post("/v1/domains/~/provisioning/agents/import")
        .header("authorization", format!("Bearer {ADA}"));
    let answer = office.world.send(binary.body(Body::from(vec![0xff, 0xfe, 0x00])).unwrap()).await;
    assert_eq!(answer.problem(), "invalid_body");
    let huge = "x".repeat(9 << 20);
    assert_eq!(office.import("agents", &huge).await.problem(), "too_large");
    let lost = office.refused("members", "queue,agent\n8000,1002\n9999,1001\n").await;
    assert_eq!(lost, ["3:1 queue: there is no queue 9999"]);
    let refused = office.world.post("/v1/domains/~/provisioning/agents/import", SUE, "extension\n").await;
    assert_eq!(refused.problem(), "forbidden");
}
