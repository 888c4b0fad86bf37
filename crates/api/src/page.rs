//! Lists: `{"items": […], "next": null | cursor}`, or the same as CSV; sorted, searched, in pages, and with the fields
//! that are wanted.
//!
//! There is one mechanism for all of them. An operation says by `x-list` in its document what its list is like
//! ([`shape`]); from there come the parameters that the document shows and those that [`Listing`] takes, so neither can
//! promise what the other does not keep. A handler makes its items and hands them over: whole, if they are in memory, or
//! page by page, if the database has them.
//!
//! In here: [`cursor`] is a place in a list, [`order`] compares what lists are sorted by, [`csv`] writes for spreadsheets.

mod asked;
pub(crate) mod csv;
mod cursor;
mod order;
pub(crate) mod shape;

use std::future::Future;

use axum::Json;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LINK, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use store::provisioning::Entry;
use store::{Cursor, PAGE_MAX, Page, Part};
use utoipa::ToSchema;

use crate::problem::{Problem, ProblemKind};

pub(crate) use self::asked::{FIELDS_MAX, Listing, TEXT_MAX};
use self::csv::Table;
use self::cursor::Place;
use self::shape::Field;

/// What a list is whose items have not all of their fields: a kind of its own, so that `application/json` keeps what its
/// schema promises.
pub(crate) const PARTIAL: &str = "application/vnd.cordboard.partial+json";
/// Most rows of one answer in CSV.
pub(crate) const CSV_ROWS_MAX: usize = 10_000;

/// A list, or one page of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct List<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Send it as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
}

/// A list as it is answered.
pub(crate) enum Listed {
    /// `{"items": […], "next": …}`.
    Json(List<Value>),
    /// The same with some of the items' fields.
    Partial(List<Value>),
    /// A table with a header row.
    Csv {
        /// It.
        table: Vec<u8>,
        /// What it is called when somebody saves it.
        name: String,
        /// Where the next rows are.
        next: Option<String>,
    },
}

impl IntoResponse for Listed {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(VARY, HeaderValue::from_static("accept"));
        let (table, name, next) = match self {
            Self::Json(list) => return (headers, Json(list)).into_response(),
            Self::Partial(list) => {
                let mut response = (headers, Json(list)).into_response();
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PARTIAL));
                return response;
            }
            Self::Csv { table, name, next } => (table, name, next),
        };
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
        let value = |text: String| HeaderValue::from_str(&text).ok();
        let link = next.and_then(|next| value(format!("<{next}>; rel=\"next\"")));
        headers.extend(link.map(|link| (LINK, link)));
        let disposition = value(format!("attachment; filename=\"{name}.csv\""));
        headers.extend(disposition.map(|value| (CONTENT_DISPOSITION, value)));
        (headers, table).into_response()
    }
}

/// An item on its way out: its fields, and what tells it from others.
struct Row {
    fields: Map<String, Value>,
    id: Vec<Value>,
}

impl Row {
    /// Whether one of these fields holds a text, which is in small letters.
    fn holds(&self, fields: &[String], text: &str) -> bool {
        let found = |value: &Value| match value {
            Value::String(value) => value.to_lowercase().contains(text),
            Value::Number(value) => value.to_string().contains(text),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
        };
        text.is_empty()
            || fields.iter().filter_map(|name| self.fields.get(name)).any(|value| match value {
                Value::Array(values) => values.iter().any(found),
                Value::Object(values) => values.values().any(found),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => found(value),
            })
    }
}

impl<F> Listing<F> {
    /// A list that is in memory, whole.
    pub(crate) fn of_all<T: Serialize>(&self, items: impl IntoIterator<Item = T>) -> Result<Listed, Problem> {
        let mut rows = Vec::new();
        for item in items {
            let fields = fields_of(item)?;
            let id = self.shape.id.iter().map(|name| fields.get(name).cloned().unwrap_or_default()).collect();
            let row = Row { fields, id };
            if row.holds(&self.shape.searched, &self.text) {
                rows.push(row);
            }
        }
        self.of_rows(rows)
    }

    /// Entries of the provisioning file, whole, with the fields that they can have.
    pub(crate) fn of_entries(mut self, fields: &[Field], entries: Vec<Entry>) -> Result<Listed, Problem> {
        self.take_fields(fields)?;
        let mut rows = Vec::new();
        for Entry { key, value, tag: _ } in entries {
            let found = key.iter().any(|part| part.to_lowercase().contains(&self.text));
            let row = Row { fields: fields_of(value)?, id: key.into_iter().map(Value::String).collect() };
            if found || row.holds(&self.shape.searched, &self.text) {
                rows.push(row);
            }
        }
        self.of_rows(rows)
    }

