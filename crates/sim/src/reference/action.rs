//! What an agent asks for, in the reference: domain 3.4's rows from LOGIN to SET_WRAP_UP.

use engine::{AgentAction, AgentState, MembershipResult, Pending, Refusal, Scope};
use model::{AgentId, NotReadyReason, QueueId, Timestamp};

use crate::coverage::Met;
use crate::reference::Reference;
use crate::reference::agent::{Agent, Intent};

impl Reference {
    /// Applies an action; what each membership answers: none if it is carried out, else why not.
    pub(crate) fn act(
        &mut self,
        id: AgentId,
        scope: Scope,
        action: &AgentAction,
    ) -> Vec<(QueueId, Option<Refusal>)> {
        let verdicts = self.verdicts(id, scope, action);
        let done: Vec<QueueId> =
            verdicts.iter().filter(|(_, no)| no.is_none()).map(|(queue, _)| *queue).collect();
        for queue in &done {
            self.hit(id, *queue, met(action));
        }
        if !done.is_empty() {
            self.carry_out(id, &done, action);
        }
        verdicts
    }

    fn verdicts(&self, id: AgentId, scope: Scope, action: &AgentAction) -> Vec<(QueueId, Option<Refusal>)> {
        let Some(agent) = self.agents.get(&id) else {
            return match scope {
                Scope::Queue(queue) => vec![(queue, Some(Refusal::NotAMember))],
                Scope::All => Vec::new(),
            };
        };
        let current = |queue: &QueueId| agent.members.get(queue).is_some_and(|member| !member.leaving);
        match scope {
            Scope::Queue(queue) if current(&queue) => vec![(queue, refusal(agent, queue, action))],
            Scope::Queue(queue) => vec![(queue, Some(Refusal::NotAMember))],
            Scope::All => {
                let all: Vec<_> = agent
                    .members
                    .keys()
                    .filter(|queue| current(queue))
                    .map(|queue| (*queue, refusal(agent, *queue, action)))
                    .collect();
                let meant = |no: &Option<Refusal>| *no != Some(Refusal::NotLoggedIn);
                let some = all.iter().any(|(_, no)| meant(no));
                all.into_iter().filter(|(_, no)| !some || meant(no)).collect()
            }
        }
    }

    fn carry_out(&mut self, id: AgentId, queues: &[QueueId], action: &AgentAction) {
        match action {
            AgentAction::Login => self.login(id, queues),
            AgentAction::Logout => {
                let was_in = self.agents.get(&id).is_some_and(|agent| {
                    queues.iter().any(|queue| agent.members.get(queue).is_some_and(|m| m.logged_in))
                });
                for queue in queues {
                    self.log_out_after_call(id, *queue);
                }
                if was_in {
                    self.end_wrap_up(id);
                }
            }
            AgentAction::Ready => self.set_ready(id, queues),
            AgentAction::NotReady(reason) => self.set_not_ready(id, queues, reason),
            AgentAction::SingleCall => self.set_single(id, queues),
            AgentAction::WrapUp => {
                let longest = queues.iter().map(|queue| self.wrap_up_seconds(id, *queue)).max().unwrap_or(0);
                if self.agents.get(&id).is_some_and(|agent| agent.wrap_up.is_none()) {
                    self.start_wrap_up(id, longest);
                }
            }
            AgentAction::MoreTime(seconds) => self.more_time(id, *seconds),
        }
    }

    fn login(&mut self, id: AgentId, queues: &[QueueId]) {
        self.seen(id);
        for queue in queues {
            let auto_ready = self.rules(*queue).is_some_and(|rules| rules.auto_ready);
            let intent = if auto_ready { Intent::Ready } else { Intent::NotReady(NotReadyReason::Login) };
            self.begin_login(id, *queue, intent, false);
        }
    }

