//! The JSON of a call record. Short names and lists where there are many: a queue of two hundred agents is in
//! every decision.

use engine::{
    Candidate, Cause, Decision, Exclusion, Holds, LegRecord, LegStatus, LookedAt, QueueOutcome, QueueStay,
    Recorded,
};
use model::{AgentId, CallId, LegId, QueueId, RecordId, Strategy, Timestamp, TrunkId};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::fallback::number;
use crate::words::Word;

/// One stay in one queue; times in microseconds since the epoch.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StayRow {
    queue: u64,
    number: String,
    entered: i64,
    left: i64,
    outcome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    in_time: Option<bool>,
}

impl From<&QueueStay> for StayRow {
    fn from(stay: &QueueStay) -> Self {
        let QueueStay { queue, number, entered_at, left_at, outcome, agent, in_time } = stay;
        Self {
            queue: queue.0,
            number: number.to_string(),
            entered: entered_at.0,
            left: left_at.0,
            outcome: outcome.word().into(),
            agent: agent.map(|agent| agent.0),
            in_time: *in_time,
        }
    }
}

impl TryFrom<StayRow> for QueueStay {
    type Error = StoreError;

    fn try_from(row: StayRow) -> Result<Self, StoreError> {
        Ok(Self {
            queue: QueueId(row.queue),
            number: number(&row.number)?,
            entered_at: Timestamp(row.entered),
            left_at: Timestamp(row.left),
            outcome: word::<QueueOutcome>(&row.outcome)?,
            agent: row.agent.map(AgentId),
            in_time: row.in_time,
        })
    }
}

/// One leg.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LegRow {
    leg: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extension: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trunk: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    queue: Option<u64>,
    started: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ringing: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answered: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<i64>,
    status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(default, skip_serializing_if = "is_zero")]
    holds: u32,
    /// Microseconds.
    #[serde(default, skip_serializing_if = "is_zero")]
    held: u64,
}

/// What was recorded of a talk; times in microseconds since the epoch.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RecordedRow {
    /// Leg and recording of each side.
    sides: [(u64, u64); 2],
    from: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
}

impl From<&Recorded> for RecordedRow {
    fn from(recorded: &Recorded) -> Self {
        let Recorded { sides, from, until } = recorded;
        Self {
            sides: sides.map(|(leg, record)| (leg.0, record.0)),
            from: from.0,
            until: until.map(|until| until.0),
        }
    }
}

impl From<RecordedRow> for Recorded {
    fn from(row: RecordedRow) -> Self {
        Self {
            sides: row.sides.map(|(leg, record)| (LegId(leg), RecordId(record))),
            from: Timestamp(row.from),
            until: row.until.map(Timestamp),
        }
    }
}

fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl From<&LegRecord> for LegRow {
    fn from(record: &LegRecord) -> Self {
        let LegRecord {
            leg,
            extension,
            agent,
            trunk,
            queue,
            started_at,
            ringing_at,
            answered_at,
            ended_at,
            status,
            cause,
            holds,
        } = record;
        Self {
            leg: leg.0,
            extension: extension.as_ref().map(ToString::to_string),
            agent: agent.map(|id| id.0),
            trunk: trunk.map(|id| id.0),
            queue: queue.map(|id| id.0),
            started: started_at.0,
            ringing: ringing_at.map(|at| at.0),
            answered: answered_at.map(|at| at.0),
            ended: ended_at.map(|at| at.0),
            status: status.word().into(),
            cause: cause.map(|cause| cause.word().into()),
            holds: holds.count,
            held: holds.micros,
        }
    }
}

impl TryFrom<LegRow> for LegRecord {
    type Error = StoreError;

    fn try_from(row: LegRow) -> Result<Self, StoreError> {
        Ok(Self {
            leg: LegId(row.leg),
            extension: row.extension.as_deref().map(number).transpose()?,
            agent: row.agent.map(AgentId),
            trunk: row.trunk.map(TrunkId),
            queue: row.queue.map(QueueId),
            started_at: Timestamp(row.started),
            ringing_at: row.ringing.map(Timestamp),
            answered_at: row.answered.map(Timestamp),
            ended_at: row.ended.map(Timestamp),
            status: word::<LegStatus>(&row.status)?,
            cause: row.cause.as_deref().map(word::<Cause>).transpose()?,
            holds: Holds { count: row.holds, micros: row.held },
        })
    }
}

/// One decision. The call is the record's.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DecisionRow {
    at: i64,
    queue: u64,
    strategy: String,
    position: u32,
    /// Agent, idle since, order.
    candidates: Vec<(u64, i64, i32)>,
    /// Reason, agents.
    excluded: Vec<(String, Vec<u64>)>,
    /// How many candidates in all; absent in records that are older than the field, like what follows.
    #[serde(default)]
    candidate_count: Option<u32>,
    /// Reason, how many.
    #[serde(default)]
    excluded_counts: Vec<(String, u32)>,
    /// Skill, least level.
    #[serde(default)]
    needs: Vec<(String, u8)>,
    /// What the order looked at, for each candidate.
    #[serde(default)]
    looked_at: Vec<LookedAtRow>,
    /// The candidates who were tried before the order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    preferred: Vec<u64>,
    winners: Vec<u64>,
    /// Who chose this very call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    picked_up: Option<u64>,
    /// How it left the line; absent in records that are older than the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left: Option<String>,
}

