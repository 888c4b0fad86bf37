//! Reports by e-mail: figures of a time, as files.

use std::sync::Arc;
use std::time::Duration;

use api::reports::{Gathered, Subjects, Ungathered, gather};
use api::storage::{FiguresFailed, Storage};
use model::Directory;
use outbound::mail::{File, Mail, MailError, Mailer};
use outbound::plain;
use report::{Asked, Content, ReportError};
use store::report::due::Timetable;
use store::report::mails::ReportMail;
use store::report::{About, Language, Report};
use store::statistics::intervals::Intervals;
use store::{Errand, OutboxRow, Store};
use switch::{AskError, Clock, Handle};

use super::report_texts::{self, Files};
use super::{Carrier, Outcome};

/// Sends reports.
pub(crate) struct Reports {
    pub(crate) mailer: Mailer,
    pub(crate) switch: Handle,
    pub(crate) store: Store,
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) clock: Clock,
    /// What links begin with, `https://cordboard.example.com`.
    pub(crate) web: String,
    /// Largest files that are sent, bytes together.
    pub(crate) attachment_max: u64,
    /// A mail older than this is given up.
    pub(crate) give_up: Duration,
}

impl Carrier for Reports {
    const ERRAND: Errand = Errand::Report;
    const FIGURE: &'static str = "cordboard_mails_total";
    const CALLED: &'static str = "report";

    async fn carry(&self, row: OutboxRow) -> Outcome {
        let mail = match self.store.report_mail(row.record.0).await {
            Ok(Some(mail)) => mail,
            Ok(None) => return Outcome::Pointless,
            Err(error) => return Outcome::Failed { what: error.to_string(), all: false },
        };
        let is_hers = mail.report.enabled && mail.report.recipients.contains(&mail.recipient);
        if !mail.asked && !is_hers {
            // It was switched off, or is not for her any more.
            self.note(row, "", true).await;
            return Outcome::Pointless;
        }
        let written = match self.write(&mail, row).await {
            Ok(written) => written,
            Err(Outcome::Hopeless(what)) => {
                self.note(row, &what, true).await;
                return Outcome::Hopeless(what);
            }
            Err(outcome) => return outcome,
        };
        match self.mailer.send(written).await {
            Ok(()) => {
                if let Err(error) = self.store.report_mailed(row.record.0, self.clock.now()).await {
                    tracing::error!(%error, "a report was taken and that cannot be noted");
                }
                Outcome::Done
            }
            Err(error) => self.failed(row, &error).await,
        }
    }
}

impl Reports {
    async fn failed(&self, row: OutboxRow, error: &MailError) -> Outcome {
        let what = error.to_string();
        let (never, all) = match error {
            MailError::Never(_) => (true, false),
            MailError::Later(_) => (false, false),
            MailError::Server(_) => (false, true),
        };
        let for_good = never || self.clock.now().since(row.made_at) >= self.give_up;
        self.note(row, &what, for_good).await;
        if for_good { Outcome::Hopeless(what) } else { Outcome::Failed { what, all } }
    }

    async fn note(&self, row: OutboxRow, what: &str, for_good: bool) {
        if let Err(error) = self.store.report_not_mailed(row.record.0, what, for_good).await {
            tracing::error!(%error, "how a report went cannot be noted");
        }
    }

