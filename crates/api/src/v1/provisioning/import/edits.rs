//! From the rows of a table to changes of a domain: what is not there is made, what is there differs in those columns or
//! stays as it is.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};
use store::provisioning::limits::EDITS_MAX;
use store::provisioning::{Change, Edit, Entry, Object};

use super::super::members::QUEUE;
use super::columns::{Column, patch};
use super::table::{FAULTS_MAX, Rows};
use super::{Noun, There};
use crate::path::shown;
use crate::provisioning::{CellFault, EditFault};

/// The changes that a table makes, each with where it stands in the table.
#[derive(Debug, Default)]
pub(super) struct Edits {
    pub(super) edits: Vec<Edit>,
    lines: Vec<u64>,
    header: Vec<String>,
}

impl Edits {
    /// What to mend, by cell instead of by edit.
    pub(super) fn told(&self, fault: EditFault) -> CellFault {
        let EditFault { edit, pointer, text } = fault;
        let line = edit.and_then(|edit| self.lines.get(edit)).copied().unwrap_or_default();
        let name = pointer.split('/').nth(1).filter(|_| line > 0);
        let column = name.and_then(|name| self.header.iter().position(|known| known == name));
        // A field that the table has no column for is named by the text.
        let name = column.and_then(|column| self.header.get(column)).cloned();
        CellFault { line, column: column.map(|column| column + 1), name, text }
    }
}

/// What of a noun is there, found by each of the sets of fields that tell its entries apart.
struct Known<'a>(HashMap<(usize, Vec<String>), &'a Entry>);

impl<'a> Known<'a> {
    fn of(noun: Noun, entries: &'a [Entry]) -> Self {
        let mut known = HashMap::new();
        for entry in entries {
            let fields = entry.value.as_object();
            for (set, key) in noun.keys().iter().enumerate() {
                if let Some(parts) = fields.and_then(|fields| parts(key, fields)) {
                    known.insert((set, parts), entry);
                }
            }
        }
        Self(known)
    }
}

/// The texts of a key; none unless all are there.
fn parts(key: &[&str], fields: &Map<String, Value>) -> Option<Vec<String>> {
    key.iter()
        .map(|name| {
            let text = fields.get(*name)?.as_str()?;
            // E-mails are told apart without their capitals.
            Some(if *name == "email" { text.to_lowercase() } else { text.to_owned() })
        })
        .collect()
}

/// Makes changes of a table.
pub(super) fn edits(
    noun: Noun,
    columns: &[Column],
    there: &There,
    rows: &Rows,
) -> Result<Edits, Vec<CellFault>> {
    let Some(((line, header), rows)) = rows.split_first() else {
        return Err(vec![CellFault::of_row(0, "the table is empty; its first row has the names of fields")]);
    };
    let header = named(noun, columns, (*line, header))?;
    let mut reader = Reader {
        noun,
        header: &header,
        known: Known::of(noun, &there.entries),
        queues: there.queues.as_ref(),
        seen: HashMap::new(),
    };
    let names = header.iter().map(|column| column.name.clone()).collect();
    let mut made = Edits { header: names, ..Edits::default() };
    let mut faults = Vec::new();
    for (line, row) in rows {
        if faults.len() >= FAULTS_MAX {
            faults.push(CellFault::of_row(*line, "there is more to mend from here on"));
            break;
        }
        match reader.change(*line, row) {
            Ok(Some((object, change))) => {
                made.edits.push(Edit { object, change, expected: None });
                made.lines.push(*line);
            }
            // It is there as the row says.
            Ok(None) => {}
            Err(found) => faults.extend(found),
        }
    }
    if made.edits.len() > EDITS_MAX && faults.is_empty() {
        let text = format!(
            "{} rows differ from what is there; {EDITS_MAX} are changed at a time: import them in parts",
            made.edits.len()
        );
        faults.push(CellFault::of_row(0, text));
    }
    if faults.is_empty() { Ok(made) } else { Err(faults) }
}

/// Reads rows one after the other.
struct Reader<'a> {
    noun: Noun,
    header: &'a [&'a Column],
    known: Known<'a>,
    /// With members: the queues in which they can be.
    queues: Option<&'a BTreeSet<String>>,
    /// In which line what was named.
    seen: HashMap<Vec<String>, u64>,
}

