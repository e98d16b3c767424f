//! What the champion looks at.

use autods_sdk::agent::{Briefing, Section};

use crate::facts;
use crate::sentence::Sentence;

pub(super) fn say(briefing: &Briefing) -> Vec<Sentence> {
    if facts::champion(briefing).is_none() {
        return Vec::new();
    }
    let mut said = vec![Sentence::new(
        Section::Attributions,
        "The attributions show what the model uses, in log-odds of risk, not what brings the outcome \
         about. Columns that go together share their weight in a way that another model might share \
         out differently.",
    )];
    if let Some(id) = facts::host_event(briefing, "attributed") {
        said.push(
            Sentence::new(
                Section::Attributions,
                "They were computed on {0} rows and add up to the prediction with an error of at most \
                 {1} on the log-odds scale.",
            )
            .with(id, "/Attributed/rows")
            .with(id, "/Attributed/additivity_error"),
        );
    }
    said
}
