//! Seeded mutations of good packets and files: an error or an answer, never a panic.

use std::time::Duration;

use rtp::packet::Header;
use rtp::rtcp::{self, Report, ReportBlock, Rtcp, SenderInfo};
use rtp::wav::Wav;
use rtp::{DtmfReceiver, OutStream, Packet, Reception, SourceLock};

/// A generator with no other use than this (xorshift).
struct Seed(u64);

impl Seed {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn mutate(&mut self, good: &[u8]) -> Vec<u8> {
        let mut bytes = good.to_vec();
        for _ in 0..=self.below(6) {
            match self.below(4) {
                0 if !bytes.is_empty() => {
                    let at = self.below(bytes.len());
                    bytes[at] = self.next().to_le_bytes()[0];
                }
                1 => bytes.truncate(self.below(bytes.len() + 1)),
                2 => bytes.extend(self.next().to_le_bytes()),
                _ if !bytes.is_empty() => {
                    let at = self.below(bytes.len());
                    bytes[at] ^= 1 << self.below(8);
                }
                _ => {}
            }
        }
        bytes
    }
}

#[test]
fn mutated_packets_go_through_every_judge_without_a_panic() {
    let mut seed = Seed(0x5eed);
    let good =
        Header { marker: true, payload_type: 101, sequence: 65_000, timestamp: u32::MAX - 100, ssrc: 7 }
            .packet(&[5, 10, 0, 160]);
    let address = "192.0.2.1:4000".parse().unwrap();
    let mut stream = OutStream::new(1, 65_530, u32::MAX - 10);
    let mut reception = Reception::default();
    let mut digits = DtmfReceiver::default();
    let mut lock = SourceLock::new(address, Duration::ZERO);
    let (mut read, mut refused) = (0_u32, 0_u32);
    for n in 0..200_000_u64 {
        let now = Duration::from_millis(n);
        let bytes = seed.mutate(&good);
        let Ok(packet) = Packet::parse(&bytes) else {
            refused += 1;
            continue;
        };
        read += 1;
        assert!(packet.payload_at + packet.payload.len() <= bytes.len());
        lock.judge(address, packet.header.ssrc, packet.header.sequence, now);
        reception.receive(&packet.header, now, n % 2 == 0);
        digits.receive(&packet.header, packet.payload, now);
        stream.relay(now, &packet.header);
        if n % 97 == 0 {
            reception.loss();
            stream.local(now, 160);
            stream.skip(&packet.header);
        }
    }
    assert!(read > 10_000 && refused > 10_000, "{read} {refused}");
}

#[test]
fn mutated_reports_are_read_or_refused() {
    let mut seed = Seed(0xcafe);
    let report = Report {
        ssrc: 1,
        sender: Some(SenderInfo::default()),
        block: Some(ReportBlock { ssrc: 1, last_sender_report: 1, ..ReportBlock::default() }),
        cname: "name@host",
        bye: true,
    };
    let good = report.write();
    let (mut blocks, mut errors) = (0_u32, 0_u32);
    for n in 0..200_000 {
        for packet in rtcp::parse(&seed.mutate(&good)) {
            match packet {
                Ok(Rtcp::SenderReport(_, _, read) | Rtcp::ReceiverReport(_, read)) => {
                    for block in read {
                        block.round_trip(Duration::from_millis(n));
                        blocks += 1;
                    }
                }
                Ok(Rtcp::Bye | Rtcp::Other(_)) => {}
                Err(_) => errors += 1,
            }
        }
    }
    assert!(blocks > 10_000 && errors > 10_000, "{blocks} {errors}");
}

#[test]
fn mutated_files_are_read_or_refused() {
    let mut seed = Seed(0xf11e);
    let good = Wav::write(8_000, &[1, 2, 3, 4, 5, 6, 7, 8]);
    let (mut read, mut refused) = (0_u32, 0_u32);
    for _ in 0..100_000 {
        match Wav::parse(&seed.mutate(&good)) {
            Ok(_) => read += 1,
            Err(_) => refused += 1,
        }
    }
    assert!(read > 1_000 && refused > 1_000, "{read} {refused}");
}