impl Reader<'_> {
    /// What a row changes; nothing if it is what is there.
    fn change(
        &mut self,
        line: u64,
        row: &csv::StringRecord,
    ) -> Result<Option<(Object, Change)>, Vec<CellFault>> {
        let noun = self.noun;
        let fault = |text: String| Err(vec![CellFault::of_row(line, text)]);
        let fields = values(self.header, line, row)?;
        let keys: Vec<(usize, Vec<String>)> = noun
            .keys()
            .iter()
            .enumerate()
            .filter_map(|(set, key)| Some((set, parts(key, &fields)?)))
            .collect();
        let Some((_, key)) = keys.first().cloned() else {
            let (word, wanted) = (noun.word(), noun.key_in_words());
            return fault(format!("the row does not say which {word} it is: it lacks {wanted}"));
        };
        if let (Some(queues), Some(queue)) = (self.queues, key.first().filter(|_| noun == Noun::Members))
            && !queues.contains(queue)
        {
            let column = self.header.iter().position(|column| column.name == QUEUE).map(|index| index + 1);
            let text = format!("there is no queue {}", shown(queue));
            return Err(vec![CellFault { line, column, name: Some(QUEUE.to_owned()), text }]);
        }
        if let Some(before) = self.seen.insert(key.clone(), line) {
            let what = shown(&key.join(" "));
            return fault(format!("{} {what} is in line {before} already", noun.word()));
        }
        let there = keys.into_iter().find_map(|key| Some((*self.known.0.get(&key)?, key.1)));
        Ok(match there {
            Some((entry, key)) => {
                let patch = changed(self.header, entry, &fields);
                patch.map(|patch| (noun.object(&key), Change::Patch(patch)))
            }
            None => {
                let given = |(name, value): &(String, Value)| !value.is_null() && noun.is_field(name);
                let value: Map<String, Value> = fields.into_iter().filter(given).collect();
                Some((noun.object(&key), Change::Create(Value::Object(value))))
            }
        })
    }
}

