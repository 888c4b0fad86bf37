//! Event messages as text, written once for all sockets that send them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::extract::ws::Utf8Bytes;
use model::TenantId;
use switch::Published;

use super::message;

/// The latest messages as text.
pub(crate) struct Rendered {
    kept: Mutex<VecDeque<((TenantId, u64), Utf8Bytes)>>,
    most: usize,
}

impl Rendered {
    pub(crate) fn new(most: usize) -> Self {
        Self { kept: Mutex::default(), most }
    }

    /// The message of one event. Cloning it costs nothing.
    pub(crate) fn of(&self, tenant: TenantId, published: &Published) -> Utf8Bytes {
        let key = (tenant, published.seq);
        if let Some(text) = self.find(key) {
            return text;
        }
        // Two sockets may write the same one at the same time; that is cheaper than one waiting for the other.
        let text = Utf8Bytes::from(message::event_text(published));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= self.most {
            kept.pop_front();
        }
        kept.push_back((key, text.clone()));
        text
    }

    fn find(&self, key: (TenantId, u64)) -> Option<Utf8Bytes> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().rev().find(|(of, _)| *of == key).map(|(_, text)| text.clone())
    }
}
