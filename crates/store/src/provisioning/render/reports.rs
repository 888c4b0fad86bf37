//! Reports that go by e-mail.

use super::super::reports::{AT_DEFAULT, DAY_DEFAULT};
use super::super::yaml::Node;
use super::mapping::{Mapping, texts};
use crate::provisioning::in_words::clock;
use crate::report::due::{Every, ReportSpan, Weekday};
use crate::report::{About, Format, Report};
use crate::statistics::intervals::Length;

pub(super) fn report(report: &Report) -> Node {
    let Report {
        name,
        about,
        queues,
        agents,
        groups,
        span,
        interval,
        every,
        weekday,
        day,
        at,
        recipients,
        format,
        language,
        enabled,
    } = report;
    let mut fields = Mapping::default();
    fields.text("name", name);
    fields.word_unless("about", *about, About::Queues);
    fields.list("queues", texts(queues));
    fields.list("agents", texts(agents));
    fields.list("groups", texts(groups));
    fields.word_unless("span", *span, ReportSpan::Yesterday);
    fields.word_unless("interval", *interval, Length::Hour);
    fields.word_unless("every", *every, Every::Day);
    fields.word_unless("weekday", *weekday, Weekday::Monday);
    fields.number_unless("day", *day, DAY_DEFAULT);
    fields.text_unless("at", &clock(*at), &clock(AT_DEFAULT));
    fields.list("recipients", texts(recipients));
    fields.word_unless("format", *format, Format::Pdf);
    if let Some(language) = language {
        fields.word("language", *language);
    }
    fields.flag_unless("enabled", *enabled, true);
    fields.done()
}
