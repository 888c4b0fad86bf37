//! What happens when a rule that can never break was broken.

use model::CallId;

use crate::output::{AcdOutbox, AcdOutput};

/// Reports an impossible state: the engine ends the call and tells an operator. Tests fail on it.
pub(crate) fn fault(out: &mut AcdOutbox, call: CallId, what: &'static str) {
    out.push(AcdOutput::Faulted { call, what });
}
