//! Bodies: JSON of a bounded size, in which every field must be known.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// A JSON body, always an object. No body at all reads as `{}`, and so does `null`, so that operations with optional
/// fields need none; where to say nothing would change much it must be there (`MUST_BE`).
///
/// The content type is not looked at: credentials travel in a header of their own, so no form of another site
/// can do harm, and whoever types a request by hand is not sent away for a missing header.
pub(crate) struct Body<T, const MUST_BE: bool = false>(pub(crate) T);

impl<T: DeserializeOwned, const MUST_BE: bool> FromRequest<App> for Body<T, MUST_BE> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let limit = app.limits.body_bytes_max;
        let arriving = tokio::time::timeout(app.limits.body_timeout, Bytes::from_request(request, app));
        let arrived = arriving.await.map_err(|_| Problem::plain(ProblemKind::TooSlow))?;
        let bytes = arrived.map_err(|_| {
            Problem::new(
                ProblemKind::TooLarge,
                format!("the body did not arrive whole, or has over {limit} bytes"),
            )
        })?;
        let said = bytes.trim_ascii();
        let wrong = |detail: String| Problem::new(ProblemKind::InvalidBody, detail);
        let is_nothing = said.is_empty() || said == b"null";
        // A list in the order of the fields would be read as well; nobody means that.
        if !is_nothing && !said.starts_with(b"{") || is_nothing && MUST_BE {
            return Err(wrong("the body is to be a JSON object, `{…}`".into()));
        }
        let text: &[u8] = if is_nothing { b"{}" } else { &bytes };
        read(text).map(Self).map_err(|error| wrong(in_words(&error.to_string())))
    }
}

/// To JSON Schema `20.0` is a whole number, and some clients write all of them so.
fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, serde_json::Error> {
    let as_it_came = serde_json::from_slice(text);
    as_it_came.or_else(|error| {
        let Ok(mut value) = serde_json::from_slice(text) else { return Err(error) };
        // What is wrong otherwise is said of what came, with its line and column.
        if whole(&mut value) { serde_json::from_value(value).map_err(|_| error) } else { Err(error) }
    })
}

/// What is expected, without the names that types have in this program.
fn in_words(error: &str) -> String {
    let spell = |word: &str| {
        match word {
            "u8" | "u16" | "u32" | "u64" => "a whole number of 0 or more",
            "i8" | "i16" | "i32" | "i64" => "a whole number",
            "f32" | "f64" => "a number",
            other => return other.to_owned(),
        }
        .to_owned()
    };
    let Some((before, expected)) = error.split_once("expected ") else { return error.to_owned() };
    let (word, rest) = expected.split_once(' ').unwrap_or((expected, ""));
    let gap = if rest.is_empty() { "" } else { " " };
    format!("{before}expected {}{gap}{rest}", spell(word))
}

/// Writes whole numbers as such; says whether there were any that were not.
fn whole(value: &mut Value) -> bool {
    match value {
        Value::Number(number) => {
            // Beyond, not every whole number can be told from its neighbours.
            let exact = |float: &f64| float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0;
            let Some(float) = number.as_f64().filter(|float| number.is_f64() && exact(float)) else {
                return false;
            };
            let Ok(written) = format!("{float:.0}").parse::<i64>() else { return false };
            *value = written.into();
            true
        }
        Value::Array(items) => items.iter_mut().fold(false, |any, item| whole(item) | any),
        Value::Object(fields) => fields.values_mut().fold(false, |any, field| whole(field) | any),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Few {
        of: Vec<u32>,
    }

    #[test]
    fn no_type_of_ours_is_named() {
        let said = read::<Few>(br#"{"of": [-1]}"#).unwrap_err().to_string();
        let expected =
            "invalid value: integer `-1`, expected a whole number of 0 or more at line 1 column 10";
        assert_eq!(in_words(&said), expected);
        for plain in ["unknown field `a`, expected `b` or `c`", "EOF while parsing a value"] {
            assert_eq!(in_words(plain), plain);
        }
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let of = |text: &str| read::<Few>(text.as_bytes()).map_err(|error| error.to_string());
        assert_eq!(of(r#"{"of": [1, 2.0, 3e2]}"#), Ok(Few { of: vec![1, 2, 300] }));
        for wrong in [r#"{"of": [1.5]}"#, r#"{"of": [-1.0]}"#, r#"{"of": [1e300]}"#] {
            assert!(of(wrong).is_err_and(|error| error.contains("line 1 column")), "{wrong}");
        }
    }
}
