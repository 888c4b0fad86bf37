//! Comments: what of a line is meant.

use crate::error::ImportError;
use crate::limits::COMMENT_DEPTH_MAX;
use crate::report::Place;

/// The block comments that are open, over the lines of one file.
#[derive(Default)]
pub(super) struct Comments {
    depth: u32,
    begun: Option<Place>,
}

impl Comments {
    /// Where the comment began that has no end.
    pub(super) fn open(&self) -> Option<&Place> {
        self.begun.as_ref().filter(|_| self.depth > 0)
    }

    /// The line without its comments, and `\;` as `;`.
    pub(super) fn strip(&mut self, line: &str, place: &Place) -> Result<String, ImportError> {
        let mut meant = String::new();
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let block = rest.starts_with(";--") && !rest.starts_with(";---");
            if block {
                self.depth += 1;
                if self.depth > COMMENT_DEPTH_MAX {
                    let text =
                        format!("comments are nested more than {COMMENT_DEPTH_MAX} deep; that is the limit");
                    return Err(ImportError::new(place, text));
                }
                if self.depth == 1 {
                    self.begun = Some(place.clone());
                }
                rest = rest.get(3..).unwrap_or_default();
                continue;
            }
            if self.depth > 0 {
                let end = rest.starts_with("--;");
                self.depth -= u32::from(end);
                rest = rest.get(if end { 3 } else { c.len_utf8() }..).unwrap_or_default();
                continue;
            }
            if let Some(behind) = rest.strip_prefix("\\;") {
                meant.push(';');
                rest = behind;
                continue;
            }
            if c == ';' {
                break;
            }
            meant.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
        Ok(meant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(lines: &[&str]) -> Vec<String> {
        let mut comments = Comments::default();
        lines.iter().map(|line| comments.strip(line, &Place::file("a")).unwrap()).collect()
    }

    #[test]
    fn comments_of_a_line_and_of_many() {
        assert_eq!(stripped(&["a=b ; c", "; all", r"a=b\;c;d", "a=;---- line"]), ["a=b ", "", "a=b;c", "a="]);
        assert_eq!(
            stripped(&["a;-- one", "b ;-- two --; c", "d --; e=f ; g", ";-- h --;i=j"]),
            ["a", "", " e=f ", "i=j"]
        );
    }

    #[test]
    fn too_many_in_each_other_are_refused() {
        let mut comments = Comments::default();
        assert!(comments.strip(&";-- ".repeat(200), &Place::file("a")).is_err());
    }
}
