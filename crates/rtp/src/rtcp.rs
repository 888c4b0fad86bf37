//! RTCP (RFC 3550 6): sender and receiver reports with a name, read and written, and the round trip.
//!
//! "NTP" time here is the time since the plane started: 6.4.1 allows it, and only differences matter.

use core::time::Duration;

use crate::packet::Malformed;

const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const SOURCE_DESCRIPTION: u8 = 202;
const BYE: u8 = 203;
const CNAME: u8 = 1;
const BLOCK_LEN: usize = 24;
const SENDER_INFO_LEN: usize = 20;
/// A count is five bits.
const BLOCKS_MAX: usize = 31;
/// Longest name that we write.
const CNAME_MAX: usize = 64;

/// What one side says about the reception of one stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportBlock {
    /// The stream spoken of.
    pub ssrc: u32,
    /// Lost since the last report, in 1/256.
    pub fraction_lost: u8,
    /// Lost since the beginning; 24 bits, signed.
    pub lost: i32,
    /// Highest sequence number, wraps above.
    pub highest: u32,
    /// In timestamp units.
    pub jitter: u32,
    /// The middle of the NTP time of the last sender report; 0 if there was none.
    pub last_sender_report: u32,
    /// From receiving that report to sending this one, in 1/65,536 s.
    pub delay: u32,
}

/// What a sender says about its own stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SenderInfo {
    /// 32.32 fixed point seconds.
    pub ntp: u64,
    /// The same moment on the stream's clock.
    pub timestamp: u32,
    /// Packets sent; wraps.
    pub packets: u32,
    /// Payload bytes sent; wraps.
    pub bytes: u32,
}

/// A report to be sent: SR or RR, then the name, then perhaps BYE, as one datagram.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Our own stream.
    pub ssrc: u32,
    /// Present if we have sent since the last report: it makes this an SR.
    pub sender: Option<SenderInfo>,
    /// What we hear of the other side; a call has one stream or none.
    pub block: Option<ReportBlock>,
    /// The canonical name, the same for all streams of one source; cut at 64 bytes.
    pub cname: &'a str,
    /// Whether this is the last.
    pub bye: bool,
}

impl Report<'_> {
    /// The datagram, at most 164 bytes.
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(164);
        let kind = if self.sender.is_some() { SENDER_REPORT } else { RECEIVER_REPORT };
        section(&mut out, kind, u8::from(self.block.is_some()), |out| {
            out.extend(self.ssrc.to_be_bytes());
            if let Some(sender) = &self.sender {
                out.extend(sender.ntp.to_be_bytes());
                out.extend(sender.timestamp.to_be_bytes());
                out.extend(sender.packets.to_be_bytes());
                out.extend(sender.bytes.to_be_bytes());
            }
            if let Some(block) = &self.block {
                block.write(out);
            }
        });
        section(&mut out, SOURCE_DESCRIPTION, 1, |out| {
            let name = &self.cname.as_bytes()[..self.cname.len().min(CNAME_MAX)];
            out.extend(self.ssrc.to_be_bytes());
            out.extend([CNAME, u8::try_from(name.len()).unwrap_or(0)]);
            out.extend(name);
            // The list of items ends with at least one zero.
            out.push(0);
        });
        if self.bye {
            section(&mut out, BYE, 1, |out| out.extend(self.ssrc.to_be_bytes()));
        }
        out
    }
}

/// Appends one RTCP packet, padded with zeros to whole words.
fn section(out: &mut Vec<u8>, kind: u8, count: u8, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend([0x80 | count, kind, 0, 0]);
    body(out);
    while !(out.len() - start).is_multiple_of(4) {
        out.push(0);
    }
    let words = u16::try_from((out.len() - start) / 4 - 1).unwrap_or(0);
    out[start + 2..start + 4].copy_from_slice(&words.to_be_bytes());
}

