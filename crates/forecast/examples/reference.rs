//! The reference points, simulated and by formula: `cargo run -p forecast --release --example reference`.

#![expect(clippy::print_stdout, reason = "an example prints its result")]
#![expect(clippy::unwrap_used, reason = "the points are known to be solvable")]

#[path = "../tests/points.rs"]
mod points;

use model::Strategy;
use points::{POINTS, row_of, row_of_summary, simulate};

/// As many as the tolerances were made for.
const REPLICATIONS: u32 = 30;

fn main() {
    let names = ["P(wait)", "ASA s", "W s", "SL20", "SL20adj", "abandon", "overflow", "occup."];
    println!("{:<4} {}  within", "", line(&names));
    for point in POINTS {
        // Erlang C forgets slowly: more calls, and thereby a longer warm-up.
        let calls = if point.id == "C2" { 120_000 } else { 20_000 };
        let found = simulate(&point.model(), Strategy::LongestIdle, calls, REPLICATIONS, 1);
        let (found, exact) = (row_of_summary(&found), row_of(&point.model().solve().unwrap().figures(20.0)));
        // P(wait), ASA, SL20, abandon; of the points without a given ASA their W.
        let speed = if point.says[1].is_some() { 1 } else { 2 };
        let held = [0, speed, 3, 5].into_iter().zip(point.tolerance);
        let within = held.filter(|(figure, _)| point.says[*figure].is_some());
        let mut within = within.map(|(figure, tolerance)| (found[figure] - exact[figure]).abs() <= tolerance);
        let verdict = if within.all(|fine| fine) { "yes" } else { "NO" };
        println!("{:<4} {}  {verdict}", point.id, line(&found.map(|figure| format!("{figure:.4}"))));
        println!("{:<4} {}", "", line(&exact.map(|figure| format!("{figure:.4}"))));
    }
}

fn line(cells: &[impl AsRef<str>]) -> String {
    cells.iter().map(|cell| format!("{:>8}", cell.as_ref())).collect::<Vec<_>>().join(" ")
}
