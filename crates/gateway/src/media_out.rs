//! Media commands, and what the media plane says.

use std::net::SocketAddr;

use engine::{Input, MediaCommand, MediaInput};
use media::{EndpointCommand, EndpointId, MediaEvent, Sound};
use model::{PlayId, TenantId};
use sip_proto::sdp::Negotiated;

use crate::codecs;
use crate::forks::{keys, session};
use crate::legs::{Leg, Side};
use crate::ports::Ports;
use crate::recordings::Wanted;

impl Ports {
    pub(crate) fn media_command(&mut self, tenant: TenantId, command: MediaCommand) {
        match command {
            MediaCommand::Play { leg, play, prompts, repeat } => {
                if let Some(endpoint) = self.endpoint((tenant, leg)) {
                    let items = self.sounds(tenant, &prompts);
                    self.media.command(endpoint, EndpointCommand::Play { play: play.0, items, repeat });
                }
            }
            MediaCommand::PlayRecord { leg, play, mailbox, record } => {
                self.play_record(tenant, leg, play, (mailbox, record));
            }
            MediaCommand::Record { leg, mailbox, record, max, silence } => {
                self.record(tenant, &Wanted { leg, mailbox, record, max, silence });
            }
            MediaCommand::RecordTalk { leg, record, from } => self.record_talk(tenant, leg, (record, from)),
            MediaCommand::StopRecord { leg } => {
                if let Some(endpoint) = self.endpoint((tenant, leg)) {
                    self.media.command(endpoint, EndpointCommand::StopRecord);
                }
            }
            MediaCommand::StopPlay { leg } => {
                if let Some(endpoint) = self.endpoint((tenant, leg)) {
                    self.media.command(endpoint, EndpointCommand::StopPlay);
                }
            }
            MediaCommand::Bridge { a, b } => {
                if let (Some(a), Some(b)) = (self.endpoint((tenant, a)), self.endpoint((tenant, b))) {
                    self.media.command(a, EndpointCommand::Bridge { other: b });
                }
            }
            MediaCommand::Press { leg, play, keys } => {
                if let Some(endpoint) = self.endpoint((tenant, leg)) {
                    let items = vec![Sound::keys(keys.reveal())];
                    self.media
                        .command(endpoint, EndpointCommand::Play { play: play.0, items, repeat: false });
                }
            }
            MediaCommand::Unbridge { a, b } => {
                for leg in [a, b] {
                    if let Some(endpoint) = self.endpoint((tenant, leg)) {
                        self.media.command(endpoint, EndpointCommand::Unbridge);
                    }
                }
            }
        }
    }

    /// The sounds of these names as the domain has them; a name that nothing has is left out.
    fn sounds(&self, tenant: TenantId, prompts: &[String]) -> Vec<Sound> {
        let Some(sounds) = self.sounds.get(&tenant) else { return Vec::new() };
        let mut heard = Vec::new();
        for name in prompts {
            let found = sounds.of(name);
            if found.is_empty() {
                tracing::warn!(prompt = %name, domain.id = tenant.0, "there is no prompt of this name");
            }
            heard.extend(found.into_iter().cloned());
        }
        heard
    }

    pub(crate) fn endpoint(&self, key: crate::legs::Key) -> Option<EndpointId> {
        self.legs.get(key)?.media.as_ref().map(|media| media.endpoint)
    }

    /// Gives back all endpoints of a leg.
    pub(crate) fn close_media(&mut self, leg: &Leg) {
        if let Some(media) = &leg.media {
            self.media.command(media.endpoint, EndpointCommand::Close);
        }
        if let Side::Dialed { forks, .. } = &leg.side {
            self.close_forks(forks, &[]);
        }
    }

    /// Lets media flow as signalling agreed; also after a change, when the source may be learned anew.
    /// `candidates` are our addresses that a browser was told.
    pub(crate) fn configure(
        &mut self,
        endpoint: EndpointId,
        candidates: &[SocketAddr],
        negotiated: &Negotiated,
    ) {
        if let Some(secure) = &negotiated.secure {
            let session = Box::new(session(secure, candidates));
            self.media.command(endpoint, EndpointCommand::Secure(session));
        }
        if let Some(agreed) = &negotiated.keys {
            self.media.command(endpoint, EndpointCommand::Keys(Box::new(keys(agreed))));
        }
        // A browser's address is found by checks, not read.
        let addressed = negotiated.remote.is_some() || negotiated.secure.is_some();
        // Held by address zero: there is nowhere to send to until it comes back.
        let nowhere = SocketAddr::from((std::net::Ipv4Addr::UNSPECIFIED, 0));
        let remote = negotiated.remote.unwrap_or(nowhere);
        let settings = media::Negotiated {
            remote,
            rtcp: negotiated.remote_rtcp,
            voice: codecs::voice(&negotiated.codec),
            payload_type: negotiated.payload.send,
            telephone_event: negotiated.telephone_event.as_ref().map(codecs::event),
            also_event: negotiated.also_event.as_ref().map(codecs::event),
            send: negotiated.direction.sends() && addressed,
            receive: negotiated.direction.receives(),
        };
        self.media.command(endpoint, EndpointCommand::Configure(settings));
    }

    pub(crate) fn media_event(&mut self, event: MediaEvent) {
        match event {
            MediaEvent::Digit { endpoint, digit } => {
                if let Some(key) = self.legs.of_endpoint(endpoint) {
                    self.pressed(key, digit);
                }
            }
            MediaEvent::PlayEnded { endpoint, play } => {
                self.media_input(endpoint, MediaInput::PlayEnded(PlayId(play)));
            }
            MediaEvent::Silent { endpoint } => self.media_input(endpoint, MediaInput::Silent),
            // The leg was over before.
            MediaEvent::Closed { .. } => {}
            MediaEvent::RecordEnded { endpoint, record, length, why } => {
                self.recording_ended(endpoint, record, length, why);
            }
            MediaEvent::Erased { erase } => self.erased(erase),
        }
    }

    fn media_input(&mut self, endpoint: EndpointId, input: MediaInput) {
        if let Some((tenant, leg)) = self.legs.of_endpoint(endpoint) {
            self.inputs.push_back((tenant, Input::Media(leg, input)));
        }
    }
}
