//! Waiting for something that can only be asked for, not awaited.

use std::time::{Duration, Instant};

use anyhow::bail;

/// How long between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Looks until `look` finds something; an error says what was waited for.
pub fn until<T>(
    what: &str,
    timeout: Duration,
    mut look: impl FnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if start.elapsed() > timeout {
            bail!("waited {timeout:?} for: {what}");
        }
        sit_out(LOOK_AGAIN);
    }
}

/// Lets real time pass. For polling another process, and for talk that has to last a while to be recorded.
#[expect(clippy::disallowed_methods, reason = "another process's progress is polled, and talk takes time")]
pub fn sit_out(time: Duration) {
    std::thread::sleep(time);
}
