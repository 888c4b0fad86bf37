//! The derivation, the sealing and the window, by the figures of RFC 3711.

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
    let right = bytes::<38>("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
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
    assert_eq!(unsealing.streams[0].1.top(), Some(65_699));
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

    let (mut theirs, mut unsealing) = both(CryptoSuite::AesCm128HmacSha1_80);
    let mut first = sealed(&mut theirs, &packet(65_535, 7));
    let again = first.clone();
    assert!(unsealing.packet(&mut first).is_some());
    let short = keys(CryptoSuite::AesCm128HmacSha1_32);
    assert!(theirs.goes_on(&short) && unsealing.goes_on(&short));
    assert!(unsealing.packet(&mut sealed(&mut theirs, &packet(0, 7))).is_some(), "the wrap is remembered");
    assert!(unsealing.packet(&mut again.clone()).is_none(), "and what was seen");
    let other = SrtpKeys { theirs: MasterKey([1; 30]), ..short };
    assert!(!unsealing.goes_on(&other));
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
