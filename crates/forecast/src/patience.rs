//! How long callers wait before they give up, from a day on which most of them did not have to.
//!
//! Who was answered after a minute would have waited a minute at least: he says something about patience without
//! having lost it. The estimate of Kaplan and Meier uses both: at each wait at which somebody gave up, the share of
//! those still waiting who did.

use crate::chance::Chance;

/// The distribution of patience; times are microseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patience {
    /// Waits at which somebody gave up, ascending, each with the share of callers who wait longer.
    steps: Vec<(i64, f64)>,
}

impl Patience {
    /// From waits, each with whether it ended because the caller gave up.
    #[must_use]
    pub fn of(waits: impl IntoIterator<Item = (i64, bool)>) -> Self {
        let mut waits: Vec<(i64, bool)> = waits.into_iter().collect();
        // Of equal waits those who gave up come first: the others were there still.
        waits.sort_unstable_by_key(|(wait, gave_up)| (*wait, !gave_up));
        let (mut staying, mut steps) = (1.0, Vec::<(i64, f64)>::new());
        for (index, (wait, gave_up)) in waits.iter().enumerate() {
            if !gave_up {
                continue;
            }
            let left = (waits.len() - index) as f64;
            staying *= 1.0 - 1.0 / left;
            match steps.last_mut() {
                Some(step) if step.0 == *wait => step.1 = staying,
                Some(_) | None => steps.push((*wait, staying)),
            }
        }
        Self { steps }
    }

    /// Share of callers who wait longer than `wait`.
    #[must_use]
    pub fn staying(&self, wait: i64) -> f64 {
        let after = self.steps.partition_point(|(at, _)| *at <= wait);
        after.checked_sub(1).and_then(|index| self.steps.get(index)).map_or(1.0, |(_, staying)| *staying)
    }

    /// The patience of one who has waited `waited` already; none: longer than anybody was seen to wait.
    pub fn draw(&self, waited: i64, chance: &mut Chance) -> Option<i64> {
        let level = (1.0 - chance.unit()) * self.staying(waited);
        let at = self.steps.partition_point(|(_, staying)| *staying >= level);
        self.steps.get(at).map(|(wait, _)| *wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answered_count_as_long_as_they_were_there() {
        // The textbook's scheme: at each step 1 - gave up / still there.
        let patience = Patience::of([(10, true), (20, false), (30, true), (30, false), (40, true)]);
        let near = |wait, share: f64| assert!((patience.staying(wait) - share).abs() < 1e-12, "{wait}");
        near(9, 1.0);
        near(10, 0.8);
        near(29, 0.8);
        near(30, 0.8 * 2.0 / 3.0);
        near(40, 0.0);
        assert_eq!(Patience::of([(10, false)]).staying(100), 1.0);
    }

    #[test]
    fn a_drawn_patience_lies_beyond_what_was_waited_and_follows_the_estimate() {
        let patience = Patience::of([(10, true), (20, true), (30, true), (40, false)]);
        let mut chance = Chance::new(1, 1);
        let drawn: Vec<_> = (0..30_000).map(|_| patience.draw(10, &mut chance)).collect();
        let share = |of| drawn.iter().filter(|drawn| **drawn == of).count() as f64 / 30_000.0;
        for of in [Some(20), Some(30), None] {
            assert!((share(of) - 1.0 / 3.0).abs() < 0.02, "{of:?} {}", share(of));
        }
        assert_eq!(share(Some(10)), 0.0);
        assert_eq!(Patience::default().draw(0, &mut chance), None);
    }
}
