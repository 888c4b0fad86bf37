//! Names by the letters on a telephone's keys (ITU-T E.161).

use model::flow::document::NamePart;

/// Whether this part of a name begins with these keys. What is no letter of it is left out.
#[must_use]
pub fn begins(name: &str, keys: &str, by: NamePart) -> bool {
    let words = || name.split_whitespace();
    let is = |word: Option<&str>| word.is_some_and(|word| word_begins(word, keys));
    match by {
        NamePart::Last => is(words().next_back()),
        NamePart::First => is(words().next()),
        NamePart::Both => is(words().next_back()) || is(words().next()),
    }
}

fn word_begins(word: &str, keys: &str) -> bool {
    // Whoever has no ß on the keys presses two s.
    let twice = |letter| std::iter::repeat_n(letter, if letter == 'ß' { 2 } else { 1 });
    let mut pressed = word.chars().flat_map(char::to_lowercase).flat_map(twice).filter_map(key_of);
    keys.chars().all(|key| pressed.next() == Some(key))
}

/// The key with this letter; letters with marks are on the key of the letter below the mark.
const fn key_of(letter: char) -> Option<char> {
    match letter {
        'a'..='c' | 'à'..='ç' | 'ā' | 'ă' | 'ą' | 'ć' | 'č' => Some('2'),
        'd'..='f' | 'è'..='ë' | 'ð' | 'ď' | 'đ' | 'ē' | 'ė' | 'ę' | 'ě' => Some('3'),
        'g'..='i' | 'ì'..='ï' | 'ğ' | 'ģ' | 'ī' | 'į' | 'ı' => Some('4'),
        'j'..='l' | 'ķ' | 'ļ' | 'ľ' | 'ł' => Some('5'),
        'm'..='o' | 'ñ' | 'ò'..='ö' | 'ø' | 'ń' | 'ņ' | 'ň' | 'ō' | 'ő' | 'œ' => Some('6'),
        'p'..='s' | 'ß' | 'ŕ' | 'ř' | 'ś' | 'ş' | 'š' | 'ș' => Some('7'),
        't'..='v' | 'ù'..='ü' | 'þ' | 'ţ' | 'ť' | 'ț' | 'ū' | 'ů' | 'ű' | 'ų' => Some('8'),
        'w'..='z' | 'ý' | 'ÿ' | 'ź' | 'ż' | 'ž' => Some('9'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_the_keys_of_its_last_or_first_word() {
        for (name, keys, by, found) in [
            ("Ann Ash", "274", NamePart::Last, true),
            ("Ann Ash", "266", NamePart::Last, false),
            ("Ann Ash", "266", NamePart::First, true),
            ("Ann Ash", "266", NamePart::Both, true),
            ("Ann Ash", "2745", NamePart::Both, false),
            ("Jörg Müller-Weiß", "68553793477", NamePart::Last, true),
            ("Łukasz O'Neill", "66345", NamePart::Last, true),
            ("Łukasz O'Neill", "585", NamePart::First, true),
            ("Cher", "243", NamePart::Last, true),
            ("Cher", "243", NamePart::First, true),
            ("", "2", NamePart::Both, false),
            ("Ann Ash", "10", NamePart::Both, false),
        ] {
            assert_eq!(begins(name, keys, by), found, "{name} {keys}");
        }
    }
}
