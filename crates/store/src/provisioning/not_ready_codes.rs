//! Reasons for not being ready that agents choose from.

use std::collections::BTreeMap;

use model::not_ready::is_short_name;
use model::{NotReadyCode, NotReadyReason};

use super::agents::clean;
use super::limits::{NAME_MAX, NOT_READY_CODES_MAX};
use super::reader::{Fields, Shape};
use super::yaml::Node;

pub(crate) const NOT_READY_CODE: Shape =
    Shape { what: "not-ready code", known: &["code", "label", "enabled"], later: &["digits"] };

/// The codes, by code.
pub(crate) fn not_ready_codes(top: &Fields<'_>) -> Vec<NotReadyCode> {
    let mut seen = BTreeMap::new();
    let list = top.list("not_ready_codes", NOT_READY_CODES_MAX).iter();
    let mut codes: Vec<_> = list.filter_map(|node| not_ready_code(top, node, &mut seen)).collect();
    codes.sort_by(|a, b| a.code.cmp(&b.code));
    codes
}

fn not_ready_code(top: &Fields<'_>, node: &Node, seen: &mut BTreeMap<String, u64>) -> Option<NotReadyCode> {
    let fields = Fields::of(top.reading, node, &NOT_READY_CODE)?;
    let code = code(&fields, seen);
    let label = fields.name("label", NAME_MAX);
    let enabled = fields.flag("enabled", true);
    let code = code?;
    if NotReadyReason::GIVEN.iter().any(|reason| reason.as_str() == code) {
        let text =
            format!("`code` of the not-ready code is `{code}`; that is a reason that the server gives");
        fields.problem(fields.line_of("code"), text);
    }
    Some(NotReadyCode { code, label: label?, enabled })
}

/// A short name that no other entry of the list has.
pub(super) fn code(fields: &Fields<'_>, seen: &mut BTreeMap<String, u64>) -> Option<String> {
    fields.must("code")?;
    let (text, line) = fields.text("code")?;
    let what = fields.what;
    if !is_short_name(text) {
        let pattern = "1 to 32 of lower-case letters, digits, `_` and `-`";
        fields.problem(line, format!("`code` of the {what} is `{}`; it has {pattern}", clean(text)));
        return None;
    }
    if let Some(at) = seen.insert(text.to_owned(), line) {
        let at = fields.reading.seen(at);
        fields.problem(line, format!("there is a {what} {text} already{at}"));
    }
    Some(text.to_owned())
}
