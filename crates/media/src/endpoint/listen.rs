//! What is done with the samples of what a party says.

use std::sync::Arc;

use rtp::{Header, RATE};

use super::Endpoint;
use crate::MediaEvent;
use crate::hearing::Hearing;
use crate::outlet::{Carried, Outlet};
use crate::shared::Moment;

impl Endpoint {
    /// Who hears the party now.
    pub(super) fn listener(&self) -> Option<Arc<Outlet>> {
        let speaks = self.negotiated.is_some_and(|negotiated| negotiated.receive);
        self.peer.as_ref().filter(|_| speaks).map(Arc::clone)
    }

    /// Gives a packet to whoever needs samples: the ear for keys, the recording, and `to`, who speaks another codec.
    pub(super) fn listen(
        &mut self,
        (carried, header): (Carried, &Header),
        datagram: &mut [u8],
        payload_at: usize,
        to: Option<&Arc<Outlet>>,
        moment: &Moment<'_>,
    ) {
        let id = self.id;
        let hearing = self.hearing.get_or_insert_with(|| {
            self.hearings = self.hearings.wrapping_add(1);
            Box::new(Hearing::new(self.hearings))
        });
        // From timestamps at 8 kHz to those of the other side.
        let ratio = to.map_or(1, |to| to.clock() / RATE);
        let on_their_clock =
            |header: Header| Header { timestamp: header.timestamp.wrapping_mul(ratio), ..header };
        match carried {
            Carried::Audio(voice) => {
                let (inband, recorder) = (&mut self.inband, &mut self.recorder);
                let payload = datagram.get(payload_at..).unwrap_or_default();
                hearing.receive((voice, header, payload), moment.now, |heard, framer| {
                    if let Some(inband) = inband {
                        inband.receive(heard.timestamp, heard.samples, |digit| {
                            moment.tell(MediaEvent::Digit { endpoint: id, digit });
                            // From here on; it takes some time to tell a tone from a voice.
                            recorder.iter_mut().for_each(|recorder| recorder.key(moment));
                        });
                    }
                    if let Some(recorder) = recorder {
                        recorder.receive(heard.timestamp, heard.samples, moment);
                    }
                    if let Some(to) = to {
                        framer.push(heard, |header, samples| {
                            to.speak(id, &on_their_clock(header), samples, moment);
                        });
                    }
                });
            }
            Carried::TelephoneEvent(_) => {
                if let Some(recorder) = &mut self.recorder {
                    recorder.key(moment);
                }
                let at = hearing.pass(header, self.outlet.clock());
                if let (Some(timestamp), Some(to)) = (at, to) {
                    let numbered = on_their_clock(hearing.framer.number(header.marker, timestamp));
                    to.relay(id, carried, &numbered, datagram, payload_at, moment);
                }
            }
            Carried::ComfortNoise => {
                hearing.pass(header, self.outlet.clock());
            }
        }
        self.look_at_recorder(moment);
    }
}
