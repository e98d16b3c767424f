//! Texts and lists have limits, so that one agent cannot fill the board or another's briefing.

use super::{Case, Found};
use crate::rule::{Refusal, Rule};
use crate::vocabulary::{Action, DeadEnd, Exclusion, Param, ProposalBody, Scalar};

/// Bytes of a name.
const NAME: usize = 128;
/// Bytes of a text value of a parameter, as the contract says.
const VALUE: usize = 256;
/// Bytes of a sentence.
const SENTENCE: usize = 2000;
/// Items of a list of columns or codes.
const MANY: usize = 5000;
/// Items of any other list.
const FEW: usize = 128;

pub(super) fn check(case: &Case<'_>) -> Found {
    let fits = match case.action {
        Action::RequestCheck((_, target)) => match target {
            crate::vocabulary::CheckTarget::Column(column) => column.len() <= NAME,
            _ => true,
        },
        Action::OpenHypothesis(h) => h.name.len() <= NAME && h.statement.len() <= SENTENCE,
        Action::Propose(proposal) => body(&proposal.body),
        Action::Endorse(critique) => critique.remark.len() <= SENTENCE,
        Action::Object(objection) => {
            objection.critique.remark.len() <= SENTENCE
                && objection.drop_columns.len() <= MANY
                && objection
                    .drop_columns
                    .iter()
                    .all(|column| column.len() <= NAME)
                && exclusions(&objection.exclude)
        }
        Action::Withdraw(_) | Action::Advance => true,
        Action::GiveVerdict(v) => {
            v.remark.len() <= SENTENCE && v.dead_end.as_ref().is_none_or(dead_end)
        }
        Action::State(s) => {
            s.text.len() <= SENTENCE
                && s.refs.len() <= FEW
                && s.refs.iter().all(|r| r.pointer.len() <= VALUE)
        }
        Action::Schedule(order) => {
            order.len() <= FEW && order.iter().all(|instance| instance.len() <= NAME)
        }
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::new(Rule::TextTooLong, 0))
    }
}

fn body(body: &ProposalBody) -> bool {
    match body {
        ProposalBody::Protocol(p) => {
            p.populations.len() <= FEW
                && p.populations.iter().all(|p| {
                    p.id.len() <= NAME && p.title.len() <= SENTENCE && exclusions(&p.exclude)
                })
                && p.outcome.len() <= SENTENCE
                && p.metric.len() <= NAME
                && p.thresholds.len() <= FEW
                && p.seeds.len() <= FEW
                && p.subgroups.len() <= FEW
                && p.subgroups.iter().all(|column| column.len() <= NAME)
        }
        ProposalBody::Features(f) => {
            f.name.len() <= NAME
                && f.method.len() <= NAME
                && f.rationale.len() <= SENTENCE
                && f.columns.len() <= MANY
                && f.columns.iter().all(|used| {
                    used.column.len() <= NAME
                        && used.steps.len() <= FEW
                        && used
                            .steps
                            .iter()
                            .all(|step| step.name.len() <= NAME && params(&step.params))
                })
        }
        ProposalBody::Analysis(p) => {
            p.method.len() <= NAME && p.rationale.len() <= SENTENCE && params(&p.params)
        }
    }
}

fn params(params: &[Param]) -> bool {
    params.len() <= FEW
        && params
            .iter()
            .all(|param| param.name.len() <= NAME && value(&param.value))
}

fn value(value: &Scalar) -> bool {
    !matches!(value, Scalar::Text(text) if text.len() > VALUE)
}

fn exclusions(exclude: &[Exclusion]) -> bool {
    exclude.len() <= FEW
        && exclude.iter().all(|e| {
            e.column.len() <= NAME
                && e.reason.len() <= SENTENCE
                && e.codes.len() <= MANY
                && e.codes.iter().all(|code| code.len() <= VALUE)
        })
}

fn dead_end(dead: &DeadEnd) -> bool {
    dead.method.len() <= NAME && dead.axis.len() <= NAME && value(&dead.value)
}

#[cfg(test)]
mod tests {
    use super::SENTENCE;
    use crate::rule::Rule;
    use crate::scene::{Scene, modeler, validator};
    use crate::vocabulary::{Action, ProposalBody, Stage};

    #[test]
    fn a_remark_may_be_as_long_as_a_paragraph_and_no_longer() {
        let mut scene = Scene::explored();
        let plan = scene.propose(&modeler(), scene.fresh_plan(7));
        let lint = scene.lint_of(plan);
        let mut critique = scene.critique(plan, lint);
        critique.remark = "x".repeat(SENTENCE);
        let endorse = Action::Endorse(critique.clone());
        assert_eq!(scene.refused(&validator(), Stage::Explore, &endorse), None);
        critique.remark.push('x');
        let endorse = Action::Endorse(critique);
        assert_eq!(
            scene.refused(&validator(), Stage::Explore, &endorse),
            Some(Rule::TextTooLong)
        );
    }

    #[test]
    fn a_plan_with_endless_parameters_is_refused() {
        let scene = Scene::explored();
        let mut proposal = scene.fresh_plan(7);
        let ProposalBody::Analysis(plan) = &mut proposal.body else {
            panic!()
        };
        plan.params = vec![plan.params[0].clone(); 1000];
        let propose = Action::Propose(proposal);
        assert_eq!(
            scene.refused(&modeler(), Stage::Explore, &propose),
            Some(Rule::TextTooLong)
        );
    }
}
