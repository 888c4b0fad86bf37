//! UDP.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sip::{Config, Endpoint, Inbound, Limits, SendError};
use sip_proto::{Flow, Transport};
use tokio::net::UdpSocket;

use crate::world::{ANY, answer, cseq, endpoint, message, messages, options, until};

#[tokio::test]
async fn a_datagram_comes_with_its_flow_and_an_answer_goes_back_along_it() {
    let (mut server, udp, _) = endpoint(Limits::default()).await;
    let phone = UdpSocket::bind(ANY).await.unwrap();
    phone.send_to(&options(7), udp).await.unwrap();
    let (flow, request) = until(&mut server, message).await;
    assert_eq!(cseq(&request), 7);
    let remote = phone.local_addr().unwrap();
    assert_eq!(flow, Flow { transport: Transport::Udp, local: udp, remote, id: 0 });
    server.send(flow, &b"answer"[..]).unwrap();
    let mut buffer = [0; 100];
    let (read, from) = phone.recv_from(&mut buffer).await.unwrap();
    assert_eq!((&buffer[..read], from), (&b"answer"[..], udp));
}

#[tokio::test]
async fn the_first_datagram_ever_sent_is_not_lost_to_an_unready_socket() {
    let phone = UdpSocket::bind(ANY).await.unwrap();
    let (mut server, _, _) = endpoint(Limits::default()).await;
    let flow = server.udp_flow(phone.local_addr().unwrap()).unwrap();
    server.send(flow, options(1)).unwrap();
    assert_eq!(server.counts().datagrams_dropped, 0);
    let mut buffer = [0; 2000];
    assert_eq!(phone.recv(&mut buffer).await.unwrap(), options(1).len());
}

#[tokio::test]
async fn nonsense_keep_alives_and_errors_do_not_end_the_socket() {
    let (mut server, udp, _) = endpoint(Limits::default()).await;
    let phone = UdpSocket::bind(ANY).await.unwrap();
    // A datagram to a port nobody has brings an ICMP error to our own socket.
    let nobody = UdpSocket::bind(ANY).await.unwrap();
    let gone = server.udp_flow(nobody.local_addr().unwrap()).unwrap();
    drop(nobody);
    for _ in 0..10 {
        let _ = server.send(gone, &b"x"[..]);
    }
    let huge = b"OPTIONS sip:a SIP/2.0\r\nContent-Length: 18446744073709551615\r\n\r\n".to_vec();
    for bytes in [b"".to_vec(), b"\r\n\r\n".to_vec(), vec![0; 4], vec![0xff; 60_000], huge] {
        phone.send_to(&bytes, udp).await.unwrap();
    }
    phone.send_to(&options(1), udp).await.unwrap();
    let mut kinds = Vec::new();
    until(&mut server, |item| {
        kinds.push(match item {
            Inbound::KeepAlive { .. } => "keep-alive",
            Inbound::Malformed { .. } => "malformed",
            Inbound::Message { .. } => return Some(()),
            Inbound::Closed { .. } => "closed",
            Inbound::Asserted { .. } => "asserted",
        });
        None
    })
    .await;
    assert_eq!(kinds, ["keep-alive", "keep-alive", "keep-alive", "malformed", "malformed"]);
    assert_eq!(server.counts().malformed, 2);
}

#[tokio::test]
async fn a_batch_is_bounded_and_takes_no_more_waiting_than_it_must() {
    let limits = Limits { batch_max: 5, ..Limits::default() };
    let (mut server, udp, _) = endpoint(limits).await;
    let phone = UdpSocket::bind(ANY).await.unwrap();
    for number in 1..=12 {
        phone.send_to(&options(number), udp).await.unwrap();
    }
    let mut sizes = Vec::new();
    while sizes.iter().sum::<usize>() < 12 {
        let mut batch = Vec::new();
        server.receive(&mut batch).await;
        assert!(!batch.is_empty() && batch.len() <= 5);
        sizes.push(batch.len());
    }
    // Loopback delivers before send_to returns, so the first batches are full.
    assert_eq!(sizes, [5, 5, 2]);
}

