//! What one listener hears: where she stands in which sounds. A tick is an index, nothing is decoded.

use std::sync::Arc;
use std::time::Duration;

use rtp::dtmf::{DtmfPacket, DtmfSender};
use rtp::tone::Tone;
use rtp::{Codec, FRAME, RATE};

/// How long a key is held, and the frames of the pause after it: twice what ITU-T Q.24 asks of who listens.
const PRESS: Duration = Duration::from_millis(100);
const PAUSE_FRAMES: usize = 4;

/// One sound, ready to send in both laws; all listeners share it.
#[derive(Debug)]
pub(crate) struct Prompt {
    mu: Box<[u8]>,
    a: Box<[u8]>,
    /// Of keys: what goes out in place of a frame's sound, to who knows telephone events. Empty for all else.
    events: Box<[Option<DtmfPacket>]>,
}

impl Prompt {
    /// From samples at 8 kHz; the last frame is filled with silence.
    pub(crate) fn new(samples: &[i16]) -> Prompt {
        Prompt { mu: encode(Codec::Pcmu, samples), a: encode(Codec::Pcma, samples), events: Box::default() }
    }

    /// Keys, one after the other; what is no key is left out.
    pub(crate) fn keys(keys: &str) -> Prompt {
        let (mut samples, mut events) = (Vec::new(), Vec::new());
        for key in keys.chars() {
            let (Some(tone), Some(press)) = (Tone::key(key), DtmfSender::new(key, PRESS)) else { continue };
            events.extend(press.map(Some));
            events.resize(events.len() + PAUSE_FRAMES, None);
            samples.extend(tone.samples(RATE, PRESS));
            samples.resize(events.len() * FRAME, 0);
        }
        Prompt { events: events.into_boxed_slice(), ..Prompt::new(&samples) }
    }

    /// Its length in frames of 20 ms.
    pub(crate) fn frames(&self) -> usize {
        self.mu.len() / FRAME
    }

    /// The bytes of a frame; none behind the end.
    pub(crate) fn frame(&self, codec: Codec, index: usize) -> Option<&[u8]> {
        let bytes = match codec {
            Codec::Pcmu => &self.mu,
            Codec::Pcma => &self.a,
        };
        bytes.get(index * FRAME..(index + 1) * FRAME)
    }

    /// The samples of a frame; none behind the end.
    pub(crate) fn samples(&self, index: usize) -> Option<[i16; FRAME]> {
        let bytes: &[u8; FRAME] = self.frame(Codec::Pcmu, index)?.try_into().ok()?;
        Some(bytes.map(|byte| Codec::Pcmu.decode(byte)))
    }

    /// The telephone event that stands for a frame, if one does.
    pub(crate) fn event(&self, index: usize) -> Option<DtmfPacket> {
        self.events.get(index).copied().flatten()
    }
}

fn encode(codec: Codec, samples: &[i16]) -> Box<[u8]> {
    let mut bytes: Vec<u8> = samples.iter().map(|sample| codec.encode(*sample)).collect();
    bytes.resize(samples.len().div_ceil(FRAME) * FRAME, codec.silence());
    bytes.into_boxed_slice()
}

/// A running `Play`.
#[derive(Debug)]
pub(crate) struct Player {
    pub(crate) play: u64,
    /// None of them is empty, and there is at least one.
    items: Vec<Arc<Prompt>>,
    /// Where in the round each of them ends, in frames.
    ends: Vec<u64>,
    repeat: bool,
    /// How much was heard, in frames; of what is repeated the clock tells it.
    heard: u64,
}

impl Player {
    /// `None` if there is nothing to hear.
    pub(crate) fn new(play: u64, mut items: Vec<Arc<Prompt>>, repeat: bool) -> Option<Player> {
        items.retain(|prompt| prompt.frames() > 0);
        let ends = items.iter().scan(0, |end, prompt| {
            *end += u64::try_from(prompt.frames()).unwrap_or(0);
            Some(*end)
        });
        let ends = ends.collect();
        (!items.is_empty()).then_some(Player { play, items, ends, repeat, heard: 0 })
    }

