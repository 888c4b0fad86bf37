//! A feature code in a plan.

use std::collections::BTreeMap;

use model::FeatureCode;

use super::{Identity, Item, field};
use crate::words::Word as _;

/// The feature codes.
pub(super) fn items(codes: &[FeatureCode]) -> impl Iterator<Item = (Identity, Item)> {
    codes.iter().map(|code| ((17, code.code.clone()), item(code)))
}

/// Those of a domain that is not there yet: it is born with the default ones.
pub(super) fn of_new_domain() -> BTreeMap<Identity, Item> {
    items(&FeatureCode::defaults()).collect()
}

fn item(FeatureCode { code, feature, enabled }: &FeatureCode) -> Item {
    let fields = vec![field("feature", feature.word()), field("enabled", enabled)];
    Item { kind: "feature_code", name: code.clone(), fields }
}
