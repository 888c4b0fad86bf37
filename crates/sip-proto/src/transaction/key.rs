//! Which transaction a message belongs to (RFC 3261 sections 17.1.3, 17.2.3 and 8.2.2.2).

use std::hash::{DefaultHasher, Hasher};

use crate::message::{MAGIC_COOKIE, Message, Method, Name, Via};

/// The key of the server transaction `request` belongs to; an ACK has the key of its INVITE.
///
/// By branch, sent-by and method; for peers without the magic cookie (RFC 2543) by the headers
/// section 17.2.3 names. `None` if the Via cannot be read.
pub fn server_key(request: &Message, method: &Method, via: &Via) -> Box<[u8]> {
    let method = if *method == Method::Ack { &Method::Invite } else { method };
    let mut key = Vec::with_capacity(96);
    let mut part = |bytes: &[u8]| {
        key.extend_from_slice(bytes);
        // Cannot stand in any of the parts: a line end ends a header.
        key.push(b'\n');
    };
    part(method.as_str().as_bytes());
    part(via.host.to_ascii_lowercase().as_bytes());
    part(&via.port.unwrap_or(5060).to_be_bytes());
    match via.magic_branch() {
        Some(branch) => part(branch.as_bytes()),
        None => {
            part(via.branch().unwrap_or("").as_bytes());
            part(request.call_id().unwrap_or(b""));
            part(request.from_tag().unwrap_or_default().as_bytes());
            let cseq = request.cseq().map_or(0, |cseq| cseq.number);
            part(&cseq.to_be_bytes());
            // The To tag is left out: the INVITE has none yet where its ACK has one.
            if let Some(uri) = request.request_uri() {
                part(uri.to_string().as_bytes());
            }
        }
    }
    key.into_boxed_slice()
}

/// What a request and its merged copies have in common (section 8.2.2.2): `None` with a To tag.
pub fn merge_key(seed: u64, request: &Message) -> Option<u64> {
    if request.to_tag().is_some() {
        return None;
    }
    let mut hash = DefaultHasher::new();
    hash.write_u64(seed);
    hash.write(request.call_id()?);
    hash.write_u8(b'\n');
    hash.write(request.from_tag().unwrap_or_default().as_bytes());
    hash.write_u8(b'\n');
    hash.write(request.headers.get(Name::CSeq)?);
    Some(hash.finish())
}

/// A branch that names client transaction `number`; `chance` keeps others from guessing it.
pub fn new_branch(number: u64, chance: u64) -> String {
    format!("{MAGIC_COOKIE}{number:x}.{chance:016x}")
}

/// The number of the client transaction a branch of ours names. The branch must still be compared.
pub fn branch_number(branch: &str) -> Option<u64> {
    let (number, _) = branch.strip_prefix(MAGIC_COOKIE)?.split_once('.')?;
    u64::from_str_radix(number, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::parse_datagram;

    fn key(method: &str, branch: &str, to: &str) -> Box<[u8]> {
        let text = format!(
            "{method} sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP c;branch={branch}\r\nFrom: <sip:a@h>;tag=1\r\n\
             To: <sip:b@h>{to}\r\nCall-ID: 1\r\nCSeq: 1 {method}\r\n\r\n"
        );
        let request = parse_datagram(text.as_bytes()).unwrap();
        server_key(&request, request.method().unwrap(), &request.via().unwrap())
    }

    #[test]
    fn an_ack_finds_its_invite_and_a_cancel_does_not() {
        for branch in ["z9hG4bK1", "1"] {
            assert_eq!(key("INVITE", branch, ""), key("ACK", branch, ";tag=2"));
            assert_ne!(key("INVITE", branch, ""), key("CANCEL", branch, ""));
        }
        assert_ne!(key("INVITE", "z9hG4bK1", ""), key("INVITE", "z9hG4bK2", ""));
    }

    #[test]
    fn a_branch_of_ours_names_its_transaction() {
        assert_eq!(branch_number(&new_branch(4711, 99)), Some(4711));
        assert_eq!(branch_number("z9hG4bKnashds8"), None);
        assert_eq!(branch_number(""), None);
    }
}
