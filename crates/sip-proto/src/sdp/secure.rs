//! What a description says of an audio stream over DTLS-SRTP: who may speak (ICE, RFC 8839), whose keys are
//! believed (the fingerprint, RFC 8122), who begins the handshake (RFC 8842), and how its lines are bundled
//! (RFC 9143).
//!
//! The other side's candidates are not read. We are a lite agent: it checks our addresses, and where its checks
//! come from is where it is.

use std::net::IpAddr;

use sdp_types::{Attribute, Media, Session};

use super::describe::attribute;

/// Characters of a ufrag or a password (RFC 8839 5.4); a password has at least 22.
const UFRAG_LENGTH: std::ops::RangeInclusive<usize> = 4..=256;
const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 22..=256;
/// Characters of what names a stream or a peer connection; longer ones are cut.
const NAME_LENGTH_MAX: usize = 64;
/// Sources read of one stream; a browser names one.
const SOURCES_MAX: usize = 4;

/// The name and password by which one side's connectivity checks are known.
#[derive(Clone, PartialEq, Eq)]
pub struct IceCredentials {
    /// `a=ice-ufrag`.
    pub ufrag: String,
    /// `a=ice-pwd`.
    pub password: String,
}

impl std::fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IceCredentials").field("ufrag", &self.ufrag).finish_non_exhaustive()
    }
}

/// The SHA-256 of a certificate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            let colon = if at == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl Fingerprint {
    /// Reads the value of `a=fingerprint`, if it is of SHA-256.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let (function, hex) = value.trim().split_once(' ')?;
        if !function.eq_ignore_ascii_case("sha-256") {
            return None;
        }
        let mut bytes = [0; 32];
        let mut words = hex.trim().split(':');
        for byte in &mut bytes {
            let word = words.next().filter(|word| word.len() == 2 && word.is_ascii())?;
            *byte = u8::from_str_radix(word, 16).ok()?;
        }
        words.next().is_none().then_some(Self(bytes))
    }
}

/// Who begins the DTLS handshake (`a=setup`, RFC 4145).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// Either; only in an offer.
    ActPass,
    /// Its writer does.
    Active,
    /// Its writer waits for the other.
    Passive,
}

impl Setup {
    /// The attribute's value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ActPass => "actpass",
            Self::Active => "active",
            Self::Passive => "passive",
        }
    }

    /// What an answer to it says: whoever may choose waits, since a full ICE agent finds the way first.
    #[must_use]
    pub fn answered(self) -> Self {
        match self {
            Self::ActPass | Self::Active => Self::Passive,
            Self::Passive => Self::Active,
        }
    }

    fn parse(value: &str) -> Option<Self> {
        match value.trim() {
            "actpass" => Some(Self::ActPass),
            "active" => Some(Self::Active),
            "passive" => Some(Self::Passive),
            _ => None,
        }
    }
}

/// What stands beside the codecs of a stream over DTLS-SRTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecureDescription {
    /// By what its writer's checks are known.
    pub ice: IceCredentials,
    /// Its writer's certificate.
    pub fingerprint: Fingerprint,
    /// Who begins the handshake.
    pub setup: Setup,
    /// Whether the stream is in a group of bundled ones.
    pub bundled: bool,
    /// The numbers of its writer's streams, at most four.
    pub sources: Vec<u32>,
    /// Names its writer's peer connection. With another one, or with another fingerprint, the keys are agreed on
    /// anew; with other credentials alone they stay (RFC 8842 4).
    pub association: String,
}

/// Our side of a stream over DTLS-SRTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalSecure {
    /// By what checks of our addresses are known.
    pub ice: IceCredentials,
    /// Our certificate.
    pub fingerprint: Fingerprint,
    /// The number of our stream.
    pub source: u32,
    /// Our addresses, the best first; the port is that of the media line.
    pub candidates: Vec<IpAddr>,
}

/// What was agreed about a stream over DTLS-SRTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NegotiatedSecure {
    /// Ours.
    pub local: IceCredentials,
    /// The other side's.
    pub remote: IceCredentials,
    /// The other side's certificate.
    pub fingerprint: Fingerprint,
    /// Whether we begin the handshake.
    pub active: bool,
    /// The other side's streams.
    pub sources: Vec<u32>,
    /// See [`SecureDescription::association`].
    pub association: String,
}

