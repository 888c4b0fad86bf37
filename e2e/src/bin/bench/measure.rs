//! What a process has used, and the middle and the edge of many readings.

use std::time::Duration;

use anyhow::Context as _;

/// `/proc` counts CPU time in hundredths of a second on Linux, whatever the kernel's own clock.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds of CPU time, user and system, that the process has used.
pub(crate) fn cpu_seconds(process: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).context("the server is gone")?;
    // The name in brackets may hold anything; the fields after it are numbers.
    let (_, fields) = stat.rsplit_once(')').context("an odd /proc/PID/stat")?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut ticks =
        || fields.next().and_then(|field| field.parse::<f64>().ok()).context("a short /proc/PID/stat");
    Ok((ticks()? + ticks()?) / TICKS_PER_SECOND)
}

/// Median, 99th percentile and maximum of readings.
pub(crate) struct Spread {
    pub(crate) median: Duration,
    pub(crate) p99: Duration,
    pub(crate) max: Duration,
    pub(crate) count: usize,
}

impl Spread {
    pub(crate) fn of(mut readings: Vec<Duration>) -> anyhow::Result<Self> {
        readings.sort_unstable();
        let at = |part: usize| {
            readings.get((readings.len() * part / 100).min(readings.len().saturating_sub(1))).copied()
        };
        Ok(Self {
            median: at(50).context("no readings")?,
            p99: at(99).context("no readings")?,
            max: at(100).context("no readings")?,
            count: readings.len(),
        })
    }

    pub(crate) fn text(&self) -> String {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        format!("{:.2} / {:.2} / {:.2} ms", ms(self.median), ms(self.p99), ms(self.max))
    }
}
