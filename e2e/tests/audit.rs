//! The audit knows of every change: each operation that changes anything writes into it, or is an exception that says
//! where else it is kept. Which operations there are says the server's own document, so that a new one cannot be
//! forgotten.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use e2e::{Api, Domain, Options, Server, agent_password, shared, write_tone};
use serde_json::{Value, json};

/// Operations that write nothing, and those that are shown to elsewhere.
const EXCEPTIONS: &str = include_str!("audit_exceptions.txt");

const P: &str = "/v1/domains/~/provisioning";
const NS: &str = "/ns-api/v2/domains/~/callqueues";
const RC: &str = "/api/v1/omnichannel/agent/extension";

/// One change: which operation, how it is asked for, and what the audit then says.
struct Change {
    operation: &'static str,
    method: &'static str,
    path: String,
    body: Value,
    line: &'static str,
}

fn change(
    operation: &'static str,
    (method, path): (&'static str, String),
    body: Value,
    line: &'static str,
) -> Change {
    Change { operation, method, path, body, line }
}

/// Changes by which every operation of the provisioning has its turn; each finds what those before it have left.
fn provisioning() -> Vec<Change> {
    let p = |rest: &str| format!("{P}{rest}");
    let bulk = json!({"edits": [
        {"op": "create", "section": "queues", "key": ["8101"], "value": {"number": "8101", "name": "Returns"}}
    ]});
    let exclusive = json!({"number": "4930555", "queue": "8100", "agents": ["1001"]});
    vec![
        change(
            "provisioning_settings_patch",
            ("PATCH", p("/settings")),
            json!({"language": "de"}),
            "language",
        ),
        change(
            "provisioning_settings_put",
            ("PUT", p("/settings")),
            json!({"timezone": "Europe/Vienna"}),
            "timezone",
        ),
        change(
            "provisioning_entry_create",
            ("POST", p("/queues")),
            json!({"number": "8100", "name": "Orders"}),
            "+ queue 8100",
        ),
        change(
            "provisioning_entry_put",
            ("PUT", p("/queues/8100")),
            json!({"number": "8100", "name": "All orders"}),
            "~ queue 8100",
        ),
        change(
            "provisioning_entry_patch",
            ("PATCH", p("/queues/8100")),
            json!({"ring_time": 25}),
            "~ queue 8100 ring_time",
        ),
        change(
            "provisioning_member_put",
            ("PUT", p("/queues/8100/members/1001")),
            json!({}),
            "+ member 1001 of 8100",
        ),
        change(
            "provisioning_member_patch",
            ("PATCH", p("/queues/8100/members/1001")),
            json!({"order": 2}),
            "~ member 1001 of 8100",
        ),
        change(
            "provisioning_entry_of_two_put",
            ("PUT", p("/exclusive_numbers/4930555/8100")),
            exclusive,
            "4930555",
        ),
        change(
            "provisioning_entry_of_two_patch",
            ("PATCH", p("/exclusive_numbers/4930555/8100")),
            json!({"agents": ["1002"]}),
            "4930555",
        ),
        change(
            "provisioning_entry_of_two_delete",
            ("DELETE", p("/exclusive_numbers/4930555/8100")),
            Value::Null,
            "4930555",
        ),
        change(
            "provisioning_member_delete",
            ("DELETE", p("/queues/8100/members/1001")),
            Value::Null,
            "- member 1001 of 8100",
        ),
        change("provisioning_entry_delete", ("DELETE", p("/queues/8100")), Value::Null, "- queue 8100"),
        change("provisioning_patch", ("PATCH", p("")), bulk, "+ queue 8101"),
        change("provisioning_revert", ("POST", p("/revert")), Value::Null, "- queue 8101"),
    ]
}

/// The same through other products' doors.
fn doors() -> Vec<Change> {
    let now = |mut body: Value| {
        body["synchronous"] = "yes".into();
        body
    };
    let queue = || format!("{NS}/8102");
    let entry = || format!("{NS}/8102/agents/1001@acme.test");
    vec![
        change(
            "ns_callqueues_create",
            ("POST", NS.into()),
            now(json!({"callqueue": "8102"})),
            "+ queue 8102",
        ),
        change(
            "ns_callqueues_update",
            ("PUT", queue()),
            now(json!({"description": "Post and parcels"})),
            "~ queue 8102",
        ),
        change(
            "ns_agents_create",
            ("POST", format!("{NS}/8102/agents")),
            now(json!({"callqueue-agent-id": "1001@acme.test"})),
            "+ member 1001 of 8102",
        ),
        change(
            "ns_agents_update",
            ("PUT", entry()),
            now(json!({"callqueue-agent-dispatch-order-ordinal": 7})),
            "~ member 1001 of 8102",
        ),
        change("ns_agents_delete", ("DELETE", entry()), Value::Null, "- member 1001 of 8102"),
        change("ns_callqueues_delete", ("DELETE", queue()), Value::Null, "- queue 8102"),
        change(
            "rc_agent_extension_delete",
            ("DELETE", format!("{RC}/1002@acme.test")),
            Value::Null,
            "~ agent 1002@acme.test extension",
        ),
        change(
            "rc_associate",
            ("POST", RC.into()),
            json!({"username": "1002@acme.test", "extension": "1090"}),
            "~ agent 1090 extension none -> 1090",
        ),
    ]
}

/// What the audit has, newest first.
fn entries(api: &Api) -> anyhow::Result<Vec<Value>> {
    let page = api.get("/v1/domains/~/audit?limit=200")?.ok()?;
    Ok(page["items"].as_array().context("no items")?.clone())
}

/// Looks whether the audit has one entry more than before, with this line, and by whom.
fn is_noted(api: &Api, before: usize, operation: &str, line: &str) -> anyhow::Result<usize> {
    let all = entries(api)?;
    ensure!(all.len() == before + 1, "{operation}: {before} entries of the audit became {}", all.len());
    let newest = &all[0];
    let lines = newest["changes"].as_array().into_iter().flatten().filter_map(Value::as_str);
    ensure!(lines.into_iter().any(|one| one.contains(line)), "{operation}: no `{line}` in {newest}");
    ensure!(newest["who"] == "Owner", "{operation}: by whom? {newest}");
    Ok(all.len())
}

fn send(api: &Api, change: &Change) -> anyhow::Result<()> {
    let body = change.body.to_string();
    let answer = match change.method {
        "POST" => api.post(&change.path, &change.body)?,
        "PATCH" => api.patch(&change.path, &change.body)?,
        "PUT" => api.put(&change.path, "application/json", body.as_bytes())?,
        _ => api.delete(&change.path)?,
    };
    ensure!((200..300).contains(&answer.status), "{}: {} {}", change.operation, answer.status, answer.text);
    Ok(())
}

/// All operations of the document that change anything.
fn changing(api: &Api) -> anyhow::Result<BTreeSet<String>> {
    let document = api.get("/v1/openapi.json")?.ok()?;
    let paths = document["paths"].as_object().context("no paths")?;
    let of = |item: &Value| {
        ["post", "put", "patch", "delete"]
            .iter()
            .filter_map(|method| item[*method]["operationId"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    Ok(paths.values().flat_map(of).collect())
}

/// Operations that take no JSON, or something that another one has made; which they were.
fn by_hand(server: &Server, mut count: usize) -> anyhow::Result<(Vec<&'static str>, usize)> {
    let api = &server.api;
    let sound = server.folder().join("tone.wav");
    write_tone(&sound, 440.0, 1)?;
    api.put("/v1/domains/~/prompts/hello", "audio/wav", &std::fs::read(sound)?)?.ok()?;
    count = is_noted(api, count, "prompts_put", "prompt en/hello")?;
    ensure!(api.delete("/v1/domains/~/prompts/hello")?.status == 204, "the prompt stays");
    count = is_noted(api, count, "prompts_delete", "prompt en/hello")?;

    let key = api.post("/v1/domains/~/api-keys", &json!({"name": "crm", "rights": ["read"]}))?.ok()?;
    count = is_noted(api, count, "api_keys_create", "+ API key crm")?;
    let id = key["id"].as_str().context("a key without its id")?;
    ensure!(api.delete(&format!("/v1/domains/~/api-keys/{id}"))?.status == 204, "the key stays");
    count = is_noted(api, count, "api_keys_remove", "- API key crm")?;

    let _hers = api.log_in("1001@acme.test", &agent_password(1001))?;
    let sessions = api.list("/v1/domains/~/sessions")?;
    let session = sessions.first().and_then(|one| one["id"].as_str()).context("no log-in")?;
    ensure!(api.delete(&format!("/v1/domains/~/sessions/{session}"))?.status == 204, "she stays logged in");
    count = is_noted(api, count, "domain_sessions_end", "- log-in of Agent 1001")?;
    let done = ["prompts_put", "prompts_delete", "api_keys_create", "api_keys_remove", "domain_sessions_end"];
    Ok((done.to_vec(), count))
}

#[test]
fn every_operation_that_changes_anything_is_in_the_audit_or_says_why_not() -> anyhow::Result<()> {
    let _turn = shared()?;
    let free = "extensions:\n  - {number: \"1090\", sip_password: spare-secret}\n";
    let yaml = Domain { agents: 2, ..Domain::default() }.yaml() + free;
    let mut server = Server::start_with(&yaml, Options::default())?;
    let mut seen = BTreeSet::new();
    let mut count = entries(&server.api)?.len();
    for change in provisioning().iter().chain(&doors()) {
        send(&server.api, change)?;
        count = is_noted(&server.api, count, change.operation, change.line)?;
        seen.insert(change.operation.to_owned());
    }
    let (done, _) = by_hand(&server, count)?;
    seen.extend(done.into_iter().map(str::to_owned));

    let mut excepted = BTreeSet::new();
    for line in EXCEPTIONS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (operation, reason) = line.split_once(": ").with_context(|| format!("no reason: {line}"))?;
        ensure!(!reason.trim().is_empty(), "no reason: {line}");
        ensure!(!seen.contains(operation), "{operation} is in the audit and needs no exception");
        ensure!(excepted.insert(operation.to_owned()), "{operation} is there twice");
    }
    let all = changing(&server.api)?;
    let known: BTreeSet<String> = seen.union(&excepted).cloned().collect();
    assert_eq!(
        all.difference(&known).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "neither shown nor excepted"
    );
    assert_eq!(
        known.difference(&all).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "there are no such operations"
    );
    server.check_alive()
}
