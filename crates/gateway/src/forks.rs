//! Endpoints with our half of their descriptions: one for a leg that arrived; for a dialed one, a common one for
//! its phones and one for each browser, whose keys and credentials belong to it alone, until somebody answers.

use std::net::{IpAddr, SocketAddr};

use media::{EndpointCommand, EndpointId, IceCredentials, MediaPlane, Opened};
use sip_proto::sdp::{self, Fingerprint, LocalSdp, LocalSecure, NegotiatedKeys, NegotiatedSecure};
use sip_proto::{Destination, Transport};

use crate::legs::{Fork, Keying, LegMedia};
use crate::ports::Ports;

impl Ports {
    /// An endpoint of its own for one party; none if no port is free.
    pub(crate) fn open_media(&mut self, address: IpAddr, keying: Keying) -> Option<LegMedia> {
        let opened = self.media.open().ok()?;
        Some(self.describe(&opened, address, keying))
    }

    /// How a call that we offer is kept secret.
    pub(crate) fn keying_toward(&self, transport: Transport) -> Keying {
        match transport {
            // A browser takes nothing else, and is known by its transport before it says a word.
            Transport::Ws => Keying::Dtls,
            Transport::Tls if self.offers_srtp => Keying::Sdes,
            Transport::Udp | Transport::Tcp | Transport::Tls => Keying::Plain,
        }
    }

    /// The endpoint for one device that is dialed: `shared` for a plain phone, opened with the first. One with keys
    /// has its own.
    pub(crate) fn fork_media(&mut self, shared: &mut Option<Opened>, to: Destination) -> Option<LegMedia> {
        let address = self.own_address(to);
        let keying = self.keying_toward(to.transport());
        if keying != Keying::Plain {
            return self.open_media(address, keying);
        }
        if shared.is_none() {
            *shared = self.media.open().ok();
        }
        (*shared).map(|opened| self.describe(&opened, address, Keying::Plain))
    }

    fn describe(&mut self, opened: &Opened, address: IpAddr, keying: Keying) -> LegMedia {
        let (endpoint, port) = (opened.id, opened.rtp_port);
        let id = self.new_sdp();
        let keyless = match keying {
            Keying::Plain => Some(LocalSdp::new(id)),
            Keying::Sdes => Some(LocalSdp::with_key(id, sdp::MasterKey(MediaPlane::master_key().0))),
            Keying::Dtls => None,
        };
        if let Some(sdp) = keyless {
            return LegMedia { endpoint, port, address, sdp, candidates: Vec::new(), opus: false };
        }
        // Behind a proxy of this machine the browser's address is hidden; then only the outer one is of use to it.
        let outside = self.addresses.outside(self.tcp_bound.or(self.udp_bound)).ip();
        let mut candidates = vec![address];
        if outside != address {
            candidates.push(outside);
        }
        let local = LocalSecure {
            ice: new_credentials(),
            fingerprint: Fingerprint(self.media.fingerprint()),
            source: opened.ssrc,
            candidates: candidates.clone(),
        };
        let candidates = candidates.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
        let sdp = LocalSdp::with_secure(id, local);
        LegMedia { endpoint, port, address, sdp, candidates, opus: false }
    }

    /// Gives back the endpoints of devices that are called no longer, but for those that somebody else still has.
    pub(crate) fn close_forks(&mut self, gone: &[Fork], kept: &[EndpointId]) {
        let mut gone: Vec<_> = gone.iter().map(|fork| fork.media.endpoint).collect();
        gone.sort_unstable();
        gone.dedup();
        for endpoint in gone.into_iter().filter(|endpoint| !kept.contains(endpoint)) {
            self.media.command(endpoint, EndpointCommand::Close);
        }
    }
}

/// Fresh credentials, drawn where randomness is, in the words of a description.
pub(crate) fn new_credentials() -> sdp::IceCredentials {
    let IceCredentials { ufrag, password } = MediaPlane::ice_credentials();
    sdp::IceCredentials { ufrag, password }
}

/// The keys of descriptions, as the media plane wants them.
pub(crate) fn keys(agreed: &NegotiatedKeys) -> media::SrtpKeys {
    let suite = match agreed.suite {
        sdp::CryptoSuite::AesCm128HmacSha1_80 => media::CryptoSuite::AesCm128HmacSha1_80,
        sdp::CryptoSuite::AesCm128HmacSha1_32 => media::CryptoSuite::AesCm128HmacSha1_32,
    };
    let (ours, theirs) = (media::MasterKey(agreed.ours.0), media::MasterKey(agreed.theirs.0));
    media::SrtpKeys { suite, ours, theirs }
}

/// What the media plane is to know of what was agreed.
pub(crate) fn session(agreed: &NegotiatedSecure, candidates: &[SocketAddr]) -> media::SecureSession {
    let ice = |ice: &sdp::IceCredentials| IceCredentials {
        ufrag: ice.ufrag.clone(),
        password: ice.password.clone(),
    };
    media::SecureSession {
        local: ice(&agreed.local),
        remote: ice(&agreed.remote),
        fingerprint: agreed.fingerprint.0,
        active: agreed.active,
        sources: agreed.sources.clone(),
        association: agreed.association.clone(),
        candidates: candidates.to_vec(),
    }
}
