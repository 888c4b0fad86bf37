//! `GET /v1/domains/{domain}/numbers/{number}/what-if`.

use axum::Json;
use axum::extract::State;
use engine::{OpeningThen, WhatIf, WhatIfStep};
use model::BlockLevel;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::plan::{PlanItem, RuleWord};
use super::words;
use crate::auth::Access;
use crate::path::{InPath, NumberPath, Params, moment, shown};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::time::Time;
use crate::v1::agents::view::ForwardWord;
use crate::v1::business_hours::OpeningWord;
use crate::v1::names::Names;
use crate::v1::queues::view::OutcomeWord;

/// Most characters of a caller's number.
const CALLER_LENGTH_MAX: usize = model::CallerId::LENGTH_MAX;

/// Which call to think of.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhatIfParams {
    /// When it comes (RFC 3339), in the years 2020 to 2044; now unless set. A `+` in it is written `%2B`.
    #[param(example = "2026-12-24T23:00:00Z")]
    at: Option<String>,
    /// Who calls, for the lists of callers; nobody in particular unless set.
    #[param(example = "4930555", max_length = 64)]
    caller: Option<String>,
}

/// What would happen to a call, step by step.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatIfItem {
    /// The number it is for, as it is provisioned.
    #[schema(example = "+493012345678")]
    number: String,
    /// When it comes.
    at: Time,
    /// The steps, in order.
    steps: Vec<StepItem>,
}

/// One step.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepItem {
    /// When, if nobody answers before.
    at: Time,
    /// What, as data.
    #[serde(flatten)]
    what: WhatItem,
    /// The same in words, moments in the local time of the hours they are about.
    #[schema(example = "The business hours `office` are closed until 2026-12-28T09:00:00+01:00.")]
    text: String,
}

/// What would happen.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(crate) enum WhatItem {
    /// The number is one of the domain's.
    Number {
        /// Which.
        number: String,
    },
    /// The caller is on the blacklist: refused without a word.
    Blacklisted,
    /// Whether night mode is on now: how it will stand then nobody knows.
    NightMode {
        /// Of which queue, by its own switch or the domain's; null: of the domain.
        queue: Option<String>,
        /// On or off.
        on: bool,
    },
    /// What the business hours say.
    Hours {
        /// Their name.
        hours: String,
        /// Open, closed or on a holiday.
        opening: OpeningWord,
        /// The holiday's name.
        holiday: Option<String>,
        /// Until when; null if it does not change for years.
        until: Option<Time>,
    },
    /// The rule of the number that holds, and where it leads.
    Rule {
        /// Which.
        rule: RuleWord,
        /// Where to.
        plan: PlanItem,
    },
    /// The caller comes to a queue.
    Queue {
        /// Which.
        queue: String,
    },
    /// The caller is on the blacklist of the queues.
    KeptOut {
        /// Whether he may go on after a warning.
        may_go_on: bool,
    },
    /// He stands in the line.
    Waits {
        /// Of which queue.
        queue: String,
        /// Seconds at most; null: without a limit.
        longest: Option<u32>,
        /// Members who have their working hours then, or none at all.
        working: usize,
        /// All members.
        members: usize,
        /// Whether he may wait while nobody is logged in and reachable.
        waits_for_nobody: bool,
    },
    /// A queue's plan for a way out of its line.
    Plan {
        /// The way out.
        outcome: OutcomeWord,
        /// Where to.
        plan: PlanItem,
        /// Whether the steps that follow are those of this plan.
        taken: bool,
    },
    /// Phones of an extension ring.
    Rings {
        /// Which.
        extension: String,
        /// Seconds at most.
        longest: u32,
        /// Whether its agent has her working hours then; null if there are none.
        works: Option<bool>,
        /// When the call goes to her personal phone.
        forward_when: ForwardWord,
    },
    /// A ring group rings its members.
    RingGroup {
        /// Its number.
        ring_group: String,
        /// Members who have their working hours then, or none at all.
        working: usize,
        /// All members.
        members: usize,
        /// Seconds at most.
        longest: u32,
        /// Where the caller goes if nobody answers.
        plan: PlanItem,
    },
    /// A number outside is called.
    Outside {
        /// Which.
        number: String,
    },
    /// A flow takes the call; what is next depends on what the caller presses.
    Flow {
        /// Its number.
        flow: String,
    },
    /// The caller can leave a message.
    Mailbox {
        /// In which box.
        mailbox: String,
        /// The prompt that is heard in place of the box's greeting.
        message: Option<String>,
    },
    /// The call ends.
    Ends {
        /// The prompt that is played before.
        message: Option<String>,
    },
    /// Nothing has this number: the call ends.
    Nowhere {
        /// Which.
        number: String,
    },
    /// Plan led on to plan as often as the domain allows: the call ends.
    HopLimit {
        /// How often.
        hops: u8,
    },
}

