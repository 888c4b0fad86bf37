//! One party: what it sends is judged, counted and passed on; what it hears is in its [`Outlet`].

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rtp::{COMFORT_NOISE, Codec, DtmfReceiver, Packet, Reception, SourceLock, packet};

mod listen;
mod wire;

use self::wire::Wire;
use crate::command::{Negotiated, Record};
use crate::event::RecordEnd;
use crate::hearing::Hearing;
use crate::inband::Inband;
use crate::outlet::{Carried, Filler, Format, Outlet};
use crate::player::{Player, Prompt};
use crate::recorder::Recorder;
use crate::report::Reporter;
use crate::secure::FarEnd;
use crate::shared::Moment;
use crate::srtp::Unsealing;
use crate::voice::Voice;
use crate::{EndpointId, EndpointStats, MediaEvent, Sound};

/// One endpoint; owned by its worker.
pub(crate) struct Endpoint {
    pub(crate) id: EndpointId,
    pub(crate) outlet: Arc<Outlet>,
    wire: Wire,
    /// What makes plain what comes in, where signalling has brought keys.
    unsealing: Option<Box<Unsealing>>,
    negotiated: Option<Negotiated>,
    source: Option<SourceLock>,
    /// Who hears it.
    peer: Option<Arc<Outlet>>,
    player: Option<Player>,
    /// The play whose file is being read.
    pub(crate) awaited: Option<u64>,
    recorder: Option<Recorder>,
    reception: Reception,
    digits: DtmfReceiver,
    /// For a side without telephone events.
    inband: Option<Box<Inband>>,
    /// While somebody needs samples of what it says.
    hearing: Option<Box<Hearing>>,
    /// How often that has begun.
    hearings: u32,
    reporter: Reporter,
    opened_at: Duration,
    heard_at: Duration,
    /// Whether it has ever been heard since it was opened.
    heard: bool,
    silent_told: bool,
    second: u64,
    in_second: u32,
    bytes: u64,
    rejected: u64,
}

impl Endpoint {
    pub(crate) fn new(outlet: Arc<Outlet>, now: Duration) -> Endpoint {
        Endpoint {
            id: outlet.id,
            outlet,
            wire: Wire::Plain,
            unsealing: None,
            negotiated: None,
            source: None,
            peer: None,
            player: None,
            awaited: None,
            recorder: None,
            reception: Reception::default(),
            digits: DtmfReceiver::default(),
            inband: None,
            hearing: None,
            hearings: 0,
            reporter: Reporter::default(),
            opened_at: now,
            heard_at: now,
            heard: false,
            silent_told: false,
            second: 0,
            in_second: 0,
            bytes: 0,
            rejected: 0,
        }
    }

    /// A negotiation, the first or another.
    pub(crate) fn configure(&mut self, negotiated: Negotiated, moment: &Moment<'_>) {
        if self.wire == Wire::Plain {
            self.look_for(negotiated.remote, moment);
            self.reporter.begin(moment.now);
        }
        self.negotiated = Some(negotiated);
        self.inband = negotiated.telephone_event.is_none().then(Box::default);
        self.reception.set_rate(negotiated.voice.clock());
        self.hearing = None;
        self.outlet.shape(Format {
            voice: negotiated.voice,
            payload_type: negotiated.payload_type,
            telephone_event: negotiated.telephone_event,
            send: negotiated.send,
        });
        self.aim(moment);
        self.heard_at = moment.now;
        self.silent_told = false;
    }

    /// Starts a list of sounds in the place of what was playing; `false` if none of them can be heard.
    pub(crate) fn play(&mut self, play: u64, items: Vec<Sound>, repeat: bool, moment: &Moment<'_>) -> bool {
        let items =
            items.into_iter().take(moment.shared.limits.play_items_max).map(|sound| sound.prompt()).collect();
        self.start(play, items, repeat, moment)
    }

    /// Plays what was read from the disk, unless something else was wanted in the meantime; `false` if it cannot
    /// be heard.
    pub(crate) fn play_loaded(
        &mut self,
        play: u64,
        prompt: Option<Arc<Prompt>>,
        moment: &Moment<'_>,
    ) -> bool {
        self.awaited == Some(play) && self.start(play, prompt.into_iter().collect(), false, moment)
    }

    fn start(&mut self, play: u64, items: Vec<Arc<Prompt>>, repeat: bool, moment: &Moment<'_>) -> bool {
        self.awaited = None;
        let was_playing = self.player.is_some();
        self.player = Player::new(play, items, repeat);
        match (was_playing, self.player.is_some()) {
            (false, true) => moment.counters.players.up(),
            (true, false) => moment.counters.players.down(),
            (true, true) | (false, false) => {}
        }
        self.refill();
        if self.player.is_none() {
            moment.tell(MediaEvent::PlayEnded { endpoint: self.id, play });
        }
        self.player.is_some()
    }

