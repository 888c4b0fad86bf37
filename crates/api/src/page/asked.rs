//! What a request says of the list that it wants.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, Query};
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::cursor::Place;
use super::shape::{Field, Shape};
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::state::App;

/// The parameters that all lists take; the rest of a query is a list's own.
const COMMON: [&str; 5] = ["sort", "fields", "q", "cursor", "limit"];
/// Longest text that is looked for, characters.
pub(crate) const TEXT_MAX: usize = 100;
/// Most fields that are named.
pub(crate) const FIELDS_MAX: usize = 64;

/// In what form a list is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `{"items": […], "next": …}`.
    Json,
    /// A table.
    Csv,
}

/// A list that takes no parameters of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Which part of a list is wanted, in which order and form; `filter` is what the list takes besides.
pub(crate) struct Listing<F = Nothing> {
    pub(super) shape: Arc<Shape>,
    /// The field that it is sorted by.
    pub(super) sort: String,
    pub(super) descending: bool,
    /// The fields that are wanted, unless it is JSON with all of them.
    pub(super) fields: Vec<Field>,
    /// Whether somebody chose them.
    pub(super) chosen: bool,
    names: Option<String>,
    /// What is looked for, in small letters.
    pub(super) text: String,
    pub(super) after: Option<Place>,
    pub(super) limit: Option<usize>,
    pub(super) form: Form,
    uri: Uri,
    pub(crate) filter: F,
}

#[derive(Debug, Default)]
struct Given {
    sort: Option<String>,
    fields: Option<String>,
    q: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

impl Given {
    /// Each at most once, but for the fields: some clients write a list as one parameter for each of its items.
    fn of(pairs: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut given = Self::default();
        for (name, value) in pairs {
            let place = match name.as_str() {
                "sort" => &mut given.sort,
                "q" => &mut given.q,
                "cursor" => &mut given.cursor,
                "limit" => &mut given.limit,
                _ => {
                    let fields = given.fields.get_or_insert_default();
                    if !fields.is_empty() {
                        fields.push(',');
                    }
                    fields.push_str(&value);
                    continue;
                }
            };
            if place.replace(value).is_some() {
                return Err(wrong(format!("`{name}` is there twice")));
            }
        }
        Ok(given)
    }
}

impl<F: DeserializeOwned> FromRequestParts<App> for Listing<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
        // A list without a shape in its document cannot be answered; a law of the tests finds it.
        let shape = app.lists.of_path(path).ok_or_else(|| Problem::plain(ProblemKind::Internal))?;
        let query = parts.uri.query().unwrap_or_default();
        let (common, own): (Vec<&str>, Vec<&str>) = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .partition(|pair| COMMON.contains(&pair.split('=').next().unwrap_or_default()));
        let given = Given::of(read(&common, "")?)?;
        let known = shape.takes();
        let filter = read(&own, &format!("; besides, this list takes {known}"))?;
        Self::new(shape, given, (wanted(&parts.headers), parts.uri.clone()), filter)
    }
}

