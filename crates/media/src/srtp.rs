//! SRTP and SRTCP (RFC 3711) by keys that came with the signalling: what a desk phone behind TLS speaks.
//!
//! It is a layer below packets, as [`secure`](crate::secure) is: what comes off the socket is made plain in its place
//! ([`Unsealing`]), what leaves is sealed last of all ([`Sealing`]). A packet that is not believed changes nothing
//! here: no counter, no window, no address (RFC 3711 3.3).

use aws_lc_rs::cipher::{AES_128, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use rtp::packet::{self, HEADER_LEN};

use crate::command::{CryptoSuite, MasterKey, SrtpKeys};
use crate::window::Window;

/// Bytes of a cipher key, of a salt, and of the key of tags (RFC 3711 8.2).
const KEY_LEN: usize = 16;
const SALT_LEN: usize = 14;
const AUTH_LEN: usize = 20;
/// What stands behind a report: whether it is secret, and its number (RFC 3711 3.4).
const INDEX_LEN: usize = 4;
/// The tag of a report, with either suite (RFC 4568 6.2).
const REPORT_TAG_LEN: usize = 10;
/// Header of a report that stays readable.
const REPORT_HEAD_LEN: usize = 8;
/// Says that a report is secret.
const SECRET: u32 = 1 << 31;
/// Streams that are heard in one call; a phone has one, and another when somebody else picks up there.
const STREAMS_MAX: usize = 16;
/// A packet with everything behind it.
pub(crate) const SEALED_MAX: usize = 1_700;

/// The keys of one way for one kind of packet.
struct Keys {
    cipher: EncryptingKey,
    salt: [u8; SALT_LEN],
    auth: hmac::Key,
}

impl Keys {
    /// The key derivation of RFC 3711 4.3.1, with a rate of zero: once and for all. `first` is 0 for RTP, 3 for RTCP.
    fn new(master: &MasterKey, first: u8) -> Option<Keys> {
        let (key, salt) = master.0.split_at_checked(KEY_LEN)?;
        let master_cipher = cipher(key)?;
        let draw = |label: u8, out: &mut [u8]| {
            let mut start = [0; KEY_LEN];
            start.get_mut(..SALT_LEN)?.copy_from_slice(salt);
            start[7] ^= first + label;
            master_cipher.less_safe_encrypt(out, EncryptionContext::Iv128(start.into())).ok().map(drop)
        };
        let (mut key, mut auth, mut salt) = ([0; KEY_LEN], [0; AUTH_LEN], [0; SALT_LEN]);
        draw(0, &mut key)?;
        draw(1, &mut auth)?;
        draw(2, &mut salt)?;
        let auth = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &auth);
        Some(Keys { cipher: cipher(&key)?, salt, auth })
    }

    /// Adds the key stream of packet `index` of a stream to `payload`: it makes plain secret, and secret plain
    /// (RFC 3711 4.1.1).
    fn mask(&self, ssrc: [u8; 4], index: u64, payload: &mut [u8]) -> Option<()> {
        let mut start = [0; KEY_LEN];
        start.get_mut(..SALT_LEN)?.copy_from_slice(&self.salt);
        let index = index.to_be_bytes();
        for (at, byte) in (4..).zip(ssrc).chain((8..).zip(index.into_iter().skip(2))) {
            if let Some(place) = start.get_mut(at) {
                *place ^= byte;
            }
        }
        self.cipher.less_safe_encrypt(payload, EncryptionContext::Iv128(start.into())).ok().map(drop)
    }

    fn tag(&self, parts: [&[u8]; 2]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.auth);
        for part in parts {
            context.update(part);
        }
        context.sign()
    }
}

fn cipher(key: &[u8]) -> Option<EncryptingKey> {
    EncryptingKey::ctr(UnboundCipherKey::new(&AES_128, key).ok()?).ok()
}

const fn tag_len(suite: CryptoSuite) -> usize {
    match suite {
        CryptoSuite::AesCm128HmacSha1_80 => 10,
        CryptoSuite::AesCm128HmacSha1_32 => 4,
    }
}

