//! What a caller's agent must know, as JSON in a column.

use model::SkillNeed;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::sql::{from_json, to_json};

#[derive(Serialize, Deserialize)]
struct NeedRow {
    skill: String,
    level: u8,
    relax_after: u32,
    relax_by: u8,
}

/// Needs as the column keeps them.
pub(crate) fn write(needs: &[SkillNeed]) -> Result<String, StoreError> {
    let rows = needs.iter().cloned().map(|SkillNeed { skill, level, relax_after, relax_by }| NeedRow {
        skill,
        level,
        relax_after,
        relax_by,
    });
    to_json(&rows.collect::<Vec<_>>())
}

/// Needs from their column.
pub(crate) fn read(text: &str) -> Result<Vec<SkillNeed>, StoreError> {
    let rows: Vec<NeedRow> = from_json(text, "skills that are asked for")?;
    let need =
        |NeedRow { skill, level, relax_after, relax_by }| SkillNeed { skill, level, relax_after, relax_by };
    Ok(rows.into_iter().map(need).collect())
}
