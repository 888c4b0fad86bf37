//! Actions and packets: lines of `Name: value`, an empty line at the end.

use std::fmt::Write as _;

/// Most bytes of an action.
const ACTION_BYTES_MAX: usize = 8 * 1024;
/// Most characters of a value that goes out.
const VALUE_MAX: usize = 256;

/// What a client asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Action(Vec<(String, String)>);

impl Action {
    /// The first value of this name, whatever its case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// What is to be done, in lower case.
    pub(super) fn name(&self) -> String {
        self.get("action").unwrap_or_default().to_ascii_lowercase()
    }

    fn read(text: &str) -> Self {
        let field = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        };
        Self(text.lines().filter_map(field).collect())
    }
}

/// An action is longer than any may be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Puts actions together from what arrives.
#[derive(Debug, Default)]
pub(super) struct Inbox(Vec<u8>);

impl Inbox {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        // What a line ends with does not matter.
        self.0.extend(bytes.iter().filter(|byte| **byte != b'\r'));
    }

    /// The next whole action.
    pub(super) fn next(&mut self) -> Result<Option<Action>, TooLong> {
        let end = self.0.windows(2).position(|two| two == b"\n\n");
        let Some(end) = end.filter(|end| *end <= ACTION_BYTES_MAX) else {
            return if self.0.len() > ACTION_BYTES_MAX { Err(TooLong) } else { Ok(None) };
        };
        let rest = self.0.split_off(end + 2);
        let whole = std::mem::replace(&mut self.0, rest);
        Ok(Some(Action::read(&String::from_utf8_lossy(&whole))))
    }
}

/// What goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Packet(String);

impl Packet {
    pub(super) fn event(name: &str) -> Self {
        Self(String::new()).with("Event", name)
    }

    pub(super) fn response(word: &str) -> Self {
        Self(String::new()).with("Response", word)
    }

    /// With a field. Its value cannot end itself, whatever is in it.
    pub(super) fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        let safe = |c: char| if c.is_control() { ' ' } else { c };
        let value: String = value.to_string().chars().take(VALUE_MAX).map(safe).collect();
        // Writing into a text cannot fail.
        let _ = write!(self.0, "{name}: {value}\r\n");
        self
    }

    /// As the answer to an action, which may have an id.
    pub(super) fn answers(self, action: &Action) -> Self {
        match action.get("actionid") {
            Some(id) => self.with("ActionID", id),
            None => self,
        }
    }

    pub(super) fn text(&self) -> String {
        format!("{}\r\n", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_come_in_pieces_and_several_at_once() {
        let mut inbox = Inbox::default();
        inbox.push(b"Action: Ping\r\nActionID: 7\r");
        assert_eq!(inbox.next(), Ok(None));
        inbox.push(b"\n\r\naction:QueueStatus\nQueue:  8000 \n\n");
        let first = inbox.next().unwrap().unwrap();
        assert_eq!((first.name().as_str(), first.get("ACTIONID")), ("ping", Some("7")));
        let second = inbox.next().unwrap().unwrap();
        assert_eq!((second.name().as_str(), second.get("queue")), ("queuestatus", Some("8000")));
        assert_eq!(inbox.next(), Ok(None));
    }

    #[test]
    fn an_action_without_an_end_is_too_long_at_some_time() {
        let mut inbox = Inbox::default();
        inbox.push(&[b'x'; ACTION_BYTES_MAX + 1]);
        assert_eq!(inbox.next(), Err(TooLong));
    }

    #[test]
    fn a_value_ends_neither_its_line_nor_its_packet() {
        let packet =
            Packet::event("Hangup").with("CallerIDName", "a\r\n\r\nEvent: Fake").with("N", "x".repeat(999));
        let text = packet.text();
        assert!(text.starts_with("Event: Hangup\r\nCallerIDName: a    Event: Fake\r\nN: xxx"), "{text}");
        assert_eq!(text.lines().count(), 4);
        assert!(text.len() < 400);
    }
}
