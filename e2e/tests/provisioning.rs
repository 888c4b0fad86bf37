//! Provisioning of a server that runs, and the first start of one that has nobody yet.

use anyhow::Context as _;
use e2e::{Api, Domain, NUMBER, Phone, Place, QUEUE, Server, shared};
use serde_json::json;

use crate::stage::{HERE, SOON, Unowned, apply, await_over, caller, ready_phone, records};

#[test]
fn a_file_is_applied_to_a_running_server_and_a_live_call_does_not_notice() -> anyhow::Result<()> {
    let _turn = shared()?;
    let before = Domain::default();
    let mut server = Server::start(&before)?;
    let ann = ready_phone(&server, 1001)?;
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    let ringing = ann.rung(SOON)?;
    ann.answer(&ringing)?;
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;
    let mut events = server.events()?;

    let after = Domain { agents: 2, ring_time: 20, ..before }.yaml();
    let plan = ["+ agent 1002", "~ queue 8000 ring_time 15 -> 20", "+ member 1002 of 8000"];
    let dry = apply(server.http, &server.api, &after, &["--dry-run"])?;
    assert_eq!((dry.ok, dry.printed), (true, plan.map(str::to_owned).to_vec()), "{}", dry.error);
    assert_eq!(server.api.get("/v1/domains/~/agents/1002")?.status, 404, "a dry run changes nothing");

    let applied = apply(server.http, &server.api, &after, &[])?;
    assert_eq!((applied.ok, applied.printed), (true, plan.map(str::to_owned).to_vec()), "{}", applied.error);
    events.wait("the change", SOON, |message| message["type"] == "directory_changed")?;
    let again = apply(server.http, &server.api, &after, &[])?;
    assert_eq!((again.ok, again.printed), (true, vec!["no changes".to_owned()]), "{}", again.error);

    // The call is where it was, and the new agent's phone is known.
    assert_eq!(caller.place(&call), Some(Place::Talking));
    assert_eq!(ann.place(ringing.call_id()), Some(Place::Talking));
    assert_eq!(server.api.agent_state(1001)?, "QUEUE_CALL");
    let bob = ready_phone(&server, 1002)?;
    let second = crate::stage::caller(&server)?;
    let second_call = second.call(NUMBER)?;
    let second_ringing = bob.rung(SOON)?;
    bob.answer(&second_ringing)?;
    server.api.await_agent(1002, &["QUEUE_CALL"], SOON)?;
    ann.hang_up(ringing.call_id())?;
    second.hang_up(&second_call)?;
    await_over(&caller, &call)?;
    await_over(&bob, second_ringing.call_id())?;
    records(&server, 2)?;

    let last = server.events()?;
    events.follow_to(last.seq, SOON)?;
    let differences = events.state.differences(&last.state);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    server.check_alive()
}

#[test]
fn a_bad_file_changes_nothing_on_a_running_server_and_says_its_lines() -> anyhow::Result<()> {
    let _turn = shared()?;
    let domain = Domain::default();
    let mut server = Server::start(&domain)?;
    let yaml = domain.yaml().replace("ring_time: 15", "ring_tme: 15").replace("order: 1", "order: x");
    let line = |of: &str| yaml.lines().position(|line| line.contains(of)).map(|at| at + 1);
    let refused = apply(server.http, &server.api, &yaml, &[])?;
    assert!(!refused.ok && refused.printed.is_empty());
    for wrong in ["ring_tme", "order: x"] {
        let line = line(wrong).context(wrong)?;
        assert!(refused.error.contains(&format!("domain.yaml line {line}: ")), "{}", refused.error);
    }
    let same = apply(server.http, &server.api, &domain.yaml(), &[])?;
    assert_eq!(same.printed, ["no changes"]);
    server.check_alive()
}

