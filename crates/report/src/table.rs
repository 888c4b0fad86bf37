//! The table for spreadsheets: names and units are those of the API's `statistics/intervals`, with whose they are before
//! them.

use csv::{Terminator, WriterBuilder};
use model::Timestamp;
use store::statistics::AgentInterval;
use store::statistics::agent::State;
use store::statistics::queue::QueueFigures;

use crate::formula::defused;
use crate::{Asked, Content, Subject};

/// A column: its name, and what is in it.
type Column<F> = (&'static str, fn(&F) -> String);

/// The whole table.
pub(crate) fn table(asked: &Asked, content: &Content) -> Vec<u8> {
    match content {
        Content::Queues(all) => written(asked, "queue", all, &OF_QUEUES),
        Content::Agents(all) => written(asked, "agent", all, &OF_AGENTS),
    }
}

fn written<F>(asked: &Asked, whose: &str, all: &[(Subject, Vec<F>)], columns: &[Column<F>]) -> Vec<u8> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let names = columns.iter().map(|(name, _)| *name);
    // A vector takes everything.
    let _ = writer.write_record([whose, "name", "begins_at", "ends_at"].into_iter().chain(names));
    for (subject, figures) in all {
        for ((begins, ends), figures) in asked.intervals.iter().zip(figures) {
            let lead = [
                defused(&subject.number).into_owned(),
                defused(&subject.name).into_owned(),
                moment(begins),
                moment(ends),
            ];
            let cells = columns.iter().map(|(_, cell)| cell(figures));
            let _ = writer.write_record(lead.into_iter().chain(cells));
        }
    }
    writer.into_inner().unwrap_or_default()
}

fn moment(at: Timestamp) -> String {
    format!("{:.3}", jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::MAX))
}

/// Milliseconds as seconds.
fn seconds(ms: u64) -> String {
    let rest = format!("{:03}", ms % 1_000);
    let rest = rest.trim_end_matches('0');
    format!("{}.{}", ms / 1_000, if rest.is_empty() { "0" } else { rest })
}

/// A mean in seconds to the millisecond; nothing of none.
fn mean(ms: u64, count: u64) -> String {
    (ms + count / 2).checked_div(count).map_or_else(String::new, seconds)
}

/// A share to four places; nothing of none.
fn ratio(part: u64, whole: u64) -> String {
    let Some(share) = (part * 10_000 + whole / 2).checked_div(whole) else { return String::new() };
    let rest = format!("{:04}", share % 10_000);
    let rest = rest.trim_end_matches('0');
    format!("{}.{}", share / 10_000, if rest.is_empty() { "0" } else { rest })
}

const OF_QUEUES: [Column<QueueFigures>; 29] = [
    ("offered", |of| of.offered.to_string()),
    ("answered", |of| of.answered.to_string()),
    ("answered_in_time", |of| of.answered_in_time.to_string()),
    ("abandoned", |of| of.abandoned.to_string()),
    ("abandoned_short", |of| of.abandoned_short.to_string()),
    ("abandoned_late", |of| of.abandoned_late.to_string()),
    ("overflowed", |of| of.overflowed().to_string()),
    ("overflow_timeout", |of| of.overflow_timeout.to_string()),
    ("full", |of| of.full.to_string()),
    ("no_agents", |of| of.no_agents.to_string()),
    ("closed", |of| of.closed.to_string()),
    ("night", |of| of.night.to_string()),
    ("exited", |of| of.exited.to_string()),
    ("callback_requested", |of| of.callback_requested.to_string()),
    ("callbacks_done", |of| of.callbacks_done.to_string()),
    ("callbacks_failed", |of| of.callbacks_failed.to_string()),
    ("callbacks_cancelled", |of| of.callbacks_cancelled.to_string()),
    ("removed", |of| of.removed.to_string()),
    ("service_level", |of| ratio(of.answered_in_time, of.judged())),
    ("average_wait", |of| mean(of.wait_ms, of.answered)),
    ("longest_wait", |of| seconds(of.wait_max_ms)),
    ("talk_time", |of| seconds(of.talk_ms)),
    ("average_talk", |of| mean(of.talk_ms, of.talks)),
    ("holds", |of| of.holds.to_string()),
    ("hold_time", |of| seconds(of.hold_ms)),
    ("wrap_up_time", |of| seconds(of.wrap_up_ms)),
    ("average_wrap_up", |of| mean(of.wrap_up_ms, of.wrap_ups)),
    ("handle_time", |of| seconds(of.talk_ms + of.wrap_up_ms)),
    ("average_handle", |of| mean(of.talk_ms + of.wrap_up_ms, of.talks)),
];

const OF_AGENTS: [Column<AgentInterval>; 23] = [
    ("offered", |of| of.figures.offered.to_string()),
    ("answered", |of| of.figures.answered.to_string()),
    ("missed", |of| of.figures.missed.to_string()),
    ("declined", |of| of.figures.declined.to_string()),
    ("unreachable", |of| of.figures.unreachable.to_string()),
    ("withdrawn", |of| of.figures.withdrawn.to_string()),
    ("talk_time", |of| seconds(of.figures.talk_ms)),
    ("holds", |of| of.figures.holds.to_string()),
    ("hold_time", |of| seconds(of.figures.hold_ms)),
    ("other_calls", |of| of.figures.other_calls.to_string()),
    ("other_talk_time", |of| seconds(of.figures.other_talk_ms)),
    ("other_holds", |of| of.figures.other_holds.to_string()),
    ("other_hold_time", |of| seconds(of.figures.other_hold_ms)),
    ("logged_in_time", |of| seconds(of.times.logged_in_ms())),
    ("ready_time", |of| seconds(of.times.of(State::Ready))),
    ("not_ready_time", |of| seconds(of.times.of(State::NotReady))),
    ("ringing_time", |of| seconds(of.times.of(State::Ringing))),
    ("queue_call_time", |of| seconds(of.times.of(State::QueueCall))),
    ("other_call_time", |of| seconds(of.times.of(State::OtherCall))),
    ("wrap_up_time", |of| seconds(of.times.of(State::WrapUp))),
    ("logged_out_time", |of| seconds(of.times.of(State::LoggedOut))),
    ("offline_time", |of| seconds(of.times.of(State::Offline))),
    ("unknown_time", |of| seconds(of.times.unknown_ms)),
];
