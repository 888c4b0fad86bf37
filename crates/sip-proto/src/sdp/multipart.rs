//! Finding the session description in a body that carries more than one thing (RFC 5621, RFC 2046).

use super::SDP_BYTES_MAX;

/// Parts looked at in one multipart body.
const PARTS_MAX: usize = 16;
/// Header lines looked at in one part.
const PART_HEADERS_MAX: usize = 16;
/// Longest boundary RFC 2046 5.1.1 allows.
const BOUNDARY_MAX: usize = 70;

/// True for the media type `application/sdp`, whatever its case and parameters.
#[must_use]
pub fn is_sdp(content_type: &str) -> bool {
    media_type(content_type).eq_ignore_ascii_case("application/sdp")
}

/// The description inside a body: the body itself for `application/sdp`, the first such part of a
/// `multipart/…`. Parts inside parts are not opened. One pass over the bytes.
#[must_use]
pub fn find_sdp<'a>(content_type: &str, body: &'a [u8]) -> Option<&'a [u8]> {
    if is_sdp(content_type) {
        return Some(body);
    }
    let kind = media_type(content_type);
    let multipart = kind.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"));
    if !multipart {
        return None;
    }
    let boundary = boundary(content_type)?;
    first_sdp_part(body, boundary.as_bytes())
}

fn media_type(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or("").trim()
}

fn boundary(content_type: &str) -> Option<&str> {
    let at = content_type.as_bytes().windows(9).position(|w| w.eq_ignore_ascii_case(b"boundary="))?;
    let value = content_type.get(at + 9..)?;
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => value.split([';', ' ', '\t']).next()?,
    };
    (1..=BOUNDARY_MAX).contains(&value.len()).then_some(value)
}

#[derive(PartialEq)]
enum Delimiter {
    None,
    Next,
    Last,
}

fn delimiter(line: &[u8], boundary: &[u8]) -> Delimiter {
    let Some(rest) = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary)) else {
        return Delimiter::None;
    };
    match rest.trim_ascii_end() {
        b"" => Delimiter::Next,
        b"--" => Delimiter::Last,
        _ => Delimiter::None,
    }
}

/// A line without its end, and where the next begins.
fn line_at(body: &[u8], start: usize) -> Option<(&[u8], usize)> {
    let rest = body.get(start..).filter(|rest| !rest.is_empty())?;
    match rest.iter().position(|b| *b == b'\n') {
        Some(end) => {
            let line = &rest[..end];
            Some((line.strip_suffix(b"\r").unwrap_or(line), start + end + 1))
        }
        None => Some((rest, body.len())),
    }
}

fn first_sdp_part<'a>(body: &'a [u8], boundary: &[u8]) -> Option<&'a [u8]> {
    let mut at = 0;
    let mut parts = 0;
    loop {
        let (line, next) = line_at(body, at)?;
        at = next;
        match delimiter(line, boundary) {
            Delimiter::None => continue,
            Delimiter::Last => return None,
            Delimiter::Next => {}
        }
        parts += 1;
        if parts > PARTS_MAX {
            return None;
        }
        let (wanted, start) = part_headers(body, at)?;
        at = start;
        if wanted {
            let end = part_end(body, start, boundary);
            return body.get(start..end).filter(|part| part.len() <= SDP_BYTES_MAX);
        }
    }
}

/// Reads a part's headers; says whether it is SDP and where its content begins.
fn part_headers(body: &[u8], mut at: usize) -> Option<(bool, usize)> {
    let mut wanted = false;
    for _ in 0..PART_HEADERS_MAX {
        let (line, next) = line_at(body, at)?;
        at = next;
        if line.is_empty() {
            return Some((wanted, at));
        }
        let Some(colon) = line.iter().position(|b| *b == b':') else { continue };
        let name = line[..colon].trim_ascii();
        if name.eq_ignore_ascii_case(b"content-type") || name.eq_ignore_ascii_case(b"c") {
            wanted = std::str::from_utf8(&line[colon + 1..]).is_ok_and(is_sdp);
        }
    }
    None
}

/// Where the part that begins at `start` ends: before the line end that belongs to the delimiter.
fn part_end(body: &[u8], start: usize, boundary: &[u8]) -> usize {
    let mut at = start;
    while let Some((line, next)) = line_at(body, at) {
        if delimiter(line, boundary) != Delimiter::None {
            let part = body.get(start..at).unwrap_or_default();
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            return start + part.strip_suffix(b"\r").unwrap_or(part).len();
        }
        at = next;
    }
    body.len()
}
