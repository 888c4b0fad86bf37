//! `POST /v1/domains/{domain}/trunks/{trunk}/test`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::view::TrunkTestItem;
use crate::auth::Access;
use crate::path::{InPath, shown};
use crate::problem::{Problem, ProblemKind};
use crate::state::App;
use crate::trunks::NotTested;

/// `…/trunks/{trunk}`.
#[derive(Deserialize)]
pub(crate) struct TrunkPath {
    trunk: String,
}

/// Tests a trunk
///
/// Asks the trunk by SIP OPTIONS whether it is there, now, from the address that calls go out from and at the one that
/// they go to (its host is looked up anew), and answers with what it said and what to do about it. A refusal is an
/// answer too: it shows that the way is open. No call is made and nothing is changed. It takes up to ten seconds; a
/// trunk is asked once at a time, and up to six times in a minute.
#[utoipa::path(
    post, path = "/v1/domains/{domain}/trunks/{trunk}/test", tag = "trunks", operation_id = "trunks_test",
    params(
        ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
        ("trunk" = String, Path, description = "The trunk's name", example = "carrier"),
    ),
    responses((status = 200, description = "What came of it", body = TrunkTestItem)),
    security(("bearer" = [])),
    extensions(
        ("x-right" = json!("provisioning")),
        ("x-problems" = json!(["unknown_trunk", "trunk_test_running", "too_many_trunk_tests"]))
    )
)]
pub(crate) async fn test(
    State(app): State<App>,
    access: Access,
    InPath(path): InPath<TrunkPath>,
) -> Result<Json<TrunkTestItem>, Problem> {
    let directory = access.sees(&app).directory().await?;
    let trunk = directory.trunks.values().find(|trunk| trunk.name == path.trunk).cloned();
    let trunk = trunk.ok_or_else(|| {
        Problem::new(ProblemKind::UnknownTrunk, format!("there is no trunk `{}`", shown(&path.trunk)))
    })?;
    let tested = app.trunks.test(access.tenant(), trunk.clone()).await;
    let tested = tested.map_err(|why| refused(why, &trunk.name))?;
    Ok(Json(TrunkTestItem::new(trunk, tested)))
}

fn refused(why: NotTested, trunk: &str) -> Problem {
    match why {
        NotTested::Running => {
            Problem::new(ProblemKind::TrunkTestRunning, format!("`{trunk}` is being asked at this moment"))
        }
        NotTested::TooOften(seconds) => {
            let detail = format!("`{trunk}` was asked as often as it may be in a minute");
            Problem::new(ProblemKind::TooManyTrunkTests, detail).retry_after(seconds)
        }
        NotTested::Busy => Problem::new(ProblemKind::Busy, "too many trunks are being asked"),
        NotTested::Stopping => Problem::plain(ProblemKind::Stopping),
    }
}
