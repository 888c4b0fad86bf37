//! Tables into a domain: `POST /v1/domains/{domain}/provisioning/{agents, extensions, numbers, members}/import`.
//!
//! A table is read into edits ([`edits`]), and they go the way of all edits: one plan, one transaction, one line of
//! history. What is wrong is led back to its cell.

mod columns;
mod edits;
mod table;

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::Value;
use store::provisioning::schema::json_schema;
use store::provisioning::{Entry, Object, Section};

use self::columns::Column;
use super::change::{ChangeParams, change_in_turn};
use super::{members, read};
use crate::auth::Access;
use crate::author::Origin;
use crate::page::shape::shape_of;
use crate::path::Params;
use crate::problem::{Problem, ProblemKind};
use crate::provisioning::{CellFault, Provisioned};
use crate::state::App;

/// What a table can be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noun {
    /// People who take calls.
    Agents,
    /// Extensions that are nobody's.
    Extensions,
    /// Numbers dialed from outside.
    Numbers,
    /// Who is in which queue.
    Members,
}

impl Noun {
    /// The sets of fields that tell its entries apart; the first that a row has counts.
    const fn keys(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Agents => &[&["extension"], &["email"]],
            Self::Extensions | Self::Numbers => &[&["number"]],
            Self::Members => &[&["queue", "agent"]],
        }
    }

    const fn key_in_words(self) -> &'static str {
        match self {
            Self::Agents => "extension or email",
            Self::Extensions | Self::Numbers => "number",
            Self::Members => "queue and agent",
        }
    }

    /// What one of it is called.
    const fn word(self) -> &'static str {
        match self {
            Self::Agents => "agent",
            Self::Extensions => "extension",
            Self::Numbers => "number",
            Self::Members => "member",
        }
    }

    /// The list of the file that has them.
    const fn section(self) -> Section {
        match self {
            Self::Agents => Section::Agents,
            Self::Extensions => Section::Extensions,
            Self::Numbers => Section::Numbers,
            Self::Members => Section::Queues,
        }
    }

    /// The one with this key.
    fn object(self, key: &[String]) -> Object {
        let part = |index: usize| key.get(index).cloned().unwrap_or_default();
        match self {
            Self::Agents => Object::Agent(part(0)),
            Self::Extensions => Object::Extension(part(0)),
            Self::Numbers => Object::Number(part(0)),
            Self::Members => Object::Member { queue: part(0), agent: part(1) },
        }
    }

    /// Whether a column is a field of the entry itself: a member's queue is where it stands.
    fn is_field(self, name: &str) -> bool {
        self != Self::Members || name != members::QUEUE
    }

    /// The columns that a table of it can have.
    fn columns(self) -> Vec<Column> {
        let document = json_schema();
        let of = |shape: &str| {
            let schema = document.pointer(&format!("/$defs/{shape}")).unwrap_or(&Value::Null);
            Column::all(schema, &document)
        };
        match self {
            Self::Members => {
                std::iter::once(Column::text(members::QUEUE)).chain(of(members::SHAPE)).collect()
            }
            Self::Agents | Self::Extensions | Self::Numbers => of(shape_of(self.section())),
        }
    }

    /// What of it is there, and what it must point to.
    async fn there(self, app: &App, access: &Access) -> Result<There, Problem> {
        let entries = super::entries_of(app, access, self.section()).await?;
        if self != Self::Members {
            return Ok(There { entries, queues: None });
        }
        let queues = entries.iter().filter_map(|queue| queue.key.first().cloned()).collect();
        Ok(There { entries: members::of(entries), queues: Some(queues) })
    }
}

/// What is there before a table is imported.
struct There {
    /// What its rows may be about.
    entries: Vec<Entry>,
    /// With members: the queues in which they can be.
    queues: Option<BTreeSet<String>>,
}

