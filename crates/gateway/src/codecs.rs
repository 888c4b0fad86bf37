//! Which codec a leg speaks.
//!
//! Every leg that can speak G.711 does: every trunk, phone and browser has it (RFC 7874), and what is played, recorded
//! and keyed needs no coder. Opus is spoken by who has nothing else, and where one party calls another directly and both
//! have it: then nothing was played to either before, and nobody in between needs samples. What does not fit together in
//! the end, after a transfer for example, is translated by the media plane.

use engine::DialTarget;
use media::{Codec, TelephoneEvent, Voice};
use model::TenantId;
use sip_proto::sdp::{AudioCapabilities, CodecKind, Description, NegotiatedCodec};

use crate::legs::{Key, Side};
use crate::ports::Ports;

impl Ports {
    /// What is offered to who is called, and whether Opus comes first there. `beside` is the leg that is to speak
    /// with it.
    pub(crate) fn offered(
        &self,
        tenant: TenantId,
        to: &DialTarget,
        beside: Option<model::LegId>,
    ) -> (AudioCapabilities, bool) {
        let opus = beside.is_some_and(|leg| self.has_opus((tenant, leg)));
        let capabilities = match to {
            DialTarget::Trunk(..) => unasked(opus),
            DialTarget::Extension(_) => capabilities(opus),
        };
        (capabilities, opus)
    }

    /// Whether a leg speaks Opus or, as long as it is not answered, could.
    fn has_opus(&self, key: Key) -> bool {
        let Some(leg) = self.legs.get(key) else { return false };
        match (&leg.media, &leg.side) {
            (Some(media), _) => media.opus,
            (None, Side::Arrived { offer: Some(offer), .. }) => offers(offer, &[CodecKind::Opus]),
            (None, Side::Arrived { offer: None, .. } | Side::Dialed { .. }) => false,
        }
    }

    /// Notes for an unanswered leg what the one who answers it speaks.
    pub(crate) fn follow(&mut self, key: Key, speaks_opus: bool) {
        if let Some(Side::Arrived { opus, .. }) = self.legs.get_mut(key).map(|leg| &mut leg.side) {
            *opus = speaks_opus;
        }
    }
}

/// What is offered to a trunk, and to a leg that offered nothing itself, which is a carrier's as a rule: it is not
/// troubled with what nobody needs.
pub(crate) fn unasked(opus: bool) -> AudioCapabilities {
    if opus { capabilities(opus) } else { AudioCapabilities::g711() }
}

/// All that we speak; Opus first or last.
pub(crate) fn capabilities(opus: bool) -> AudioCapabilities {
    if opus { AudioCapabilities::opus_or_g711() } else { AudioCapabilities::g711_or_opus() }
}

/// Whether any audio of an offer has one of these.
pub(crate) fn offers(offer: &Description, kinds: &[CodecKind]) -> bool {
    let codecs = offer.media.iter().filter_map(|line| line.audio.as_ref()).flat_map(|audio| &audio.codecs);
    codecs.into_iter().any(|entry| kinds.contains(&entry.kind))
}

/// A codec as the media plane names it.
pub(crate) fn voice(kind: &CodecKind) -> Voice {
    match kind {
        CodecKind::Opus => Voice::Opus,
        CodecKind::Pcma => Codec::Pcma.into(),
        // The others are in no offer of ours and in no answer.
        CodecKind::Pcmu | CodecKind::G722 | CodecKind::TelephoneEvent | CodecKind::Other(_) => {
            Codec::Pcmu.into()
        }
    }
}

/// Telephone events as the media plane names them.
pub(crate) fn event(agreed: &NegotiatedCodec) -> TelephoneEvent {
    TelephoneEvent { payload_type: agreed.send, clock: agreed.clock_rate }
}
