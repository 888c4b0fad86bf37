//! Asterisk's `queue_log`, for reports and wallboards that read one: off unless `queue_log.file` names a file.
//!
//! In here: [`lines`] makes lines of what has happened, [`writer`] writes them on a thread of its own. The switch's thread
//! waits for neither: a line that cannot be handed over is counted and lost, as a disk that is full loses it.

mod lines;
#[cfg(test)]
mod lines_tests;
mod writer;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use model::TenantId;
use switch::{EventSink, Published};

use lines::Book;
pub(crate) use writer::Writer;

/// A sink, and the writer behind it if there is a log.
pub(crate) type Placed = (Box<dyn EventSink>, Option<Arc<Writer>>);

/// Hands on what has happened, and has the lines written that it makes.
pub(crate) struct QueueLog {
    next: Box<dyn EventSink>,
    books: BTreeMap<TenantId, Book>,
    writer: Arc<Writer>,
}

impl QueueLog {
    /// In front of another sink, if there is to be a log.
    pub(crate) fn before(next: Box<dyn EventSink>, file: Option<&Path>) -> Result<Placed> {
        let Some(file) = file else { return Ok((next, None)) };
        let started = Writer::start(file);
        let writer = Arc::new(started.context("the queue log cannot be opened; see queue_log.file")?);
        let log = Self { next, books: BTreeMap::new(), writer: writer.clone() };
        Ok((Box::new(log), Some(writer)))
    }
}

impl EventSink for QueueLog {
    fn published(&mut self, tenant: TenantId, published: &Arc<Published>) {
        self.next.published(tenant, published);
        let lines = self.books.entry(tenant).or_default().take(published);
        if !lines.is_empty() {
            self.writer.write(&published.directory.tenant.name, lines);
        }
    }

    /// It was written before the process ended; what lives on is known again.
    fn replayed(&mut self, tenant: TenantId, published: &Arc<Published>) {
        self.next.replayed(tenant, published);
        self.books.entry(tenant).or_default().take(published);
    }
}