/// Plans and, unless it is a dry run, applies a table.
async fn import(
    noun: Noun,
    (app, access, origin): (&App, &Access, Origin),
    params: &ChangeParams,
    request: Request,
) -> Result<Json<Provisioned>, Problem> {
    // One at a time, from its first byte on: what is there must stay so until it is changed.
    let turn = app.provisioning.acquire().await.map_err(|_| Problem::plain(ProblemKind::Stopping))?;
    let text = read(app, request.into_body()).await?;
    let there = noun.there(app, access).await?;
    let read = move || {
        let rows = table::rows(&text).map_err(|fault| vec![fault])?;
        edits::edits(noun, &noun.columns(), &there, &rows)
    };
    // A large table takes some milliseconds of a processor.
    let read = tokio::task::spawn_blocking(read).await.map_err(|_| Problem::plain(ProblemKind::Internal))?;
    let mut made = read.map_err(refused)?;
    let edits = std::mem::take(&mut made.edits);
    let report = change_in_turn(app, access, origin, (edits, params), &turn).await;
    report.map(Json).map_err(|problem| {
        if problem.kind != ProblemKind::InvalidChange {
            return problem;
        }
        refused(problem.faults.into_iter().map(|fault| made.told(fault)).collect())
    })
}

fn refused(cells: Vec<CellFault>) -> Problem {
    let count = cells.len();
    let detail = match cells.first() {
        Some(first) if count == 1 => first.text.clone(),
        Some(_) | None => format!("there are {count} things to mend"),
    };
    Problem::new(ProblemKind::InvalidTable, detail).cells(cells)
}

/// The operation of one noun.
macro_rules! operation {
    ($name:ident, $noun:ident, $path:literal, $id:literal, $words:literal, $key:literal) => {
        /// Imports a table.
        #[utoipa::path(
            post, path = $path, tag = "provisioning", operation_id = $id,
            summary = concat!("Imports ", $words, " from a table"),
            description = concat!(
                "The body is a table (CSV in UTF-8, at most 20,000 rows of 64 columns): a row with the names of fields \
                 as the provisioning file has them, ", $key, " among them, then a row for each of the ", $words, ". \
                 What is not there is made; of what is there the fields of the table's columns become what it says, an \
                 empty cell the default, and all others stay. A secret whose cell is empty stays too. What the table \
                 does not name is not touched. Lists have `;` between their parts, what is deeper is JSON, and a `'` \
                 before what a spreadsheet would take for a formula is no part of the text: what was given to \
                 who accepts `text/csv` is taken as it is, and changes nothing.\n\n\
                 All of it is done in one transaction, or nothing; a dry run gives the plan, and what live calls would \
                 feel. What is wrong is told in `cells`, with line and column. At most 1,000 rows may differ from what \
                 is there."
            ),
            params(
                ("domain" = String, Path, description = "The domain's name, or `~` for the login's own", example = "~"),
                ChangeParams,
            ),
            request_body(
                description = "The table; its content type is not looked at",
                content((String = "text/csv"), (String = "text/plain"))
            ),
            responses((status = 200, description = "What came of it", body = Provisioned)),
            security(("bearer" = [])),
            extensions(
                ("x-right" = json!("provisioning")),
                ("x-problems" = json!([
                    "unknown_entry", "entry_exists", "invalid_table", "stale_plan", "invalid_parameter", "invalid_body",
                    "too_large", "too_slow"
                ]))
            )
        )]
        pub(crate) async fn $name(
            State(app): State<App>,
            access: Access,
            origin: Origin,
            Params(params): Params<ChangeParams>,
            request: Request,
        ) -> Result<Json<Provisioned>, Problem> {
            import(Noun::$noun, (&app, &access, origin), &params, request).await
        }
    };
}

operation!(
    agents,
    Agents,
    "/v1/domains/{domain}/provisioning/agents/import",
    "provisioning_agents_import",
    "agents",
    "`extension` or `email`"
);
operation!(
    extensions,
    Extensions,
    "/v1/domains/{domain}/provisioning/extensions/import",
    "provisioning_extensions_import",
    "extensions",
    "`number`"
);
operation!(
    numbers,
    Numbers,
    "/v1/domains/{domain}/provisioning/numbers/import",
    "provisioning_numbers_import",
    "numbers",
    "`number`"
);
operation!(
    members,
    Members,
    "/v1/domains/{domain}/provisioning/members/import",
    "provisioning_members_import",
    "members",
    "`queue` and `agent`"
);