    /// The sound and the frame of this tick; `None` after the end. `tick` is the worker's playlist clock: what is
    /// repeated is heard at the same place by everybody, whenever he came.
    pub(crate) fn next(&mut self, tick: u64) -> Option<(&Arc<Prompt>, usize)> {
        let at = if self.repeat { tick % self.ends.last()?.max(&1) } else { self.heard };
        self.heard = at + 1;
        let item = self.ends.partition_point(|end| *end <= at);
        let begins = item.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        Some((self.items.get(item)?, usize::try_from(at - begins).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(frames: usize) -> Arc<Prompt> {
        Arc::new(Prompt::new(&vec![1_000; frames * FRAME]))
    }

    #[test]
    fn sounds_follow_each_other_and_end() {
        let mut player = Player::new(1, vec![prompt(2), prompt(0), prompt(1)], false).unwrap();
        let heard: Vec<usize> = std::iter::from_fn(|| player.next(0).map(|(_, frame)| frame)).collect();
        assert_eq!(heard, [0, 1, 0]);
        assert!(player.next(0).is_none());
        assert!(Player::new(1, vec![prompt(0)], true).is_none());
    }

    #[test]
    fn what_is_repeated_follows_the_clock_whoever_listens() {
        let items = [prompt(1), prompt(2)];
        let mut list = Player::new(1, items.to_vec(), true).unwrap();
        let mut at = |tick| list.next(tick).map(|(heard, frame)| (Arc::ptr_eq(heard, &items[1]), frame));
        let heard: Vec<(bool, usize)> = (0..4).filter_map(&mut at).collect();
        assert_eq!(heard, [(false, 0), (true, 0), (true, 1), (false, 0)]);
        assert_eq!(at(u64::MAX), Some((false, 0)), "2^64 - 1 is a multiple of 3");
        assert_eq!(at(302), Some((true, 1)), "who comes late hears what the others hear");
        let mut music = Player::new(1, vec![prompt(3)], true).unwrap();
        assert_eq!(music.next(100).map(|(_, frame)| frame), Some(1));
    }

    #[test]
    fn keys_are_events_and_tones_in_the_same_places() {
        use rtp::Header;
        use rtp::dtmf::DtmfReceiver;
        use rtp::inband::InbandReceiver;

        let keys = Prompt::keys("1x1#D");
        assert_eq!(keys.events.len(), keys.frames());
        let (mut by_event, mut by_ear) = (String::new(), String::new());
        let (mut events, mut tones) = (DtmfReceiver::default(), InbandReceiver::default());
        let mut pressed_at = 0;
        for frame in 0..keys.frames() {
            let timestamp = u32::try_from(frame * FRAME).unwrap();
            if let Some(packet) = keys.event(frame) {
                pressed_at = if packet.marker { timestamp } else { pressed_at };
                let header = Header {
                    marker: packet.marker,
                    payload_type: 101,
                    sequence: 0,
                    timestamp: pressed_at,
                    ssrc: 1,
                };
                by_event.extend(events.receive(&header, &packet.payload, Duration::ZERO));
            }
            let sound = keys.frame(Codec::Pcma, frame).unwrap();
            tones.receive(sound.iter().map(|byte| Codec::Pcma.decode(*byte)), |key| by_ear.push(key));
        }
        assert_eq!((by_event.as_str(), by_ear.as_str()), ("11#D", "11#D"));
        assert!(Prompt::new(&[0; FRAME]).event(0).is_none());
    }

    #[test]
    fn the_last_frame_is_filled_with_silence() {
        let prompt = Prompt::new(&[5_000; FRAME + 1]);
        assert_eq!(prompt.frames(), 2);
        assert_eq!(prompt.frame(Codec::Pcma, 1).unwrap()[1..], [0xd5; FRAME - 1]);
        assert!(prompt.frame(Codec::Pcmu, 2).is_none());
    }
}
