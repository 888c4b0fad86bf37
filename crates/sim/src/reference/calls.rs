//! Legs and offers in the reference: domain 3.4's rows of OFFER, ANSWER and CALL_END.

use engine::{Arrival, EventKind, OfferOutcome, Origin, Outbox, Pending};
use model::{
    AfterNonAcd, AgentId, CallId, ExtensionNumber, Feature, LegId, NotReadyReason, OfferId, QueueId,
};

use crate::coverage::Met;
use crate::reference::action::plus;
use crate::reference::agent::{Intent, Ring, Talk};
use crate::reference::{Fact, LegFacts, Reference};

impl Reference {
    /// A leg came in.
    pub(crate) fn arrived(&mut self, leg: LegId, arrival: &Arrival, out: &Outbox) {
        let arrived = out.events.iter().find_map(|event| {
            let EventKind::CallArrived { call } = event.kind else { return None };
            Some(call)
        });
        let Some(call) = arrived else { return };
        let from = match &arrival.origin {
            Origin::Extension(number) => Some(number.clone()),
            Origin::Trunk(_) | Origin::Guest(_) => None,
        };
        let agent = from.as_ref().and_then(|number| self.directory.agent_of(number.as_str())).map(|a| a.id);
        self.legs.insert(leg, LegFacts { call: Some(call), agent, arrived: true, ..LegFacts::default() });
        let caller = self.caller(arrival);
        self.callers.insert(call, caller);
        if let (Some(agent), Some(number)) = (agent, &from)
            && let Some((feature, queue)) = self.feature(number, &arrival.dialed)
        {
            let action = match feature {
                Feature::Ready => Some(engine::AgentAction::Ready),
                Feature::NotReady => {
                    Some(engine::AgentAction::NotReady(NotReadyReason::Chosen(String::new())))
                }
                Feature::Login => Some(engine::AgentAction::Login),
                Feature::Logout => Some(engine::AgentAction::Logout),
                // Nobody here may switch it.
                Feature::NightMode => None,
                // Nobody here dials these.
                Feature::DndOn | Feature::DndOff | Feature::RecordPrompt => None,
                Feature::Voicemail => return self.caller_talks(call),
            };
            let scope = queue.map_or(engine::Scope::All, engine::Scope::Queue);
            let _ = action.map(|action| self.act(agent, scope, &action));
        }
        let enters = out.events.iter().any(|event| {
            matches!(
                event.kind,
                EventKind::CallQueued { call: of, .. } | EventKind::CallLeftQueue { call: of, .. } if of == call
            )
        });
        if enters {
            self.caller_talks(call);
        }
        for event in &out.events {
            if let EventKind::LegChanged { call: of, leg } = event.kind
                && of == call
                && !enters
            {
                self.leg_changed(call, leg, out);
            }
        }
        if let (Some(agent), Some(number)) = (agent, from)
            && self.registered.contains(&number)
        {
            self.late.push_back(Fact::Seen(agent));
        }
    }

    /// `*38`, `*388001`: the code and the queue it names.
    fn feature(&self, from: &ExtensionNumber, dialed: &str) -> Option<(Feature, Option<QueueId>)> {
        self.directory.extensions.get(from)?;
        let (code, rest) = dialed.split_at_checked(3)?;
        let feature = self.directory.feature_codes.iter().find(|feature| feature.code == code)?.feature;
        if rest.is_empty() {
            return Some((feature, None));
        }
        self.directory.queue(rest).map(|queue| (feature, Some(queue.id)))
    }

    /// The caller's own leg occupies her from the moment he stands in a line or rings somebody.
    pub(crate) fn caller_talks(&mut self, call: CallId) {
        let caller = self.legs.iter_mut().find(|(_, leg)| leg.arrived && leg.call == Some(call));
        let Some((id, leg)) = caller else { return };
        if let Some(agent) = leg.agent.filter(|_| !leg.occupies) {
            leg.occupies = true;
            let fact = Fact::Talks(agent, *id, call);
            self.late.push_back(fact);
        }
    }

