//! Whatever a domain was, a file makes it exactly what the file says.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use model::{AgentId, Directory, QueueId, Strategy};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use store::words::Word as _;

use crate::world::{World, wanted};

/// A random file of one domain; two of them have much in common.
fn file(rng: &mut StdRng) -> String {
    let mut text = String::from("domain: p.test\n");
    let zone = ["UTC", "Europe/Berlin"][rng.random_range(0..2)];
    let _ = write!(text, "timezone: {zone}\ngroups: [g0, g1]\n");
    let agents: Vec<u32> = (1001..1007).filter(|_| rng.random_bool(0.6)).collect();
    let free: Vec<u32> = (1001..1009).filter(|n| !agents.contains(n) && rng.random_bool(0.3)).collect();
    let queues: Vec<u32> = (8000..8004).filter(|_| rng.random_bool(0.6)).collect();
    // Who has which e-mail is shuffled, so that agents move between extensions.
    let shift = rng.random_range(0..3);
    text.push_str("agents:\n");
    for agent in &agents {
        let mail = 1001 + (agent - 1001 + shift) % 6;
        let role = ["agent", "supervisor"][rng.random_range(0..2)];
        let group = rng.random_range(0..2);
        let skill = rng.random_range(1..4);
        let _ = writeln!(
            text,
            "  - {{extension: \"{agent}\", name: Agent {mail}, email: a{mail}@p.test, sip_password: s{skill}, role: {role}, groups: [g{group}], skills: {{x: {skill}}}}}"
        );
    }
    text.push_str("extensions:\n");
    for number in free {
        let _ = writeln!(text, "  - {{number: \"{number}\", dnd: {}}}", rng.random_bool(0.5));
    }
    text.push_str("queues:\n");
    for queue in &queues {
        let strategy = Strategy::ALL[rng.random_range(0..Strategy::ALL.len())].word();
        let _ = write!(
            text,
            "  - number: \"{queue}\"\n    name: Q{}\n    strategy: {strategy}\n    ring_time: {}\n",
            rng.random_range(0..3),
            rng.random_range(10..13),
        );
        if rng.random_bool(0.5) {
            let level = rng.random_range(1..4);
            let _ = writeln!(
                text,
                "    skills: {{x: {level}}}\n    ageing: {level}\n    sticky: {{days: {level}}}\n    order_by: received"
            );
        }
        if rng.random_bool(0.3) {
            text.push_str("    on_full: {hangup: {message: goodbye}}\n    rna_policy: {action: stay}\n");
        }
        text.push_str("    members:\n");
        for agent in &agents {
            if rng.random_bool(0.5) {
                continue;
            }
            let _ = writeln!(
                text,
                "      - {{agent: \"{agent}\", order: {}, tier: {}}}",
                rng.random_range(1..3),
                rng.random_range(1..4)
            );
        }
    }
    text.push_str("numbers:\n");
    for queue in &queues {
        let _ = writeln!(
            text,
            "  - {{number: \"+49{}\", open: {{queue: \"{queue}\"}}}}",
            rng.random_range(0..50) + queue * 100
        );
    }
    text.push_str("exclusive_numbers:\n");
    for (queue, agent) in queues.iter().zip(&agents) {
        let _ = writeln!(text, "  - {{number: \"+491\", queue: \"{queue}\", agents: [\"{agent}\"]}}");
    }
    let _ = writeln!(text, "vip_numbers: [{{number: \"+49{}\"}}]", rng.random_range(10..13));
    let _ = writeln!(text, "blacklist: [{{number: \"+49{}\"}}]", rng.random_range(10..13));
    text.push_str("not_ready_codes:\n");
    for code in ["lunch", "meeting"] {
        let (label, enabled) = (rng.random_range(0..2), rng.random_bool(0.5));
        let _ = writeln!(text, "  - {{code: {code}, label: Away {label}, enabled: {enabled}}}");
    }
    text.push_str("dispositions:\n");
    for code in ["sale", "complaint"] {
        if rng.random_bool(0.3) {
            continue;
        }
        let of: Vec<_> = queues.iter().filter(|_| rng.random_bool(0.5)).map(ToString::to_string).collect();
        let _ = writeln!(text, "  - {{code: {code}, label: Some, queues: {of:?}}}");
    }
    text.push_str("trunks:\n");
    for name in ["a", "b", "c"] {
        if rng.random_bool(0.5) {
            continue;
        }
        let _ = writeln!(text, "  - {{name: {name}, host: h{}.test}}", rng.random_range(0..2));
    }
    text
}