    /// A list that the database has. `fetch` gives the part that it is asked for; how it is sorted and which of it is
    /// wanted is its own business.
    pub(crate) async fn of_pages<T, Fetched>(
        &self,
        fetch: impl Fn(Part) -> Fetched,
    ) -> Result<Listed, Problem>
    where
        T: Serialize,
        Fetched: Future<Output = Result<Page<T>, Problem>> + Send,
    {
        let most = self.limit.unwrap_or(CSV_ROWS_MAX);
        let mut after = self.after.as_ref().map(cursor::of_database).transpose()?;
        let mut out = Out::new(self);
        loop {
            // Who fetches may ask for one more, to know whether there is any.
            let rest = u32::try_from(most - out.count).unwrap_or(PAGE_MAX).min(PAGE_MAX - 1);
            let page = fetch(Part { after, oldest_first: !self.descending, limit: rest }).await?;
            let is_full = page.items.len() >= usize::try_from(rest).unwrap_or(usize::MAX);
            for item in page.items {
                out.put(fields_of(item)?)?;
            }
            after = page.next;
            // A page that is not full and has another behind it has looked at enough for one answer.
            if after.is_none() || out.count >= most || !is_full {
                break;
            }
        }
        let id = |Cursor { at, id }| vec![Value::from(at), Value::from(id)];
        Ok(out.finish(after.map(|next| (Value::Null, id(next)))))
    }

    /// Sorts, goes on where the page before ended, and takes no more than is wanted.
    fn of_rows(&self, mut rows: Vec<Row>) -> Result<Listed, Problem> {
        let key = |row: &Row| row.fields.get(&self.sort).cloned().unwrap_or_default();
        let place = |row: &Row| (key(row), row.id.clone());
        rows.sort_by_cached_key(|row| order::Sorted::new(place(row), self.descending));
        if let Some(Place { key, id, .. }) = &self.after {
            let after = order::Sorted::new((key.clone(), id.clone()), self.descending);
            rows.retain(|row| order::Sorted::new(place(row), self.descending) > after);
        }
        let most = self.limit.unwrap_or(match self.form {
            asked::Form::Json => usize::MAX,
            asked::Form::Csv => CSV_ROWS_MAX,
        });
        let more = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| more).map(place);
        let mut out = Out::new(self);
        for row in rows {
            out.put(row.fields)?;
        }
        Ok(out.finish(next))
    }
}

/// What of a list is ready to go out.
struct Out<'a, F> {
    listing: &'a Listing<F>,
    count: usize,
    items: Vec<Value>,
    table: Option<Table>,
}

impl<'a, F> Out<'a, F> {
    fn new(listing: &'a Listing<F>) -> Self {
        let table = (listing.form == asked::Form::Csv).then(|| Table::with_header(&listing.fields));
        Self { listing, count: 0, items: Vec::new(), table }
    }

    fn put(&mut self, mut fields: Map<String, Value>) -> Result<(), Problem> {
        self.count += 1;
        if let Some(table) = &mut self.table {
            return table.put(&self.listing.fields, &fields);
        }
        if self.listing.chosen {
            let chosen = &self.listing.fields;
            fields.retain(|name, _| chosen.iter().any(|field| field.name == *name));
        }
        self.items.push(Value::Object(fields));
        Ok(())
    }

    fn finish(self, next: Option<(Value, Vec<Value>)>) -> Listed {
        let cursor = next.map(|(key, id)| self.listing.place(key, id).encode());
        match self.table {
            None if self.listing.chosen => Listed::Partial(List { items: self.items, next: cursor }),
            None => Listed::Json(List { items: self.items, next: cursor }),
            Some(table) => Listed::Csv {
                table: table.into_bytes(),
                name: self.listing.shape.file_name().to_owned(),
                next: cursor.map(|cursor| self.listing.address_of(&cursor)),
            },
        }
    }
}

/// An item's fields.
fn fields_of<T: Serialize>(item: T) -> Result<Map<String, Value>, Problem> {
    match serde_json::to_value(item) {
        Ok(Value::Object(fields)) => Ok(fields),
        // A group of agents is its name.
        Ok(name @ Value::String(_)) => Ok(Map::from_iter([("name".to_owned(), name)])),
        Ok(_) | Err(_) => Err(Problem::plain(ProblemKind::Internal)),
    }
}
