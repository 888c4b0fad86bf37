//! Which crate may depend on which: the table of ARCHITECTURE.md, "Arrows", held against the manifests.

use std::collections::BTreeSet;

use anyhow::Context as _;
use serde_json::Value;

use super::Problem;

/// Ours, top down: a crate, and those of ours it may name in `[dependencies]`.
const ARROWS: [(&str, &[&str]); 20] = [
    (
        "server",
        &[
            "acd",
            "api",
            "callflow",
            "engine",
            "forecast",
            "gateway",
            "media",
            "migrate",
            "model",
            "outbound",
            "report",
            "rtp",
            "sip",
            "sip-proto",
            "store",
            "switch",
        ],
    ),
    ("gateway", &["engine", "media", "model", "sip", "sip-proto", "switch"]),
    ("api", &["engine", "model", "report", "store", "switch"]),
    // Figures of the store as tables and documents; who asks for them and who gets them is not its matter.
    ("report", &["model", "store"]),
    ("switch", &["engine", "model"]),
    // The engine's records and events are what the store keeps; it calls nothing of the engine.
    // It compiles flows before it keeps them.
    ("store", &["callflow", "engine", "model"]),
    ("sip", &["sip-proto"]),
    ("media", &["rtp"]),
    ("outbound", &[]),
    // The same core under loads that nobody has called in yet.
    ("forecast", &["acd", "engine", "model"]),
    // What it writes is text that the store reads; the two do not know each other.
    ("migrate", &["model"]),
    // Only tests depend on it.
    ("sim", &["acd", "engine", "model"]),
    ("engine", &["acd", "callflow", "model"]),
    ("acd", &["model"]),
    // It says "into this queue", no more.
    ("callflow", &["model"]),
    ("sip-proto", &[]),
    ("rtp", &[]),
    ("model", &[]),
    // Both look at the product from outside, as its user does.
    ("xtask", &[]),
    ("e2e", &[]),
];

/// The crates that do no IO, and what each may use of others' crates: arithmetic on bytes, no more.
const PURE: [(&str, &[&str]); 8] = [
    ("model", &["borsh"]),
    ("acd", &["borsh"]),
    ("callflow", &["borsh"]),
    ("engine", &["borsh"]),
    ("forecast", &["borsh"]),
    ("migrate", &[]),
    ("sip-proto", &["sdp-types", "md-5", "sha2", "hmac", "subtle", "base64"]),
    ("rtp", &[]),
];

/// The names of the pure crates.
pub(crate) fn pure_crates() -> impl Iterator<Item = &'static str> {
    PURE.iter().map(|(name, _)| *name)
}

/// A workspace member as its manifest describes it.
pub(crate) struct Package {
    pub(crate) name: String,
    dependencies: Vec<Dependency>,
}

struct Dependency {
    name: String,
    ours: bool,
    dev: bool,
}

/// Reads what `cargo metadata --no-deps` prints.
pub(crate) fn packages(metadata: &Value) -> anyhow::Result<Vec<Package>> {
    let packages = metadata["packages"].as_array().context("no packages in the metadata")?;
    packages.iter().map(package).collect()
}

fn package(value: &Value) -> anyhow::Result<Package> {
    let text = |value: &Value| value.as_str().map(str::to_owned).context("a package without a name");
    let dependencies = value["dependencies"].as_array().context("a package without dependencies")?;
    let dependencies = dependencies.iter().map(|dependency| {
        Ok(Dependency {
            name: text(&dependency["name"])?,
            ours: dependency["path"].is_string(),
            dev: dependency["kind"].as_str() == Some("dev"),
        })
    });
    Ok(Package { name: text(&value["name"])?, dependencies: dependencies.collect::<anyhow::Result<_>>()? })
}

/// Every arrow that the table does not have, and every crate it does not know.
pub(crate) fn check(packages: &[Package]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in packages {
        let manifest = manifest(&package.name);
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            let text = format!("crate `{}` has no row in the table of arrows", package.name);
            problems.push(Problem::new(&manifest, 0, text));
            continue;
        };
        let below = reachable(&package.name);
        for dependency in package.dependencies.iter().filter(|dependency| dependency.ours) {
            let name = dependency.name.as_str();
            // A test may name what the crate reaches anyway; it may not point upwards either.
            let fine = allowed.contains(&name) || (dependency.dev && below.contains(name));
            if !fine {
                let text = format!("`{}` may not depend on `{name}` (ARCHITECTURE.md, Arrows)", package.name);
                problems.push(Problem::new(&manifest, 0, text));
            }
        }
        problems.extend(outside(package, &manifest));
    }
    problems
}

/// What a pure crate uses of others' crates without leave.
fn outside(package: &Package, manifest: &str) -> Vec<Problem> {
    let Some((_, allowed)) = PURE.iter().find(|(name, _)| *name == package.name) else { return Vec::new() };
    package
        .dependencies
        .iter()
        .filter(|dependency| {
            !dependency.ours && !dependency.dev && !allowed.contains(&dependency.name.as_str())
        })
        .map(|dependency| {
            let text = format!("`{}` is pure and may not use `{}`", package.name, dependency.name);
            Problem::new(manifest, 0, text)
        })
        .collect()
}

fn reachable(name: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let direct = |name: &str| ARROWS.iter().find(|(from, _)| *from == name).map_or(&[][..], |(_, to)| *to);
    let mut open: Vec<&'static str> = direct(name).to_vec();
    while let Some(next) = open.pop() {
        if found.insert(next) {
            open.extend(direct(next));
        }
    }
    found
}

fn manifest(name: &str) -> String {
    if matches!(name, "xtask" | "e2e") {
        format!("{name}/Cargo.toml")
    } else {
        format!("crates/{name}/Cargo.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(name: &str, dependencies: Value) -> Vec<String> {
        let metadata = json!({"packages": [{"name": name, "dependencies": dependencies}]});
        let packages = packages(&metadata).expect("a small metadata");
        check(&packages).into_iter().map(|problem| problem.text).collect()
    }

    #[test]
    fn an_arrow_that_points_up_is_found() {
        let problems = found("acd", json!([{"name": "engine", "path": "/x", "kind": null}]));
        assert_eq!(problems, ["`acd` may not depend on `engine` (ARCHITECTURE.md, Arrows)"]);
    }

    #[test]
    fn an_arrow_of_the_table_is_fine() {
        assert!(found("engine", json!([{"name": "acd", "path": "/x", "kind": null}])).is_empty());
    }

    #[test]
    fn a_test_may_reach_further_down_but_not_up() {
        assert!(found("gateway", json!([{"name": "rtp", "path": "/x", "kind": "dev"}])).is_empty());
        assert_eq!(found("engine", json!([{"name": "switch", "path": "/x", "kind": "dev"}])).len(), 1);
    }

    #[test]
    fn a_pure_crate_may_not_use_a_runtime() {
        let problems = found("rtp", json!([{"name": "tokio", "path": null, "kind": null}]));
        assert_eq!(problems, ["`rtp` is pure and may not use `tokio`"]);
        assert!(found("rtp", json!([{"name": "proptest", "path": null, "kind": "dev"}])).is_empty());
    }

    #[test]
    fn a_crate_outside_the_table_is_found() {
        assert_eq!(found("helpers", json!([])), ["crate `helpers` has no row in the table of arrows"]);
    }

    #[test]
    fn the_table_has_no_cycle() {
        for (name, _) in ARROWS {
            assert!(!reachable(name).contains(name), "{name} reaches itself");
        }
    }
}
