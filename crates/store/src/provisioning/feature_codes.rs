//! Feature codes of a provisioning file. What a feature's codes are, the file says all or nothing of: one that it does not
//! name keeps its default.

use std::collections::BTreeMap;

use model::{Feature, FeatureCode};

use super::agents::clean;
use super::limits::{FEATURE_CODES_MAX, FEATURE_DIGITS_MAX, FEATURE_SIGNS_MAX};
use super::reader::{Fields, Shape};
use super::yaml::Node;
use crate::words::Word as _;

pub(crate) const FEATURE_CODE: Shape =
    Shape { what: "feature code", known: &["feature", "code", "enabled"], later: &[] };

/// The codes, by code.
pub(crate) fn feature_codes(top: &Fields<'_>) -> Vec<FeatureCode> {
    let mut lines = BTreeMap::new();
    let list = top.list("feature_codes", FEATURE_CODES_MAX).iter();
    let mut codes: Vec<FeatureCode> = list.filter_map(|node| feature_code(top, node, &mut lines)).collect();
    for default in FeatureCode::defaults() {
        if codes.iter().any(|named| named.feature == default.feature) {
            continue;
        }
        if let Some(line) = lines.get(&default.code) {
            let (code, word) = (&default.code, default.feature.word());
            let text = format!("code {code} is that of `{word}` unless the file names another one for it");
            top.problem(*line, text);
            continue;
        }
        codes.push(default);
    }
    codes.sort_by(|a, b| a.code.cmp(&b.code));
    codes
}

fn feature_code(top: &Fields<'_>, node: &Node, lines: &mut BTreeMap<String, u64>) -> Option<FeatureCode> {
    let fields = Fields::of(top.reading, node, &FEATURE_CODE)?;
    let named = fields.must("feature").is_some();
    let feature = fields.word("feature", &[], Feature::Ready);
    let enabled = fields.flag("enabled", true);
    let code = code(&fields)?;
    let line = fields.line_of("code");
    if let Some(at) = lines.insert(code.clone(), line) {
        let at = fields.reading.seen(at);
        fields.problem(line, format!("there is a feature code {code} already{at}"));
    }
    named.then_some(FeatureCode { code, feature, enabled })
}

/// No number of the domain begins so: those are of digits.
fn code(fields: &Fields<'_>) -> Option<String> {
    fields.must("code")?;
    let (text, line) = fields.text("code")?;
    let digits = text.trim_start_matches(['*', '#']);
    let signs = text.len() - digits.len();
    let fine = (1..=FEATURE_SIGNS_MAX).contains(&signs)
        && digits.len() <= FEATURE_DIGITS_MAX
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fine {
        return Some(text.to_owned());
    }
    let pattern = "1 to 3 of `*` and `#`, then up to 4 digits";
    fields.problem(line, format!("`code` of the feature code is `{}`; it has {pattern}", clean(text)));
    None
}
