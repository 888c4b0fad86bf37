//! What leaves the server towards outside services: mails, and requests over HTTP.
//!
//! It knows no calls and no mailboxes: who uses it says what to send, and is told what came of it. Everything has
//! a time limit, and nothing that a service answers is believed or grows without end.

#![forbid(unsafe_code)]

pub mod http;
pub mod mail;
pub mod network;
pub mod sign;

/// Most characters of what a service said that are shown.
const SAID_MAX: usize = 200;

/// What a service said, fit for one line of a log: no control characters, and not endless.
#[must_use]
pub fn one_line(said: &str) -> String {
    plain(said).chars().take(SAID_MAX).collect()
}

/// A text of strangers as one line: white space and control characters are single spaces, and nothing in it turns
/// the direction of what is written after it.
#[must_use]
pub fn plain(text: &str) -> String {
    let turns =
        |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let spaced: String =
        text.chars().filter(|c| !turns(c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
