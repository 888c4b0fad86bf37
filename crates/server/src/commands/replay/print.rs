//! The comparison as a table and as JSON.

use std::collections::BTreeSet;
use std::fmt::Write;

use forecast::Estimate;
use forecast::rerun::Figures;
use serde_json::{Map, Value, json};
use switch::Replayed;

use super::Comparison;

/// One figure of a day.
type Figure = fn(&Figures) -> f64;

/// The figures that are compared: name, unit, value.
pub(super) const ROWS: [(&str, &str, Figure); 9] = [
    ("offered", "calls", |of| of.offered as f64),
    ("answered", "calls", |of| of.answered as f64),
    ("abandoned", "calls", |of| of.abandoned as f64),
    ("left", "calls", |of| of.left as f64),
    ("service_level", "%", |of| of.service_level() * 100.0),
    ("wait_mean", "s", Figures::wait_mean),
    ("wait_p90", "s", Figures::wait_p90),
    ("occupancy", "%", |of| of.occupancy() * 100.0),
    ("unfairness", "gini", Figures::unfairness),
];

/// Mean and error of a figure over runs.
pub(super) fn over(runs: &[Figures], figure: impl Fn(&Figures) -> f64) -> Estimate {
    Estimate::of(runs.iter().map(figure))
}

/// All agents of all columns, in order.
pub(super) fn agents(comparison: &Comparison) -> BTreeSet<&String> {
    let runs = [comparison.again.first(), comparison.with.first()].into_iter().flatten();
    [&comparison.day].into_iter().chain(runs).flat_map(|of| of.agents.keys()).collect()
}

/// Answered calls and occupancy in per cent of one agent.
pub(super) fn agent(of: &Figures, extension: &str) -> Option<(f64, f64)> {
    of.agents.get(extension).map(|agent| (agent.answered as f64, agent.occupancy * 100.0))
}

/// The same as a mean over runs.
pub(super) fn agent_over(runs: &[Figures], extension: &str) -> Option<(f64, f64)> {
    runs.first().and_then(|of| of.agents.get(extension))?;
    let mean =
        |part: fn((f64, f64)) -> f64| over(runs, |of| agent(of, extension).map_or(f64::NAN, part)).mean;
    Some((mean(|(answered, _)| answered), mean(|(_, occupancy)| occupancy)))
}

/// The table.
pub(super) fn text(replayed: &Replayed, comparison: Option<&Comparison>) -> String {
    let mut out = String::new();
    let verdict = match (&replayed.difference, replayed.compared) {
        (Some(_), _) => "NOT the same decisions",
        (None, 0) => "nothing to compare with yet",
        (None, _) => "the same decisions",
    };
    let _ = writeln!(
        out,
        "{} inputs, {} recorded hashes: {}\nhash {}",
        replayed.inputs, replayed.compared, verdict, replayed.hash
    );
    if let Some(difference) = &replayed.difference {
        let _ = writeln!(
            out,
            "first difference in segment {}: at input {} {} was recorded, {} came out",
            difference.segment, difference.recorded.inputs, difference.recorded, difference.found
        );
    }
    if replayed.gaps > 0 {
        let _ = writeln!(out, "{} stretches were not recorded", replayed.gaps);
    }
    if let Some(comparison) = comparison {
        compared(&mut out, comparison);
    }
    out
}

fn compared(out: &mut String, comparison: &Comparison) {
    let [day, again, with] = &comparison.names;
    let _ = writeln!(out, "\n{:<22} {day:>12} {again:>20} {with:>20}", "");
    for (name, unit, figure) in ROWS {
        let shown = |runs: &[Figures]| {
            let Estimate { mean, error } = over(runs, figure);
            format!("{mean:.2} ± {error:.2}")
        };
        let name = format!("{name} ({unit})");
        let recorded = figure(&comparison.day);
        let _ = writeln!(
            out,
            "{name:<22} {recorded:>12.2} {:>20} {:>20}",
            shown(&comparison.again),
            shown(&comparison.with)
        );
    }
    let _ = writeln!(out, "\n{:<22} {:>12} {:>20} {:>20}", "agent", "calls, busy %", "", "");
    for extension in agents(comparison) {
        let shown = |of: Option<(f64, f64)>| {
            of.map_or_else(|| "-".to_owned(), |(answered, busy)| format!("{answered:.1}, {busy:.1}"))
        };
        let _ = writeln!(
            out,
            "{extension:<22} {:>12} {:>20} {:>20}",
            shown(agent(&comparison.day, extension)),
            shown(agent_over(&comparison.again, extension)),
            shown(agent_over(&comparison.with, extension))
        );
    }
    let _ = writeln!(
        out,
        "\n`{again}` is the recorded day in the model, under the provisioning it had: how far it lies from `{day}`\n\
         is how far the model can be trusted. ± is one standard error over {} runs.",
        comparison.with.len()
    );
    for note in &comparison.notes {
        let _ = writeln!(out, "note: {note}");
    }
}

/// The same for programs.
pub(super) fn json(replayed: &Replayed, comparison: Option<&Comparison>) -> Value {
    let difference = replayed.difference.as_ref().map(|difference| {
        json!({
            "segment": difference.segment,
            "inputs": difference.recorded.inputs,
            "recorded": difference.recorded.to_string(),
            "found": difference.found.to_string(),
        })
    });
    let mut top = json!({
        "hash": replayed.hash.to_string(),
        "inputs": replayed.inputs,
        "compared": replayed.compared,
        "gaps": replayed.gaps,
        "same": replayed.difference.is_none(),
        "difference": difference,
    });
    if let (Some(comparison), Some(top)) = (comparison, top.as_object_mut()) {
        top.insert("recorded".into(), column(std::slice::from_ref(&comparison.day), false));
        top.insert("modelled".into(), column(&comparison.again, true));
        top.insert("with".into(), column(&comparison.with, true));
        top.insert("notes".into(), comparison.notes.clone().into());
    }
    top
}

fn column(runs: &[Figures], modelled: bool) -> Value {
    let mut of = Map::new();
    for (name, _, figure) in ROWS {
        let Estimate { mean, error } = over(runs, figure);
        of.insert(name.into(), if modelled { json!({"mean": mean, "se": error}) } else { mean.into() });
    }
    let agents = runs.first().into_iter().flat_map(|of| of.agents.keys()).map(|extension| {
        let (answered, occupancy) = agent_over(runs, extension).unwrap_or_default();
        json!({"agent": extension, "answered": answered, "occupancy": occupancy})
    });
    of.insert("agents".into(), agents.collect());
    Value::Object(of)
}