    /// A dialed party answered: if that joined it with a caller, she talks.
    pub(crate) fn answered(&mut self, leg: LegId, out: &Outbox) {
        self.picked(leg);
        let Some(LegFacts { call: Some(call), agent: Some(agent), occupies: true, arrived: false, .. }) =
            self.legs.get(&leg).copied()
        else {
            return;
        };
        let joined = out.events.iter().any(|event| {
            matches!(event.kind, EventKind::CallConnected { call: of, queue: None, .. } if of == call)
        });
        if joined {
            self.talks(agent, leg, call);
        }
    }

    /// A leg is over.
    pub(crate) fn ended(&mut self, leg: LegId) {
        let Some(LegFacts { call: Some(call), agent: Some(agent), arrived, serves, occupies, .. }) =
            self.legs.remove(&leg)
        else {
            return;
        };
        if serves {
            self.queue_call_ended(agent, call);
        } else if occupies && arrived && self.stands_in_line(call) {
            // The ACD learns first that the caller is gone.
            self.late.push_back(Fact::Over(agent, leg));
        } else if occupies {
            self.other_over(agent, leg);
        }
    }

    /// Applies the first thing that is still to be applied; false if there is none.
    pub(crate) fn apply_late(&mut self) -> bool {
        let Some(fact) = self.late.pop_front() else { return false };
        match fact {
            Fact::Rings(agent, leg, call) => {
                self.hit_all(agent, Met::DirectRings);
                if let Some(agent) = self.agents.get_mut(&agent) {
                    agent.others.entry(leg).or_insert((call, false));
                }
                self.seen(agent);
            }
            Fact::Talks(agent, leg, call) => self.talks(agent, leg, call),
            Fact::Over(agent, leg) => self.other_over(agent, leg),
            Fact::Seen(agent) => self.seen(agent),
            Fact::Device(agent, up) => self.device(agent, up),
            Fact::Hours(agent, open) => self.hours_changed(agent, open),
            Fact::Clocks(tick) => self.clocks(tick),
        }
        true
    }

    fn talks(&mut self, id: AgentId, leg: LegId, call: CallId) {
        self.hit_all(id, Met::DirectBegins);
        if let Some(agent) = self.agents.get_mut(&id) {
            agent.others.insert(leg, (call, true));
        }
        self.seen(id);
    }

    /// An offer was made.
    pub(crate) fn offered(&mut self, offer: OfferId, call: CallId, queue: QueueId, id: AgentId) {
        self.hit(id, queue, Met::Offer);
        self.ring_begins(call, queue, id);
        let ring_time = self.ring_time(call, queue);
        let rings_out = plus(self.now, ring_time);
        let now = self.now;
        // Past it, only whoever has lifted keeps the call in its line; a ring that begins then is as long as any.
        let limit = self.wait_limit(call).filter(|at| *at > now);
        let longest = limit.map_or(rings_out, |at| at.min(rings_out)).since(now);
        let alerts_by = self.limits.alert_max.map(|most| now.after(most.min(longest * 3 / 4)));
        if let Some(agent) = self.agents.get_mut(&id) {
            agent.rings.push(Ring { offer, queue, call, rings_out, made_at: now, alerts_by, picked: false });
            if let Some(member) = agent.members.get_mut(&queue) {
                member.last_rung = Some(now);
            }
        }
        if let Some(entry) = self.entry_mut(call) {
            entry.offers_made += 1;
        }
    }

    /// She has lifted: until she is joined no clock of the ring runs.
    /// Her phone says that it rings.
    pub(crate) fn alerts(&mut self, leg: LegId) {
        let offer = self.legs.get(&leg).and_then(|leg| leg.offer);
        let rings = self.agents.values_mut().flat_map(|agent| &mut agent.rings);
        if let Some(ring) = rings.into_iter().find(|ring| offer == Some(ring.offer)) {
            ring.alerts_by = None;
        }
    }

