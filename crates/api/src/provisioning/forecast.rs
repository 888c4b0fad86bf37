//! What a plan would have made of the recorded day, as data.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The recorded day of one queue: as it was, and under the plan. A call counts for the first queue it stood in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QueueForecast {
    /// The queue's number.
    #[schema(example = "8000")]
    pub queue: String,
    /// How long the recorded stretch is, seconds; at most a day.
    #[schema(example = 86_400.0)]
    pub length: f64,
    /// How often it was run, each time with other chance.
    #[schema(example = 10)]
    pub runs: u32,
    /// Calls that came.
    pub offered: Compared,
    /// Answered within the queue's threshold, of all calls that came; 0 to 1.
    pub service_level: Compared,
    /// Mean wait of the answered, seconds.
    pub wait_mean: Compared,
    /// Gave up, of all calls that came; 0 to 1.
    pub abandoned: Compared,
    /// Were sent away by a rule, or found no queue, of all calls that came; 0 to 1.
    pub left: Compared,
}

/// One figure; null where there is nothing to make it of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Compared {
    /// As it was.
    #[schema(example = 0.812)]
    pub recorded: Option<f64>,
    /// The same in the model, under the provisioning it had: how far that lies from `recorded` is how far the model
    /// can be trusted.
    #[schema(example = 0.807)]
    pub modelled: Option<f64>,
    /// In the model under the plan, mean over the runs.
    #[schema(example = 0.84)]
    pub planned: Option<f64>,
    /// The standard error of `planned`.
    #[schema(example = 0.011)]
    pub planned_error: Option<f64>,
}
