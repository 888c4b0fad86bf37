//! How many agents a target needs.

use forecast::erlang::{Model, Unsolvable};
use forecast::pool;
use forecast::staff::{Demand, Effort, Target, alone, crew};
use model::{ExtensionNumber, Membership, Queue, QueueId, Strategy};

const TARGET: Target = Target { service_level: 0.8, seconds: 20.0, max_occupancy: 1.0 };
const EFFORT: Effort = Effort { calls: 6_000, replications: 3, seed: 1 };

fn demand(queue: u64, calls_per_hour: f64) -> Demand {
    Demand { queue: QueueId(queue), calls_per_hour, aht: 180.0, patience: Some(120.0) }
}

#[test]
fn a_queue_alone_gets_the_fewest_agents_that_meet_its_target() {
    for calls in [1.0, 30.0, 100.0, 1_000.0, 20_000.0] {
        let found = alone(&demand(1, calls), &TARGET).unwrap();
        let level = |agents| {
            let model = Model { patience: Some(120.0), ..Model::hourly(calls, 180.0, agents) };
            model.solve().unwrap().figures(20.0).in_time
        };
        assert_eq!(level(found.agents), found.service_level);
        assert!(found.service_level >= 0.8, "{calls} {found:?}");
        assert!(found.agents == 1 || level(found.agents - 1) < 0.8, "{calls} {found:?}");
    }
    // Where nobody gives up there are never fewer than the load.
    let patient = Demand { patience: None, ..demand(1, 100.0) };
    assert!(alone(&patient, &TARGET).unwrap().agents > 5);
    let idle = Target { max_occupancy: 0.5, ..TARGET };
    assert!(alone(&patient, &idle).unwrap().agents >= 10);
    let never = Target { service_level: 1.1, ..TARGET };
    assert_eq!(alone(&patient, &never), Err(Unsolvable::TooLong));
}

#[test]
fn for_equal_agents_of_one_queue_simulation_and_theory_agree() {
    let directory = pool::directory(4, Strategy::LongestIdle, 0).unwrap();
    let theory = alone(&demand(1, 100.0), &TARGET).unwrap();
    let found = crew(&directory, &[demand(1, 100.0)], &TARGET, EFFORT).unwrap();
    assert!(found.met && found.agents.abs_diff(theory.agents) <= 1, "{} {theory:?}", found.agents);
    assert_eq!(found.copies.values().sum::<u32>(), found.agents);
}

#[test]
fn agents_of_two_queues_are_fewer_than_two_crews_apart() {
    let mut directory = pool::directory(2, Strategy::LongestIdle, 0).unwrap();
    let other = Queue {
        max_waiting_time: 0,
        ring_time: 60,
        ..Queue::new(QueueId(2), ExtensionNumber::parse("8001").unwrap(), "Other")
    };
    directory.insert_queue(other);
    for agent in directory.agents.keys().copied().collect::<Vec<_>>() {
        directory.insert_membership(Membership::new(QueueId(2), agent));
    }
    let demands = [demand(1, 60.0), demand(2, 60.0)];
    let apart: u32 = demands.iter().map(|demand| alone(demand, &TARGET).unwrap().agents).sum();
    let together = crew(&directory, &demands, &TARGET, EFFORT).unwrap();
    assert!(together.met && together.agents < apart, "{} {apart}", together.agents);
}

#[test]
fn a_queue_that_nobody_serves_is_said_not_to_be_met() {
    let mut directory = pool::directory(2, Strategy::LongestIdle, 0).unwrap();
    directory.memberships.clear();
    let found = crew(&directory, &[demand(1, 60.0)], &TARGET, EFFORT).unwrap();
    assert!(!found.met && found.agents == 0);
}
