//! Agents who take a while to answer.

use forecast::erlang::{Model, erlang_b};
use forecast::load::{Tally, summarise};
use model::Strategy;

use crate::points::load;

fn run(model: &Model, ring_delay: f64, calls: u32, replications: u32) -> Vec<Tally> {
    let mut load = load(model, Strategy::LongestIdle, calls, 9);
    load.ring_delay = ring_delay;
    let load = load.prepare().unwrap();
    (0..replications).map(|index| load.replication(index)).collect()
}

/// Where nobody waits the loss depends on the mean only of how long an agent is taken up, so the prediction is
/// exact: reserved while she is rung, and then, unless the caller has given up, taken up for the call.
#[test]
fn where_nobody_waits_the_deviation_is_exactly_the_predicted_one() {
    let (ring, aht, patience) = (15.0, 180.0, 60.0_f64);
    let stays = (-ring / patience).exp();
    let taken_up = patience * (1.0 - stays) + stays * aht;
    let rate = 100.0 / 3600.0;
    let lost = erlang_b(6, rate * taken_up);
    let model = Model { patience: Some(patience), room: Some(0), ..Model::hourly(100.0, aht, 6) };
    let found = summarise(&run(&model, ring, 20_000, 8));
    let near = |estimate: forecast::Estimate, exact: f64| {
        assert!((estimate.mean - exact).abs() < 4.5 * estimate.error, "{estimate:?} {exact}");
    };
    near(found.whole.overflow, lost);
    near(found.whole.abandon, (1.0 - lost) * (1.0 - stays));
    near(found.occupancy, rate * taken_up * (1.0 - lost) / 6.0);
    assert_eq!(found.whole.asa.mean, ring, "every answer takes as long as it rings");
}

/// The same callers, served by hand: each goes to the agent who is free soonest, who is taken up while she is
/// rung. The core must find the same waits to the microsecond.
#[test]
fn every_wait_is_that_of_a_line_whose_agents_are_reserved_while_they_are_rung() {
    for (patience, ring) in [(None, 0.0), (None, 7.5), (Some(90.0), 0.0), (Some(90.0), 7.5)] {
        let model = Model { patience, ..Model::hourly(100.0, 180.0, 6) };
        let mut load = load(&model, Strategy::LongestIdle, 4_000, 21);
        load.ring_delay = ring;
        let prepared = load.clone().prepare().unwrap();
        let tally = prepared.replication(2);
        let by_hand = serve_by_hand(&prepared.callers(2), 6, ring);
        let found = tally.whole();
        assert_eq!(
            (found.answered, found.abandoned, found.waits_answered, found.waits),
            by_hand,
            "patience {patience:?}, ring {ring}"
        );
        assert_eq!(found.overflowed, 0);
    }
}

/// Answered, abandoned, waits of the answered, all waits: of the calls after the first tenth.
fn serve_by_hand(callers: &[(i64, i64, Option<i64>)], agents: usize, ring: f64) -> (u64, u64, i128, i128) {
    let mut free_at = vec![0_i64; agents];
    let ring = i64::try_from(std::time::Duration::from_secs_f64(ring).as_micros()).unwrap();
    let (mut answered, mut abandoned, mut waits_answered, mut waits) = (0, 0, 0_i128, 0_i128);
    for (index, (at, handling, gives_up_at)) in callers.iter().enumerate() {
        let soonest = (0..agents).min_by_key(|agent| free_at[*agent]).unwrap();
        let offered = (*at).max(free_at[soonest]);
        let gives_up_at = gives_up_at.unwrap_or(i64::MAX);
        let counts = index >= callers.len() / 10;
        if gives_up_at <= offered + ring {
            // Somebody who has given up already takes nobody's time; else only until he hangs up.
            if gives_up_at > offered {
                free_at[soonest] = gives_up_at;
            }
            abandoned += u64::from(counts);
            waits += if counts { i128::from(gives_up_at - at) } else { 0 };
        } else {
            free_at[soonest] = offered + ring + handling;
            answered += u64::from(counts);
            waits_answered += if counts { i128::from(offered + ring - at) } else { 0 };
            waits += if counts { i128::from(offered + ring - at) } else { 0 };
        }
    }
    (answered, abandoned, waits_answered, waits)
}

#[test]
fn a_ring_that_outlasts_the_ring_time_is_refused() {
    let mut load = load(&Model::hourly(100.0, 180.0, 6), Strategy::LongestIdle, 100, 1);
    load.directory.queues.values_mut().for_each(|queue| queue.ring_time = 5);
    load.ring_delay = 5.0;
    assert!(load.prepare().is_err());
}
