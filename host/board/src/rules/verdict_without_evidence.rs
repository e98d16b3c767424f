//! A verdict rests on a check of the result, or on the result itself. A dead end says which way it
//! lies, and nothing else does.

use super::{Case, Found};
use crate::evidence::is_about;
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, Decision};

pub(super) fn check(case: &Case<'_>) -> Found {
    let Action::GiveVerdict(verdict) = case.action else {
        return Ok(());
    };
    let itself = verdict.evidence == verdict.result;
    let checked = case
        .state
        .checks
        .get(&verdict.evidence)
        .is_some_and(|check| is_about(case.state, check, verdict.result));
    let stated = (verdict.decision == Decision::DeadEnd) == verdict.dead_end.is_some();
    if (itself || checked) && stated {
        Ok(())
    } else {
        Err(Refusal::new(Rule::VerdictWithoutEvidence, verdict.evidence))
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler};
    use crate::vocabulary::{Action, CheckKind, CheckTarget, Decision, OutcomeVerdict, Stage};

    #[test]
    fn a_verdict_cites_its_result_or_a_check_of_it() {
        let mut scene = Scene::explored();
        let result = scene.experiment(scene.plan, 0.68);
        let paired = scene.check(
            CheckKind::PairedDifference,
            CheckTarget::Event(result),
            OutcomeVerdict::Pass,
        );
        let other = scene.check(
            CheckKind::Lint,
            CheckTarget::Event(scene.protocol),
            OutcomeVerdict::Pass,
        );
        let refused = |evidence| {
            let mut verdict = scene.verdict(result, Decision::Hold);
            verdict.evidence = evidence;
            scene.refused(&modeler(), Stage::Explore, &Action::GiveVerdict(verdict))
        };
        assert_eq!(refused(result), None);
        assert_eq!(refused(paired), None);
        for wrong in [0, other, scene.plan] {
            assert_eq!(
                refused(wrong),
                Some(Rule::VerdictWithoutEvidence),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_dead_end_says_which_way() {
        let mut scene = Scene::explored();
        let result = scene.experiment(scene.plan, 0.6);
        let verdict = Action::GiveVerdict(scene.verdict(result, Decision::DeadEnd));
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &verdict),
            Some(Rule::VerdictWithoutEvidence)
        );
    }
}
