//! The demo's phones register, and again before it ends.

use std::time::Duration;

use sip_proto::agent::{OutboundRequest, RequestKey, UaCommand};
use sip_proto::{Headers, Message, Method, Name, NameAddr, Uri};

use super::people::DemoAgent;
use super::phones::{Act, Phones};

impl Phones {
    pub(super) fn register(&mut self, agent: usize) {
        let Some(DemoAgent { extension, .. }) = self.plan.agents.get(agent).cloned() else { return };
        let address = NameAddr::new(self.own_uri(&extension));
        let uri = Uri::sip(None, &self.plan.domain, None);
        let mut headers = Headers::new();
        let contact = NameAddr::new(Uri::sip_address(Some(&extension), self.here));
        headers.push(Name::Contact, contact.to_string());
        headers.push(Name::Expires, "300");
        if let Some(proof) =
            self.digests.get_mut(agent).and_then(|d| d.authorization("REGISTER", &uri.to_string()))
        {
            headers.push(Name::Authorization, proof);
        }
        let number = self.sequence.entry(agent).or_insert(0);
        *number += 1;
        let sequence = Some((format!("demo-{extension}-{}", self.plan.seed), *number));
        let key = RequestKey(self.new_id());
        self.registering.insert(key, agent);
        let request = OutboundRequest {
            destination: self.server(),
            method: Method::Register,
            request_uri: uri,
            from: address.clone(),
            to: address,
            sequence,
            headers,
            body: Vec::new(),
        };
        self.command(UaCommand::Request { key, request: Box::new(request) });
    }

    pub(super) fn registered(&mut self, key: RequestKey, status: u16, response: Option<&Message>) {
        let Some(agent) = self.registering.remove(&key) else { return };
        let Some(digest) = self.digests.get_mut(agent) else { return };
        match (status, response) {
            (401, Some(response)) => {
                let values: Vec<&[u8]> = response.headers.all(Name::WwwAuthenticate).collect();
                if digest.challenged(&values).is_ok() {
                    self.register(agent);
                }
            }
            (200..=299, _) => digest.accepted(),
            _ => self.later(Duration::from_secs(5), Act::Register(agent)),
        }
    }
}
