//! Whether a proposal keeps to what exists and to what the task fixes.

use crate::event::{Body, Event};
use crate::facts::{Facts, ParamFact};
use crate::proposal::{is_source, sources};
use crate::rule::Rule;
use crate::vocabulary::{
    ColumnRole, ColumnUse, EventBody, EventId, FeatureSet, Param, Plan, ProposalBody, Protocol,
    Scalar,
};

/// Something a proposal names that is not so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// What it is about: a column, step, learner, parameter or part of the protocol.
    pub name: String,
}

/// Violations of the proposal with that number, its feature set included, where it is a plan.
/// `None` when there is no such proposal.
pub fn lint(events: &[Event], facts: &Facts, proposal: EventId) -> Option<u32> {
    let body = body_of(events, proposal)?;
    let mut found = violations(facts, body);
    if let ProposalBody::Analysis(plan) = body {
        match body_of(events, plan.features) {
            Some(features @ ProposalBody::Features(_)) => found.extend(violations(facts, features)),
            _ => found.push(violation(Rule::UnknownEvent, "features")),
        }
    }
    u32::try_from(found.len()).ok()
}

fn body_of(events: &[Event], id: EventId) -> Option<&ProposalBody> {
    let event = events.get(usize::try_from(id).ok()?.checked_sub(1)?)?;
    match &event.body {
        Body::Agent(EventBody::Proposed(proposal)) => Some(&proposal.body),
        _ => None,
    }
}

/// Everything in a proposal that is not so, in its order.
pub fn violations(facts: &Facts, body: &ProposalBody) -> Vec<Violation> {
    match body {
        ProposalBody::Protocol(protocol) => of_protocol(facts, protocol),
        ProposalBody::Features(features) => of_features(facts, features),
        ProposalBody::Analysis(plan) => of_plan(facts, plan),
    }
}

fn violation(rule: Rule, name: &str) -> Violation {
    Violation {
        rule,
        name: name.to_owned(),
    }
}

fn of_protocol(facts: &Facts, protocol: &Protocol) -> Vec<Violation> {
    let mut found = Vec::new();
    for exclusion in protocol
        .populations
        .iter()
        .flat_map(|population| &population.exclude)
    {
        match facts.columns.get(&exclusion.column) {
            None => found.push(violation(Rule::UnknownColumn, &exclusion.column)),
            Some(ColumnRole::Outcome | ColumnRole::Subject | ColumnRole::RecordId) => {
                found.push(violation(Rule::ForbiddenColumn, &exclusion.column));
            }
            Some(_) => {}
        }
    }
    for column in &protocol.subgroups {
        if !facts.columns.contains_key(column) {
            found.push(violation(Rule::UnknownColumn, column));
        }
    }
    let Some(task) = &facts.task else {
        return found;
    };
    let parts = [
        ("outcome", protocol.outcome == task.outcome),
        ("metric", protocol.metric == task.primary_metric),
        ("folds", protocol.folds == task.folds),
        ("lockbox", protocol.lockbox == task.lockbox),
        ("thresholds", protocol.thresholds == task.thresholds),
        ("seeds", protocol.seeds == task.seeds),
        // an objection may have taken one away; none is ever added
        (
            "subgroups",
            protocol
                .subgroups
                .iter()
                .all(|column| task.subgroups.contains(column)),
        ),
    ];
    let deviating = parts.iter().filter(|(_, same)| !same);
    found.extend(deviating.map(|(part, _)| violation(Rule::ProtocolDeviates, part)));
    found
}

fn of_features(facts: &Facts, features: &FeatureSet) -> Vec<Violation> {
    let mut found = Vec::new();
    let Some(method) = facts.methods.get(&features.method) else {
        return vec![violation(Rule::UnknownMethod, &features.method)];
    };
    for used in &features.columns {
        found.extend(columns(facts, used));
        for step in &used.steps {
            match method.steps.get(&step.name) {
                None => found.push(violation(Rule::UnknownStep, &step.name)),
                Some(known) => found.extend(params(known, &step.params)),
            }
        }
    }
    found
}

/// A column that is used must be a predictor; one that a combining step makes must be new, and
/// what it is made of must be predictors.
fn columns(facts: &Facts, used: &ColumnUse) -> Vec<Violation> {
    let predictor = |name: &str| match facts.columns.get(name) {
        Some(ColumnRole::Predictor) => None,
        Some(_) => Some(violation(Rule::ForbiddenColumn, name)),
        None => Some(violation(Rule::UnknownColumn, name)),
    };
    let combines = |params: &[Param]| params.iter().any(|param| is_source(&param.name));
    let Some(at) = used.steps.iter().position(|step| combines(&step.params)) else {
        return predictor(&used.column).into_iter().collect();
    };
    let mut found: Vec<Violation> = used
        .steps
        .iter()
        .flat_map(sources)
        .filter_map(predictor)
        .collect();
    // a new name that is an old one would hide it, and a later step has nothing left to combine
    if facts.columns.contains_key(&used.column) || at > 0 {
        found.push(violation(Rule::ForbiddenColumn, &used.column));
    }
    found
}

