//! Webhooks and their deliveries as they are shown.

use serde::Serialize;
use store::webhook::log::{Delivery, DeliveryDetail, DeliveryState};
use store::webhook::outcome::Attempt;
use store::webhook::state::WebhookState;
use utoipa::ToSchema;

use crate::time::{Time, seconds_of_ms};

/// Whether a webhook is told of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WebhookStateWord {
    /// Deliveries are sent.
    Active,
    /// Nothing is sent until it is resumed, or provisioned with another address; what happens waits.
    Paused,
    /// It is switched off in what is provisioned: nothing is kept for it.
    Disabled,
}

/// A webhook. Its secret is not shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookItem {
    /// Its name.
    #[schema(example = "crm")]
    name: String,
    /// Where events are sent.
    #[schema(example = "https://crm.example.com/hook")]
    url: String,
    /// Whether it is switched on.
    enabled: bool,
    /// Whether anything is sent.
    state: WebhookStateWord,
    /// Why it is paused.
    #[schema(example = "it answered 410")]
    reason: Option<String>,
    /// Since when it is paused.
    since: Option<Time>,
    /// Deliveries that wait.
    waiting: u64,
    /// Deliveries that were taken since it was made.
    delivered: u64,
    /// Deliveries that were given up since it was made.
    given_up: u64,
    /// Of these, those that were given up because too many waited, or for too long.
    dropped: u64,
    /// When the last one was taken.
    last_success_at: Option<Time>,
    /// When a try failed last.
    last_failure_at: Option<Time>,
    /// Why.
    #[schema(example = "it answered 500")]
    last_failure: Option<String>,
}

impl From<WebhookState> for WebhookItem {
    fn from(of: WebhookState) -> Self {
        let state = match (of.webhook.enabled, &of.paused) {
            (false, _) => WebhookStateWord::Disabled,
            (true, Some(_)) => WebhookStateWord::Paused,
            (true, None) => WebhookStateWord::Active,
        };
        let split = |both: Option<(model::Timestamp, String)>| {
            both.map_or((None, None), |(at, why)| (Some(Time(at)), Some(why)))
        };
        let (since, reason) = split(of.paused);
        let (last_failure_at, last_failure) = split(of.last_failure);
        Self {
            name: of.webhook.name,
            url: of.webhook.url,
            enabled: of.webhook.enabled,
            state,
            reason,
            since,
            waiting: of.waiting,
            delivered: of.delivered,
            given_up: of.given_up,
            dropped: of.dropped,
            last_success_at: of.last_success_at.map(Time),
            last_failure_at,
            last_failure,
        }
    }
}

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryStateWord {
    /// It is to be sent, for the first time or again.
    Waiting,
    /// The receiver has it.
    Delivered,
    /// It is not sent any more.
    GivenUp,
}

impl From<DeliveryState> for DeliveryStateWord {
    fn from(state: DeliveryState) -> Self {
        match state {
            DeliveryState::Waiting => Self::Waiting,
            DeliveryState::Delivered => Self::Delivered,
            DeliveryState::GivenUp => Self::GivenUp,
        }
    }
}

/// A delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryItem {
    /// Its id: `webhook-id` of each try.
    #[schema(example = "0f7c5a1e-0c7b-4f43-9d6e-5a0f6a1c9b11")]
    id: String,
    /// What kind of event: `type` of the body.
    #[serde(rename = "type")]
    #[schema(example = "call_ended")]
    kind: String,
    /// The event's number on the event socket; null if it is about the webhook itself.
    seq: Option<u64>,
    /// What it is about: of one object, one is sent after the other.
    #[schema(example = "call 17")]
    object: String,
    /// When it was made.
    made_at: Time,
    /// How far it has come.
    state: DeliveryStateWord,
    /// How often it was tried since it was made, or since it was sent again by request.
    tries: u32,
    /// While it waits: when it is tried next, if nothing older of its object waits.
    next_try_at: Option<Time>,
    /// When it was taken or given up.
    ended_at: Option<Time>,
    /// Why it was given up.
    reason: Option<String>,
}

impl From<Delivery> for DeliveryItem {
    fn from(of: Delivery) -> Self {
        Self {
            id: of.message,
            kind: of.kind,
            seq: of.seq,
            object: of.object,
            made_at: of.made_at.into(),
            state: of.state.into(),
            tries: of.tries,
            next_try_at: of.due_at.map(Time),
            ended_at: of.ended_at.map(Time),
            reason: of.reason,
        }
    }
}

/// One try.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttemptItem {
    /// When it began.
    at: Time,
    /// How long it took, seconds.
    seconds: f64,
    /// The status of the answer; null if there was none.
    #[schema(example = 200)]
    status: Option<u16>,
    /// The beginning of the answer's body.
    answer: String,
    /// Why the delivery was not taken; null if it was.
    #[schema(example = "it answered 500")]
    error: Option<String>,
}

impl From<Attempt> for AttemptItem {
    fn from(Attempt { at, milliseconds, status, answer, error }: Attempt) -> Self {
        Self { at: at.into(), seconds: seconds_of_ms(milliseconds), status, answer, error }
    }
}

/// A delivery with all that is kept of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryDetailItem {
    /// The delivery.
    #[serde(flatten)]
    delivery: DeliveryItem,
    /// The body, byte for byte as it is signed and sent.
    #[schema(example = "{\"type\":\"call_ended\",\"timestamp\":\"2026-03-01T09:30:00.000Z\",\"data\":{}}")]
    payload: String,
    /// The last twenty tries, in order.
    attempts: Vec<AttemptItem>,
}

impl From<DeliveryDetail> for DeliveryDetailItem {
    fn from(DeliveryDetail { delivery, payload, attempts }: DeliveryDetail) -> Self {
        Self {
            delivery: delivery.into(),
            payload,
            attempts: attempts.into_iter().map(AttemptItem::from).collect(),
        }
    }
}

/// What came of a test.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TestedItem {
    /// Whether the receiver has it.
    delivered: bool,
    /// The id under which it stands in the log.
    delivery: String,
    /// The one try.
    attempt: AttemptItem,
}

impl From<crate::webhooks::Tested> for TestedItem {
    fn from(crate::webhooks::Tested { delivery, attempt }: crate::webhooks::Tested) -> Self {
        Self { delivered: attempt.error.is_none(), delivery, attempt: attempt.into() }
    }
}
