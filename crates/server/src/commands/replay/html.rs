//! The comparison as one page with plots: no script, nothing from elsewhere, readable in light and dark.

use std::fmt::Write;

use forecast::Estimate;
use forecast::rerun::{Counts, Figures};

use super::Comparison;
use super::print::{ROWS, agent, agent_over, agents, over};

/// Size of a plot, and of its margins.
const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 48.0;
const BOTTOM: f64 = 24.0;
const TOP: f64 = 12.0;
/// Most agents in the bars.
const AGENTS_SHOWN: usize = 200;

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #68707a; --line: #d5dae0; --page: #ffffff;
  --day: #7a8490; --again: #b07a1e; --with: #1f6fd0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa3ad; --line: #3a424c;
  --page: #14181d; --day: #9aa3ad; --again: #e0a94a; --with: #6cabff; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page);
  max-width: 900px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; }
small, .soft { color: var(--soft); }
svg { width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 11px; }
.axis { stroke: var(--line); } .day { stroke: var(--day); fill: var(--day); }
.again { stroke: var(--again); fill: var(--again); } .with { stroke: var(--with); fill: var(--with); }
polyline { fill: none !important; stroke-width: 2; } rect { stroke: none; }
.key { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em; vertical-align: baseline; }
";

/// The columns: class, name, values of a bin or an agent.
const CLASSES: [&str; 3] = ["day", "again", "with"];

/// The page.
pub(super) fn page(comparison: &Comparison) -> String {
    let mut out = String::new();
    let with = escaped(&comparison.names[2]);
    let _ = write!(
        out,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>The day with {with}</title><style>{STYLE}</style></head><body><h1>The day with {with}</h1>"
    );
    let _ = write!(
        out,
        "<p><small>{} calls. “{}” is what happened; “{}” is the same day in the model under the provisioning it \
         had, and says how far the model can be trusted; “{with}” is the day under that file. Mean of {} \
         runs ± one standard error.</small></p>",
        comparison.day.offered,
        escaped(&comparison.names[0]),
        escaped(&comparison.names[1]),
        comparison.with.len()
    );
    table(&mut out, comparison);
    legend(&mut out, comparison);
    out.push_str("<h2>Mean wait of the answered through the day, seconds</h2>");
    lines(&mut out, comparison, Counts::wait_mean);
    out.push_str("<h2>Callers who gave up, each stretch of the day</h2>");
    lines(&mut out, comparison, |bin| Some(bin.abandoned as f64));
    out.push_str("<h2>Occupancy of each agent, per cent</h2>");
    bars(&mut out, comparison, |(_, occupancy)| occupancy, Some(100.0));
    out.push_str("<h2>Calls answered by each agent</h2>");
    bars(&mut out, comparison, |(answered, _)| answered, None);
    for note in &comparison.notes {
        let _ = write!(out, "<p class=\"soft\">Note: {}</p>", escaped(note));
    }
    out.push_str("</body></html>\n");
    out
}

fn table(out: &mut String, comparison: &Comparison) {
    out.push_str("<table><thead><tr><th></th>");
    for name in &comparison.names {
        let _ = write!(out, "<th>{}</th>", escaped(name));
    }
    out.push_str("</tr></thead><tbody>");
    for (name, unit, figure) in ROWS {
        let shown = |runs: &[Figures]| {
            let Estimate { mean, error } = over(runs, figure);
            format!("{mean:.2} <small>± {error:.2}</small>")
        };
        let _ = write!(
            out,
            "<tr><td>{} <small>{unit}</small></td><td>{:.2}</td><td>{}</td><td>{}</td></tr>",
            name.replace('_', " "),
            figure(&comparison.day),
            shown(&comparison.again),
            shown(&comparison.with)
        );
    }
    out.push_str("</tbody></table>");
}

fn legend(out: &mut String, comparison: &Comparison) {
    out.push_str("<p>");
    for (name, class) in comparison.names.iter().zip(CLASSES) {
        let _ =
            write!(out, "<span class=\"key\" style=\"background: var(--{class})\"></span>{}", escaped(name));
    }
    out.push_str("</p>");
}

/// One value for each bin, over runs; none where no run has one.
fn through_the_day(runs: &[Figures], value: fn(&Counts) -> Option<f64>) -> Vec<Option<f64>> {
    let bins = runs.first().map_or(0, |of| of.bins.len());
    let at = |place: usize| {
        let found: Vec<f64> = runs.iter().filter_map(|of| value(of.bins.get(place)?)).collect();
        (!found.is_empty()).then(|| found.iter().sum::<f64>() / found.len() as f64)
    };
    (0..bins).map(at).collect()
}

