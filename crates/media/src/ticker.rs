//! The 20 ms of the players, cut into four phases of 5 ms: a thousand frames at one instant would hold
//! up the bridged calls of the same thread, a quarter of them hardly.

use std::time::Duration;

/// Phases of one frame.
const PHASES: usize = 4;
/// From phase to phase.
const STEP: Duration = Duration::from_millis(5);
/// A worker that has slept longer than this does not make up for it: the frames would come all at once.
const LATE_MAX: Duration = Duration::from_millis(100);

/// Which slots of a worker play, by phase.
#[derive(Debug, Default)]
pub(crate) struct Ticker {
    phases: [Vec<usize>; PHASES],
    next: usize,
    due: Duration,
    /// Frames since the start: the playlist clock. It stands while nobody listens.
    tick: u64,
}

impl Ticker {
    /// Adds a slot to the emptiest phase, the next one first; returns the phase.
    pub(crate) fn add(&mut self, slot: usize, now: Duration) -> usize {
        if self.due().is_none() {
            self.due = now;
        }
        let (mut best, mut least) = (self.next, usize::MAX);
        for phase in (0..PHASES).map(|step| (self.next + step) % PHASES) {
            if self.phases[phase].len() < least {
                (best, least) = (phase, self.phases[phase].len());
            }
        }
        self.phases[best].push(slot);
        best
    }

    pub(crate) fn remove(&mut self, slot: usize, phase: usize) {
        if let Some(phase) = self.phases.get_mut(phase)
            && let Some(at) = phase.iter().position(|listener| *listener == slot)
        {
            phase.swap_remove(at);
        }
    }

    /// When the next phase is due; `None` while nobody listens.
    pub(crate) fn due(&self) -> Option<Duration> {
        self.phases.iter().any(|phase| !phase.is_empty()).then_some(self.due)
    }

    /// Goes on by one phase if it is due: the phase and its tick of the playlist clock.
    pub(crate) fn turn(&mut self, now: Duration) -> Option<(usize, u64)> {
        let due = self.due().filter(|due| *due <= now)?;
        self.due = if now - due > LATE_MAX { now } else { due } + STEP;
        let turned = (self.next, self.tick);
        self.next = (self.next + 1) % PHASES;
        if self.next == 0 {
            self.tick += 1;
        }
        Some(turned)
    }

    /// The slots of a phase.
    pub(crate) fn listeners(&self, phase: usize) -> &[usize] {
        self.phases.get(phase).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn listeners_are_spread_and_each_is_served_every_20_ms() {
        let mut ticker = Ticker::default();
        assert_eq!(ticker.due(), None);
        let phases: Vec<usize> = (0..8).map(|slot| ticker.add(slot, ms(1_000))).collect();
        assert_eq!(phases, [0, 1, 2, 3, 0, 1, 2, 3]);
        let mut served = Vec::new();
        for now in 1_000..1_040 {
            while let Some((phase, tick)) = ticker.turn(ms(now)) {
                served.extend(ticker.listeners(phase).iter().map(|slot| (now, *slot, tick)));
            }
        }
        assert_eq!(served.len(), 16);
        assert!(served.contains(&(1_005, 5, 0)) && served.contains(&(1_025, 5, 1)));
    }

    #[test]
    fn a_long_sleep_is_not_made_up_for() {
        let mut ticker = Ticker::default();
        ticker.add(0, ms(0));
        let turns = std::iter::from_fn(|| ticker.turn(ms(10_000))).count();
        assert_eq!(turns, 1);
        let turns = std::iter::from_fn(|| ticker.turn(ms(10_025))).count();
        assert_eq!(turns, 5);
    }

    #[test]
    fn the_clock_stands_while_nobody_listens() {
        let mut ticker = Ticker::default();
        let phase = ticker.add(3, ms(0));
        ticker.remove(3, phase);
        assert_eq!((ticker.due(), ticker.turn(ms(500))), (None, None));
        ticker.add(4, ms(9_000));
        assert_eq!(ticker.due(), Some(ms(9_000)));
    }
}
