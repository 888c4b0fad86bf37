//! The reference points: figures of queueing theory that the routing core must meet in virtual time.

use forecast::erlang::{Figures, Model};
use forecast::load::{Load, Room, Source, Summary, summarise};
use forecast::pool;
use model::Strategy;

/// One point: what is asked, what theory says, and four standard errors of 30 replications.
pub(crate) struct Point {
    pub(crate) id: &'static str,
    /// Calls an hour, handling time, agents, patience, room.
    pub(crate) model: (f64, f64, u32, Option<f64>, Option<u32>),
    /// P(wait), ASA, W, SL20, SL20 adjusted, abandon, overflow, occupancy; none: not given.
    pub(crate) says: [Option<f64>; 8],
    /// Of P(wait), of ASA (of W where nobody gives up), of SL20, of abandon.
    pub(crate) tolerance: [f64; 4],
}

pub(crate) const POINTS: [Point; 7] = [
    Point {
        id: "C2",
        model: (30.0, 300.0, 4, None, None),
        says: row([0.3199, 63.97, 63.97, 0.7106, 0.7106, 0.0, 0.0, 0.6250]),
        tolerance: [0.0086, 3.36, 0.0084, 0.0],
    },
    Point {
        id: "A1",
        model: (30.0, 300.0, 4, Some(120.0), None),
        says: row([0.2113, 7.22, 11.49, 0.8211, 0.8463, 0.0957, 0.0, 0.5652]),
        tolerance: [0.0039, 0.28, 0.0039, 0.0022],
    },
    Point {
        id: "A2",
        model: (100.0, 180.0, 6, Some(120.0), None),
        says: row([0.3558, 10.85, 13.48, 0.7320, 0.7683, 0.1123, 0.0, 0.7397]),
        tolerance: [0.0060, 0.32, 0.0057, 0.0028],
    },
    Point {
        id: "A4",
        model: (360.0, 240.0, 24, Some(120.0), None),
        says: row([0.4469, 10.33, 11.39, 0.7195, 0.7612, 0.0949, 0.0, 0.9051]),
        tolerance: [0.0120, 0.47, 0.0110, 0.0042],
    },
    Point {
        id: "A5",
        model: (360.0, 240.0, 27, Some(120.0), None),
        says: row([0.2540, 4.73, 5.34, 0.8650, 0.8906, 0.0445, 0.0, 0.8494]),
        tolerance: [0.0156, 0.39, 0.0106, 0.0034],
    },
    Point {
        id: "K1",
        model: (100.0, 180.0, 6, None, Some(5)),
        says: [Some(0.4600), None, Some(36.44), None, None, Some(0.0), Some(0.0490), Some(0.7925)],
        tolerance: [0.0093, 1.11, 0.0102, 0.0],
    },
    Point {
        id: "B1",
        model: (100.0, 180.0, 6, None, Some(0)),
        says: [Some(0.0), None, Some(0.0), None, None, Some(0.0), Some(0.1918), Some(0.6735)],
        tolerance: [0.0, 0.0, 0.0031, 0.0],
    },
];

const fn row(says: [f64; 8]) -> [Option<f64>; 8] {
    let mut row = [None; 8];
    let mut index = 0;
    while index < 8 {
        row[index] = Some(says[index]);
        index += 1;
    }
    row
}

impl Point {
    pub(crate) fn model(&self) -> Model {
        let (calls_per_hour, aht, agents, patience, room) = self.model;
        Model { patience, room, ..Model::hourly(calls_per_hour, aht, agents) }
    }

    fn simulate(&self, calls: u32, replications: u32) -> Summary {
        simulate(&self.model(), Strategy::LongestIdle, calls, replications, 1)
    }
}

/// A model's load on the core.
pub(crate) fn load(model: &Model, strategy: Strategy, calls: u32, seed: u64) -> Load {
    let source = Source {
        queue: pool::QUEUE,
        calls_per_hour: model.rate * 3600.0,
        aht: model.aht,
        patience: model.patience,
        priority: 0,
        room: if model.room == Some(0) { Room::None } else { Room::AsProvisioned },
    };
    Load {
        directory: pool::directory(model.agents, strategy, model.room.unwrap_or(0)).unwrap(),
        sources: vec![source],
        calls,
        ring_delay: 0.0,
        threshold: 20.0,
        seed,
    }
}

pub(crate) fn simulate(
    model: &Model,
    strategy: Strategy,
    calls: u32,
    replications: u32,
    seed: u64,
) -> Summary {
    let load = load(model, strategy, calls, seed).prepare().unwrap();
    let tallies: Vec<_> = (0..replications).map(|index| load.replication(index)).collect();
    summarise(&tallies)
}

pub(crate) fn row_of(figures: &Figures) -> [f64; 8] {
    let Figures { p_wait, asa, wait_mean, in_time, in_time_adjusted, abandon, overflow, occupancy } =
        *figures;
    [p_wait, asa, wait_mean, in_time, in_time_adjusted, abandon, overflow, occupancy]
}

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
        meets(point, &point.simulate(CALLS, REPLICATIONS));
    }
}

/// Without patience and far into its tail a line forgets slowly: longer runs, and thereby a longer warm-up.
#[test]
fn the_core_meets_erlang_c_after_a_long_warm_up() {
    let point = &POINTS[0];
    meets(point, &point.simulate(40_000, REPLICATIONS));
}

fn meets(point: &Point, found: &Summary) {
    let scale = (30.0 / f64::from(REPLICATIONS)).sqrt();
    let [wait, speed, in_time, abandon] = point.tolerance.map(|tolerance| tolerance * scale);
    let exact = row_of(&point.model().solve().unwrap().figures(20.0));
    let whole = &found.whole;
    let of_mean = [whole.p_wait, whole.asa, whole.wait_mean, whole.in_time, whole.in_time_adjusted];
    let means = [
        of_mean.map(|estimate| estimate.mean).as_slice(),
        &[whole.abandon.mean, whole.overflow.mean, found.occupancy.mean],
    ]
    .concat();
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
