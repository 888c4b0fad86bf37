//! The web app in a real browser, with the scripts of `web/e2e`: each `test` there is one promise. Pictures of the
//! pages end up in `target/pictures`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::bail;
use e2e::{Domain, OWNER_PASSWORD, Server, shared};

/// The web app's sources, beside this crate.
fn web() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web")
}

/// Runs the tests of one script against a server.
fn run(server: &Server, script: &str) -> anyhow::Result<()> {
    if !web().join("node_modules/playwright-core").exists() {
        bail!("what the tests in a browser need is not installed: run `.ci/web`");
    }
    let done = Command::new("node")
        .args(["--test", "--test-reporter=spec", &format!("e2e/{script}")])
        .current_dir(web())
        .env("CORDBOARD_URL", format!("http://{}", server.http))
        .env("CORDBOARD_OWNER_PASSWORD", OWNER_PASSWORD)
        .output()?;
    if !done.status.success() {
        let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        bail!("{script}: {}\n{out}{err}\nthe server said: {}", done.status, server.output());
    }
    Ok(())
}

#[test]
fn people_come_in_and_go_by_the_web_app() -> anyhow::Result<()> {
    let _turn = shared()?;
    let mut server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    run(&server, "entrance.test.mjs")?;
    server.check_alive()
}
