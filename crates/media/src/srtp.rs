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

/// The packets of one stream that were seen: how often their numbers have wrapped, and the last 64 (RFC 3711 3.3).
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// The highest index.
    top: Option<u64>,
    /// The newest is the lowest bit.
    window: u64,
}

impl Seen {
    /// The index of a packet by its sequence number: the nearest to the highest (RFC 3711 3.3.1).
    fn index(&self, sequence: u16) -> u64 {
        let Some(top) = self.top else { return u64::from(sequence) };
        let (rollovers, last) = (top >> 16, i64::try_from(top & 0xffff).unwrap_or(0));
        let distance = i64::from(sequence) - last;
        let rollovers = match distance {
            ..-0x8000 => rollovers + 1,
            0x8001.. => rollovers.saturating_sub(1),
            -0x8000..=0x8000 => rollovers,
        };
        (rollovers << 16) | u64::from(sequence)
    }

    fn is_new(&self, index: u64) -> bool {
        let Some(top) = self.top else { return true };
        match top.checked_sub(index) {
            None => true,
            Some(back) => back < 64 && self.window & (1 << back) == 0,
        }
    }

    fn note(&mut self, index: u64) {
        let ahead = self.top.map_or(64, |top| index.saturating_sub(top));
        match self.top.map(|top| top.saturating_sub(index)) {
            Some(back) if ahead == 0 => self.window |= 1_u64.checked_shl(bits(back)).unwrap_or(0),
            Some(_) | None => {
                self.window = self.window.checked_shl(bits(ahead)).unwrap_or(0) | 1;
                self.top = Some(index);
            }
        }
    }
}

fn bits(distance: u64) -> u32 {
    u32::try_from(distance).unwrap_or(u32::MAX)
}

/// What we send.
pub(crate) struct Sealing {
    master: MasterKey,
    suite: CryptoSuite,
    rtp: Keys,
    rtcp: Keys,
    seen: Seen,
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
            seen: Seen::default(),
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
        let index = self.seen.index(sequence);
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
    streams: Vec<(u32, Seen)>,
    reports: Vec<(u32, Seen)>,
}

impl Unsealing {
    pub(crate) fn new(keys: &SrtpKeys) -> Option<Unsealing> {
        let (rtp, rtcp) = (Keys::new(&keys.theirs, 0)?, Keys::new(&keys.theirs, 3)?);
        let (streams, reports) = (Vec::with_capacity(STREAMS_MAX), Vec::with_capacity(STREAMS_MAX));
        Some(Unsealing { master: keys.theirs.clone(), suite: keys.suite, rtp, rtcp, streams, reports })
    }

