//! The simulated world: clock, callers, agents, phones, wire; every law checked after every step.
//!
//! One `u64` draws a whole world: what is provisioned, who calls and for how long he waits, what agents ask for and
//! how their phones behave, what goes wrong ([`Fault`]), when the process is killed. [`run()`] lets it happen around
//! the production [`engine::Engine`], unchanged, in virtual time: no clock, no thread, no IO. A naive reference
//! written from the domain's rules decides beside it; after each input the engine must have offered, ended, counted
//! and shown the same. After that the seed draws a small world of the ACD alone, for callers who are to be called back:
//! the engine cannot ask for that yet. The first rule that breaks ends the world; [`shrink()`] makes a failing one
//! small, and `seeds/kept.txt` keeps it for ever.
//!
//! ```text
//! cargo run -p sim -- --seeds 0..2000        worlds by seed, and which event met which agent state
//! cargo run -p sim -- --seed 7 --trace       one world, every input and what came of it
//! cargo run -p sim -- --seed 7 --shrink      the smallest world that breaks the same rule
//! cargo test -p sim --features broken        rules broken on purpose, each found within 200 seeds
//! ```
//!
//! # Reading order
//!
//! `plan` (what comes from outside), `provision`, `fault`, `world` (the loop), `wire` (phones), `journal` (kills);
//! `laws` (what needs no reference), `reference` (what does); `callbacks` (the small world); `coverage`, `run`,
//! `many`, `shrink`.
//!
//! # Which laws are checked
//!
//! By their numbers, the forty-four of the reliability rules; a violation names its number, or that of the domain's
//! own list (`3.3.n`, `3.4`).
//!
//! | law | checked by | how |
//! |---|---|---|
//! | 1 calls per agent | `reference::choose`, `compare` | at each offer, and each live ring after each step |
//! | 2 agents per call | `laws`, `laws::record` | joined once; one queue answered |
//! | 3 bridges of live offers only | `laws`, `reference::line` | both legs live and answered; the offer rang |
//! | 4 wrap-up | `choose`, `compare` | no offer in it; its clock to the microsecond |
//! | 5 who gets no offer | `choose`, `compare` | availability derived anew, shown availability equal |
//! | 6 agents can come back | `world::come_back` | at the end each one does, by command |
//! | 7, 8 order of a line, ageing | `choose`, `line` | nobody whom she could serve stands before him |
//! | 9 skills and their relaxation | `growth::knows` | at each offer |
//! | 10 a requeue costs nothing | `compare::check_lines` | entry, priority, place after each step |
//! | 11 no idle with waiting | `choose::check_nobody_idle` | after each step, at once: the bound is zero |
//! | 12 rings end | `compare::check_clocks` | at each tick |
//! | 13 no stuck state | `compare::check_members` | ringing only with a live offer, in the same step |
//! | 14 gone callers | `laws::callers_gone`, `compare` | every ring ends in the same step |
//! | 15 one way out | `laws`, `laws::record` | events and record agree, each offer ends once |
//! | 16 one record | `laws::record`, `journal` | one a call, also through a kill and its replay |
//! | 17, 18 conservation | `compare::check_counts`, `check_members` | per queue, per agent, after each step |
//! | 19 state durations | `compare::check_members` | each state begins where the one before ended |
//! | 20 times | `laws::record`, `line::connected` | never backwards; the wait told is the wait |
//! | 21, 22 service level | `compare::check_counts` | threshold at entry; late abandons (the formula is the API's) |
//! | 23, 24 strategies | `choose::better_agent` | all eleven, as a rank of facts |
//! | 25 ring-all, hang-up before the bridge | `compare::check_lines` | the call stands where it stood |
//! | 26, 27 full, too long, nobody there | `line`, `compare` | at entry and after each step |
//! | 28 callbacks | `callbacks` | they keep their place, are offered in it to one at a time, end once and in time |
//! | 30 each hears one | `laws` | transfers are not built |
//! | 33 no command for a leg that is over | `laws::living` | adoption needs a second node |
//! | 34 one reply a request | `laws`, `action` | and what it says; ids given twice are the switch's |
//! | 35 the live view | `laws::views` | what a step names rebuilds it; numbers are the switch's |
//! | 37 provisioning under load | `provision`, `compare` | rings are withdrawn, lines drained, calls go on |
//! | 38 clocks | `laws`, `device` | none due after a tick, none early, late alarms change nothing |
//! | 39 restart | `laws` | every call over with its record, agents and places kept |
//! | 41 rest | `laws::record::at_rest` | no call, leg, bridge, clock, waiting caller |
//! | 42 overload | `laws` | what is refused is answered |
//! | 43 weights, starving | `choose::claim` | the order of queues at each offer |
//! | 44 positions, waits | `line`, `compare`, `estimate` | rank at that moment, from 1; waits from the past |
//!
//! Not checked: of 28, that the caller is rung once his agent is there (the engine has no callbacks yet), and that a
//! newer call of his number cancels his callback (A45; the ACD knows no numbers, so the world does it for it); 29, 40
//! (monitoring and recording are not built), 31 (hold changes nothing yet; it is fed as noise), 32 (leases need a
//! second node), 36 (an engine is one domain, so nothing could cross).
//!
//! # What the reference cannot check
//!
//! Where the domain's rules are silent, the reference has taken over how the ACD reads them. It sees that the ACD
//! does as it says, not that this is right:
//!
//! * **Several clocks at one moment.** The longest wait before the rings, both before growing sets, what is asked for
//!   less, wrap-up, delays and grace; an edge of working hours before all of them, decided by itself.
//! * **An alarm that is late.** What was due happens before the input, or after it: the reference takes either.
//! * **The expected wait.** The mean (an eighth for the newest call, work after the call as it is provisioned), nothing
//!   for who serves other queues too, zero beside a free agent, held against the limit in whole seconds.
//! * **Growing sets.** When a set grows, that rules which change begin it anew, that a cascade which has come to its
//!   end has been missed by everybody it rings, and begins again with whoever is free then.
//! * **Priorities that age**: how many seconds a step is worth. **Starving**: after how long weights no longer count.
//! * **Relaxing.** What a call asks for changes when its clock runs down, not in between.
//! * **Delays.** A miss, a decline or a busy phone of one queue keeps her from all; the longest of them stands; ready
//!   ends it.
//! * **Phones.** A registered phone that an offer did not reach counts as gone until it does something, but still
//!   staffs its queue. After a restart one that was there counts as there, except for offers.
//! * **Several calls at a time.** On a call she is not idle at all and comes last. Wrap-up asked for in several queues
//!   takes the longest time of theirs. Which of her rings ends when she has no more room is not looked at.
//! * **Ready asked for during a call** is not undone by what follows a direct one.
//! * **An old place taken again** has at least one ring's time before its longest wait is over.
//! * **A callback** counts for the depth of its line; its time begins with the first request, and who is no longer on
//!   the line does not leave with the last agent.
#![forbid(unsafe_code)]

pub mod coverage;
pub mod fault;
pub mod many;
pub mod plan;
pub mod provision;
pub mod rng;
pub mod run;
pub mod shrink;
pub mod violation;

mod callbacks;
mod journal;
mod laws;
mod reference;
mod wire;
mod world;

pub use coverage::Coverage;
pub use fault::Fault;
pub use many::run_all;
pub use plan::{Plan, Without};
#[cfg(feature = "broken")]
pub use run::run_broken;
pub use run::{Outcome, run};
pub use shrink::{Kept, shrink};
pub use violation::Violation;
