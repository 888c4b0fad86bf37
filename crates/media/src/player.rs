//! What one listener hears: where she stands in which sounds. A tick is an index, nothing is decoded.

use std::sync::Arc;

use rtp::{Codec, FRAME};

/// One sound, ready to send in both laws; all listeners share it.
#[derive(Debug)]
pub(crate) struct Prompt {
    mu: Box<[u8]>,
    a: Box<[u8]>,
}

impl Prompt {
    /// From samples at 8 kHz; the last frame is filled with silence.
    pub(crate) fn new(samples: &[i16]) -> Prompt {
        Prompt { mu: encode(Codec::Pcmu, samples), a: encode(Codec::Pcma, samples) }
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
    repeat: bool,
    item: usize,
    frame: usize,
}

impl Player {
    /// `None` if there is nothing to hear.
    pub(crate) fn new(play: u64, mut items: Vec<Arc<Prompt>>, repeat: bool) -> Option<Player> {
        items.retain(|prompt| prompt.frames() > 0);
        (!items.is_empty()).then_some(Player { play, items, repeat, item: 0, frame: 0 })
    }

    /// The sound and the frame of this tick; `None` after the end. `tick` is the worker's playlist clock.
    pub(crate) fn next(&mut self, tick: u64) -> Option<(&Arc<Prompt>, usize)> {
        if self.repeat
            && let [music] = self.items.as_slice()
        {
            let frames = u64::try_from(music.frames()).unwrap_or(1).max(1);
            return Some((music, usize::try_from(tick % frames).unwrap_or(0)));
        }
        if self.frame >= self.items.get(self.item)?.frames() {
            self.frame = 0;
            self.item += 1;
            if self.item == self.items.len() && self.repeat {
                self.item = 0;
            }
        }
        let prompt = self.items.get(self.item)?;
        let frame = self.frame;
        self.frame += 1;
        Some((prompt, frame))
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
    fn a_repeated_list_begins_again_and_music_follows_the_clock() {
        let mut list = Player::new(1, vec![prompt(1), prompt(2)], true).unwrap();
        let heard: Vec<usize> = (0..7).filter_map(|tick| list.next(tick).map(|(_, frame)| frame)).collect();
        assert_eq!(heard, [0, 0, 1, 0, 0, 1, 0]);
        let mut music = Player::new(1, vec![prompt(3)], true).unwrap();
        assert_eq!(music.next(100).map(|(_, frame)| frame), Some(1));
    }

    #[test]
    fn the_last_frame_is_filled_with_silence() {
        let prompt = Prompt::new(&[5_000; FRAME + 1]);
        assert_eq!(prompt.frames(), 2);
        assert_eq!(prompt.frame(Codec::Pcma, 1).unwrap()[1..], [0xd5; FRAME - 1]);
        assert!(prompt.frame(Codec::Pcmu, 2).is_none());
    }
}
