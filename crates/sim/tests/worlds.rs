//! Worlds by seed: none breaks a rule, and each is the same again.

use sim::{Coverage, Kept, Without};

/// What seeds 1 to 20 say from beginning to end: another machine must say the same. Whoever changes what the core
/// says on purpose writes the new number here.
const HASH_OF_SEEDS_1_TO_20: u64 = 0xdf52_4337_d1bd_170e;

#[test]
fn no_world_breaks_a_rule_and_every_event_meets_every_state_it_can() {
    let (mut broken, mut coverage, mut steps) = (Vec::new(), Coverage::default(), 0);
    sim::run_all(0..2_000, |outcome| {
        coverage.add(&outcome.coverage);
        steps += outcome.steps;
        if let Some((step, violation)) = outcome.violation {
            broken.push(format!("seed {} step {step}: {violation}", outcome.seed));
        }
    });
    assert!(broken.is_empty(), "reproduce with `cargo run -p sim -- --seed N --trace`: {broken:#?}");
    assert!(steps > 400_000, "the worlds are hardly alive: {steps} steps");
    assert_eq!(coverage.missing(), [], "never seen:\n{}", coverage.table());
    assert_eq!(coverage.unexpected(), [], "seen and said to be impossible:\n{}", coverage.table());
}

#[test]
fn a_seed_that_once_failed_never_fails_again() {
    for line in include_str!("../seeds/kept.txt").lines().filter(|line| line.starts_with("seed ")) {
        let kept: Kept = line.parse().unwrap();
        let outcome = sim::run(kept.seed, &kept.without, false);
        assert_eq!(outcome.violation, None, "{line}");
    }
}

#[test]
fn a_world_is_the_same_again_and_on_every_machine() {
    for seed in [2, 3, 5] {
        let hash = || sim::run(seed, &Without::default(), false).hash;
        assert_eq!(hash(), hash(), "seed {seed}");
    }
    let hash = |so_far: u64, seed| so_far.rotate_left(1) ^ sim::run(seed, &Without::default(), false).hash;
    let hash = (1..=20).fold(0, hash);
    assert_eq!(hash, HASH_OF_SEEDS_1_TO_20, "now {hash:#018x}");
}
