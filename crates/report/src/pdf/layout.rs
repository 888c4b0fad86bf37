//! Puts a document on pages: A4 across, since its tables are wide.
//!
//! Everything is set from the top down; who needs more than a page has left begins the next one.

use pdf_writer::{Content, Name, Str};

use super::face::Face;
use super::numbered;
use crate::ReportError;
use crate::sheet::{Row, Sheet, Table};
use crate::words::say;

/// A4 across, points.
pub(super) const WIDTH: f32 = 841.89;
/// How high it is.
pub(super) const HEIGHT: f32 = 595.28;
/// What is left free at the sides, and above.
const MARGIN: f32 = 42.0;
/// What is left free below, for the foot.
const BOTTOM: f32 = 54.0;
/// What is between the margins.
const INNER: f32 = WIDTH - 2.0 * MARGIN;

/// Sizes of letters.
const TITLE: f32 = 20.0;
const HEADING: f32 = 11.5;
const BODY: f32 = 8.5;
const SMALL: f32 = 7.5;
const SUM: f32 = 14.0;

/// How high a row of a table is.
const ROW: f32 = 15.0;
/// The widest that the names of a table may be.
const NAMES_MAX: f32 = 190.0;
/// How wide they are at least.
const NAMES_MIN: f32 = 90.0;
/// Between text and the edges of its cell.
const PAD: f32 = 5.0;
/// How wide the terms of definitions are.
const TERM: f32 = 120.0;

/// Colours.
type Colour = (f32, f32, f32);
const INK: Colour = (0.11, 0.13, 0.16);
const DIM: Colour = (0.38, 0.42, 0.47);
const LINE: Colour = (0.85, 0.87, 0.90);
const BAND: Colour = (0.95, 0.96, 0.97);
const ACCENT: Colour = (0.10, 0.44, 0.60);

/// The two fonts.
pub(super) struct Fonts {
    plain: Face,
    bold: Face,
}

/// Which of them.
#[derive(Clone, Copy)]
enum Weight {
    Plain,
    Bold,
}

impl Fonts {
    pub(super) fn new() -> Result<Self, ReportError> {
        let plain = include_bytes!("../../fonts/NotoSans-Regular.ttf");
        let bold = include_bytes!("../../fonts/NotoSans-SemiBold.ttf");
        let read = |name, postscript, data| Face::read(name, postscript, data).map_err(ReportError::Document);
        Ok(Self { plain: read("P", "NotoSans-Regular", plain)?, bold: read("B", "NotoSans-SemiBold", bold)? })
    }

    pub(super) fn into_faces(self) -> [Face; 2] {
        [self.plain, self.bold]
    }

    fn of(&mut self, weight: Weight) -> &mut Face {
        match weight {
            Weight::Plain => &mut self.plain,
            Weight::Bold => &mut self.bold,
        }
    }
}

/// How a text looks.
#[derive(Clone, Copy)]
struct Look {
    weight: Weight,
    size: f32,
    colour: Colour,
}

const fn look(weight: Weight, size: f32, colour: Colour) -> Look {
    Look { weight, size, colour }
}

/// Pages in the making.
struct Setter<'a> {
    sheet: &'a Sheet,
    fonts: &'a mut Fonts,
    done: Vec<Content>,
    page: Content,
    /// How high on the page the next thing begins.
    y: f32,
}

/// The streams of the pages.
pub(super) fn pages(sheet: &Sheet, fonts: &mut Fonts) -> Vec<Vec<u8>> {
    let mut setter = Setter { sheet, fonts, done: Vec::new(), page: Content::new(), y: HEIGHT - MARGIN };
    setter.head();
    setter.sums();
    for table in &sheet.tables {
        setter.table(table);
    }
    setter.space(6.0);
    setter.paragraph(sheet.note, look(Weight::Plain, SMALL, DIM), (MARGIN, INNER));
    setter.definitions();
    setter.finish()
}

