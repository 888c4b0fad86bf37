//! Requests to services that hang, redirect, flood, or are where they must not be.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use outbound::http::{ANSWER_MAX, Client, Fetch, Post, PostError};
use outbound::network::Network;
use outbound::sign::SigningSecret;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

fn here() -> Vec<Network> {
    vec![Network::parse("127.0.0.0/8").expect("a network")]
}

fn client(allowed: Vec<Network>) -> Client {
    Client::with_roots(RootCertStore::empty(), allowed).expect("a client")
}

fn post(url: String) -> Post {
    Post {
        url,
        content_type: "application/json",
        body: Bytes::from_static(b"{\"caller\":\"1\"}"),
        timeout: Duration::from_secs(5),
        answer_max: ANSWER_MAX,
        id: "msg_1".into(),
        second: 1_614_265_330,
        secret: SigningSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    }
}

/// Reads a request to the end of its body, which is `post`'s.
async fn read_request<S: AsyncRead + Unpin>(stream: &mut S) -> String {
    let mut request = Vec::new();
    let mut piece = [0; 1_024];
    while !request.ends_with(b"}") {
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(count) => request.extend_from_slice(&piece[..count]),
        }
    }
    String::from_utf8_lossy(&request).into_owned()
}

/// A service that gives one answer, and what it was asked.
async fn service(answer: Vec<u8>) -> (String, tokio::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook?a=b", listener.local_addr().expect("an address"));
    let (asked, requests) = tokio::sync::mpsc::channel(10);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let request = read_request(&mut stream).await;
            asked.send(request).await.ok();
            // Who has heard enough may hang up.
            stream.write_all(&answer).await.ok();
            stream.shutdown().await.ok();
        }
    });
    (url, requests)
}

fn answer(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

async fn asked(answer: Vec<u8>) -> Result<Bytes, PostError> {
    let (url, _requests) = service(answer).await;
    client(here()).post(post(url)).await
}

#[tokio::test]
async fn a_good_answer_comes_back_and_the_request_is_signed() {
    let (url, mut requests) = service(answer("200 OK", "{\"vip\":\"yes\"}")).await;
    let said = client(here()).post(post(url)).await.unwrap();
    assert_eq!(&said[..], b"{\"vip\":\"yes\"}");
    let request = requests.recv().await.unwrap();
    assert!(request.starts_with("POST /hook?a=b HTTP/1.1\r\nhost: 127.0.0.1:"), "{request}");
    let secret = SigningSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let signature = secret.sign("msg_1", 1_614_265_330, b"{\"caller\":\"1\"}");
    for line in
        ["webhook-id: msg_1", "webhook-timestamp: 1614265330", &format!("webhook-signature: {signature}")]
    {
        assert!(request.lines().any(|in_request| in_request == line), "{line} is not in {request}");
    }
    assert!(request.ends_with("\r\n\r\n{\"caller\":\"1\"}"));
}

#[tokio::test]
async fn an_answer_that_is_none_is_said_to_be() {
    assert_eq!(asked(answer("404 Not Found", "")).await, Err(PostError::Status(404)));
    assert_eq!(asked(answer("500 Oops", "")).await, Err(PostError::Status(500)));
    for rubbish in
        ["", "220 mail ESMTP\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "HTTP/9.9 x\r\n\r\n"]
    {
        let said = asked(rubbish.as_bytes().to_vec()).await;
        assert!(matches!(said, Err(PostError::Broken(_))), "{rubbish:?}: {said:?}");
    }
}

#[tokio::test]
async fn no_redirect_is_followed() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let (inside, mut reached) = service(answer("200 OK", "secret")).await;
        let redirect = format!("HTTP/1.1 {status}\r\nLocation: {inside}\r\nContent-Length: 0\r\n\r\n");
        let said = asked(redirect.into_bytes()).await;
        assert!(matches!(said, Err(PostError::Redirect(_))), "{status}: {said:?}");
        assert!(reached.try_recv().is_err());
    }
}

