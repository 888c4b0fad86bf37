//! What a flow may ask of the rest of the switch, at the moment it asks.

use model::flow::document::NamePart;
use model::{ExtensionNumber, Reachable};

/// What a flow may ask.
pub trait World {
    /// Which numbers of the domain, of any kind, are these digits or begin with them.
    fn begins(&self, digits: &str) -> Begins;
    /// How many digits the longest number of the domain has.
    fn longest(&self) -> usize;
    /// Whether the number is a phone that a flow of this reach may ring.
    fn is_phone(&self, number: &str, reachable: Reachable) -> bool;
    /// Whether a phone can be rung now; `not_ready_too`: also if its agent is not ready (A25).
    fn reach(&self, number: &str, not_ready_too: bool) -> Reach;
    /// Who can be dialed by these keys of her name, `max` of them at most, by number.
    fn named(&self, keys: &str, by: NamePart, max: usize) -> Vec<Named>;
    /// Business hours by their name; closed if there are none of that name.
    fn hours(&self, name: &str) -> HoursState;
    /// A queue by its number.
    fn line(&self, queue: &str) -> Option<Line>;
}

/// Somebody who can be dialed by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Her extension.
    pub number: ExtensionNumber,
    /// Prompt that says her name; without one her extension is read out.
    pub spoken: Option<String>,
}

/// What digits are the beginning of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Begins {
    /// A number is exactly these.
    pub exact: bool,
    /// A longer number begins with them.
    pub longer: bool,
}

/// Whether a phone can be rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It can.
    Free,
    /// Its agent is engaged or in wrap-up.
    Busy,
    /// Nobody is there, or nobody who takes calls.
    Unavailable,
}

/// What business hours say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoursState {
    /// Open.
    Open,
    /// Not open.
    Closed,
    /// Not open, because of a holiday.
    Holiday,
}

/// How a line stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// How many wait.
    pub waiting: u32,
    /// Somebody is logged in and reachable.
    pub staffed: bool,
    /// How long one who comes now would wait, seconds; none: nobody can say.
    pub expected_wait: Option<u32>,
}
