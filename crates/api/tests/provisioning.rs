//! Applying files over HTTP: who may, how far it reaches, and what a bad file is answered.

use std::time::Duration;

use api::ApiLimits;
use api::provisioning::{Order, Reach, Source};
use axum::body::{Body, Bytes};
use axum::http::Request;
use expect_test::expect;
use futures_util::stream;
use model::Role;

use engine::LegInput;
use store::Author;
use store::provisioning::{Effects, EndedMembership, LoweredLimit, RemovedQueue};

use crate::world::{ACME, ADA, ANN, GUS, OWNER, SUE, World};

const PATH: &str = "/v1/domains/~/provisioning";

#[tokio::test]
async fn a_file_is_applied_unless_it_is_a_dry_run() {
    let world = World::new().await;
    let answer = world.post(PATH, ADA, "acme.test").await;
    expect![[r#"
        200 {
          "applied": true,
          "forecast": [
            {
              "abandoned": {
                "modelled": null,
                "planned": null,
                "planned_error": null,
                "recorded": null
              },
              "left": {
                "modelled": null,
                "planned": null,
                "planned_error": null,
                "recorded": null
              },
              "length": "<seconds>",
              "offered": {
                "modelled": null,
                "planned": null,
                "planned_error": null,
                "recorded": null
              },
              "queue": "8000",
              "runs": 10,
              "service_level": {
                "modelled": "<seconds>",
                "planned": "<seconds>",
                "planned_error": "<seconds>",
                "recorded": "<seconds>"
              },
              "wait_mean": {
                "modelled": null,
                "planned": null,
                "planned_error": null,
                "recorded": null
              }
            }
          ],
          "forecast_note": null,
          "generated": {
            "1001": "phone-secret"
          },
          "live": [],
          "plan": [
            "+ agent 1001"
          ],
          "warnings": [
            "no voice yet"
          ],
          "webhook_secrets": {
            "crm": "whsec_made"
          }
        }"#]]
    .assert_eq(&answer.shown());
    let dry = world.post(&format!("{PATH}?dry_run=true"), ADA, "acme.test").await;
    assert_eq!(dry.body["applied"], false);
    let wet = world.post(&format!("{PATH}?dry_run=false"), ADA, "acme.test").await;
    assert_eq!(wet.body["applied"], true);
    let quick = world.post(&format!("{PATH}?forecast=false"), ADA, "acme.test").await;
    assert_eq!(quick.body["forecast"], serde_json::json!([]));
    let odd = world.post(&format!("{PATH}?dry_run=maybe"), ADA, "acme.test").await;
    assert_eq!((odd.status, odd.problem()), (400, "invalid_parameter"));
}

#[tokio::test]
async fn how_far_a_file_reaches_is_decided_by_the_login_alone() {
    let world = World::new().await;
    for token in [ANN, SUE] {
        assert_eq!(world.post(PATH, token, "acme.test").await.problem(), "forbidden");
    }
    assert!(world.applier.orders.lock().unwrap().is_empty(), "nothing was looked at");
    for token in [ADA, GUS, OWNER] {
        world.post(PATH, token, "acme.test").await;
    }
    let order = |who: &str, reach| {
        let source = Source::File("acme.test".into());
        Order { source, dry_run: false, forecast: true, force: false, reach, by: Author::named(who) }
    };
    let of = |who: &str, name: &str, owners| {
        let rights = Role::Admin.rights();
        order(who, Reach::Domain { name: name.into(), owners, rights })
    };
    let expected = [
        of("Ada Bay", "acme.test", false),
        of("Gus Yew", "globex.test", true),
        order("Owner", Reach::Everything),
    ];
    assert_eq!(*world.applier.orders.lock().unwrap(), expected);
    let other = world.post(PATH, ADA, "globex.test").await;
    assert_eq!((other.status, other.problem()), (403, "forbidden"));
    assert_eq!(world.post(PATH, OWNER, "new.test").await.status, 200);
}

#[tokio::test]
async fn a_bad_file_is_answered_with_every_line_to_mend() {
    let world = World::new().await;
    let answer = world.post(PATH, ADA, "problems").await;
    expect![[r#"
        422 {
          "detail": "line 12: unknown field `ring_tme`; no queue",
          "problems": [
            {
              "line": 12,
              "text": "unknown field `ring_tme`"
            },
            {
              "line": 0,
              "text": "no queue"
            }
          ],
          "request_id": "<id>",
          "status": 422,
          "title": "The provisioning file has problems",
          "type": "/problems/invalid_provisioning"
        }"#]]
    .assert_eq(&answer.shown());
    let late = world.post(PATH, ADA, "late").await;
    assert_eq!((late.status, late.problem()), (409, "stale_plan"));
}

#[tokio::test]
async fn a_file_may_be_larger_than_any_other_body_and_has_a_limit_too() {
    let world = World::with(ApiLimits { provisioning_bytes_max: 100_000, ..ApiLimits::default() }).await;
    let large = world.post(PATH, OWNER, &"x".repeat(100_000)).await;
    assert_eq!(large.status, 200, "{}", large.text);
    let larger = world.post(PATH, OWNER, &"x".repeat(100_001)).await;
    assert_eq!((larger.status, larger.problem()), (413, "too_large"));
    let bytes = Body::from(vec![b'x', 0xff]);
    let request = Request::post(PATH).header("authorization", format!("Bearer {OWNER}")).body(bytes);
    assert_eq!(world.send(request.unwrap()).await.problem(), "invalid_body");
}

#[tokio::test]
async fn a_file_that_does_not_arrive_holds_up_others_only_for_a_time() {
    let body_timeout = Duration::from_millis(100);
    let world = World::with(ApiLimits { body_timeout, ..ApiLimits::default() }).await;
    // What the domain may use is known from here on: nobody waits for that.
    assert_eq!(world.get("/v1/domains/~", ADA).await.status, 200);
    let never = stream::pending::<Result<Bytes, std::io::Error>>();
    let request = Request::post(PATH).header("authorization", format!("Bearer {ADA}"));
    let slow = world.send(request.body(Body::from_stream(never)).unwrap());
    // The first is polled first, and has its turn when the second comes.
    let (slow, meanwhile) = tokio::join!(slow, world.post(PATH, ADA, "acme.test"));
    assert_eq!((slow.status, slow.problem()), (408, "too_slow"));
    assert_eq!((meanwhile.status, meanwhile.problem()), (503, "busy"));
    assert_eq!(world.post(PATH, ADA, "acme.test").await.status, 200);
}

#[tokio::test]
async fn a_step_back_is_of_the_logins_own_domain_and_takes_the_same_right() {
    let world = World::new().await;
    let path = format!("{PATH}/revert");
    for token in [ANN, SUE] {
        assert_eq!(world.post(&path, token, "").await.problem(), "forbidden");
    }
    assert!(world.applier.orders.lock().unwrap().is_empty(), "nothing was looked at");
    let back = world.post(&path, ADA, "").await;
    assert_eq!((back.status, &back.body["applied"]), (200, &true.into()), "{}", back.text);
    let dry = world.post(&format!("{path}?dry_run=true"), OWNER, "").await;
    assert_eq!((dry.status, &dry.body["applied"]), (200, &false.into()), "{}", dry.text);
    let sources: Vec<_> = world.applier.orders.lock().unwrap().iter().map(|o| o.source.clone()).collect();
    let own = Source::Before { domain: "acme.test".into() };
    assert_eq!(sources, [own.clone(), own]);
    let none = world.post(&path, GUS, "").await;
    assert_eq!((none.status, none.problem()), (409, "nothing_before"));
}

#[tokio::test]
async fn a_dry_run_says_what_live_calls_would_feel() {
    let world = World::new().await;
    world.make_ready("1001").await;
    world.arrives(2);
    let ringing = world.ringing_leg("1001").await;
    world.leg(ringing, LegInput::Answered);
    world.arrives(4);
    world.arrives(6);
    let directory = world.switch.provisioned(ACME).await.unwrap();
    let queue = directory.queue("8000").unwrap();
    let ann = directory.agent_of("1001").unwrap();
    let (queue, number, agent) = (queue.id, queue.number.clone(), ann.id);
    let limit = |field, from, to| LoweredLimit { queue, number: number.clone(), field, from, to };
    let effects = Effects {
        removed_queues: vec![RemovedQueue { queue, number: number.clone() }],
        lowered_limits: vec![limit("max_waiting_time", 300, 60), limit("max_callers", 0, 1)],
        ended_memberships: vec![EndedMembership {
            agent,
            called: "1001".into(),
            queue,
            number: number.clone(),
        }],
    };
    *world.applier.effects.lock().unwrap() = Some((ACME, effects));
    let wet = world.post(PATH, ADA, "acme.test").await;
    assert_eq!(wet.body["live"], serde_json::json!([]));
    let dry = world.post(&format!("{PATH}?dry_run=true"), ADA, "acme.test").await;
    assert_eq!(
        dry.body["live"],
        serde_json::json!([
            "2 callers wait in queue 8000, which goes away: on to its on_no_answer",
            "2 callers wait in queue 8000, whose max_waiting_time goes from 300 to 60: \
             0 of them for that long already, who leave the line at once",
            "2 callers wait in queue 8000, whose max_callers goes from none to 1: \
             they stay, and new ones are let in only below it",
            "1 agent is on a call of a queue that she leaves (1001 in 8000): the call goes on",
        ]),
        "{}",
        dry.text
    );
}

#[tokio::test]
async fn a_change_is_signed_with_where_it_comes_from_and_why() {
    let world = World::new().await;
    let send = async |reason: &'static [u8]| {
        let request = Request::post(PATH).header("authorization", format!("Bearer {ADA}"));
        let request = request.header("x-reason", axum::http::HeaderValue::from_bytes(reason).unwrap());
        let mut request = request.body(Body::from("acme.test")).unwrap();
        let peer: std::net::SocketAddr = "[::ffff:192.0.2.7]:5000".parse().unwrap();
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        world.send(request).await
    };
    assert_eq!(send(" more staff \u{2013} at last ".as_bytes()).await.status, 200);
    let by = world.applier.orders.lock().unwrap()[0].by.clone();
    let wanted = Author {
        name: "Ada Bay".into(),
        address: "192.0.2.7".into(),
        reason: "more staff \u{2013} at last".into(),
    };
    assert_eq!(by, wanted);
    for wrong in [[b'x'; 501].as_slice(), b"a\tb", b"\xff"] {
        let wrong: &'static [u8] = Box::leak(wrong.to_vec().into_boxed_slice());
        assert_eq!(send(wrong).await.problem(), "invalid_parameter");
    }
}

#[tokio::test]
async fn the_audit_is_for_admins_and_comes_in_pages() {
    let world = World::new().await;
    for token in [ANN, SUE] {
        assert_eq!(world.get("/v1/domains/~/audit", token).await.problem(), "forbidden");
    }
    let page = world.get("/v1/domains/~/audit?limit=1", ADA).await;
    expect![[r#"
        200 {
          "items": [
            {
              "address": "192.0.2.7",
              "at": "<moment>",
              "changes": [
                "~ queue 8000 ring_time 2 -> 20"
              ],
              "reason": "slow phones",
              "revision": 2,
              "who": "Ada Bay"
            }
          ],
          "next": "eyJsIjoiYXVkaXRfbGlzdCIsInMiOiItYXQiLCJrIjpudWxsLCJpIjpbMCwyXX0"
        }"#]]
    .assert_eq(&page.shown());
    let next = page.body["next"].as_str().unwrap();
    let last = world.get(&format!("/v1/domains/~/audit?limit=1&cursor={next}"), ADA).await;
    assert_eq!(
        (&last.body["items"][0]["revision"], &last.body["next"]),
        (&1.into(), &serde_json::Value::Null)
    );
    let strange = world.get("/v1/domains/~/audit?cursor=x", ADA).await;
    assert_eq!((strange.status, strange.problem()), (422, "strange_cursor"));
}

#[tokio::test]
async fn the_document_is_of_the_logins_own_domain_as_yaml_or_as_json() {
    let world = World::new().await;
    for token in [ANN, SUE] {
        assert_eq!(world.get(PATH, token).await.problem(), "forbidden");
    }
    let other = world.get("/v1/domains/globex.test/provisioning", ADA).await;
    assert_eq!((other.status, other.problem()), (404, "unknown_domain"));
    let accept = async |kinds: &str| {
        let request =
            Request::get(PATH).header("authorization", format!("Bearer {ADA}")).header("accept", kinds);
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        (answer.status, answer.headers["content-type"].to_str().unwrap().to_owned(), answer.text)
    };
    let yaml = (200, "application/yaml".to_owned(), "domain: acme.test\n".to_owned());
    for kinds in ["*/*", "application/yaml", "application/json;q=0.5, application/yaml", "text/html"] {
        assert_eq!(accept(kinds).await, yaml, "{kinds}");
    }
    let json = (200, "application/json".to_owned(), r#"{"domain":"acme.test"}"#.to_owned());
    for kinds in ["application/json", "Application/JSON; q=1, */*"] {
        assert_eq!(accept(kinds).await, json, "{kinds}");
    }
    assert!(world.applier.orders.lock().unwrap().is_empty());
}
