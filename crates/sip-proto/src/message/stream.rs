//! Finding messages in a byte stream: TCP and TLS (RFC 3261 section 18.3, RFC 5626 section 3.5.1).

use super::error::{ParseError, ParseErrorKind};
use super::parse::{ParseLimits, content_length, parse_head, with};
use super::{Message, Name};

/// What a stream gave.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly every item is a message")]
pub enum StreamItem {
    /// A message.
    Message(Message),
    /// The peer's keep-alive: answer with [`StreamParser::PONG`].
    Ping,
    /// A message that cannot be read, but whose end is known: answer, go on.
    Malformed(ParseError),
    /// Where the next message starts cannot be known: answer, close. Nothing comes after.
    Broken(ParseError),
}

/// Takes bytes as they come and gives messages, whatever the pieces.
///
/// Keeps at most one message within its limits, and what one `push` brought beyond that.
#[derive(Debug)]
pub struct StreamParser {
    limits: ParseLimits,
    buffer: Vec<u8>,
    /// Where the unread bytes begin.
    start: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Looking for the end of the headers; up to `scanned` there is none.
    Head {
        scanned: usize,
    },
    /// Waiting for the body of a message whose head is read.
    Body {
        head: Result<Box<Message>, ParseError>,
        length: usize,
    },
    Broken,
}

impl StreamParser {
    /// What a keep-alive is answered with.
    pub const PONG: &'static [u8] = b"\r\n";

    /// A parser at the beginning of a stream.
    pub fn new(limits: ParseLimits) -> Self {
        StreamParser { limits, buffer: Vec::new(), start: 0, state: State::Head { scanned: 0 } }
    }

    /// Takes what was read. Call [`next_item`](Self::next_item) until `None` before pushing again.
    pub fn push(&mut self, bytes: &[u8]) {
        if matches!(self.state, State::Broken) {
            return;
        }
        if self.start > 0 {
            self.buffer.drain(..self.start);
            if let State::Head { scanned } = &mut self.state {
                *scanned = scanned.saturating_sub(self.start);
            }
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The bytes held back, for accounting.
    pub fn buffered(&self) -> usize {
        self.buffer.len() - self.start
    }

    /// The next item, or `None` until more bytes come.
    pub fn next_item(&mut self) -> Option<StreamItem> {
        loop {
            match std::mem::replace(&mut self.state, State::Broken) {
                State::Broken => return None,
                State::Body { head, length } => return self.body(head, length),
                State::Head { scanned } => {
                    self.state = State::Head { scanned };
                    if let Some(item) = self.blank_lines()? {
                        return Some(item);
                    }
                    if let Some(item) = self.head()? {
                        return Some(item);
                    }
                }
            }
        }
    }

    /// Passes over line ends before a message; two of them are a keep-alive. `None`: wait.
    #[expect(clippy::option_option, reason = "wait, go on, or an item: as the caller's `?` wants it")]
    fn blank_lines(&mut self) -> Option<Option<StreamItem>> {
        let rest = &self.buffer[self.start..];
        match rest {
            [b'\r', b'\n', b'\r', b'\n', ..] => {
                self.skip(4);
                Some(Some(StreamItem::Ping))
            }
            [] | [b'\r'] | [b'\r', b'\n'] | [b'\r', b'\n', b'\r'] => None,
            [b'\r', b'\n', ..] => {
                self.skip(2);
                Some(None)
            }
            _ => Some(None),
        }
    }

    fn skip(&mut self, count: usize) {
        self.start += count;
        self.state = State::Head { scanned: self.start };
    }

    /// Looks for the empty line, then reads the head. `None`: wait.
    #[expect(clippy::option_option, reason = "wait, go on, or an item: as the caller's `?` wants it")]
    fn head(&mut self) -> Option<Option<StreamItem>> {
        let State::Head { scanned } = self.state else { return Some(None) };
        let from = scanned.max(self.start);
        let end = head_end(&self.buffer, from);
        let held = end.unwrap_or(self.buffer.len()) - self.start;
        if held > self.limits.header_bytes_max {
            let read = parse_head(&self.buffer[self.start..], &self.limits);
            let partial = read.err().and_then(|error| error.partial);
            return Some(Some(self.broken(ParseError { kind: ParseErrorKind::HeaderBytes, partial })));
        }
        let Some(end) = end else {
            // The empty line may have begun in the last three bytes.
            self.state = State::Head { scanned: self.buffer.len().saturating_sub(3).max(self.start) };
            return None;
        };
        let read = parse_head(&self.buffer[self.start..end], &self.limits);
        self.start = end;
        let (head, headers) = match read {
            Ok((message, _)) => (Ok(Box::new(message)), None),
            Err(error) => match &error.partial {
                // Without its headers a message's end is unknown.
                None => return Some(Some(self.broken(error))),
                Some(partial) => {
                    let length = content_length(&partial.headers);
                    let once = partial.headers.count(Name::ContentLength) == 1;
                    let whole = error.kind != ParseErrorKind::HeaderCount && once;
                    (Err(error), Some(if whole { length } else { Ok(None) }))
                }
            },
        };
        let length = match (&head, headers) {
            (Ok(message), _) => content_length(&message.headers),
            (Err(_), Some(length)) => length,
            (Err(_), None) => Ok(None),
        };
        self.framed(head, length)
    }

    #[expect(clippy::option_option, reason = "wait, go on, or an item: as the caller's `?` wants it")]
    fn framed(
        &mut self,
        head: Result<Box<Message>, ParseError>,
        length: Result<Option<usize>, ParseErrorKind>,
    ) -> Option<Option<StreamItem>> {
        let kind = match length {
            Ok(Some(length)) if length <= self.limits.body_bytes_max => {
                self.state = State::Body { head, length };
                return Some(None);
            }
            Ok(Some(_)) => ParseErrorKind::BodyBytes,
            Ok(None) => ParseErrorKind::Missing(Name::ContentLength),
            Err(kind) => kind,
        };
        let error = match head {
            Ok(message) => with(kind, *message),
            Err(error) => error,
        };
        Some(Some(self.broken(error)))
    }

    fn body(&mut self, head: Result<Box<Message>, ParseError>, length: usize) -> Option<StreamItem> {
        let end = self.start + length;
        let Some(body) = self.buffer.get(self.start..end) else {
            self.state = State::Body { head, length };
            return None;
        };
        let item = match head {
            Ok(mut message) => {
                message.body = body.to_vec();
                StreamItem::Message(*message)
            }
            Err(error) => StreamItem::Malformed(error),
        };
        self.start = end;
        self.state = State::Head { scanned: end };
        Some(item)
    }

    fn broken(&mut self, error: ParseError) -> StreamItem {
        self.state = State::Broken;
        self.buffer = Vec::new();
        self.start = 0;
        StreamItem::Broken(error)
    }
}

/// Where the headers end: after the first empty line that begins at or after `from`.
fn head_end(buffer: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += buffer.get(at..)?.iter().position(|&byte| byte == b'\n')? + 1;
        match buffer.get(at..)? {
            [b'\n', ..] => return Some(at + 1),
            [b'\r', b'\n', ..] => return Some(at + 2),
            _ => {}
        }
    }
}
