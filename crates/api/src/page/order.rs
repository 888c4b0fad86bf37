//! What lists are sorted by: one order over all values, so that a place in a list is always before or behind an item.

use std::cmp::Ordering;

use serde_json::Value;

/// An item's place: what it is sorted by, then what tells it from others, so that no two have the same.
#[derive(Debug)]
pub(super) struct Sorted {
    key: (Value, String),
    id: Vec<Value>,
    descending: bool,
}

impl Sorted {
    pub(super) fn new((key, id): (Value, Vec<Value>), descending: bool) -> Self {
        let small = key.as_str().map(str::to_lowercase).unwrap_or_default();
        Self { key: (key, small), id, descending }
    }
}

impl Ord for Sorted {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = if self.descending { (other, self) } else { (self, other) };
        rank(&a.key.0)
            .cmp(&rank(&b.key.0))
            .then_with(|| a.key.1.cmp(&b.key.1))
            .then_with(|| compare(&a.key.0, &b.key.0))
            .then_with(|| {
                let parts = a.id.iter().zip(&b.id).map(|(a, b)| compare(a, b));
                parts.fold(Ordering::Equal, Ordering::then).then_with(|| a.id.len().cmp(&b.id.len()))
            })
    }
}

impl PartialOrd for Sorted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Sorted {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Sorted {}

/// Which kinds of values come first; what is not there is last.
const fn rank(value: &Value) -> u8 {
    match value {
        Value::Bool(_) => 0,
        Value::Number(_) => 1,
        Value::String(_) => 2,
        Value::Array(_) | Value::Object(_) => 3,
        Value::Null => 4,
    }
}

fn compare(a: &Value, b: &Value) -> Ordering {
    rank(a).cmp(&rank(b)).then_with(|| match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            (Some(_) | None, Some(_) | None) => {
                a.as_f64().unwrap_or_default().total_cmp(&b.as_f64().unwrap_or_default())
            }
        },
        (Value::String(a), Value::String(b)) => a.cmp(b),
        // Nothing is sorted by a list.
        (
            Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_)
            | Value::Null,
            _,
        ) => Ordering::Equal,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_go_by_their_letters_numbers_by_size_and_what_is_missing_is_last() {
        let sorted = |values: Value, descending| {
            let mut values: Vec<_> = values.as_array().unwrap().clone();
            values.sort_by_cached_key(|value| Sorted::new((value.clone(), vec![]), descending));
            Value::Array(values)
        };
        let values = json!(["bob", null, "Ann", "ann", "Bob"]);
        assert_eq!(sorted(values.clone(), false), json!(["Ann", "ann", "Bob", "bob", null]));
        assert_eq!(sorted(values, true), json!([null, "bob", "Bob", "ann", "Ann"]));
        assert_eq!(sorted(json!([10, 9.5, -1, true]), false), json!([true, -1, 9.5, 10]));
    }

    #[test]
    fn what_has_the_same_key_goes_by_its_id() {
        let of = |id: u64| Sorted::new((json!("x"), vec![json!(id)]), false);
        assert!(of(9) < of(10) && of(10) == of(10));
    }
}