fn of_plan(facts: &Facts, plan: &Plan) -> Vec<Violation> {
    match facts.learners.get(&plan.method) {
        None => vec![violation(Rule::UnknownLearner, &plan.method)],
        Some(known) => params(known, &plan.params),
    }
}

fn params(known: &[ParamFact], given: &[Param]) -> Vec<Violation> {
    given
        .iter()
        .filter_map(
            |param| match known.iter().find(|fact| fact.covers(&param.name)) {
                None => Some(violation(Rule::UnknownParameter, &param.name)),
                // absent: the declared default
                Some(_) if param.value == Scalar::Missing => None,
                Some(fact) if fact.admits(&param.value) => None,
                Some(_) => Some(violation(Rule::ParameterOutOfRange, &param.name)),
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Scene, column, features, pair, step};

    fn rules(set: &FeatureSet) -> Vec<Rule> {
        violations(
            &Scene::prepared().facts,
            &ProposalBody::Features(set.clone()),
        )
        .into_iter()
        .map(|violation| violation.rule)
        .collect()
    }

    #[test]
    fn outcome_identifiers_and_unknown_columns_are_no_features() {
        assert_eq!(
            rules(&features(
                "good",
                &[column("age"), pair("both", "age", "days")]
            )),
            []
        );
        for wrong in ["outcome", "person"] {
            assert_eq!(
                rules(&features("bad", &[column(wrong)])),
                [Rule::ForbiddenColumn]
            );
            assert_eq!(
                rules(&features("bad", &[pair("both", "age", wrong)])),
                [Rule::ForbiddenColumn]
            );
        }
        assert_eq!(
            rules(&features("bad", &[column("luck")])),
            [Rule::UnknownColumn]
        );
    }

    #[test]
    fn a_combined_column_does_not_take_the_name_of_another() {
        assert_eq!(
            rules(&features("bad", &[pair("age", "age", "days")])),
            [Rule::ForbiddenColumn]
        );
    }

    #[test]
    fn steps_and_methods_are_those_of_the_manifest() {
        let mut used = column("age");
        used.steps = vec![step("divine", &[])];
        assert_eq!(rules(&features("bad", &[used])), [Rule::UnknownStep]);
        let mut set = features("bad", &[column("age")]);
        set.method = "method-other".to_owned();
        assert_eq!(rules(&set), [Rule::UnknownMethod]);
    }

    #[test]
    fn a_protocol_repeats_what_the_task_fixes() {
        let scene = Scene::designed();
        let protocol = scene.state().protocol_of(scene.protocol).unwrap().clone();
        let deviates = |change: &dyn Fn(&mut Protocol)| {
            let mut protocol = protocol.clone();
            change(&mut protocol);
            violations(&scene.facts, &ProposalBody::Protocol(protocol))
                .first()
                .map(|found| found.rule)
        };
        assert_eq!(deviates(&|_| ()), None);
        assert_eq!(
            deviates(&|p| p.seeds = vec![99]),
            Some(Rule::ProtocolDeviates)
        );
        assert_eq!(deviates(&|p| p.folds = 2), Some(Rule::ProtocolDeviates));
        assert_eq!(deviates(&|p| p.lockbox = 0.0), Some(Rule::ProtocolDeviates));
        assert_eq!(
            deviates(&|p| p.metric = "accuracy".to_owned()),
            Some(Rule::ProtocolDeviates)
        );
        assert_eq!(deviates(&|p| p.subgroups.clear()), None);
        assert_eq!(
            deviates(&|p| p.subgroups.push("luck".to_owned())),
            Some(Rule::UnknownColumn)
        );
    }

    #[test]
    fn the_lint_of_a_plan_includes_its_features() {
        let scene = Scene::explored();
        assert_eq!(lint(&scene.events, &scene.facts, scene.plan), Some(0));
        let mut facts = scene.facts.clone();
        facts.columns.remove("age");
        assert_eq!(lint(&scene.events, &facts, scene.plan), Some(1));
        assert_eq!(lint(&scene.events, &facts, scene.lint), None);
        assert_eq!(lint(&scene.events, &facts, 0), None);
    }
}
