//! Our side of an offer/answer exchange (RFC 3264).

use std::net::IpAddr;

use super::agreed::{AnswerError, Negotiated, NegotiatedCodec, NoCommonCodec};
use super::codecs::{answered, choose, event_entry, offered_codecs, second_event_entry, send_ptime};
use super::describe::{AudioDescription, Description};
use super::print::{AudioLine, Line, SecureLine, head, tail};
use super::sdes::{Crypto, CryptoSuite, MasterKey, NegotiatedKeys};
use super::secure::{IceCredentials, LocalSecure, NegotiatedSecure, SecureDescription, Setup};
use super::{CodecEntry, CodecKind, Direction, MEDIA_LINES_MAX, PTIME_DEFAULT_MS};

/// Whose order of codecs decides when we answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodecPreference {
    /// The offer's order, as RFC 3264 6.1 recommends.
    #[default]
    Theirs,
    /// Our own order.
    Ours,
}

/// What we can speak on a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioCapabilities {
    /// Voice codecs, best first; `Other` and `TelephoneEvent` are ignored here.
    pub codecs: Vec<CodecKind>,
    /// Those that are taken only if none of the others can be, and offered last.
    pub spare: Vec<CodecKind>,
    /// Offer and accept telephone-event.
    pub telephone_event: bool,
    /// Milliseconds per packet that we ask for.
    pub ptime: u16,
    /// Whose order decides in an answer.
    pub preference: CodecPreference,
}

impl AudioCapabilities {
    /// G.711 both ways with telephone-event and packets of 20 ms: what every phone has.
    #[must_use]
    pub fn g711() -> Self {
        Self {
            codecs: vec![CodecKind::Pcma, CodecKind::Pcmu],
            spare: Vec::new(),
            telephone_event: true,
            ptime: PTIME_DEFAULT_MS,
            preference: CodecPreference::Theirs,
        }
    }

    /// The same, and Opus with whoever has nothing else.
    #[must_use]
    pub fn g711_or_opus() -> Self {
        Self { spare: vec![CodecKind::Opus], ..Self::g711() }
    }

    /// Opus, and G.711 with whoever has no Opus.
    #[must_use]
    pub fn opus_or_g711() -> Self {
        let g711 = Self::g711();
        Self { codecs: vec![CodecKind::Opus], spare: g711.codecs.clone(), ..g711 }
    }
}

/// Where we receive, and which way we want the media to flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalMedia {
    /// The address the peer shall send to.
    pub addr: IpAddr,
    /// The RTP port the peer shall send to.
    pub port: u16,
    /// From our view: `SendOnly` holds the peer.
    pub direction: Direction,
}

/// The name of our media line in an offer of ours.
const MID: &str = "0";

/// Our descriptions on one dialog: the same session id for life, a version that counts changes,
/// and the layout of `m=` lines that may never shrink (RFC 3264 8).
#[derive(Clone, PartialEq, Eq)]
pub struct LocalSdp {
    id: u64,
    version: u64,
    printed: Option<(IpAddr, String)>,
    lines: Vec<Line>,
    audio_at: usize,
    /// Our side of DTLS-SRTP. A dialog has it for life or never.
    secure: Option<LocalSecure>,
    /// Our key, where descriptions carry keys. A dialog has it for life or never.
    key: Option<MasterKey>,
    /// What the other side's checks were known by in its last description.
    remote_ice: Option<IceCredentials>,
}

