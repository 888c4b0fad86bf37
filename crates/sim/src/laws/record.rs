//! The records: one for each call, and what stands in it; and the rest at the end, when everything must be zero.

use std::sync::Arc;

use engine::{CallRecord, Engine, QueueOutcome};
use model::Timestamp;

use crate::laws::Laws;

impl Laws {
    /// 15, 16, 20, 31: the record of a call that is over.
    pub(crate) fn record(&mut self, record: &Arc<CallRecord>, now: Timestamp) {
        let call = record.call;
        let arrived = self.arrived.contains(&call);
        self.rule("16", arrived, || format!("a record of call {call}, which never came"));
        let closed = record.legs.iter().all(|leg| {
            let over = self.legs.get(&leg.leg).is_some_and(|seen| seen.over);
            over && leg.ended_at.is_some() && leg.cause.is_some() && !self.bridged.contains_key(&leg.leg)
        });
        self.rule("41", closed, || format!("a leg of call {call} is not over: {record:?}"));
        let told = self.ways_out.remove(&call).unwrap_or_default();
        let kept: Vec<_> = record.queues.iter().map(|stay| (stay.queue, stay.outcome)).collect();
        self.rule("15", told == kept, || {
            format!("call {call} left lines {told:?}, its record says {kept:?}")
        });
        let answered = kept.iter().filter(|(_, outcome)| *outcome == QueueOutcome::Answered).count();
        self.rule("2", answered <= 1, || format!("call {call} was answered by {answered} queues"));
        let times = record.started_at <= record.ended_at
            && record.ended_at == now
            && record
                .queues
                .iter()
                .all(|stay| stay.entered_at <= stay.left_at && stay.left_at <= record.ended_at)
            // Who took his old place again entered that line before he called.
            && record.queues.windows(2).all(|two| {
                two[0].left_at <= two[1].entered_at || two[1].entered_at < record.started_at
            })
            && record.legs.iter().all(|leg| {
                let mut last = leg.started_at;
                [leg.ringing_at, leg.answered_at, leg.ended_at].into_iter().flatten().all(|at| {
                    let fits = at >= last;
                    last = at;
                    fits
                })
            });
        self.rule("20", times, || format!("times of call {call} run backwards: {record:?}"));
        let former = self.records.insert(call, Arc::clone(record)).is_some();
        self.rule("16", !former, || format!("two records of call {call}"));
    }

    /// 16, 17, 41: when everybody has hung up and every clock has run out, nothing is left.
    pub(crate) fn at_rest(&mut self, engine: &Engine) {
        let calls = engine.call_count();
        self.rule("41", calls == 0, || format!("{calls} calls are left"));
        // Working hours begin and end for ever.
        let hours = engine.directory().agents.values().any(|agent| agent.hours.is_some());
        let clock = engine.next_deadline().filter(|_| !hours);
        self.rule("41", clock.is_none(), || format!("a clock is left, at {clock:?}"));
        let bridges = self.bridged.clone();
        self.rule("41", bridges.is_empty(), || format!("bridges are left: {bridges:?}"));
        let legs: Vec<_> = self.legs.iter().filter(|(_, seen)| !seen.over).map(|(leg, _)| *leg).collect();
        self.rule("41", legs.is_empty(), || format!("legs are left: {legs:?}"));
        let offers = self.live_offers.len();
        let rung = self.connected.len();
        self.rule("15", offers <= rung, || {
            format!("{offers} offers never ended and {rung} calls were joined")
        });
        let without: Vec<_> =
            self.arrived.iter().filter(|call| !self.records.contains_key(call)).copied().collect();
        self.rule("16", without.is_empty(), || format!("calls without a record: {without:?}"));
        let waiting: u32 = self.before.queues.values().map(|queue| queue.waiting).sum();
        self.rule("17", waiting == 0, || format!("{waiting} callers wait for ever"));
    }
}
