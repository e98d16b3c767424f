//! A successor does what every open objection to its predecessor asks for, or it is no successor.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};

pub(super) fn check(case: &Case<'_>) -> Found {
    let Some(proposal) = case.proposal() else {
        return Ok(());
    };
    let Some(before) = proposal.supersedes else {
        return Ok(());
    };
    let unanswered = case
        .state
        .open_objections(before)
        .find(|(_, objected)| !case.state.answers(&proposal.body, &objected.objection));
    match unanswered {
        Some((id, _)) => Err(Refusal::new(Rule::ObjectionNotAnswered, id)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, column, engineer, feature_proposal, validator};
    use crate::vocabulary::{Action, CheckKind, CheckTarget, OutcomeVerdict, Stage};

    #[test]
    fn a_leak_is_not_smuggled_through_a_combining_step() {
        let mut scene = Scene::prepared();
        let block = scene.check(
            CheckKind::TargetProxy,
            CheckTarget::Column("discharge".to_owned()),
            OutcomeVerdict::Block,
        );
        let set = feature_proposal("all", &[column("age"), column("discharge")], None);
        let features = scene.propose(&engineer(), set);
        let mut objection = scene.objection(features, block);
        objection.drop_columns = vec!["discharge".to_owned()];
        scene.act(&validator(), Stage::Prepare, Action::Object(objection));

        let paired = crate::scene::pair("age-discharge", "age", "discharge");
        let sly = feature_proposal("all", &[column("age"), paired], Some(features));
        let refused = scene.refused(&engineer(), Stage::Prepare, &Action::Propose(sly));
        assert_eq!(refused, Some(Rule::ObjectionNotAnswered));

        let honest = feature_proposal("all", &[column("age")], Some(features));
        assert_eq!(
            scene.refused(&engineer(), Stage::Prepare, &Action::Propose(honest)),
            None
        );
    }
}
