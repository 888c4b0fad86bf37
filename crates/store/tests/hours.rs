//! Business hours from the file to the directory, over every trap of clock and calendar, in three time zones.

use model::{AgentHours, FallbackAction, Opening, Timestamp};
use store::provisioning::parse;

use crate::world::{PROMPTS, World, wanted};

/// The same hours in three zones. Lord Howe Island moves its clock by half an hour.
const HOURS: &str = r#"domain: h.test
timezone: Europe/Berlin
business_hours:
  - name: berlin
    sunday: ["01:00-04:00"]
    monday: ["09:00-12:00", "13:00-17:00"]
    friday: all_day
    holidays:
      - {name: Christmas, date: 2026-12-25, yearly: true}
  - name: york
    timezone: America/New_York
    sunday: ["01:00-04:00"]
    friday: all_day
    holidays: [{name: Christmas, date: 2026-12-25, yearly: true}]
  - name: howe
    timezone: Australia/Lord_Howe
    sunday: ["01:00-04:00"]
    friday: all_day
    holidays: [{name: Christmas, date: 2026-12-25, yearly: true}]
  - name: gap
    sunday: ["02:30-03:30"]
  - name: days
    monday: all_day
    tuesday: all_day
    wednesday: all_day
    thursday: all_day
    friday: all_day
    saturday: all_day
    sunday: all_day
    holidays:
      - {name: Spring, date: 2026-03-29}
      - {name: Autumn, date: 2026-10-25}
      - {name: Leap day, date: 2028-02-29, yearly: true}
      - {name: Between the years, from: 2026-12-24, to: 2027-01-02, yearly: true}
      - {name: Works, from: 2026-08-03, to: 2026-08-14}
  - name: nights
    monday: ["22:00-06:00"]
    holidays: [{name: Tuesday, date: 2026-07-07}]
"#;

fn at(text: &str) -> Timestamp {
    Timestamp::from_secs(text.parse::<jiff::Timestamp>().unwrap().as_second())
}

fn directory() -> model::Directory {
    wanted(HOURS).directory()
}

/// For each line what the hours say from that moment on, and say otherwise the second before.
#[track_caller]
fn table(lines: &str) {
    let directory = directory();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let [hours, moment, word] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let says = |at| match directory.opening(Some(hours), at) {
            Opening::Open => "open",
            Opening::Closed => "closed",
            Opening::Holiday(name) => name,
        };
        let (edge, before) = (at(moment), Timestamp(at(moment).0 - 1));
        assert_eq!(says(edge), word, "{line}");
        assert_ne!(says(before), word, "{line}: there is no edge");
        // Whoever asks the moment before is told of this one.
        assert_eq!(directory.business_hours[hours].next_change(before), Some(edge), "{line}");
        assert!(directory.business_hours[hours].next_edge(before).is_some_and(|next| next <= edge), "{line}");
    }
}

#[test]
fn hours_over_both_changes_of_the_clock() {
    table(
        "
        berlin 2026-03-29T00:00:00Z open
        berlin 2026-03-29T02:00:00Z closed
        berlin 2026-10-24T23:00:00Z open
        berlin 2026-10-25T03:00:00Z closed
        york 2026-03-08T06:00:00Z open
        york 2026-03-08T08:00:00Z closed
        york 2026-11-01T05:00:00Z open
        york 2026-11-01T09:00:00Z closed
        howe 2026-04-04T14:00:00Z open
        howe 2026-04-04T17:30:00Z closed
        howe 2026-10-03T14:30:00Z open
        howe 2026-10-03T17:00:00Z closed
        ",
    );
}

#[test]
fn a_slot_inside_the_hour_that_is_left_out_or_comes_twice() {
    table(
        "
        gap 2026-03-29T01:00:00Z open
        gap 2026-03-29T01:30:00Z closed
        gap 2026-10-25T00:30:00Z open
        gap 2026-10-25T01:00:00Z closed
        gap 2026-10-25T01:30:00Z open
        gap 2026-10-25T02:30:00Z closed
        ",
    );
}

