//! Callers as they come: when, from where, how long they talk and how long they wait at most.

use model::Timestamp;

use super::{Load, Source};
use crate::chance::{Chance, SECOND};

/// One call, as drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Drawn {
    /// When it comes.
    pub(crate) at: Timestamp,
    /// Its source, by place in [`Load::sources`].
    pub(crate) source: usize,
    /// How long it keeps an agent, microseconds.
    pub(crate) handling: i64,
    /// When it gives up, if it still waits.
    pub(crate) gives_up_at: Option<Timestamp>,
}

/// Draws one call after another, for ever.
pub(crate) struct Callers<'a> {
    sources: &'a [Source],
    /// Where each source ends on a line from 0 to `per_hour`.
    ends: Vec<f64>,
    per_hour: f64,
    now: Timestamp,
    gaps: Chance,
    choices: Chance,
    handling: Chance,
    patience: Chance,
}

impl<'a> Callers<'a> {
    pub(crate) fn new(load: &'a Load, replication: u32) -> Self {
        let stream = |kind: u64| Chance::new(load.seed, u64::from(replication) * 4 + kind);
        let mut per_hour = 0.0;
        let ends = load.sources.iter().map(|source| {
            per_hour += source.calls_per_hour;
            per_hour
        });
        Self {
            ends: ends.collect(),
            sources: &load.sources,
            per_hour,
            now: Timestamp::ZERO,
            gaps: stream(0),
            choices: stream(1),
            handling: stream(2),
            patience: stream(3),
        }
    }

    pub(crate) fn next(&mut self) -> Drawn {
        let gap = self.gaps.micros(3600.0 / self.per_hour);
        self.now = Timestamp(self.now.0.saturating_add(gap));
        let choice = self.choices.unit() * self.per_hour;
        let source = self.ends.partition_point(|end| *end <= choice).min(self.sources.len() - 1);
        let of = &self.sources[source];
        let patience = self.patience.exponential(of.patience.unwrap_or(1.0));
        Drawn {
            at: self.now,
            source,
            handling: self.handling.micros(of.aht),
            gives_up_at: of.patience.map(|_| self.now.after(duration(patience))),
        }
    }
}

/// Seconds as a length of time.
pub(crate) fn duration(seconds: f64) -> std::time::Duration {
    let micros = crate::chance::micros(seconds.min(f64::MAX / SECOND));
    std::time::Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}
