//! A reader of PDF, as small as our files allow: it follows the table of objects at the end, unpacks streams, and reads
//! what pages show by the fonts' own tables of letters.

use std::collections::BTreeMap;

/// A file, taken apart.
pub(super) struct Read {
    /// Objects by number: what is written, and the unpacked stream.
    objects: BTreeMap<usize, (String, Vec<u8>)>,
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(what.len()).position(|window| window == what).map(|at| at + from)
}

/// The number behind a word.
fn number(text: &str, word: &str) -> Option<usize> {
    let rest = &text[text.find(word)? + word.len()..];
    rest.trim_start().split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

impl Read {
    pub(super) fn of(bytes: &[u8]) -> Self {
        assert!(bytes.starts_with(b"%PDF-1.7"), "it is a PDF");
        let tail = String::from_utf8_lossy(&bytes[bytes.len() - 64..]).into_owned();
        let table = number(&tail, "startxref").unwrap();
        assert!(bytes[table..].starts_with(b"xref"), "the table of objects is where the end says");
        let text = String::from_utf8_lossy(&bytes[table..]).into_owned();
        let offsets = text.lines().skip(2).map_while(|line| {
            let (offset, rest) = line.split_once(' ')?;
            rest.contains(" n")
                .then(|| offset.parse::<usize>().ok())
                .or_else(|| rest.contains(" f").then_some(None))
        });
        let mut objects = BTreeMap::new();
        for (id, offset) in offsets.enumerate() {
            let Some(offset) = offset else { continue };
            let end = find(bytes, b"endobj", offset).unwrap();
            let (dictionary, stream) = match find(bytes, b"\nstream\n", offset).filter(|at| *at < end) {
                None => (String::from_utf8_lossy(&bytes[offset..end]).into_owned(), Vec::new()),
                Some(at) => {
                    let dictionary = String::from_utf8_lossy(&bytes[offset..at]).into_owned();
                    let length = number(&dictionary, "/Length ").unwrap();
                    let packed = &bytes[at + 8..at + 8 + length];
                    (dictionary, miniz_oxide::inflate::decompress_to_vec_zlib(packed).unwrap())
                }
            };
            assert!(dictionary.starts_with(&format!("{id} 0 obj")), "object {id} is where the table says");
            objects.insert(id, (dictionary, stream));
        }
        Self { objects }
    }

    /// The letters of a font by their two bytes, from its table.
    fn letters(&self, font: usize) -> BTreeMap<u16, char> {
        let table = number(&self.objects[&font].0, "/ToUnicode ").unwrap();
        let table = String::from_utf8(self.objects[&table].1.clone()).unwrap();
        let pair = |line: &str| {
            let (place, letter) = line.strip_prefix('<')?.strip_suffix('>')?.split_once("> <")?;
            let units: Vec<u16> = letter
                .as_bytes()
                .chunks(4)
                .map(|unit| u16::from_str_radix(std::str::from_utf8(unit).unwrap(), 16).unwrap())
                .collect();
            let letter = char::decode_utf16(units).next()?.ok()?;
            Some((u16::from_str_radix(place, 16).ok()?, letter))
        };
        table
            .lines()
            .filter(|line| line.matches('<').count() == 2 && line.len() > 9)
            .filter_map(pair)
            .collect()
    }

    /// How wide the letters of a font are.
    fn widths(&self, font: usize) -> Vec<f32> {
        let cid = number(&self.objects[&font].0, "/DescendantFonts [").unwrap();
        let text = &self.objects[&cid].0;
        let widths = &text[text.find("/W [0 [").unwrap() + 7..];
        widths[..widths.find(']').unwrap()].split_whitespace().map(|width| width.parse().unwrap()).collect()
    }

    /// What each page shows, with where it ends.
    fn shown(&self) -> Vec<Vec<(String, f32)>> {
        let mut pages = Vec::new();
        for (text, _) in self.objects.values().filter(|(text, _)| text.contains("/Type /Page\n")) {
            let content = number(text, "/Contents ").unwrap();
            let fonts = ["/P ", "/B "].map(|name| number(text, name).unwrap());
            let fonts = fonts.map(|font| (self.letters(font), self.widths(font)));
            pages.push(strings(&self.objects[&content].1, &fonts));
        }
        pages
    }

    pub(super) fn pages(&self) -> Vec<Vec<String>> {
        let texts = |page: Vec<(String, f32)>| page.into_iter().map(|(text, _)| text).collect();
        self.shown().into_iter().map(texts).collect()
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.pages().into_iter().flatten().collect()
    }

    /// Texts with where they end, of the first page.
    pub(super) fn placed(&self) -> Vec<(String, f32)> {
        self.shown().remove(0)
    }
}

type Font = (BTreeMap<u16, char>, Vec<f32>);

/// The strings of a page's stream.
fn strings(stream: &[u8], fonts: &[Font; 2]) -> Vec<(String, f32)> {
    let mut found = Vec::new();
    let (mut at, mut font, mut size, mut x) = (0, 0, 0.0, 0.0);
    let mut words: Vec<String> = Vec::new();
    while at < stream.len() {
        let byte = stream[at];
        if byte == b'(' || byte == b'<' {
            let (bytes, next) = string(stream, at);
            at = next;
            let (letters, widths) = &fonts[font];
            let units = bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            let width: f32 =
                units.clone().map(|unit| widths[usize::from(unit)]).sum::<f32>() * size / 1_000.0;
            found.push((units.map(|unit| letters[&unit]).collect(), x + width));
            continue;
        }
        if byte.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let end =
            stream[at..].iter().position(u8::is_ascii_whitespace).map_or(stream.len(), |length| at + length);
        let word = String::from_utf8_lossy(&stream[at..end]).into_owned();
        at = end;
        match word.as_str() {
            "Tf" => {
                font = usize::from(words[words.len() - 2] == "/B");
                size = words[words.len() - 1].parse().unwrap();
            }
            "Tm" => x = words[words.len() - 2].parse().unwrap(),
            _ => {}
        }
        words.push(word);
    }
    found
}

/// A string, written in letters or in hexadecimal digits, and where it ends.
fn string(stream: &[u8], from: usize) -> (Vec<u8>, usize) {
    let (mut at, mut bytes) = (from + 1, Vec::new());
    if stream[from] == b'<' {
        let end = from + stream[from..].iter().position(|byte| *byte == b'>').unwrap();
        let digits: String = String::from_utf8_lossy(&stream[at..end]).into_owned();
        let bytes = (0..digits.len() / 2).map(|n| u8::from_str_radix(&digits[2 * n..2 * n + 2], 16).unwrap());
        return (bytes.collect(), end + 1);
    }
    let mut depth = 1;
    loop {
        let byte = stream[at];
        at += 1;
        match byte {
            b'\\' => {
                let escaped = stream[at];
                if escaped.is_ascii_digit() {
                    let digits = std::str::from_utf8(&stream[at..at + 3]).unwrap();
                    bytes.push(u8::from_str_radix(digits, 8).unwrap());
                    at += 3;
                    continue;
                }
                at += 1;
                bytes.push(match escaped {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    other => other,
                });
            }
            b'(' => {
                depth += 1;
                bytes.push(byte);
            }
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return (bytes, at);
                }
                bytes.push(byte);
            }
            _ => bytes.push(byte),
        }
    }
}