/// The columns that the header names.
fn named<'a>(
    noun: Noun,
    columns: &'a [Column],
    (line, header): (u64, &csv::StringRecord),
) -> Result<Vec<&'a Column>, Vec<CellFault>> {
    let (mut found, mut faults): (Vec<&Column>, Vec<CellFault>) = (Vec::new(), Vec::new());
    for (index, name) in header.iter().map(str::trim).enumerate() {
        let fault = |text: String| CellFault { line, column: Some(index + 1), name: Some(shown(name)), text };
        match columns.iter().find(|column| column.name == name) {
            None => {
                let all: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                let text = format!(
                    "`{}` is no field of {}s; there are {}",
                    shown(name),
                    noun.word(),
                    all.join(", ")
                );
                faults.push(fault(text));
            }
            Some(column) if found.contains(&column) => {
                faults.push(fault(format!("`{}` is named twice", shown(name))));
            }
            Some(column) => found.push(column),
        }
    }
    let has = |name: &&str| found.iter().any(|column| column.name == **name);
    if faults.is_empty() && !noun.keys().iter().any(|key| key.iter().all(&has)) {
        let text = format!("the table lacks {}, which says what its rows are about", noun.key_in_words());
        faults.push(CellFault::of_row(line, text));
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// The values of a row.
fn values(
    header: &[&Column],
    line: u64,
    row: &csv::StringRecord,
) -> Result<Map<String, Value>, Vec<CellFault>> {
    if row.len() != header.len() {
        let text = format!("the row has {} cells, the header {}", row.len(), header.len());
        return Err(vec![CellFault::of_row(line, text)]);
    }
    let (mut fields, mut faults) = (Map::new(), Vec::new());
    for (index, (column, cell)) in header.iter().zip(row).enumerate() {
        match column.value(cell) {
            // A secret that is not named stays what it is.
            Ok(Value::Null) if column.is_secret() => {}
            Ok(value) => {
                fields.insert(column.name.clone(), value);
            }
            Err(text) => {
                faults.push(CellFault {
                    line,
                    column: Some(index + 1),
                    name: Some(column.name.clone()),
                    text,
                });
            }
        }
    }
    if faults.is_empty() { Ok(fields) } else { Err(faults) }
}

/// What a row changes of what is there, in the columns that it has; none if it is what is there.
fn changed(header: &[&Column], entry: &Entry, fields: &Map<String, Value>) -> Option<Value> {
    let changes = header.iter().filter_map(|column| {
        let old = entry.value.get(&column.name).unwrap_or(&Value::Null);
        let new = fields.get(&column.name)?;
        // Null in a patch is the default.
        Some((column.name.clone(), patch(old, new)?))
    });
    let changes: Map<String, Value> = changes.collect();
    (!changes.is_empty()).then_some(Value::Object(changes))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::table::rows;
    use super::*;

    fn made(text: &str) -> Result<Vec<(String, Change)>, Vec<String>> {
        let ann = json!({"extension": "1001", "name": "Ann Ash", "email": "ann@acme.test", "groups": ["support"],
            "skills": {"english": 5, "billing": 2}, "dnd": true});
        let entry = Entry { key: vec!["1001".into()], value: ann, tag: String::new() };
        let columns = Noun::Agents.columns();
        let there = There { entries: vec![entry], queues: None };
        let made = edits(Noun::Agents, &columns, &there, &rows(text).map_err(|fault| vec![fault.text])?);
        let shown = |fault: CellFault| format!("{}:{:?} {}", fault.line, fault.column, fault.text);
        let made = made.map_err(|faults| faults.into_iter().map(shown).collect::<Vec<_>>())?;
        Ok(made.edits.into_iter().map(|edit| (edit.object.to_string(), edit.change)).collect())
    }

    #[test]
    fn what_is_there_differs_in_its_columns_or_stays() {
        assert_eq!(made("extension,name\n1001,Ann Ash\n"), Ok(vec![]));
        let patched = |patch| Ok(vec![("agent 1001".to_owned(), Change::Patch(patch))]);
        assert_eq!(made("name,extension\nAnn Oak,1001\n"), patched(json!({"name": "Ann Oak"})));
        assert_eq!(
            made("extension,dnd,password\n1001,,\n"),
            patched(json!({"dnd": null})),
            "a password stays"
        );
        let skills = made("extension,skills\n1001,\"{\"\"english\"\": 6}\"\n");
        assert_eq!(skills, patched(json!({"skills": {"billing": null, "english": 6}})));
        let renamed = made("extension,email\n1009,ANN@acme.test\n");
        let patch = json!({"extension": "1009", "email": "ANN@acme.test"});
        assert_eq!(renamed, Ok(vec![("agent ann@acme.test".to_owned(), Change::Patch(patch))]));
    }

    #[test]
    fn what_is_not_there_is_made_without_its_empty_cells() {
        let value = json!({"extension": "1002", "name": "Bob", "groups": ["support", "sales"]});
        let made = made("extension,name,groups,dnd\n1002,Bob,support; sales,\n");
        assert_eq!(made, Ok(vec![("agent 1002".to_owned(), Change::Create(value))]));
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_column() {
        for (table, faults) in [
            ("", vec!["0:None the table is empty"]),
            (
                "extension,colour,name,name\n",
                vec![
                    "1:Some(2) `colour` is no field of agents; there are ",
                    "1:Some(4) `name` is named twice",
                ],
            ),
            ("name\nAnn\n", vec!["1:None the table lacks extension or email"]),
            ("extension,name\n,Ann\n", vec!["2:None the row does not say which agent it is"]),
            ("extension,name\n1002,A\n1002,B\n", vec!["3:None agent 1002 is in line 2 already"]),
            ("extension,name\n1002\n", vec!["2:None the row has 1 cells, the header 2"]),
            (
                "extension,dnd,max_concurrent_calls\n1002,ja,x\n",
                vec!["2:Some(2) `dnd` is `ja`", "2:Some(3) `max_concurrent_calls` is `x`"],
            ),
        ] {
            let found = made(table).unwrap_err();
            assert_eq!(found.len(), faults.len(), "{found:?}");
            for (found, fault) in found.iter().zip(faults) {
                assert!(found.starts_with(fault), "{found}");
            }
        }
        let many: String = (0..=EDITS_MAX).map(|index| format!("{},x\n", 10_000 + index)).collect();
        let found = made(&format!("extension,name\n{many}")).unwrap_err();
        assert!(found[0].contains("1001 rows differ"), "{found:?}");
        let wrong: String = (0..1_000).map(|index| format!("{},x\n", 10_000 + index)).collect();
        assert_eq!(made(&format!("extension,dnd\n{wrong}")).unwrap_err().len(), FAULTS_MAX + 1);
    }
}