fn lines(out: &mut String, comparison: &Comparison, value: fn(&Counts) -> Option<f64>) {
    let columns = [std::slice::from_ref(&comparison.day), &comparison.again, &comparison.with]
        .map(|runs| through_the_day(runs, value));
    let top = round_top(columns.iter().flatten().flatten().copied().fold(0.0, f64::max));
    let count = columns[0].len().max(1) as f64;
    open(out, top);
    for (column, class) in columns.iter().zip(CLASSES) {
        let mut points = String::new();
        for (value, place) in column.iter().zip(0_u32..) {
            let Some(value) = value else { continue };
            let x = LEFT + (f64::from(place) + 0.5) / count * (WIDTH - LEFT);
            let _ = write!(points, "{x:.1},{:.1} ", y(*value, top));
        }
        let _ = write!(out, "<polyline class=\"{class}\" points=\"{points}\"/>");
    }
    let seconds = comparison.day.bin_length as f64 * count;
    for quarter in 0..=4_u32 {
        let share = f64::from(quarter) / 4.0;
        let x = LEFT + share * (WIDTH - LEFT);
        let anchor = if quarter == 4 { "end" } else { "middle" };
        let time = clock(comparison.begins_at, seconds * share, seconds < 3_600.0);
        let _ =
            write!(out, "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{time}</text>", HEIGHT - 6.0);
    }
    out.push_str("</svg>");
}

fn bars(out: &mut String, comparison: &Comparison, part: fn((f64, f64)) -> f64, top: Option<f64>) {
    let rows: Vec<(&String, [Option<f64>; 3])> = agents(comparison)
        .into_iter()
        .take(AGENTS_SHOWN)
        .map(|extension| {
            let columns = [
                agent(&comparison.day, extension),
                agent_over(&comparison.again, extension),
                agent_over(&comparison.with, extension),
            ];
            (extension, columns.map(|column| column.map(part)))
        })
        .collect();
    let highest = rows.iter().flat_map(|(_, columns)| columns.iter().flatten()).copied().fold(1.0, f64::max);
    let top = top.unwrap_or_else(|| round_top(highest));
    let slot = (WIDTH - LEFT) / rows.len().max(1) as f64;
    let bar = (slot * 0.8 / 3.0).min(28.0);
    open(out, top);
    for ((extension, columns), place) in rows.iter().zip(0_u32..) {
        let middle = LEFT + (f64::from(place) + 0.5) * slot;
        for ((value, class), index) in columns.iter().zip(CLASSES).zip(-1_i32..) {
            let Some(value) = value else { continue };
            let (x, top) = (middle + (f64::from(index) - 0.5) * bar, y(*value, top));
            let height = HEIGHT - BOTTOM - top;
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{height:.1}\">\
                 <title>{} {value:.1}</title></rect>",
                bar * 0.9,
                escaped(extension)
            );
        }
        if slot > 34.0 {
            let text = escaped(extension);
            let _ = write!(
                out,
                "<text x=\"{middle:.1}\" y=\"{}\" text-anchor=\"middle\">{text}</text>",
                HEIGHT - 6.0
            );
        }
    }
    out.push_str("</svg>");
}

/// Begins a plot, with lines at quarters of its height.
fn open(out: &mut String, top: f64) {
    let _ = write!(out, "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">");
    for quarter in 0..=4_u32 {
        let value = top * f64::from(quarter) / 4.0;
        let at = y(value, top);
        let digits = usize::from(top < 10.0);
        let _ = write!(
            out,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{value:.digits$}</text>",
            LEFT - 6.0,
            at + 4.0
        );
    }
}

/// The next number at or above `highest` whose quarters are short to write.
fn round_top(highest: f64) -> f64 {
    let mut unit = 1.0;
    while unit * 10.0 < highest {
        unit *= 10.0;
    }
    [1.0, 2.0, 4.0, 6.0, 8.0, 10.0]
        .map(|times| times * unit)
        .into_iter()
        .find(|top| *top >= highest)
        .unwrap_or(highest)
}

/// The time of day so many seconds after the day began.
#[expect(clippy::cast_possible_truncation, reason = "seconds of a journal")]
fn clock(begins_at: i64, after: f64, with_seconds: bool) -> String {
    let second = begins_at.saturating_add(after.round() as i64).rem_euclid(86_400);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    if with_seconds {
        format!("{hour:02}:{minute:02}:{:02}", second % 60)
    } else {
        format!("{hour:02}:{minute:02}")
    }
}

fn y(value: f64, top: f64) -> f64 {
    HEIGHT - BOTTOM - (value / top).clamp(0.0, 1.0) * (HEIGHT - BOTTOM - TOP)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers_and_name_the_time_of_day() {
        assert_eq!([0.0, 1.0, 3.0, 11.0, 49.9, 850.0].map(round_top), [1.0, 1.0, 4.0, 20.0, 60.0, 1_000.0]);
        assert_eq!(clock(86_399, 61.0, true), "00:01:00");
        assert_eq!(clock(8 * 3_600, 1_800.0, false), "08:30");
    }

    #[test]
    fn a_page_stands_alone_and_takes_no_markup_from_a_name() {
        let figures = Figures { bins: vec![Counts::default(); 3], bin_length: 60, ..Figures::default() };
        let comparison = Comparison {
            names: ["recorded".into(), "modelled".into(), "<b>.yaml".into()],
            day: figures.clone(),
            again: vec![figures.clone()],
            with: vec![figures],
            notes: vec!["a & b".into()],
            begins_at: 86_399,
        };
        let page = page(&comparison);
        assert!(page.contains("&lt;b&gt;.yaml") && !page.contains("<b>.yaml") && page.contains("a &amp; b"));
        assert!(!page.contains("http") && !page.contains("<script") && !page.contains("NaN"));
        assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
    }
}
