//! A page to be filed: one file, nothing fetched, no script; for screen, print and screen readers.

use askama::Template;
use autods_ledger::HeadSignature;

use super::answers::RunAudit;
use super::words;

#[derive(Template)]
#[template(path = "run.html")]
struct Page<'a> {
    audit: &'a RunAudit,
    host: &'a str,
}

impl Page<'_> {
    /// How far the ledger can be believed: a class for the colour, and the words that say it too.
    fn trust(&self) -> (&'static str, String) {
        let class = match self.audit.signature {
            HeadSignature::Checked { .. } => "good",
            HeadSignature::Unchecked { .. } | HeadSignature::Open { .. } => "open",
        };
        (class, words::signature(&self.audit.signature))
    }

    fn outcome(&self) -> String {
        match &self.audit.closed {
            Some((moment, outcome)) => format!(
                "{}, {}",
                words::outcome(*outcome),
                words::instant(&moment.at)
            ),
            None => "not closed".to_owned(),
        }
    }

    fn yes(&self, yes: &bool) -> &'static str {
        if *yes { "yes" } else { "no" }
    }
}

/// The audit as a page.
///
/// # Errors
/// None that is known; a template may fail in principle.
pub fn html(audit: &RunAudit) -> Result<String, askama::Error> {
    Page {
        audit,
        host: env!("CARGO_PKG_VERSION"),
    }
    .render()
}