    /// Ends what is playing, if anything is.
    pub(crate) fn stop_play(&mut self, moment: &Moment<'_>) {
        self.awaited = None;
        if self.player.take().is_some() {
            moment.counters.players.down();
            self.refill();
        }
    }

    /// The next 20 ms of what is playing; `false` once it has ended.
    pub(crate) fn tick(&mut self, tick: u64, moment: &Moment<'_>) -> bool {
        if self.player.is_some() && self.waits_for_keys(moment) {
            return true;
        }
        let Some(player) = &mut self.player else { return false };
        let play = player.play;
        if let Some((prompt, frame)) = player.next(tick) {
            self.outlet.play(prompt, frame, moment);
            return true;
        }
        self.stop_play(moment);
        moment.tell(MediaEvent::PlayEnded { endpoint: self.id, play });
        false
    }

    /// Records what the party says from now on.
    pub(crate) fn record(&mut self, record: Record, moment: &Moment<'_>) {
        self.stop_record(RecordEnd::Stopped, moment);
        self.recorder = Some(Recorder::begin(self.id, record, moment));
        moment.counters.recorders.up();
    }

    /// Ends the recording, if there is one.
    pub(crate) fn stop_record(&mut self, why: RecordEnd, moment: &Moment<'_>) {
        if let Some(recorder) = self.recorder.take() {
            recorder.finish(why, moment);
            moment.counters.recorders.down();
        }
    }

    /// From now on the two hear each other; the other end is linked by its own worker.
    pub(crate) fn link(&mut self, peer: Arc<Outlet>, moment: &Moment<'_>) {
        if self.peer.replace(peer).is_none() {
            moment.counters.linked.up();
        }
        self.stop_play(moment);
        self.refill();
    }

    pub(crate) fn unlink(&mut self, moment: &Moment<'_>) {
        if self.peer.take().is_some() {
            moment.counters.linked.down();
            self.refill();
        }
    }

    /// Says who fills the outlet: a player before a bridge.
    fn refill(&self) {
        self.outlet.fill_from(match (&self.player, &self.peer) {
            (Some(_), _) => Filler::Player,
            (None, Some(peer)) => Filler::Leg(peer.id),
            (None, None) => Filler::Nobody,
        });
    }

    /// A datagram on the RTP port.
    pub(crate) fn on_rtp(&mut self, datagram: &mut [u8], from: SocketAddr, moment: &Moment<'_>) {
        if !self.within_rate(moment) {
            return self.reject(moment);
        }
        if let Wire::Secure { .. } = self.wire {
            return self.unseal(datagram, from, moment);
        }
        if packet::is_rtcp(datagram) {
            return self.receive_report(datagram, from, moment);
        }
        // Before anything is learned from it.
        let Some(length) = self.unseal_packet(datagram) else { return self.reject(moment) };
        self.receive(&mut datagram[..length], Some(from), moment);
    }

    /// A packet of media. Where it came `from` is judged, unless its keys have proved that already.
    fn receive(&mut self, datagram: &mut [u8], from: Option<SocketAddr>, moment: &Moment<'_>) {
        let Ok(packet) = Packet::parse(datagram) else { return self.reject(moment) };
        let (header, payload_at) = (packet.header, packet.payload_at);
        let end = payload_at + packet.payload.len();
        let Some(carried) = self.carried(header.payload_type) else {
            return moment.counters.dropped.up();
        };
        if from.is_some_and(|from| !self.is_known(&header, from, moment)) {
            return;
        }
        moment.counters.packets_in.up();
        self.bytes += u64::try_from(packet.payload.len()).unwrap_or(0);
        self.heard_at = moment.now;
        self.heard = true;
        let timed = !matches!(carried, Carried::TelephoneEvent(_));
        self.reception.receive(&header, moment.now, timed);
        if !timed && let Some(digit) = self.digits.receive(&header, packet.payload, moment.now) {
            moment.tell(MediaEvent::Digit { endpoint: self.id, digit });
        }
        let listener = self.listener();
        let translated = listener.as_ref().is_some_and(|peer| peer.clock() != self.outlet.clock());
        if translated || self.inband.is_some() || self.recorder.is_some() {
            let to = listener.as_ref().filter(|_| translated);
            self.listen((carried, &header), &mut datagram[..end], payload_at, to, moment);
        } else {
            self.hearing = None;
        }
        if let Some(peer) = listener.filter(|_| !translated && payload_at < end) {
            peer.relay(self.id, carried, &header, &mut datagram[..end], payload_at, moment);
        }
    }

    /// A datagram on the RTCP port.
    pub(crate) fn on_rtcp(&mut self, datagram: &mut [u8], from: SocketAddr, moment: &Moment<'_>) {
        if !self.within_rate(moment) || !packet::is_rtcp(datagram) || self.wire != Wire::Plain {
            return self.reject(moment);
        }
        self.receive_report(datagram, from, moment);
    }

