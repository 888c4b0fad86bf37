//! A webhook that is told of real calls, over the death of the server in the middle of one.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::{Domain, NUMBER, Options, Phone, Server, Service, shared, until};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::stage::{SOON, caller, ready_phone, records};

const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn yaml(port: u16) -> String {
    let domain = Domain { agents: 1, auto_ready: true, ..Domain::default() };
    let webhook = format!("{{name: all, url: \"http://127.0.0.1:{port}/hook\", secret: whsec_{SECRET}}}");
    format!("{}webhooks:\n  - {webhook}\n", domain.yaml())
}

/// What arrived: the id under which it came, and its body.
fn arrived(service: &Service) -> anyhow::Result<Vec<(String, Value)>> {
    service.asked().iter().map(|request| read(request)).collect()
}

/// A request, its signature checked as a receiver would.
fn read(request: &str) -> anyhow::Result<(String, Value)> {
    let (head, body) = request.split_once("\r\n\r\n").context("a head and a body")?;
    assert!(head.starts_with("post /hook http/1.1"), "{head}");
    let header = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(str::to_owned).with_context(|| format!("no {name} in {head}"))
    };
    let (id, second) = (header("webhook-id")?, header("webhook-timestamp")?);
    let mut mac = Hmac::<Sha256>::new_from_slice(&STANDARD.decode(SECRET)?)?;
    mac.update(format!("{id}.{second}.{body}").as_bytes());
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    // Heads are kept in lower case.
    assert_eq!(header("webhook-signature")?, signature.to_ascii_lowercase(), "{head}");
    Ok((id, serde_json::from_str(body)?))
}

/// A caller is put through to the agent. Returns the caller, the call on his phone, and its id in the API.
fn talk(server: &Server, ann: &Phone) -> anyhow::Result<(Phone, String, String)> {
    let before: BTreeSet<String> = server.api.calls()?.iter().map(id_of).collect();
    let caller = caller(server)?;
    let on_phone = caller.call(NUMBER)?;
    let ringing = ann.rung(SOON)?;
    ann.answer(&ringing)?;
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;
    let calls = server.api.calls()?;
    let new = calls.iter().map(id_of).find(|id| !before.contains(id));
    Ok((caller, on_phone, new.context("the call is on the list")?))
}

fn id_of(call: &Value) -> String {
    call["id"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_receiver_is_told_of_every_event_once_over_the_death_of_the_server() -> anyhow::Result<()> {
    let _turn = shared()?;
    let service = Service::start(Some("{}"))?;
    let settings = vec![("CORDBOARD_OUTBOUND_ALLOW", "127.0.0.0/8".to_owned())];
    let mut server = Server::start_with(&yaml(service.port()), Options { settings, ..Options::default() })?;
    let ann = ready_phone(&server, 1001)?;
    let (first_caller, _, first) = talk(&server, &ann)?;
    until("the webhook to be told of the call", SOON, || {
        Ok(arrived(&service)?.iter().any(|(_, body)| body["type"] == "call_connected").then_some(()))
    })?;
    server.kill()?;
    drop((first_caller, ann));
    server.start_again()?;
    let ann = ready_phone(&server, 1001)?;
    let (second_caller, on_phone, second) = talk(&server, &ann)?;
    second_caller.hang_up(&on_phone)?;
    records(&server, 2)?;

    let last = server.events()?.seq;
    let told = until("everything to be told", Duration::from_secs(20), || {
        let all = arrived(&service)?;
        let seq = all.iter().filter_map(|(_, body)| body["data"]["seq"].as_u64()).max();
        Ok((seq >= Some(last)).then_some(all))
    })?;
    // What was under way at the death may come twice, under its id.
    let mut ids: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    for (id, body) in &told {
        let seq = body["data"]["seq"].as_u64().with_context(|| format!("no number: {body}"))?;
        ids.entry(seq).or_default().insert(id.clone());
    }
    let numbers: Vec<u64> = ids.keys().copied().collect();
    assert_eq!(numbers, (numbers[0]..numbers[0] + ids.len() as u64).collect::<Vec<_>>(), "none is missing");
    assert!(ids.values().all(|ids| ids.len() == 1), "{ids:?}");
    let all: BTreeSet<&String> = ids.values().flatten().collect();
    assert_eq!(all.len(), ids.len(), "no id is used twice");
    let expected = ["call_arrived", "call_queued", "offer_made", "call_connected", "call_ended"];
    for call in [&first, &second] {
        let of: Vec<&str> = told
            .iter()
            .filter(|(_, body)| body["data"]["call"] == call.as_str())
            .filter_map(|(_, body)| body["type"].as_str())
            .collect();
        let places = expected.iter().map(|event| of.iter().position(|kind| kind == event));
        let places: Vec<usize> = places.collect::<Option<_>>().with_context(|| format!("{of:?}"))?;
        assert!(places.is_sorted(), "in their order: {of:?}");
    }
    let listed = server.api.list("/v1/domains/~/webhooks")?;
    assert_eq!((&listed[0]["name"], &listed[0]["state"]), (&"all".into(), &"active".into()));
    assert!(!server.output().contains(SECRET), "the log has the secret");
    server.check_alive()
}
