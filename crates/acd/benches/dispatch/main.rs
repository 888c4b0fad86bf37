//! What a decision costs: `cargo bench -p acd`, or the rows whose name holds a word: `cargo bench -p acd -- many`.
//!
//! First a table of the time of single decisions: median, 99th percentile and the worst, on one core of whatever
//! machine runs it. A decision is the whole step in which an agent is paired with a caller: a leg ends and the
//! head of the line is offered, or a caller comes and somebody free is rung. All that follows in the step is in it:
//! the states of the agent in all her queues, the clocks, the record. The rows `least why` are the same with the
//! smallest records there are, so the difference is what the names in a record cost.
//!
//! Then divan's own benchmarks: the same two steps alone, with what they allocate, and a whole round, in which a
//! leg ends, the next caller is offered, answered, and another caller joins the line: three steps and two records.
//!
//! `DECISIONS=10000` makes each row so many. `bench/core.sh` also counts instructions, which no other work on
//! the machine can disturb.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]
#![expect(clippy::unwrap_used, reason = "a benchmark may end on a mistake of its own")]

mod figures;
mod world;

use std::cell::RefCell;

use world::{MANY, ONE, Size, World};

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

/// A leg ends and the next caller is offered, of 200 such.
#[divan::bench(args = [ONE, MANY], sample_size = 1, sample_count = 200)]
fn leg_end_alone(bencher: divan::Bencher<'_, '_>, size: Size) {
    let world = RefCell::new(World::busy(size));
    let prepare = || {
        let mut world = world.borrow_mut();
        if let Some(queue) = world.answers() {
            world.arrives(queue);
        }
        world.out.outputs.clear();
    };
    bencher.with_inputs(prepare).bench_local_values(|()| world.borrow_mut().leg_ends());
}

/// A caller comes and one of those who are free is rung, of 200 such.
#[divan::bench(args = [ONE, MANY], sample_size = 1, sample_count = 200)]
fn arrival_alone(bencher: divan::Bencher<'_, '_>, size: Size) {
    let world = RefCell::new(World::free(size));
    let prepare = || {
        let mut world = world.borrow_mut();
        if world.answers().is_some() {
            world.leg_ends();
        }
        world.out.outputs.clear();
    };
    bencher.with_inputs(prepare).bench_local_values(|()| world.borrow_mut().comes());
}

/// One round of one queue, by callers in line.
#[divan::bench(args = [10, 100, 1_000, 5_000])]
fn round_by_waiting(bencher: divan::Bencher<'_, '_>, waiting: u64) {
    let mut world = World::busy(Size { waiting, ..ONE });
    bencher.bench_local(|| world.round());
}

/// One round of one queue, by members.
#[divan::bench(args = [10, 100, 1_000, 5_000])]
fn round_by_agents(bencher: divan::Bencher<'_, '_>, agents: u64) {
    let mut world = World::busy(Size { agents, ..ONE });
    bencher.bench_local(|| world.round());
}

/// One round among a thousand queues and ten thousand agents.
#[divan::bench]
fn round_of_a_thousand_queues(bencher: divan::Bencher<'_, '_>) {
    let mut world = World::busy(MANY);
    bencher.bench_local(|| world.round());
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let decisions = std::env::var("DECISIONS").ok().and_then(|decisions| decisions.parse().ok());
    figures::print(&words, decisions);
    divan::main();
}
