//! Tables out of a server and into it, and what a call leaves in its figures.

use e2e::{Domain, NUMBER, QUEUE, Server, shared};
use serde_json::{Value, json};

use crate::stage::{SOON, await_over, caller, ready_phone, records};

const BELOW: &str = "/v1/domains/~/provisioning";

fn sum(items: &Value, name: &str) -> u64 {
    items["items"].as_array().into_iter().flatten().filter_map(|item| item[name].as_u64()).sum()
}

#[test]
fn a_table_that_was_given_out_changes_nothing_and_a_changed_one_what_it_says() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    for noun in ["agents", "extensions", "numbers", "members"] {
        let table = server.api.table(&format!("{BELOW}/{noun}"))?.text;
        let again = server.api.post_table(&format!("{BELOW}/{noun}/import?dry_run=true"), &table)?.ok()?;
        assert_eq!(again["plan"], json!(["no changes"]), "{table}");
    }
    let changed = "extension,name,groups\n1002,Bob Changed,\n1003,New Agent,support\n";
    let dry = server.api.post_table(&format!("{BELOW}/agents/import?dry_run=true"), changed)?;
    assert_eq!(dry.status, 422, "nobody is without a group: {}", dry.text);
    assert_eq!(dry.body["cells"][0]["line"], 2, "{}", dry.text);
    let mended = changed.replace("Changed,", "Changed,support");
    let done = server.api.post_table(&format!("{BELOW}/agents/import"), &mended)?.ok()?;
    assert_eq!(done["applied"], true);
    assert!(done["generated"]["1003"].is_string(), "her phone's secret is shown once: {done}");
    assert_eq!(server.api.agent(1003)?["name"], "New Agent", "the running server has her");
    assert_eq!(server.api.agent(1002)?["name"], "Bob Changed");
    server.check_alive()
}

#[test]
fn a_call_is_in_the_figures_of_its_queue_and_its_agent() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain::default())?;
    let ann = ready_phone(&server, 1001)?;
    let caller = caller(&server)?;
    let call = caller.call(NUMBER)?;
    let ringing = ann.rung(SOON)?;
    ann.answer(&ringing)?;
    server.api.await_agent(1001, &["QUEUE_CALL"], SOON)?;
    caller.hang_up(&call)?;
    await_over(&ann, ringing.call_id())?;
    records(&server, 1)?;

    let of_queue = format!("/v1/domains/~/queues/{QUEUE}/statistics/intervals");
    let of_agent = "/v1/domains/~/agents/1001/statistics/intervals";
    let figures = e2e::until("the call to be in the figures", SOON, || {
        let figures = server.api.get(&format!("{of_queue}?interval=15m"))?.ok()?;
        Ok((sum(&figures, "offered") == 1).then_some(figures))
    })?;
    assert_eq!((sum(&figures, "answered"), sum(&figures, "abandoned")), (1, 0), "{figures}");
    let hers = server.api.get(&format!("{of_agent}?interval=1d"))?.ok()?;
    assert_eq!((sum(&hers, "offered"), sum(&hers, "answered"), sum(&hers, "missed")), (1, 1, 0), "{hers}");
    let time = |name: &str| -> f64 {
        hers["items"].as_array().into_iter().flatten().filter_map(|item| item[name].as_f64()).sum()
    };
    let states = ["ready", "not_ready", "ringing", "queue_call", "other_call", "wrap_up"];
    let states: f64 = states.iter().map(|state| time(&format!("{state}_time"))).sum();
    assert!(time("queue_call_time") > 0.0 && (states - time("logged_in_time")).abs() < 0.000_5, "{hers}");
    let table = server.api.table(&format!("{of_queue}?interval=1d&fields=offered,answered"))?.text;
    assert!(table.starts_with("offered,answered\r\n") && table.contains("1,1\r\n"), "{table}");
    let calls = server
        .api
        .table(&format!("/v1/domains/~/calls?queue={QUEUE}&outcome=answered&fields=caller,queue"))?;
    assert!(calls.text.contains(",'+") && calls.text.contains(QUEUE), "{}", calls.text);
    server.check_alive()
}
