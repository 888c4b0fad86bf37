//! Two agents lift at once.

use e2e::{Domain, NUMBER, Place, Server, shared};
use serde_json::Value;

use crate::stage::{SOON, caller, ready_phone, records};

#[test]
fn of_two_agents_who_answer_in_the_same_millisecond_one_is_bridged_and_the_other_misses_nothing()
-> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, strategy: "ring_all", ..Domain::default() })?;
    let phones = [ready_phone(&server, 1001)?, ready_phone(&server, 1002)?];
    let caller = caller(&server)?;
    for _ in 0..5 {
        let call = caller.call(NUMBER)?;
        let invites = [phones[0].rung(SOON)?, phones[1].rung(SOON)?];
        phones[0].answer(&invites[0])?;
        phones[1].answer(&invites[1])?;
        for phone in &phones {
            phone.wait("ACK", SOON, |message| message.is_request("ACK"))?;
        }
        let places = || [0, 1].map(|which| phones[which].place(invites[which].call_id()));
        e2e::until("one of the two to be told BYE", SOON, || {
            Ok(places().contains(&Some(Place::Over)).then_some(()))
        })?;
        let winner = usize::from(places()[0] == Some(Place::Over));
        let (winner_number, loser_number) = if winner == 0 { (1001, 1002) } else { (1002, 1001) };
        server.api.await_agent(winner_number, &["QUEUE_CALL"], SOON)?;
        server.api.await_agent(loser_number, &["READY"], SOON)?;
        assert_eq!(places()[winner], Some(Place::Talking), "exactly one is bridged");
        caller.hang_up(&call)?;
        e2e::until("the winner's call to end", SOON, || {
            Ok((places()[winner] == Some(Place::Over)).then_some(()))
        })?;
        server.api.agent_do(winner_number, "ready")?;
        server.api.await_agent(winner_number, &["READY"], SOON)?;
    }
    records(&server, 5)?;
    for extension in [1001, 1002] {
        let agent = server.api.agent(extension)?;
        assert_eq!(missed(&agent), 0, "{agent}");
    }
    server.check_alive()
}

/// Every count of missed calls in what the API says about an agent, summed.
fn missed(value: &Value) -> u64 {
    let below: u64 = match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| name.contains("missed"))
            .filter_map(|(_, count)| count.as_u64())
            .sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => 0,
    };
    let inside: u64 = match value {
        Value::Object(fields) => fields.values().map(missed).sum(),
        Value::Array(items) => items.iter().map(missed).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    };
    below + inside
}
