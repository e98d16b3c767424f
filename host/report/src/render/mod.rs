//! Two renderings of one document.

mod events;
mod html;
mod markdown;

pub(crate) use html::{html, standalone};
pub(crate) use markdown::markdown;
