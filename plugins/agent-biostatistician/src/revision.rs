//! The revised protocol: every open objection answered at once.
//!
//! The deciding population becomes the eligible one; all rows stay as the second population, so
//! that the reader sees what the exclusions were worth.

use std::collections::BTreeSet;

use autods_sdk::agent::{
    Action, Briefing, EventBody, EventId, Exclusion, Objection, Population, Proposal, ProposalBody,
};

use crate::protocol::everybody;

/// Proposes a successor to the protocol `about`, if open objections say what would answer them.
pub(crate) fn revise(briefing: &Briefing, about: EventId) -> Vec<Action> {
    let Some(Proposal {
        body: ProposalBody::Protocol(old),
        ..
    }) = briefing.proposal(about)
    else {
        return Vec::new();
    };
    let superseded = briefing
        .proposals()
        .any(|(_, proposal)| proposal.supersedes == Some(about));
    if superseded {
        return Vec::new();
    }
    let objections = open(briefing, about);
    let mut new = old.clone();
    let dropped: BTreeSet<&str> = objections
        .iter()
        .flat_map(|objection| &objection.drop_columns)
        .map(String::as_str)
        .collect();
    new.subgroups
        .retain(|column| !dropped.contains(column.as_str()));
    let mut exclude = old
        .populations
        .first()
        .map(|primary| primary.exclude.clone())
        .unwrap_or_default();
    for exclusion in objections.iter().flat_map(|objection| &objection.exclude) {
        merge(&mut exclude, exclusion);
    }
    if !exclude.is_empty() {
        new.populations = vec![
            Population {
                id: "eligible".to_owned(),
                title: "Rows in which the outcome can occur".to_owned(),
                exclude,
            },
            everybody(),
        ];
    }
    if new == *old {
        // an objection that names no remedy cannot be answered by a rule
        return Vec::new();
    }
    vec![Action::Propose(Proposal {
        body: ProposalBody::Protocol(new),
        supersedes: Some(about),
    })]
}

/// Objections to `target` that nobody has answered, oldest first.
fn open(briefing: &Briefing, target: EventId) -> Vec<&Objection> {
    briefing
        .objections_to(target)
        .filter(|(event, _)| {
            let answer = EventBody::Answered(event.id);
            !briefing.events.iter().any(|other| other.body == answer)
        })
        .map(|(_, objection)| objection)
        .collect()
}

/// Adds an exclusion; codes of a column that is there already join it under its evidence.
fn merge(exclude: &mut Vec<Exclusion>, new: &Exclusion) {
    match exclude.iter_mut().find(|old| old.column == new.column) {
        None => exclude.push(new.clone()),
        Some(old) => {
            for code in &new.codes {
                if !old.codes.contains(code) {
                    old.codes.push(code.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::propose;
    use autods_sdk::agent::{Critique, Role, RubricItem, Stage, TicketKind};
    use autods_sdk::testkit::BriefingBuilder;

    fn objection(column: &str, codes: &[&str], evidence: EventId) -> EventBody {
        EventBody::Objected(Objection {
            critique: Critique {
                target: 1,
                item: RubricItem::Population,
                evidence,
                remark: "They died.".to_owned(),
            },
            drop_columns: Vec::new(),
            exclude: vec![Exclusion {
                column: column.to_owned(),
                codes: codes.iter().map(|code| (*code).to_owned()).collect(),
                reason: "They died.".to_owned(),
                evidence,
            }],
        })
    }

    fn start() -> BriefingBuilder {
        let empty =
            BriefingBuilder::new(Role::Biostatistician, "biostatistician").stage(Stage::Design);
        let Some(Action::Propose(first)) = propose(&empty.clone().build()).pop() else {
            panic!("no protocol");
        };
        empty
            .proposed("biostatistician", first.body)
            .ticket(TicketKind::Revision, 1)
    }

    fn revised(briefing: &Briefing) -> Proposal {
        match revise(briefing, 1).as_slice() {
            [Action::Propose(proposal)] => proposal.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_revision_answers_all_open_objections_and_keeps_everybody_as_second_population() {
        let briefing = start()
            .event("data-steward", objection("disposition", &["11"], 5))
            .event("validator", objection("disposition", &["11", "13"], 6))
            .event("validator", objection("origin", &["x"], 7))
            .build();
        let proposal = revised(&briefing);
        assert_eq!(proposal.supersedes, Some(1));
        let ProposalBody::Protocol(protocol) = proposal.body else {
            panic!("not a protocol");
        };
        let [eligible, all] = protocol.populations.as_slice() else {
            panic!("{:?}", protocol.populations);
        };
        assert_eq!(eligible.exclude[0].codes, ["11", "13"]);
        assert_eq!(eligible.exclude[0].evidence, 5);
        assert_eq!(eligible.exclude[1].column, "origin");
        assert!(all.exclude.is_empty());
    }

    #[test]
    fn an_answered_objection_is_not_answered_again_and_a_revision_is_made_once() {
        let answered = start()
            .event("data-steward", objection("disposition", &["11"], 5))
            .event("host", EventBody::Answered(2))
            .build();
        assert!(revise(&answered, 1).is_empty());
        let open = start().event("data-steward", objection("disposition", &["11"], 5));
        let successor = EventBody::Proposed(revised(&open.clone().build()));
        let done = open.event("biostatistician", successor).build();
        assert!(revise(&done, 1).is_empty());
    }
}