/// The directory with ids that only depend on its content.
fn canonical(directory: &Directory) -> Directory {
    let mut fresh = Directory::new(directory.tenant.clone());
    fresh.tenant.id = model::TenantId(0);
    fresh.feature_codes.clone_from(&directory.feature_codes);
    fresh.not_ready_codes.clone_from(&directory.not_ready_codes);
    fresh.dispositions.clone_from(&directory.dispositions);
    let mut agents: Vec<_> = directory.agents.values().collect();
    agents.sort_by_key(|agent| agent.extension.clone());
    let agents: BTreeMap<AgentId, AgentId> =
        agents.iter().zip(1..).map(|(agent, id)| (agent.id, AgentId(id))).collect();
    let mut queues: Vec<_> = directory.queues.values().collect();
    queues.sort_by_key(|queue| queue.number.clone());
    let queues: BTreeMap<QueueId, QueueId> =
        queues.iter().zip(1..).map(|(queue, id)| (queue.id, QueueId(id))).collect();
    for extension in directory.extensions.values() {
        let mut extension = extension.clone();
        extension.agent = extension.agent.map(|agent| agents[&agent]);
        fresh.extensions.insert(extension.number.clone(), extension);
    }
    for agent in directory.agents.values() {
        let mut agent = agent.clone();
        agent.id = agents[&agent.id];
        fresh.insert_agent(agent);
    }
    for queue in directory.queues.values() {
        let mut queue = queue.clone();
        queue.id = queues[&queue.id];
        fresh.insert_queue(queue);
    }
    for membership in directory.memberships.values() {
        let mut membership = membership.clone();
        (membership.queue, membership.agent) = (queues[&membership.queue], agents[&membership.agent]);
        fresh.insert_membership(membership);
    }
    for ((number, queue), exclusive) in &directory.exclusive_numbers {
        let mut exclusive = exclusive.clone();
        exclusive.agents.iter_mut().for_each(|agent| *agent = agents[agent]);
        fresh.exclusive_numbers.insert((number.clone(), queues[queue]), exclusive);
    }
    fresh.vip_numbers.clone_from(&directory.vip_numbers);
    fresh.queue_blacklist.clone_from(&directory.queue_blacklist);
    fresh.blacklist.clone_from(&directory.blacklist);
    fresh.numbers.clone_from(&directory.numbers);
    let mut trunks: Vec<_> = directory.trunks.values().cloned().collect();
    trunks.sort_by_key(|trunk| trunk.name.clone());
    for (trunk, id) in trunks.iter_mut().zip(1..) {
        trunk.id = model::TrunkId(id);
        fresh.trunks.insert(trunk.id, trunk.clone());
    }
    fresh
}

#[tokio::test]
async fn whatever_was_there_a_file_makes_exactly_what_it_says() {
    let world = World::new().await;
    let mut rng = StdRng::seed_from_u64(20_260_101);
    let mut before: Option<Directory> = None;
    for step in 0..60 {
        let text = file(&mut rng);
        let plan = world.plan(&text).await;
        let tenant = world.store.apply(&plan, crate::world::NOW).await.unwrap().tenant;
        world.document_says_what_is_there("p.test").await;
        let after = world.store.directory(tenant).await.unwrap();
        assert_eq!(canonical(&after), canonical(&wanted(&text).directory()), "step {step}:\n{text}");
        assert_eq!(world.plan(&text).await.to_string(), "no changes", "step {step}:\n{text}");
        if let Some(before) = &before {
            for queue in before.queues.values() {
                if let Some(kept) = after.queue(queue.number.as_str()) {
                    assert_eq!(kept.id, queue.id, "step {step}: a queue that stays keeps its id");
                }
            }
            for agent in before.agents.values() {
                let number = agent.extension.as_ref().unwrap().as_str();
                if let Some(kept) = after.agent_of(number) {
                    assert_eq!(kept.id, agent.id, "step {step}: an agent who stays keeps her id");
                }
            }
        }
        let accounts = world.store.accounts(tenant).await.unwrap();
        assert_eq!(accounts.len(), after.extensions.len(), "every phone has a secret");
        before = Some(after);
    }
}
