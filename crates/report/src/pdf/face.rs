//! A font: how wide a text is, and which of its letters were shown.
//!
//! What the font has no letter for is shown as U+FFFD, so that something is seen to be missing; what has no shape at all
//! (controls, marks of direction) is left out.

use std::collections::BTreeMap;

use subsetter::GlyphRemapper;

/// What stands for a letter that is not there.
const SUBSTITUTE: char = '\u{fffd}';
/// What a text that was cut ends with.
const CUT: &str = "…";

/// A font and what was shown of it.
pub(super) struct Face {
    /// How pages call it.
    pub(super) name: &'static str,
    /// Its own name.
    pub(super) postscript: &'static str,
    data: &'static [u8],
    face: ttf_parser::Face<'static>,
    remapper: GlyphRemapper,
    /// What was shown, by the place that it has in the file.
    shown: BTreeMap<u16, (char, f32)>,
}

/// Measures of a whole font, in thousandths of its size.
pub(super) struct Metrics {
    pub(super) bbox: pdf_writer::Rect,
    pub(super) ascent: f32,
    pub(super) descent: f32,
    pub(super) cap_height: f32,
}

impl Face {
    /// Reads a font.
    pub(super) fn read(
        name: &'static str,
        postscript: &'static str,
        data: &'static [u8],
    ) -> Result<Self, String> {
        let face = ttf_parser::Face::parse(data, 0).map_err(|error| error.to_string())?;
        let shown = BTreeMap::new();
        Ok(Self { name, postscript, data, face, remapper: GlyphRemapper::new(), shown })
    }

    /// Thousandths of the size for each unit of the font.
    fn scale(&self) -> f32 {
        1_000.0 / f32::from(self.face.units_per_em())
    }

    fn glyph(&self, letter: char) -> Option<(ttf_parser::GlyphId, char)> {
        let found = |letter| self.face.glyph_index(letter).map(|glyph| (glyph, letter));
        found(letter).or_else(|| found(SUBSTITUTE))
    }

    fn advance(&self, glyph: ttf_parser::GlyphId) -> f32 {
        f32::from(self.face.glyph_hor_advance(glyph).unwrap_or_default()) * self.scale()
    }

    /// The letters of a text as they are shown.
    fn letters_of(text: &str) -> impl Iterator<Item = char> + '_ {
        text.chars()
            .filter(|letter| !is_shapeless(*letter))
            .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
    }

    /// How wide a text is at a size, points.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        let glyphs = Self::letters_of(text).filter_map(|letter| self.glyph(letter));
        glyphs.map(|(glyph, _)| self.advance(glyph)).sum::<f32>() * size / 1_000.0
    }

    /// As much of a text as fits.
    pub(super) fn fitting(&self, text: &str, size: f32, width: f32) -> String {
        if self.width(text, size) <= width {
            return text.to_owned();
        }
        let room = width - self.width(CUT, size);
        let mut used = 0.0;
        let mut fits: String = Self::letters_of(text)
            .take_while(|letter| {
                let glyph = self.glyph(*letter);
                used += glyph.map_or(0.0, |(glyph, _)| self.advance(glyph)) * size / 1_000.0;
                used <= room
            })
            .collect();
        fits.truncate(fits.trim_end().len());
        fits + CUT
    }

    /// A text on lines that are no wider; a word that is wider alone is cut.
    pub(super) fn wrapped(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match longer.filter(|line| self.width(line, size) <= width) {
                Some(longer) => {
                    lines.pop();
                    lines.push(longer);
                }
                None => lines.push(self.fitting(word, size, width)),
            }
        }
        lines
    }

    /// A text as the file has it, two bytes a letter.
    pub(super) fn encoded(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for letter in Self::letters_of(text) {
            let Some((glyph, shown)) = self.glyph(letter) else { continue };
            let place = self.remapper.remap(glyph.0);
            let advance = self.advance(glyph);
            self.shown.entry(place).or_insert((shown, advance));
            bytes.extend(place.to_be_bytes());
        }
        bytes
    }

    /// What was shown: places and letters.
    pub(super) fn letters(&self) -> impl Iterator<Item = (u16, char)> + '_ {
        self.shown.iter().map(|(place, (letter, _))| (*place, *letter))
    }

    /// How wide each letter is, by its place.
    pub(super) fn widths(&self) -> Vec<f32> {
        let places = 0..self.remapper.num_gids();
        places.map(|place| self.shown.get(&place).map_or(0.0, |(_, advance)| *advance)).collect()
    }

    pub(super) fn metrics(&self) -> Metrics {
        let scale = self.scale();
        let of = |value: i16| f32::from(value) * scale;
        let bounds = self.face.global_bounding_box();
        Metrics {
            bbox: pdf_writer::Rect::new(
                of(bounds.x_min),
                of(bounds.y_min),
                of(bounds.x_max),
                of(bounds.y_max),
            ),
            ascent: of(self.face.ascender()),
            descent: of(self.face.descender()),
            cap_height: of(self.face.capital_height().unwrap_or_else(|| self.face.ascender())),
        }
    }

    /// The font with nothing in it but what was shown.
    pub(super) fn subset(&self) -> Result<Vec<u8>, String> {
        subsetter::subset(self.data, 0, &self.remapper).map_err(|error| error.to_string())
    }
}

/// What is in texts and is not seen: controls, joiners, marks of direction and variation.
fn is_shapeless(letter: char) -> bool {
    (letter.is_control() && !letter.is_whitespace())
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}
