//! How long a step takes: `cargo run -p acd --release --example dispatch`.
//!
//! One queue of each strategy with many members and a long line; the figures are microseconds of wall time, median
//! and 99th percentile, on whatever machine runs it.

#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::time::Instant;

use acd::{Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, Entering, Limits, Scope};
use model::{
    Agent, AgentId, AgentStatus, CallId, Directory, ExtensionNumber, InvalidNumber, Membership, OfferId,
    Queue, QueueId, Role, Strategy, Tenant, TenantId, Timestamp,
};

const QUEUE: QueueId = QueueId(1);
const ROUNDS: usize = 1_000;

/// Median and 99th percentile, microseconds.
type Figures = (u128, u128);

fn main() -> Result<(), InvalidNumber> {
    println!("strategy      agents  waiting  arrival p50/p99   leg end to next offer p50/p99   (us)");
    for strategy in [Strategy::LongestIdle, Strategy::Linear, Strategy::RingAll] {
        for (agents, waiting) in [(200, 20), (200, 1_000), (200, 5_000), (2_000, 5_000)] {
            let (arrival, reoffer) = measure(strategy, agents, waiting)?;
            println!(
                "{:<13} {agents:>6}  {waiting:>7}  {:>8} {:>6}   {:>8} {:>6}",
                format!("{strategy:?}"),
                arrival.0,
                arrival.1,
                reoffer.0,
                reoffer.1
            );
        }
    }
    Ok(())
}

/// Everybody talks and the line is full: how long an arrival takes, and how long it takes from the end of an
/// agent's leg to the offer of the next caller.
fn measure(strategy: Strategy, agents: u64, waiting: u64) -> Result<(Figures, Figures), InvalidNumber> {
    let mut acd = Acd::new(Limits::default(), OfferId(1));
    let mut out = AcdOutbox::default();
    let mut now = Timestamp::from_secs(1_000);
    acd.configure(&directory(strategy, agents)?, now, &mut out);
    for agent in (1..=agents).map(AgentId) {
        acd.handle(AcdInput::Device { agent, reachable: true }, now, &mut out);
        acd.act(agent, Scope::All, AgentAction::Login, now, &mut out);
    }
    let mut next_call = 1;
    let mut legs = Vec::new();
    let mut arrive = |acd: &mut Acd, now: Timestamp, out: &mut AcdOutbox| {
        let call = CallId(next_call);
        next_call += 1;
        let begin = Instant::now();
        acd.handle(AcdInput::Enqueued(Entering::new(call, QUEUE, now)), now, out);
        begin.elapsed().as_micros()
    };
    for _ in 0..agents {
        out.outputs.clear();
        arrive(&mut acd, now, &mut out);
        answer(&mut acd, now, &mut out, &mut legs);
    }
    for _ in 0..waiting {
        out.outputs.clear();
        arrive(&mut acd, now, &mut out);
    }
    let (mut arrivals, mut reoffers) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        now = now.after(std::time::Duration::from_millis(10));
        out.outputs.clear();
        arrivals.push(arrive(&mut acd, now, &mut out));
        out.outputs.clear();
        let (agent, call) = legs.remove(round % legs.len());
        let begin = Instant::now();
        acd.handle(AcdInput::QueueLegEnded { agent, call }, now, &mut out);
        reoffers.push(begin.elapsed().as_micros());
        answer(&mut acd, now, &mut out, &mut legs);
    }
    Ok((percentiles(arrivals), percentiles(reoffers)))
}

/// Answers the first offer among the outputs.
fn answer(acd: &mut Acd, now: Timestamp, out: &mut AcdOutbox, legs: &mut Vec<(AgentId, CallId)>) {
    let offered = out.outputs.iter().find_map(|output| match output {
        AcdOutput::Offered { offer, call, agent, .. } => Some((*offer, *call, *agent)),
        AcdOutput::Queued { .. }
        | AcdOutput::OfferEnded { .. }
        | AcdOutput::Decided { .. }
        | AcdOutput::Connected { .. }
        | AcdOutput::LeftQueue { .. }
        | AcdOutput::AgentChanged { .. }
        | AcdOutput::AgentRemoved { .. }
        | AcdOutput::Faulted { .. } => None,
    });
    if let Some((offer, call, agent)) = offered {
        acd.handle(AcdInput::OfferAnswered { offer }, now, out);
        legs.push((agent, call));
    }
}

fn percentiles(mut figures: Vec<u128>) -> Figures {
    figures.sort_unstable();
    (figures[figures.len() / 2], figures[figures.len() * 99 / 100])
}

fn directory(strategy: Strategy, agents: u64) -> Result<Directory, InvalidNumber> {
    let tenant = Tenant {
        id: TenantId(1),
        name: "acme.test".into(),
        timezone: "UTC".into(),
        zone: model::Zone::default(),
        max_hops: 10,
    };
    let mut directory = Directory::new(tenant);
    let mut queue = Queue::new(QUEUE, ExtensionNumber::parse("800000")?, "Support");
    queue.strategy = strategy;
    queue.max_waiting_time = 0;
    directory.insert_queue(queue);
    for id in 1..=agents {
        directory.insert_agent(Agent {
            id: AgentId(id),
            extension: Some(ExtensionNumber::parse(&format!("{}", 100_000 + id))?),
            name: format!("Agent {id}"),
            email: format!("{id}@acme.test"),
            role: Role::Agent,
            groups: vec!["all".into()],
            skills: std::collections::BTreeMap::new(),
            status: AgentStatus::Active,
            max_concurrent_calls: 1,
            hours: None,
        });
        directory.insert_membership(Membership::new(QUEUE, AgentId(id)));
    }
    Ok(directory)
}
