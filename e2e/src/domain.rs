//! The small contact centre the tests provision, as a file an operator would write.

use std::fmt::Write as _;

/// The number the outside world dials; it leads to [`QUEUE`].
pub const NUMBER: &str = "+493012345678";
/// The queue's number.
pub const QUEUE: &str = "8000";
/// Who may do everything over HTTP.
pub const OWNER_EMAIL: &str = "owner@acme.test";
/// The owner's password.
pub const OWNER_PASSWORD: &str = "owner-password-for-tests";

/// What differs between tests. Agents are 1001 and on, all of them members of the queue, in that order.
#[derive(Clone, Debug)]
pub struct Domain {
    /// How many agents there are.
    pub agents: u16,
    /// How the queue chooses.
    pub strategy: &'static str,
    /// Whether agents become ready by themselves.
    pub auto_ready: bool,
    /// Seconds a phone rings.
    pub ring_time: u32,
    /// Seconds of work after a call.
    pub wrap_up_time: u32,
    /// Seconds a caller waits at most; 0: for ever.
    pub max_waiting_time: u32,
    /// Addresses whose calls need no credentials.
    pub allow_from: &'static str,
    /// Where calls to the outside go: the trunk's own address.
    pub trunk_host: String,
}

impl Default for Domain {
    fn default() -> Self {
        Self {
            agents: 1,
            strategy: "longest_idle",
            auto_ready: false,
            ring_time: 15,
            wrap_up_time: 0,
            max_waiting_time: 300,
            allow_from: "127.0.0.1/32",
            trunk_host: "127.0.0.1:5080".to_owned(),
        }
    }
}

impl Domain {
    /// The provisioning file.
    #[must_use]
    pub fn yaml(&self) -> String {
        let mut out =
            String::from("domain: acme.test\ntimezone: Europe/Berlin\ngroups: [support]\nagents:\n");
        let extensions = || (1001..).take(usize::from(self.agents));
        for extension in extensions() {
            let _ = write!(
                out,
                "  - extension: \"{extension}\"\n    name: Agent {extension}\n    email: {extension}@acme.test\n    \
                 password: {}\n    sip_password: {}\n    role: agent\n    groups: [support]\n",
                agent_password(extension),
                phone_password(extension),
            );
        }
        let _ = write!(
            out,
            "queues:\n  - number: \"{QUEUE}\"\n    name: Support\n    strategy: {}\n    auto_ready: {}\n    \
             ring_time: {}\n    wrap_up_time: {}\n    max_waiting_time: {}\n    wait_when_no_agents: true\n    \
             members:\n",
            self.strategy, self.auto_ready, self.ring_time, self.wrap_up_time, self.max_waiting_time
        );
        for (order, extension) in extensions().enumerate() {
            let _ = writeln!(out, "      - {{agent: \"{extension}\", order: {}}}", order + 1);
        }
        let _ = write!(
            out,
            "numbers:\n  - number: \"{NUMBER}\"\n    open: {{queue: \"{QUEUE}\"}}\n\
             trunks:\n  - name: carrier\n    host: {}\n    allow_from: [{}]\n",
            self.trunk_host, self.allow_from
        );
        out
    }
}

/// The desk password of an agent.
#[must_use]
pub fn agent_password(extension: u16) -> String {
    format!("desk-password-{extension}")
}

/// The phone password of an agent.
#[must_use]
pub fn phone_password(extension: u16) -> String {
    format!("phone-secret-{extension}")
}
