//! What a mail with a report says and brings.

use model::{Tenant, TenantId, Timestamp};
use store::report::due::{Every, ReportSpan, Weekday};
use store::report::{Format, Report};
use store::statistics::intervals::Length;
use store::statistics::queue::QueueFigures;

use super::*;

fn report(language: Option<Language>) -> Report {
    Report {
        name: "Täglich: 8000".into(),
        about: About::Queues,
        queues: vec!["8000".into()],
        agents: Vec::new(),
        groups: Vec::new(),
        span: ReportSpan::Yesterday,
        interval: Length::Hour,
        every: Every::Day,
        weekday: Weekday::Monday,
        day: 1,
        at: 420,
        recipients: vec!["boss@acme.test".into()],
        format: Format::Both,
        language,
        enabled: true,
    }
}

fn asked_of(report: &Report) -> Asked {
    let mut directory = Directory::new(Tenant::new(TenantId(1), "acme.test"));
    directory.tenant.timezone = "Europe/Berlin".into();
    // 07:00 on the Monday after the clock was put forward.
    let due = Timestamp::from_secs(1_774_846_800);
    let bounds = report.span.bounds(due, "Europe/Berlin").unwrap();
    let intervals = Intervals::cut(bounds, report.interval, "Europe/Berlin").unwrap();
    asked(report, &directory, intervals, due)
}

fn content(asked: &Asked) -> Content {
    let figures = QueueFigures { offered: 4, answered: 3, abandoned: 1, ..QueueFigures::default() };
    let mut all = vec![QueueFigures::default(); asked.intervals.count()];
    all[8] = figures;
    Content::Queues(vec![(::report::Subject { number: "8000".into(), name: "Support".into() }, all)])
}

#[test]
fn a_mail_has_the_sums_and_the_way_to_the_page() {
    let report = report(Some(Language::De));
    let asked = asked_of(&report);
    assert_eq!(asked.intervals.count(), 23);
    let sums = ::report::sums(&asked, &content(&asked));
    let link = link("https://cc.acme.test", &report, &asked);
    assert_eq!(link, "https://cc.acme.test/reports?from=2026-03-29&to=2026-03-29&interval=1h&queue=8000");
    let (subject, text) = report_texts::compose(&asked, &sums, Files::Attached, &link);
    assert_eq!(subject, "Täglich: 8000, So 29.03.2026");
    assert!(
        text.starts_with(
            "Täglich: 8000\nSo 29.03.2026 (Europe/Berlin)\n\nAngeboten: 4\nAngenommen: 3 (75 %)\n"
        ),
        "{text}"
    );
    assert!(text.contains("Der Bericht ist angehängt.") && text.contains(&link), "{text}");
    let (_, text) = report_texts::compose(&asked, &sums, Files::TooLarge, &link);
    assert!(text.contains("zu groß für eine E-Mail"), "{text}");
    let (_, text) = report_texts::compose(&asked, &[], Files::TooMuch, &link);
    assert!(text.contains("zu viele Zeilen"), "{text}");
}

#[test]
fn a_mail_brings_the_files_that_were_asked_for() {
    for (format, kinds) in [
        (Format::Csv, vec!["text/csv; charset=utf-8"]),
        (Format::Pdf, vec!["application/pdf"]),
        (Format::Both, vec!["application/pdf", "text/csv; charset=utf-8"]),
    ] {
        let asked = asked_of(&report(None));
        let files = made(&asked, &content(&asked), format).unwrap();
        assert_eq!(files.iter().map(|file| file.kind).collect::<Vec<_>>(), kinds);
        for file in files {
            let begins: &[u8] = if file.kind == "application/pdf" { b"%PDF-1.7" } else { b"queue,name," };
            assert!(file.bytes.starts_with(begins));
            assert!(file.name.starts_with("T-glich-8000-2026-03-29."), "{}", file.name);
        }
    }
}
