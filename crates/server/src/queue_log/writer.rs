//! Writes the log, on a thread of its own: opens its files when they are first needed, and anew after a SIGHUP, so that
//! `logrotate` and the like can move them away.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// In the file's name, stands for the domain's.
pub(crate) const DOMAIN: &str = "{domain}";

/// Most messages on their way; minutes of a busy centre.
const WAITING_MAX: usize = 65_536;
/// How often it is said that lines are lost.
const SAY_EVERY: Duration = Duration::from_secs(60);

enum Order {
    /// Lines of this domain, without their ends.
    Write(String, Vec<String>),
    Reopen,
    Stop,
}

/// Takes lines from the switch's thread and never makes it wait.
pub(crate) struct Writer {
    orders: SyncSender<Order>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread. Where one file is for all, it is opened at once, so that a wrong path is seen at the start.
    pub(crate) fn start(file: &Path) -> std::io::Result<Self> {
        let mut files = Files { pattern: file.to_owned(), open: BTreeMap::new(), said: None };
        if !file.to_string_lossy().contains(DOMAIN) {
            files.open("")?;
        }
        let (orders, arriving) = sync_channel(WAITING_MAX);
        let thread =
            std::thread::Builder::new().name("queue-log".into()).spawn(move || run(&arriving, files))?;
        Ok(Self { orders, thread: Mutex::new(Some(thread)) })
    }

    /// Hands over lines of a domain.
    pub(crate) fn write(&self, domain: &str, lines: Vec<String>) {
        let count = lines.len() as u64;
        if self.orders.try_send(Order::Write(domain.to_owned(), lines)).is_err() {
            metrics::counter!("cordboard_queue_log_lost_total").increment(count);
        }
    }

    /// Opens the files anew before the next line.
    pub(crate) fn reopen(&self) {
        // It is full only if the disk hangs; then the next SIGHUP will do.
        let _busy = self.orders.try_send(Order::Reopen);
    }

    /// Writes what is on its way, and ends.
    pub(crate) fn stop(&self) {
        if self.orders.send(Order::Stop).is_err() {
            return;
        }
        let thread = self.thread.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the queue log's thread had failed before it was stopped");
        }
    }
}

fn run(arriving: &Receiver<Order>, mut files: Files) {
    while let Ok(order) = arriving.recv() {
        match order {
            Order::Write(domain, lines) => files.write(&domain, &lines),
            Order::Reopen => files.open.clear(),
            Order::Stop => return,
        }
    }
}

struct Files {
    pattern: PathBuf,
    open: BTreeMap<PathBuf, File>,
    /// When it was last said that lines are lost.
    said: Option<Instant>,
}

impl Files {
    fn write(&mut self, domain: &str, lines: &[String]) {
        let mut text = lines.join("\n");
        text.push('\n');
        let written = self.open(domain).and_then(|file| file.write_all(text.as_bytes()));
        let Err(error) = written else { return };
        metrics::counter!("cordboard_queue_log_lost_total").increment(lines.len() as u64);
        if self.said.is_none_or(|at| at.elapsed() > SAY_EVERY) {
            self.said = Some(Instant::now());
            tracing::error!(%error, file = %self.pattern.display(), "the queue log cannot be written: see queue_log.file");
        }
        // It may be another disk when it is opened anew.
        self.open.clear();
    }

    /// The file of a domain. A new one begins as Asterisk's does.
    fn open(&mut self, domain: &str) -> std::io::Result<&mut File> {
        let path = PathBuf::from(self.pattern.to_string_lossy().replace(DOMAIN, &name_of(domain)));
        match self.open.entry(path) {
            std::collections::btree_map::Entry::Occupied(open) => Ok(open.into_mut()),
            std::collections::btree_map::Entry::Vacant(vacant) => {
                let mut options = OpenOptions::new();
                // It has callers' numbers in it.
                let file = options.create(true).append(true).mode(0o640).open(vacant.key())?;
                Ok(vacant.insert(file))
            }
        }
    }
}

/// A domain's name as part of a path: it may not lead elsewhere.
fn name_of(domain: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = domain.chars().map(safe).collect();
    if name.chars().all(|c| c == '.') { "_".repeat(name.len().max(1)) } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    #[test]
    fn a_file_that_was_moved_away_is_made_anew_after_a_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let (file, moved) = (folder.path().join("queue_log"), folder.path().join("queue_log.1"));
        let writer = Writer::start(&file).unwrap();
        writer.write("acme.test", lines("one"));
        writer.stop();
        let writer = Writer::start(&file).unwrap();
        std::fs::rename(&file, &moved).unwrap();
        writer.write("acme.test", lines("two"));
        writer.reopen();
        writer.write("globex.test", lines("three"));
        writer.stop();
        assert_eq!(std::fs::read_to_string(moved).unwrap(), "one\ntwo\n");
        assert_eq!(std::fs::read_to_string(file).unwrap(), "three\n");
    }

    #[test]
    fn each_domain_has_a_file_of_its_own_where_the_name_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let writer = Writer::start(&folder.path().join("queue_log-{domain}")).unwrap();
        writer.write("acme.test", lines("one"));
        writer.write("../../x", lines("two"));
        writer.write("..", lines("three"));
        writer.stop();
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        let read = ["queue_log-acme.test", "queue_log-.._.._x", "queue_log-__"].map(read);
        assert_eq!(read, ["one\n", "two\n", "three\n"]);
    }

    #[test]
    fn a_path_that_leads_nowhere_is_seen_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Writer::start(&folder.path().join("none/queue_log")).is_err());
    }
}
