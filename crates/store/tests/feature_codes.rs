//! Feature codes of a domain's own.

use model::{Feature, FeatureCode};
use serde_json::json;
use store::provisioning::{Change, Edit, Object, parse};

use crate::world::{CONTRACT, PROMPTS, World};

fn with(codes: &str) -> String {
    format!("{CONTRACT}feature_codes:\n{codes}")
}

#[tokio::test]
async fn a_feature_has_the_codes_that_the_file_names_and_else_its_default() {
    let world = World::new().await;
    let text =
        with("  - {feature: ready, code: \"*40\"}\n  - {feature: ready, code: \"##36\", enabled: false}\n");
    let lines = world.lines(&text).await;
    let of_codes: Vec<&String> = lines.iter().filter(|line| line.contains("feature_code")).collect();
    assert_eq!(of_codes, ["+ feature_code ##36", "- feature_code *36", "+ feature_code *40"], "{lines:?}");
    let tenant = world.apply(&text).await.tenant;
    let codes = world.store.directory(tenant).await.unwrap().feature_codes;
    let ready: Vec<_> = codes.iter().filter(|code| code.feature == Feature::Ready).collect();
    assert_eq!(
        ready.iter().map(|code| (code.code.as_str(), code.enabled)).collect::<Vec<_>>(),
        [("##36", false), ("*40", true)]
    );
    assert_eq!(codes.len(), FeatureCode::defaults().len() + 1);
    // Without a word of them they are the default ones again.
    assert_eq!(
        world.lines(CONTRACT).await,
        ["- feature_code ##36", "+ feature_code *36", "- feature_code *40"]
    );
    world.apply(CONTRACT).await;
    assert_eq!(world.store.directory(tenant).await.unwrap().feature_codes, FeatureCode::defaults());
}

#[tokio::test]
async fn a_code_is_edited_alone() {
    let world = World::new().await;
    world.apply(CONTRACT).await;
    let plan = async |code: &str, change: Change| {
        let edits = [Edit { object: Object::FeatureCode(code.into()), change, expected: None }];
        let edited = world.store.plan_edits("acme.test", &edits, &PROMPTS).await;
        edited.map(|edited| edited.plan.to_string()).unwrap_or_else(|error| error.to_string())
    };
    let made = plan("*10", Change::Create(json!({"feature": "dnd_on"}))).await;
    assert_eq!(made, "+ feature_code *10\n- feature_code *78");
    let taken = plan("*36", Change::Put(json!({"feature": "dnd_on"}))).await;
    assert!(
        taken.contains("code *36 is that of `ready` unless the file names another one for it"),
        "{taken}"
    );
}

#[test]
fn what_is_no_code_is_said_with_its_line() {
    for (codes, told) in [
        (
            "  - {feature: ready, code: \"36\"}\n",
            "`code` of the feature code is `36`; it has 1 to 3 of `*` and `#`, then up to 4 digits",
        ),
        ("  - {feature: ready, code: \"*12345\"}\n", "`code` of the feature code is `*12345`; it has 1 to 3"),
        ("  - {feature: ready, code: \"*3a\"}\n", "`code` of the feature code is `*3a`; it has 1 to 3"),
        ("  - {feature: ready}\n", "the feature code wants `code`"),
        ("  - {code: \"*40\"}\n", "the feature code wants `feature`"),
        (
            "  - {feature: park, code: \"*40\"}\n",
            "`feature` of the feature code is `park`; it can be ready, not_ready",
        ),
        ("  - {feature: login, code: \"*36\"}\n", "code *36 is that of `ready` unless"),
        (
            "  - {feature: login, code: \"*40\"}\n  - {feature: ready, code: \"*40\"}\n",
            "there is a feature code *40 already (line ",
        ),
    ] {
        let problems = parse(&with(codes), &PROMPTS).unwrap_err();
        assert!(
            problems.iter().any(|problem| problem.line > 0 && problem.text.starts_with(told)),
            "{told}: {problems:?}"
        );
    }
}
