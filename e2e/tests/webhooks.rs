//! Flows that ask outside services, with a caller who keys his PIN on a real phone.

use std::time::Duration;

use e2e::{Baresip, Domain, Options, Server, Service, shared, until};

use crate::stage::{SOON, desk_phone, outside_phone};

const NUMBER: &str = "+493012345673";

/// Asks for a PIN, and asks `port` what to do with it.
fn yaml(port: u16) -> String {
    let domain = Domain { agents: 1, auto_ready: true, ..Domain::default() };
    let flow = format!(
        r#"webhook_secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
flows:
  - number: "7002"
    name: Who calls
    kind: tree
    steps:
      - {{id: pin, do: collect, prompts: [please-wait], variable: pin, min: 4, max: 4, sensitive: true, next: ask, on_failed: bye}}
      - {{id: ask, do: webhook, url: "http://127.0.0.1:{port}/pin", send: [caller, pin], take: [segment], timeout: 5, next: which, on_failed: bye}}
      - {{id: which, do: branch, when: [{{variable: segment, is: gold, next: gold}}], otherwise: bye}}
      - {{id: gold, do: enqueue, queue: "8000"}}
      - {{id: bye, do: leave, to: {{hangup: {{message: goodbye}}}}}}
numbers:
  - {{number: "{NUMBER}", open: {{flow: "7002"}}}}
"#
    );
    domain.yaml().replace("numbers:\n", &flow)
}

fn key_in(caller: &mut Baresip, keys: &str) -> anyhow::Result<()> {
    caller.talk(Duration::from_millis(500));
    for key in keys.chars() {
        caller.press(key)?;
        caller.talk(Duration::from_millis(150));
        // The key is let go: baresip takes EOT for that.
        caller.press('\u{4}')?;
        caller.talk(Duration::from_millis(100));
    }
    Ok(())
}

fn start(service: &Service, allowed: bool) -> anyhow::Result<Server> {
    let allow = if allowed { "127.0.0.0/8" } else { "" };
    let settings = vec![("CORDBOARD_OUTBOUND_ALLOW", allow.to_owned())];
    Server::start_with(&yaml(service.port()), Options { settings, ..Options::default() })
}

#[test]
fn a_flow_asks_a_service_with_what_was_keyed_in_secret_and_goes_by_its_answer() -> anyhow::Result<()> {
    let _turn = shared()?;
    let service = Service::start(Some(r#"{"segment": "gold", "more": 1}"#))?;
    let mut server = start(&service, true)?;
    let mut ann = desk_phone(&mut server, 1001, "udp")?;
    server.api.make_ready(1001)?;
    server.api.await_agent(1001, &["READY"], SOON)?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    caller.dial(NUMBER)?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    key_in(&mut caller, "4711")?;
    ann.wait("CALL_INCOMING", Duration::from_secs(15))?;
    let asked = service.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].starts_with("post /pin http/1.1"), "{asked:?}");
    assert!(asked[0].contains("\nwebhook-signature: v1,"), "{asked:?}");
    assert!(asked[0].ends_with(r#"{"caller":"+4917011111","pin":"4711"}"#), "{asked:?}");
    assert!(!server.output().contains("4711"), "the log has the PIN");
    server.check_alive()
}

#[test]
fn a_service_inside_is_not_asked_unless_the_operator_says_so() -> anyhow::Result<()> {
    let _turn = shared()?;
    let service = Service::start(Some(r#"{"segment": "gold"}"#))?;
    let mut server = start(&service, false)?;
    let mut caller = outside_phone(&mut server, "+4917011111", "udp")?;
    caller.dial(NUMBER)?;
    caller.wait("CALL_ESTABLISHED", SOON)?;
    key_in(&mut caller, "4711")?;
    caller.wait("CALL_CLOSED", Duration::from_secs(20))?;
    until("the failure to be counted", SOON, || {
        let metrics = server.api.get("/metrics")?.text;
        Ok(metrics.contains("cordboard_webhooks_total{outcome=\"failed\"} 1").then_some(()))
    })?;
    assert!(service.asked().is_empty());
    assert!(server.output().contains("outbound.allow"), "the log says how to mend it");
    server.check_alive()
}
