//! Phones of our own where the moment matters: from what is sent to what comes of it.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use e2e::{Phone, Server, phone_password};

use crate::measure::Spread;
use crate::workplace::{DIRECT, QUEUE};

/// How long an agent talks: long enough for callers to come after those who have been served.
const TALK: Duration = Duration::from_millis(20);
/// How long any one step may take.
const STEP: Duration = Duration::from_secs(10);

fn phone(server: &Server, user: &str, password: &str) -> anyhow::Result<Phone> {
    Phone::start(user, password, IpAddr::V4(Ipv4Addr::LOCALHOST), server.sip)
}

/// An agent, registered and ready.
pub(crate) fn agent(server: &Server, extension: u16) -> anyhow::Result<Phone> {
    let phone = phone(server, &extension.to_string(), &phone_password(extension))?;
    phone.register(3600)?;
    server.api.make_ready(extension)?;
    Ok(phone)
}

/// The caller's INVITE to the agent's INVITE, an agent being free, `rounds` times.
pub(crate) fn first_offers(server: &Server, rounds: usize) -> anyhow::Result<Spread> {
    offers(server, &agent(server, 1001)?, QUEUE, rounds)
}

/// The same of somebody who is dialed by a number of her own and is in no queue's line.
pub(crate) fn direct_offers(server: &Server, extension: u16, rounds: usize) -> anyhow::Result<Spread> {
    let phone = phone(server, &extension.to_string(), &phone_password(extension))?;
    phone.register(3600)?;
    offers(server, &phone, &format!("{DIRECT}{extension}"), rounds)
}

fn offers(server: &Server, agent: &Phone, number: &str, rounds: usize) -> anyhow::Result<Spread> {
    let caller = phone(server, "+4917099999", "")?;
    let mut readings = Vec::new();
    for _ in 0..rounds {
        e2e::sit_out(TALK);
        let start = Instant::now();
        let call = caller.call(number)?;
        let (invite, at) = agent.wait_at("an INVITE", STEP, |message| message.is_request("INVITE"))?;
        readings.push(at.saturating_duration_since(start));
        agent.answer(&invite)?;
        agent.wait("ACK", STEP, |message| message.is_request("ACK"))?;
        agent.hang_up(invite.call_id())?;
        caller.wait("BYE", STEP, |message| message.is_request("BYE") && message.call_id() == call)?;
    }
    Spread::of(readings)
}

/// The agent's BYE to the next INVITE, callers waiting, `rounds` times.
pub(crate) fn reoffers(agent: &Phone, rounds: usize) -> anyhow::Result<Spread> {
    let mut readings = Vec::new();
    let mut invite = agent.rung(STEP)?;
    for _ in 0..rounds {
        agent.answer(&invite)?;
        agent.wait("ACK", STEP, |message| message.is_request("ACK"))?;
        e2e::sit_out(TALK);
        let start = Instant::now();
        agent.hang_up(invite.call_id())?;
        let (next, at) = agent.wait_at("the next INVITE", STEP, |message| message.is_request("INVITE"))?;
        readings.push(at.saturating_duration_since(start));
        invite = next;
    }
    Spread::of(readings)
}
