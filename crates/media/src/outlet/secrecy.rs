//! What lies between an outlet's packets and the wire: DTLS-SRTP with ICE, or SRTP by keys that signalling has brought.

use std::net::SocketAddr;

use super::Outlet;
use crate::command::{SecureSession, SrtpKeys};
use crate::secure::{Arrival, FarEnd, Secure};
use crate::shared::Moment;
use crate::srtp::{SEALED_MAX, Sealing};

impl Outlet {
    /// Keeps its packets secret from now on, as agreed.
    pub(crate) fn secure(&self, session: SecureSession, moment: &Moment<'_>) {
        let mut state = self.lock();
        let kept = state.secure.as_mut().is_some_and(|secure| secure.renegotiate(&session));
        if !kept {
            state.secure = Some(Box::new(Secure::new(session, self.ssrc, moment)));
            state.target = None;
        }
    }

    /// Seals its packets by these keys from now on; `false` if that cannot be.
    pub(crate) fn key(&self, keys: &SrtpKeys) -> bool {
        let mut state = self.lock();
        if state.sealing.as_mut().is_some_and(|sealing| sealing.goes_on(keys)) {
            return true;
        }
        state.sealing = Sealing::new(keys).map(Box::new);
        state.sealing.is_some()
    }

    /// Sends a report, sealed if its packets are.
    pub(crate) fn report(&self, report: &[u8], to: SocketAddr, muxed: bool) -> bool {
        let socket = if muxed { &self.ports.rtp } else { &self.ports.rtcp };
        let mut state = self.lock();
        let mut out = [0; SEALED_MAX];
        let bytes = match &mut state.sealing {
            Some(sealing) => sealing.report(report, &mut out),
            None => Some(report),
        };
        bytes.is_some_and(|bytes| socket.send_to(bytes, to).is_ok())
    }

    /// What a datagram that came to a secure endpoint is, and whether media may flow. A packet of media lies plain
    /// in the buffer afterwards.
    pub(crate) fn unseal(
        &self,
        datagram: &mut [u8],
        from: SocketAddr,
        moment: &Moment<'_>,
    ) -> (Arrival, bool) {
        let mut state = self.lock();
        let Some(secure) = &mut state.secure else { return (Arrival::Stranger, false) };
        let arrival = secure.receive(datagram, from, &self.ports.rtp, moment);
        let target = secure.target();
        state.target = target;
        (arrival, target.is_some())
    }

    /// Lets a secure endpoint do what is due; whether media may flow.
    pub(crate) fn drive(&self, moment: &Moment<'_>) -> bool {
        let mut state = self.lock();
        let Some(secure) = &mut state.secure else { return false };
        secure.drive(&self.ports.rtp, moment);
        let target = secure.target();
        state.target = target;
        target.is_some()
    }

    /// A secure endpoint's good-bye, and what the far end has reported of it.
    pub(crate) fn part(&self, moment: &Moment<'_>) -> Option<FarEnd> {
        let mut state = self.lock();
        let secure = state.secure.as_mut()?;
        secure.close(&self.ports.rtp, moment);
        let far_end = secure.far_end;
        // It stays, so that nothing can leave here in plain.
        state.target = None;
        Some(far_end)
    }
}
