//! Plans: do the events carry the parameters?
//!
//! Too many parameters for the events is how prediction models come to be too sure of themselves
//! (Riley et al. 2019, Statistics in Medicine 38:1276). The host counts events for each
//! parameter of the plan and says when there are too few.

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, EventId, OutcomeVerdict, RubricItem,
};

use super::{endorse, object, requests};

/// Objects where lint or events per parameter block; endorses otherwise, and says when it is close.
pub(super) fn judge(briefing: &Briefing, target: EventId) -> Vec<Action> {
    let about = CheckTarget::Event(target);
    let waiting = requests(
        briefing,
        target,
        &[CheckKind::Lint, CheckKind::EventsPerParameter],
    );
    let (Some((lint_id, lint)), Some((events_id, events))) = (
        briefing.check(CheckKind::Lint, &about),
        briefing.check(CheckKind::EventsPerParameter, &about),
    ) else {
        return waiting;
    };
    vec![if lint.verdict == OutcomeVerdict::Block {
        object(
            target,
            RubricItem::ValidationDesign,
            lint_id,
            "The plan leaves the protocol or a parameter's declared range.",
        )
    } else {
        match events.verdict {
            OutcomeVerdict::Block => object(
                target,
                RubricItem::SampleSize,
                events_id,
                "There are too few events for so many parameters; a simpler plan would do.",
            ),
            OutcomeVerdict::Warn => endorse(
                target,
                RubricItem::SampleSize,
                events_id,
                "The events just carry the parameters; calibration has to be watched.",
            ),
            OutcomeVerdict::Pass => endorse(
                target,
                RubricItem::SampleSize,
                events_id,
                "There are enough events for the parameters of this plan.",
            ),
        }
    }]
}

#[cfg(test)]
mod tests {
    use super::super::critique;
    use super::*;
    use autods_sdk::agent::{Plan, ProposalBody, Role, Stage};
    use autods_sdk::testkit::BriefingBuilder;

    fn start() -> BriefingBuilder {
        BriefingBuilder::new(Role::Biostatistician, "biostatistician")
            .stage(Stage::Explore)
            .proposed(
                "modeler-linear",
                ProposalBody::Analysis(Plan {
                    hypothesis: 1,
                    features: 2,
                    method: "elastic-net-logistic".to_owned(),
                    params: Vec::new(),
                    complexity: 40,
                    rationale: String::new(),
                }),
            )
    }

    fn with(lint: OutcomeVerdict, events: OutcomeVerdict) -> Vec<Action> {
        let about = CheckTarget::Event(1);
        let briefing = start()
            .checked(CheckKind::Lint, about.clone(), lint)
            .checked(CheckKind::EventsPerParameter, about, events)
            .build();
        critique(&briefing, 1)
    }

    #[test]
    fn a_plan_waits_for_its_checks() {
        assert_eq!(critique(&start().build(), 1).len(), 2);
    }

    #[test]
    fn too_few_events_for_the_parameters_are_objected_to() {
        use OutcomeVerdict::{Block, Pass, Warn};
        assert!(matches!(with(Pass, Pass).as_slice(), [Action::Endorse(c)] if c.evidence == 3));
        assert!(matches!(with(Pass, Warn).as_slice(), [Action::Endorse(c)] if c.evidence == 3));
        assert!(
            matches!(with(Pass, Block).as_slice(), [Action::Object(o)] if o.critique.evidence == 3)
        );
        assert!(
            matches!(with(Block, Pass).as_slice(), [Action::Object(o)] if o.critique.evidence == 2)
        );
    }
}
