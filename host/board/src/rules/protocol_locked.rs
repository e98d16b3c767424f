//! Once the protocol is locked, nobody proposes another or objects to it: what was fixed before
//! the first model stays fixed.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, ProposalBody};

pub(super) fn check(case: &Case<'_>) -> Found {
    let about_protocol = match case.action {
        Action::Propose(proposal) => matches!(proposal.body, ProposalBody::Protocol(_)),
        Action::Endorse(_) | Action::Object(_) => case
            .critique()
            .is_some_and(|critique| case.state.protocol_of(critique.target).is_some()),
        _ => false,
    };
    if about_protocol && case.state.locked {
        return Err(Refusal::new(
            Rule::ProtocolLocked,
            case.state.protocol.unwrap_or(0),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, biostatistician, validator};
    use crate::vocabulary::{Action, Stage};

    #[test]
    fn a_locked_protocol_is_neither_replaced_nor_objected_to() {
        let scene = Scene::explored();
        let mut proposal = scene.proposal(scene.protocol);
        proposal.supersedes = None;
        // even if a run were back in design
        let again = Action::Propose(proposal);
        assert_eq!(
            scene.refused(&biostatistician(), Stage::Design, &again),
            Some(Rule::ProtocolLocked)
        );
        let object = Action::Object(scene.objection(scene.protocol, scene.lint));
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &object),
            Some(Rule::ProtocolLocked)
        );
    }
}
