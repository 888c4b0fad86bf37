//! The formulas against each other and against the core at points that no table names.

use forecast::erlang::{Model, Unsolvable, erlang_b, erlang_c, hunting, priority};
use forecast::load::{Room, Source, summarise};
use forecast::pool;
use model::Strategy;

use crate::points::{load, row_of, simulate};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs())
}

#[test]
fn erlang_b_and_c_are_the_known_ones_and_stay_stable_for_thousands() {
    // By the definition: (A^n / n!) / sum of A^k / k!, for A = 5 and n = 6.
    let terms: Vec<f64> =
        (0..=6_i32).map(|k| 5_f64.powi(k) / (1..=k).map(f64::from).product::<f64>()).collect();
    let lost = terms[6] / terms.iter().sum::<f64>();
    assert!(close(erlang_b(6, 5.0), lost));
    assert!(close(erlang_c(6, 5.0), 6.0 * lost / (6.0 - 5.0 * (1.0 - lost))));
    assert_eq!(erlang_c(5, 5.0), 1.0);
    let large = erlang_b(5_000, 5_000.0);
    // For n = A the loss tends to sqrt(2 / (pi n)).
    assert!((large / (2.0 / (std::f64::consts::PI * 5_000.0)).sqrt() - 1.0).abs() < 0.02, "{large}");
    assert_eq!(erlang_b(2_000, 1.0), 0.0, "far beyond what a number can hold");
}

#[test]
fn the_special_cases_agree_with_their_own_formulas() {
    let c = Model::hourly(700.0, 240.0, 50).solve().unwrap();
    let wait = erlang_c(50, c.model().load());
    let figures = c.figures(20.0);
    assert!(close(figures.p_wait, wait));
    let excess = 50.0 / 240.0 - 700.0 / 3600.0;
    assert!(close(figures.wait_mean, wait / excess));
    assert!(close(figures.asa, figures.wait_mean));
    assert!(close(figures.in_time, 1.0 - wait * (-excess * 20.0_f64).exp()));
    let b = Model { room: Some(0), ..Model::hourly(700.0, 240.0, 50) }.solve().unwrap();
    assert!(close(b.overflow(), erlang_b(50, b.model().load())));
}

#[test]
fn patience_and_conservation_hold_at_every_point() {
    for agents in [1, 3, 24, 400] {
        for share in [0.4, 0.95, 1.6] {
            for patience in [1.0, 90.0, 3_000.0] {
                let room = (agents == 3).then_some(7);
                let calls = share * f64::from(agents) * 20.0;
                let model = Model { patience: Some(patience), room, ..Model::hourly(calls, 180.0, agents) };
                let solved = model.solve().unwrap();
                let figures = solved.figures(20.0);
                let served = solved.answered_within(1e7);
                assert!((served + figures.abandon + figures.overflow - 1.0).abs() < 1e-9, "{model:?}");
                assert!((solved.abandoned_within(1e7) - figures.abandon).abs() < 1e-9, "{model:?}");
                // Who gives up does so at the rate 1 / patience while he waits.
                assert!(close(figures.abandon, solved.line_mean() / patience / model.rate), "{model:?}");
                assert!(row_of(&figures).iter().all(|figure| figure.is_finite() && *figure >= -1e-12));
                assert!(
                    figures.in_time <= figures.in_time_adjusted && figures.in_time_adjusted <= 1.0 + 1e-12
                );
            }
        }
    }
}

#[test]
fn endless_patience_is_the_limit_of_long_patience() {
    let model = Model { room: Some(9), ..Model::hourly(100.0, 180.0, 6) };
    let never = row_of(&model.solve().unwrap().figures(20.0));
    let long = row_of(&Model { patience: Some(1e9), ..model }.solve().unwrap().figures(20.0));
    assert!(
        never.iter().zip(long).all(|(never, long)| (never - long).abs() < 1e-6 * (1.0 + never)),
        "{never:?} {long:?}"
    );
}

#[test]
fn what_cannot_be_solved_says_why() {
    let model = Model::hourly(100.0, 180.0, 5);
    assert_eq!(model.solve().err(), Some(Unsolvable::Unstable));
    assert_eq!(Model { agents: 0, ..model }.solve().err(), Some(Unsolvable::OutOfRange));
    assert_eq!(Model { aht: f64::NAN, ..model }.solve().err(), Some(Unsolvable::OutOfRange));
    let endless = Model { room: Some(u32::MAX), ..Model::hourly(1e6, 180.0, 5) };
    assert_eq!(endless.solve().err(), Some(Unsolvable::TooLong));
}

#[test]
fn agents_in_a_fixed_order_are_as_busy_as_the_formula_says() {
    for (room, patience) in [(Some(0), None), (None, Some(120.0))] {
        let model = Model { room, patience, ..Model::hourly(90.0, 180.0, 6) };
        let solved = model.solve().unwrap();
        let exact = hunting::occupancies(&solved);
        let mean = exact.iter().sum::<f64>() / 6.0;
        assert!(close(mean, solved.figures(20.0).occupancy));
        let found = simulate(&model, Strategy::Linear, 20_000, 5, 11);
        for ((agent, found), exact) in found.agents.iter().zip(&exact) {
            let off = (found.mean - exact).abs();
            assert!(off < 5.0 * found.error + 0.001, "{agent} {found:?} {exact}");
        }
    }
    // Nobody is preferred where the longest idle is taken.
    let model = Model { patience: Some(120.0), ..Model::hourly(90.0, 180.0, 6) };
    let found = simulate(&model, Strategy::LongestIdle, 20_000, 5, 11);
    assert!(found.agents.values().all(|agent| (agent.mean - found.occupancy.mean).abs() < 0.01));
}

#[test]
fn more_important_callers_wait_as_short_as_the_formula_says() {
    for patience in [None, Some(150.0)] {
        let model = Model { patience, ..Model::hourly(105.0, 180.0, 6) };
        let exact = priority::waits(&model, &[0.3, 0.7]).unwrap();
        let mut load = load(&model, Strategy::LongestIdle, 20_000, 4);
        let source = |share: f64, priority| Source {
            calls_per_hour: 105.0 * share,
            priority,
            room: Room::AsProvisioned,
            ..load.sources[0].clone()
        };
        load.sources = vec![source(0.3, 9), source(0.7, 0)];
        let load = load.prepare().unwrap();
        let tallies: Vec<_> = (0..6).map(|index| load.replication(index)).collect();
        let found = summarise(&tallies);
        for (found, exact) in found.sources.iter().zip(&exact) {
            let (mean, error) = (found.wait_mean.mean, found.wait_mean.error);
            assert!((mean - exact).abs() < 4.5 * error, "{patience:?}: {mean} ± {error}, not {exact}");
        }
        assert!(exact[0] < exact[1]);
    }
}

#[test]
fn two_classes_without_patience_are_cobhams() {
    let model = Model::hourly(105.0, 180.0, 6);
    let waits = priority::waits(&model, &[1.0, 3.0]).unwrap();
    let load = model.load() / 6.0;
    let base = erlang_c(6, model.load()) * 180.0 / 6.0;
    assert!(close(waits[0], base / (1.0 - load / 4.0)));
    assert!(close(waits[1], base / ((1.0 - load / 4.0) * (1.0 - load))));
    assert!(priority::waits(&Model { room: Some(3), ..model }, &[1.0]).is_err());
    assert_eq!(pool::QUEUE, model::QueueId(1));
}