#[tokio::test]
async fn a_long_answer_is_cut_off_whatever_it_says_of_its_length() {
    let mega = "x".repeat(1_000_000);
    assert_eq!(asked(answer("200 OK", &mega)).await, Err(PostError::TooLong(ANSWER_MAX)));
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{mega}");
    assert_eq!(asked(endless.into_bytes()).await, Err(PostError::TooLong(ANSWER_MAX)));
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf4240\r\n{mega}\r\n0\r\n\r\n");
    assert_eq!(asked(chunked.into_bytes()).await, Err(PostError::TooLong(ANSWER_MAX)));
    let fits = "y".repeat(ANSWER_MAX);
    assert_eq!(asked(answer("200 OK", &fits)).await.map(|said| said.len()), Ok(ANSWER_MAX));
}

#[tokio::test]
async fn a_head_without_end_is_broken_off() {
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Header: x\r\n".repeat(1_000));
    let long = format!("HTTP/1.1 200 OK\r\nX-Header: {}\r\n\r\n", "x".repeat(1_000_000));
    for head in [many, long] {
        let said = asked(head.into_bytes()).await;
        assert!(matches!(said, Err(PostError::Broken(_))), "{said:?}");
    }
}

#[tokio::test]
async fn a_service_that_hangs_or_drips_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut open: Vec<TcpStream> = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            // The first says nothing; the second a byte from time to time.
            if open.is_empty() {
                open.push(stream);
                continue;
            }
            tokio::spawn(async move {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok();
                while stream.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            });
        }
    });
    for _ in 0..2 {
        let timeout = Duration::from_millis(300);
        let began = std::time::Instant::now();
        let said = client(here()).post(Post { timeout, ..post(url.clone()) }).await;
        assert_eq!(said, Err(PostError::Late(timeout)));
        assert!(began.elapsed() < Duration::from_secs(4));
    }
}

#[tokio::test]
async fn what_is_inside_is_not_asked_however_it_is_written() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0.0.0.0",
        "0",
        "localhost",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "169.254.169.254",
        "10.0.0.1",
        "[fd00::1]",
        "[fe80::1]",
        "[64:ff9b::7f00:1]",
    ] {
        for scheme in ["https", "http"] {
            let said = client(Vec::new()).post(post(format!("{scheme}://{host}:{port}/"))).await;
            let refused =
                matches!(said, Err(PostError::Forbidden { .. } | PostError::Unknown(_) | PostError::Url(_)));
            assert!(refused, "{scheme}://{host}: {said:?}");
        }
    }
    let knocked = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(knocked.is_err(), "a connection was made");
    let outside = client(here()).post(post("http://1.1.1.1/".into())).await;
    assert_eq!(outside, Err(PostError::Plain), "in the clear only to networks that were named");
}

/// A service behind TLS as `localhost`; what trusts it, and its port.
async fn tls_service() -> (RootCertStore, u16) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .expect("a pair");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Who does not trust it hangs up.
            if let Ok(stream) = acceptor.accept(stream).await {
                answer_well(stream).await;
            }
        }
    });
    let mut roots = RootCertStore::empty();
    roots.add(certificate).expect("a root");
    (roots, port)
}

async fn answer_well<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) {
    read_request(&mut stream).await;
    stream.write_all(&answer("200 OK", "{}")).await.ok();
    stream.shutdown().await.ok();
}

#[tokio::test]
async fn a_certificate_must_be_of_the_name_and_of_an_authority() {
    let (roots, port) = tls_service().await;
    let allowed = ["127.0.0.0/8", "::1"].map(|text| Network::parse(text).unwrap()).to_vec();
    let trusting = Client::with_roots(roots, allowed).unwrap();
    let said = trusting.post(post(format!("https://localhost:{port}/"))).await;
    assert_eq!(said.as_deref(), Ok(&b"{}"[..]));
    let said = trusting.post(post(format!("https://127.0.0.1:{port}/"))).await;
    assert!(matches!(said, Err(PostError::Connect(_))), "another name: {said:?}");
    let said = client(here()).post(post(format!("https://127.0.0.1:{port}/"))).await;
    assert!(matches!(said, Err(PostError::Connect(_))), "an unknown authority: {said:?}");
}

