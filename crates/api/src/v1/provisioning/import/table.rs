//! A table as it came: its rows with the lines that they stand on.

use csv::{ReaderBuilder, StringRecord};

use crate::provisioning::CellFault;

/// Most rows below the header.
pub(crate) const ROWS_MAX: usize = 20_000;
/// Most columns.
pub(crate) const COLUMNS_MAX: usize = 64;
/// Longest cell, characters. What may be in one is the reader's to say; none comes near.
const CELL_MAX: usize = 10_000;
/// Most faults that are told one by one.
pub(super) const FAULTS_MAX: usize = 200;
/// What may stand between cells: spreadsheets write the list separator of their country.
const DELIMITERS: [u8; 3] = *b",;\t";

/// The rows of a table, the header first, each with its line.
pub(super) type Rows = Vec<(u64, StringRecord)>;

/// Takes a text apart. Rows without anything in them are left out.
pub(super) fn rows(text: &str) -> Result<Rows, CellFault> {
    // What some spreadsheets write before UTF-8.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let (mut rows, mut lines) = (Vec::new(), Lines::of(text));
    for row in reader.records() {
        let row = row.map_err(|error| CellFault::of_row(0, format!("it is no table: {error}")))?;
        let line = row.position().map_or(0, |position| lines.of_row(position.byte()));
        if rows.len() > ROWS_MAX {
            return Err(CellFault::of_row(
                line,
                format!("the table has over {ROWS_MAX} rows; import it in parts"),
            ));
        }
        if row.len() > COLUMNS_MAX {
            let text = format!("the row has {} cells; {COLUMNS_MAX} are possible", row.len());
            return Err(CellFault::of_row(line, text));
        }
        if let Some(column) = row.iter().position(|cell| cell.chars().count() > CELL_MAX) {
            let text = format!("the cell has over {CELL_MAX} characters; is a quote missing?");
            return Err(CellFault { line, column: Some(column + 1), name: None, text });
        }
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push((line, row));
        }
    }
    Ok(rows)
}

/// On which lines rows begin. The reader's own count is behind where a line ends with a carriage return and a line feed,
/// and at empty lines.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of a row that the reader began to look for at this byte; rows come in order.
    fn of_row(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(here) = self.text.get(self.at) {
            let is_end = matches!(here, b'\r' | b'\n');
            if self.at >= byte && !is_end {
                break;
            }
            // A carriage return before a line feed is half of one end.
            let is_half = *here == b'\r' && self.text.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from(is_end && !is_half);
            self.at += 1;
        }
        self.line
    }
}

/// What stands between the cells, by the header: names of fields have none of them.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
    // Of as many the first.
    DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u64, Vec<String>)> {
        let cells = |row: StringRecord| row.iter().map(str::to_owned).collect();
        rows(text).unwrap().into_iter().map(|(line, row)| (line, cells(row))).collect()
    }

    #[test]
    fn rows_keep_their_lines_through_quotes_and_empty_ones() {
        let table = read("a,b\r\n\r\n1,\"x\ny\"\r\n,\r\n2,\"say \"\"hi\"\"\"\r\n");
        let row = |line, a: &str, b: &str| (line, vec![a.to_owned(), b.to_owned()]);
        assert_eq!(table, [row(1, "a", "b"), row(3, "1", "x\ny"), row(6, "2", "say \"hi\"")]);
    }

    #[test]
    fn it_is_read_with_the_separator_of_its_header() {
        for text in ["\u{feff}a;b\r\n1;x,y\r\n", "a\tb\n1\tx,y\n", "a,b\n1,\"x,y\"\n"] {
            assert_eq!(read(text)[1].1, ["1", "x,y"], "{text}");
        }
    }

    #[test]
    fn what_is_too_much_is_refused_with_its_line() {
        let many = "a\n".repeat(ROWS_MAX + 5);
        assert!(rows(&many).unwrap_err().text.contains("20000 rows"));
        let wide = format!("a\n{}\n", ",".repeat(COLUMNS_MAX));
        let fault = rows(&wide).unwrap_err();
        assert!(fault.line == 2 && fault.text.contains("65 cells"), "{fault:?}");
        let long = format!("a\n\"{}\n", "x".repeat(CELL_MAX + 1));
        let fault = rows(&long).unwrap_err();
        assert!((fault.line, fault.column) == (2, Some(1)) && fault.text.contains("quote"), "{fault:?}");
    }
}
