//! The reference points: figures of queueing theory that the routing core must meet in virtual time.

use forecast::load::Summary;
use model::Strategy;

use crate::points::{POINTS, Point, load, row_of, row_of_summary, simulate};

#[test]
fn the_formulas_give_every_reference_value_to_its_last_digit() {
    for point in POINTS {
        let figures = row_of(&point.model().solve().unwrap().figures(20.0));
        for (index, (exact, says)) in figures.iter().zip(point.says).enumerate() {
            let Some(says) = says else { continue };
            let last_digit = if index == 1 || index == 2 { 0.005 } else { 0.000_05 };
            assert!((exact - says).abs() <= last_digit * 1.001, "{} {index}: {exact} {says}", point.id);
        }
    }
}

/// Fewer calls than the tolerances were made for; they grow with the square root of that.
const REPLICATIONS: u32 = 8;
const CALLS: u32 = 20_000;

#[test]
fn the_core_meets_the_reference_values_in_virtual_time() {
    println!("id   p_wait  asa     W       SL20    SL20adj abandon overfl. occup.");
    for point in POINTS.iter().filter(|point| point.id != "C2") {
        meets(point, &run(point, CALLS));
    }
}

/// Without patience and far into its tail a line forgets slowly: longer runs, and thereby a longer warm-up.
#[test]
fn the_core_meets_erlang_c_after_a_long_warm_up() {
    let point = &POINTS[0];
    meets(point, &run(point, 40_000));
}

fn run(point: &Point, calls: u32) -> Summary {
    simulate(&point.model(), Strategy::LongestIdle, calls, REPLICATIONS, 1)
}

fn meets(point: &Point, found: &Summary) {
    let scale = (30.0 / f64::from(REPLICATIONS)).sqrt();
    let [wait, speed, in_time, abandon] = point.tolerance.map(|tolerance| tolerance * scale);
    let exact = row_of(&point.model().solve().unwrap().figures(20.0));
    let means = row_of_summary(found);
    println!(
        "{:<4} {}",
        point.id,
        means.iter().map(|mean| format!("{mean:<7.4}")).collect::<Vec<_>>().join(" ")
    );
    println!("     {}", exact.iter().map(|mean| format!("{mean:<7.4}")).collect::<Vec<_>>().join(" "));
    // What has no tolerance of its own is held to that of the figure it follows from.
    let tolerances = [wait, speed, speed, in_time, in_time, abandon, in_time, in_time];
    for (index, tolerance) in tolerances.into_iter().enumerate() {
        let off = (means[index] - exact[index]).abs();
        if point.says[index].is_some() {
            assert!(off <= tolerance, "{} figure {index}: {} {}", point.id, means[index], exact[index]);
        }
    }
}

#[test]
fn one_seed_gives_one_result_and_another_seed_another() {
    let point = &POINTS[2];
    let run = |seed| simulate(&point.model(), Strategy::LongestIdle, 2_000, 3, seed);
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}

#[test]
fn the_area_under_the_line_is_the_sum_of_the_stays_to_the_microsecond() {
    for point in POINTS {
        let load = load(&point.model(), Strategy::LongestIdle, 5_000, 3).prepare().unwrap();
        let tally = load.replication(0);
        assert_eq!(tally.waiting_area, tally.stays, "{}", point.id);
        assert_eq!(tally.stays > 0, point.id != "B1", "{}", point.id);
        assert_eq!(tally.faults, 0);
    }
}
