//! What was asked.

use autods_sdk::agent::{Briefing, Section};

use crate::sentence::Sentence;
use crate::words;

pub(super) fn say(briefing: &Briefing) -> Vec<Sentence> {
    let say = |text: String| Sentence::new(Section::Question, text);
    let mut said = vec![say(
        "The question is one of prediction: whose risk is higher, given what is known at the index \
         date. It is not one of cause; what goes with a higher risk need not bring it about."
            .to_owned(),
    )];
    if let Some(outcome) = words::column(briefing, &briefing.task.outcome) {
        said.push(say(format!(
            "The outcome is read from the column “{outcome}”."
        )));
    }
    said
}
