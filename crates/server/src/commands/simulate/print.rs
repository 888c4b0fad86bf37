//! What the simulation found, as a table and as JSON.

use std::fmt::Write;

use forecast::Estimate;
use forecast::load::{Load, Results, Summary};
use serde_json::{Map, Value, json};

use super::args::SimulateArgs;
use super::scenario::Scenario;

/// Names of the figures, in the order of [`figures`].
const NAMES: [&str; 8] =
    ["p_wait", "asa", "wait_mean", "sl20", "sl20_adjusted", "abandon", "overflow", "occupancy"];
/// Most agents that the table names; JSON names all.
const AGENTS_SHOWN: usize = 40;

fn of_calls(results: &Results) -> [Estimate; 7] {
    let Results { p_wait, asa, wait_mean, in_time, in_time_adjusted, abandon, overflow } = *results;
    [p_wait, asa, wait_mean, in_time, in_time_adjusted, abandon, overflow]
}

fn figures(summary: &Summary) -> Vec<(&'static str, Estimate)> {
    let of_calls = of_calls(&summary.whole).into_iter().chain([summary.occupancy]);
    NAMES.into_iter().zip(of_calls).collect()
}

/// Number and priority of a source.
fn source(load: &Load, index: usize) -> (String, u8) {
    let source = load.sources.get(index);
    let queue = source.and_then(|source| load.directory.queues.get(&source.queue));
    (queue.map(|queue| queue.number.to_string()).unwrap_or_default(), source.map_or(0, |of| of.priority))
}

/// Extension and occupancy of each agent, in the order in which a fixed order tries them.
fn agents(load: &Load, summary: &Summary) -> Vec<(String, Estimate)> {
    let of = |(agent, estimate): (&model::AgentId, &Estimate)| {
        let agent = load.directory.agents.get(agent)?;
        Some((agent.extension.as_ref().map_or_else(|| agent.name.clone(), ToString::to_string), *estimate))
    };
    summary.agents.iter().filter_map(of).collect()
}

fn plus_minus(estimate: Estimate) -> String {
    let digits = if estimate.mean.abs() >= 10.0 { 2 } else { 4 };
    format!("{:.digits$} ± {:.digits$}", estimate.mean, estimate.error)
}

/// The table.
pub(super) fn text(args: &SimulateArgs, scenario: &Scenario, summary: &Summary) -> String {
    let load = scenario.load.load();
    let mut out = String::new();
    let erlangs = args.calls_per_hour * args.aht / 3600.0;
    let room = args.room.map_or_else(
        || if args.file.is_some() { "as the file says".to_owned() } else { "inf".to_owned() },
        |room| room.to_string(),
    );
    let _ = writeln!(
        out,
        "{} calls an hour x {} s = {erlangs:.2} erlangs, {} agents, patience {}, room {room}, ring delay {} s",
        args.calls_per_hour,
        args.aht,
        load.directory.agents.len(),
        args.patience,
        args.ring_delay
    );
    let _ = writeln!(
        out,
        "{} replications of {} calls, the first tenth not counted, seed {}; ± is one standard error\n",
        args.replications, args.calls, args.seed
    );
    let exact = scenario.exact.figures;
    let known = exact.iter().any(Option::is_some);
    let _ = writeln!(out, "{:<14} {:<20}{}", "", "simulated", if known { " theory" } else { "" });
    for ((name, estimate), exact) in figures(summary).into_iter().zip(exact) {
        let exact = exact.map(|exact| format!(" {exact:.4}")).unwrap_or_default();
        let _ = writeln!(out, "{:<14} {:<20}{exact}", name, plus_minus(estimate));
    }
    by_source(&mut out, scenario, summary);
    by_agent(&mut out, scenario, summary);
    out
}

fn by_source(out: &mut String, scenario: &Scenario, summary: &Summary) {
    if summary.sources.len() < 2 {
        return;
    }
    let _ = writeln!(
        out,
        "\n{:<10} {:<9} {:<18} {:<18} {:<18} {:<18} {:<18}",
        "queue", "priority", "asa", "wait_mean", "sl20", "abandon", "overflow"
    );
    for (index, results) in summary.sources.iter().enumerate() {
        let (queue, priority) = source(scenario.load.load(), index);
        let shown = [results.asa, results.wait_mean, results.in_time, results.abandon, results.overflow];
        let _ = write!(out, "{queue:<10} {priority:<9}");
        shown.iter().for_each(|estimate| {
            let _ = write!(out, " {:<18}", plus_minus(*estimate));
        });
        if let Some(exact) = scenario.exact.waits.get(index) {
            let _ = write!(out, " (wait_mean by theory {exact:.4})");
        }
        let _ = writeln!(out);
    }
}

fn by_agent(out: &mut String, scenario: &Scenario, summary: &Summary) {
    let _ = writeln!(out, "\n{:<10} {:<20}", "agent", "occupancy");
    let agents = agents(scenario.load.load(), summary);
    for (index, (extension, occupancy)) in agents.iter().enumerate().take(AGENTS_SHOWN) {
        let exact = scenario.exact.agents.get(index).map(|exact| format!(" {exact:.4}")).unwrap_or_default();
        let _ = writeln!(out, "{extension:<10} {:<20}{exact}", plus_minus(*occupancy));
    }
    if agents.len() > AGENTS_SHOWN {
        let _ = writeln!(out, "and {} more", agents.len() - AGENTS_SHOWN);
    }
}

fn estimate(estimate: Estimate) -> Value {
    json!({"mean": estimate.mean, "se": estimate.error})
}

/// The same for programs.
pub(super) fn json(args: &SimulateArgs, scenario: &Scenario, summary: &Summary) -> Value {
    let load = scenario.load.load();
    let mut top = Map::new();
    for ((name, found), exact) in figures(summary).into_iter().zip(scenario.exact.figures) {
        let mut of = estimate(found);
        if let (Some(exact), Some(of)) = (exact, of.as_object_mut()) {
            of.insert("theory".into(), exact.into());
        }
        top.insert(name.into(), of);
    }
    let sources = summary.sources.iter().enumerate().map(|(index, results)| {
        let (queue, priority) = source(load, index);
        let mut of =
            Map::from_iter([("queue".to_owned(), queue.into()), ("priority".to_owned(), priority.into())]);
        of.extend(NAMES.into_iter().zip(of_calls(results)).map(|(name, of)| (name.to_owned(), estimate(of))));
        if let Some(exact) = scenario.exact.waits.get(index) {
            of.insert("wait_mean_theory".into(), (*exact).into());
        }
        Value::Object(of)
    });
    top.insert("queues".into(), sources.collect());
    let agents = agents(load, summary).into_iter().enumerate().map(|(index, (extension, occupancy))| {
        let exact = scenario.exact.agents.get(index);
        json!({"agent": extension, "occupancy": estimate(occupancy), "theory": exact})
    });
    top.insert("agents".into(), agents.collect());
    top.insert("calls".into(), args.calls.into());
    top.insert("replications".into(), args.replications.into());
    top.insert("seed".into(), args.seed.into());
    Value::Object(top)
}
