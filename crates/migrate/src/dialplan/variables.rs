//! Variables of a dialplan that are known without a call: `${EXTEN}`, its parts, and those of `[globals]`.

use std::collections::BTreeMap;

use crate::limits::FILLED_MAX;

/// How often a variable's own value is filled in again.
const DEPTH_MAX: usize = 5;

/// The text with its variables; none if it asks for one that only a call has.
pub(super) fn filled(text: &str, dialed: &str, globals: &BTreeMap<String, String>) -> Option<String> {
    let mut text = text.to_owned();
    for _ in 0..DEPTH_MAX {
        if !text.contains('$') {
            return Some(text);
        }
        text = once(&text, dialed, globals)?;
    }
    (!text.contains('$')).then_some(text)
}

fn once(text: &str, dialed: &str, globals: &BTreeMap<String, String>) -> Option<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        let (name, behind) = behind.split_once('}')?;
        filled.push_str(before);
        filled.push_str(&value(name, dialed, globals)?);
        if filled.len() > FILLED_MAX {
            return None;
        }
        rest = behind;
    }
    // An expression, `$[…]`, is for calls.
    (!rest.contains('$')).then_some(())?;
    filled.push_str(rest);
    Some(filled)
}

fn value(name: &str, dialed: &str, globals: &BTreeMap<String, String>) -> Option<String> {
    let mut parts = name.split(':');
    let of = parts.next()?.trim();
    let whole = if of.eq_ignore_ascii_case("EXTEN") {
        dialed
    } else {
        let of = of.strip_prefix("GLOBAL(").and_then(|of| of.strip_suffix(')')).unwrap_or(of);
        // Keys were read in lower case.
        globals.get(&of.to_ascii_lowercase())?.as_str()
    };
    let Some(from) = parts.next() else { return Some(whole.to_owned()) };
    let all: Vec<char> = whole.chars().collect();
    let start = place(from, all.len())?;
    let rest = all.get(start..).unwrap_or_default();
    let count = match parts.next() {
        None => rest.len(),
        Some(count) => place(count, rest.len())?,
    };
    Some(rest.iter().take(count).collect())
}

/// A count from the start, or with a `-` from the end.
fn place(text: &str, length: usize) -> Option<usize> {
    let count: i32 = text.trim().parse().ok()?;
    let magnitude = usize::try_from(count.unsigned_abs()).ok()?;
    Some(if count < 0 { length.saturating_sub(magnitude) } else { magnitude.min(length) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dialed_number_and_its_parts() {
        let globals = BTreeMap::from([
            ("trunk".to_owned(), "PJSIP/carrier".to_owned()),
            ("out".to_owned(), "${TRUNK}".to_owned()),
            ("round".to_owned(), "${ROUND}".to_owned()),
        ]);
        for (text, wanted) in [
            ("PJSIP/${EXTEN}", Some("PJSIP/91234")),
            ("${EXTEN:1}@${OUT}", Some("1234@PJSIP/carrier")),
            ("${EXTEN:1:2}", Some("12")),
            ("${EXTEN:-2}", Some("34")),
            ("${GLOBAL(TRUNK)}", Some("PJSIP/carrier")),
            ("${CALLERID(num)}", None),
            ("${ROUND}", None),
            ("$[1+1]", None),
            ("${EXTEN", None),
            ("${EXTEN:99}", Some("")),
        ] {
            assert_eq!(filled(text, "91234", &globals).as_deref(), wanted, "{text}");
        }
    }
}
