//! Whether a trunk answers, asked by the API: of a far side that does, of one that refuses, of one that says nothing.

use std::net::UdpSocket;
use std::thread::JoinHandle;
use std::time::Duration;

use e2e::{Domain, Message, Options, Server, shared};
use serde_json::{Value, json};

const TEST: &str = "/v1/domains/~/trunks/carrier/test";

/// A far side on a port of its own.
fn far() -> anyhow::Result<UdpSocket> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_secs(20)))?;
    Ok(socket)
}

/// Answers the next request with this status, these headers and this body, and gives what it was asked.
fn answering(
    socket: &UdpSocket,
    status: &'static str,
    headers: &'static str,
    body: &'static str,
) -> anyhow::Result<JoinHandle<anyhow::Result<Message>>> {
    let socket = socket.try_clone()?;
    Ok(std::thread::spawn(move || {
        let mut bytes = [0; 8_192];
        let (length, peer) = socket.recv_from(&mut bytes)?;
        let asked = Message::parse(&bytes[..length])?;
        let via = format!(
            "{};received={};rport={}",
            asked.header("Via").replace(";rport", ""),
            peer.ip(),
            peer.port()
        );
        let header = |name: &str| format!("{name}: {}\r\n", asked.header(name));
        let same = [header("From"), header("Call-ID"), header("CSeq")].concat();
        let to = format!("To: {};tag=far\r\n", asked.header("To"));
        let head = format!("SIP/2.0 {status}\r\nVia: {via}\r\n{same}{to}{headers}");
        let answer = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        socket.send_to(answer.as_bytes(), peer)?;
        Ok(asked)
    }))
}

fn server(far: &UdpSocket) -> anyhow::Result<Server> {
    let domain = Domain { trunk_host: far.local_addr()?.to_string(), ..Domain::default() };
    Server::start_with(&domain.yaml(), Options::default())
}

fn tested(server: &Server) -> anyhow::Result<Value> {
    server.api.post(TEST, &json!({}))?.ok()
}

#[test]
fn a_trunk_that_answers_is_told_as_it_is() -> anyhow::Result<()> {
    let _turn = shared()?;
    let far = far()?;
    let mut server = server(&far)?;
    let headers = "Server: Carrier 1.0\r\nAllow: INVITE, ACK, BYE\r\nContent-Type: application/sdp\r\n";
    let body =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n";
    let asked = answering(&far, "200 OK", headers, body)?;
    let said = tested(&server)?;
    let asked = asked.join().map_err(|_| anyhow::anyhow!("nothing was asked"))??;
    assert!(asked.start.starts_with("OPTIONS sip:127.0.0.1:"), "{}", asked.start);
    assert_eq!((&said["verdict"], &said["reachable"]), (&json!("answers"), &json!(true)), "{said}");
    assert_eq!((&said["status"], &said["reason"]), (&json!(200), &json!("OK")), "{said}");
    assert_eq!(said["address"], json!(far.local_addr()?.to_string()));
    assert_eq!((&said["server"], &said["transport"]), (&json!("Carrier 1.0"), &json!("udp")));
    assert_eq!(said["allow"], json!(["INVITE", "ACK", "BYE"]));
    assert_eq!(said["codecs"], json!(["PCMA/8000"]));
    // It is asked from where calls come from.
    assert_eq!(said["seen_as"], json!(server.sip.to_string()));
    assert!(said["milliseconds"].as_u64().is_some_and(|took| took < 5_000), "{said}");

    let refusing = answering(&far, "403 Who are you", "", "")?;
    let said = tested(&server)?;
    drop(refusing.join());
    assert_eq!((&said["verdict"], &said["reason"]), (&json!("refuses"), &json!("Who are you")), "{said}");
    assert!(said["advice"].as_str().is_some_and(|advice| advice.contains("let in 127.0.0.1")), "{said}");
    server.check_alive()
}

#[test]
fn a_trunk_that_says_nothing_or_is_nowhere_is_told_with_what_to_do() -> anyhow::Result<()> {
    let _turn = shared()?;
    let far = far()?;
    let mut server = server(&far)?;
    let said = tested(&server)?;
    assert_eq!((&said["verdict"], &said["status"]), (&json!("silent"), &json!(null)), "{said}");
    assert!(said["advice"].as_str().is_some_and(|advice| advice.contains("firewall")), "{said}");

    let nowhere = json!({"name": "nowhere", "host": "carrier.invalid", "allow_from": ["192.0.2.1"]});
    server.api.post("/v1/domains/~/provisioning/trunks", &nowhere)?.ok()?;
    let path = "/v1/domains/~/trunks/nowhere/test";
    let said = server.api.post(path, &json!({}))?.ok()?;
    assert_eq!((&said["verdict"], &said["address"]), (&json!("unknown_host"), &json!(null)), "{said}");
    // Nobody is asked without end.
    for _ in 1..6 {
        server.api.post(path, &json!({}))?.ok()?;
    }
    let often = server.api.post(path, &json!({}))?;
    assert_eq!(often.status, 429, "{often:?}");
    server.check_alive()
}