/// The index of a packet by its sequence number: the nearest to the highest that was seen (RFC 3711 3.3.1). It holds how
/// often the numbers have wrapped.
fn index_of(sequence: u16, seen: &Window) -> u64 {
    let Some(top) = seen.top() else { return u64::from(sequence) };
    let (rollovers, last) = (top >> 16, i64::try_from(top & 0xffff).unwrap_or(0));
    let rollovers = match i64::from(sequence) - last {
        ..-0x8000 => rollovers + 1,
        0x8001.. => rollovers.saturating_sub(1),
        -0x8000..=0x8000 => rollovers,
    };
    (rollovers << 16) | u64::from(sequence)
}

/// What we send.
pub(crate) struct Sealing {
    master: MasterKey,
    suite: CryptoSuite,
    rtp: Keys,
    rtcp: Keys,
    seen: Window,
    reports: u32,
}

impl Sealing {
    pub(crate) fn new(keys: &SrtpKeys) -> Option<Sealing> {
        let (rtp, rtcp) = (Keys::new(&keys.ours, 0)?, Keys::new(&keys.ours, 3)?);
        Some(Sealing {
            master: keys.ours.clone(),
            suite: keys.suite,
            rtp,
            rtcp,
            seen: Window::default(),
            reports: 0,
        })
    }

    /// Whether its key is still the one: then the numbers go on, with tags of whatever length (RFC 3711 9.1: a key
    /// stream is used once).
    pub(crate) fn goes_on(&mut self, keys: &SrtpKeys) -> bool {
        if self.master != keys.ours {
            return false;
        }
        self.suite = keys.suite;
        true
    }

    /// The packet as it goes on the wire: one of ours, without sources and extension.
    pub(crate) fn packet<'a>(&mut self, packet: &[u8], out: &'a mut [u8; SEALED_MAX]) -> Option<&'a [u8]> {
        let head: &[u8; HEADER_LEN] = packet.first_chunk()?;
        let sequence = u16::from_be_bytes([head[2], head[3]]);
        let ssrc = [head[8], head[9], head[10], head[11]];
        let index = index_of(sequence, &self.seen);
        // Twice the same number would be the same key stream for two packets.
        if !self.seen.is_new(index) {
            return None;
        }
        let (body, rest) = out.split_at_mut_checked(packet.len())?;
        body.copy_from_slice(packet);
        self.rtp.mask(ssrc, index, body.get_mut(HEADER_LEN..)?)?;
        let tag = self.rtp.tag([body, &rollovers(index)]);
        let tag = tag.as_ref().get(..tag_len(self.suite))?;
        rest.get_mut(..tag.len())?.copy_from_slice(tag);
        self.seen.note(index);
        out.get(..packet.len() + tag.len())
    }

    /// The same for a report.
    pub(crate) fn report<'a>(&mut self, report: &[u8], out: &'a mut [u8; SEALED_MAX]) -> Option<&'a [u8]> {
        let ssrc: [u8; 4] = report.get(4..8)?.try_into().ok()?;
        // The number after the last is none: reports end, as RFC 3711 9.2 wants it.
        self.reports = self.reports.checked_add(1).filter(|number| number & SECRET == 0)?;
        let end = report.len() + INDEX_LEN;
        let body = out.get_mut(..report.len())?;
        body.copy_from_slice(report);
        self.rtcp.mask(ssrc, u64::from(self.reports), body.get_mut(REPORT_HEAD_LEN..)?)?;
        out.get_mut(report.len()..end)?.copy_from_slice(&(SECRET | self.reports).to_be_bytes());
        let tag = self.rtcp.tag([out.get(..end)?, &[]]);
        out.get_mut(end..end + REPORT_TAG_LEN)?.copy_from_slice(tag.as_ref().get(..REPORT_TAG_LEN)?);
        out.get(..end + REPORT_TAG_LEN)
    }
}

/// What we hear.
pub(crate) struct Unsealing {
    master: MasterKey,
    suite: CryptoSuite,
    rtp: Keys,
    rtcp: Keys,
    /// By their numbers, packets and reports apart.
    streams: Vec<(u32, Window)>,
    reports: Vec<(u32, Window)>,
}

