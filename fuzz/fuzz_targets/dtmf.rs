//! Telephone events of a phone that means harm: never a panic, never the same press twice in a row, never more keys
//! in a second than a hand can press.

#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use rtp::{DtmfReceiver, Packet};

/// As many keys as a second may have.
const IN_SECOND_MAX: u32 = 25;

fuzz_target!(|bytes: &[u8]| {
    let mut receiver = DtmfReceiver::default();
    let (mut now, mut told, mut in_second) = (Duration::ZERO, None, (0, 0_u32));
    let mut rest = bytes;
    // Each packet is led by its length and by how long after the last it comes, in units of 4 ms.
    while let [length, later, tail @ ..] = rest {
        let (datagram, tail) = tail.split_at(usize::from(*length).min(tail.len()));
        rest = tail;
        now += Duration::from_millis(u64::from(*later) * 4);
        let Ok(packet) = Packet::parse(datagram) else { continue };
        if receiver.receive(&packet.header, packet.payload, now).is_none() {
            continue;
        }
        let press = (packet.header.ssrc, packet.header.timestamp);
        assert_ne!(told, Some(press), "the same press twice");
        told = Some(press);
        if in_second.0 != now.as_secs() {
            in_second = (now.as_secs(), 0);
        }
        in_second.1 += 1;
        assert!(in_second.1 <= IN_SECOND_MAX, "more keys than a hand can press");
    }
});