#[test]
fn a_holiday_begins_and_ends_at_midnight_of_its_own_zone() {
    // Christmas 2026 is a Friday, which is open all day; the days about it are closed.
    table(
        "
        berlin 2026-12-24T23:00:00Z Christmas
        berlin 2026-12-25T23:00:00Z closed
        york 2026-12-25T05:00:00Z Christmas
        york 2026-12-26T05:00:00Z closed
        howe 2026-12-24T13:00:00Z Christmas
        howe 2026-12-25T13:00:00Z closed
        berlin 2031-12-24T23:00:00Z Christmas
        days 2026-03-28T23:00:00Z Spring
        days 2026-03-29T22:00:00Z open
        days 2026-10-24T22:00:00Z Autumn
        days 2026-10-25T23:00:00Z open
        days 2026-08-02T22:00:00Z Works
        days 2026-08-14T22:00:00Z open
        nights 2026-07-06T20:00:00Z open
        nights 2026-07-06T22:00:00Z Tuesday
        nights 2026-07-07T22:00:00Z closed
        ",
    );
}

#[test]
fn a_leap_day_is_there_in_leap_years_and_a_yearly_holiday_goes_over_the_end_of_the_year() {
    table(
        "
        days 2028-02-28T23:00:00Z Leap day
        days 2028-02-29T23:00:00Z open
        days 2032-02-28T23:00:00Z Leap day
        days 2026-12-23T23:00:00Z Between the years
        days 2027-01-02T23:00:00Z open
        days 2030-12-23T23:00:00Z Between the years
        days 2031-01-02T23:00:00Z open
        ",
    );
    let directory = directory();
    for day in ["2027-02-28T12:00:00Z", "2027-03-01T12:00:00Z", "2027-08-05T12:00:00Z"] {
        assert_eq!(directory.opening(Some("days"), at(day)), Opening::Open, "{day}");
    }
    assert_eq!(
        directory.opening(Some("days"), at("2031-01-01T12:00:00Z")),
        Opening::Holiday("Between the years")
    );
}

const NAMED: &str = r#"domain: h.test
timezone: Europe/Berlin
business_hours:
  - name: office
    monday: ["09:00-17:00"]
    holidays: [{name: Christmas, from: 2026-12-25, to: 2026-12-26, yearly: true}]
  - {name: harbour, timezone: Australia/Sydney, saturday: all_day}
groups: [all]
agents:
  - {extension: "1001", name: Ann, groups: [all], sip_password: a, hours: office}
queues:
  - number: "8000"
    name: Support
    hours: office
    on_closed: {hangup: {message: goodbye}}
    on_night: {queue: "8009"}
  - {number: "8009", name: Night}
numbers:
  - number: "+4930"
    hours: office
    open: {queue: "8000"}
    closed: {voicemail: {message: leave-a-message}}
    holiday: {hangup: {message: goodbye}}
    night: {queue: "8009"}
"#;

#[tokio::test]
async fn hours_and_who_names_them_are_kept_and_planned() {
    let world = World::new().await;
    let tenant = world.apply(NAMED).await.tenant;
    let directory = world.store.directory(tenant).await.unwrap();
    let did = &directory.numbers["+4930"];
    assert_eq!(did.hours.as_deref(), Some("office"));
    assert!(matches!(&did.night, Some(FallbackAction::Queue(number)) if number.as_str() == "8009"));
    assert!(matches!(&did.closed, Some(FallbackAction::Voicemail { .. })));
    let support = directory.queue("8000").unwrap();
    assert!(support.on_closed.is_some() && support.on_night.is_some() && support.hours.is_some());
    let ann = directory.agent_of("1001").unwrap();
    assert_eq!(ann.hours, Some(AgentHours::Business("office".into())));
    let monday = at("2026-07-06T08:00:00Z");
    assert_eq!(directory.works(ann.id, monday), Some((true, Some(at("2026-07-06T15:00:00Z")))));
    // In Sydney it is Saturday already.
    assert_eq!(directory.opening(Some("harbour"), at("2026-07-10T14:00:00Z")), Opening::Open);
    assert_eq!(world.plan(NAMED).await.to_string(), "no changes");
    let world = world.reopen().await;
    assert_eq!(world.store.directory(tenant).await.unwrap(), directory);

    let changed = NAMED
        .replace("09:00-17:00", "09:00-18:00")
        .replace("to: 2026-12-26, yearly: true", "to: 2026-12-27")
        .replace("Australia/Sydney", "Australia/Perth")
        .replace("sip_password: a, hours: office", "sip_password: a")
        .replace("    night: {queue: \"8009\"}\n", "")
        .replace("    on_closed: {hangup: {message: goodbye}}\n", "");
    assert_eq!(
        world.lines(&changed).await,
        [
            "~ business_hours harbour timezone Australia/Sydney -> Australia/Perth",
            "~ business_hours office slots [monday 09:00-17:00] -> [monday 09:00-18:00]",
            "~ business_hours office holidays [Christmas 2026-12-25 to 2026-12-26 yearly] -> [Christmas 2026-12-25 to 2026-12-27]",
            "~ agent 1001 hours office -> none",
            "~ queue 8000 on_closed hangup:goodbye -> none",
            "~ number +4930 night queue:8009 -> none",
        ]
    );
    world.apply(&changed).await;
    assert_eq!(world.plan(&changed).await.to_string(), "no changes");
    let none = "domain: h.test\ntimezone: Europe/Berlin\n";
    let lines = world.lines(none).await;
    assert!(lines.contains(&"- business_hours office".to_owned()), "{lines:?}");
    world.apply(none).await;
    assert_eq!(world.plan(none).await.to_string(), "no changes");
}