#[tokio::test]
async fn a_receive_that_is_cancelled_again_and_again_loses_nothing() {
    let (mut server, udp, tcp) = endpoint(Limits::default()).await;
    let sender = tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        let phone = UdpSocket::bind(ANY).await.unwrap();
        let mut stream = tokio::net::TcpStream::connect(tcp).await.unwrap();
        for number in 1..=200 {
            phone.send_to(&options(number), udp).await.unwrap();
            stream.write_all(&options(1000 + number)).await.unwrap();
            tokio::task::yield_now().await;
        }
        (phone, stream)
    });
    let mut batch = Vec::new();
    let mut cancelled = 0_u32;
    while batch.len() < 400 {
        tokio::select! {
            biased;
            () = server.receive(&mut batch) => {}
            () = tokio::task::yield_now() => cancelled += 1,
        }
    }
    assert!(cancelled > 0);
    let mut numbers: Vec<u32> = batch.iter().filter_map(message).map(|(_, message)| cseq(&message)).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=200).chain(1001..=1200).collect::<Vec<u32>>());
    drop(sender.await.unwrap());
}

#[tokio::test]
async fn a_flood_that_never_pauses_still_lets_the_rest_of_the_runtime_run() {
    let (server, udp, _) = endpoint(Limits { batch_max: 1, ..Limits::default() }).await;
    let task = answer(server, 0);
    let stop = Arc::new(AtomicBool::new(false));
    let flood = {
        let stop = Arc::clone(&stop);
        std::thread::spawn(move || {
            let socket = std::net::UdpSocket::bind(ANY).unwrap();
            let message = options(1);
            while !stop.load(Ordering::Relaxed) {
                socket.send_to(&message, udp).unwrap();
            }
        })
    };
    // One thread runs this and the server: without a budget the server would keep it for itself.
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    stop.store(true, Ordering::Relaxed);
    flood.join().unwrap();
    task.abort();
}

#[tokio::test]
async fn what_cannot_be_sent_says_why() {
    let (mut server, _, _) = endpoint(Limits::default()).await;
    let flow = server.udp_flow(ANY).unwrap();
    assert!(matches!(server.send(flow, &b"x"[..]), Err(SendError::Io(_))), "port 0");
    let phone = UdpSocket::bind(ANY).await.unwrap();
    let flow = Flow { remote: phone.local_addr().unwrap(), ..flow };
    assert!(matches!(server.send(flow, vec![0; 70_000]), Err(SendError::Io(_))), "too long");
    assert_eq!(server.udp_flow("[::1]:5060".parse().unwrap()), Err(SendError::NoSocket));
    let tls = Flow { transport: Transport::Tls, ..flow };
    assert_eq!(server.send(tls, &b"x"[..]), Err(SendError::Closed), "no such connection");
}

#[tokio::test]
async fn a_port_in_use_is_named_and_a_dropped_endpoint_gives_its_ports_back() {
    let (server, udp, tcp) = endpoint(Limits::default()).await;
    let again = Config { udp: vec![udp], tcp: vec![tcp], tls: None, limits: Limits::default() };
    let error = Endpoint::bind(again.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), format!("cannot listen on udp {udp}"));
    assert_eq!(error.source.kind(), std::io::ErrorKind::AddrInUse);
    drop(server);
    // The acceptor's task is aborted by the drop and its socket closed when the runtime runs it.
    let mut bound = Endpoint::bind(again.clone()).await;
    while bound.is_err() {
        tokio::task::yield_now().await;
        bound = Endpoint::bind(again.clone()).await;
    }
    let mut server = bound.unwrap();
    let phone = UdpSocket::bind(ANY).await.unwrap();
    phone.send_to(&options(3), udp).await.unwrap();
    assert_eq!(messages(&mut server, 1).await, [3]);
}
