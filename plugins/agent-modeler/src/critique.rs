//! A word on the other team's plan: does it stand by itself?
//!
//! Competitors read each other most closely. A modeler endorses what the lint finds sound and
//! leaves leaks and sample size to the roles that own them; it never judges its own team.

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, Critique, EventId, Objection, OutcomeVerdict,
    RubricItem,
};

use crate::record;

/// The judgement of another team's plan, or the request for its lint; nothing otherwise.
pub(crate) fn critique(briefing: &Briefing, target: EventId) -> Option<Action> {
    let me = &briefing.card.instance;
    record::plan(briefing, target)?;
    let judged = briefing
        .endorsements_of(target)
        .any(|(event, _)| event.author == *me)
        || briefing
            .objections_to(target)
            .any(|(event, _)| event.author == *me);
    if judged || briefing.event(target)?.author == *me {
        return None;
    }
    let about = CheckTarget::Event(target);
    let Some((evidence, lint)) = briefing.check(CheckKind::Lint, &about) else {
        return Some(Action::RequestCheck((CheckKind::Lint, about)));
    };
    let critique = |remark: &str| Critique {
        target,
        item: RubricItem::Duplication,
        evidence,
        remark: remark.to_owned(),
    };
    Some(if lint.verdict == OutcomeVerdict::Block {
        Action::Object(Objection {
            critique: critique("The lint blocks this plan."),
            drop_columns: Vec::new(),
            exclude: Vec::new(),
        })
    } else {
        Action::Endorse(critique("A plan of its own that keeps to the protocol."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::{Plan, ProposalBody, Role, Stage};
    use autods_sdk::testkit::BriefingBuilder;

    fn start(author: &str) -> BriefingBuilder {
        BriefingBuilder::new(Role::Modeler, "modeler-linear")
            .stage(Stage::Explore)
            .proposed(
                author,
                ProposalBody::Analysis(Plan {
                    hypothesis: 9,
                    features: 8,
                    method: "gradient-boosting".to_owned(),
                    params: Vec::new(),
                    complexity: 1,
                    rationale: String::new(),
                }),
            )
    }

    #[test]
    fn another_teams_plan_is_endorsed_by_its_lint_and_ones_own_never() {
        let other = start("modeler-boosting");
        assert!(matches!(
            critique(&other.clone().build(), 1),
            Some(Action::RequestCheck(_))
        ));
        let linted = other.checked(CheckKind::Lint, CheckTarget::Event(1), OutcomeVerdict::Pass);
        assert!(matches!(
            critique(&linted.build(), 1),
            Some(Action::Endorse(_))
        ));
        assert_eq!(critique(&start("modeler-linear").build(), 1), None);
    }
}
