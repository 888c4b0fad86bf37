//! `GET /v1/domains/{domain}/ring-groups`.

use axum::extract::State;
use model::{RingGroup, RingStrategy};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::page::{List, Listed, Listing};
use crate::problem::Problem;
use crate::state::App;
use crate::v1::numbers::plan::PlanItem;

/// Several phones under one number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RingGroupItem {
    /// Its number.
    #[schema(example = "7100")]
    number: String,
    /// Its name.
    #[schema(example = "Workshop")]
    name: String,
    /// In which order its members are rung.
    strategy: RingStrategyWord,
    /// Extensions, in their order.
    #[schema(example = json!(["1001", "1002"]))]
    members: Vec<String>,
    /// Seconds a member rings, or all of them together.
    ring_time: u32,
    /// Seconds a call stays at most; 0: as long as its rounds take.
    max_time: u32,
    /// Whether members on a call are left out.
    skip_busy: bool,
    /// How many rounds follow the first.
    repeat: u8,
    /// Where the caller goes if nobody answers.
    on_no_answer: PlanItem,
}

/// In which order the members of a ring group are rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RingStrategyWord {
    /// All at once.
    RingAll,
    /// One after the other, in their order.
    Linear,
    /// One after the other, and those before go on ringing.
    LinearCascade,
    /// One after the other, beginning behind the one who was rung last.
    Cyclic,
    /// One after the other, first the one whose last call ended longest ago.
    LongestIdle,
    /// One after the other, in an order drawn for each round.
    Random,
}

impl From<RingStrategy> for RingStrategyWord {
    fn from(strategy: RingStrategy) -> Self {
        match strategy {
            RingStrategy::RingAll => Self::RingAll,
            RingStrategy::Linear => Self::Linear,
            RingStrategy::LinearCascade => Self::LinearCascade,
            RingStrategy::Cyclic => Self::Cyclic,
            RingStrategy::LongestIdle => Self::LongestIdle,
            RingStrategy::Random => Self::Random,
        }
    }
}

impl RingGroupItem {
    fn new(group: &RingGroup) -> Self {
        Self {
            number: group.number.to_string(),
            name: group.name.clone(),
            strategy: group.strategy.into(),
            members: group.members.iter().map(ToString::to_string).collect(),
            ring_time: group.ring_time,
            max_time: group.max_time,
            skip_busy: group.skip_busy,
            repeat: group.repeat,
            on_no_answer: (&group.on_no_answer).into(),
        }
    }
}

/// Lists the ring groups
///
/// All of them, by number.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/ring-groups", tag = "domain", operation_id = "ring_groups_list",
    params(("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~")),
    responses((status = 200, description = "All ring groups", body = List<RingGroupItem>)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("read")),
        ("x-list" = json!({"sort": ["number", "name"], "id": ["number"], "q": ["number", "name", "members"]}))
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    access: Access,
    listing: Listing,
) -> Result<Listed, Problem> {
    let directory = access.sees(&app).directory().await?;
    listing.of_all(directory.ring_groups.values().map(RingGroupItem::new))
}