impl<F> Listing<F> {
    fn new(shape: Arc<Shape>, given: Given, (form, uri): (Form, Uri), filter: F) -> Result<Self, Problem> {
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        let sort = given.sort.unwrap_or_else(|| shape.sort_default());
        let (name, descending) = sort.strip_prefix('-').map_or((sort.as_str(), false), |name| (name, true));
        let Some(name) = shape.sort.iter().find(|key| *key == name).cloned() else {
            let known = shape.sort_words().join(", ");
            return Err(wrong(format!("`sort` is `{}`; it can be {known}", shown(&sort))));
        };
        let text = said(given.q).unwrap_or_default();
        if !text.is_empty() && shape.searched.is_empty() {
            return Err(wrong("this list takes no `q`".into()));
        }
        if text.chars().count() > TEXT_MAX {
            return Err(wrong(format!("`q` is longer than {TEXT_MAX} characters")));
        }
        let max = shape.limit.1;
        let limit = given.limit.map(|text| {
            let number = text.parse::<u32>().ok().filter(|limit| (1..=max).contains(limit));
            number.ok_or_else(|| wrong(format!("`limit` is `{}`; 1 to {max} are possible", shown(&text))))
        });
        // A table is whole unless somebody wants less.
        let usual = shape.limit.0.filter(|_| form == Form::Json);
        let limit = limit.transpose()?.or(usual).map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let cursor = said(given.cursor);
        let after = cursor.map(|text| Place::decode(&text, &shape.name, &sort)).transpose()?;
        let (known, names) = (Arc::clone(&shape), given.fields);
        let mut listing = Self {
            shape,
            sort: name,
            descending,
            fields: Vec::new(),
            chosen: false,
            names,
            text: text.to_lowercase(),
            after,
            limit,
            form,
            uri,
            filter,
        };
        if !known.fields.is_empty() {
            listing.take_fields(&known.fields)?;
        }
        Ok(listing)
    }

    /// Takes of these fields those that are wanted.
    pub(super) fn take_fields(&mut self, known: &[Field]) -> Result<(), Problem> {
        let Some(names) = &self.names else {
            if self.form == Form::Csv {
                self.fields = known.to_vec();
            }
            return Ok(());
        };
        let unknown = |detail| Err(Problem::new(ProblemKind::UnknownField, detail));
        if names.split(',').count() > FIELDS_MAX {
            return unknown(format!("`fields` names over {FIELDS_MAX} fields"));
        }
        let (mut fields, mut seen) = (Vec::new(), BTreeSet::new());
        for name in names.split(',') {
            let Some(field) = known.iter().find(|field| field.name == name) else {
                let all: Vec<_> = known.iter().map(|field| field.name.as_str()).collect();
                let all = all.join(", ");
                return unknown(format!("`fields` names `{}`; there are {all}", shown(name)));
            };
            if seen.insert(name) {
                fields.push(field.clone());
            }
        }
        (self.fields, self.chosen) = (fields, true);
        Ok(())
    }

    /// What is looked for, if anything is.
    pub(crate) fn text(&self) -> Option<&str> {
        Some(self.text.as_str()).filter(|text| !text.is_empty())
    }

    /// A place in this list in this order.
    pub(super) fn place(&self, key: Value, id: Vec<Value>) -> Place {
        let minus = if self.descending { "-" } else { "" };
        Place { list: self.shape.name.clone(), sort: format!("{minus}{}", self.sort), key, id }
    }

    /// Where this list goes on behind a cursor.
    pub(super) fn address_of(&self, cursor: &str) -> String {
        let query = self.uri.query().unwrap_or_default();
        let others = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
        let pairs: Vec<_> = others.map(str::to_owned).chain([format!("cursor={cursor}")]).collect();
        format!("{}?{}", self.uri.path(), pairs.join("&"))
    }
}

/// The parameters of a part of a query; `hint` follows what is wrong with them.
fn read<T: DeserializeOwned>(pairs: &[&str], hint: &str) -> Result<T, Problem> {
    let uri: Uri =
        format!("/?{}", pairs.join("&")).parse().map_err(|_| Problem::plain(ProblemKind::BadRequest))?;
    let Query(read) =
        Query::<T>::try_from_uri(&uri).map_err(|error| wrong(format!("{}{hint}", error.body_text())))?;
    Ok(read)
}

/// JSON, unless CSV is accepted and JSON is not named.
fn wanted(headers: &HeaderMap) -> Form {
    let accepted = headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    let kinds = accepted
        .flat_map(|value| value.split(','))
        .map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let (mut json, mut csv) = (false, false);
    for kind in kinds {
        json |= kind == "application/json";
        csv |= kind == "text/csv";
    }
    if csv && !json { Form::Csv } else { Form::Json }
}

fn wrong(detail: String) -> Problem {
    Problem::new(ProblemKind::InvalidParameter, detail)
}
