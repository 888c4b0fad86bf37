//! One end speaks, the other listens: what the numbers say at the far end.

use std::time::Duration;

use rtp::tone::Tone;
use rtp::{Codec, FRAME, Header, OutStream, Packet, RATE, Reception, power_share};

/// A second of tone as packets of one law.
fn speak(codec: Codec, frequency: f64) -> Vec<Vec<u8>> {
    let mut stream = OutStream::new(77, 65_520, u32::MAX - 1_000);
    let samples = Tone::sine(frequency).samples(RATE, Duration::from_secs(1));
    let frames = samples.chunks_exact(FRAME).zip(0..);
    frames
        .map(|(frame, n)| {
            let stamp = stream.local(Duration::from_millis(n * 20), 160);
            let header = Header {
                marker: stamp.marker,
                payload_type: codec.static_payload_type(),
                sequence: stamp.sequence,
                timestamp: stamp.timestamp,
                ssrc: stream.ssrc(),
            };
            header.packet(&frame.iter().map(|sample| codec.encode(*sample)).collect::<Vec<_>>())
        })
        .collect()
}

#[test]
fn a_tone_survives_both_laws_and_the_way_between_them() {
    for (from, to) in [
        (Codec::Pcmu, Codec::Pcmu),
        (Codec::Pcmu, Codec::Pcma),
        (Codec::Pcma, Codec::Pcmu),
        (Codec::Pcma, Codec::Pcma),
    ] {
        let mut heard = Vec::new();
        for datagram in speak(from, 440.0) {
            let mut payload = Packet::parse(&datagram).unwrap().payload.to_vec();
            from.transcode(to, &mut payload);
            heard.extend(payload.iter().map(|byte| to.decode(*byte)));
        }
        assert!(power_share(&heard, RATE, 440.0) > 0.99, "{from:?} to {to:?}");
    }
}

#[test]
fn a_relayed_stream_shows_the_loss_of_its_first_half_of_the_way() {
    let mut relay = OutStream::new(5, 9, 9);
    let mut far = Reception::default();
    for (n, datagram) in speak(Codec::Pcmu, 440.0).iter().enumerate() {
        if n % 10 == 3 {
            continue;
        }
        let header = Packet::parse(datagram).unwrap().header;
        let now = Duration::from_millis(20 * u64::try_from(n).unwrap());
        let stamp = relay.relay(now, &header).unwrap();
        let sent =
            Header { sequence: stamp.sequence, timestamp: stamp.timestamp, ssrc: relay.ssrc(), ..header };
        far.receive(&sent, now, true);
    }
    assert_eq!((far.lost(), far.packets()), (5, 45));
    assert_eq!(far.jitter(), 0);
}
