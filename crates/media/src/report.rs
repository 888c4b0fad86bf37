//! RTCP of one endpoint: what we tell every five seconds, and what the other side tells of us.

use std::net::SocketAddr;
use std::time::Duration;

use rtp::Reception;
use rtp::rtcp::{self, Report, ReportBlock, Rtcp};

use crate::address;
use crate::command::Negotiated;
use crate::outlet::Outlet;
use crate::secure::FarEnd;
use crate::shared::Moment;

/// Between two reports, give or take a half (RFC 3550 6.2: the least interval, randomised).
const INTERVAL: Duration = Duration::from_secs(5);

/// The RTCP side of one endpoint.
#[derive(Debug, Default)]
pub(crate) struct Reporter {
    due: Duration,
    /// The middle of the NTP time of the other side's last sender report, and when it came.
    last_sender_report: Option<(u32, Duration)>,
    /// Where its reports come from, which is where ours go.
    heard_from: Option<SocketAddr>,
    remote_lost: u64,
    remote_jitter: u32,
    round_trip: Option<Duration>,
}

impl Reporter {
    /// A negotiation: reports begin, to the addresses it names.
    pub(crate) fn begin(&mut self, now: Duration) {
        self.heard_from = None;
        if self.due.is_zero() {
            self.due = now + interval();
        }
    }

    /// Whether a report is due; the next one is set.
    pub(crate) fn is_due(&mut self, now: Duration) -> bool {
        let due = !self.due.is_zero() && now >= self.due;
        if due {
            self.due = now + interval();
        }
        due
    }

    /// Takes in what came from the other side, whose address has been judged.
    pub(crate) fn receive(&mut self, datagram: &[u8], from: SocketAddr, ssrc: u32, now: Duration) {
        for packet in rtcp::parse(datagram).flatten() {
            let blocks = match packet {
                Rtcp::SenderReport(_, info, blocks) => {
                    self.last_sender_report = Some((rtcp::middle(info.ntp), now));
                    blocks
                }
                Rtcp::ReceiverReport(_, blocks) => blocks,
                Rtcp::Bye | Rtcp::Other(_) => continue,
            };
            self.heard_from = self.heard_from.or(Some(from));
            for block in blocks.filter(|block| block.ssrc == ssrc) {
                self.remote_lost = u64::try_from(block.lost).unwrap_or(0);
                self.remote_jitter = block.jitter;
                self.round_trip = block.round_trip(now).or(self.round_trip);
            }
        }
    }

    /// Sends a report; with `bye` the last one.
    pub(crate) fn send(
        &self,
        outlet: &Outlet,
        negotiated: &Negotiated,
        reception: &mut Reception,
        bye: bool,
        moment: &Moment<'_>,
    ) {
        let Some(media) = outlet.target() else { return };
        let muxed = negotiated.rtcp == Some(negotiated.remote);
        let target = if muxed { Some(media) } else { self.target(negotiated, media) };
        let bind = moment.shared.bind;
        let allowed =
            |to: &SocketAddr| address::sendable(*to) && !address::is_ours(*to, bind, &moment.shared.ports);
        let Some(target) = target.filter(allowed) else { return };
        let report = Report {
            ssrc: outlet.ssrc,
            sender: outlet.sender_info(moment.now),
            block: self.block(reception, moment.now),
            cname: &moment.shared.cname,
            bye,
        };
        if !outlet.report(&report.write(), address::for_socket(target, bind), muxed) {
            moment.counters.dropped.up();
        }
    }

    /// Where reports come from; else what the SDP says, as long as RTP has not turned out to live
    /// elsewhere; else the port above RTP.
    fn target(&self, negotiated: &Negotiated, media: SocketAddr) -> Option<SocketAddr> {
        let above = || media.port().checked_add(1).map(|port| SocketAddr::new(media.ip(), port));
        let signalled =
            negotiated.rtcp.filter(|_| media.ip().to_canonical() == negotiated.remote.ip().to_canonical());
        self.heard_from.or(signalled).or_else(above)
    }

    fn block(&self, reception: &mut Reception, now: Duration) -> Option<ReportBlock> {
        let ssrc = reception.ssrc()?;
        let loss = reception.loss()?;
        let (last_sender_report, delay) = match self.last_sender_report {
            Some((middle, at)) => (middle, rtcp::delay(now.saturating_sub(at))),
            None => (0, 0),
        };
        Some(ReportBlock {
            ssrc,
            fraction_lost: loss.fraction,
            lost: loss.cumulative,
            highest: loss.highest,
            jitter: reception.jitter(),
            last_sender_report,
            delay,
        })
    }

    /// What the other side has reported.
    /// `clock` is that of our timestamps, Hz.
    pub(crate) fn far_end(&self, clock: u32) -> FarEnd {
        let jitter_us = u64::from(self.remote_jitter) * 1_000_000 / u64::from(clock.max(1));
        FarEnd { lost: self.remote_lost, jitter_us, round_trip: self.round_trip }
    }
}

fn interval() -> Duration {
    INTERVAL.mul_f64(rand::random_range(0.5..1.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_begin_with_the_negotiation_and_keep_their_distance() {
        let mut reporter = Reporter::default();
        let start = Duration::from_secs(100);
        assert!(!reporter.is_due(start), "nothing was negotiated");
        reporter.begin(start);
        for _ in 0..100 {
            let due = reporter.due;
            assert!(!reporter.is_due(due - Duration::from_millis(1)));
            assert!(reporter.is_due(due));
            let distance = reporter.due - due;
            assert!((INTERVAL / 2..=INTERVAL * 3 / 2).contains(&distance), "{distance:?}");
            // A re-INVITE does not put the next report off.
            let next = reporter.due;
            reporter.begin(due);
            assert_eq!(reporter.due, next);
        }
    }

    #[test]
    fn our_reports_go_where_theirs_come_from() {
        let address = |text: &str| -> SocketAddr { text.parse().unwrap() };
        let mut reporter = Reporter::default();
        let mut negotiated = Negotiated {
            remote: address("192.0.2.1:4000"),
            rtcp: None,
            voice: rtp::Codec::Pcmu.into(),
            payload_type: 0,
            telephone_event: None,
            also_event: None,
            send: true,
            receive: true,
        };
        let here = address("192.0.2.1:4000");
        let translated = address("198.51.100.1:31000");
        assert_eq!(reporter.target(&negotiated, here), Some(address("192.0.2.1:4001")));
        negotiated.rtcp = Some(address("192.0.2.1:9999"));
        assert_eq!(reporter.target(&negotiated, here), Some(address("192.0.2.1:9999")));
        assert_eq!(reporter.target(&negotiated, translated), Some(address("198.51.100.1:31001")));
        let report = Report { ssrc: 1, sender: None, block: None, cname: "", bye: false }.write();
        reporter.receive(&report, address("198.51.100.1:31007"), 2, Duration::ZERO);
        assert_eq!(reporter.target(&negotiated, translated), Some(address("198.51.100.1:31007")));
    }
}
