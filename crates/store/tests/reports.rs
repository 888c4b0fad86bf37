//! Reports as they are provisioned, and what they owe: each mail once.

use std::time::Duration;

use model::{TenantId, Timestamp};
use serde_json::json;
use store::provisioning::{Change, Edit, Object, parse};
use store::report::mails::SendError;
use store::{Author, Errand};

use crate::world::{PROMPTS, World};

/// A minute before the report is due in Berlin, on a Tuesday.
const BEFORE: Timestamp = Timestamp::from_secs(1_777_956_000 - 60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

fn file(reports: &str) -> String {
    format!(
        "domain: acme.test\ntimezone: Europe/Berlin\ngroups: [sales]\nqueues:\n  \
         - {{number: \"8000\", name: Support, on_no_answer: {{hangup: {{message: goodbye}}}}}}\nreports:\n{reports}"
    )
}

/// At 06:40, which is 04:40 UTC in summer: 1777956000 is 2026-05-05T04:40:00Z.
const DAILY: &str = "  - {name: Daily, at: \"06:40\", recipients: [ann@acme.test, bob@acme.test]}\n";

async fn applied(world: &World, text: &str, now: Timestamp) -> TenantId {
    let plan = world.plan(text).await;
    world.store.apply(&plan, now).await.unwrap().tenant
}

/// The mails that wait: to whom, and when they were due.
async fn waiting(world: &World) -> Vec<(String, Timestamp)> {
    let mut found = Vec::new();
    for row in world.store.outbox(Errand::Report, 100).await.unwrap() {
        if let Some(mail) = world.store.report_mail(row.record.0).await.unwrap() {
            found.push((mail.recipient, mail.due_at));
        }
    }
    found
}

async fn started() -> World {
    let world = World::new().await;
    world.store.set_mails(true);
    world
}

#[tokio::test]
async fn a_report_is_what_the_file_says() {
    let world = started().await;
    applied(&world, &file(DAILY), BEFORE).await;
    let changed =
        DAILY.replace("at: \"06:40\"", "at: \"06:41\", queues: [\"8000\"], format: both, language: de");
    assert_eq!(
        world.lines(&file(&changed)).await,
        [
            "~ report Daily queues all -> [8000]",
            "~ report Daily at 06:40 -> 06:41",
            "~ report Daily format pdf -> both",
            "~ report Daily language none -> de",
        ]
    );
    assert_eq!(world.lines(&file("")).await, ["- report Daily"]);
    let edit = Edit {
        object: Object::Report("Daily".into()),
        change: Change::Patch(json!({"enabled": false})),
        expected: None,
    };
    let edited = world.store.plan_edits("acme.test", &[edit], &PROMPTS).await.unwrap();
    assert_eq!(edited.plan.to_string(), "~ report Daily enabled true -> false");
}

#[tokio::test]
async fn what_may_not_be_says_why() {
    let said = |report: &str| {
        let problems = parse(&file(&format!("  - {{{report}}}\n")), &PROMPTS).expect_err("it has a problem");
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    for (report, wanted) in [
        ("name: A", "the report wants at least one address in `recipients`"),
        ("name: A, recipients: [ann]", "`email` of the report is `ann`; that is no e-mail address"),
        ("name: A, recipients: [\"a@b\\r\\nBcc: c@d\"]", "that is no e-mail address"),
        ("name: A, recipients: [a@b.test, A@b.test]", "`recipients` of the report names a@b.test twice"),
        ("name: A, recipients: [a@b.test], at: \"24:00\"", "`at` of the report is `24:00`; it goes from"),
        ("name: A, recipients: [a@b.test], day: 32", "`day` of the report is 32; it goes from 1 to 31"),
        ("name: A, recipients: [a@b.test], queues: [\"8001\"]", "and there is no queue 8001"),
        (
            "name: A, recipients: [a@b.test], about: agents, groups: [none]",
            "`groups` of the report names `none`",
        ),
        ("name: A, recipients: [a@b.test], agents: []", "the report has `agents` and is about queues"),
        ("name: A, recipients: [a@b.test], interval: 2h", "it can be 15m, 30m, 1h, 1d"),
        ("name: A, recipients: [a@b.test], language: fr", "it can be en, de"),
        ("recipients: [a@b.test]", "the report wants `name`"),
    ] {
        assert!(said(report).contains(wanted), "{report}: {}", said(report));
    }
    let many: Vec<String> = (0..21).map(|n| format!("a{n}@b.test")).collect();
    let text = said(&format!("name: A, recipients: [{}]", many.join(", ")));
    assert!(text.contains("`recipients` has 21 entries; 20 are allowed"), "{text}");
    let twice = parse(&file(&DAILY.repeat(2)), &PROMPTS).unwrap_err();
    assert!(twice[0].to_string().contains("there is a report Daily already (line 7)"), "{}", twice[0]);
}

#[tokio::test]
async fn what_is_due_is_taken_once_and_nothing_of_the_past() {
    let world = started().await;
    applied(&world, &file(DAILY), BEFORE).await;
    let due = BEFORE.after(Duration::from_secs(60));
    assert_eq!(world.store.reports_take(BEFORE).await.unwrap(), (0, Some(due)));
    assert_eq!(waiting(&world).await, []);
    assert_eq!(world.store.reports_take(due).await.unwrap(), (2, Some(due.after(DAY))));
    let wanted = [("ann@acme.test".to_owned(), due), ("bob@acme.test".to_owned(), due)];
    assert_eq!(waiting(&world).await, wanted);
    // Again, after a restart, and with the clock set back.
    let world = world.reopen().await;
    world.store.set_mails(true);
    for now in [due, due.after(HOUR), BEFORE] {
        assert_eq!(world.store.reports_take(now).await.unwrap().0, 0);
    }
    assert_eq!(waiting(&world).await, wanted);
    // A server that was away for two days sends both, late.
    let late = due.after(DAY * 2 + HOUR);
    assert_eq!(world.store.reports_take(late).await.unwrap(), (4, Some(due.after(DAY * 3))));
    assert_eq!(waiting(&world).await.len(), 6);
}

#[tokio::test]
async fn a_changed_time_owes_nothing_of_the_past_and_another_change_changes_no_time() {
    let world = started().await;
    applied(&world, &file(DAILY), BEFORE).await;
    let due = BEFORE.after(Duration::from_secs(60));
    // It was due, nobody has looked yet, and somebody adds a format: it is still due.
    applied(&world, &file(&DAILY.replace("name: Daily", "name: Daily, format: csv")), due.after(HOUR)).await;
    assert_eq!(world.store.reports_take(due.after(HOUR)).await.unwrap().0, 2);
    // Made anew for an hour ago: from tomorrow on.
    let earlier = DAILY.replace("06:40", "06:00");
    applied(&world, &file(&earlier), due.after(HOUR * 2)).await;
    let next = world.store.reports_take(due.after(HOUR * 2)).await.unwrap();
    assert_eq!(next, (0, Some(Timestamp(due.0 - 40 * 60_000_000).after(DAY))));
    // Off for a week, and on again.
    let off = earlier.replace("name: Daily", "name: Daily, enabled: false");
    applied(&world, &file(&off), due.after(HOUR * 3)).await;
    assert_eq!(world.store.reports_take(due.after(DAY * 3)).await.unwrap(), (0, None));
    applied(&world, &file(&earlier), due.after(DAY * 7)).await;
    assert_eq!(world.store.reports_take(due.after(DAY * 7)).await.unwrap().0, 0);
    // Gone, and its mails with it.
    applied(&world, &file(""), due.after(DAY * 7)).await;
    assert_eq!(waiting(&world).await, []);
}

#[tokio::test]
async fn without_a_mail_server_nothing_piles_up() {
    let world = World::new().await;
    let tenant = applied(&world, &file(DAILY), BEFORE).await;
    assert_eq!(world.store.reports_take(BEFORE.after(DAY * 3)).await.unwrap().0, 0);
    let refused = world.store.report_send((tenant, "Daily"), None, &Author::default(), BEFORE).await;
    assert!(matches!(refused, Err(SendError::NoMail)));
    world.store.set_mails(true);
    assert_eq!(world.store.reports_take(BEFORE.after(DAY * 3)).await.unwrap().0, 0);
}

#[tokio::test]
async fn a_report_is_sent_when_somebody_asks_and_shows_how_it_fares() {
    let world = started().await;
    let tenant = applied(&world, &file(DAILY), BEFORE).await;
    let by = Author::named("Ada Bay");
    let mine = ["ada@acme.test".to_owned()];
    let send = async |name: &str, to: Option<&[String]>| {
        world.store.report_send((tenant, name), to, &by, BEFORE).await
    };
    assert!(matches!(send("Daily", Some(&mine)).await, Ok(1)));
    assert!(matches!(send("Other", None).await, Err(SendError::Unknown)));
    assert!(matches!(send("Daily", None).await, Ok(2)));
    let audit = world.store.audit(tenant, store::Part::newest(10), None).await.unwrap();
    assert_eq!(audit.items[0].changes, ["~ report Daily sent to ann@acme.test, bob@acme.test"]);
    let rows = world.store.outbox(Errand::Report, 10).await.unwrap();
    let first = rows[0].record.0;
    world.store.report_not_mailed(first, "it is busy", false).await.unwrap();
    let state = world.store.reports(tenant, BEFORE).await.unwrap().remove(0);
    assert_eq!((state.waiting, state.problem.as_deref()), (3, Some("it is busy")));
    assert_eq!(state.next_at, Some(BEFORE.after(Duration::from_secs(60))));
    world.store.report_mailed(first, BEFORE).await.unwrap();
    let state = world.store.reports(tenant, BEFORE).await.unwrap().remove(0);
    assert_eq!((state.waiting, state.problem, state.mailed_at), (2, None, Some(BEFORE)));
    assert_eq!(world.store.report_mail(first).await.unwrap(), None, "it is written once");
    // Nobody fills the outbox by pressing a button.
    let mut last = Ok(0);
    for _ in 0..120 {
        last = send("Daily", None).await;
    }
    assert!(matches!(last, Err(SendError::TooMany)));
}

#[tokio::test]
async fn a_clock_that_was_years_ahead_once_keeps_no_report_back() {
    let world = started().await;
    applied(&world, &file(DAILY), BEFORE).await;
    world.store.reports_take(BEFORE.after(DAY * 900)).await.unwrap();
    let due = BEFORE.after(Duration::from_secs(60));
    assert_eq!(world.store.reports_take(BEFORE).await.unwrap(), (0, Some(due)));
    assert_eq!(world.store.reports_take(due).await.unwrap().0, 2);
}

#[tokio::test]
async fn a_domain_that_goes_by_another_clock_owes_nothing_of_the_same_day() {
    let world = started().await;
    applied(&world, &file(DAILY), BEFORE).await;
    let due = BEFORE.after(Duration::from_secs(60));
    assert_eq!(world.store.reports_take(due).await.unwrap().0, 2);
    // In London it is 06:40 an hour later; the change comes two hours later.
    let moved = file(DAILY).replace("Europe/Berlin", "Europe/London");
    applied(&world, &moved, due.after(HOUR * 2)).await;
    let next = due.after(DAY + HOUR);
    assert_eq!(world.store.reports_take(due.after(HOUR * 2)).await.unwrap(), (0, Some(next)));
}

#[tokio::test]
async fn a_mail_that_nobody_carries_any_more_does_not_wait_for_ever() {
    let world = started().await;
    let tenant = applied(&world, &file(DAILY), BEFORE).await;
    world.store.report_send((tenant, "Daily"), None, &Author::default(), BEFORE).await.unwrap();
    let rows = world.store.outbox(Errand::Report, 10).await.unwrap();
    world.store.outbox_remove(rows[0].id).await.unwrap();
    world.store.reports_take(BEFORE).await.unwrap();
    assert_eq!(world.store.reports(tenant, BEFORE).await.unwrap()[0].waiting, 1);
}
