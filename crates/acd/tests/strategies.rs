//! Every strategy as a table: the same five members with the same past, and who comes first, second, third. The
//! tables are driven out of the ACD itself and are a page of the book.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use acd::{Acd, AcdInput, AcdOutbox, AcdOutput, AgentAction, Entering, Gone, OfferFailure, Scope};
use expect_test::expect_file;
use model::{AgentId, CallId, OfferId, QueueId, Timestamp};

use crate::world::World;

const QUEUE: QueueId = QueueId(1);
const NAMES: [&str; 5] = ["Ann", "Bob", "Cid", "Dan", "Eve"];

/// `order`, `tier`, `skill_level`.
const MEMBERS: [(i32, u8, u8); 5] = [(2, 1, 1), (1, 2, 5), (2, 1, 5), (3, 2, 3), (1, 3, 5)];

/// When whom the queue has rung, and for how long she talked; nothing: she declined. In seconds of the day.
const PAST: [(i64, usize, Option<i64>); 8] = [
    (100, 0, Some(60)),
    (200, 1, Some(60)),
    (300, 4, Some(20)),
    (400, 0, Some(30)),
    (500, 2, Some(60)),
    (600, 4, Some(20)),
    (700, 1, None),
    (800, 4, Some(10)),
];
const LOGIN: i64 = 10;
const NOW: i64 = 1_000;

/// A queue with the five members, up to the moment before the callers come.
struct Desk {
    world: World,
    acd: Acd,
    now: Timestamp,
    next_call: u64,
}

impl Desk {
    fn new(rules: &str) -> Self {
        let mut world = World::new();
        let strategy =
            format!("queue support: ann bob cid dan eve, {rules}, stay-when-empty, wait 0s, offer 20s");
        world.declare(&strategy);
        for (name, (order, tier, level)) in NAMES.iter().zip(MEMBERS) {
            let name = name.to_lowercase();
            world.declare(&format!("member {name} support: order {order}, tier {tier}, level {level}"));
        }
        let acd = Acd::new(world.limits.clone(), OfferId(1));
        let mut desk = Self { world, acd, now: Timestamp::from_secs(LOGIN), next_call: 1 };
        desk.only(None);
        for agent in 1..=5 {
            desk.input(AcdInput::Device { agent: AgentId(agent), reachable: true });
            let mut out = AcdOutbox::default();
            desk.acd.act(AgentId(agent), Scope::All, AgentAction::Login, desk.now, &mut out);
        }
        for (at, member, talked) in PAST {
            desk.now = Timestamp::from_secs(at);
            desk.only(Some(member));
            let (offer, call, agent) = desk.call_comes()[0];
            if let Some(talked) = talked {
                desk.input(AcdInput::OfferAnswered { offer });
                desk.now = Timestamp::from_secs(at + talked);
                desk.input(AcdInput::QueueLegEnded { agent, call });
            } else {
                desk.input(AcdInput::OfferFailed { offer, why: OfferFailure::Declined });
                desk.input(AcdInput::CallerGone { call, why: Gone::HungUp });
            }
        }
        desk.now = Timestamp::from_secs(NOW);
        for agent in NAMES {
            desk.world.change(&format!("agent {}: dnd off", agent.to_lowercase()));
        }
        desk.configure();
        desk
    }

    /// Leaves one member who may be rung, or none.
    fn only(&mut self, member: Option<usize>) {
        for (index, name) in NAMES.iter().enumerate() {
            let dnd = if member == Some(index) { "off" } else { "on" };
            self.world.change(&format!("agent {}: dnd {dnd}", name.to_lowercase()));
        }
        self.configure();
    }

    fn configure(&mut self) {
        let mut out = AcdOutbox::default();
        self.acd.configure(&self.world.directory, self.now, &mut out);
    }

    fn input(&mut self, input: AcdInput) -> Vec<(OfferId, CallId, AgentId)> {
        let mut out = AcdOutbox::default();
        self.acd.handle(input, self.now, &mut out);
        assert_eq!(self.acd.check(), Vec::<String>::new());
        let offered = out.outputs.into_iter().filter_map(|output| match output {
            AcdOutput::Offered { offer, call, agent, .. } => Some((offer, call, agent)),
            AcdOutput::Queued { .. }
            | AcdOutput::OfferEnded { .. }
            | AcdOutput::Decided { .. }
            | AcdOutput::Connected { .. }
            | AcdOutput::LeftQueue { .. }
            | AcdOutput::AgentChanged { .. }
            | AcdOutput::AgentRemoved { .. } => None,
            AcdOutput::Faulted { what, .. } => panic!("{what}"),
        });
        offered.collect()
    }

    fn call_comes(&mut self) -> Vec<(OfferId, CallId, AgentId)> {
        let call = CallId(self.next_call);
        self.next_call += 1;
        self.input(AcdInput::Enqueued(Entering::new(call, QUEUE, self.now)))
    }
}

fn name(agent: AgentId) -> &'static str {
    NAMES[usize::try_from(agent.0).expect("small") - 1]
}

/// Five callers come; who is rung for the first, the second, ...
fn in_turn(rules: &str) -> String {
    let mut desk = Desk::new(rules);
    let order: Vec<&str> = (0..5).flat_map(|_| desk.call_comes()).map(|(.., agent)| name(agent)).collect();
    assert_eq!(order.len(), 5, "one caller rings one agent");
    order.join(", ")
}

