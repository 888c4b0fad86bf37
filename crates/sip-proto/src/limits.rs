//! Every limit of the SIP core by its name.

use std::time::Duration;

use crate::message::ParseLimits;

/// What is too much. Over a limit a request is answered 503 with Retry-After and leaves no trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Transactions of both kinds at once. Each request leaves one for 32 s on UDP.
    pub transactions_max: usize,
    /// Calls (INVITE-initiated dialogs) at once.
    pub dialogs_max: usize,
    /// Bytes kept for retransmission and for answers, over all transactions.
    pub retained_bytes_max: usize,
    /// Early dialogs remembered, and 2xx taken, for one INVITE that forked.
    pub forks_per_invite_max: usize,
    /// Requests of one dialog waiting for the application.
    pub pending_per_dialog_max: usize,
    /// Requests taken within one call in one second; each leaves a transaction for 32 s on UDP.
    pub requests_per_dialog_second_max: u32,
    /// How often an INVITE or re-INVITE is sent again for a 401, 407, 422 or 491.
    pub retries_max: u32,
    /// What Retry-After says when we are over a limit.
    pub retry_after: Duration,
    /// How long a dialog outlives the WebSocket it was made on, waiting for the peer to come back.
    pub flow_loss_grace: Duration,
    /// For messages we read.
    pub parse: ParseLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            transactions_max: 400_000,
            dialogs_max: 50_000,
            retained_bytes_max: 512 * 1024 * 1024,
            forks_per_invite_max: 10,
            pending_per_dialog_max: 8,
            // Digits by INFO come at twenty a second at most.
            requests_per_dialog_second_max: 50,
            retries_max: 2,
            retry_after: Duration::from_secs(5),
            flow_loss_grace: Duration::from_secs(15),
            parse: ParseLimits::default(),
        }
    }
}
