//! A switch with ports that do nothing: the real engine behind the real handle, for tests of what sits on it.

use std::sync::Arc;

use engine::{Command, LegCommand};
use model::{Directory, TenantId};

use crate::clock::Clock;
use crate::handle::Handle;
use crate::port::{NoSink, Port};
use crate::run::{Switch, SwitchLimits};

/// Commands done by nobody; remembered up to a limit.
#[derive(Debug, Default)]
pub struct NullPort {
    /// What was commanded, oldest first.
    pub commands: Vec<(TenantId, Command)>,
}

impl NullPort {
    /// Most commands remembered.
    pub const REMEMBERED_MAX: usize = 10_000;
}

impl Port for NullPort {
    fn command(&mut self, tenant: TenantId, command: Command) {
        if self.commands.len() < Self::REMEMBERED_MAX {
            self.commands.push((tenant, command));
        }
    }
}

/// Runs a switch for `directory` on the current tokio runtime until every handle is dropped. Legs that the
/// engine ends are reported as ended at once; everything else is up to the test, by [`Handle::input`].
#[must_use]
pub fn spawn(directory: Arc<Directory>) -> Handle {
    let (handle, mut asks) = Handle::new();
    let clock = Clock::start();
    let mut switch = Switch::new(SwitchLimits::default(), 1, Box::new(NoSink));
    let mut port = NullPort::default();
    switch.configure(directory, clock.now(), &mut port);
    tokio::spawn(async move {
        loop {
            let deadline = switch.next_deadline().map(|at| clock.instant(at));
            let timer = async {
                match deadline {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                ask = asks.recv() => {
                    let Some(ask) = ask else { return };
                    switch.ask(ask, clock.now(), &mut port);
                }
                () = timer => switch.tick(clock.now(), &mut port),
            }
            confirm_ends(&mut switch, &mut port, &clock);
            switch.commit(clock.now());
        }
    });
    handle
}

fn confirm_ends(switch: &mut Switch, port: &mut NullPort, clock: &Clock) {
    while let Some((tenant, command)) = port.commands.pop() {
        if let Command::Leg(leg, LegCommand::End(cause) | LegCommand::Refuse(cause)) = command {
            let ended = engine::Input::Leg(leg, engine::LegInput::Ended(cause));
            switch.input(tenant, ended, clock.now(), port);
        }
    }
}
