//! Bodies that nobody means well: endless, deep, of the wrong type, with fields that are not there. Each goes to every
//! operation that takes a body, as the server's own document lists them.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use e2e::{Domain, Server, memory_kb, shared};
use serde_json::Value;

/// What an attacker says that he will send, bytes.
const ENDLESS: usize = 100 << 20;
/// How deep he nests.
const DEPTH: usize = 10_000;
/// What all of it may cost in memory, kB.
const MEMORY_KB_MAX: f64 = 64.0 * 1024.0;

/// An operation that takes a body.
struct Operation {
    method: String,
    path: String,
    kinds: Vec<String>,
}

/// All of them, with something in each place of their paths.
fn operations(server: &Server) -> anyhow::Result<Vec<Operation>> {
    let document = server.api.get("/v1/openapi.json")?.ok()?;
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().context("no paths")? {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let Some(content) = operation["requestBody"]["content"].as_object() else { continue };
            let filled = fill(path);
            let kinds = content.keys().map(|kind| kind.replace('*', "wav")).collect();
            found.push(Operation { method: method.to_uppercase(), path: filled, kinds });
        }
    }
    ensure!(found.len() > 30, "only {} operations take a body", found.len());
    Ok(found)
}

fn fill(path: &str) -> String {
    let part = |part: &str| match part {
        "{domain}" => "~".to_owned(),
        "{section}" => "queues".to_owned(),
        "{number}" | "{queue}" | "{queue_id}" | "{callqueue}" => "8000".to_owned(),
        "{extension}" | "{agent}" | "{agent_number}" => "1001".to_owned(),
        other if other.starts_with('{') => "1".to_owned(),
        other => other.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Sends a request of which the body is as long as it is said to be, or as long as the server listens. The status, or
/// none if the server has closed the connection without one.
fn endless(
    address: SocketAddr,
    token: &str,
    operation: &Operation,
    kind: &str,
) -> anyhow::Result<Option<u16>> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(Duration::from_secs(10)))?;
    socket.set_write_timeout(Some(Duration::from_secs(10)))?;
    let head = format!(
        "{} {} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\n\
         Content-Length: {ENDLESS}\r\n\r\n",
        operation.method, operation.path
    );
    socket.write_all(head.as_bytes())?;
    let mut writer = socket.try_clone()?;
    let writing = std::thread::spawn(move || {
        let chunk = vec![b'['; 64 << 10];
        // The server stops listening long before the end.
        (0..ENDLESS / chunk.len()).take_while(|_| writer.write_all(&chunk).is_ok()).count()
    });
    let mut answer = [0_u8; 64];
    let got = socket.read(&mut answer).unwrap_or(0);
    let _closed = socket.shutdown(std::net::Shutdown::Both);
    let _sent = writing.join();
    let text = String::from_utf8_lossy(&answer[..got]).into_owned();
    Ok(text.split(' ').nth(1).and_then(|status| status.parse().ok()))
}

fn send(server: &Server, operation: &Operation, kind: &str, body: &str) -> anyhow::Result<(u16, String)> {
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    let token = server.api.token().context("no token")?;
    let request = ureq::http::Request::builder()
        .method(operation.method.as_str())
        .uri(format!("http://{}{}", server.http, operation.path))
        .header("Authorization", format!("Bearer {token}"))
        .header("Content-Type", kind)
        .body(body.to_owned())?;
    let mut answer = ureq::Agent::from(config).run(request)?;
    Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?))
}

#[test]
fn no_body_is_too_much_for_any_operation() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    let token = server.api.token().context("no token")?.to_owned();
    let operations = operations(&server)?;
    let before = memory_kb(server.id())?;
    let mut too_large = 0;
    for operation in &operations {
        for kind in &operation.kinds {
            let status = endless(server.http, &token, operation, kind)?;
            let shown = (&operation.method, &operation.path, status);
            ensure!(status.is_none_or(|status| (400..500).contains(&status)), "{shown:?}");
            too_large += u32::from(status == Some(413));
        }
    }
    ensure!(too_large > 20, "only {too_large} operations said that it is too much");
    let after = memory_kb(server.id())?;
    ensure!(after < before + MEMORY_KB_MAX, "{before} kB became {after} kB");

    let deep = ["[".repeat(DEPTH) + &"]".repeat(DEPTH), "{\"a\":".repeat(DEPTH) + "1" + &"}".repeat(DEPTH)];
    let strange = ["7", "\"text\"", "[]", "[null]", "{\"no_such_field\": 1}", "{\"\\u0000\": []}"];
    for operation in &operations {
        for kind in &operation.kinds {
            for body in deep.iter().map(String::as_str).chain(strange) {
                let (status, text) = send(&server, operation, kind, body)?;
                let of_ours = operation.path.starts_with("/v1/") && kind == "application/json";
                let fine = if of_ours { (400..500).contains(&status) } else { status < 500 };
                let start: String = body.chars().take(24).collect();
                ensure!(fine, "{} {} {start}: {status} {text}", operation.method, operation.path);
            }
        }
    }
    // And still at work.
    let agents = server.api.list("/v1/domains/~/agents")?;
    ensure!(agents.iter().filter_map(|agent| agent.get("extension").and_then(Value::as_str)).count() == 2);
    server.check_alive()
}
