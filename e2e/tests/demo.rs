//! What a newcomer sees first.

use std::time::Duration;

use anyhow::Context as _;
use e2e::{Api, Ports, Server, shared, until};
use nix::sys::signal::Signal;

/// "Alive within a minute", says the contract.
const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn the_demo_says_how_to_look_and_within_a_minute_callers_and_agents_talk() -> anyhow::Result<()> {
    let _turn = shared()?;
    let folder = tempfile::tempdir()?;
    let mut ports = Ports::claim(150)?;
    let (mut demo, http) = Server::demo(folder.path(), &mut ports)?;
    let login = until("the demo to say how to log in", MINUTE, || {
        if let Some(status) = demo.ended()? {
            anyhow::bail!("the demo ended ({status}): {}", demo.output());
        }
        Ok(demo.output().lines().find_map(|line| line.trim().strip_prefix("log in as").map(str::to_owned)))
    })?;
    let words: Vec<&str> = login.split_whitespace().collect();
    let (email, password) = (words.first().context("no login")?, words.last().context("no password")?);
    let said = demo.output();
    assert!(said.contains(&http.to_string()), "it does not say where to look: {said}");
    assert!(said.contains("*38"), "it does not say how to use a phone of one's own: {said}");

    let api = Api::new(&http.to_string()).log_in(email, password)?;
    assert_eq!(Api::new(&http.to_string()).get("/")?.status, 200, "the live page");
    until("a caller to be answered by an agent", MINUTE, || {
        let talked = |call: &serde_json::Value| call["queues"].to_string().contains("answered");
        Ok(api.calls()?.iter().any(talked).then_some(()))
    })?;
    demo.signal(Signal::SIGTERM);
    let status = demo.wait(Duration::from_secs(45))?;
    assert_eq!(status.code(), Some(0), "{}", demo.output());
    Ok(())
}
