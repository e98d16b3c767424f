//! Each thing has its time: a protocol in design, features before or while teams explore, plans and
//! verdicts in explore, the sign-off in validate, words in report.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, ProposalBody, Role, Stage};

pub(super) fn check(case: &Case<'_>) -> Found {
    use Stage::{Closed, Design, Explore, Govern, Ingest, Prepare, Report, Validate};
    let stage = case.stage;
    let fits = match case.action {
        Action::RequestCheck(_) => matches!(stage, Govern | Design | Prepare | Explore | Validate),
        Action::OpenHypothesis(_) => stage == Explore,
        Action::Propose(proposal) => match proposal.body {
            ProposalBody::Protocol(_) => stage == Design,
            ProposalBody::Features(_) => matches!(stage, Prepare | Explore),
            ProposalBody::Analysis(_) => stage == Explore,
        },
        Action::Endorse(_) | Action::Object(_) | Action::Withdraw(_) => {
            matches!(stage, Design | Prepare | Explore)
        }
        Action::GiveVerdict(_) => match case.card.role {
            Role::Validator => stage == Validate,
            _ => stage == Explore,
        },
        Action::State(_) => stage == Report,
        Action::Schedule(_) | Action::Advance => !matches!(stage, Ingest | Closed),
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::new(Rule::StageForbidsAction, 0))
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, card, modeler};
    use crate::vocabulary::{Action, Role, Stage};

    #[test]
    fn a_plan_is_proposed_in_explore_and_never_after() {
        let scene = Scene::explored();
        let propose = Action::Propose(scene.fresh_plan(7));
        for stage in [
            Stage::Ingest,
            Stage::Design,
            Stage::Prepare,
            Stage::Validate,
            Stage::Report,
            Stage::Closed,
        ] {
            assert_eq!(
                scene.refused(&modeler(), stage, &propose),
                Some(Rule::StageForbidsAction),
                "{stage:?}"
            );
        }
        assert_eq!(scene.refused(&modeler(), Stage::Explore, &propose), None);
    }

    #[test]
    fn nothing_happens_in_a_closed_run() {
        let scene = Scene::explored();
        let orchestrator = card(Role::Orchestrator, "orchestrator");
        assert_eq!(
            scene.refused(&orchestrator, Stage::Closed, &Action::Advance),
            Some(Rule::StageForbidsAction)
        );
    }
}