#[test]
fn what_is_wrong_with_hours_is_said_with_its_line() {
    for (from, to, said) in [
        (
            "hours: office}",
            "hours: ofice}",
            "line 10: `hours` of the agent is `ofice`, and there are no business hours of that name; did you mean `office`?",
        ),
        (
            "    hours: office\n    open",
            "    open",
            "line 21: the number has `closed` and no `hours` to say when that is",
        ),
        (
            "    closed: {voicemail: {message: leave-a-message}}\n",
            "",
            "line 20: the number has `hours` and no `closed` to say what happens out of them",
        ),
        (
            "    hours: office\n    on_closed",
            "    on_closed",
            "line 14: the queue has `on_closed` and no `hours` to say when it is closed",
        ),
        (
            "monday: [\"09:00-17:00\"]",
            "monday: []",
            "line 4: the business hours have no slot at all; a day that is open from end to end is written `all_day`",
        ),
        (
            "monday: [\"09:00-17:00\"]",
            "monday: [\"09:00-17:00\", \"16:00-18:00\"]",
            "line 5: two slots of the business hours overlap",
        ),
        (
            "saturday: all_day",
            "saturday: always",
            "line 7: `saturday` of the business hours is text; a list is wanted",
        ),
        (
            "saturday: all_day",
            "saturday: all_day, sturday: all_day",
            "line 7: the business hours has no field `sturday`; did you mean `saturday`?",
        ),
        (
            "name: harbour",
            "name: office",
            "line 7: name `office` is already that of the business hours on line 4",
        ),
        (
            "Australia/Sydney",
            "Australia/Sidney",
            "line 7: `timezone` is `Australia/Sidney`; it has a name like Europe/Berlin or UTC",
        ),
        (
            "from: 2026-12-25, to: 2026-12-26",
            "date: 2026-02-29",
            "line 6: `date` of the holiday is `2026-02-29`; a day of the calendar is written like 2026-12-25",
        ),
        (
            "from: 2026-12-25, to: 2026-12-26",
            "date: 25.12.2026",
            "line 6: `date` of the holiday is `25.12.2026`; a day of the calendar is written like 2026-12-25",
        ),
        (
            "from: 2026-12-25, to: 2026-12-26",
            "from: 2026-12-25",
            "line 6: the holiday wants either `date`, or `from` and `to`",
        ),
        (
            "from: 2026-12-25,",
            "date: 2026-12-25, from: 2026-12-25,",
            "line 6: the holiday wants either `date`, or `from` and `to`",
        ),
        (
            "to: 2026-12-26",
            "to: 2026-12-24",
            "line 6: the holiday ends on 2026-12-24, before it begins on 2026-12-25",
        ),
        (
            "to: 2026-12-26",
            "to: 2027-12-25",
            "line 6: a holiday that comes every year is shorter than a year",
        ),
        (
            "on_night: {queue: \"8009\"}",
            "on_night: {queue: \"8000\"}",
            "line 16: `on_night` sends callers of 8000 back to itself",
        ),
    ] {
        assert!(NAMED.contains(from), "{from}");
        let text = NAMED.replacen(from, to, 1);
        let problems = parse(&text, &PROMPTS).expect_err(to);
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems[0], said, "{to}: {problems:?}");
    }
}
