//! Hours as columns keep them, and the business hours of a domain.

use model::{BusinessHours, Date, Holiday, Schedule, Slot, TenantId, Zone};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, SqliteConnection};

use crate::error::StoreError;
use crate::sql::{self, from_json, signed, to_json};

/// Business hours, and whose local time they are by. The table of that zone is filled in when a directory is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BusinessHoursRow {
    pub(crate) hours: BusinessHours,
    /// Their own zone; none: the domain's.
    pub(crate) timezone: Option<String>,
}

#[derive(FromRow)]
struct Row {
    name: String,
    timezone: Option<String>,
    slots_json: String,
    holidays_json: String,
}

#[derive(Serialize, Deserialize)]
struct HolidayRow {
    name: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    yearly: bool,
    from: String,
    to: String,
}

impl TryFrom<Row> for BusinessHoursRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let holidays: Vec<HolidayRow> = from_json(&row.holidays_json, "holidays")?;
        let day = |text: &str| parse_date(text).ok_or_else(|| StoreError::corrupt("a holiday", text));
        let holiday = |HolidayRow { name, yearly, from, to }: HolidayRow| {
            Ok::<_, StoreError>(Holiday { name, yearly, from: day(&from)?, to: day(&to)? })
        };
        let holidays = holidays.into_iter().map(holiday).collect::<Result<_, _>>()?;
        let schedule = read_slots(&row.slots_json)?;
        Ok(Self { hours: BusinessHours { name: row.name, schedule, holidays }, timezone: row.timezone })
    }
}

/// A day as ISO 8601 writes it, `2026-12-25`.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let mut part = |digits: usize| {
        parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    if parts.next().is_some() {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Slots as a column keeps them: the minutes of a week from and to which it is open.
pub(crate) fn write_slots(hours: &Schedule) -> Result<String, StoreError> {
    to_json(&hours.slots.iter().map(|slot| (slot.from, slot.to)).collect::<Vec<_>>())
}

/// Slots from their column, without their zone.
pub(crate) fn read_slots(text: &str) -> Result<Schedule, StoreError> {
    let slots: Vec<(u32, u32)> = from_json(text, "hours")?;
    let slots = slots.into_iter().map(|(from, to)| Slot { from, to }).collect();
    Ok(Schedule { slots, zone: Zone::default() })
}

/// The business hours of a domain, by name.
pub(crate) async fn list(
    conn: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<BusinessHoursRow>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT name, timezone, slots_json, holidays_json FROM business_hours WHERE tenant = $1 ORDER BY name",
    )
    .bind(signed(tenant.0))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(BusinessHoursRow::try_from).collect()
}

/// Makes or changes business hours.
pub(crate) async fn save(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    row: &BusinessHoursRow,
) -> Result<(), StoreError> {
    let BusinessHoursRow { hours: BusinessHours { name, schedule, holidays }, timezone } = row;
    let holidays = holidays.iter().map(|Holiday { name, yearly, from, to }| HolidayRow {
        name: name.clone(),
        yearly: *yearly,
        from: from.to_string(),
        to: to.to_string(),
    });
    sqlx::query(
        "INSERT INTO business_hours (tenant, name, timezone, slots_json, holidays_json)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant, name) DO UPDATE SET timezone = excluded.timezone,
           slots_json = excluded.slots_json, holidays_json = excluded.holidays_json",
    )
    .bind(signed(tenant.0))
    .bind(name)
    .bind(timezone.as_deref())
    .bind(write_slots(schedule)?)
    .bind(to_json(&holidays.collect::<Vec<_>>())?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes business hours.
pub(crate) async fn remove(
    conn: &mut SqliteConnection,
    tenant: TenantId,
    name: &str,
) -> Result<(), StoreError> {
    sql::remove(conn, "DELETE FROM business_hours WHERE tenant = $1 AND name = $2", tenant, name).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_one_way_only() {
        assert_eq!(parse_date("2028-02-29").map(|day| day.to_string()), Some("2028-02-29".into()));
        for wrong in ["2026-02-29", "2026-2-9", "26-02-09", "2026-02-09-1", "2026/02/09", "+026-02-09", ""] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }
}
