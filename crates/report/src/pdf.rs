//! Sets a document as PDF 1.7 (ISO 32000-1).
//!
//! [`face`] has the letters, [`layout`] puts them on pages; in here the file is put together. Of the two fonts (Noto Sans,
//! SIL Open Font License 1.1, see `fonts/OFL.txt`) only the letters that are shown go into a file.

mod face;
mod layout;

use pdf_writer::{Filter, Finish as _, Name, Pdf, Rect, Ref, TextStr};

use self::face::Face;
use self::layout::{Fonts, HEIGHT, WIDTH};
use crate::ReportError;
use crate::sheet::Sheet;
use crate::words::say;

/// How hard a stream is packed, of 10: what lies beyond takes longer and gains little.
const PACKING: u8 = 6;
/// Objects that are there once, and for each font; pages follow.
const CATALOG: i32 = 1;
const PAGES: i32 = 2;
const INFO: i32 = 3;
const FIRST_FONT: i32 = 4;
const OF_A_FONT: i32 = 5;

/// The file.
pub(crate) fn document(sheet: &Sheet) -> Result<Vec<u8>, ReportError> {
    let mut fonts = Fonts::new()?;
    let contents = layout::pages(sheet, &mut fonts);
    let mut pdf = Pdf::new();
    let faces = fonts.into_faces();
    let font = |index: i32| Ref::new(FIRST_FONT + index * OF_A_FONT);
    let first_page = FIRST_FONT + OF_A_FONT * 2;
    let pages: Vec<(Ref, Ref)> = (0..)
        .map(|index| (Ref::new(first_page + index * 2), Ref::new(first_page + index * 2 + 1)))
        .take(contents.len())
        .collect();
    let mut catalog = pdf.catalog(Ref::new(CATALOG));
    catalog.pages(Ref::new(PAGES)).lang(TextStr(match sheet.language {
        store::report::Language::En => "en",
        store::report::Language::De => "de",
    }));
    catalog.viewer_preferences().display_doc_title(true);
    catalog.finish();
    pdf.document_info(Ref::new(INFO)).title(TextStr(&sheet.title)).producer(TextStr("Cordboard"));
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(Ref::new(PAGES)).kids(pages.iter().map(|(page, _)| *page)).count(count);
    for ((page, content), bytes) in pages.iter().zip(&contents) {
        let mut writer = pdf.page(*page);
        writer.parent(Ref::new(PAGES)).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(*content);
        let mut resources = writer.resources();
        let mut named = resources.fonts();
        for (index, face) in (0..).zip(&faces) {
            named.pair(Name(face.name.as_bytes()), font(index));
        }
        named.finish();
        resources.finish();
        writer.finish();
        pdf.stream(*content, &packed(bytes)).filter(Filter::FlateDecode);
    }
    for (index, face) in (0..).zip(&faces) {
        embed(&mut pdf, font(index), face)?;
    }
    Ok(pdf.finish())
}

/// Puts a font in, as letters of two bytes each.
fn embed(pdf: &mut Pdf, first: Ref, face: &Face) -> Result<(), ReportError> {
    use pdf_writer::Str;
    use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};

    let of = |index: i32| Ref::new(first.get() + index);
    let base = format!("CORDBR+{}", face.postscript);
    let base = Name(base.as_bytes());
    let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
    let mut font = pdf.type0_font(of(0));
    font.base_font(base).encoding_predefined(Name(b"Identity-H")).descendant_font(of(1)).to_unicode(of(3));
    font.finish();
    let mut cid = pdf.cid_font(of(1));
    cid.subtype(CidFontType::Type2).base_font(base).system_info(system).font_descriptor(of(2));
    cid.cid_to_gid_map_predefined(Name(b"Identity")).default_width(0.0);
    cid.widths().consecutive(0, face.widths());
    cid.finish();
    let metrics = face.metrics();
    let mut descriptor = pdf.font_descriptor(of(2));
    descriptor.name(base).flags(FontFlags::NON_SYMBOLIC).italic_angle(0.0).stem_v(80.0).font_file2(of(4));
    descriptor
        .bbox(metrics.bbox)
        .ascent(metrics.ascent)
        .descent(metrics.descent)
        .cap_height(metrics.cap_height);
    descriptor.finish();
    let mut letters = UnicodeCmap::new(Name(b"Letters"), system);
    for (glyph, letter) in face.letters() {
        letters.pair(glyph, letter);
    }
    pdf.stream(of(3), &packed(&letters.finish())).filter(Filter::FlateDecode);
    let subset = face.subset().map_err(ReportError::Document)?;
    let length = i32::try_from(subset.len()).unwrap_or(i32::MAX);
    pdf.stream(of(4), &packed(&subset)).filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
    Ok(())
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, PACKING)
}

/// What stands at the foot of a page.
fn numbered(sheet: &Sheet, page: usize, of: usize) -> String {
    format!("{} {page} {} {of}", say(sheet.language, "page"), say(sheet.language, "page-of"))
}
