//! What a caller hears and chooses: flows as they are compiled and interpreted.
//!
//! Pure, like everything that decides: no clock, no sound, no ACD. A flow says "play this", "ring that extension",
//! "into this queue"; who carries it out is the engine's matter.
//!
//! # Reading order
//!
//! [`mod@flow`] is what is run, [`mod@compile`] makes it of what was saved and says what is wrong with that;
//! [`run`] is one caller inside a flow, fed with [`Input`] and answering in [`Output`]; [`world`] is what it may
//! ask of the rest, [`keypad`] how a name is keyed. [`script`] drives a flow with a caller by script, for its author's tests and for ours.
//!
//! # Laws
//!
//! * [`mod@compile`] never fails: what is wrong is a [`Problem`], and the flow runs around it.
//! * A run ends by exactly one [`Output::Leave`], at the latest after [`run::STEPS_MAX`] steps.
//! * A caller inside a flow stays in the version that he entered.
//! * A step that is sensitive never sees a digit: it counts them ([`Output::Secrecy`]).

#![forbid(unsafe_code)]

pub mod compile;
pub mod flow;
pub mod keypad;
pub mod output;
pub mod run;
pub mod say;
pub mod script;
pub mod world;

pub use compile::{Known, Problem, compile};
pub use flow::Flow;
pub use output::{Fallback, Input, Leave, NotReached, Output, Secrecy};
pub use run::Run;
pub use world::{Begins, HoursState, Line, Named, Reach, World};
