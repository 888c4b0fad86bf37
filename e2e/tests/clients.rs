//! Clients that others' tools make of the server's own document, in two languages, and the document held against the
//! server by a tool that tries what it allows and what it does not.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use e2e::{Domain, Server, shared};

/// Where this crate's own files lie.
fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

const EMAIL: &str = e2e::OWNER_EMAIL;
const PASSWORD: &str = e2e::OWNER_PASSWORD;

/// What `.ci/prepare test` has installed.
pub(crate) fn tools() -> anyhow::Result<PathBuf> {
    let tools = crate_folder().join("../target/clients");
    tools.canonicalize().context("what makes clients is not installed: run `.ci/prepare test`")
}

/// A server, its own document in a file, and a folder to work in.
fn workplace() -> anyhow::Result<(Server, PathBuf, String)> {
    let server = Server::start(&Domain { agents: 2, ..Domain::default() })?;
    let folder = server.folder().join("client");
    fs::create_dir(&folder)?;
    let document = server.api.get("/v1/openapi.json")?.ok()?;
    fs::write(folder.join("v1.json"), document.to_string())?;
    let address = format!("http://{}", server.http);
    Ok((server, folder, address))
}

/// Runs it to its end; what it printed.
pub(crate) fn run(command: &mut Command, folder: &Path) -> anyhow::Result<String> {
    let done = command.current_dir(folder).output().with_context(|| format!("{command:?}"))?;
    let text = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    if !done.status.success() {
        bail!("{command:?}: {}\n{text}", done.status);
    }
    Ok(text)
}

pub(crate) fn copy(name: &str, to: &Path) -> anyhow::Result<()> {
    fs::copy(crate_folder().join("clients").join(name), to.join(name)).with_context(|| name.to_owned())?;
    Ok(())
}

#[test]
fn a_typescript_client_runs_the_whole_life_of_a_queue() -> anyhow::Result<()> {
    let _turn = shared()?;
    let (mut server, folder, address) = workplace()?;
    for name in ["life.ts", "package.json", "tsconfig.json"] {
        copy(name, &folder)?;
    }
    let modules = tools()?.join("node_modules");
    symlink(&modules, folder.join("node_modules"))?;
    let tool = |name: &str| Command::new(modules.join(".bin").join(name));
    let make = ["v1.json", "--default-non-nullable=false", "--output", "v1.d.ts"];
    run(tool("openapi-typescript").args(make), &folder)?;
    run(&mut tool("tsc"), &folder)?;
    let said = run(Command::new("node").args(["life.js", &address, EMAIL, PASSWORD]), &folder)?;
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        [
            "logged in as: owner",
            "made: 201",
            "made again: 201 true",
            "read: Orders",
            "changed: ~ queue 8100 ring_time 12 -> 20",
            "changed too late: 412 /problems/entry_changed",
            "changed wrongly: 422 /ring_time",
            "member: + member 1001 of 8100",
            "live: Orders, 0 waiting",
            "agent logged in: 200",
            "offered: 0",
            "last agent: 1002",
            "removed: - queue 8100; - member 1001 of 8100",
            "afterwards: 404 /problems/unknown_entry",
        ]
    );
    server.check_alive()
}

#[test]
fn a_python_client_runs_the_whole_life_of_a_queue() -> anyhow::Result<()> {
    let _turn = shared()?;
    let (mut server, folder, address) = workplace()?;
    copy("life.py", &folder)?;
    let programs = tools()?.join("python/bin");
    let make = ["generate", "--path", "v1.json", "--output-path", "made", "--overwrite"];
    let path = std::env::join_paths([&programs, Path::new("/usr/bin"), Path::new("/bin")])?;
    run(Command::new(programs.join("openapi-python-client")).args(make).env("PATH", &path), &folder)?;
    let mut life = Command::new(programs.join("python"));
    life.args(["life.py", &address, EMAIL, PASSWORD]).env("PYTHONPATH", folder.join("made"));
    let said = run(&mut life, &folder)?;
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        [
            "logged in as: owner",
            "made: 201",
            "read: 200",
            "changed: ~ queue 8101 ring_time 12 -> 20",
            "changed wrongly: 422 /ring_time",
            "member: + member 1001 of 8101",
            "live: Orders, 0 waiting",
            "agent logged in: 200",
            "offered: 0",
            "removed: - queue 8101; - member 1001 of 8101",
            "afterwards: 404 /problems/unknown_entry",
        ]
    );
    server.check_alive()
}

/// No fault of the server's, no status and no answer that the document does not have, nothing refused that it allows,
/// nothing taken that it does not, nothing to be had without a login.
#[test]
fn the_document_says_what_the_server_does() -> anyhow::Result<()> {
    let _turn = shared()?;
    let (mut server, folder, address) = workplace()?;
    let token = server.api.token().context("no token")?.to_owned();
    let mut tool = Command::new(tools()?.join("python/bin/st"));
    tool.arg("--config-file").arg(crate_folder().join("clients/schemathesis.toml"));
    tool.arg("run").arg(format!("{address}/v1/openapi.json"));
    tool.args(["--header", &format!("Authorization: Bearer {token}")]);
    tool.args(["--phases", "examples,coverage,fuzzing,stateful"]);
    // The same cases every time; more of them find little more for their time.
    tool.args(["--max-examples", "5", "--seed", "1", "--max-time", "60", "--no-color"]);
    tool.args(["--exclude-path-regex", "^/(wsi$|v1/auth/(logout|setup)$)|/events$"]);
    let said = run(&mut tool, &folder)?;
    assert!(said.contains("Tested:"), "{said}");
    server.check_alive()
}
