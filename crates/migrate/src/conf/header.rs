//! The line that opens a section: `[name]`, `[name](!)`, `[name](template, other)`, `[name](+)`.

use super::Section;

/// What the line says.
pub(super) struct Header<'a> {
    pub(super) name: &'a str,
    /// `!`
    pub(super) template: bool,
    /// `+`: not a new section, but the rest of one that is there.
    pub(super) goes_on: Option<Filter<'a>>,
    pub(super) bases: Vec<&'a str>,
}

/// Which of several sections of one name is meant, as in `[6001](+type=aor)`.
pub(super) struct Filter<'a>(Vec<(&'a str, &'a str)>);

impl Filter<'_> {
    pub(super) fn takes(&self, section: &Section) -> bool {
        self.0.iter().all(|(key, value)| {
            // The filter of templates is no setting.
            key.eq_ignore_ascii_case("templates")
                || section.all(&key.to_ascii_lowercase()).any(|setting| setting.value == *value)
        })
    }
}

impl<'a> Header<'a> {
    /// None if its name or its options have no end.
    pub(super) fn parse(line: &'a str) -> Option<Self> {
        let (name, rest) = line.strip_prefix('[')?.split_once(']')?;
        let mut header = Self { name: name.trim(), template: false, goes_on: None, bases: Vec::new() };
        let Some(options) = rest.trim_start().strip_prefix('(') else { return Some(header) };
        let (options, _) = options.split_once(')')?;
        // What stands behind a `+` are filters: they have commas too.
        let mut filters: Option<Vec<(&str, &str)>> = None;
        for option in options.split(',').map(str::trim).filter(|option| !option.is_empty()) {
            let more = option.strip_prefix('+');
            if more.is_some() {
                filters.get_or_insert_default();
            }
            let filter = more.unwrap_or(option).split_once('=');
            if let (Some((key, value)), Some(list)) = (filter, &mut filters) {
                list.push((key.trim(), value.trim()));
            } else if more.is_none() && option == "!" {
                header.template = true;
            } else if more.is_none() {
                header.bases.push(option);
            }
        }
        header.goes_on = filters.map(Filter);
        Some(header)
    }
}
