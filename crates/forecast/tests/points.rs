//! The reference points, and how each is put to the core; the example prints them too.

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

/// The same figures of a simulation.
pub(crate) fn row_of_summary(found: &Summary) -> [f64; 8] {
    let of = &found.whole;
    let of_calls =
        [of.p_wait, of.asa, of.wait_mean, of.in_time, of.in_time_adjusted, of.abandon, of.overflow];
    let mut row = [found.occupancy.mean; 8];
    row.iter_mut().zip(of_calls).for_each(|(to, from)| *to = from.mean);
    row
}
