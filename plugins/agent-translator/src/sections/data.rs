//! Which rows there were.

use autods_sdk::agent::{Briefing, Sample, Section};

use crate::facts;
use crate::sentence::Sentence;

pub(super) fn say(briefing: &Briefing) -> Vec<Sentence> {
    let mut said = Vec::new();
    if let Some(cut) = facts::host_event(briefing, "lockbox-cut") {
        said.push(
            Sentence::new(
                Section::Data,
                "Before anything was fitted, {0} rows of {1} subjects were put aside in a lock-box; \
                 {2} rows of {3} subjects were left to develop on. No subject is in both.",
            )
            .with(cut, "/LockboxCut/rows")
            .with(cut, "/LockboxCut/subjects")
            .with(cut, "/LockboxCut/development_rows")
            .with(cut, "/LockboxCut/development_subjects"),
        );
    }
    let populations = facts::protocol(briefing).map(|(_, protocol)| &protocol.populations);
    for (at, population) in populations.into_iter().flatten().enumerate() {
        // any model evaluated on the population knows its size
        let counted = facts::evaluations(briefing).find(|(_, evaluation)| {
            evaluation.population == population.id
                && evaluation.sample == Sample::OutOfFold
                && evaluation.group.is_none()
                && evaluation.n.is_some()
                && evaluation.events.is_some()
        });
        if let Some((id, _)) = counted {
            let which = if at == 0 {
                "The deciding population"
            } else {
                "The wider population that is reported beside it"
            };
            said.push(
                Sentence::new(
                    Section::Data,
                    format!("{which} has {{0}} development rows, {{1}} of them with the outcome."),
                )
                .with(id, "/Evaluated/n")
                .with(id, "/Evaluated/events"),
            );
        }
    }
    said.push(Sentence::new(
        Section::Data,
        "Direct identifiers were pseudonymised or removed before anything was stored, and the \
         agents saw aggregates only: cells with few rows were withheld from them.",
    ));
    said
}
