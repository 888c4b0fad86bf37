//! Asking trunks whether they answer: the host is looked up here, the question is the gateway's.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use api::trunks::{NotTested, TestToCome, TrunkAnswer, TrunkOutcome, TrunkTested, TrunkTests};
use gateway::{Control, TrunkQuestion, TrunkReply};
use model::{TenantId, Timestamp, Trunk, TrunkId};
use switch::Clock;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::wiring;

/// How long an answer is waited for: who listens has sent it long before.
const ANSWER_MAX: Duration = Duration::from_secs(5);
/// Questions to one trunk in [`SPAN`].
const IN_SPAN_MAX: usize = 6;
/// For how long questions are counted.
const SPAN: Duration = Duration::from_secs(60);

/// The questions of the last minute to a trunk.
#[derive(Debug, Default)]
struct Asked {
    is_running: bool,
    at: VecDeque<Timestamp>,
}

/// Who has been asked, and may not be at this moment.
#[derive(Debug, Default)]
struct Turns(Mutex<BTreeMap<(TenantId, TrunkId), Asked>>);

/// A turn; the trunk can be asked again when it is over, however it ends.
struct Turn<'a>(&'a Turns, (TenantId, TrunkId));

impl Turns {
    fn take(&self, key: (TenantId, TrunkId), now: Timestamp) -> Result<Turn<'_>, NotTested> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for asked in turns.values_mut() {
            asked.at.retain(|at| now.since(*at) < SPAN);
        }
        // What is left are those of the last minute.
        turns.retain(|_, asked| asked.is_running || !asked.at.is_empty());
        let asked = turns.entry(key).or_default();
        if asked.is_running {
            return Err(NotTested::Running);
        }
        if asked.at.len() >= IN_SPAN_MAX {
            let oldest = asked.at.front().map_or(Duration::ZERO, |at| now.since(*at));
            return Err(NotTested::TooOften(SPAN.saturating_sub(oldest).as_secs().max(1)));
        }
        asked.is_running = true;
        asked.at.push_back(now);
        Ok(Turn(self, key))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut turns = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(asked) = turns.get_mut(&self.1) {
            asked.is_running = false;
        }
    }
}

/// Asks the gateway to ask.
pub(crate) struct LiveTrunkTests {
    control: mpsc::Sender<Control>,
    clock: Clock,
    turns: Turns,
}

impl LiveTrunkTests {
    pub(crate) fn new(control: mpsc::Sender<Control>) -> Self {
        Self { control, clock: Clock::start(), turns: Turns::default() }
    }

    async fn ask(&self, tenant: TenantId, trunk: Trunk) -> Result<TrunkTested, NotTested> {
        let _turn = self.turns.take((tenant, trunk.id), self.clock.now())?;
        let Some(at) = wiring::trunk_address(&trunk.host).await else {
            return Ok(TrunkTested { address: None, outcome: TrunkOutcome::UnknownHost });
        };
        let (tell, told) = oneshot::channel();
        let asked = Control::TestTrunk(TrunkQuestion { tenant, at }, tell);
        self.control.send(asked).await.map_err(|_| NotTested::Stopping)?;
        let outcome = match timeout(ANSWER_MAX, told).await {
            Ok(Ok(TrunkReply::Answered(answer))) => TrunkOutcome::Answered(TrunkAnswer {
                status: answer.status,
                reason: answer.reason,
                took: answer.took,
                product: answer.product,
                allow: answer.allow,
                codecs: answer.codecs,
                seen_as: answer.seen_as,
            }),
            Ok(Ok(TrunkReply::NotSent)) => TrunkOutcome::NotSent,
            Ok(Ok(TrunkReply::Busy)) => return Err(NotTested::Busy),
            Ok(Ok(TrunkReply::Silent)) | Err(_) => TrunkOutcome::Silent(ANSWER_MAX),
            Ok(Err(_gone)) => return Err(NotTested::Stopping),
        };
        Ok(TrunkTested { address: Some(at), outcome })
    }
}

impl TrunkTests for LiveTrunkTests {
    fn test(&self, tenant: TenantId, trunk: Trunk) -> TestToCome<'_> {
        Box::pin(self.ask(tenant, trunk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARRIER: (TenantId, TrunkId) = (TenantId(1), TrunkId(1));
    const OTHER: (TenantId, TrunkId) = (TenantId(1), TrunkId(2));

    fn second(at: i64) -> Timestamp {
        Timestamp::from_secs(1_793_491_200 + at)
    }

    #[test]
    fn a_trunk_is_asked_once_at_a_time_and_few_times_in_a_minute() {
        let turns = Turns::default();
        let turn = turns.take(CARRIER, second(0)).ok();
        assert!(turn.is_some());
        assert_eq!(turns.take(CARRIER, second(0)).err(), Some(NotTested::Running));
        assert!(turns.take(OTHER, second(0)).is_ok());
        drop(turn);
        for at in 1..6 {
            assert!(turns.take(CARRIER, second(at)).is_ok());
        }
        assert_eq!(turns.take(CARRIER, second(20)).err(), Some(NotTested::TooOften(40)));
        assert!(turns.take(CARRIER, second(60)).is_ok());
        assert_eq!(turns.0.lock().unwrap().len(), 1, "the other is forgotten");
    }

    #[tokio::test]
    async fn what_the_gateway_says_is_told_and_a_name_that_is_none_is_not_asked() {
        let (control, mut asked) = mpsc::channel(1);
        let tests = LiveTrunkTests::new(control);
        let trunk = |host: &str| Trunk {
            id: TrunkId(1),
            name: "carrier".into(),
            host: host.into(),
            allow_from: Vec::new(),
        };
        let nowhere = tests.test(TenantId(1), trunk("carrier.invalid")).await.unwrap();
        assert_eq!(nowhere, TrunkTested { address: None, outcome: TrunkOutcome::UnknownHost });
        let far = async {
            let Some(Control::TestTrunk(question, tell)) = asked.recv().await else { panic!("not asked") };
            assert_eq!(question.at, "127.0.0.1:5070".parse().unwrap());
            tell.send(TrunkReply::NotSent).unwrap();
            drop(asked);
        };
        let (tested, ()) = tokio::join!(tests.test(TenantId(1), trunk("127.0.0.1:5070")), far);
        let address = "127.0.0.1:5070".parse().ok();
        assert_eq!(tested.unwrap(), TrunkTested { address, outcome: TrunkOutcome::NotSent });
        let gone = tests.test(TenantId(1), trunk("127.0.0.1")).await;
        assert_eq!(gone, Err(NotTested::Stopping));
    }
}
