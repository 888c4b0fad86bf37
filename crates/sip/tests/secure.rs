//! TLS: the same connections, with a handshake before.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sip::{Config, Endpoint, Inbound, Limits, SendError, Tls};
use sip_proto::flow::Destination;
use sip_proto::{Message, Transport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion};

use crate::world::{ANY, cseq, message, messages, options, read_to_close, until};

struct World {
    server: Endpoint,
    at: SocketAddr,
    authority: RootCertStore,
}

async fn world(limits: Limits) -> World {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let mut authority = RootCertStore::empty();
    authority.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let runtime = tokio::runtime::Handle::current();
    let tls = Tls { addrs: vec![ANY], config: Arc::new(config), runtime };
    let config = Config { udp: vec![ANY], tls: Some(tls), limits, ..Config::default() };
    let server = Endpoint::bind(config).await.unwrap();
    let at = server.local_addrs().into_iter().find(|(transport, _)| *transport == Transport::Tls).unwrap().1;
    World { server, at, authority }
}

impl World {
    async fn phone(&self, version: &'static SupportedProtocolVersion) -> TlsStream<TcpStream> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider).with_protocol_versions(&[version]).unwrap();
        let config = config.with_root_certificates(self.authority.clone()).with_no_client_auth();
        let stream = TcpStream::connect(self.at).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    }
}

#[tokio::test]
async fn both_versions_of_tls_carry_messages_and_answers_go_back_on_the_same_connection() {
    let mut world = world(Limits::default()).await;
    for (number, version) in [(1, &TLS12), (2, &TLS13)] {
        let mut phone = world.phone(version).await;
        phone.write_all(&options(number)).await.unwrap();
        phone.flush().await.unwrap();
        let (flow, request) = until(&mut world.server, message).await;
        assert_eq!((flow.transport, flow.local, cseq(&request)), (Transport::Tls, world.at, number));
        let mut answer = Message::response(&request, 200, "OK", Some("t"));
        // Longer than one record.
        answer.set_body("text/plain", vec![b'x'; 40_000]);
        world.server.send(flow, answer.to_bytes()).unwrap();
        let mut heard = vec![0; answer.to_bytes().len()];
        phone.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard, answer.to_bytes());
        world.server.close(flow);
        until(&mut world.server, |item| (*item == Inbound::Closed { flow }).then_some(())).await;
        assert_eq!(phone.read(&mut heard).await.unwrap(), 0, "the peer is told that it is over");
    }
    assert_eq!((world.server.counts().connections, world.server.counts().handshakes_failed), (0, 0));
}

#[tokio::test]
async fn a_stranger_who_never_ends_a_handshake_holds_nobody_up_and_is_let_go() {
    let limits = Limits { handshake_timeout: Duration::from_millis(200), ..Limits::default() };
    let mut world = world(limits).await;
    let mut silent = TcpStream::connect(world.at).await.unwrap();
    let mut phone = world.phone(&TLS13).await;
    phone.write_all(&options(7)).await.unwrap();
    assert_eq!(messages(&mut world.server, 1).await, [7]);
    read_to_close(&mut silent).await;
    let mut plain = TcpStream::connect(world.at).await.unwrap();
    plain.write_all(&options(8)).await.unwrap();
    read_to_close(&mut plain).await;
    assert_eq!((world.server.counts().handshakes_failed, world.server.counts().connections), (2, 1));
}

#[tokio::test]
async fn one_address_has_few_handshakes_at_once() {
    let world = world(Limits { handshakes_per_ip_max: 2, ..Limits::default() }).await;
    let mut kept = Vec::new();
    // Nothing says that a handshake has begun; whoever is one too many is closed at once.
    for _ in 0..3 {
        kept.push(TcpStream::connect(world.at).await.unwrap());
    }
    read_to_close(kept.last_mut().unwrap()).await;
    assert_eq!(world.server.counts().turned_away, 1);
    drop(kept);
    // A place is given back when its connection is gone, which takes a moment that nothing tells of.
    let mut world = world;
    while world.server.counts().handshakes_failed < 2 {
        tokio::task::yield_now().await;
    }
    let mut phone = world.phone(&TLS13).await;
    phone.write_all(&options(1)).await.unwrap();
    assert_eq!(messages(&mut world.server, 1).await, [1]);
}

#[tokio::test]
async fn no_connection_is_made_over_tls() {
    let mut world = world(Limits::default()).await;
    let to = Destination::Address { transport: Transport::Tls, remote: world.at };
    assert_eq!(world.server.send_to(to, options(1)), Err(SendError::NoTransport));
}