#[tokio::test]
async fn whatever_is_answered_is_told_with_its_beginning() {
    let sent = async |answer: Vec<u8>| {
        let (url, _requests) = service(answer).await;
        let post = Post { answer_max: 5, ..post(url) };
        let answer = client(here()).send(post).await?;
        Ok::<_, PostError>((answer.status, String::from_utf8_lossy(&answer.beginning).into_owned()))
    };
    let said = |status, text: &str| Ok((status, text.to_owned()));
    assert_eq!(sent(answer("200 OK", "")).await, said(200, ""));
    assert_eq!(sent(answer("410 Gone", "no more")).await, said(410, "no mo"));
    assert_eq!(sent(answer("500 Oh", "bad")).await, said(500, "bad"));
    let away = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(sent(away.to_vec()).await, said(302, ""));
    assert_eq!(sent(answer("200 OK", &"x".repeat(1_000_000))).await, said(200, "xxxxx"));
    // The status counts, whatever becomes of the body.
    let breaks_off = b"HTTP/1.1 204 OK\r\nContent-Length: 100\r\n\r\nabc".to_vec();
    assert_eq!(sent(breaks_off).await.map(|(status, _)| status), Ok(204));
    let breaks_off = b"HTTP/1.1 202 OK\r\nContent-Length: 100\r\n\r\nabc".to_vec();
    assert_eq!(sent(breaks_off).await, said(202, "abc"));
    assert!(matches!(sent(b"SSH-2.0\r\n".to_vec()).await, Err(PostError::Broken(_))));
}

#[tokio::test]
async fn a_body_that_does_not_come_holds_nobody_for_long() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc").await.expect("written");
        std::future::pending::<()>().await;
    });
    let begun = std::time::Instant::now();
    let answer = client(here()).send(Post { timeout: Duration::from_secs(60), ..post(url) }).await.unwrap();
    assert_eq!((answer.status, &answer.beginning[..]), (200, &b"abc"[..]));
    assert!(begun.elapsed() < Duration::from_secs(30));
}

fn fetch(url: String, form: Option<&str>) -> Fetch {
    let (form, authorization) = (form.map(str::to_owned), Some("Basic eA==".to_owned()));
    Fetch { url, form, authorization, timeout: Duration::from_secs(5), answer_max: 100 }
}

#[tokio::test]
async fn a_form_is_sent_and_a_refusal_comes_back_whole() {
    let (url, mut requests) = service(answer("400 Bad Request", "{\"error\":\"invalid_grant\"}")).await;
    let fetched = client(here()).fetch(fetch(url, Some("a=b&c={}"))).await.unwrap();
    assert_eq!((fetched.status, &fetched.body[..]), (400, &b"{\"error\":\"invalid_grant\"}"[..]));
    let request = requests.recv().await.unwrap().to_lowercase();
    assert!(request.starts_with("post /hook?a=b http/1.1\r\n"), "{request}");
    assert!(request.contains("authorization: basic ea==\r\n") && request.ends_with("a=b&c={}"), "{request}");
    assert!(!request.contains("webhook-"), "{request}");

    let (url, _requests) = service(answer("200 OK", &"x".repeat(101))).await;
    assert_eq!(client(here()).fetch(fetch(url, Some("{}"))).await, Err(PostError::TooLong(100)));
    let (url, _requests) =
        service(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n".to_vec()).await;
    assert_eq!(client(here()).fetch(fetch(url, Some("{}"))).await, Err(PostError::Redirect(302)));
}

#[tokio::test]
async fn a_service_that_the_operator_names_may_be_inside_but_not_in_the_clear_and_nothing_else_may() {
    let named = client(Vec::new()).trusting("https://127.0.0.1:1/");
    let asked = async |url: &str| named.fetch(fetch(url.into(), None)).await;
    assert!(matches!(asked("https://127.0.0.1:1/").await, Err(PostError::Connect(_))), "it is tried");
    assert_eq!(asked("http://127.0.0.1:1/").await, Err(PostError::Plain));
    assert!(matches!(asked("https://127.0.0.2:1/").await, Err(PostError::Forbidden { .. })));
}