    fn picked(&mut self, leg: LegId) {
        let offer = self.legs.get(&leg).and_then(|leg| leg.offer);
        let rings = self.agents.values_mut().flat_map(|agent| &mut agent.rings);
        if let Some(ring) = rings.into_iter().find(|ring| offer == Some(ring.offer) && !ring.picked) {
            ring.picked = true;
            self.lifted = offer;
        }
    }

    /// The offer's agent and ring, if it rings.
    pub(crate) fn ring(&self, offer: OfferId) -> Option<(AgentId, Ring)> {
        self.agents.iter().find_map(|(id, agent)| {
            agent.rings.iter().find(|ring| ring.offer == offer).map(|ring| (*id, *ring))
        })
    }

    /// An offer ended without the two talking: was that right, and what does it make of her?
    pub(crate) fn offer_ended(
        &mut self,
        (offer, call, queue, id): (OfferId, CallId, QueueId, AgentId),
        outcome: OfferOutcome,
        input: &engine::Input,
        out: &Outbox,
    ) {
        let Some((agent, ring)) = self.ring(offer) else {
            return self.broken("15", format!("offer {offer} ended and did not ring"));
        };
        if (agent, ring.call, ring.queue) != (id, call, queue) {
            self.broken("15", format!("offer {offer} is of {agent} {ring:?}, said of {id} {call} {queue}"));
        }
        self.check_end(ring, id, outcome, input, out);
        self.hit_ring(id, queue, met(outcome));
        if let Some(agent) = self.agents.get_mut(&id) {
            agent.rings.retain(|ring| ring.offer != offer);
        }
        self.ring_ends(call);
        match outcome {
            OfferOutcome::NoAnswer => self.rang_out(id, queue),
            OfferOutcome::Declined => self.declined(id, queue, call),
            OfferOutcome::Busy => {
                let delay = self.busy_delay(queue);
                self.delay(id, delay);
            }
            OfferOutcome::Unreachable => self.unreachable(id),
            OfferOutcome::AnsweredElsewhere
            | OfferOutcome::CallerGone
            | OfferOutcome::WaitExpired
            | OfferOutcome::AgentLeft
            | OfferOutcome::PickedUp => {}
        }
    }

    /// The call was given to her.
    pub(crate) fn serves(&mut self, id: AgentId, queue: QueueId, call: CallId) {
        self.hit(id, queue, Met::Answer);
        let now = self.now;
        let Some(agent) = self.agents.get_mut(&id) else { return };
        let offer = agent.rings.iter().find(|ring| ring.call == call).map(|ring| ring.offer);
        for leg in self.legs.values_mut().filter(|leg| leg.offer.is_some() && leg.offer == offer) {
            leg.serves = true;
        }
        agent.rings.retain(|ring| ring.call != call);
        agent.calls.push(Talk { queue, call, since: now });
        let Some(member) = agent.members.get_mut(&queue) else { return };
        member.answered += 1;
        member.answered_today += 1;
        member.missed_in_row = 0;
        let Some(mine) = member.single() else { return };
        for member in agent.members.values_mut() {
            if let Intent::Single { request, used } = &mut member.intent {
                *used |= *request == mine;
            }
        }
    }

    /// CALL_END of a queue call, rules 1 to 6.
    fn queue_call_ended(&mut self, id: AgentId, call: CallId) {
        let Some(agent) = self.agents.get(&id) else { return };
        let Some(at) = agent.calls.iter().position(|talk| talk.call == call) else { return };
        let Talk { queue, since, .. } = agent.calls[at];
        self.hit(id, queue, Met::QueueCallEnds);
        self.took(queue, since, self.wrap_up_seconds(id, queue));
        let now = self.now;
        let Some(agent) = self.agents.get_mut(&id) else { return };
        agent.calls.remove(at);
        agent.last_call_end = Some(now);
        let last_here = !agent.serves(queue);
        let last = agent.calls.is_empty();
        self.grace_if_gone(id);
        let member = |this: &Self| this.agents.get(&id).and_then(|agent| agent.members.get(&queue)).cloned();
        if last_here && member(self).is_some_and(|member| member.pending == Some(Pending::Logout)) {
            self.log_out(id, queue);
        }
        let auto_ready = self.rules(queue).is_some_and(|rules| rules.auto_ready);
        let seconds = self.wrap_up_seconds(id, queue);
        let wrap_up = member(self).filter(|member| member.logged_in).and_then(|member| {
            let has_plan = member.used_single().is_some() || member.pending.is_some() || member.leaving;
            if seconds > 0 { Some(seconds) } else { (!has_plan && !auto_ready).then_some(0) }
        });
        if last_here && member(self).is_some_and(|member| member.leaving) {
            self.remove_member(id, queue);
        }
        match wrap_up {
            _ if !last => {}
            Some(seconds) => self.start_wrap_up(id, seconds),
            None => self.settle(id, queue, auto_ready),
        }
    }

