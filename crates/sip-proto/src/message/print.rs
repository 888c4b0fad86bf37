//! Writing a message as bytes.

use std::io::Write as _;

use super::{Message, Name, StartLine};

impl Message {
    /// The message on the wire. Content-Length is written from the body, whatever the headers say.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256 + self.headers.byte_len() + self.body.len());
        match &self.start {
            StartLine::Request { method, uri } => {
                out.extend_from_slice(method.as_str().as_bytes());
                out.push(b' ');
                // Writing to a Vec cannot fail.
                let _ = write!(out, "{uri}");
                out.extend_from_slice(b" SIP/2.0\r\n");
            }
            StartLine::Response { status, reason } => {
                out.extend_from_slice(b"SIP/2.0 ");
                number(usize::from(*status), &mut out);
                out.push(b' ');
                out.extend(
                    reason.bytes().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { byte }),
                );
                out.extend_from_slice(b"\r\n");
            }
        }
        for (name, value) in self.headers.iter() {
            if name == Name::ContentLength.as_str().as_bytes() {
                continue;
            }
            out.extend_from_slice(name);
            out.extend_from_slice(b": ");
            out.extend_from_slice(value);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b"Content-Length: ");
        number(self.body.len(), &mut out);
        out.extend_from_slice(b"\r\n\r\n");
        out.extend_from_slice(&self.body);
        out
    }
}

/// `value` in decimal digits.
fn number(value: usize, out: &mut Vec<u8>) {
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{value}");
}
