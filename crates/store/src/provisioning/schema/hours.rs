//! Hours of a week, and business hours with their holidays.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::provisioning::limits::NAME_MAX;

/// When a place is open. A day that is not there is closed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BusinessHoursShape {
    /// What numbers, queues and agents name them by.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub name: String,
    /// Whose local time, an IANA time zone; the domain's unless set.
    pub timezone: Option<String>,
    /// Monday.
    pub monday: Option<DayShape>,
    /// Tuesday.
    pub tuesday: Option<DayShape>,
    /// Wednesday.
    pub wednesday: Option<DayShape>,
    /// Thursday.
    pub thursday: Option<DayShape>,
    /// Friday.
    pub friday: Option<DayShape>,
    /// Saturday.
    pub saturday: Option<DayShape>,
    /// Sunday.
    pub sunday: Option<DayShape>,
    /// Days that are no working days, whatever the slots say.
    #[serde(default)]
    pub holidays: Vec<HolidayShape>,
}

/// A holiday: one `date`, or days `from` and `to`, both included.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayShape {
    /// What it is called.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub name: String,
    /// Its one day.
    #[schemars(extend("format" = "date"))]
    pub date: Option<String>,
    /// Its first day.
    #[schemars(extend("format" = "date"))]
    pub from: Option<String>,
    /// Its last day.
    #[schemars(extend("format" = "date"))]
    pub to: Option<String>,
    /// Whether it comes again every year; false unless set.
    #[schemars(extend("default" = false))]
    pub yearly: Option<bool>,
}

/// An agent's hours: business hours by name, or hours of her own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum AgentHoursShape {
    /// The name of business hours.
    Named(String),
    /// Hours of her own.
    Own(HoursShape),
}

/// Hours of a week.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HoursShape {
    /// Monday.
    pub monday: Option<DayShape>,
    /// Tuesday.
    pub tuesday: Option<DayShape>,
    /// Wednesday.
    pub wednesday: Option<DayShape>,
    /// Thursday.
    pub thursday: Option<DayShape>,
    /// Friday.
    pub friday: Option<DayShape>,
    /// Saturday.
    pub saturday: Option<DayShape>,
    /// Sunday.
    pub sunday: Option<DayShape>,
}

/// A day: slots as `09:00-17:00`, of which one that ends before it starts goes over midnight, or `all_day`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum DayShape {
    /// Its slots.
    Slots(Vec<SlotShape>),
    /// From midnight to midnight.
    Whole(AllDayShape),
}

/// Open from midnight to midnight.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllDayShape {
    /// `all_day`.
    AllDay,
}

/// A slot of a day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SlotShape(
    #[schemars(regex(pattern = r"^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$"))] pub String,
);
