//! Protocols: does the validation design stand?

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, EventBody, EventId, OutcomeVerdict, RubricItem,
};

use super::{endorse, object, requests};

/// Waits for lint and sample size; objects where the lint blocks; holds back while somebody's
/// objection is open, because endorsing past it would be a vote against evidence.
pub(super) fn judge(briefing: &Briefing, target: EventId) -> Vec<Action> {
    let about = CheckTarget::Event(target);
    let waiting = requests(briefing, &about, &[CheckKind::Lint, CheckKind::SampleSize]);
    let (Some((lint_id, lint)), Some((_, size))) = (
        briefing.check(CheckKind::Lint, &about),
        briefing.check(CheckKind::SampleSize, &about),
    ) else {
        return waiting;
    };
    if lint.verdict == OutcomeVerdict::Block {
        return vec![object(
            target,
            RubricItem::ValidationDesign,
            lint_id,
            "The protocol departs from the task.",
        )];
    }
    if has_open_objection(briefing, target) {
        return Vec::new();
    }
    let remark = match size.verdict {
        OutcomeVerdict::Pass => {
            "Patients never stand on both sides of a split, and the events suffice for the design."
        }
        OutcomeVerdict::Warn | OutcomeVerdict::Block => {
            "The splits are sound; the events are few, so each plan must show that they carry it."
        }
    };
    vec![endorse(
        target,
        RubricItem::ValidationDesign,
        lint_id,
        remark.to_owned(),
    )]
}

fn has_open_objection(briefing: &Briefing, target: EventId) -> bool {
    briefing.objections_to(target).any(|(event, _)| {
        let answer = EventBody::Answered(event.id);
        !briefing.events.iter().any(|other| other.body == answer)
    })
}

#[cfg(test)]
mod tests {
    use super::super::critique;
    use super::*;
    use autods_sdk::agent::{Critique, Objection, Population, ProposalBody, Protocol, Role, Stage};
    use autods_sdk::testkit::BriefingBuilder;

    fn start() -> BriefingBuilder {
        BriefingBuilder::new(Role::Validator, "validator")
            .stage(Stage::Design)
            .proposed(
                "biostatistician",
                ProposalBody::Protocol(Protocol {
                    populations: vec![Population {
                        id: "all".to_owned(),
                        title: "all rows".to_owned(),
                        exclude: Vec::new(),
                    }],
                    outcome: "readmitted".to_owned(),
                    metric: "auroc".to_owned(),
                    folds: 5,
                    lockbox: 0.2,
                    thresholds: Vec::new(),
                    subgroups: Vec::new(),
                    seeds: vec![1],
                }),
            )
    }

    fn checked(builder: BriefingBuilder, lint: OutcomeVerdict) -> Briefing {
        let about = CheckTarget::Event(1);
        builder
            .checked(CheckKind::Lint, about.clone(), lint)
            .checked(CheckKind::SampleSize, about, OutcomeVerdict::Pass)
            .build()
    }

    #[test]
    fn a_sound_protocol_is_endorsed_after_its_checks() {
        assert_eq!(critique(&start().build(), 1).len(), 2);
        let judged = critique(&checked(start(), OutcomeVerdict::Pass), 1);
        assert!(matches!(judged.as_slice(), [Action::Endorse(_)]));
        let judged = critique(&checked(start(), OutcomeVerdict::Block), 1);
        assert!(matches!(judged.as_slice(), [Action::Object(_)]));
    }

    #[test]
    fn a_protocol_under_objection_is_not_endorsed() {
        let objected = start().event(
            "data-steward",
            EventBody::Objected(Objection {
                critique: Critique {
                    target: 1,
                    item: RubricItem::Population,
                    evidence: 9,
                    remark: String::new(),
                },
                drop_columns: Vec::new(),
                exclude: Vec::new(),
            }),
        );
        assert!(critique(&checked(objected, OutcomeVerdict::Pass), 1).is_empty());
    }
}
