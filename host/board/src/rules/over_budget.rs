//! No plan beyond the experiments that LAUNCH.md allows, those that are promised included.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};

pub(super) fn check(case: &Case<'_>) -> Found {
    if case.plan().is_some() && case.state.spent() >= case.rules.experiments {
        return Err(Refusal::new(Rule::OverBudget, 0));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler};
    use crate::vocabulary::{Action, Stage};

    #[test]
    fn an_accepted_plan_counts_before_it_has_run() {
        let mut scene = Scene::explored();
        scene.rules.experiments = 1;
        let propose = Action::Propose(scene.fresh_plan(7));
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &propose),
            Some(Rule::OverBudget)
        );
        scene.rules.experiments = 2;
        assert_eq!(scene.refused(&modeler(), Stage::Explore, &propose), None);
    }
}