#[test]
fn a_server_without_an_owner_is_set_up_by_its_link_once_and_then_filled_over_http() -> anyhow::Result<()> {
    let _turn = shared()?;
    let folder = tempfile::tempdir()?;
    let Unowned { http, token, .. } = &Unowned::start(folder.path())?;
    let http = *http;
    let api = Api::new(&http.to_string());
    assert_eq!(api.get("/setup")?.status, 200);
    let set_up = |token: &str, email: &str| {
        api.post("/v1/auth/setup", &json!({"token": token, "email": email, "password": "owner-password"}))
    };
    assert_eq!(set_up("guess", "thief@acme.test")?.status, 403);
    assert_eq!(set_up(token, "owner@acme.test")?.status, 204);
    assert_eq!(set_up(token, "thief@acme.test")?.status, 403);

    let owner = api.log_in("owner@acme.test", "owner-password")?;
    let made = apply(http, &owner, &Domain::default().yaml(), &[])?;
    assert!(made.ok, "{}", made.error);
    assert!(made.printed.iter().any(|line| line == "+ agent 1001"), "{:?}", made.printed);
    assert_eq!(owner.get(&format!("/v1/domains/~/queues/{QUEUE}"))?.ok()?["name"], "Support");
    Ok(())
}

/// From a domain with one agent to a second who takes a call of a second queue, all of it over HTTP.
#[test]
fn agents_queues_and_numbers_are_made_one_by_one_while_a_call_goes_on() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let ann = ready_phone(&server, 1001)?;
    let talking = caller(&server)?;
    let call = talking.call(NUMBER)?;
    let ringing = ann.rung(SOON)?;
    ann.answer(&ringing)?;
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;

    let path = |rest: &str| format!("/v1/domains/~/provisioning{rest}");
    let bob = json!({"extension": "1002", "name": "Bob Oak", "email": "bob@acme.test", "groups": ["support"],
        "sip_password": e2e::phone_password(1002), "password": e2e::agent_password(1002)});
    assert_eq!(server.api.post(&path("/agents"), &bob)?.status, 201);
    let queue = json!({"number": "8001", "name": "Sales", "auto_ready": false, "on_no_answer": {"hangup": {"message": "goodbye"}}});
    let made = server.api.post(&path("/queues"), &queue)?;
    assert_eq!((made.status, &made.body["plan"]), (201, &json!(["+ queue 8001"])), "{}", made.body);
    let member = server.api.patch(
        &path(""),
        &json!({"edits": [
            {"op": "put", "section": "queues", "key": ["8001"], "member": "1002", "value": {"order": 1}},
            {"op": "create", "section": "numbers", "key": ["+4930222"], "value": {"open": {"queue": "8001"}}},
        ]}),
    )?;
    assert_eq!(member.body["plan"], json!(["+ member 1002 of 8001", "+ number +4930222"]), "{}", member.body);
    assert_eq!(talking.place(&call), Some(Place::Talking), "the call does not notice");

    let bobs_phone = Phone::start("1002", &e2e::phone_password(1002), HERE, server.sip)?;
    bobs_phone.register(300)?;
    for verb in ["login", "ready"] {
        server.api.post(&format!("/v1/domains/~/agents/1002/{verb}"), &json!({"queue": "8001"}))?.ok()?;
    }
    server.api.await_agent(1002, &["READY"], SOON)?;
    let second = caller(&server)?;
    second.call("+4930222")?;
    let rung = bobs_phone.rung(SOON)?;
    bobs_phone.answer(&rung)?;
    server.api.await_agent(1002, &["QUEUE_CALL"], SOON)?;

    let refused = server.api.delete(&path("/queues/8001"))?;
    assert_eq!((refused.status, &refused.body["type"]), (422, &"/problems/invalid_change".into()));
    assert!(
        refused.body["faults"][0]["text"].as_str().is_some_and(|text| text.contains("8001")),
        "{}",
        refused.body
    );
    bobs_phone.hang_up(rung.call_id())?;
    ann.hang_up(ringing.call_id())?;
    await_over(&talking, &call)?;

    // It is all there after a crash, the audit knows each step, and one step back takes the last one away.
    server.kill()?;
    server.start_again()?;
    let changes = server.api.list("/v1/domains/~/audit")?;
    let first: Vec<&str> =
        changes.iter().filter_map(|change| change["changes"][0].as_str()).take(3).collect();
    assert_eq!(first, ["+ member 1002 of 8001", "+ queue 8001", "+ agent 1002"]);
    server.api.post(&path("/revert"), &json!({}))?.ok()?;
    assert_eq!(server.api.get(&path("/numbers/%2B4930222"))?.status, 404);
    assert_eq!(server.api.get(&path("/queues/8001"))?.status, 200);
    server.check_alive()
}
