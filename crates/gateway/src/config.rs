//! What the gateway is started with.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use media::Sounds;
use model::{Directory, TrunkId};
use sip_proto::auth::Algorithm;
use sip_proto::register::HeartbeatLimits;
use switch::Recordings;
use tokio::sync::{mpsc, oneshot};

use crate::accounts::Account;
use crate::services::ServiceAsk;
use crate::studio::TakenPrompt;
use crate::trunk_tests::{TrunkQuestion, TrunkReply};

/// What the gateway is started with.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// The digest challenges offered, in this order.
    pub digest: Vec<Algorithm>,
    /// Signs digest nonces; random, new at each start.
    pub nonce_secret: [u8; 32],
    /// The address that peers off this network can reach, if it is not ours.
    pub public_address: Option<IpAddr>,
    /// Where recordings lie.
    pub recordings: Recordings,
    /// Takes questions to outside services.
    pub services: mpsc::Sender<ServiceAsk>,
    /// Takes recordings that are to become prompts.
    pub takes: mpsc::Sender<TakenPrompt>,
    /// Where browsers reach SIP over WebSocket, if they do: the port of HTTP.
    pub websocket_port: Option<u16>,
    /// Whether phones behind TLS are offered SRTP (RFC 4568); those that offer it get it anyway.
    pub offers_srtp: bool,
    /// How devices on WebSockets are asked whether they are there.
    pub heartbeat: HeartbeatLimits,
    /// Shortest registration.
    pub expires_min: Duration,
    /// Starts the counters of ids; reserved by the store.
    pub first_id: u64,
    /// Makes branches, tags and Call-IDs; random, new at each start.
    pub seed: u64,
}

/// One domain's provisioning, with what only the gateway needs of it.
#[derive(Debug)]
pub struct DomainSettings {
    /// What is provisioned.
    pub directory: Arc<Directory>,
    /// Its phones' secrets.
    pub accounts: Vec<Account>,
    /// Its trunks' addresses, resolved.
    pub trunk_hosts: BTreeMap<TrunkId, SocketAddr>,
    /// What its callers and agents can hear, by name.
    pub sounds: Sounds,
}

/// What can be asked of a running gateway, beside the switch's own questions.
#[derive(Debug)]
pub enum Control {
    /// Take over a domain's provisioning; live calls are not disturbed.
    Domain(Box<DomainSettings>, oneshot::Sender<()>),
    /// Ask a trunk whether it is there.
    TestTrunk(TrunkQuestion, oneshot::Sender<TrunkReply>),
    /// End all calls and return.
    Stop(oneshot::Sender<()>),
}
