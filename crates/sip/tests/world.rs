//! An endpoint in a task that answers like a server, and messages to send to it.

use std::net::SocketAddr;

use sip::{Config, Endpoint, Inbound, Limits};
use sip_proto::{Flow, Message, Transport};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

pub(crate) const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// An endpoint with one UDP and one TCP port, and where they are.
pub(crate) async fn endpoint(limits: Limits) -> (Endpoint, SocketAddr, SocketAddr) {
    let config = Config { udp: vec![ANY], tcp: vec![ANY], tls: None, limits };
    let endpoint = Endpoint::bind(config).await.unwrap();
    let find = |wanted| {
        let addrs = endpoint.local_addrs();
        addrs.iter().find(|(transport, _)| *transport == wanted).map(|(_, addr)| *addr).unwrap()
    };
    let (udp, tcp) = (find(Transport::Udp), find(Transport::Tcp));
    (endpoint, udp, tcp)
}

/// An OPTIONS with this CSeq.
pub(crate) fn options(cseq: u32) -> Vec<u8> {
    format!(
        "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK{cseq}\r\n\
         From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: c\r\n\
         CSeq: {cseq} OPTIONS\r\nContent-Length: 4\r\n\r\nbody"
    )
    .into_bytes()
}

/// The CSeq of a message.
pub(crate) fn cseq(message: &Message) -> u32 {
    message.cseq().unwrap().number
}

/// Receives until `wanted` gives something.
pub(crate) async fn until<T>(endpoint: &mut Endpoint, mut wanted: impl FnMut(&Inbound) -> Option<T>) -> T {
    let mut batch = Vec::new();
    loop {
        endpoint.receive(&mut batch).await;
        if let Some(found) = batch.drain(..).find_map(|item| wanted(&item)) {
            return found;
        }
    }
}

/// The message an item is, with its flow.
pub(crate) fn message(item: &Inbound) -> Option<(Flow, Message)> {
    if let Inbound::Message { flow, message } = item { Some((*flow, message.clone())) } else { None }
}

/// Receives until this many messages have come; their CSeq numbers.
pub(crate) async fn messages(endpoint: &mut Endpoint, wanted: usize) -> Vec<u32> {
    let mut batch = Vec::new();
    let mut numbers = Vec::new();
    while numbers.len() < wanted {
        endpoint.receive(&mut batch).await;
        for item in batch.drain(..) {
            let (_, message) = message(&item).unwrap_or_else(|| panic!("{item:?}"));
            numbers.push(cseq(&message));
        }
    }
    numbers
}

/// Answers every message 200 with a body of `pad` bytes, until the task is dropped.
pub(crate) fn answer(mut endpoint: Endpoint, pad: usize) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut batch = Vec::new();
        loop {
            endpoint.receive(&mut batch).await;
            for item in batch.drain(..) {
                if let Inbound::Message { flow, message } = item {
                    let mut response = Message::response(&message, 200, "OK", Some("t"));
                    response.set_body("text/plain", vec![b'x'; pad]);
                    // A peer that does not read loses its connection; that is what is tested.
                    let _ = endpoint.send(flow, response.to_bytes());
                }
            }
        }
    })
}

/// Reads until the text holds `wanted`.
pub(crate) async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains(wanted) {
        let read = stream.read(&mut buffer).await.unwrap();
        assert!(read > 0, "closed before {wanted}: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    text
}

/// Reads until the peer closes, politely or not.
pub(crate) async fn read_to_close(stream: &mut TcpStream) {
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}
