//! A whole server that gets itself a certificate.

use axum::http::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tower::ServiceExt as _;

use super::*;
use crate::commands::serve::{self, Server};

/// Asks over https as `NAME`, trusting this authority alone; none: no handshake.
async fn https(authority: &Authority, at: std::net::SocketAddr) -> Option<String> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(at).await.unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect(ServerName::try_from(NAME).unwrap(), stream).await.ok()?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.ok()?;
    Some(said)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_refuses_handshakes_until_its_certificate_has_come_and_needs_no_restart() {
    let folder = tempfile::tempdir().unwrap();
    let now = tls::now();
    let authority = Authority::start(folder.path(), (now - DAY, now + 89 * DAY)).await;
    let acme = AcmeSettings {
        domains: vec![NAME.to_owned()],
        directory: authority.directory(),
        ca: Some(folder.path().join("ca.pem")),
        ..AcmeSettings::default()
    };
    let here = "127.0.0.1:0".parse().ok();
    let settings = Settings {
        acme,
        data_dir: folder.path().join("data"),
        http_listen: here,
        http_tls: here,
        sip_udp: here.into_iter().collect(),
        sip_tcp: Vec::new(),
        sip_tls: here.into_iter().collect(),
        ..Settings::default()
    };
    let store = serve::open(&settings).await.unwrap();
    let server = Server::start(&settings, store).await.unwrap();
    let at = server.https.unwrap();
    // The authority waits at the challenge until it is told where the name leads.
    assert_eq!(https(&authority, at).await, None);
    authority.names_lead_to(server.http);
    let comes = async {
        loop {
            match https(&authority, at).await {
                Some(said) => return said,
                None => tokio::task::yield_now().await,
            }
        }
    };
    let said = timeout(LONGEST, comes).await.expect("no certificate came");
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn the_listener_for_answers_sends_everybody_else_to_https() {
    let challenges = Arc::new(Challenges::default());
    let mut offered = challenges::Offered::new(&challenges);
    assert!(offered.put("token", "answer") && !offered.put("../x", "no") && !offered.put("", "no"));
    let asked = |path: &'static str, web: Option<&str>| {
        let router = listener_router(challenges.clone(), web.map(str::to_owned));
        let request = axum::http::Request::get(path).body(axum::body::Body::empty()).unwrap();
        async { router.oneshot(request).await.unwrap() }
    };
    let answer = asked("/.well-known/acme-challenge/token", None).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(axum::body::to_bytes(answer.into_body(), 100).await.unwrap(), "answer");
    assert_eq!(asked("/.well-known/acme-challenge/other", None).await.status(), StatusCode::NOT_FOUND);
    let sent = asked("/desk?a=b", Some("https://pbx.acme.test")).await;
    assert_eq!(sent.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(sent.headers()["location"], "https://pbx.acme.test/desk?a=b");
    assert_eq!(asked("/v1/auth/login", None).await.status(), StatusCode::NOT_FOUND);
    drop(offered);
    assert_eq!(asked("/.well-known/acme-challenge/token", None).await.status(), StatusCode::NOT_FOUND);
}
