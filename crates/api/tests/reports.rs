//! Reports over HTTP: how they fare, sending one now, and figures as files.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use model::Timestamp;
use store::report::due::{Every, ReportSpan, Weekday};
use store::report::mails::ReportState;
use store::report::{About, Format, Report};
use store::statistics::intervals::Length;

use crate::world::{ADA, ANN, GUS, SUE, World};

const PATH: &str = "/v1/domains/~/reports";
const FIGURES: &str = "/v1/domains/~/statistics/document";

/// The one report of acme.test.
pub(crate) fn daily() -> ReportState {
    let report = Report {
        name: "Daily".into(),
        about: About::Queues,
        queues: Vec::new(),
        agents: Vec::new(),
        groups: Vec::new(),
        span: ReportSpan::Yesterday,
        interval: Length::Hour,
        every: Every::Day,
        weekday: Weekday::Monday,
        day: 1,
        at: 420,
        recipients: vec!["boss@acme.test".into(), "ann@acme.test".into()],
        format: Format::Both,
        language: None,
        enabled: true,
    };
    ReportState {
        report,
        next_at: Some(Timestamp::from_secs(1_800_000_000)),
        mailed_at: None,
        waiting: 2,
        problem: Some("it is busy".into()),
    }
}

#[tokio::test]
async fn reports_are_listed_with_how_they_fare() {
    let world = World::new().await;
    let item = world.get(PATH, ADA).await.body["items"][0].clone();
    assert_eq!((&item["name"], &item["next_at"]), (&"Daily".into(), &"2027-01-15T08:00:00.000Z".into()));
    assert_eq!((&item["waiting"], &item["problem"]), (&2.into(), &"it is busy".into()));
    assert_eq!(world.get(PATH, SUE).await.problem(), "forbidden");
}

#[tokio::test]
async fn a_report_is_sent_to_oneself_or_to_its_recipients() {
    let world = World::new().await;
    let path = format!("{PATH}/Daily/send");
    let all = world.post(&path, ADA, r#"{"to": "recipients"}"#).await;
    assert_eq!((all.status, &all.body["mails"]), (202, &2.into()));
    let own = world.post(&path, ADA, r#"{"to": "me"}"#).await;
    assert_eq!((own.status, own.problem()), (409, "not_mailable"), "{}", own.text);
    assert_eq!(*world.kept.sent.lock().unwrap(), ["boss@acme.test,ann@acme.test by Ada Bay"]);
    assert_eq!(world.post(&path, SUE, r#"{"to": "me"}"#).await.problem(), "forbidden");
    assert_eq!(world.post(&path, ADA, r#"{"to": "eve@evil.test"}"#).await.problem(), "invalid_body");
    let unknown = world.post(&format!("{PATH}/Other/send"), ADA, r#"{"to": "recipients"}"#).await;
    assert_eq!(unknown.problem(), "unknown_report");
}

/// What a path answers: its type, and its bytes.
async fn file(world: &World, path: &str, token: &str) -> (u16, String, Vec<u8>) {
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    world.bytes(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn figures_come_as_a_document_or_as_a_table() {
    let world = World::new().await;
    world.make_ready("1001").await;
    world.whole_call(2).await;
    for path in [
        FIGURES.to_owned(),
        format!("{FIGURES}?queue=8000&language=de"),
        format!("{FIGURES}?about=agents"),
        format!("{FIGURES}?about=agents&agent=1001&interval=15m"),
    ] {
        let (status, kind, bytes) = file(&world, &path, SUE).await;
        assert_eq!((status, kind.as_str()), (200, "application/pdf"), "{path}");
        assert!(bytes.starts_with(b"%PDF-1.7") && bytes.len() > 5_000, "{path}");
    }
    let (_, _, preview) = file(&world, &format!("{PATH}/Daily/document"), ADA).await;
    assert!(preview.starts_with(b"%PDF-1.7"));
    for (path, token, problem) in [
        (format!("{PATH}/Other/document"), ADA, "unknown_report"),
        (format!("{PATH}/Daily/document"), SUE, "forbidden"),
        (format!("{FIGURES}?queue=8099"), SUE, "unknown_queue"),
        (format!("{FIGURES}?about=agents&agent=1099"), SUE, "unknown_agent"),
        (format!("{FIGURES}?time_zone=Mars"), SUE, "unusable_span"),
        (format!("{FIGURES}?format=doc"), SUE, "invalid_parameter"),
        (format!("{}?queue=8000", FIGURES.replace('~', "acme.test")), GUS, "unknown_domain"),
    ] {
        assert_eq!(world.get(&path, token).await.problem(), problem, "{path}");
    }
}

#[tokio::test]
async fn the_table_has_the_columns_and_the_numbers_of_the_statistics() {
    let world = World::new().await;
    world.make_ready("1001").await;
    world.whole_call(2).await;
    for (about, path) in [("queue=8000", "queues/8000"), ("about=agents&agent=1001", "agents/1001")] {
        let (_, kind, ours) = file(&world, &format!("{FIGURES}?{about}&format=csv&interval=1d"), ANN).await;
        assert_eq!(kind, "text/csv; charset=utf-8");
        let ours = rows(&String::from_utf8(ours).unwrap());
        let path = format!("/v1/domains/~/{path}/statistics/intervals?interval=1d");
        let request =
            Request::get(path).header("authorization", format!("Bearer {ANN}")).header("accept", "text/csv");
        let theirs = rows(&world.send(request.body(Body::empty()).unwrap()).await.text);
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            // How long nothing is known goes on between the two requests.
            let lead = ["queue", "agent", "name", "unknown_time"];
            let theirs: BTreeSet<_> =
                theirs.iter().filter(|(name, _)| !lead.contains(&name.as_str())).collect();
            let ours: BTreeSet<_> = ours.iter().filter(|(name, _)| !lead.contains(&name.as_str())).collect();
            assert_eq!(ours, theirs);
        }
    }
}

/// Rows of a table without quotes, by column.
fn rows(table: &str) -> Vec<BTreeSet<(String, String)>> {
    let mut lines = table.trim_end().split("\r\n").map(|line| line.split(',').map(str::to_owned));
    let head: Vec<String> = lines.next().unwrap().collect();
    lines.map(|cells| head.iter().cloned().zip(cells).collect()).collect()
}