/// Why an audio line cannot be used, in words for whoever wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Neither RTP/AVP(F) nor RTP/SAVP(F) nor DTLS-SRTP.
    Profile,
    /// No address that could be sent to.
    Address,
    /// DTLS-SRTP without `a=fingerprint` of SHA-256.
    Fingerprint,
    /// DTLS-SRTP without ICE credentials.
    Ice,
    /// DTLS-SRTP without `a=setup`, or with one that never connects.
    Setup,
    /// DTLS-SRTP without `a=rtcp-mux`.
    Mux,
    /// SRTP without a key that we could use.
    Keys,
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Profile => "Audio must be RTP/AVP, over TLS RTP/SAVP, or with DTLS UDP/TLS/RTP/SAVPF",
            Self::Address => "The audio's address cannot be sent to",
            Self::Fingerprint => "Audio over DTLS needs a=fingerprint with sha-256",
            Self::Ice => "Audio over DTLS needs a=ice-ufrag and a=ice-pwd",
            Self::Setup => "Audio over DTLS needs a=setup actpass, active or passive",
            Self::Mux => "Audio over DTLS needs a=rtcp-mux",
            Self::Keys => {
                "RTP/SAVP needs a=crypto with AES_CM_128_HMAC_SHA1_80 or _32, one inline key and no MKI"
            }
        })
    }
}

/// Whether a media line's protocol is RTP over DTLS-SRTP. The profile alone, without the transport, is an older
/// form of the same (RFC 8829 5.1.2) as long as there is a fingerprint; without, it is SRTP by other keys.
pub(super) fn is_secure(document: &Session, media: &Media) -> bool {
    match media.proto.as_str() {
        "UDP/TLS/RTP/SAVPF" | "UDP/TLS/RTP/SAVP" => true,
        "RTP/SAVPF" | "RTP/SAVP" => either(document, media, "fingerprint").is_some(),
        _ => false,
    }
}

/// Reads the secure part of a media line.
pub(super) fn describe(document: &Session, media: &Media) -> Result<SecureDescription, Unusable> {
    let all = media.attributes.iter().chain(&document.attributes);
    let fingerprint = all
        .filter(|a| a.attribute == "fingerprint")
        .find_map(|a| Fingerprint::parse(a.value.as_deref()?))
        .ok_or(Unusable::Fingerprint)?;
    let word = |name| either(document, media, name).map(str::trim);
    let ufrag = word("ice-ufrag").filter(|ufrag| is_ice(ufrag, UFRAG_LENGTH)).ok_or(Unusable::Ice)?;
    let password = word("ice-pwd").filter(|pwd| is_ice(pwd, PASSWORD_LENGTH)).ok_or(Unusable::Ice)?;
    let setup = word("setup").and_then(Setup::parse).ok_or(Unusable::Setup)?;
    if attribute(&media.attributes, "rtcp-mux").is_none() {
        return Err(Unusable::Mux);
    }
    let mid = mid_of(media);
    Ok(SecureDescription {
        ice: IceCredentials { ufrag: ufrag.to_owned(), password: password.to_owned() },
        fingerprint,
        setup,
        bundled: mid.is_some_and(|mid| is_bundled(document, mid)),
        sources: sources_of(media),
        association: association_of(document, word("tls-id")),
    })
}

/// The name of a media line, if it has one that can be repeated.
pub(super) fn mid_of(media: &Media) -> Option<&str> {
    let mid = attribute(&media.attributes, "mid")?.trim();
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`{|}~".contains(&byte);
    ((1..=NAME_LENGTH_MAX).contains(&mid.len()) && mid.bytes().all(token)).then_some(mid)
}

/// An attribute of the line, else of the whole description.
fn either<'a>(document: &'a Session, media: &'a Media, name: &str) -> Option<&'a str> {
    attribute(&media.attributes, name).or_else(|| attribute(&document.attributes, name))
}

fn is_ice(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    let allowed = |byte: u8| {
        byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/' || byte == b'-' || byte == b'_'
    };
    length.contains(&text.len()) && text.bytes().all(allowed)
}

fn is_bundled(document: &Session, mid: &str) -> bool {
    let values = document.attributes.iter().filter(|a| a.attribute == "group");
    values
        .filter_map(|a| a.value.as_deref()?.trim().strip_prefix("BUNDLE "))
        .any(|mids| mids.split_ascii_whitespace().any(|word| word == mid))
}

fn sources_of(media: &Media) -> Vec<u32> {
    let mut sources = Vec::new();
    let number = |attribute: &Attribute| {
        attribute.value.as_deref()?.split_ascii_whitespace().next()?.parse::<u32>().ok()
    };
    for source in media.attributes.iter().filter(|a| a.attribute == "ssrc").filter_map(number) {
        // Zero is nobody's, and each is named once for every one of its own attributes.
        if source != 0 && !sources.contains(&source) && sources.len() < SOURCES_MAX {
            sources.push(source);
        }
    }
    sources
}

/// A peer connection by the id of its description, and by that of its keys where it gives one (RFC 8842 5.2).
fn association_of(document: &Session, tls_id: Option<&str>) -> String {
    let short = |text: &str| text.chars().take(NAME_LENGTH_MAX).collect::<String>();
    let mut name = short(&document.origin.sess_id);
    if let Some(id) = tls_id {
        name.push(' ');
        name.push_str(&short(id));
    }
    name
}