/// One caller comes and nobody lifts; who begins to ring when.
fn over_time(rules: &str) -> String {
    let mut desk = Desk::new(rules);
    let mut text = String::new();
    let mut rung = desk.call_comes();
    let start = desk.now;
    while desk.now <= start.after(std::time::Duration::from_secs(70)) {
        if !rung.is_empty() {
            let names: Vec<&str> = rung.iter().map(|(.., agent)| name(*agent)).collect();
            let _ = writeln!(text, "| {} s | {} |", desk.now.since(start).as_secs(), names.join(", "));
        }
        desk.now = desk.acd.next_deadline().expect("it rings");
        rung = desk.input(AcdInput::Tick);
    }
    text
}

/// Of many callers, one at a time, how many each is rung for.
fn by_chance(callers: usize) -> String {
    let mut desk = Desk::new("random");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..callers {
        let (_, call, agent) = desk.call_comes()[0];
        *counts.entry(name(agent)).or_default() += 1;
        desk.input(AcdInput::CallerGone { call, why: Gone::HungUp });
    }
    let expected = callers / NAMES.len();
    assert!(counts.values().all(|count| count.abs_diff(expected) * 10 < expected), "{counts:?}");
    counts.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
}

/// The members and their past, as the tables below take them.
fn cast() -> String {
    let mut text = String::from(
        "| | `order` | `tier` | `skill_level` | without a call since | last rung | answered today |\n|---|---|---|---|---|---|---|\n",
    );
    for (index, (order, tier, level)) in MEMBERS.iter().enumerate() {
        let hers = || PAST.iter().filter(|(_, member, _)| *member == index);
        let idle = hers().filter_map(|(at, _, talked)| Some(at + (*talked)?)).max().unwrap_or(LOGIN);
        let rung = hers().map(|(at, ..)| *at).max().map_or("never".into(), |at| format!("{at} s"));
        let answered = hers().filter(|(.., talked)| talked.is_some()).count();
        let _ = writeln!(
            text,
            "| {} | {order} | {tier} | {level} | {idle} s | {rung} | {answered} |",
            NAMES[index]
        );
    }
    text
}

const ONE_AT_A_TIME: [(&str, &str, &str); 8] = [
    (
        "longest_idle",
        "longest-idle",
        "Whoever has been without a call for longest. What counts is the end of her last queue call, or her login if that was later; a direct, missed or declined call changes nothing.",
    ),
    ("linear", "linear", "By the member's `order`, lower first, from the top each time."),
    (
        "cyclic",
        "cyclic",
        "Whoever this queue has not rung for longest, whether she lifted or not; who was never rung comes first.",
    ),
    (
        "least_worked",
        "least-worked",
        "Whoever has answered the fewest calls of this queue since midnight in the domain's time zone.",
    ),
    (
        "tiered_longest_idle",
        "tiered",
        "The lowest `tier` that has somebody free; in it whoever has been without a call for longest.",
    ),
    ("skill_linear", "skill-linear", "The highest `skill_level` that has somebody free; in it by `order`."),
    (
        "skill_cyclic",
        "skill-cyclic",
        "The highest `skill_level` that has somebody free; in it whoever has not been rung for longest.",
    ),
    (
        "skill_least_worked",
        "skill-least-worked",
        "The highest `skill_level` that has somebody free; in it whoever has answered the fewest today.",
    ),
];

const OVER_TIME: [(&str, &str, &str); 3] = [
    (
        "ring_all",
        "ring-all",
        "Everybody who is free, at once. The first who lifts has the call, and for the others it is no missed one.",
    ),
    (
        "ring_all` with `sim_ring_first: 1`, `sim_ring_increment: 1",
        "ring-all, first-ring 1, grow 1, retry 0s",
        "So many at first, whoever has been without a call for longest first; after each `ring_time` so many more at a time. Every ring lasts for `ring_time` and counts as missed after it. Here `retry_delay` is 0, so that who has missed it is rung again in her turn.",
    ),
    (
        "linear_cascade",
        "cascade",
        "The lowest `tier` that has somebody free, all of it at once; after each `ring_time` the next tier that has somebody free rings as well, and the earlier ones ring on. When no further tier has anybody free, all have missed the call, and after their `retry_delay` it begins anew.",
    ),
];

const INTRODUCTION: &str = include_str!("strategies/introduction.md");
const REST: &str = include_str!("strategies/rest.md");

#[test]
fn the_page_of_strategies_is_what_the_acd_does() {
    let mut page = String::from(INTRODUCTION);
    let _ = write!(page, "\n{}\nIt is now 1000 s, all are free, and callers come.\n", cast());
    for (name, rules, definition) in ONE_AT_A_TIME {
        let order = in_turn(rules);
        let _ = write!(
            page,
            "\n### `{name}`\n\n{definition}\n\nThe first caller rings the first of these, the second the next: **{order}**.\n"
        );
    }
    let chance = by_chance(5_000);
    let _ = write!(
        page,
        "\n### `random`\n\nAnybody who is free, each with the same chance. The draws come from a seeded generator that is saved with the rest, so a journal replays them.\n\nOf 5,000 callers who come one at a time: **{chance}**.\n"
    );
    for (name, rules, definition) in OVER_TIME {
        let rung = over_time(rules);
        let _ = write!(
            page,
            "\n### `{name}`\n\n{definition}\n\nOne caller comes and nobody lifts:\n\n| after | begins to ring |\n|---|---|\n{rung}"
        );
    }
    page.push_str(REST);
    expect_file!["../../../docs/book/src/routing/strategies.md"].assert_eq(&page);
}
