//! What a document has, before it is set on pages.

use store::report::Language;

use crate::words::say;
use crate::{Asked, Content, Subject, agents, queues, when};

/// A document without its looks.
pub(crate) struct Sheet {
    pub(crate) language: Language,
    pub(crate) title: String,
    /// What stands below the title.
    pub(crate) about: Vec<String>,
    pub(crate) sums: Vec<(&'static str, String)>,
    pub(crate) tables: Vec<Table>,
    /// What is to be said of the tables.
    pub(crate) note: &'static str,
    pub(crate) definitions: Vec<(&'static str, &'static str)>,
}

/// A table of a document: a name in each row, and numbers behind it.
pub(crate) struct Table {
    pub(crate) heading: &'static str,
    /// What the names are.
    pub(crate) first: &'static str,
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<Row>,
    /// The last row.
    pub(crate) total: Option<Row>,
}

/// A name and its numbers.
pub(crate) type Row = (String, Vec<String>);

/// One kind of figures, as documents show them.
pub(crate) trait Figures: Clone + Default {
    /// Takes others in.
    fn merge(&mut self, other: &Self);
    /// Whether there is anything to show.
    fn is_something(&self) -> bool;
    /// The numbers of a row.
    fn cells(&self) -> Vec<String>;
    /// The sums above the tables.
    fn sums(&self, language: Language) -> Vec<(&'static str, String)>;
    /// The names of the numbers.
    fn columns(language: Language) -> Vec<&'static str>;
    /// What the names of single ones are, and the heading of their table.
    fn called(language: Language) -> (&'static str, &'static str);
}

/// All figures together.
fn together<'a, F: Figures + 'a>(all: impl Iterator<Item = &'a F>) -> F {
    let mut sum = F::default();
    all.for_each(|one| sum.merge(one));
    sum
}

/// The document of a report.
pub(crate) fn sheet(asked: &Asked, content: &Content) -> Sheet {
    let language = asked.language;
    let (whose, tables, definitions) = match content {
        Content::Queues(all) => {
            (whose(all, say(language, "queues")), tables(asked, all), queues::definitions(language))
        }
        Content::Agents(all) => {
            (whose(all, say(language, "agents")), tables(asked, all), agents::definitions(language))
        }
    };
    let about = vec![
        format!("{} · {}", when::days(asked), asked.zone),
        whose,
        format!("{} · {} {}", asked.domain, say(language, "made"), when::moment(asked, asked.made_at)),
    ];
    let note = if tables.is_empty() { say(language, "nothing") } else { say(language, "left-out") };
    let sums = sums(asked, content);
    Sheet { language, title: asked.title.clone(), about, sums, tables, note, definitions }
}

/// The sums of all figures.
pub(crate) fn sums(asked: &Asked, content: &Content) -> Vec<(&'static str, String)> {
    match content {
        Content::Queues(all) => together(all.iter().flat_map(|(_, figures)| figures)).sums(asked.language),
        Content::Agents(all) => together(all.iter().flat_map(|(_, figures)| figures)).sums(asked.language),
    }
}

/// Whom it is about: the one, or how many.
fn whose<F>(all: &[(Subject, F)], many: &str) -> String {
    match all {
        [(one, _)] => format!("{} · {}", one.name, one.number),
        _ => format!("{many}: {}", all.len()),
    }
}

fn tables<F: Figures>(asked: &Asked, all: &[(Subject, Vec<F>)]) -> Vec<Table> {
    let language = asked.language;
    let total = together(all.iter().flat_map(|(_, figures)| figures));
    if !total.is_something() {
        return Vec::new();
    }
    let intervals = asked.intervals.iter().enumerate().map(|(index, (begins, _))| {
        let sum = together(all.iter().filter_map(|(_, figures)| figures.get(index)));
        (when::interval(asked, begins), sum)
    });
    let rows =
        intervals.filter(|(_, sum)| sum.is_something()).map(|(name, sum)| (name, sum.cells())).collect();
    let last = Some((say(language, "together").to_owned(), total.cells()));
    let columns = F::columns(language);
    let mut tables = vec![Table {
        heading: say(language, "by-interval"),
        first: say(language, "from"),
        columns: columns.clone(),
        rows,
        total: last.clone(),
    }];
    if all.len() > 1 {
        let sums = all.iter().map(|(subject, figures)| (subject, together(figures.iter())));
        let row =
            |(subject, sum): (&Subject, F)| (format!("{} · {}", subject.name, subject.number), sum.cells());
        let (first, heading) = F::called(language);
        let rows = sums.filter(|(_, sum)| sum.is_something()).map(row).collect();
        tables.push(Table { heading, first, columns, rows, total: last });
    }
    tables
}
