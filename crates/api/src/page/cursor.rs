//! A place in a list, as its reader carries it from one page to the next. It says of which list and which order it is, so
//! that none is taken for another; what is in it is nobody's business, and no secret.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Cursor;

use crate::problem::{Problem, ProblemKind};

/// Longest text that is looked at.
const LENGTH_MAX: usize = 4_096;
/// Most parts of an id.
const PARTS_MAX: usize = 4;

/// The last item of a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Place {
    /// The list.
    #[serde(rename = "l")]
    pub(super) list: String,
    /// How it is sorted.
    #[serde(rename = "s")]
    pub(super) sort: String,
    /// What the item is sorted by.
    #[serde(rename = "k")]
    pub(super) key: Value,
    /// What tells it from others.
    #[serde(rename = "i")]
    pub(super) id: Vec<Value>,
}

impl Place {
    /// As it is sent.
    pub(super) fn encode(&self) -> String {
        // What was read as JSON can be written as JSON.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// As it came, in this list in this order.
    pub(super) fn decode(text: &str, list: &str, sort: &str) -> Result<Self, Problem> {
        let place = Self::read(text).filter(|place| place.list == list).ok_or_else(strange)?;
        if place.sort == sort {
            return Ok(place);
        }
        let detail = "`cursor` is of this list in another order; begin again without one, or sort as before";
        Err(Problem::new(ProblemKind::StrangeCursor, detail))
    }

    fn read(text: &str) -> Option<Self> {
        if text.len() > LENGTH_MAX {
            return None;
        }
        let place: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let plain = |value: &Value| !value.is_array() && !value.is_object();
        (plain(&place.key) && place.id.len() <= PARTS_MAX && place.id.iter().all(plain)).then_some(place)
    }
}

/// A place in a list that the database has.
pub(super) fn of_database(place: &Place) -> Result<Cursor, Problem> {
    let [at, id] = place.id.as_slice() else { return Err(strange()) };
    let (Some(at), Some(id)) = (at.as_i64(), id.as_i64()) else { return Err(strange()) };
    Ok(Cursor { at, id })
}

fn strange() -> Problem {
    Problem::new(ProblemKind::StrangeCursor, "`cursor` is not one that this list gave out")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place() -> Place {
        Place {
            list: "agents_list".into(),
            sort: "-name".into(),
            key: json!("Ann"),
            id: vec![json!("1"), json!(2)],
        }
    }

    #[test]
    fn a_cursor_comes_back_as_it_went_out() {
        assert_eq!(Place::decode(&place().encode(), "agents_list", "-name"), Ok(place()));
    }

    #[test]
    fn a_cursor_of_another_list_or_order_is_refused_in_words() {
        let refused = |list, sort| Place::decode(&place().encode(), list, sort).unwrap_err();
        assert_eq!(refused("queues_list", "-name"), strange());
        let other = refused("agents_list", "name");
        assert!(other.kind == ProblemKind::StrangeCursor && other.detail.contains("another order"));
    }

    #[test]
    fn a_made_up_cursor_is_a_problem_and_not_a_panic() {
        let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let deep = "[".repeat(2_000);
        for text in [
            String::new(),
            "x".into(),
            "é".into(),
            "A".repeat(10_000),
            encoded("{}"),
            encoded(&deep),
            encoded(r#"{"l":"agents_list","s":"-name","k":[],"i":[]}"#),
            encoded(r#"{"l":"agents_list","s":"-name","k":1,"i":[1,2,3,4,5]}"#),
            encoded(r#"{"l":"agents_list","s":"-name","k":1,"i":[{}]}"#),
        ] {
            assert_eq!(Place::decode(&text, "agents_list", "-name"), Err(strange()), "{text}");
        }
        let odd = Place { id: vec![json!("x"), json!(1e300)], ..place() };
        assert_eq!(of_database(&odd), Err(strange()));
    }
}
