//! What is between an endpoint and its wire: who is believed, where we send, and the keys of a secure one.

use std::net::SocketAddr;
use std::time::Duration;

use rtp::{Header, SourceLock, Verdict};

use super::Endpoint;
use crate::address;
use crate::command::{SecureSession, SrtpKeys};
use crate::outlet::Filler;
use crate::secure::Arrival;
use crate::shared::Moment;
use crate::srtp::Unsealing;

/// How long a sound waits for keys: a handshake takes some round trips, and what is said before its end is lost.
const KEYS_PATIENCE: Duration = Duration::from_secs(5);

/// What is between an endpoint's packets and the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    /// Nothing, or keys that signalling has brought.
    Plain,
    /// DTLS-SRTP: whether media flows, and until when sounds wait for that.
    Secure { flows: bool, patience: Duration },
}

impl Endpoint {
    /// From now on DTLS-SRTP, or another negotiation of it.
    pub(crate) fn secure(&mut self, session: SecureSession, moment: &Moment<'_>) {
        self.outlet.secure(session, moment);
        self.wire = Wire::Secure { flows: false, patience: moment.now + KEYS_PATIENCE };
        self.drive(moment);
    }

    /// From now on SRTP by these keys. What was heard and sent by the same before goes on.
    pub(crate) fn key(&mut self, keys: &SrtpKeys, moment: &Moment<'_>) {
        if !self.unsealing.as_mut().is_some_and(|before| before.goes_on(keys)) {
            self.unsealing = Unsealing::new(keys).map(Box::new);
        }
        if self.unsealing.is_none() || !self.outlet.key(keys) {
            tracing::error!(
                endpoint.id = self.id.0,
                "no cipher can be made of the call's keys; it stays mute"
            );
            self.outlet.fill_from(Filler::Closed);
            self.reject(moment);
        }
    }

    /// The length of a packet that is plain now, if it is believed.
    pub(super) fn unseal_packet(&mut self, datagram: &mut [u8]) -> Option<usize> {
        match &mut self.unsealing {
            Some(unsealing) => unsealing.packet(datagram),
            None => Some(datagram.len()),
        }
    }

    /// The same of a report.
    pub(super) fn unseal_report(&mut self, datagram: &mut [u8]) -> Option<usize> {
        match &mut self.unsealing {
            Some(unsealing) => unsealing.report(datagram),
            None => Some(datagram.len()),
        }
    }

    /// What is due on a secure wire.
    pub(crate) fn drive(&mut self, moment: &Moment<'_>) {
        let flowing = self.outlet.drive(moment);
        self.note_flow(flowing);
    }

    /// Whether a sound must wait, because nobody could hear it yet.
    pub(super) fn waits_for_keys(&self, moment: &Moment<'_>) -> bool {
        match self.wire {
            Wire::Plain | Wire::Secure { flows: true, .. } => false,
            Wire::Secure { flows: false, patience } => moment.now < patience,
        }
    }

    fn note_flow(&mut self, flowing: bool) {
        if let Wire::Secure { flows, .. } = &mut self.wire {
            *flows = flowing;
        }
    }

    /// Believes whoever sends from there, or has to be learned.
    pub(super) fn look_for(&mut self, remote: SocketAddr, moment: &Moment<'_>) {
        let limits = &moment.shared.limits;
        match &mut self.source {
            Some(source) => source.relearn(remote, moment.now),
            None => {
                let (window, packets) = (limits.learn_window, limits.learn_packets);
                self.source = Some(SourceLock::with_learning(remote, moment.now, window, packets));
            }
        }
    }

    /// Lets the outlet send to where the source lock says, if that is a place to send to.
    pub(super) fn aim(&self, moment: &Moment<'_>) {
        let (Some(source), Some(negotiated)) = (&self.source, &self.negotiated) else { return };
        let target = source.target();
        let (bind, ports) = (moment.shared.bind, &moment.shared.ports);
        // An unspecified address in the SDP is a hold, whoever may have been heard.
        let hold = negotiated.remote.ip().is_unspecified();
        let ours = address::is_ours(target, bind, ports);
        if ours {
            tracing::warn!(endpoint.id = self.id.0, %target, "the other side claims one of our own media ports");
        }
        let allowed = !hold && !ours && address::sendable(target);
        self.outlet.aim(allowed.then(|| address::for_socket(target, bind)));
    }

    /// A datagram of a secure wire.
    pub(super) fn unseal(&mut self, datagram: &mut [u8], from: SocketAddr, moment: &Moment<'_>) {
        let (arrival, flowing) = self.outlet.unseal(datagram, from, moment);
        self.note_flow(flowing);
        match arrival {
            Arrival::Media(length) => self.receive(&mut datagram[..length], None, moment),
            Arrival::Control => {}
            Arrival::Stranger => self.reject(moment),
        }
    }

    pub(super) fn is_known(&mut self, header: &Header, from: SocketAddr, moment: &Moment<'_>) -> bool {
        let Some(source) = &mut self.source else { return false };
        match source.judge(from, header.ssrc, header.sequence, moment.now) {
            Verdict::Accept => true,
            Verdict::Lock => {
                tracing::debug!(endpoint.id = self.id.0, %from, "the source of RTP is known");
                self.aim(moment);
                true
            }
            Verdict::Hold => false,
            Verdict::Reject => {
                self.reject(moment);
                false
            }
        }
    }
}
