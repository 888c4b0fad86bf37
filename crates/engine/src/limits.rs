//! Named limits of one engine.

/// Limits of one engine. Over a limit there is a defined answer and an event that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most live calls; beyond, a new leg is refused with congestion.
    pub calls_max: usize,
    /// Most legs one call may have had.
    pub legs_per_call_max: usize,
    /// Most routing decisions kept of one call; the first and the latest stay.
    pub decisions_per_call_max: usize,
    /// The ACD's own.
    pub acd: acd::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            calls_max: 20_000,
            legs_per_call_max: 2_000,
            decisions_per_call_max: 50,
            acd: acd::Limits::default(),
        }
    }
}