impl ReportBlock {
    fn write(&self, out: &mut Vec<u8>) {
        let [_, lost @ ..] = self.lost.to_be_bytes();
        out.extend(self.ssrc.to_be_bytes());
        out.push(self.fraction_lost);
        out.extend(lost);
        for word in [self.highest, self.jitter, self.last_sender_report, self.delay] {
            out.extend(word.to_be_bytes());
        }
    }

    fn parse(bytes: &[u8]) -> Option<ReportBlock> {
        let lost = bytes.get(5..8)?;
        // Shifted up and down again, so that the sign goes with it.
        let lost = i32::from_be_bytes([lost[0], lost[1], lost[2], 0]) >> 8;
        Some(ReportBlock {
            ssrc: word(bytes, 0)?,
            fraction_lost: *bytes.get(4)?,
            lost,
            highest: word(bytes, 8)?,
            jitter: word(bytes, 12)?,
            last_sender_report: word(bytes, 16)?,
            delay: word(bytes, 20)?,
        })
    }

    /// The round trip that this block tells the sender of the stream: 6.4.1, `A - LSR - DLSR`.
    ///
    /// `None` when the other side has not seen a report of ours, or says what cannot be.
    pub fn round_trip(&self, now: Duration) -> Option<Duration> {
        if self.last_sender_report == 0 {
            return None;
        }
        let units = middle(ntp(now)).wrapping_sub(self.last_sender_report).checked_sub(self.delay)?;
        // More than a minute is a lie or a broken clock.
        (units < 60 << 16).then(|| Duration::from_micros((u64::from(units) * 1_000_000) >> 16))
    }
}

/// One RTCP packet out of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rtcp<'a> {
    /// SR: who sent it, about its stream, and what it hears.
    SenderReport(u32, SenderInfo, Blocks<'a>),
    /// RR: who sent it, and what it hears.
    ReceiverReport(u32, Blocks<'a>),
    /// BYE.
    Bye,
    /// Names and everything else.
    Other(u8),
}

/// The blocks of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocks<'a>(&'a [u8]);

impl Iterator for Blocks<'_> {
    type Item = ReportBlock;

    fn next(&mut self) -> Option<ReportBlock> {
        let (block, rest) = self.0.split_at_checked(BLOCK_LEN)?;
        self.0 = rest;
        ReportBlock::parse(block)
    }
}

/// The packets of a datagram, in order; ends after the first malformed one.
pub fn parse(datagram: &[u8]) -> Compound<'_> {
    Compound(datagram)
}

/// See [`parse`].
#[derive(Clone, Copy, Debug)]
pub struct Compound<'a>(&'a [u8]);

impl<'a> Iterator for Compound<'a> {
    type Item = Result<Rtcp<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let packet = split(&mut self.0);
        if packet.is_err() {
            self.0 = &[];
        }
        Some(packet)
    }
}

fn split<'a>(rest: &mut &'a [u8]) -> Result<Rtcp<'a>, Malformed> {
    let head: &[u8; 4] = rest.first_chunk().ok_or(Malformed::Short)?;
    if head[0] >> 6 != 2 {
        return Err(Malformed::Version);
    }
    let length = 4 * (usize::from(u16::from_be_bytes([head[2], head[3]])) + 1);
    let (packet, after) = rest.split_at_checked(length).ok_or(Malformed::Short)?;
    let count = usize::from(head[0] & 0x1f).min(BLOCKS_MAX);
    let kind = head[1];
    *rest = after;
    let blocks = |at: usize| packet.get(at..at + count * BLOCK_LEN).map(Blocks).ok_or(Malformed::Short);
    match kind {
        SENDER_REPORT => {
            let ssrc = word(packet, 4).ok_or(Malformed::Short)?;
            let info = SenderInfo::parse(packet).ok_or(Malformed::Short)?;
            Ok(Rtcp::SenderReport(ssrc, info, blocks(8 + SENDER_INFO_LEN)?))
        }
        RECEIVER_REPORT => Ok(Rtcp::ReceiverReport(word(packet, 4).ok_or(Malformed::Short)?, blocks(8)?)),
        BYE => Ok(Rtcp::Bye),
        other => Ok(Rtcp::Other(other)),
    }
}

