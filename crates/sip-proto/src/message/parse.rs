//! Reading a message: one pass over the bytes, every length checked, nothing believed.

use super::error::{ParseError, ParseErrorKind};
use super::name::Key;
use super::raw::{RawAddr, RawVia};
use super::{CSeq, Headers, Message, Method, Name, StartLine, Uri, scan};

/// What is too much for one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseLimits {
    /// Bytes up to the end of the headers.
    pub header_bytes_max: usize,
    /// Header lines.
    pub header_count_max: usize,
    /// Bytes of the body.
    pub body_bytes_max: usize,
}

impl Default for ParseLimits {
    /// Ample for every honest message: the longest of RFC 4475 has 5 kB of headers.
    fn default() -> Self {
        ParseLimits { header_bytes_max: 32 * 1024, header_count_max: 200, body_bytes_max: 64 * 1024 }
    }
}

/// Reads the one message of a datagram, within the default limits.
///
/// # Errors
///
/// A [`ParseError`] that says what is wrong and carries what an answer needs, where it was readable.
pub fn parse_datagram(bytes: &[u8]) -> Result<Message, ParseError> {
    parse_datagram_within(bytes, &ParseLimits::default())
}

/// Reads the one message of a datagram.
///
/// Without Content-Length the body is the rest of the datagram; what is beyond it is nothing (RFC 3261
/// section 18.3).
///
/// # Errors
///
/// As [`parse_datagram`].
pub fn parse_datagram_within(bytes: &[u8], limits: &ParseLimits) -> Result<Message, ParseError> {
    parse_whole(bytes, limits).map(|(message, _)| message)
}

/// Reads the one message of a WebSocket frame (RFC 7118 section 5): as of a datagram, but with nothing after it.
///
/// # Errors
///
/// As [`parse_datagram`]; also when something follows the message.
pub fn parse_frame_within(bytes: &[u8], limits: &ParseLimits) -> Result<Message, ParseError> {
    let (message, beyond) = parse_whole(bytes, limits)?;
    if beyond.iter().any(|byte| !matches!(byte, b'\r' | b'\n')) {
        return Err(with(ParseErrorKind::BodyBeyond, message));
    }
    Ok(message)
}

/// Reads a message, and gives what is beyond its body.
fn parse_whole<'b>(bytes: &'b [u8], limits: &ParseLimits) -> Result<(Message, &'b [u8]), ParseError> {
    let blank = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let bytes = &bytes[blank..];
    if bytes.iter().all(|&byte| byte == 0) {
        return Err(ParseError { kind: ParseErrorKind::Empty, partial: None });
    }
    let (mut message, used) = parse_head(bytes, limits)?;
    let rest = &bytes[used..];
    let length = match content_length(&message.headers) {
        Ok(length) => length.unwrap_or(rest.len()),
        Err(kind) => return Err(with(kind, message)),
    };
    if length > limits.body_bytes_max {
        return Err(with(ParseErrorKind::BodyBytes, message));
    }
    let Some((body, beyond)) = rest.split_at_checked(length) else {
        return Err(with(ParseErrorKind::BodyShort, message));
    };
    message.body = body.to_vec();
    Ok((message, beyond))
}

/// Reads first line and headers; gives how many bytes they took.
pub(crate) fn parse_head(bytes: &[u8], limits: &ParseLimits) -> Result<(Message, usize), ParseError> {
    let (line, mut at) = next_line(bytes, 0).unwrap_or((bytes, bytes.len()));
    let (start, mut fault) = start_line(line).map_err(|kind| ParseError { kind, partial: None })?;
    let mut message = Message {
        start,
        headers: Headers::with_capacity(20, bytes.len().min(limits.header_bytes_max)),
        body: Vec::new(),
    };
    let mut line_buffer = Vec::new();
    loop {
        if at > limits.header_bytes_max {
            return Err(with(ParseErrorKind::HeaderBytes, message));
        }
        let Some((line, next)) = next_line(bytes, at) else {
            return Err(with(fault.unwrap_or(ParseErrorKind::Unfinished), message));
        };
        if line.is_empty() {
            at = next;
            break;
        }
        let (line, next) = unfold(bytes, line, next, &mut line_buffer);
        at = next;
        if message.headers.len() >= limits.header_count_max {
            return Err(with(ParseErrorKind::HeaderCount, message));
        }
        match header(line) {
            Some((name, value)) => message.headers.push_line(Key::from(name), value),
            None => fault = fault.or(Some(ParseErrorKind::HeaderLine)),
        }
    }
    if let Some(kind) = fault.or_else(|| check(&message).err()) {
        return Err(with(kind, message));
    }
    Ok((message, at))
}

/// Content-Length, `None` if not given.
pub(crate) fn content_length(headers: &Headers) -> Result<Option<usize>, ParseErrorKind> {
    match headers.get(Name::ContentLength) {
        None => Ok(None),
        Some(value) => {
            scan::number::<usize>(value).map(Some).ok_or(ParseErrorKind::Malformed(Name::ContentLength))
        }
    }
}

pub(crate) fn with(kind: ParseErrorKind, mut partial: Message) -> ParseError {
    partial.body = Vec::new();
    ParseError { kind, partial: Some(Box::new(partial)) }
}