    /// Logs in; who is in already keeps what she has, unless `anew`.
    fn begin_login(&mut self, id: AgentId, queue: QueueId, intent: Intent, anew: bool) {
        let now = self.now;
        let Some(member) = self.agents.get_mut(&id).and_then(|agent| agent.members.get_mut(&queue)) else {
            return;
        };
        if member.logged_in && !anew {
            return;
        }
        if !member.logged_in {
            member.logged_in_at = now;
        }
        member.asked_ready = member.logged_in;
        member.logged_in = true;
        member.intent = intent;
        member.pending = None;
        member.dropped = false;
        member.missed_in_row = 0;
    }

    fn set_ready(&mut self, id: AgentId, queues: &[QueueId]) {
        self.seen(id);
        let Some(agent) = self.agents.get_mut(&id) else { return };
        let talking = agent.talking() > 0;
        for queue in queues {
            if let Some(member) = agent.members.get_mut(queue) {
                member.intent = Intent::Ready;
                member.pending = None;
                member.asked_ready = talking;
                member.dropped = false;
                member.missed_in_row = 0;
            }
        }
        agent.delayed_until = None;
        self.end_wrap_up(id);
    }

    fn set_not_ready(&mut self, id: AgentId, queues: &[QueueId], reason: &NotReadyReason) {
        let Some(agent) = self.agents.get_mut(&id) else { return };
        let talking = agent.talking() > 0;
        for queue in queues {
            if let Some(member) = agent.members.get_mut(queue) {
                member.asked_ready = false;
                if talking {
                    member.pending = Some(Pending::NotReady(reason.clone()));
                } else {
                    member.pending = None;
                    member.intent = Intent::NotReady(reason.clone());
                }
            }
        }
        self.end_wrap_up(id);
    }

    fn set_single(&mut self, id: AgentId, queues: &[QueueId]) {
        self.seen(id);
        self.next_single += 1;
        let request = self.next_single;
        let Some(agent) = self.agents.get_mut(&id) else { return };
        let used = queues.iter().any(|queue| agent.serves(*queue));
        agent.delayed_until = None;
        for queue in queues {
            self.begin_login(id, *queue, Intent::Single { request, used }, true);
        }
        self.end_wrap_up(id);
    }

    /// Logged out at once.
    pub(crate) fn log_out(&mut self, id: AgentId, queue: QueueId) {
        let Some(agent) = self.agents.get_mut(&id) else { return };
        let Some(member) = agent.members.get_mut(&queue).filter(|member| member.logged_in) else { return };
        member.logged_in = false;
        member.intent = Intent::NotReady(NotReadyReason::Login);
        member.pending = None;
        member.asked_ready = false;
        member.dropped = false;
        member.missed_in_row = 0;
        if !agent.is_logged_in() {
            agent.wrap_up = None;
            agent.delayed_until = None;
            agent.grace_until = None;
        }
    }

    /// Logged out now, or when her call of that queue ends.
    pub(crate) fn log_out_after_call(&mut self, id: AgentId, queue: QueueId) {
        let Some(agent) = self.agents.get_mut(&id) else { return };
        if !agent.serves(queue) {
            return self.log_out(id, queue);
        }
        if let Some(member) = agent.members.get_mut(&queue).filter(|member| member.logged_in) {
            member.pending = Some(Pending::Logout);
        }
    }

    /// A16, A17: the one call of a request is over in every queue of that request.
    pub(crate) fn end_single(&mut self, id: AgentId, request: u64) {
        let Some(agent) = self.agents.get(&id) else { return };
        let queues: Vec<QueueId> = agent
            .members
            .iter()
            .filter(|(_, m)| m.single() == Some(request))
            .map(|(queue, _)| *queue)
            .collect();
        for queue in queues {
            self.log_out_after_call(id, queue);
        }
    }

    /// The wrap-up clock starts, or is set anew; 0 seconds: until she acts.
    pub(crate) fn start_wrap_up(&mut self, id: AgentId, seconds: u32) {
        let now = self.now;
        let Some(agent) = self.agents.get_mut(&id).filter(|agent| agent.is_logged_in()) else { return };
        agent.wrap_up = Some((seconds > 0).then(|| plus(now, seconds)));
    }