impl Unsealing {
    pub(crate) fn new(keys: &SrtpKeys) -> Option<Unsealing> {
        let (rtp, rtcp) = (Keys::new(&keys.theirs, 0)?, Keys::new(&keys.theirs, 3)?);
        let (streams, reports) = (Vec::with_capacity(STREAMS_MAX), Vec::with_capacity(STREAMS_MAX));
        Some(Unsealing { master: keys.theirs.clone(), suite: keys.suite, rtp, rtcp, streams, reports })
    }

    /// Whether their key is still the one: then what was seen of it holds, with tags of whatever length.
    pub(crate) fn goes_on(&mut self, keys: &SrtpKeys) -> bool {
        if self.master != keys.theirs {
            return false;
        }
        self.suite = keys.suite;
        true
    }

    /// Makes a packet plain where it lies; its length then. None: it is not believed, or was here before.
    pub(crate) fn packet(&mut self, datagram: &mut [u8]) -> Option<usize> {
        let length = datagram.len().checked_sub(tag_len(self.suite))?;
        let (body, tag) = datagram.split_at_mut_checked(length)?;
        // The padding's count is secret still.
        let payload_at = packet::payload_at(body).ok()?;
        let head: &[u8; HEADER_LEN] = body.first_chunk()?;
        let sequence = u16::from_be_bytes([head[2], head[3]]);
        let ssrc = [head[8], head[9], head[10], head[11]];
        let seen = find(&self.streams, u32::from_be_bytes(ssrc))?;
        let index = index_of(sequence, &seen);
        if !seen.is_new(index) {
            return None;
        }
        let right = self.rtp.tag([body, &rollovers(index)]);
        verify_slices_are_equal(right.as_ref().get(..tag.len())?, tag).ok()?;
        self.rtp.mask(ssrc, index, body.get_mut(payload_at..)?)?;
        note(&mut self.streams, u32::from_be_bytes(ssrc), index);
        Some(length)
    }

    /// The same for a report.
    pub(crate) fn report(&mut self, datagram: &mut [u8]) -> Option<usize> {
        let end = datagram.len().checked_sub(REPORT_TAG_LEN)?;
        let length = end.checked_sub(INDEX_LEN).filter(|length| *length >= REPORT_HEAD_LEN)?;
        let (body, tag) = datagram.split_at_mut_checked(end)?;
        let number = u32::from_be_bytes(body.get(length..)?.try_into().ok()?);
        let ssrc: [u8; 4] = body.get(4..8)?.try_into().ok()?;
        let index = u64::from(number & !SECRET);
        if !find(&self.reports, u32::from_be_bytes(ssrc))?.is_new(index) {
            return None;
        }
        let right = self.rtcp.tag([body, &[]]);
        verify_slices_are_equal(right.as_ref().get(..tag.len())?, tag).ok()?;
        if number & SECRET != 0 {
            self.rtcp.mask(ssrc, index, body.get_mut(REPORT_HEAD_LEN..length)?)?;
        }
        note(&mut self.reports, u32::from_be_bytes(ssrc), index);
        Some(length)
    }
}

/// What is known of a stream; none if it is one too many.
fn find(streams: &[(u32, Window)], ssrc: u32) -> Option<Window> {
    let known = streams.iter().find(|(of, _)| *of == ssrc).map(|(_, seen)| *seen);
    known.or_else(|| (streams.len() < STREAMS_MAX).then(Window::default))
}

fn note(streams: &mut Vec<(u32, Window)>, ssrc: u32, index: u64) {
    match streams.iter_mut().find(|(of, _)| *of == ssrc) {
        Some((_, seen)) => seen.note(index),
        None => {
            let mut seen = Window::default();
            seen.note(index);
            streams.push((ssrc, seen));
        }
    }
}

/// What stands behind a packet in the reckoning of its tag: how often its numbers have wrapped (RFC 3711 4.2).
fn rollovers(index: u64) -> [u8; 4] {
    let [_, _, a, b, c, d, _, _] = index.to_be_bytes();
    [a, b, c, d]
}

#[cfg(test)]
mod tests;