/// The line at `at` without its end, and where the next one starts. Bare line feeds end lines too.
fn next_line(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = bytes.get(at..)?;
    let feed = rest.iter().position(|&byte| byte == b'\n')?;
    let line = &rest[..feed];
    Some((line.strip_suffix(b"\r").unwrap_or(line), at + feed + 1))
}

/// Joins lines that begin with white space to the one before, with one space between.
fn unfold<'b>(bytes: &'b [u8], line: &'b [u8], next: usize, buffer: &'b mut Vec<u8>) -> (&'b [u8], usize) {
    let folded = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
    if !folded(next) {
        return (line, next);
    }
    buffer.clear();
    buffer.extend_from_slice(line);
    let mut next = next;
    while folded(next)
        && let Some((more, after)) = next_line(bytes, next)
    {
        buffer.push(b' ');
        buffer.extend_from_slice(scan::trim(more));
        next = after;
    }
    (buffer, next)
}

fn header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    if !scan::is_token(name) || line.contains(&b'\r') {
        return None;
    }
    Some((name, scan::trim(&line[colon + 1..])))
}

/// The first line; with a fault, as much of it as an answer needs.
fn start_line(line: &[u8]) -> Result<(StartLine, Option<ParseErrorKind>), ParseErrorKind> {
    if line.len() >= 4 && line[..4].eq_ignore_ascii_case(b"SIP/") {
        return status_line(line).map(|start| (start, None));
    }
    let mut words = line.split(|&byte| byte == b' ');
    let (first, uri, version) = (words.next().unwrap_or(b""), words.next(), words.next());
    let method = Method::parse(first).ok_or(ParseErrorKind::StartLine)?;
    let (Some(uri), Some(version), None) = (uri, version, words.next()) else {
        // A word alone may be anything; with more it was meant as a request.
        let meant = uri.is_some();
        let start = StartLine::Request { method, uri: Uri::default() };
        return if meant {
            Ok((start, Some(ParseErrorKind::StartLine)))
        } else {
            Err(ParseErrorKind::StartLine)
        };
    };
    let is_sip = version.len() >= 4 && version[..4].eq_ignore_ascii_case(b"SIP/");
    // A Request-URI has no headers (RFC 3261 section 19.1.1).
    let readable = Uri::parse(uri).filter(|uri| uri.headers.is_empty());
    let fault = match &readable {
        _ if !is_sip => Some(ParseErrorKind::StartLine),
        _ if !version.eq_ignore_ascii_case(b"SIP/2.0") => Some(ParseErrorKind::Version),
        Some(_) => None,
        None => Some(ParseErrorKind::StartLine),
    };
    Ok((StartLine::Request { method, uri: readable.unwrap_or_default() }, fault))
}

fn status_line(line: &[u8]) -> Result<StartLine, ParseErrorKind> {
    let mut words = line.splitn(3, |&byte| byte == b' ');
    let version = words.next().unwrap_or(b"");
    if !version.eq_ignore_ascii_case(b"SIP/2.0") {
        return Err(ParseErrorKind::Version);
    }
    let digits = words.next().filter(|digits| digits.len() == 3);
    let status = digits.and_then(scan::number::<u16>).filter(|status| (100..700).contains(status));
    let status = status.ok_or(ParseErrorKind::StartLine)?;
    Ok(StartLine::Response { status, reason: scan::text(words.next().unwrap_or(b"")) })
}

/// What every message must have, once and readable (RFC 3261 section 8.1.1).
fn check(message: &Message) -> Result<(), ParseErrorKind> {
    let headers = &message.headers;
    for name in [Name::From, Name::To, Name::CallId, Name::CSeq] {
        match headers.count(name) {
            0 => return Err(ParseErrorKind::Missing(name)),
            1 => {}
            _ => return Err(ParseErrorKind::Repeated(name)),
        }
    }
    for name in [Name::ContentLength, Name::MaxForwards, Name::ContentType, Name::Expires] {
        if headers.count(name) > 1 {
            return Err(ParseErrorKind::Repeated(name));
        }
    }
    if headers.list(Name::Via).next().is_none() {
        return Err(ParseErrorKind::Missing(Name::Via));
    }
    if headers.list(Name::Via).any(|via| RawVia::read(via).is_none()) {
        return Err(ParseErrorKind::Malformed(Name::Via));
    }
    for name in [Name::From, Name::To] {
        if headers.get(name).and_then(RawAddr::read).is_none() {
            return Err(ParseErrorKind::Malformed(name));
        }
    }
    if headers.get(Name::CallId).is_none_or(<[u8]>::is_empty) {
        return Err(ParseErrorKind::Malformed(Name::CallId));
    }
    let hops = headers.get(Name::MaxForwards);
    if hops.is_some_and(|value| scan::number::<u32>(value).is_none_or(|hops| hops > 255)) {
        return Err(ParseErrorKind::Malformed(Name::MaxForwards));
    }
    content_length(headers)?;
    let Some(cseq) = headers.get(Name::CSeq).and_then(CSeq::parse) else {
        return Err(ParseErrorKind::Malformed(Name::CSeq));
    };
    if message.method().is_some_and(|method| *method != cseq.method) {
        return Err(ParseErrorKind::MethodMismatch);
    }
    let star = headers.get(Name::Contact) == Some(b"*");
    if !star && headers.list(Name::Contact).any(|contact| RawAddr::read(contact).is_none()) {
        return Err(ParseErrorKind::Malformed(Name::Contact));
    }
    Ok(())
}
