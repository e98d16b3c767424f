//! A protocol or feature set that was proposed before is not proposed again.

use super::{Case, Found};
use crate::fingerprint::features_fingerprint;
use crate::rule::{Refusal, Rule};
use crate::vocabulary::ProposalBody;

pub(super) fn check(case: &Case<'_>) -> Found {
    let Some(proposal) = case.proposal() else {
        return Ok(());
    };
    let before = case.state.proposals.iter().find(|(_, proposed)| {
        match (&proposed.proposal.body, &proposal.body) {
            (ProposalBody::Protocol(a), ProposalBody::Protocol(b)) => a == b,
            (ProposalBody::Features(a), ProposalBody::Features(b)) => {
                features_fingerprint(a) == features_fingerprint(b)
            }
            // plans have their own rule
            _ => false,
        }
    });
    match before {
        Some((id, _)) => Err(Refusal::new(Rule::DuplicateProposal, *id)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, column, engineer, feature_proposal};
    use crate::vocabulary::{Action, Stage};

    #[test]
    fn a_renamed_feature_set_is_the_same_feature_set() {
        let mut scene = Scene::prepared();
        scene.propose(
            &engineer(),
            feature_proposal("one", &[column("age"), column("days")], None),
        );
        let again = feature_proposal("two", &[column("days"), column("age")], None);
        let refused = scene.refused(&engineer(), Stage::Prepare, &Action::Propose(again));
        assert_eq!(refused, Some(Rule::DuplicateProposal));
    }
}