/// What the order of a decision looked at; moments as microseconds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LookedAtRow {
    #[default]
    Idle,
    Order,
    Rung(Option<i64>),
    Answered(u32),
    Tier(u8),
    Chance,
    Level(u8),
    LevelRung(u8, Option<i64>),
    LevelAnswered(u8, u32),
}

impl From<LookedAt> for LookedAtRow {
    fn from(looked_at: LookedAt) -> Self {
        let moment = |at: Option<Timestamp>| at.map(|at| at.0);
        match looked_at {
            LookedAt::Idle => Self::Idle,
            LookedAt::Order => Self::Order,
            LookedAt::LastRung(at) => Self::Rung(moment(at)),
            LookedAt::Answered(count) => Self::Answered(count),
            LookedAt::Tier(tier) => Self::Tier(tier),
            LookedAt::Chance => Self::Chance,
            LookedAt::Level(level) => Self::Level(level),
            LookedAt::LevelLastRung(level, at) => Self::LevelRung(level, moment(at)),
            LookedAt::LevelAnswered(level, count) => Self::LevelAnswered(level, count),
        }
    }
}

impl From<LookedAtRow> for LookedAt {
    fn from(row: LookedAtRow) -> Self {
        let moment = |at: Option<i64>| at.map(Timestamp);
        match row {
            LookedAtRow::Idle => Self::Idle,
            LookedAtRow::Order => Self::Order,
            LookedAtRow::Rung(at) => Self::LastRung(moment(at)),
            LookedAtRow::Answered(count) => Self::Answered(count),
            LookedAtRow::Tier(tier) => Self::Tier(tier),
            LookedAtRow::Chance => Self::Chance,
            LookedAtRow::Level(level) => Self::Level(level),
            LookedAtRow::LevelRung(level, at) => Self::LevelLastRung(level, moment(at)),
            LookedAtRow::LevelAnswered(level, count) => Self::LevelAnswered(level, count),
        }
    }
}

impl From<&Decision> for DecisionRow {
    fn from(decision: &Decision) -> Self {
        let Decision {
            at,
            call: _,
            queue,
            strategy,
            position,
            needs,
            candidates,
            candidate_count,
            excluded,
            excluded_counts,
            winners,
            picked_up,
            left,
        } = decision;
        let excluded = excluded
            .iter()
            .map(|(reason, agents)| (reason.word().to_owned(), agents.iter().map(|agent| agent.0).collect()));
        Self {
            at: at.0,
            queue: queue.0,
            strategy: strategy.word().into(),
            position: *position,
            candidates: candidates
                .iter()
                .map(|Candidate { agent, idle_since, order, .. }| (agent.0, idle_since.0, *order))
                .collect(),
            excluded: excluded.collect(),
            candidate_count: Some(*candidate_count),
            excluded_counts: excluded_counts
                .iter()
                .map(|(reason, count)| (reason.word().to_owned(), count))
                .collect(),
            needs: needs.clone(),
            looked_at: candidates.iter().map(|candidate| candidate.looked_at.into()).collect(),
            preferred: candidates.iter().filter(|who| who.preferred).map(|who| who.agent.0).collect(),
            winners: winners.iter().map(|agent| agent.0).collect(),
            picked_up: picked_up.map(|agent| agent.0),
            left: left.map(|outcome| outcome.word().to_owned()),
        }
    }
}

impl DecisionRow {
    /// The decision, of `call`.
    pub(crate) fn decision(self, call: CallId) -> Result<Decision, StoreError> {
        let excluded = self.excluded.into_iter().map(|(reason, agents)| {
            Ok((word::<Exclusion>(&reason)?, agents.into_iter().map(AgentId).collect()))
        });
        let mut looked_at = self.looked_at.into_iter();
        let mut candidate = |(agent, idle_since, order)| Candidate {
            agent: AgentId(agent),
            idle_since: Timestamp(idle_since),
            order,
            looked_at: looked_at.next().unwrap_or_default().into(),
            preferred: self.preferred.contains(&agent),
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let candidate_count = self.candidate_count.unwrap_or_else(|| count(self.candidates.len()));
        let excluded_counts =
            self.excluded_counts.into_iter().map(|(reason, n)| Ok((word::<Exclusion>(&reason)?, n)));
        Ok(Decision {
            at: Timestamp(self.at),
            call,
            queue: QueueId(self.queue),
            strategy: word::<Strategy>(&self.strategy)?,
            position: self.position,
            candidates: self.candidates.into_iter().map(&mut candidate).collect(),
            candidate_count,
            excluded: excluded.collect::<Result<_, StoreError>>()?,
            excluded_counts: excluded_counts.collect::<Result<_, StoreError>>()?,
            needs: self.needs,
            winners: self.winners.into_iter().map(AgentId).collect(),
            picked_up: self.picked_up.map(AgentId),
            left: self.left.as_deref().map(word::<QueueOutcome>).transpose()?,
        })
    }
}

fn word<T: Word>(text: &str) -> Result<T, StoreError> {
    T::from_word(text).ok_or_else(|| StoreError::corrupt("a word of a call record", text))
}