    /// No wrap-up follows: what was pending comes into force.
    fn settle(&mut self, id: AgentId, queue: QueueId, auto_ready: bool) {
        let Some(agent) = self.agents.get_mut(&id) else { return };
        let talking = agent.talking() > 0;
        let mut used = Vec::new();
        for (of, member) in &mut agent.members {
            member.asked_ready &= talking;
            if let Some(request) = member.used_single() {
                used.push(request);
                continue;
            }
            if *of == queue && auto_ready {
                member.promote();
            }
            member.settle_pending();
        }
        for request in used {
            self.end_single(id, request);
        }
    }

    /// CALL_END of a direct call, or of one that only rang.
    fn other_over(&mut self, id: AgentId, leg: LegId) {
        self.hit_all(id, Met::DirectEnds);
        let Some(agent) = self.agents.get_mut(&id) else { return };
        let Some((_, talked)) = agent.others.remove(&leg) else { return };
        if !talked || agent.talking() > 0 {
            return;
        }
        self.grace_if_gone(id);
        let Some(agent) = self.agents.get_mut(&id) else { return };
        if agent.wrap_up.is_some() {
            for member in agent.members.values_mut() {
                member.asked_ready = false;
            }
            return;
        }
        let queues: Vec<QueueId> =
            agent.members.iter().filter(|(_, member)| member.logged_in).map(|(queue, _)| *queue).collect();
        let mut wrap_up = None;
        for queue in queues {
            if self.after_direct(id, queue) {
                wrap_up = wrap_up.max(Some(self.wrap_up_seconds(id, queue)));
            }
        }
        if let Some(seconds) = wrap_up {
            self.start_wrap_up(id, seconds);
        }
    }

    /// A9, A9b for one membership; true if it asks for wrap-up.
    fn after_direct(&mut self, id: AgentId, queue: QueueId) -> bool {
        let Some((auto_ready, after)) =
            self.rules(queue).map(|rules| (rules.auto_ready, rules.after_non_acd))
        else {
            return false;
        };
        let Some(member) = self.agents.get_mut(&id).and_then(|agent| agent.members.get_mut(&queue)) else {
            return false;
        };
        let asked = std::mem::take(&mut member.asked_ready);
        if member.pending.is_some() {
            member.settle_pending();
        } else if auto_ready {
            member.promote();
        } else if !asked && !matches!(member.intent, Intent::NotReady(_)) {
            match after {
                AfterNonAcd::Ready => {}
                AfterNonAcd::NotReady => member.intent = Intent::NotReady(NotReadyReason::AfterNonAcd),
                AfterNonAcd::WrapUp => return true,
            }
        }
        false
    }
}

const fn met(outcome: OfferOutcome) -> Met {
    match outcome {
        OfferOutcome::NoAnswer => Met::RingTimeout,
        OfferOutcome::Declined => Met::Decline,
        OfferOutcome::Busy => Met::Busy,
        OfferOutcome::Unreachable => Met::Unreachable,
        OfferOutcome::AnsweredElsewhere => Met::AnsweredElsewhere,
        OfferOutcome::CallerGone => Met::CallerGone,
        OfferOutcome::WaitExpired => Met::WaitExpired,
        OfferOutcome::AgentLeft | OfferOutcome::PickedUp => Met::Withdrawn,
    }
}
