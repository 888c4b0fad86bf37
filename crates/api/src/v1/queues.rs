//! Queues: their lines and their counters.

pub(crate) mod get;
pub(crate) mod intervals;
pub(crate) mod list;
pub(crate) mod statistics;
pub mod view;
pub(crate) mod waiting;

use model::{Directory, Queue};

use crate::path::shown;
use crate::problem::{Problem, ProblemKind};

/// The queue with this number.
pub(crate) fn named<'a>(directory: &'a Directory, number: &str) -> Result<&'a Queue, Problem> {
    directory.queue(number).ok_or_else(|| {
        Problem::new(ProblemKind::UnknownQueue, format!("no queue has the number `{}`", shown(number)))
    })
}