impl WhatItem {
    fn new(what: &WhatIf, names: Names<'_>) -> Self {
        match what {
            WhatIf::Number(number) => Self::Number { number: number.clone() },
            WhatIf::Blacklisted => Self::Blacklisted,
            WhatIf::NightMode { queue, on } => {
                Self::NightMode { queue: queue.map(|queue| names.queue(queue)), on: *on }
            }
            WhatIf::Hours { hours, opening, until } => {
                let (opening, holiday) = match opening {
                    OpeningThen::Open => (OpeningWord::Open, None),
                    OpeningThen::Closed => (OpeningWord::Closed, None),
                    OpeningThen::Holiday(name) => (OpeningWord::Holiday, Some(name.clone())),
                };
                Self::Hours { hours: hours.clone(), opening, holiday, until: until.map(Time) }
            }
            WhatIf::Rule { rule, action } => Self::Rule { rule: (*rule).into(), plan: action.into() },
            WhatIf::Queue(queue) => Self::Queue { queue: names.queue(*queue) },
            WhatIf::KeptOut(level) => Self::KeptOut { may_go_on: *level == BlockLevel::Warned },
            WhatIf::Waits { queue, longest, working: (working, members), waits_for_nobody } => Self::Waits {
                queue: names.queue(*queue),
                longest: Some(*longest).filter(|longest| *longest > 0),
                working: *working,
                members: *members,
                waits_for_nobody: *waits_for_nobody,
            },
            WhatIf::Plan { outcome, action, taken } => {
                Self::Plan { outcome: (*outcome).into(), plan: action.into(), taken: *taken }
            }
            WhatIf::Rings { extension, agent: _, works, longest, forward_when } => Self::Rings {
                extension: extension.to_string(),
                longest: *longest,
                works: *works,
                forward_when: (*forward_when).into(),
            },
            WhatIf::RingGroup { group, working: (working, members), longest, action } => Self::RingGroup {
                ring_group: group.to_string(),
                working: *working,
                members: *members,
                longest: *longest,
                plan: action.into(),
            },
            WhatIf::Outside(number) => Self::Outside { number: number.clone() },
            WhatIf::Flow(flow) => Self::Flow { flow: words::flow_number(*flow, names) },
            WhatIf::Mailbox { mailbox, message } => {
                Self::Mailbox { mailbox: names.mailbox(*mailbox), message: message.clone() }
            }
            WhatIf::Ends { message } => Self::Ends { message: message.clone() },
            WhatIf::Nowhere(number) => Self::Nowhere { number: number.to_string() },
            WhatIf::HopLimit(hops) => Self::HopLimit { hops: *hops },
        }
    }
}

/// Says what would happen to a call
///
/// Step by step, as it is provisioned and with night mode as it stands now; no call is made. Who will be logged in
/// then is not known: where a caller waits or a phone rings, the steps go on as if nobody answered.
#[utoipa::path(
    get, path = "/v1/domains/{domain}/numbers/{number}/what-if", tag = "domain", operation_id = "numbers_what_if",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("number" = String, Path, description = "The number that is dialed, with or without its `+`", example = "493012345678"),
        WhatIfParams,
    ),
    responses((status = 200, description = "The steps", body = WhatIfItem)),
    security(("bearer" = [])),
    extensions(("x-right" = json!("read")), ("x-problems" = json!(["unknown_number", "invalid_parameter"])))
)]
pub(crate) async fn what_if(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<NumberPath>,
    Params(params): Params<WhatIfParams>,
) -> Result<Json<WhatIfItem>, Problem> {
    let at = moment("at", params.at.as_deref(), &app)?;
    let caller = params.caller.unwrap_or_default();
    if caller.chars().count() > CALLER_LENGTH_MAX {
        let detail = format!("`caller` has more than {CALLER_LENGTH_MAX} characters");
        return Err(Problem::new(ProblemKind::InvalidParameter, detail));
    }
    let directory = access.sees(&app).directory().await?;
    let steps = access.sees(&app).what_if(path.number.clone(), caller, at).await?;
    let steps = steps.ok_or_else(|| {
        let detail = format!("no number dialed from outside is `{}`", shown(&path.number));
        Problem::new(ProblemKind::UnknownNumber, detail)
    })?;
    let names = directory.names();
    let number = steps.iter().find_map(|step| {
        let WhatIf::Number(number) = &step.what else { return None };
        Some(number.clone())
    });
    let item = |WhatIfStep { at, what }: &WhatIfStep| StepItem {
        at: (*at).into(),
        what: WhatItem::new(what, names),
        text: words::step(what, names),
    };
    let number = number.unwrap_or(path.number);
    Ok(Json(WhatIfItem { number, at: at.into(), steps: steps.iter().map(item).collect() }))
}