    /// Whether it is by these keys.
    pub(crate) fn is_by(&self, keys: &SrtpKeys) -> bool {
        self.master == keys.theirs && self.suite == keys.suite
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
        let index = seen.index(sequence);
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
fn find(streams: &[(u32, Seen)], ssrc: u32) -> Option<Seen> {
    let known = streams.iter().find(|(of, _)| *of == ssrc).map(|(_, seen)| *seen);
    known.or_else(|| (streams.len() < STREAMS_MAX).then(Seen::default))
}

fn note(streams: &mut Vec<(u32, Seen)>, ssrc: u32, index: u64) {
    match streams.iter_mut().find(|(of, _)| *of == ssrc) {
        Some((_, seen)) => seen.note(index),
        None => {
            let mut seen = Seen::default();
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
mod tests {
    use super::*;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        let mut out = [0; N];
        for (at, byte) in out.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
        }
        out
    }

    /// The master key and salt of RFC 3711 B.3.
    fn master() -> MasterKey {
        MasterKey(bytes("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6"))
    }

    fn keys(suite: CryptoSuite) -> SrtpKeys {
        SrtpKeys { suite, ours: master(), theirs: master() }
    }

    fn both(suite: CryptoSuite) -> (Sealing, Unsealing) {
        (Sealing::new(&keys(suite)).unwrap(), Unsealing::new(&keys(suite)).unwrap())
    }

    fn packet(sequence: u16, ssrc: u32) -> Vec<u8> {
        let header = rtp::Header { marker: false, payload_type: 0, sequence, timestamp: 1, ssrc };
        header.packet(&[0x55; 160])
    }

    fn sealed(sealing: &mut Sealing, packet: &[u8]) -> Vec<u8> {
        sealing.packet(packet, &mut [0; SEALED_MAX]).unwrap().to_vec()
    }

    #[test]
    fn keys_are_derived_as_in_rfc_3711_b_3() {
        let keys = Keys::new(&master(), 0).unwrap();
        assert_eq!(keys.salt, bytes("30cbbc08863d8c85d49db34a9ae1"));
        // The cipher key and the tag's key show in what they do.
        let by_cipher = cipher(&bytes::<16>("c61e7a93744f39ee10734afe3ff7a087")).unwrap();
        let mut stream = [0; 32];
        by_cipher.less_safe_encrypt(&mut stream, EncryptionContext::Iv128([7; 16].into())).unwrap();
        let mut ours = [0; 32];
        keys.cipher.less_safe_encrypt(&mut ours, EncryptionContext::Iv128([7; 16].into())).unwrap();
        assert_eq!(ours, stream);
        let auth = bytes::<20>("cebe321f6ff7716b6fd4ab49af256a156d38baa4");
        let auth = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &auth);
        assert_eq!(keys.tag([b"x", b""]).as_ref(), hmac::sign(&auth, b"x").as_ref());
    }

    #[test]
    fn the_key_stream_is_that_of_rfc_3711_b_2() {
        let auth = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"");
        let cipher = cipher(&bytes::<16>("2b7e151628aed2a6abf7158809cf4f3c")).unwrap();
        let keys = Keys { cipher, salt: bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfd"), auth };
        let mut stream = [0; 32];
        keys.mask([0; 4], 0, &mut stream).unwrap();
        assert_eq!(stream, bytes("e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab"));
    }

    #[test]
    fn a_whole_packet_is_as_others_make_it() {
        let plain = bytes::<28>("800f1234decafbadcafebabeabababababababababababababababab");
        let right =
            bytes::<38>("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
        let (mut sealing, mut unsealing) = both(CryptoSuite::AesCm128HmacSha1_80);
        assert_eq!(sealed(&mut sealing, &plain), right);
        let mut heard = right;
        assert_eq!(unsealing.packet(&mut heard), Some(28));
        assert_eq!(heard[..28], plain);
    }

    #[test]
    fn what_is_sealed_is_heard_once_and_nothing_else_is() {
        for suite in [CryptoSuite::AesCm128HmacSha1_80, CryptoSuite::AesCm128HmacSha1_32] {
            let (mut sealing, mut unsealing) = both(suite);
            let mut first = sealed(&mut sealing, &packet(9, 7));
            for at in 0..first.len() {
                let mut forged = first.clone();
                forged[at] ^= 1;
                assert_eq!(unsealing.packet(&mut forged), None, "byte {at}");
            }
            let again = first.clone();
            assert_eq!(unsealing.packet(&mut first), Some(172));
            assert_eq!(first[..172], packet(9, 7));
            assert_eq!(unsealing.packet(&mut again.clone()), None, "it was here before");
            for length in 0..again.len() {
                assert_eq!(unsealing.packet(&mut again.clone()[..length]), None, "{length} bytes");
            }
        }
    }

    #[test]
    fn packets_out_of_order_and_over_the_wrap_are_heard_and_old_ones_are_not() {
        let (mut sealing, mut unsealing) = both(CryptoSuite::AesCm128HmacSha1_80);
        let mut late = None;
        for number in 65_400_u32..65_700 {
            let sequence = u16::try_from(number & 0xffff).unwrap();
            let mut bytes = sealed(&mut sealing, &packet(sequence, 7));
            // Just before the wrap one packet takes another way, and an old one stays behind for good.
            match number {
                65_535 => late = Some(bytes),
                65_540 => {
                    assert!(unsealing.packet(&mut late.take().unwrap()).is_some());
                    assert!(unsealing.packet(&mut bytes).is_some());
                }
                65_541 => late = Some(bytes),
                _ => assert_eq!(unsealing.packet(&mut bytes), Some(172), "{number}"),
            }
        }
        assert_eq!(unsealing.packet(&mut late.unwrap()), None, "older than the window");
        assert_eq!(unsealing.streams[0].1.top, Some(65_699));
    }

    #[test]
    fn a_number_is_sealed_once() {
        let (mut sealing, _) = both(CryptoSuite::AesCm128HmacSha1_80);
        sealed(&mut sealing, &packet(9, 7));
        assert!(sealing.packet(&packet(9, 7), &mut [0; SEALED_MAX]).is_none());
        assert!(sealing.packet(&[0; SEALED_MAX + 1], &mut [0; SEALED_MAX]).is_none());
    }

    #[test]
    fn another_negotiation_with_the_same_key_goes_on_with_the_numbers() {
        let (mut sealing, _) = both(CryptoSuite::AesCm128HmacSha1_80);
        sealed(&mut sealing, &packet(9, 7));
        assert!(sealing.goes_on(&keys(CryptoSuite::AesCm128HmacSha1_32)));
        assert!(sealing.packet(&packet(9, 7), &mut [0; SEALED_MAX]).is_none());
        assert_eq!(sealed(&mut sealing, &packet(10, 7)).len(), 176);
        let other = SrtpKeys { ours: MasterKey([1; 30]), ..keys(CryptoSuite::AesCm128HmacSha1_80) };
        assert!(!sealing.goes_on(&other));
    }

    #[test]
    fn reports_are_sealed_numbered_and_heard_once() {
        let (mut sealing, mut unsealing) = both(CryptoSuite::AesCm128HmacSha1_32);
        let plain = [0x80, 201, 0, 1, 0, 0, 0, 7, 1, 2, 3, 4];
        for number in 1..=3 {
            let mut report = sealing.report(&plain, &mut [0; SEALED_MAX]).unwrap().to_vec();
            assert_eq!(report[12..16], (SECRET | number).to_be_bytes());
            assert_ne!(report[8..12], plain[8..12]);
            let mut forged = report.clone();
            forged[15] ^= 8;
            assert_eq!(unsealing.report(&mut forged), None);
            let again = report.clone();
            assert_eq!(unsealing.report(&mut report), Some(12));
            assert_eq!(report[..12], plain);
            assert_eq!(unsealing.report(&mut again.clone()), None);
        }
        for length in 0..30 {
            assert_eq!(unsealing.report(&mut vec![0x80; length]), None);
        }
    }

    #[test]
    fn a_call_has_a_bounded_number_of_streams() {
        let (_, mut unsealing) = both(CryptoSuite::AesCm128HmacSha1_80);
        for ssrc in 0..20 {
            let mut sealing = Sealing::new(&keys(CryptoSuite::AesCm128HmacSha1_80)).unwrap();
            let heard = unsealing.packet(&mut sealed(&mut sealing, &packet(1, ssrc))).is_some();
            assert_eq!(heard, ssrc < 16);
        }
    }
}
