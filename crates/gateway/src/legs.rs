//! Legs and what they are made of here: dialogs on the signalling side, one endpoint on the media side.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use engine::Cause;

use crate::digits::Digits;
use media::EndpointId;
use model::{LegId, TenantId};
use sip_proto::agent::DialogId;
use sip_proto::sdp::{Description, LocalSdp};

/// A leg's name across domains.
pub(crate) type Key = (TenantId, LegId);

/// One leg.
pub(crate) struct Leg {
    pub(crate) side: Side,
    /// A dialed leg has it once somebody answered.
    pub(crate) media: Option<LegMedia>,
    /// Whether the engine knows that it rings.
    pub(crate) ringing: bool,
    pub(crate) held: bool,
    /// What its party keys in secret.
    pub(crate) digits: Digits,
}

/// Who made the leg.
pub(crate) enum Side {
    /// The other party called us.
    Arrived {
        dialog: DialogId,
        peer: SocketAddr,
        bound: IpAddr,
        /// What it offered; none: it wants our offer in the answer.
        offer: Option<Description>,
        /// How its packets are kept secret, if they are.
        keying: Keying,
        /// Whether it is answered by somebody who speaks Opus.
        opus: bool,
        answered: bool,
    },
    /// We called: one dialog for each device until one answers.
    Dialed {
        forks: Vec<Fork>,
        answered: Option<DialogId>,
        worst: Cause,
        /// The leg that is to speak with it.
        beside: Option<LegId>,
    },
}

/// Where the keys of a leg's packets come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keying {
    /// There are none.
    Plain,
    /// DTLS, beside the packets: browsers.
    Dtls,
    /// The descriptions (RFC 4568): phones behind TLS, where nobody else reads them.
    Sdes,
}

/// One device being called.
pub(crate) struct Fork {
    pub(crate) dialog: DialogId,
    /// Where it would be heard, and what we offered it.
    pub(crate) media: LegMedia,
}

/// An endpoint and what we said of it.
#[derive(Clone)]
pub(crate) struct LegMedia {
    pub(crate) endpoint: EndpointId,
    pub(crate) port: u16,
    pub(crate) address: IpAddr,
    pub(crate) sdp: LocalSdp,
    /// Our addresses that a browser was told; none for a phone.
    pub(crate) candidates: Vec<SocketAddr>,
    /// Whether Opus comes before G.711 here: what was agreed stays agreed in a re-INVITE.
    pub(crate) opus: bool,
}

/// All legs.
#[derive(Default)]
pub(crate) struct Legs {
    by_key: HashMap<Key, Leg>,             // lookup only
    by_dialog: HashMap<DialogId, Key>,     // lookup only
    by_endpoint: HashMap<EndpointId, Key>, // lookup only
}

impl Legs {
    pub(crate) fn insert(&mut self, key: Key, leg: Leg) {
        match &leg.side {
            Side::Arrived { dialog, .. } => {
                self.by_dialog.insert(*dialog, key);
            }
            Side::Dialed { forks, .. } => {
                for fork in forks {
                    self.by_dialog.insert(fork.dialog, key);
                }
            }
        }
        self.by_key.insert(key, leg);
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut Leg> {
        self.by_key.get_mut(&key)
    }

    pub(crate) fn get(&self, key: Key) -> Option<&Leg> {
        self.by_key.get(&key)
    }

    pub(crate) fn of_dialog(&self, dialog: DialogId) -> Option<Key> {
        self.by_dialog.get(&dialog).copied()
    }

    pub(crate) fn of_endpoint(&self, endpoint: EndpointId) -> Option<Key> {
        self.by_endpoint.get(&endpoint).copied()
    }

    /// A dialog that is no part of its leg any more; what becomes of it interests nobody.
    pub(crate) fn forget_dialog(&mut self, dialog: DialogId) {
        self.by_dialog.remove(&dialog);
    }

    pub(crate) fn set_media(&mut self, key: Key, media: LegMedia) {
        self.by_endpoint.insert(media.endpoint, key);
        if let Some(leg) = self.by_key.get_mut(&key) {
            leg.media = Some(media);
        }
    }

    /// Takes a leg out, with all that pointed to it.
    pub(crate) fn remove(&mut self, key: Key) -> Option<Leg> {
        let leg = self.by_key.remove(&key)?;
        match &leg.side {
            Side::Arrived { dialog, .. } => {
                self.by_dialog.remove(dialog);
            }
            Side::Dialed { forks, answered, .. } => {
                for dialog in forks.iter().map(|fork| &fork.dialog).chain(answered) {
                    self.by_dialog.remove(dialog);
                }
            }
        }
        if let Some(media) = &leg.media {
            self.by_endpoint.remove(&media.endpoint);
        }
        Some(leg)
    }

    pub(crate) fn len(&self) -> usize {
        self.by_key.len()
    }
}