impl Setter<'_> {
    fn text(&mut self, text: &str, look: Look, x: f32, y: f32) {
        let face = self.fonts.of(look.weight);
        let (name, bytes) = (face.name, face.encoded(text));
        let (r, g, b) = look.colour;
        self.page.set_fill_rgb(r, g, b);
        self.page.begin_text();
        self.page.set_font(Name(name.as_bytes()), look.size);
        self.page.set_text_matrix([1.0, 0.0, 0.0, 1.0, x, y]);
        self.page.show(Str(&bytes));
        self.page.end_text();
    }

    /// A text that ends at `x`.
    fn text_to(&mut self, text: &str, look: Look, x: f32, y: f32) {
        let width = self.fonts.of(look.weight).width(text, look.size);
        self.text(text, look, x - width, y);
    }

    fn band(&mut self, (r, g, b): Colour, (x, y): (f32, f32), (width, height): (f32, f32)) {
        self.page.set_fill_rgb(r, g, b);
        self.page.rect(x, y, width, height);
        self.page.fill_nonzero();
    }

    fn line(&mut self, y: f32) {
        self.band(LINE, (MARGIN, y), (INNER, 0.6));
    }

    fn space(&mut self, height: f32) {
        self.y -= height;
    }

    /// Begins another page unless this one has room; says whether it did.
    fn need(&mut self, height: f32) -> bool {
        if self.y - height >= BOTTOM {
            return false;
        }
        let page = std::mem::replace(&mut self.page, Content::new());
        self.done.push(page);
        self.y = HEIGHT - MARGIN;
        true
    }

    fn head(&mut self) {
        let title = look(Weight::Bold, TITLE, INK);
        self.band(ACCENT, (MARGIN, self.y - 3.0), (36.0, 3.0));
        self.space(14.0 + TITLE);
        let text = self.fonts.of(title.weight).fitting(&self.sheet.title, title.size, INNER);
        self.text(&text, title, MARGIN, self.y);
        self.space(8.0);
        for line in &self.sheet.about {
            let about = look(Weight::Plain, BODY + 1.0, DIM);
            self.space(13.0);
            let text = self.fonts.of(about.weight).fitting(line, about.size, INNER);
            self.text(&text, about, MARGIN, self.y);
        }
        self.space(18.0);
    }

    fn sums(&mut self) {
        let count = self.sheet.sums.len().max(1);
        let each = INNER / f32::from(u8::try_from(count).unwrap_or(u8::MAX));
        self.band(BAND, (MARGIN, self.y - 42.0), (INNER, 42.0));
        let mut x = MARGIN + PAD + 3.0;
        for (name, value) in &self.sheet.sums {
            let (small, large) = (look(Weight::Plain, SMALL, DIM), look(Weight::Bold, SUM, INK));
            let name = self.fonts.of(small.weight).fitting(name, small.size, each - PAD);
            self.text(&name, small, x, self.y - 14.0);
            let value = self.fonts.of(large.weight).fitting(value, large.size, each - PAD);
            self.text(&value, large, x, self.y - 33.0);
            x += each;
        }
        self.space(42.0);
    }

    fn heading(&mut self, text: &str, more: f32) {
        if !self.need(24.0 + more) {
            self.space(24.0);
        } else {
            self.space(HEADING);
        }
        self.text(text, look(Weight::Bold, HEADING, INK), MARGIN, self.y);
        self.space(8.0);
    }

    fn table(&mut self, table: &Table) {
        let columns = Columns::of(table, &self.fonts.plain);
        let heads: Vec<Vec<String>> = table
            .columns
            .iter()
            .map(|word| self.fonts.bold.wrapped(word, SMALL, columns.each - 2.0))
            .collect();
        let lines = heads.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let head = 8.0 + 9.5 * f32::from(u8::try_from(lines).unwrap_or(u8::MAX));
        self.heading(table.heading, head + 2.0 * ROW);
        self.table_head(table, &columns, &heads, head);
        for row in &table.rows {
            if self.need(ROW) {
                self.table_head(table, &columns, &heads, head);
            }
            self.row(row, &columns, Weight::Plain);
            self.line(self.y);
        }
        if let Some(total) = &table.total {
            if self.need(ROW) {
                self.table_head(table, &columns, &heads, head);
            }
            self.band(BAND, (MARGIN, self.y - ROW), (INNER, ROW));
            self.row(total, &columns, Weight::Bold);
        }
    }

    fn table_head(&mut self, table: &Table, columns: &Columns, heads: &[Vec<String>], height: f32) {
        let look = look(Weight::Bold, SMALL, DIM);
        self.band(BAND, (MARGIN, self.y - height), (INNER, height));
        self.text(table.first, look, MARGIN + PAD, self.y - height + 6.0);
        for (index, lines) in heads.iter().enumerate() {
            let mut y = self.y - height + 6.0;
            for line in lines.iter().rev() {
                self.text_to(line, look, columns.end(index), y);
                y += 9.5;
            }
        }
        self.space(height);
        self.band(ACCENT, (MARGIN, self.y), (INNER, 0.8));
    }

    fn row(&mut self, (name, cells): &Row, columns: &Columns, weight: Weight) {
        let look = look(weight, BODY, INK);
        let y = self.y - ROW + 4.7;
        let name = self.fonts.of(weight).fitting(name, BODY, columns.names - PAD);
        self.text(&name, look, MARGIN + PAD, y);
        for (index, cell) in cells.iter().enumerate() {
            let cell = self.fonts.of(weight).fitting(cell, BODY, columns.each);
            self.text_to(&cell, look, columns.end(index), y);
        }
        self.space(ROW);
    }

    fn paragraph(&mut self, text: &str, look: Look, (x, width): (f32, f32)) {
        for line in self.fonts.of(look.weight).wrapped(text, look.size, width) {
            self.need(look.size + 3.5);
            self.space(look.size + 3.5);
            self.text(&line, look, x, self.y);
        }
    }

    fn definitions(&mut self) {
        self.heading(say(self.sheet.language, "meaning"), 30.0);
        for (term, text) in &self.sheet.definitions {
            let (bold, plain) = (look(Weight::Bold, BODY, INK), look(Weight::Plain, BODY, INK));
            let width = INNER - TERM;
            let lines = self.fonts.of(plain.weight).wrapped(text, plain.size, width).len();
            self.need((BODY + 3.5) * f32::from(u8::try_from(lines).unwrap_or(u8::MAX)) + 2.0);
            let y = self.y - (BODY + 3.5);
            self.text(term, bold, MARGIN, y);
            self.paragraph(text, plain, (MARGIN + TERM, width));
            self.space(2.5);
        }
    }

    /// Adds the feet, now that it is known how many pages there are.
    fn finish(mut self) -> Vec<Vec<u8>> {
        let last = std::mem::replace(&mut self.page, Content::new());
        self.done.push(last);
        let pages = std::mem::take(&mut self.done);
        let (count, look) = (pages.len(), look(Weight::Plain, SMALL, DIM));
        let mut streams = Vec::new();
        for (index, page) in pages.into_iter().enumerate() {
            self.page = page;
            self.line(BOTTOM - 14.0);
            let title = self.fonts.of(look.weight).fitting(&self.sheet.title, look.size, INNER * 0.7);
            self.text(&title, look, MARGIN, BOTTOM - 26.0);
            self.text_to(&numbered(self.sheet, index + 1, count), look, WIDTH - MARGIN, BOTTOM - 26.0);
            let page = std::mem::replace(&mut self.page, Content::new());
            streams.push(page.finish().into_vec());
        }
        streams
    }
}

/// How wide the columns of a table are.
struct Columns {
    names: f32,
    each: f32,
    gap: f32,
}

impl Columns {
    fn of(table: &Table, face: &Face) -> Self {
        let names = table.rows.iter().map(|(name, _)| face.width(name, BODY)).fold(NAMES_MIN, f32::max);
        let names = names.min(NAMES_MAX) + 2.0 * PAD;
        let count = f32::from(u8::try_from(table.columns.len().max(1)).unwrap_or(u8::MAX));
        let whole = (INNER - names) / count;
        Self { names, each: whole - PAD, gap: whole }
    }

    /// Where the numbers of a column end.
    fn end(&self, index: usize) -> f32 {
        let index = f32::from(u8::try_from(index).unwrap_or(u8::MAX));
        MARGIN + self.names + self.gap * (index + 1.0) - PAD
    }
}
