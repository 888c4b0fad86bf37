//! A flow that is changed while callers are inside it.

use std::time::Duration;

use e2e::{Domain, Place, Server, shared, until};

use crate::stage::{SOON, apply, await_over, caller};

/// Callers inside the flow while it is changed.
const CALLERS: usize = 100;
/// Where it is reached from outside.
const MENU: &str = "+493012345671";
/// Time for a hundred of something.
const A_HUNDRED: Duration = Duration::from_secs(20);

/// A menu whose only key leads to `queue`.
fn yaml(queue: &str) -> String {
    let more = format!(
        r#"  - number: "8001"
    name: Sales
    wait_when_no_agents: true
    max_waiting_time: 0
flows:
  - number: "7001"
    name: Menu
    kind: tree
    steps:
      - {{id: menu, do: menu, prompts: [please-wait], keys: {{"1": there}}, first_digit_timeout: 30, repeats: 3, on_failed: bye}}
      - {{id: there, do: enqueue, queue: "{queue}"}}
      - {{id: bye, do: leave, to: {{hangup: {{message: goodbye}}}}}}
numbers:
  - {{number: "{MENU}", open: {{flow: "7001"}}}}
"#
    );
    Domain { max_waiting_time: 0, ..Domain::default() }.yaml().replace("numbers:\n", &more)
}

/// How many callers stand in the line of a queue.
fn waiting(server: &Server, queue: &str) -> anyhow::Result<usize> {
    Ok(server.api.list(&format!("/v1/domains/~/queues/{queue}/waiting"))?.len())
}

#[test]
fn a_hundred_callers_inside_a_flow_finish_in_the_version_that_they_entered() -> anyhow::Result<()> {
    let _turn = shared()?;
    let options = e2e::Options { rtp_ports: 300, ..e2e::Options::default() };
    let mut server = Server::start_with(&yaml("8000"), options)?;
    let callers = caller(&server)?;
    let calls = (0..CALLERS).map(|_| callers.call(MENU)).collect::<anyhow::Result<Vec<_>>>()?;
    until("all callers to be at the menu", A_HUNDRED, || {
        let live = server.api.list("/v1/domains/~/calls")?;
        let inside = live.iter().filter(|call| call["flow"]["step"] == "menu").count();
        let answered = calls.iter().filter(|call| callers.place(call) == Some(Place::Talking)).count();
        Ok((inside == CALLERS && answered == CALLERS).then_some(()))
    })?;

    let applied = apply(server.http, &server.api, &yaml("8001"), &[])?;
    assert!(applied.ok, "{}", applied.error);
    let [line] = applied.printed.as_slice() else { panic!("{:?}", applied.printed) };
    assert!(line.starts_with("~ step there of 7001") && line.contains("8001"), "{line}");

    // Who comes after the change meets the new version; everybody before him the old one.
    let late = callers.call(MENU)?;
    until("the late caller to be answered", SOON, || {
        Ok((callers.place(&late) == Some(Place::Talking)).then_some(()))
    })?;
    for call in calls.iter().chain([&late]) {
        callers.press(call, '1')?;
    }
    until("everybody to stand in a line", A_HUNDRED, || {
        Ok((waiting(&server, "8000")? + waiting(&server, "8001")? == CALLERS + 1).then_some(()))
    })?;
    assert_eq!((waiting(&server, "8000")?, waiting(&server, "8001")?), (CALLERS, 1));

    for call in calls.iter().chain([&late]) {
        callers.hang_up(call)?;
    }
    for call in &calls {
        await_over(&callers, call)?;
    }
    server.check_alive()
}
