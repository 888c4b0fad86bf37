//! Reading a script.

use std::time::Duration;

use model::ExtensionNumber;

use super::place::{Phone, Place};
use super::{LINES_MAX, ScriptProblem};
use crate::world::{HoursState, Line, Reach};

/// The longest moment that a script can name.
const LAST: Duration = Duration::from_secs(3_600);

/// A script that was understood.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) place: Place,
    pub(super) caller: String,
    pub(super) service: Option<Vec<(String, String)>>,
    /// In their order in time; of one moment in the script's.
    pub(super) deeds: Vec<(Duration, Deed)>,
}

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Key(char),
    Answers,
    Declines,
    IsGone,
    HangsUp,
}

/// How far keys are apart.
const KEY_APART: Duration = Duration::from_millis(200);

pub(super) fn parse<'l>(lines: impl IntoIterator<Item = &'l str>) -> Result<Script, ScriptProblem> {
    let mut script = Script { caller: "+4930123".into(), ..Script::default() };
    for (number, line) in lines.into_iter().enumerate() {
        let problem = |text: String| ScriptProblem { line: number, text };
        if number >= LINES_MAX {
            return Err(problem(format!("a script has at most {LINES_MAX} lines")));
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let fine = match words.as_slice() {
            [] => Some(()),
            [at, deed @ ..] if at.starts_with(|c: char| c.is_ascii_digit()) => {
                self::deed(&mut script, at, deed)
            }
            ["caller", number @ ..] => caller(&mut script, number),
            ["service", fields @ ..] => service(&mut script, fields),
            words => world(&mut script.place, words),
        };
        fine.ok_or_else(|| problem(format!("`{}` is not understood", line.trim())))?;
    }
    script.deeds.sort_by_key(|(at, _)| *at);
    Ok(script)
}

fn deed(script: &mut Script, at: &str, words: &[&str]) -> Option<()> {
    let at = time(at)?;
    let mut does = |deed| script.deeds.push((at, deed));
    match words {
        ["keys", keys] => {
            let mut at = at;
            for key in keys.chars() {
                "0123456789*#ABCD".contains(key).then_some(())?;
                script.deeds.push((at, Deed::Key(key)));
                at = at.saturating_add(KEY_APART);
            }
        }
        ["answers"] => does(Deed::Answers),
        ["declines"] => does(Deed::Declines),
        ["is", "gone"] => does(Deed::IsGone),
        ["hangs", "up"] => does(Deed::HangsUp),
        _ => return None,
    }
    Some(())
}

fn caller(script: &mut Script, number: &[&str]) -> Option<()> {
    script.caller = number.first().copied().unwrap_or_default().into();
    (number.len() <= 1).then_some(())
}

fn service(script: &mut Script, fields: &[&str]) -> Option<()> {
    let pairs = fields.iter().map(|field| {
        let (name, value) = field.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    script.service = Some(pairs.collect::<Option<_>>()?);
    Some(())
}

fn world(place: &mut Place, words: &[&str]) -> Option<()> {
    match words {
        ["agent", number, how @ ..] => place.phone(number, Phone { is_agent: true, reach: reach(how)? }),
        ["phone", number, how @ ..] => place.phone(number, Phone { is_agent: false, reach: reach(how)? }),
        ["named", number, name @ ..] if !name.is_empty() => {
            place.names.insert(ExtensionNumber::parse(number).ok()?, name.join(" "));
        }
        ["number", number] => place.number(number),
        ["queue", number, how @ ..] => {
            let line = line(how)?;
            place.number(number);
            place.lines.insert((*number).into(), line);
        }
        ["hours", name, state] => {
            let state = match *state {
                "open" => HoursState::Open,
                "closed" => HoursState::Closed,
                "holiday" => HoursState::Holiday,
                _ => return None,
            };
            place.hours.insert((*name).into(), state);
        }
        ["prompt", name, length] => drop(place.prompts.insert((*name).into(), time(length)?)),
        _ => return None,
    }
    Some(())
}

fn reach(how: &[&str]) -> Option<Reach> {
    match how {
        [] | ["free"] => Some(Reach::Free),
        ["busy"] => Some(Reach::Busy),
        ["away"] => Some(Reach::Unavailable),
        _ => None,
    }
}

fn line(mut how: &[&str]) -> Option<Line> {
    let mut line = Line { staffed: true, ..Line::default() };
    loop {
        how = match how {
            [] => return Some(line),
            ["waiting", count, rest @ ..] => {
                line.waiting = count.parse().ok()?;
                rest
            }
            ["wait", seconds, rest @ ..] => {
                line.expected_wait = Some(u32::try_from(time(seconds)?.as_secs()).ok()?);
                rest
            }
            ["unstaffed", rest @ ..] => {
                line.staffed = false;
                rest
            }
            _ => return None,
        };
    }
}

/// `3s` or `3.5s`, an hour at most.
fn time(text: &str) -> Option<Duration> {
    let number = text.strip_suffix('s')?;
    let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(tenths) && tenths.len() == 1).then_some(())?;
    let tenths: u64 = tenths.parse().ok()?;
    let at = Duration::from_secs(whole.parse().ok()?).saturating_add(Duration::from_millis(tenths * 100));
    (at <= LAST).then_some(at)
}
