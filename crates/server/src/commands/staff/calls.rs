//! What comes when: from a forecast as CSV, or from a journal.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use forecast::day::{Day, PastEnd};
use forecast::pool;
use model::{Directory, QueueId};

use crate::recorded;

/// Most stretches of time.
const INTERVALS_MAX: usize = 10_000;
const MINUTE: i64 = 60_000_000;
const SECOND: f64 = 1_000_000.0;

/// What is expected.
pub(super) struct Expected {
    pub(super) intervals: Vec<Interval>,
    /// What was provisioned, if that is known.
    pub(super) directory: Option<Directory>,
}

/// A stretch of time.
pub(super) struct Interval {
    /// As it is shown.
    pub(super) time: String,
    pub(super) queues: BTreeMap<QueueId, Part>,
}

/// What comes into one queue.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Part {
    /// Calls in this stretch.
    pub(super) calls: f64,
    /// Mean handling time, seconds.
    pub(super) aht: f64,
}

/// Reads `time,calls,aht[,queue]`. Rows of the same time belong together, in the file's order. Without a queue the
/// calls are spread evenly over those of the provisioning; without that too they are all of one queue.
pub(super) fn from_csv(path: &Path, directory: Option<&Directory>, minutes: u32) -> Result<Expected> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("{name} cannot be read"))?;
    read_csv(&text, directory).with_context(|| format!("{name} is no forecast of {minutes} minutes a row"))
}

fn read_csv(text: &str, directory: Option<&Directory>) -> Result<Expected> {
    let mut lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let heading =
        lines.next().map(|(line, _)| line.trim().trim_start_matches('\u{feff}').to_ascii_lowercase());
    let columns: Vec<String> =
        heading.unwrap_or_default().split(',').map(|column| column.trim().to_owned()).collect();
    let column = |name: &str| columns.iter().position(|column| column == name);
    let (Some(time), Some(calls), Some(aht)) = (column("time"), column("calls"), column("aht")) else {
        bail!("line 1: the heading is `time,calls,aht` or `time,calls,aht,queue`");
    };
    let mut intervals: Vec<Interval> = Vec::new();
    for (line, number) in lines {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        let figure = |at: usize, what: &str| {
            let figure = field(at).parse::<f64>().ok().filter(|figure| (0.0..=1e7).contains(figure));
            figure.with_context(|| format!("line {number}: `{what}` is no number from 0 on"))
        };
        let part = Part { calls: figure(calls, "calls")?, aht: figure(aht, "aht")? };
        if part.calls > 0.0 && part.aht <= 0.0 {
            bail!("line {number}: `aht` is above 0");
        }
        let queue = column("queue").map(field).unwrap_or_default();
        let shares = queues(queue, directory).with_context(|| format!("line {number}: no queue {queue}"))?;
        if intervals.last().is_none_or(|last| last.time != field(time)) {
            if intervals.len() >= INTERVALS_MAX {
                bail!("line {number}: more than {INTERVALS_MAX} stretches of time");
            }
            intervals.push(Interval { time: field(time).to_owned(), queues: BTreeMap::new() });
        }
        let Some(interval) = intervals.last_mut() else { continue };
        let count = shares.len() as f64;
        for queue in shares {
            let of = interval.queues.entry(queue).or_default();
            let calls = of.calls + part.calls / count;
            if calls > 0.0 {
                of.aht = (of.calls * of.aht + part.calls / count * part.aht) / calls;
            }
            of.calls = calls;
        }
    }
    Ok(Expected { intervals, directory: None })
}

/// The queue with a number; without one all of them.
fn queues(number: &str, directory: Option<&Directory>) -> Option<Vec<QueueId>> {
    let Some(directory) = directory else {
        // Queues that nothing is known of are told apart by their numbers only.
        let id = if number.is_empty() { pool::QUEUE } else { QueueId(number.parse().ok()?) };
        return Some(vec![id]);
    };
    if number.is_empty() {
        return (!directory.queues.is_empty()).then(|| directory.queues.keys().copied().collect());
    }
    directory.queue(number).map(|queue| vec![queue.id])
}

/// What a journal says: calls and mean handling times of each stretch, by queue.
pub(super) fn from_journal(path: &Path, directory: Option<&Directory>, minutes: u32) -> Result<Expected> {
    let place = recorded::place(path)?;
    let name = directory.map_or("", |directory| directory.tenant.name.as_str());
    let day = recorded::day(&place, name)?;
    let directory = directory.unwrap_or(&day.directory);
    Ok(Expected { intervals: intervals(&day, directory, minutes), directory: Some(directory.clone()) })
}

fn intervals(day: &Day, directory: &Directory, minutes: u32) -> Vec<Interval> {
    let length = i64::from(minutes) * MINUTE;
    let mut found: BTreeMap<i64, BTreeMap<QueueId, (f64, f64, f64)>> = BTreeMap::new();
    for call in &day.calls {
        let Some(queue) = directory.queue(call.queue.as_str()) else { continue };
        let interval = found.entry(call.at.0.div_euclid(length)).or_default();
        let (calls, answered, handled) = interval.entry(queue.id).or_default();
        *calls += 1.0;
        if let PastEnd::Answered { talk, wrap_up, .. } = call.end {
            *answered += 1.0;
            let work = wrap_up.map_or(f64::from(queue.wrap_up_time), |work| work as f64 / SECOND);
            *handled += talk as f64 / SECOND + work;
        }
    }
    let part = |(queue, (calls, answered, handled)): (QueueId, (f64, f64, f64))| {
        (queue, Part { calls, aht: (handled / f64::max(answered, 1.0)).max(1.0) })
    };
    let shown = |index: i64| {
        let at = model::Timestamp(index.saturating_mul(length));
        let local = at.0.div_euclid(MINUTE) + i64::from(directory.tenant.zone.offset(at)) / 60;
        format!("{:02}:{:02}", local.div_euclid(60).rem_euclid(24), local.rem_euclid(60))
    };
    let whole = found.into_iter().take(INTERVALS_MAX);
    whole
        .map(|(index, queues)| Interval {
            time: shown(index),
            queues: queues.into_iter().map(part).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_time_are_put_together_and_wrong_ones_named() {
        let text = "time,calls,aht,queue\n08:00,30,180,8000\n08:00,10,60,8000\n08:30,12,90,8001\n";
        let found = read_csv(text, None).unwrap().intervals;
        assert_eq!(found.iter().map(|of| of.time.as_str()).collect::<Vec<_>>(), ["08:00", "08:30"]);
        assert_eq!(found[0].queues[&QueueId(8000)], Part { calls: 40.0, aht: 150.0 });
        let wrong = |text: &str| format!("{:#}", read_csv(text, None).err().unwrap());
        assert!(wrong("a,b\n").contains("line 1"));
        assert!(wrong("time,calls,aht\n08:00,x,1\n").contains("line 2: `calls`"));
        assert!(wrong("time,calls,aht\n\n08:00,3,0\n").contains("line 3"));
    }
}
