//! Reports that go by e-mail.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::provisioning::limits::{NAME_MAX, REPORT_RECIPIENTS_MAX, REPORT_SUBJECTS_MAX};

/// What a report is about.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportAboutShape {
    /// What came of queues' calls.
    Queues,
    /// What agents did.
    Agents,
}

/// Which time a report is about, seen from the day on which it goes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportSpanShape {
    /// The day before.
    Yesterday,
    /// The week before, Monday to Sunday.
    LastWeek,
    /// The month before.
    LastMonth,
}

/// How long a row of a report is.
#[derive(Debug, Deserialize, JsonSchema)]
pub enum ReportIntervalShape {
    /// 15 minutes.
    #[serde(rename = "15m")]
    Quarter,
    /// 30 minutes.
    #[serde(rename = "30m")]
    Half,
    /// An hour.
    #[serde(rename = "1h")]
    Hour,
    /// A day.
    #[serde(rename = "1d")]
    Day,
}

/// On which days a report goes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportEveryShape {
    /// On each.
    Day,
    /// On one of the week, `weekday`.
    Week,
    /// On one of the month, `day`.
    Month,
}

/// A day of the week.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "their names say it")]
pub enum WeekdayShape {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// The files that a mail brings.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormatShape {
    /// A table for spreadsheets.
    Csv,
    /// A document to read.
    Pdf,
    /// Both.
    Both,
}

/// The language of a report.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportLanguageShape {
    /// English.
    En,
    /// German.
    De,
}

/// Figures that go by e-mail at set times.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportShape {
    /// Its name, unique; mails have it as their subject.
    #[schemars(length(min = 1, max = NAME_MAX))]
    pub name: String,
    /// What it is about; `queues` unless set.
    #[schemars(extend("default" = "queues"))]
    pub about: Option<ReportAboutShape>,
    /// About queues: which, by number; all unless set.
    #[serde(default)]
    #[schemars(length(max = REPORT_SUBJECTS_MAX))]
    pub queues: Vec<String>,
    /// About agents: which, by extension; all unless these or `groups` are set.
    #[serde(default)]
    #[schemars(length(max = REPORT_SUBJECTS_MAX))]
    pub agents: Vec<String>,
    /// About agents: those of these groups too.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Which time it is about, seen from the day on which it goes; `yesterday` unless set.
    #[schemars(extend("default" = "yesterday"))]
    pub span: Option<ReportSpanShape>,
    /// How long a row is; `1h` unless set.
    #[schemars(extend("default" = "1h"))]
    pub interval: Option<ReportIntervalShape>,
    /// On which days it goes; each `day` unless set.
    #[schemars(extend("default" = "day"))]
    pub every: Option<ReportEveryShape>,
    /// The day, if it goes weekly; `monday` unless set.
    #[schemars(extend("default" = "monday"))]
    pub weekday: Option<WeekdayShape>,
    /// The day, if it goes monthly: 1 to 31, the last day of a month that is shorter; 1 unless set.
    #[schemars(range(min = 1, max = 31), extend("default" = 1))]
    pub day: Option<u8>,
    /// When on that day, `HH:MM` by the domain's clock; `07:00` unless set.
    #[schemars(regex(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), extend("default" = "07:00"))]
    pub at: Option<String>,
    /// Who gets it: e-mail addresses.
    #[schemars(length(min = 1, max = REPORT_RECIPIENTS_MAX))]
    pub recipients: Vec<String>,
    /// As which files; `pdf` unless set.
    #[schemars(extend("default" = "pdf"))]
    pub format: Option<ReportFormatShape>,
    /// In which language; the domain's unless set.
    pub language: Option<ReportLanguageShape>,
    /// Whether it goes; true unless set.
    #[schemars(extend("default" = true))]
    pub enabled: Option<bool>,
}