    /// The mail with its files.
    async fn write(&self, mail: &ReportMail, row: OutboxRow) -> Result<Mail, Outcome> {
        let directory = self.switch.provisioned(mail.tenant).await.map_err(unanswered)?;
        let report = &mail.report;
        let zone = &directory.tenant.timezone;
        let hopeless = |what: String| Outcome::Hopeless(what);
        // One that was asked for is of the day on which it was; the others are of the day on which they were due.
        let bounds = if mail.asked {
            report.span.bounds(mail.due_at, zone)
        } else {
            Timetable::of(report, zone).and_then(|timetable| timetable.bounds(report.span, mail.due_at))
        };
        let bounds = bounds.ok_or_else(|| hopeless("its time is beyond all calendars".into()))?;
        let intervals =
            Intervals::cut(bounds, report.interval, zone).map_err(|error| hopeless(error.to_string()))?;
        let asked = asked(report, &directory, intervals, self.clock.now());
        let subjects = Subjects::of(report, &directory);
        let of = (mail.tenant, &*directory);
        let gathered = gather(&*self.storage, of, &subjects, &asked.intervals, asked.made_at).await;
        let gathered = match gathered {
            Ok(gathered) => Some(Arc::new(gathered)),
            Err(Ungathered::Many(_) | Ungathered::Long(_) | Ungathered::Figures(FiguresFailed::TooMuch)) => {
                None
            }
            Err(Ungathered::Busy) => return Err(Outcome::Busy),
            Err(error @ Ungathered::Figures(FiguresFailed::Storage(_))) => {
                return Err(Outcome::Failed { what: error.detail(), all: false });
            }
        };
        let files = self.files(report, &asked, gathered.clone()).await?;
        let sums = gathered.as_ref().map(|of| report::sums(&asked, of.content())).unwrap_or_default();
        let link = link(&self.web, report, &asked);
        let told = match (&gathered, files.is_empty()) {
            (None, _) => Files::TooMuch,
            (Some(_), true) => Files::TooLarge,
            (Some(_), false) => Files::Attached,
        };
        let (subject, text) = report_texts::compose(&asked, &sums, told, &link);
        let id = format!("report-{}@{}", row.record.0, directory.tenant.name);
        Ok(Mail { to: mail.recipient.clone(), id, subject, text, attachments: files })
    }

    /// The files; none if there is too much for them, or they for a mail.
    async fn files(
        &self,
        report: &Report,
        asked: &Asked,
        gathered: Option<Arc<Gathered>>,
    ) -> Result<Vec<File>, Outcome> {
        let Some(gathered) = gathered else { return Ok(Vec::new()) };
        let (asked, format) = (asked.clone(), report.format);
        // A long one takes a moment, and no other errand waits for it.
        let made = tokio::task::spawn_blocking(move || made(&asked, gathered.content(), format));
        let files = match made.await {
            Ok(Ok(files)) => files,
            Ok(Err(ReportError::TooLong(_))) => return Ok(Vec::new()),
            Ok(Err(error @ ReportError::Document(_))) => return Err(Outcome::Hopeless(error.to_string())),
            Err(error) => return Err(Outcome::Hopeless(error.to_string())),
        };
        let size: usize = files.iter().map(|file| file.bytes.len()).sum();
        Ok(if size as u64 > self.attachment_max { Vec::new() } else { files })
    }
}

fn unanswered(error: AskError) -> Outcome {
    match error {
        AskError::UnknownDomain => Outcome::Pointless,
        AskError::Busy | AskError::Stopped => Outcome::Busy,
    }
}

fn asked(report: &Report, directory: &Directory, intervals: Intervals, made_at: model::Timestamp) -> Asked {
    Asked {
        title: plain(&report.name),
        domain: directory.tenant.name.clone(),
        zone: directory.tenant.timezone.clone(),
        language: report.language.unwrap_or_else(|| Language::of_domain(&directory.tenant.language)),
        intervals,
        length: report.interval,
        made_at,
    }
}

fn made(asked: &Asked, content: &Content, format: store::report::Format) -> Result<Vec<File>, ReportError> {
    let name = report_texts::file_name(asked);
    let mut files = Vec::new();
    if format.has_pdf() {
        let bytes = report::pdf(asked, content)?;
        files.push(File { name: format!("{name}.pdf"), kind: "application/pdf", bytes });
    }
    if format.has_csv() {
        let bytes = report::csv(asked, content)?;
        files.push(File { name: format!("{name}.csv"), kind: "text/csv; charset=utf-8", bytes });
    }
    Ok(files)
}

/// The page that shows the same figures: of one queue or agent, or of all queues.
fn link(web: &str, report: &Report, asked: &Asked) -> String {
    let (from, to) = report_texts::days(asked);
    let whose = match (report.about, report.queues.as_slice(), report.agents.as_slice()) {
        (About::Queues, [queue], _) => format!("&queue={queue}"),
        (About::Agents, _, [agent]) if report.groups.is_empty() => format!("&agent={agent}"),
        (About::Agents, _, _) => "&agent=".into(),
        (About::Queues, _, _) => String::new(),
    };
    format!("{web}/reports?from={from}&to={to}&interval={}{whose}", store::words::Word::word(report.interval))
}

#[cfg(test)]
#[path = "reports_tests.rs"]
mod tests;