    fn receive_report(&mut self, datagram: &mut [u8], from: SocketAddr, moment: &Moment<'_>) {
        let ip = from.ip().to_canonical();
        let of_media = self.source.as_ref().is_some_and(|source| source.target().ip() == ip);
        let signalled = self.negotiated.and_then(|negotiated| negotiated.rtcp);
        if !of_media && signalled.is_none_or(|rtcp| rtcp.ip().to_canonical() != ip) {
            return self.reject(moment);
        }
        let Some(length) = self.unseal_report(datagram) else { return self.reject(moment) };
        self.reporter.receive(&datagram[..length], from, self.outlet.ssrc, moment.now);
    }

    /// What a payload type means here. Both laws are understood by their static numbers, too: a phone that
    /// has offered both may use either.
    fn carried(&self, payload_type: u8) -> Option<Carried> {
        let negotiated = self.negotiated.as_ref()?;
        let mut events = negotiated.telephone_event.iter().chain(&negotiated.also_event);
        if payload_type == negotiated.payload_type {
            Some(Carried::Audio(negotiated.voice))
        } else if let Some(event) = events.find(|event| event.payload_type == payload_type) {
            Some(Carried::TelephoneEvent(event.clock))
        } else if payload_type == COMFORT_NOISE {
            Some(Carried::ComfortNoise)
        } else if let Voice::G711(_) = negotiated.voice {
            Codec::of_static(payload_type).map(|codec| Carried::Audio(codec.into()))
        } else {
            None
        }
    }

    fn within_rate(&mut self, moment: &Moment<'_>) -> bool {
        let second = moment.now.as_secs();
        if second != self.second {
            self.second = second;
            self.in_second = 0;
        }
        self.in_second = self.in_second.saturating_add(1);
        self.in_second <= moment.shared.limits.packets_per_second_max
    }

    /// A datagram that is not believed.
    pub(crate) fn reject(&mut self, moment: &Moment<'_>) {
        self.rejected += 1;
        moment.counters.rejected.up();
    }

    /// Ends a recording that has come to its end by itself.
    fn look_at_recorder(&mut self, moment: &Moment<'_>) {
        if let Some(why) = self.recorder.as_ref().and_then(|recorder| recorder.over(moment.now)) {
            self.stop_record(why, moment);
        }
    }

    /// What is due now and then: silence, a report.
    pub(crate) fn sweep(&mut self, moment: &Moment<'_>) {
        self.look_at_recorder(moment);
        let Some(negotiated) = self.negotiated else { return };
        // A party that has never spoken may only be slow to (a test without media, a muted gateway): its signalling
        // says whether it lives, so its silence counts for less than that of one who has fallen silent.
        let patience = if self.heard { 1 } else { moment.shared.limits.never_heard_factor };
        let timeout = moment.shared.silence_timeout.saturating_mul(patience);
        let silent = moment.now.saturating_sub(self.heard_at) >= timeout && !timeout.is_zero();
        // Many phones that hold announce that they go on speaking (`sendonly`) and then send nothing: whoever
        // does not listen need not speak.
        let expected = negotiated.receive && negotiated.send;
        if silent && expected && !self.silent_told {
            self.silent_told = true;
            moment.tell(MediaEvent::Silent { endpoint: self.id });
        }
        if self.reporter.is_due(moment.now) {
            self.reporter.send(&self.outlet, &negotiated, &mut self.reception, false, moment);
        }
    }

    /// The end: a last report, the ports back, the numbers told.
    pub(crate) fn close(mut self, moment: &Moment<'_>) {
        self.stop_play(moment);
        self.stop_record(RecordEnd::Stopped, moment);
        self.unlink(moment);
        let far_end = self.outlet.part(moment);
        if let Some(negotiated) = self.negotiated.filter(|_| self.wire == Wire::Plain) {
            self.reporter.send(&self.outlet, &negotiated, &mut self.reception, true, moment);
        }
        self.outlet.fill_from(Filler::Closed);
        let stats = self.stats(far_end, moment.now);
        moment.counters.endpoints.down();
        moment.shared.returns.put(Arc::clone(&self.outlet.ports));
        moment.tell(MediaEvent::Closed { endpoint: self.id, stats });
    }

    fn stats(&self, far_end: Option<FarEnd>, now: Duration) -> EndpointStats {
        let far_end = far_end.unwrap_or_else(|| self.reporter.far_end(self.outlet.clock()));
        let (packets_out, bytes_out) = self.outlet.sent();
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        EndpointStats {
            packets_in: self.reception.packets(),
            bytes_in: self.bytes,
            packets_out,
            bytes_out,
            lost: self.reception.lost(),
            jitter_us: micros(self.reception.jitter_time()),
            remote_lost: far_end.lost,
            remote_jitter_us: far_end.jitter_us,
            round_trip_us: far_end.round_trip.map(micros),
            rejected: self.rejected,
            duration: now.saturating_sub(self.opened_at),
        }
    }
}
