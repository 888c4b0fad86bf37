//! From what was asked to a load, and to the textbook's answer where it has one.

use anyhow::{Context, Result, anyhow, bail};
use forecast::erlang::{Figures, Model, Solution, hunting, priority};
use forecast::load::{Load, Prepared, Room, Source};
use forecast::pool;
use model::{Directory, Queue, QueueId, Strategy};

use super::args::{SimulateArgs, provisioning};

/// Within which wait an answer counts for `sl20`, seconds.
const THRESHOLD: f64 = 20.0;
/// Priority of those who go before the others.
const VIP: u8 = 9;

/// What is simulated.
pub(super) struct Scenario {
    pub(super) load: Prepared,
    pub(super) exact: Exact,
}

/// What the textbook says; none where it says nothing.
#[derive(Default)]
pub(super) struct Exact {
    /// `p_wait`, `asa`, `wait_mean`, `sl20`, `sl20_adjusted`, `abandon`, `overflow`, `occupancy`.
    pub(super) figures: [Option<f64>; 8],
    /// Of each agent, for a fixed order.
    pub(super) agents: Vec<f64>,
    /// Mean wait of each source.
    pub(super) waits: Vec<f64>,
}

/// Reads the arguments.
pub(super) fn of(args: &SimulateArgs) -> Result<Scenario> {
    let (directory, mix) = match &args.file {
        Some(file) => of_file(args, provisioning(file, &args.common)?)?,
        None => (of_pool(args)?, vec![(pool::QUEUE, 1.0)]),
    };
    let room = match args.room.and_then(|room| room.0) {
        Some(0.0) => Room::None,
        Some(_) | None => Room::AsProvisioned,
    };
    let whole: f64 = mix.iter().map(|(_, share)| share).sum();
    let mut sources = Vec::new();
    for (queue, share) in mix {
        let calls_per_hour = args.calls_per_hour * share / whole;
        let classes = [(args.vip_share, VIP), (1.0 - args.vip_share, 0)];
        for (part, priority) in classes.into_iter().filter(|(part, _)| *part > 0.0) {
            sources.push(Source {
                queue,
                calls_per_hour: calls_per_hour * part,
                aht: args.aht,
                patience: args.patience.0,
                priority,
                room,
            });
        }
    }
    let load = Load {
        directory,
        sources,
        calls: args.calls,
        ring_delay: args.ring_delay,
        threshold: THRESHOLD,
        seed: args.seed,
    };
    let load = load.prepare().map_err(|why| anyhow!("{why}"))?;
    Ok(Scenario { load, exact: exact(args) })
}

fn of_pool(args: &SimulateArgs) -> Result<Directory> {
    let agents = args.agents.unwrap_or_default();
    if agents == 0 || agents > pool::AGENTS_MAX {
        bail!("--agents is from 1 to {}", pool::AGENTS_MAX);
    }
    let callers = callers_max(args).unwrap_or_default();
    pool::directory(agents, args.strategy.unwrap_or_default(), callers)
        .map_err(|why| anyhow!("the simulated domain is not valid: {why}"))
}

/// The limit that a queue is given; 0: none. Where nobody may wait the load itself sees to it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was read as a whole number")]
fn callers_max(args: &SimulateArgs) -> Option<u32> {
    args.room.map(|room| room.0.unwrap_or_default() as u32)
}

/// The file's domain under what was asked, and how the calls are split over its queues.
fn of_file(args: &SimulateArgs, mut directory: Directory) -> Result<(Directory, Vec<(QueueId, f64)>)> {
    for queue in directory.queues.values_mut() {
        queue.max_callers = callers_max(args).unwrap_or(queue.max_callers);
        queue.strategy = args.strategy.unwrap_or(queue.strategy);
    }
    if directory.queues.is_empty() {
        bail!("the file has no queue; add one to `queues`");
    }
    let mut mix = Vec::new();
    for (number, share) in &args.mix {
        let queue = directory.queue(number);
        let queue = queue.with_context(|| format!("--mix names {number}, which is no queue of the file"))?;
        mix.push((queue.id, *share));
    }
    if mix.is_empty() {
        mix = directory.queues.keys().map(|queue| (*queue, 1.0)).collect();
    }
    let staffed = |queue: &&Queue| directory.members(queue.id).next().is_some();
    if let Some(queue) = directory.queues.values().find(|queue| !staffed(queue)) {
        let named = mix.iter().any(|(id, _)| *id == queue.id);
        if named && !queue.wait_when_no_agents {
            eprintln!("note: queue {} has no members: its calls overflow", queue.number);
        }
    }
    Ok((directory, mix))
}

/// The textbook has equal agents who answer at once.
fn exact(args: &SimulateArgs) -> Exact {
    let Some(agents) = args.agents.filter(|_| args.ring_delay == 0.0) else { return Exact::default() };
    let room = args.room.filter(|room| room.0.is_some()).and_then(|_| callers_max(args));
    let model =
        Model { patience: args.patience.0, room, ..Model::hourly(args.calls_per_hour, args.aht, agents) };
    let Ok(solution) = model.solve() else { return Exact::default() };
    let mixed = args.vip_share > 0.0 && args.vip_share < 1.0;
    Exact {
        figures: figures(&solution, mixed),
        agents: match args.strategy {
            Some(Strategy::Linear) => hunting::occupancies(&solution),
            Some(_) | None => Vec::new(),
        },
        waits: if mixed {
            priority::waits(&model, &[args.vip_share, 1.0 - args.vip_share]).unwrap_or_default()
        } else {
            Vec::new()
        },
    }
}

/// Who goes before others changes who waits how long, not how many wait, nor the mean of all.
fn figures(solution: &Solution, mixed: bool) -> [Option<f64>; 8] {
    let Figures { p_wait, asa, wait_mean, in_time, in_time_adjusted, abandon, overflow, occupancy } =
        solution.figures(THRESHOLD);
    let of_order = |figure: f64| (!mixed).then_some(figure);
    [
        Some(p_wait),
        // Nobody waited: a mean of zeros, which the formula calls 0 too.
        of_order(asa),
        Some(wait_mean),
        of_order(in_time),
        of_order(in_time_adjusted),
        Some(abandon),
        Some(overflow),
        Some(occupancy),
    ]
}
