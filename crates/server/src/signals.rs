//! What the operating system tells us to do.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// SIGHUP: take over provisioning anew.
    Reload,
    /// SIGTERM or the first SIGINT: no new calls, let the live ones end.
    Drain,
    /// The second SIGINT, or SIGTERM while draining: stop at once.
    Stop,
}

/// The signals, in the order in which they come.
pub(crate) struct Orders {
    hangup: Signal,
    terminate: Signal,
    interrupt: Signal,
    draining: bool,
}

impl Orders {
    /// Listens from now on.
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            draining: false,
        })
    }

    /// The next order. Cancelling it loses nothing.
    pub(crate) async fn next(&mut self) -> Order {
        tokio::select! {
            _ = self.hangup.recv() => Order::Reload,
            _ = self.terminate.recv() => self.end(),
            _ = self.interrupt.recv() => self.end(),
        }
    }

    fn end(&mut self) -> Order {
        if std::mem::replace(&mut self.draining, true) { Order::Stop } else { Order::Drain }
    }
}
