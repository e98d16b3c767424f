//! Values that cannot mean anything: control characters, empty names, numbers that are not finite,
//! names that stand twice.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{
    Action, Exclusion, FeatureSet, Param, Plan, ProposalBody, Protocol, Scalar,
};

pub(super) fn check(case: &Case<'_>) -> Found {
    let good = match case.action {
        Action::RequestCheck((_, target)) => match target {
            crate::vocabulary::CheckTarget::Column(column) => name(column),
            _ => true,
        },
        Action::OpenHypothesis(h) => {
            name(&h.name)
                && sentence(&h.statement)
                && h.prediction.is_finite()
                && h.falsified_below.is_finite()
                && h.after_experiments > 0
        }
        Action::Propose(proposal) => match &proposal.body {
            ProposalBody::Protocol(protocol) => self::protocol(protocol),
            ProposalBody::Features(features) => self::features(features),
            ProposalBody::Analysis(plan) => self::plan(plan),
        },
        Action::Endorse(critique) => sentence(&critique.remark),
        Action::Object(objection) => {
            sentence(&objection.critique.remark)
                && objection.drop_columns.iter().all(|column| name(column))
                && exclusions(&objection.exclude)
        }
        Action::Withdraw(_) | Action::Advance => true,
        Action::GiveVerdict(verdict) => {
            sentence(&verdict.remark)
                && verdict
                    .dead_end
                    .as_ref()
                    .is_none_or(|dead| name(&dead.method) && name(&dead.axis) && value(&dead.value))
        }
        Action::State(statement) => !statement.text.trim().is_empty() && sentence(&statement.text),
        Action::Schedule(order) => {
            order.iter().all(|instance| name(instance)) && distinct(order.iter())
        }
    };
    if good {
        Ok(())
    } else {
        Err(Refusal::new(Rule::MalformedValue, 0))
    }
}

fn protocol(protocol: &Protocol) -> bool {
    !protocol.populations.is_empty()
        && protocol
            .populations
            .iter()
            .all(|p| name(&p.id) && sentence(&p.title) && exclusions(&p.exclude))
        && distinct(protocol.populations.iter().map(|p| &p.id))
        && protocol.thresholds.iter().all(|t| t.is_finite())
        && protocol.lockbox.is_finite()
        && distinct(protocol.subgroups.iter())
        && sentence(&protocol.outcome)
        && name(&protocol.metric)
}

fn features(features: &FeatureSet) -> bool {
    name(&features.name)
        && name(&features.method)
        && sentence(&features.rationale)
        && !features.columns.is_empty()
        && distinct(features.columns.iter().map(|used| &used.column))
        && features.columns.iter().all(|used| {
            name(&used.column)
                && used
                    .steps
                    .iter()
                    .all(|step| name(&step.name) && params(&step.params))
        })
}

fn plan(plan: &Plan) -> bool {
    name(&plan.method) && sentence(&plan.rationale) && params(&plan.params)
}

fn exclusions(exclude: &[Exclusion]) -> bool {
    exclude.iter().all(|e| {
        name(&e.column)
            && sentence(&e.reason)
            && !e.codes.is_empty()
            && e.codes.iter().all(|code| sentence(code))
            && distinct(e.codes.iter())
    })
}

fn params(params: &[Param]) -> bool {
    distinct(params.iter().map(|param| &param.name))
        && params
            .iter()
            .all(|param| name(&param.name) && value(&param.value))
}

fn value(value: &Scalar) -> bool {
    match value {
        Scalar::Number(number) => number.is_finite(),
        Scalar::Text(text) => sentence(text),
        Scalar::Missing | Scalar::Flag(_) | Scalar::Integer(_) => true,
    }
}

fn name(text: &str) -> bool {
    !text.trim().is_empty() && sentence(text)
}

/// No control characters, and none that change the direction of writing or cannot be seen.
fn sentence(text: &str) -> bool {
    !text.chars().any(|c| {
        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    })
}

fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().all(|name| seen.insert(name))
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler, param};
    use crate::vocabulary::{Action, ProposalBody, Scalar, Stage};

    fn refused(change: impl FnOnce(&mut crate::vocabulary::Plan)) -> Option<Rule> {
        let scene = Scene::explored();
        let mut proposal = scene.fresh_plan(7);
        let ProposalBody::Analysis(plan) = &mut proposal.body else {
            panic!()
        };
        change(plan);
        scene.refused(&modeler(), Stage::Explore, &Action::Propose(proposal))
    }

    #[test]
    fn escape_sequences_and_hidden_characters_do_not_reach_the_board() {
        for text in ["\u{1b}[31mred", "line\nbreak", "turned \u{202e} round"] {
            assert_eq!(
                refused(|plan| plan.rationale = text.to_owned()),
                Some(Rule::MalformedValue),
                "{text:?}"
            );
        }
        assert_eq!(
            refused(|plan| plan.rationale = "größer, ≤ 3 — fine".to_owned()),
            None
        );
    }

    #[test]
    fn a_number_that_is_none_and_a_name_that_stands_twice_are_refused() {
        assert_eq!(
            refused(|plan| plan.params[0].value = Scalar::Number(f64::NAN)),
            Some(Rule::MalformedValue)
        );
        assert_eq!(
            refused(|plan| plan.params.push(param("depth", 3))),
            Some(Rule::MalformedValue)
        );
        assert_eq!(
            refused(|plan| plan.method = " ".to_owned()),
            Some(Rule::MalformedValue)
        );
    }
}