    /// A clock that runs, runs so much longer, but to no more than an hour from now.
    fn more_time(&mut self, id: AgentId, seconds: u32) {
        let hour = plus(self.now, 3_600);
        let Some(agent) = self.agents.get_mut(&id) else { return };
        if let Some(Some(until)) = &mut agent.wrap_up
            && *until < hour
        {
            *until = plus(*until, seconds).min(hour);
        }
    }

    /// Wrap-up is over, in all her queues.
    pub(crate) fn end_wrap_up(&mut self, id: AgentId) {
        let Some(agent) = self.agents.get_mut(&id) else { return };
        if agent.wrap_up.take().is_none() {
            return;
        }
        let mut used = Vec::new();
        for member in agent.members.values_mut() {
            member.settle_pending();
            used.extend(member.used_single());
        }
        for request in used {
            self.end_single(id, request);
        }
    }

    /// A8: her own time, else the queue's.
    pub(crate) fn wrap_up_seconds(&self, id: AgentId, queue: QueueId) -> u32 {
        let own = self.agents.get(&id).and_then(|agent| agent.members.get(&queue)?.wrap_up_time);
        own.unwrap_or_else(|| self.rules(queue).map_or(0, |rules| rules.wrap_up_time))
    }

    /// The replies are what the reference says: carried out, or refused for the same reason.
    pub(crate) fn check_results(&mut self, ours: &[(QueueId, Option<Refusal>)], theirs: &[MembershipResult]) {
        let said: Vec<_> =
            theirs.iter().map(|result| (result.queue, result.result.as_ref().err().copied())).collect();
        if said != ours {
            self.broken("3.4 actions", format!("the engine answers {said:?}, the reference {ours:?}"));
        }
    }
}

/// `seconds` after a moment.
pub(crate) fn plus(at: Timestamp, seconds: u32) -> Timestamp {
    at.after(std::time::Duration::from_secs(seconds.into()))
}

const fn met(action: &AgentAction) -> Met {
    match action {
        AgentAction::Login => Met::Login,
        AgentAction::Logout => Met::Logout,
        AgentAction::Ready => Met::SetReady,
        AgentAction::NotReady(_) => Met::SetNotReady,
        AgentAction::SingleCall => Met::SetSingleCall,
        AgentAction::WrapUp => Met::SetWrapUp,
        AgentAction::MoreTime(_) => Met::MoreTime,
    }
}

/// The first reason that holds; a logout is never refused.
fn refusal(agent: &Agent, queue: QueueId, action: &AgentAction) -> Option<Refusal> {
    let member = agent.members.get(&queue)?;
    let (needs_login, takes_calls) = match action {
        AgentAction::Logout => return None,
        AgentAction::Login | AgentAction::SingleCall => (false, true),
        AgentAction::Ready => (true, true),
        AgentAction::NotReady(_) | AgentAction::WrapUp | AgentAction::MoreTime(_) => (true, false),
    };
    let fits = match (action, agent.state(queue)?) {
        (
            AgentAction::WrapUp,
            AgentState::NotReady { .. } | AgentState::Ready | AgentState::WrapUp { .. },
        ) => true,
        (AgentAction::WrapUp, _) => false,
        (AgentAction::MoreTime(_), _) => agent.wrap_up.is_some(),
        _ => true,
    };
    [
        (!agent.active, Refusal::NotActive),
        (!agent.has_extension, Refusal::NoExtension),
        (needs_login && !member.logged_in, Refusal::NotLoggedIn),
        (takes_calls && !member.enabled, Refusal::EntryDisabled),
        (!fits, Refusal::WrongState),
    ]
    .into_iter()
    .find(|(holds, _)| *holds)
    .map(|(_, why)| why)
}