/// Without what was printed: keys and passwords stand in it.
impl std::fmt::Debug for LocalSdp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalSdp")
            .field("id", &self.id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl LocalSdp {
    /// `id` must be unique among the descriptions from our address; a random number will do.
    #[must_use]
    pub fn new(id: u64) -> Self {
        // Some peers read the numbers of o= as signed: half the range is plenty.
        Self {
            id: id >> 1,
            version: 1,
            printed: None,
            lines: Vec::new(),
            audio_at: 0,
            secure: None,
            key: None,
            remote_ice: None,
        }
    }

    /// Descriptions of audio over DTLS-SRTP: they answer no plain offer, and are no plain offer.
    #[must_use]
    pub fn with_secure(id: u64, secure: LocalSecure) -> Self {
        Self { secure: Some(secure), ..Self::new(id) }
    }

    /// Descriptions of audio over SRTP with `key` for what we send: they answer no plain offer, and are none. Only
    /// for signalling that nobody else can read (RFC 4568 7).
    #[must_use]
    pub fn with_key(id: u64, key: MasterKey) -> Self {
        Self { key: Some(key), ..Self::new(id) }
    }

    /// Whether it could answer this audio: as secret as itself, in the same way.
    fn fits(&self, audio: &AudioDescription) -> bool {
        audio.secure.is_some() == self.secure.is_some() && audio.crypto.is_some() == self.key.is_some()
    }

    /// Whether an offer begins the search for a way anew (an ICE restart, RFC 8839 4.4.1.1.1). Its answer needs
    /// new credentials of ours, by [`Self::renew`].
    #[must_use]
    pub fn is_restart(&self, offer: &Description) -> bool {
        // The line that an answer takes.
        let mut lines = offer.media.iter().filter_map(|line| line.audio.as_ref()?.secure.as_ref());
        let offered = lines.next().map(|secure| &secure.ice);
        matches!((&self.remote_ice, offered), (Some(before), Some(now)) if before != now)
    }

    /// Replaces our credentials, from the next description on.
    pub fn renew(&mut self, ice: IceCredentials) {
        if let Some(secure) = &mut self.secure {
            secure.ice = ice;
        }
    }

    /// The version that the last printed description carries.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Prints an offer with every codec we have. In a later offer on the same dialog, payload
    /// types that are in use keep their meaning and refused streams stay in their places.
    pub fn build_offer(&mut self, capabilities: &AudioCapabilities, media: &LocalMedia) -> String {
        let secure = self.secure.as_ref();
        let fresh = match (secure, &self.key) {
            (Some(_), _) => "UDP/TLS/RTP/SAVPF",
            (None, Some(_)) => "RTP/SAVP",
            (None, None) => "RTP/AVP",
        };
        let (protocol, earlier, mid, bundled) = match self.lines.get(self.audio_at) {
            Some(Line::Audio(audio)) => {
                let bundled = audio.secure.as_ref().is_none_or(|secure| secure.bundled);
                (audio.protocol.clone(), audio.codecs.clone(), audio.mid.clone(), bundled)
            }
            Some(Line::Refused { .. }) | None => {
                (fresh.to_owned(), Vec::new(), secure.map(|_| MID.to_owned()), true)
            }
        };
        let audio = Line::Audio(AudioLine {
            protocol,
            port: media.port,
            direction: media.direction,
            codecs: offered_codecs(capabilities, &earlier),
            ptime: capabilities.ptime,
            rtcp_mux: secure.is_some(),
            mid,
            secure: secure.map(|ours| SecureLine { ours: ours.clone(), setup: Setup::ActPass, bundled }),
            crypto: self.key.clone().map(|key| Crypto { tag: 1, suite: self.suite(), key }),
        });
        match self.lines.get_mut(self.audio_at) {
            Some(place) => *place = audio,
            None => self.lines.push(audio),
        }
        self.print(media.addr)
    }

    /// Answers an offer: the first usable audio stream with a codec in common is taken, every
    /// other stream is refused in its place. Returns the text and what was agreed.
    pub fn build_answer(
        &mut self,
        offer: &Description,
        capabilities: &AudioCapabilities,
        media: &LocalMedia,
    ) -> Result<(String, Negotiated), NoCommonCodec> {
        let mut chosen = None;
        for (at, line) in offer.media.iter().enumerate().take(MEDIA_LINES_MAX) {
            let Some(audio) = &line.audio else { continue };
            if !self.fits(audio) {
                continue;
            }
            if let Some(entry) = choose(audio, capabilities) {
                chosen = Some((at, line, audio, entry));
                break;
            }
        }
        let (at, line, audio, entry) = chosen.ok_or(NoCommonCodec)?;
        let offered = if capabilities.telephone_event { audio.codecs.as_slice() } else { &[] };
        let (events, also) = (event_entry(offered, entry), second_event_entry(offered, entry));
        let direction = audio.direction.mirrored().and(media.direction);
        let agreed_keys = self.agree_keys(audio.crypto.as_ref());
        let mut codecs = vec![answered(entry)];
        codecs.extend(events.into_iter().chain(also).map(answered));
        self.lines = offer.media.iter().map(refused).collect();
        self.lines[at] = Line::Audio(AudioLine {
            protocol: line.protocol.clone(),
            port: media.port,
            direction,
            codecs,
            ptime: send_ptime(audio, capabilities.ptime),
            rtcp_mux: audio.rtcp_mux,
            mid: line.mid.clone(),
            secure: self.secure.as_ref().zip(audio.secure.as_ref()).map(|(ours, theirs)| SecureLine {
                ours: ours.clone(),
                setup: theirs.setup.answered(),
                bundled: theirs.bundled,
            }),
            crypto: agreed_keys.as_ref().zip(audio.crypto.as_ref()).map(|(keys, theirs)| Crypto {
                tag: theirs.tag,
                suite: theirs.suite,
                key: keys.ours.clone(),
            }),
        });
        self.audio_at = at;
        let same = |entry: &CodecEntry| NegotiatedCodec {
            send: entry.payload_type,
            receive: entry.payload_type,
            clock_rate: entry.clock_rate,
        };
        let negotiated = Negotiated {
            codec: entry.kind.clone(),
            payload: same(entry),
            telephone_event: events.map(same),
            also_event: also.map(same),
            remote: audio.destination(),
            remote_rtcp: audio.rtcp,
            rtcp_mux: audio.rtcp_mux,
            remote_direction: audio.direction,
            direction,
            ptime: send_ptime(audio, capabilities.ptime),
            secure: self.agree(audio.secure.as_ref()),
            keys: agreed_keys,
        };
        Ok((self.print(media.addr), negotiated))
    }

    /// Reads the answer to the last offer. The peer's numbers are what we send with; ours are what
    /// the peer sends with, and by rule they are the same (RFC 3264 6.1), but not by practice.
    pub fn read_answer(&mut self, answer: &Description) -> Result<Negotiated, AnswerError> {
        let Some(Line::Audio(ours)) = self.lines.get(self.audio_at) else {
            return Err(AnswerError::NoOffer);
        };
        // Some peers drop the streams they refuse instead of answering them with port zero.
        let theirs = match answer.media.get(self.audio_at) {
            Some(line) => line.audio.as_ref(),
            None => answer.audio(),
        };
        let theirs = theirs.ok_or(AnswerError::Refused)?;
        // An answer names the key line of the offer that it takes, of which there was one.
        let named = theirs.crypto.as_ref().map(|crypto| (crypto.tag, crypto.suite));
        let offered = ours.crypto.as_ref().map(|crypto| (crypto.tag, crypto.suite));
        if theirs.secure.is_some() != ours.secure.is_some() || named != offered {
            return Err(AnswerError::Refused);
        }
        let pair = |entry: &CodecEntry| {
            let same = |own: &&CodecEntry| own.kind == entry.kind && own.clock_rate == entry.clock_rate;
            let own = ours.codecs.iter().find(same)?;
            Some(NegotiatedCodec {
                send: entry.payload_type,
                receive: own.payload_type,
                clock_rate: entry.clock_rate,
            })
        };
        let voice = theirs.codecs.iter().filter(|entry| entry.kind.is_voice());
        let (entry, payload) =
            voice.filter_map(|entry| Some((entry, pair(entry)?))).next().ok_or(AnswerError::NoCommonCodec)?;
        let negotiated = Negotiated {
            codec: entry.kind.clone(),
            payload,
            telephone_event: event_entry(&theirs.codecs, entry).and_then(pair),
            also_event: second_event_entry(&theirs.codecs, entry).and_then(pair),
            remote: theirs.destination(),
            remote_rtcp: theirs.rtcp,
            rtcp_mux: ours.rtcp_mux && theirs.rtcp_mux,
            remote_direction: theirs.direction,
            direction: theirs.direction.mirrored().and(ours.direction),
            ptime: send_ptime(theirs, ours.ptime),
            secure: None,
            keys: self.agree_keys(theirs.crypto.as_ref()),
        };
        Ok(Negotiated { secure: self.agree(theirs.secure.as_ref()), ..negotiated })
    }

    /// The suite of an offer of ours: the one in use, or the one that every phone has.
    fn suite(&self) -> CryptoSuite {
        match self.lines.get(self.audio_at) {
            Some(Line::Audio(AudioLine { crypto: Some(crypto), .. })) => crypto.suite,
            Some(_) | None => CryptoSuite::AesCm128HmacSha1_80,
        }
    }

    /// What is agreed with the other side's key.
    fn agree_keys(&self, theirs: Option<&Crypto>) -> Option<NegotiatedKeys> {
        let (ours, theirs) = self.key.as_ref().zip(theirs)?;
        Some(NegotiatedKeys { suite: theirs.suite, ours: ours.clone(), theirs: theirs.key.clone() })
    }

    /// What is agreed with the other side's half of DTLS-SRTP.
    fn agree(&mut self, theirs: Option<&SecureDescription>) -> Option<NegotiatedSecure> {
        let (ours, theirs) = self.secure.as_ref().zip(theirs)?;
        self.remote_ice = Some(theirs.ice.clone());
        Some(NegotiatedSecure {
            local: ours.ice.clone(),
            remote: theirs.ice.clone(),
            fingerprint: theirs.fingerprint,
            active: theirs.setup.answered() == Setup::Active,
            sources: theirs.sources.clone(),
            association: theirs.association.clone(),
        })
    }

    /// The text with the version it must carry: one higher than before if anything changed.
    fn print(&mut self, addr: IpAddr) -> String {
        let text = tail(addr, &self.lines);
        let now = (addr, text);
        if self.printed.as_ref().is_some_and(|before| *before != now) {
            self.version += 1;
        }
        let whole = head(self.id, self.version, addr) + &now.1;
        self.printed = Some(now);
        whole
    }
}

fn refused(line: &super::MediaLine) -> Line {
    Line::Refused {
        media: line.media.clone(),
        protocol: line.protocol.clone(),
        format: line.first_format.clone(),
        mid: line.mid.clone(),
    }
}
