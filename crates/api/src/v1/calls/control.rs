//! What the operations on a talk share: who may, and what a rejection means here.

use engine::{Rejection, Reply, Request};
use model::CallId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Access;
use crate::path::unknown_call;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::v1::agents::act::rejected;

/// Nothing: these operations take no fields.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoBody {}

/// Asks the switch for something about a call. The agent on it may, and supervisors and above; whether she is on it
/// is decided where the call is.
pub(crate) async fn ask(
    app: &App,
    access: &Access,
    call: CallId,
    request: impl FnOnce(bool) -> Request,
) -> Result<Reply, Problem> {
    let request = request(!access.may_control_calls());
    let reply = access.sees(app).request(request).await?;
    match reply {
        Ok(reply) => Ok(reply),
        Err(Rejection::UnknownCall) => match access.sees(app).ended(call).await? {
            Some(_) => Err(Problem::new(ProblemKind::CallOver, format!("call {call} has ended already"))),
            None => Err(unknown_call(&call.to_string())),
        },
        Err(rejection) => Err(rejected(rejection)),
    }
}
