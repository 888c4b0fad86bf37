//! Finding the session description in a message.

use crate::message::{Message, Name, Params, scan};

/// The media type of a session description.
pub(crate) const SDP: &str = "application/sdp";

/// Parts of a multipart body we look at; more is no honest call.
const PARTS_MAX: usize = 16;

/// Whether the body is one we can take: none, SDP, or a multipart with SDP in it.
pub(crate) fn is_acceptable(message: &Message) -> bool {
    let encoded = message.headers.get(Name::ContentEncoding);
    if encoded.is_some_and(|value| !value.eq_ignore_ascii_case(b"identity")) {
        return false;
    }
    message.body.is_empty() || is_optional(message) || sdp_of(message).is_some()
}

/// Whether the sender lets us pass over a body we do not know (RFC 3261 section 20.11).
fn is_optional(message: &Message) -> bool {
    let Some(value) = message.headers.get(Name::ContentDisposition) else { return false };
    let params = value.iter().position(|&byte| byte == b';').and_then(|at| Params::parse(&value[at..]));
    params
        .is_some_and(|params| params.get("handling").is_some_and(|how| how.eq_ignore_ascii_case("optional")))
}

/// The session description of a message, alone or as a part (RFC 5621).
pub(crate) fn sdp_of(message: &Message) -> Option<Vec<u8>> {
    if message.body.is_empty() {
        return None;
    }
    let kind = message.content_type()?;
    if kind == SDP {
        return Some(message.body.clone());
    }
    if !kind.starts_with("multipart/") {
        return None;
    }
    let value = message.headers.get(Name::ContentType)?;
    let at = value.iter().position(|&byte| byte == b';')?;
    let params = Params::parse(&value[at..])?;
    let boundary = params.get("boundary")?;
    let unquoted = scan::quoted(boundary.as_bytes()).map(|(text, _)| text);
    sdp_part(&message.body, unquoted.as_deref().unwrap_or(boundary))
}

/// One pass over the body; parts inside parts are not opened.
fn sdp_part(body: &[u8], boundary: &str) -> Option<Vec<u8>> {
    if boundary.is_empty() || boundary.len() > 70 {
        return None;
    }
    let delimiter = format!("--{boundary}");
    let mut rest = after(body, delimiter.as_bytes())?;
    for _ in 0..PARTS_MAX {
        if rest.starts_with(b"--") {
            return None;
        }
        let next = find(rest, delimiter.as_bytes())?;
        let part = rest.get(..next)?;
        let head_end = find(part, b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&part[..head_end]).to_ascii_lowercase();
        let is_sdp = head.lines().any(|line| {
            let value = line.strip_prefix("content-type:").or_else(|| line.strip_prefix("c:"));
            value.is_some_and(|value| value.trim_start().starts_with(SDP))
        });
        if is_sdp {
            let content = &part[head_end + 4..];
            return Some(content.strip_suffix(b"\r\n").unwrap_or(content).to_vec());
        }
        rest = &rest[next + delimiter.len()..];
    }
    None
}

fn after<'b>(bytes: &'b [u8], wanted: &[u8]) -> Option<&'b [u8]> {
    find(bytes, wanted).map(|at| &bytes[at + wanted.len()..])
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Method, Uri};

    fn message(kind: &str, body: &str) -> Message {
        let mut message = Message::request(Method::Invite, Uri::default());
        message.set_body(kind, body.as_bytes().to_vec());
        message
    }

    #[test]
    fn a_description_is_found_alone_and_among_parts() {
        assert_eq!(sdp_of(&message("Application/SDP; x=y", "v=0")), Some(b"v=0".to_vec()));
        let parts = "--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b--\r\n";
        assert_eq!(sdp_of(&message("multipart/mixed;boundary=\"b\"", parts)), Some(b"v=0".to_vec()));
    }

    #[test]
    fn bodies_without_a_description_are_not_acceptable() {
        assert!(!is_acceptable(&message("text/plain", "hi")));
        for body in
            ["", "--b", "--b--", "--b\r\n\r\n", "--b\r\nContent-Type: application/sdp", "--b--b--b--b"]
        {
            let empty = body.is_empty();
            assert_eq!(is_acceptable(&message("multipart/mixed;boundary=b", body)), empty, "{body}");
        }
        let mut optional = message("text/plain", "hi");
        optional.headers.push(Name::ContentDisposition, "render;handling=optional");
        assert!(is_acceptable(&optional));
    }
}
