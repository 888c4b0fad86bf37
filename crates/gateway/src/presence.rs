//! Devices on WebSockets: whether somebody is there, and what becomes of calls on their way to one where nobody is.

use engine::{Cause, DeviceInput, Input};
use model::{ExtensionNumber, TenantId};
use sip_proto::agent::{OutboundRequest, UaCommand};
use sip_proto::register::Due;
use sip_proto::{Destination, Flow, Headers, Method, NameAddr, Transport, Uri};

use crate::legs::Side;
use crate::ports::Ports;
use crate::registrar::{aor, of_aor};

impl Ports {
    /// Something came. Where nobody had been, somebody is, and can be called again.
    pub(crate) fn heard_on(&mut self, flow: Flow) {
        if flow.transport != Transport::Ws || !self.heartbeats.heard(flow, self.now) {
            return;
        }
        for aor in self.bindings.speak_again(flow) {
            if let Some((tenant, extension)) = of_aor(&aor) {
                tracing::info!(extension = %extension, "a device that was silent answers again");
                self.inputs.push_back((tenant, Input::Device(extension, DeviceInput::Reachable)));
            }
        }
    }

    /// A REGISTER was carried out that came on this connection.
    pub(crate) fn watch(&mut self, flow: Flow) {
        if flow.transport != Transport::Ws {
            return;
        }
        if self.bindings.one_on(flow).is_some() {
            self.heartbeats.watch(flow, self.now);
        } else {
            self.heartbeats.forget(flow);
        }
    }

    /// An extension is being called: a page that is there says so at once (100 Trying).
    pub(crate) fn expect_answer(&mut self, tenant: TenantId, extension: &ExtensionNumber) {
        for binding in self.bindings.reachable(&aor(tenant, extension.as_str())) {
            self.heartbeats.expect(binding.flow, self.now);
        }
    }

    /// Asks those of whom nothing was heard, and gives up those who have not answered.
    pub(crate) fn look_after_silence(&mut self) {
        while let Some(due) = self.heartbeats.next_due(self.now) {
            match due {
                Due::Ask(flow) => self.ask_for_life(flow),
                Due::Silent(flow) => {
                    let mut lost = Vec::new();
                    self.bindings.fall_silent(flow, &mut lost);
                    self.bindings_lost(&lost);
                    self.drop_calls_to(flow);
                }
            }
        }
    }

    /// OPTIONS to the device. Its answer is a sign of life as anything from there is.
    fn ask_for_life(&mut self, flow: Flow) {
        let Some((aor, binding)) = self.bindings.one_on(flow) else {
            self.heartbeats.forget(flow);
            return;
        };
        let Some((tenant, extension)) = of_aor(aor) else { return };
        let contact = binding.contact.clone();
        let domain = self.border.domains.get(tenant).map_or("invalid", |d| d.directory.tenant.name.as_str());
        let request = OutboundRequest {
            destination: Destination::Flow(flow),
            method: Method::Options,
            request_uri: contact,
            from: NameAddr::new(Uri::sip(None, domain, None)),
            to: NameAddr::new(Uri::sip(Some(extension.as_str()), domain, None)),
            sequence: None,
            headers: Headers::new(),
            body: Vec::new(),
        };
        let key = self.lamps.new_key();
        self.ua(UaCommand::Request { key, request: Box::new(request) });
    }

    /// Calls that have not been answered on this connection will not be: nobody missed them.
    pub(crate) fn drop_calls_to(&mut self, flow: Flow) {
        for dialog in self.agent.calling_on(flow) {
            let Some(key) = self.legs.of_dialog(dialog) else { continue };
            if matches!(self.legs.get(key).map(|leg| &leg.side), Some(Side::Dialed { answered: None, .. })) {
                self.hang_up(dialog, Cause::Unreachable);
                self.fork_failed(key, dialog, Cause::Unreachable);
            }
        }
    }
}
