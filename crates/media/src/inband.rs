//! Keys heard in the audio of a side that has no telephone events.

use rtp::{Codec, InbandReceiver};

/// Listens to one side.
#[derive(Debug, Default)]
pub(crate) struct Inband {
    receiver: InbandReceiver,
    /// The time stamp that follows what has been heard.
    next: Option<u32>,
}

impl Inband {
    /// Takes a packet of audio; `pressed` is called for each press that begins in it.
    pub(crate) fn receive(
        &mut self,
        codec: Codec,
        timestamp: u32,
        payload: &[u8],
        pressed: impl FnMut(char),
    ) {
        let ahead = self.next.map_or(0, |next| timestamp.wrapping_sub(next).cast_signed());
        if ahead < 0 {
            // Late or sent twice: its place in the sound is gone by.
            return;
        }
        if ahead > 0 {
            self.receiver.lost();
        }
        // A datagram has fewer samples than a time stamp has values.
        let length = u32::try_from(payload.len()).unwrap_or_default();
        self.next = Some(timestamp.wrapping_add(length));
        self.receiver.receive(payload.iter().map(|byte| codec.decode(*byte)), pressed);
    }
}
