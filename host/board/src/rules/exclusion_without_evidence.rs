//! Whoever leaves out rows cites a check of the column by which they are left out.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, CheckTarget, Exclusion, ProposalBody};

pub(super) fn check(case: &Case<'_>) -> Found {
    let exclusions: Vec<&Exclusion> = match case.action {
        Action::Propose(proposal) => match &proposal.body {
            ProposalBody::Protocol(protocol) => protocol
                .populations
                .iter()
                .flat_map(|p| &p.exclude)
                .collect(),
            _ => Vec::new(),
        },
        Action::Object(objection) => objection.exclude.iter().collect(),
        _ => Vec::new(),
    };
    let unfounded = exclusions.into_iter().find(|exclusion| {
        !case.state.checks.get(&exclusion.evidence).is_some_and(
            |check| matches!(&check.target, CheckTarget::Column(column) if *column == exclusion.column),
        )
    });
    match unfounded {
        Some(exclusion) => Err(Refusal::new(
            Rule::ExclusionWithoutEvidence,
            exclusion.evidence,
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, biostatistician, exclusion};
    use crate::vocabulary::{Action, CheckKind, CheckTarget, OutcomeVerdict, ProposalBody, Stage};

    #[test]
    fn nobody_is_left_out_for_no_reason_or_for_anothers() {
        let mut scene = Scene::designed();
        let other = scene.check(
            CheckKind::ImpossibleOutcome,
            CheckTarget::Column("age".to_owned()),
            OutcomeVerdict::Block,
        );
        for evidence in [0, other] {
            let mut proposal = scene.proposal(scene.protocol);
            proposal.supersedes = Some(scene.protocol);
            let ProposalBody::Protocol(protocol) = &mut proposal.body else {
                panic!()
            };
            protocol.populations[0].exclude = vec![exclusion("discharge", "expired", evidence)];
            let refused = scene.refused(
                &biostatistician(),
                Stage::Design,
                &Action::Propose(proposal),
            );
            assert_eq!(refused, Some(Rule::ExclusionWithoutEvidence), "{evidence}");
        }
    }
}
