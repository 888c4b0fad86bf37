//! Prompts: a domain's own sounds.

pub(crate) mod audio;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod playlists;
pub(crate) mod put;
pub mod view;

use serde::Deserialize;
use store::prompt::{is_prompt_name, language_tag};
use utoipa::IntoParams;

use crate::auth::Access;
use crate::path::shown;
use crate::problem::{Problem, ProblemKind};
use crate::prompts::PromptKey;

/// `…/prompts/{name}`.
#[derive(Deserialize)]
pub(crate) struct PromptPath {
    pub(crate) name: String,
}

/// Which of the prompts of one name.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LanguageParams {
    /// A language tag, `de` or `de-AT`; the domain's language unless set.
    #[param(example = "de")]
    pub(crate) language: Option<String>,
}

/// The prompt that a request is about.
pub(crate) fn key(access: &Access, path: &PromptPath, language: Option<&str>) -> Result<PromptKey, Problem> {
    let wrong = |text: String| Problem::new(ProblemKind::InvalidParameter, text);
    if !is_prompt_name(&path.name) {
        let name = shown(&path.name);
        let text = format!("`{name}` is no name of a prompt: 1 to 64 of lower-case letters, digits and `-`");
        return Err(wrong(text));
    }
    let as_tag = |text: &str| {
        let text = shown(text);
        language_tag(&text)
            .ok_or_else(|| wrong(format!("`language` is `{text}`; it is a tag like de or de-AT")))
    };
    let language = language.map(as_tag).transpose()?;
    Ok(PromptKey { tenant: access.tenant(), language, name: path.name.clone() })
}
