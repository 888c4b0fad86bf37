//! Processes that end with the test that started them, and the turn-taking of tests on one machine.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::wait;

/// How long a process may take to end after SIGTERM.
const END_TIMEOUT: Duration = Duration::from_secs(5);

/// A child process whose output goes to files, and that is ended when this value is dropped.
pub struct Process {
    child: Child,
    /// Standard output, then standard error.
    logs: [PathBuf; 2],
}

impl Process {
    /// Starts `command`; its output goes to `NAME.out` and `NAME.err` in `folder`.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(mut command: Command, folder: &Path, name: &str) -> anyhow::Result<Self> {
        let logs = ["out", "err"].map(|extension| folder.join(format!("{name}.{extension}")));
        let [out, err] = &logs;
        command.stdin(Stdio::null()).stdout(File::create(out)?).stderr(File::create(err)?);
        let child = command.spawn().with_context(|| format!("starting {:?}", command.get_program()))?;
        Ok(Self { child, logs })
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written so far: standard output, then standard error.
    #[must_use]
    pub fn output(&self) -> String {
        self.logs.iter().map(|log| std::fs::read_to_string(log).unwrap_or_default()).collect()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// When the system refuses to say.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When it has not ended in time.
    pub fn wait(&mut self, timeout: Duration) -> anyhow::Result<ExitStatus> {
        wait::until("a process to end", timeout, || Ok(self.child.try_wait()?))
            .with_context(|| format!("it said: {}", self.output()))
    }

    /// Sends a signal; a process that has already ended is left alone.
    pub fn signal(&mut self, signal: Signal) {
        if let (Ok(None), Ok(id)) = (self.child.try_wait(), i32::try_from(self.child.id())) {
            // It can end between the look and the signal, and its number is ours until it is waited for.
            let _ = kill(Pid::from_raw(id), signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.signal(Signal::SIGTERM);
        if wait::until("end", END_TIMEOUT, || Ok(self.child.try_wait()?)).is_err() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// A program of the workspace, built beside the running test.
///
/// # Errors
/// When it has not been built.
pub fn binary(name: &str) -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folder = here.ancestors().find(|folder| folder.join(name).is_file());
    folder
        .map(|folder| folder.join(name))
        .with_context(|| format!("{name} is not built: cargo build -p server"))
}

/// Held while a test that wants the whole machine runs.
///
/// # Errors
/// When the lock's file cannot be made.
pub fn alone() -> anyhow::Result<File> {
    let file = turn()?;
    file.lock()?;
    Ok(file)
}

/// Held while a test that can share the machine with others of its kind runs.
///
/// # Errors
/// When the lock's file cannot be made.
pub fn shared() -> anyhow::Result<File> {
    let file = turn()?;
    file.lock_shared()?;
    Ok(file)
}

fn turn() -> anyhow::Result<File> {
    let path = std::env::temp_dir().join("cordboard-e2e.lock");
    File::options().create(true).truncate(false).write(true).open(path).context("the lock between tests")
}

/// Resident memory of a process, kB.
///
/// # Errors
/// When it is gone.
pub fn memory_kb(process: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).context("the process is gone")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    line.split_whitespace().next().and_then(|kb| kb.parse().ok()).context("an odd VmRSS")
}
