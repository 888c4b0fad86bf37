//! Which of two sides' codecs are spoken, and under which numbers.

use super::describe::AudioDescription;
use super::local::{AudioCapabilities, CodecPreference};
use super::{CodecEntry, CodecKind, PTIME_RANGE_MS};

/// How we want Opus (RFC 7587 6.1): with the last packet repeated in the next, and not more than speech needs.
const OPUS: &str = "maxaveragebitrate=32000;useinbandfec=1";

/// Our codecs with the payload types we give them: the static ones, and customary dynamic ones.
pub(super) fn offered_codecs(capabilities: &AudioCapabilities, earlier: &[CodecEntry]) -> Vec<CodecEntry> {
    let mut codecs: Vec<CodecEntry> = Vec::new();
    for kind in capabilities.codecs.iter().chain(&capabilities.spare) {
        let (usual, clock_rate, fmtp) = match kind {
            CodecKind::Pcmu => (0, 8000, None),
            CodecKind::Pcma => (8, 8000, None),
            CodecKind::G722 => (9, 8000, None),
            CodecKind::Opus => (111, 48_000, Some(OPUS)),
            CodecKind::TelephoneEvent | CodecKind::Other(_) => continue,
        };
        if codecs.iter().all(|codec| codec.kind != *kind) {
            codecs.push(numbered(kind.clone(), clock_rate, usual, fmtp, earlier));
        }
    }
    if capabilities.telephone_event {
        let clocks = [(8000, 101), (48_000, 110)];
        for (clock_rate, usual) in clocks {
            if codecs.iter().any(|codec| codec.kind.is_voice() && codec.clock_rate == clock_rate) {
                let kind = CodecKind::TelephoneEvent;
                codecs.push(numbered(kind, clock_rate, usual, Some("0-16"), earlier));
            }
        }
    }
    codecs
}

/// A codec under the number it already has on this dialog, else its usual one, else the next free
/// dynamic one when the usual is taken by something the peer named earlier.
fn numbered(
    kind: CodecKind,
    clock_rate: u32,
    usual: u8,
    fmtp: Option<&str>,
    earlier: &[CodecEntry],
) -> CodecEntry {
    let known = earlier.iter().find(|e| e.kind == kind && e.clock_rate == clock_rate);
    let taken = |number: u8| earlier.iter().any(|e| e.payload_type == number);
    let payload_type = match known {
        Some(entry) => entry.payload_type,
        None if !taken(usual) => usual,
        // Half of the range is searched from the top, where our usual numbers are not.
        None => (112..=127).rev().find(|number| !taken(*number)).unwrap_or(usual),
    };
    CodecEntry { payload_type, kind, clock_rate, fmtp: fmtp.map(str::to_owned) }
}

/// The codec of an offered stream that we take.
pub(super) fn choose<'a>(
    audio: &'a AudioDescription,
    capabilities: &AudioCapabilities,
) -> Option<&'a CodecEntry> {
    let among = |codecs: &[CodecKind]| match capabilities.preference {
        CodecPreference::Theirs => {
            audio.codecs.iter().find(|entry| entry.kind.is_voice() && codecs.contains(&entry.kind))
        }
        CodecPreference::Ours => {
            let offered = |kind: &CodecKind| audio.codecs.iter().find(|entry| entry.kind == *kind);
            codecs.iter().filter(|kind| kind.is_voice()).find_map(offered)
        }
    };
    among(&capabilities.codecs).or_else(|| among(&capabilities.spare))
}

/// Telephone events on the clock of the voice codec, else on 8 kHz, which browsers use beside Opus.
pub(super) fn event_entry<'a>(codecs: &'a [CodecEntry], voice: &CodecEntry) -> Option<&'a CodecEntry> {
    let on = |clock_rate: u32| {
        codecs.iter().find(|e| e.kind == CodecKind::TelephoneEvent && e.clock_rate == clock_rate)
    };
    on(voice.clock_rate).or_else(|| on(8000))
}

/// Those on 8 kHz beside Opus, if they are not the first choice already: some browsers negotiate both and send these.
pub(super) fn second_event_entry<'a>(codecs: &'a [CodecEntry], voice: &CodecEntry) -> Option<&'a CodecEntry> {
    let first = event_entry(codecs, voice)?;
    let mut events = codecs.iter().filter(|e| e.kind == CodecKind::TelephoneEvent && e.clock_rate == 8000);
    events.find(|e| e.clock_rate != first.clock_rate)
}

/// The entry as we answer it: the offer's number with our parameters.
pub(super) fn answered(entry: &CodecEntry) -> CodecEntry {
    let fmtp = match entry.kind {
        CodecKind::TelephoneEvent => Some("0-16".to_owned()),
        CodecKind::Opus => Some(OPUS.to_owned()),
        CodecKind::Pcmu | CodecKind::Pcma | CodecKind::G722 | CodecKind::Other(_) => None,
    };
    CodecEntry { fmtp, ..entry.clone() }
}

/// What the peer asked for when that is a sane length, within its maximum; else our own.
pub(super) fn send_ptime(peer: &AudioDescription, own: u16) -> u16 {
    let wish = peer.ptime.filter(|ms| PTIME_RANGE_MS.contains(ms)).unwrap_or(own);
    match peer.maxptime.filter(|ms| PTIME_RANGE_MS.contains(ms)) {
        Some(most) => wish.min(most),
        None => wish,
    }
}
