//! `runbook.md`.

use autods_spec::Runbook;

use crate::front_matter;

pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    front_matter::hold(text, |text| Runbook::parse("runbook.md", text));
}

pub fn seeds() -> Vec<Vec<u8>> {
    let text = include_str!("../../runbook.md");
    Runbook::parse("runbook.md", text).expect("an honest runbook");
    vec![text.into()]
}
