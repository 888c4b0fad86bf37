//! REGISTER and what else comes outside calls; tells the engine when an extension's first device comes and its
//! last one goes.

use engine::{DeviceInput, Input};
use model::{ExtensionNumber, TenantId};
use sip_proto::agent::{DialogId, RequestKey, UaCommand};
use sip_proto::register::{Became, BindingLost, Reject};
use sip_proto::{Flow, Headers, Message, Method, Name, Transport};

use crate::border::Identity;
use crate::ports::Ports;

/// The address of record of an extension, in the one form it is looked up by.
pub(crate) fn aor(tenant: TenantId, extension: &str) -> String {
    format!("{tenant}/{extension}")
}

pub(crate) fn of_aor(aor: &str) -> Option<(TenantId, ExtensionNumber)> {
    let (tenant, extension) = aor.split_once('/')?;
    Some((TenantId(tenant.parse().ok()?), ExtensionNumber::parse(extension).ok()?))
}

/// What the engine must hear of a REGISTER. A refresh ends its doubt after a call that did not reach the phone;
/// without a call since the last one it says nothing new.
fn news(became: Became, was_called: bool) -> Option<DeviceInput> {
    match became {
        Became::Registered => Some(DeviceInput::Reachable),
        Became::Refreshed => was_called.then_some(DeviceInput::Reachable),
        Became::Unregistered => Some(DeviceInput::Unreachable),
        Became::Unchanged => None,
    }
}

impl Ports {
    /// A request outside calls, its sender proved; or one inside a call that is none of the call's own.
    pub(crate) fn request(
        &mut self,
        key: RequestKey,
        dialog: Option<DialogId>,
        request: &Message,
        (tag, flow): (&str, Flow),
    ) {
        if dialog.is_some() {
            // Transfers and subscriptions inside calls come with call control.
            self.respond(key, 501, Headers::new());
            return;
        }
        let identity = self.border.take_admitted();
        match (request.method(), identity) {
            (Some(Method::Register), Some(Identity::Phone(tenant, extension))) => {
                self.register(key, request, flow, (tenant, &extension));
            }
            (Some(Method::Options), Some(_)) => self.respond(key, 200, Headers::new()),
            (Some(Method::Subscribe), Some(Identity::Phone(tenant, extension))) => {
                self.subscribe(key, request, (tag, flow), (tenant, &extension));
            }
            // A phone that subscribes to itself must not loop: what is not served ends here (RFC 6665 7.2.2).
            (Some(Method::Subscribe | Method::Publish), Some(_)) => {
                let mut headers = Headers::new();
                headers.push(Name::AllowEvents, sip_proto::subscription::PACKAGE);
                self.respond(key, 489, headers);
            }
            (_, Some(_)) => {
                let mut headers = Headers::new();
                headers.push(
                    Name::Allow,
                    "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REGISTER, SUBSCRIBE",
                );
                self.respond(key, 405, headers);
            }
            (_, None) => self.respond(key, 403, Headers::new()),
        }
    }

    pub(crate) fn respond(&mut self, key: RequestKey, status: u16, headers: Headers) {
        self.ua(UaCommand::Respond { key, status, reason: String::new(), headers, body: Vec::new() });
    }

    fn register(
        &mut self,
        key: RequestKey,
        request: &Message,
        flow: Flow,
        (tenant, extension): (TenantId, &ExtensionNumber),
    ) {
        self.expire_bindings();
        match self.bindings.register(&aor(tenant, extension.as_str()), request, flow, self.now) {
            Ok(outcome) => {
                let mut headers = Headers::new();
                outcome.write(&mut headers);
                self.respond(key, 200, headers);
                self.watch(flow);
                let was_called = self.called.contains(&(tenant, extension.clone()));
                if let Some(input) = news(outcome.became, was_called) {
                    self.called.remove(&(tenant, extension.clone()));
                    self.inputs.push_back((tenant, Input::Device(extension.clone(), input)));
                }
            }
            Err(reject) => self.refuse_register(key, &reject),
        }
    }

    fn refuse_register(&mut self, key: RequestKey, reject: &Reject) {
        let mut headers = Headers::new();
        if let Some(seconds) = reject.min_expires() {
            headers.push(Name::MinExpires, seconds.to_string());
        }
        let (status, reason) = (reject.status(), reject.reason().into());
        self.ua(UaCommand::Respond { key, status, reason, headers, body: Vec::new() });
    }

    /// Drops bindings whose time is over.
    pub(crate) fn expire_bindings(&mut self) {
        let mut lost = Vec::new();
        self.bindings.expire(self.now, &mut lost);
        self.bindings_lost(&lost);
    }

    /// A connection closed: its devices cannot be reached any more.
    pub(crate) fn flow_closed(&mut self, flow: Flow) {
        self.heartbeats.forget(flow);
        self.border.forget(flow);
        let mut lost = Vec::new();
        self.bindings.flow_closed(flow, &mut lost);
        self.bindings_lost(&lost);
        if flow.transport == Transport::Ws {
            // Nobody will take up the call from elsewhere: a page that comes back has forgotten it.
            self.drop_calls_to(flow);
        }
    }

    /// Tells the engines whose last device is gone.
    pub(crate) fn bindings_lost(&mut self, lost: &[BindingLost]) {
        for binding in lost.iter().filter(|binding| binding.left == 0) {
            if let Some((tenant, extension)) = of_aor(&binding.aor) {
                tracing::info!(extension = %extension, by = ?binding.by, "the last device of an extension is gone");
                self.inputs.push_back((tenant, Input::Device(extension, DeviceInput::Unreachable)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_is_news_only_after_a_call() {
        assert_eq!(news(Became::Refreshed, false), None);
        assert_eq!(news(Became::Refreshed, true), Some(DeviceInput::Reachable));
        assert_eq!(news(Became::Registered, false), Some(DeviceInput::Reachable));
        assert_eq!(news(Became::Unregistered, true), Some(DeviceInput::Unreachable));
        assert_eq!(news(Became::Unchanged, true), None);
    }
}