impl SenderInfo {
    fn parse(packet: &[u8]) -> Option<SenderInfo> {
        Some(SenderInfo {
            ntp: (u64::from(word(packet, 8)?) << 32) | u64::from(word(packet, 12)?),
            timestamp: word(packet, 16)?,
            packets: word(packet, 20)?,
            bytes: word(packet, 24)?,
        })
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

/// A time as 32.32 fixed point seconds.
pub fn ntp(now: Duration) -> u64 {
    let fraction = (u64::from(now.subsec_nanos()) << 32) / 1_000_000_000;
    (now.as_secs() << 32) | fraction
}

/// The middle 32 bits of an NTP time, which reports send back.
pub fn middle(ntp: u64) -> u32 {
    u32::try_from((ntp >> 16) & 0xffff_ffff).unwrap_or(0)
}

/// A span in 1/65,536 s, as [`ReportBlock::delay`] wants it.
pub fn delay(span: Duration) -> u32 {
    u32::try_from(ntp(span) >> 16).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: ReportBlock = ReportBlock {
        ssrc: 2,
        fraction_lost: 64,
        lost: -3,
        highest: 70_000,
        jitter: 80,
        last_sender_report: 0x0001_8000,
        delay: 0x8000,
    };

    #[test]
    fn a_sender_report_is_read_back() {
        let info = SenderInfo { ntp: 5 << 32, timestamp: 1, packets: 2, bytes: 3 };
        let report = Report { ssrc: 1, sender: Some(info), block: Some(BLOCK), cname: "a@b", bye: true };
        let bytes = report.write();
        assert!(bytes.len().is_multiple_of(4));
        let read: Vec<_> = parse(&bytes).collect::<Result<_, _>>().unwrap();
        let Rtcp::SenderReport(1, read_info, mut blocks) = read[0] else { panic!("{read:?}") };
        assert_eq!(read_info, info);
        assert_eq!((blocks.next(), blocks.next()), (Some(BLOCK), None));
        assert_eq!(read[1..], [Rtcp::Other(SOURCE_DESCRIPTION), Rtcp::Bye]);
    }

    #[test]
    fn a_receiver_report_without_blocks_is_read_back() {
        let report = Report { ssrc: 9, sender: None, block: None, cname: "", bye: false };
        let bytes = report.write();
        let Some(Ok(Rtcp::ReceiverReport(9, mut blocks))) = parse(&bytes).next() else { panic!() };
        assert_eq!(blocks.next(), None);
    }

    #[test]
    fn the_round_trip_is_what_is_left_of_the_time() {
        // Sent at 1.5 s, held for 0.5 s, back at 2.25 s.
        assert_eq!(BLOCK.round_trip(Duration::from_millis(2_250)), Some(Duration::from_millis(250)));
        assert_eq!(BLOCK.round_trip(Duration::from_millis(1_600)), None);
        let never = ReportBlock { last_sender_report: 0, ..BLOCK };
        assert_eq!(never.round_trip(Duration::from_secs(9)), None);
    }

    #[test]
    fn cut_off_reports_are_errors() {
        let report = Report { ssrc: 1, sender: None, block: Some(BLOCK), cname: "x", bye: false };
        let mut bytes = report.write();
        bytes[0] = 0x9f;
        assert_eq!(parse(&bytes).next(), Some(Err(Malformed::Short)));
        bytes[0] = 0x41;
        assert_eq!(parse(&bytes).next(), Some(Err(Malformed::Version)));
        assert_eq!(parse(&bytes[..3]).next(), Some(Err(Malformed::Short)));
        assert!(parse(&[]).next().is_none());
    }
}
