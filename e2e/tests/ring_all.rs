//! Two agents lift at once.

use anyhow::Context as _;
use e2e::{Domain, Message, NUMBER, Phone, Place, Server, shared};
use serde_json::Value;

use crate::stage::{SOON, caller, ready_phone, records};

/// Rounds in which both answers were on their way.
const ROUNDS: usize = 5;
/// Tries, since now and then the first answer stops the second phone before it can lift.
const TRIES: usize = 25;

#[test]
fn of_two_agents_who_answer_in_the_same_millisecond_one_is_bridged_and_the_other_misses_nothing()
-> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, strategy: "ring_all", ..Domain::default() })?;
    let phones = [ready_phone(&server, 1001)?, ready_phone(&server, 1002)?];
    let caller = caller(&server)?;
    let (mut rounds, mut tries) = (0, 0);
    while rounds < ROUNDS && tries < TRIES {
        tries += 1;
        let call = caller.call(NUMBER)?;
        let invites = [phones[0].rung(SOON)?, phones[1].rung(SOON)?];
        phones[0].answer(&invites[0])?;
        let both = phones[1].answer(&invites[1])?;
        let winner = winner(&phones, &invites, both)?;
        let (winner_number, loser_number) = if winner == 0 { (1001, 1002) } else { (1002, 1001) };
        server.api.await_agent(winner_number, &["QUEUE_CALL"], SOON)?;
        server.api.await_agent(loser_number, &["READY"], SOON)?;
        let place = || phones[winner].place(invites[winner].call_id());
        assert_eq!(place(), Some(Place::Talking), "exactly one is bridged");
        caller.hang_up(&call)?;
        e2e::until("the winner's call to end", SOON, || Ok((place() == Some(Place::Over)).then_some(())))?;
        server.api.agent_do(winner_number, "ready")?;
        server.api.await_agent(winner_number, &["READY"], SOON)?;
        rounds += usize::from(both);
    }
    assert_eq!(rounds, ROUNDS, "in {tries} tries");
    records(&server, tries)?;
    for extension in [1001, 1002] {
        let agent = server.api.agent(extension)?;
        assert_eq!(missed(&agent), 0, "{agent}");
    }
    server.check_alive()
}

/// Which of the two keeps the call, once the other has been told BYE. Both answers are acknowledged.
fn winner(phones: &[Phone; 2], invites: &[Message; 2], both: bool) -> anyhow::Result<usize> {
    if both {
        for phone in phones {
            phone.wait("ACK", SOON, |message| message.is_request("ACK"))?;
        }
    }
    let place = |which: usize| phones[which].place(invites[which].call_id());
    e2e::until("one of the two to be told BYE", SOON, || {
        Ok([0, 1].into_iter().find(|which| place(*which) == Some(Place::Over)).map(|loser| 1 - loser))
    })
    .with_context(|| format!("came: {:?} and {:?}", phones[0].heard(), phones[1].heard()))
}

/// Every count of missed calls in what the API says about an agent, summed.
fn missed(value: &Value) -> u64 {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(
                |(name, value)| {
                    if name.contains("missed") { value.as_u64().unwrap_or(0) } else { missed(value) }
                },
            )
            .sum(),
        Value::Array(items) => items.iter().map(missed).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}
