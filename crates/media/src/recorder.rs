//! What one party says, on its way to the disk: put in order by its timestamps, measured for silence.

use std::sync::Arc;
use std::time::Duration;

use rtp::RATE;

use crate::EndpointId;
use crate::command::Record;
use crate::disk::Take;
use crate::event::RecordEnd;
use crate::shared::Moment;

/// Samples that are handed to the disk at once: a second.
const CHUNK: usize = RATE as usize;
/// A gap between two packets is filled with silence up to this, in samples; beyond, the sender's clock was set
/// anew.
const GAP_MAX: u32 = 10 * RATE;
/// A packet whose samples are on the mean quieter than this is silence (-42 dB below full scale).
const QUIET: u64 = 256;
/// How long sound is held for part of a key after a telephone event's packet: they come at least every 50 ms
/// (RFC 4733 2.5.1.2), and many phones send the tone as sound besides.
const KEY_HOLD: Duration = Duration::from_millis(60);
/// How far a recording that keeps step is off at most, in samples: more than a network holds back and gives at once.
const SLACK: u64 = RATE as u64;
/// Of a silence at the end so much is kept, in samples.
const TAIL: u64 = RATE as u64;

/// A running recording.
pub(crate) struct Recorder {
    take: Arc<Take>,
    max: Duration,
    silence: Duration,
    in_step: bool,
    samples_max: u64,
    gathered: Vec<i16>,
    /// The timestamp that follows on what was received.
    next: Option<u32>,
    length: u64,
    /// Where the last sound ended that was no silence.
    loud: u64,
    began_at: Duration,
    loud_at: Duration,
    key_until: Duration,
}

impl Recorder {
    pub(crate) fn begin(endpoint: EndpointId, record: Record, moment: &Moment<'_>) -> Recorder {
        let Record { record, file, max, silence, in_step } = record;
        let take = Arc::new(Take::new(endpoint, record, file, in_step));
        moment.shared.disk.begin(&take);
        Recorder {
            take,
            max,
            silence,
            in_step,
            samples_max: max.as_secs().saturating_add(1).saturating_mul(u64::from(RATE)),
            gathered: Vec::with_capacity(CHUNK),
            next: None,
            length: 0,
            loud: 0,
            began_at: moment.now,
            loud_at: moment.now,
            key_until: Duration::ZERO,
        }
    }

    /// The party presses a key.
    pub(crate) fn key(&mut self, moment: &Moment<'_>) {
        self.key_until = moment.now + KEY_HOLD;
        // It is a sign of life.
        self.loud_at = moment.now;
    }

    /// What the party says; the timestamp is at 8 kHz.
    pub(crate) fn receive(&mut self, timestamp: u32, samples: &[i16], moment: &Moment<'_>) {
        let gap = self.next.map_or(0, |next| timestamp.wrapping_sub(next));
        if gap > u32::MAX - GAP_MAX {
            // Late or twice: its place is taken.
            return;
        }
        let follows = self.next.is_some();
        self.next = Some(timestamp.wrapping_add(u32::try_from(samples.len()).unwrap_or(0)));
        let gap = if gap <= GAP_MAX { gap.into() } else { 0 };
        let silence = if self.in_step {
            let coming = u64::try_from(samples.len()).unwrap_or(0);
            missing(self.length, self.passed(moment), (gap, coming), follows)
        } else {
            Some(gap)
        };
        // What is ahead of the clock has no place.
        let Some(silence) = silence else { return };
        self.take_in((0..silence).map(|_| 0), moment);
        if moment.now < self.key_until {
            return self.take_in(samples.iter().map(|_| 0), moment);
        }
        let level: u64 = samples.iter().map(|sample| u64::from(sample.unsigned_abs())).sum();
        self.take_in(samples.iter().copied(), moment);
        if level > QUIET.saturating_mul(u64::try_from(samples.len()).unwrap_or(u64::MAX)) {
            self.loud = self.length;
            self.loud_at = moment.now;
        }
    }

    /// How much could have been said since it began, in samples.
    fn passed(&self, moment: &Moment<'_>) -> u64 {
        let passed = moment.now.saturating_sub(self.began_at).as_micros() * u128::from(RATE) / 1_000_000;
        u64::try_from(passed).unwrap_or(u64::MAX)
    }

    fn take_in(&mut self, samples: impl Iterator<Item = i16>, moment: &Moment<'_>) {
        for sample in samples {
            if self.length >= self.samples_max {
                return;
            }
            self.length += 1;
            self.gathered.push(sample);
            if self.gathered.len() == CHUNK {
                let chunk = std::mem::replace(&mut self.gathered, Vec::with_capacity(CHUNK));
                moment.shared.disk.write(&self.take, chunk);
            }
        }
    }

    /// Why it has ended by itself, if it has.
    pub(crate) fn over(&self, now: Duration) -> Option<RecordEnd> {
        let since = |moment: Duration| now.saturating_sub(moment);
        if self.take.has_failed() {
            Some(RecordEnd::Failed)
        } else if since(self.began_at) >= self.max {
            Some(RecordEnd::Max)
        } else if !self.silence.is_zero() && since(self.loud_at) >= self.silence {
            Some(RecordEnd::Silence)
        } else {
            None
        }
    }

    /// Hands the rest to the disk, which tells the end once the file is safe.
    pub(crate) fn finish(mut self, why: RecordEnd, moment: &Moment<'_>) {
        let disk = &moment.shared.disk;
        disk.write(&self.take, std::mem::take(&mut self.gathered));
        let length = if self.loud == 0 { 0 } else { self.length.min(self.loud + TAIL) };
        disk.finish(&self.take, length, why);
    }
}

/// How much silence stands before the next samples of a recording that keeps step: it has `length` samples, `passed`
/// could have been said by now, `coming` come, `gap` after the last by their sender's clock; none: they are ahead of our
/// clock. The first have their place by ours, whatever came before them. A sender's gap counts as far as ours allows it,
/// so that one whose clock jumps fills no disk; and who is late by more than networks are is where he is by ours.
fn missing(length: u64, passed: u64, (gap, coming): (u64, u64), follows: bool) -> Option<u64> {
    let due = passed.saturating_sub(coming);
    if length > due.saturating_add(SLACK) {
        return None;
    }
    let late = due.saturating_sub(length);
    Some(if !follows || late > SLACK { late } else { gap.min(late) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_that_keeps_step_is_never_off_by_more_than_a_network_is() {
        let second = u64::from(RATE);
        let first = |passed| missing(0, passed, (0, 160), false);
        assert_eq!(first(3 * second), Some(3 * second - 160), "the first word has its place");
        assert_eq!(first(100), Some(0));
        let next = |length, passed, gap| missing(length, passed, (gap, 160), true);
        assert_eq!(next(5 * second, 5 * second + 900, 0), Some(0), "a little late");
        assert_eq!(next(5 * second, 5 * second + 900, 320), Some(320), "two packets were lost");
        assert_eq!(next(5 * second, 5 * second + 200, 9 * second), Some(40), "a clock that jumps");
        assert_eq!(next(5 * second, 8 * second, 0), Some(3 * second - 160), "long away");
        assert_eq!(next(6 * second, 5 * second + 200, 0), Some(0), "what was held back comes at once");
        assert_eq!(next(6 * second + 200, 5 * second, 160), None, "a clock that runs ahead");
    }
}
