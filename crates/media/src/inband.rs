//! Keys heard in the audio of a side that has no telephone events.

use rtp::InbandReceiver;

/// Listens to one side.
#[derive(Debug, Default)]
pub(crate) struct Inband {
    receiver: InbandReceiver,
    /// The time stamp that follows what has been heard.
    next: Option<u32>,
}

impl Inband {
    /// Takes samples; `pressed` is called for each press that begins in them.
    pub(crate) fn receive(&mut self, timestamp: u32, samples: &[i16], pressed: impl FnMut(char)) {
        let ahead = self.next.map_or(0, |next| timestamp.wrapping_sub(next).cast_signed());
        if ahead < 0 {
            // Late or sent twice: its place in the sound is gone by.
            return;
        }
        if ahead > 0 {
            self.receiver.lost();
        }
        // A datagram has fewer samples than a time stamp has values.
        let length = u32::try_from(samples.len()).unwrap_or_default();
        self.next = Some(timestamp.wrapping_add(length));
        self.receiver.receive(samples.iter().copied(), pressed);
    }
}
