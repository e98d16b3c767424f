//! Promotion: a transaction of the host, never of an agent.
//!
//! A result becomes the champion only if it was computed on all preset seeds, its calibration is
//! acceptable, it gains on the champion (paired, on identical rows and folds, with a subject
//! bootstrap interval that excludes zero and at least the declared difference) and no subgroup
//! loses more than the declared margin. A tie goes to the simpler plan.

use autods_board::{
    Body, CheckResult, CheckTarget, Evaluation, EventBody, EventId, Experiment, Fidelity, Group,
    OutcomeVerdict, Plan, Population, Sample, Scalar,
};
use autods_science::Estimate;
use autods_table::Codes;

use crate::{
    checks::{Examiner, paired_difference},
    cohort::Part,
    error::{Result, RunError},
    lab::{Lab, Scored},
    session::{HOST, Session},
    stage::{Bench, kind_of},
};

/// Why a promotion was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hindrance {
    ScreenOnly,
    GainNotShown,
    Calibration,
    SubgroupLoss,
    WorseThanBaseline,
    Leakage,
}

impl Hindrance {
    fn rule(self) -> &'static str {
        match self {
            Self::ScreenOnly => "promotion-needs-all-seeds",
            Self::GainNotShown => "promotion-gain-not-shown",
            Self::Calibration => "promotion-calibration",
            Self::SubgroupLoss => "promotion-subgroup-loss",
            Self::WorseThanBaseline => "promotion-worse-than-baseline",
            Self::Leakage => "promotion-leakage",
        }
    }
}

/// Try to make a result the champion; the refusal is an event too.
pub(crate) fn promote(session: &mut Session<'_>, bench: &Bench, result: EventId) -> Result<()> {
    let Some(EventBody::Experiment(experiment)) = session.agent_body(result).cloned() else {
        return Err(RunError::internal(
            "a verdict on something that is no experiment",
        ));
    };
    let champion = session.state().champion;
    if champion == Some(result) {
        return Ok(());
    }
    let hindrance = match hindrance(session, bench, result, &experiment, champion)? {
        Some(h) => Some(h),
        None => {
            let own = subgroups(session, bench, result)?;
            match champion {
                Some(other) => {
                    let margin = session.launch.promotion_criteria.max_group_loss;
                    let theirs = subgroups(session, bench, other)?;
                    loses(&own, &theirs, margin).then_some(Hindrance::SubgroupLoss)
                }
                None => None,
            }
        }
    };
    let body = match hindrance {
        None => EventBody::Promoted(result),
        Some(h) => EventBody::Refused(h.rule().to_owned()),
    };
    session.say(body).map(|_| ())
}

fn hindrance(
    session: &mut Session<'_>,
    bench: &Bench,
    result: EventId,
    experiment: &Experiment,
    champion: Option<EventId>,
) -> Result<Option<Hindrance>> {
    if experiment.fidelity != Fidelity::Full {
        return Ok(Some(Hindrance::ScreenOnly));
    }
    if leaks(session) {
        return Ok(Some(Hindrance::Leakage));
    }
    let examiner = Examiner::new(session, bench, None);
    if examiner
        .calibration(result)
        .is_none_or(|c| c.verdict == OutcomeVerdict::Block)
    {
        return Ok(Some(Hindrance::Calibration));
    }
    let best_baseline = session
        .seen()
        .iter()
        .filter_map(|e| match &e.body {
            Body::Agent(EventBody::Evaluated(Evaluation {
                experiment: 0,
                auroc: Some(a),
                ..
            })) => Some(a.value),
            _ => None,
        })
        .fold(0.5, f64::max);
    if experiment.auroc.value <= best_baseline {
        return Ok(Some(Hindrance::WorseThanBaseline));
    }
    let Some(champion) = champion else {
        return Ok(None);
    };
    let gain = match (experiment.gain, experiment.against) {
        (Some(gain), Some(against)) if against == champion => gain,
        // the champion changed since: the comparison is made anew, and is an event
        _ => compare_anew(session, bench, result, champion)?,
    };
    let shown = is_shown(
        gain,
        session.launch.promotion_criteria.min_delta,
        simpler(
            &session.plan_of_result(result)?.plan,
            &session.plan_of_result(champion)?.plan,
        ),
    );
    Ok((!shown).then_some(Hindrance::GainNotShown))
}

/// Whether a check that LAUNCH.md asks for blocks the data as a whole. Columns that a check blocks
/// are in no accepted feature set.
fn leaks(session: &Session<'_>) -> bool {
    session.launch.leakage_checks.iter().any(|&asked| {
        session.seen().iter().any(|e| {
            matches!(&e.body, Body::Agent(EventBody::Checked(CheckResult {
                kind,
                target: CheckTarget::Data,
                verdict: OutcomeVerdict::Block,
                ..
            })) if *kind == kind_of(asked))
        })
    })
}

/// Whether a paired gain makes a champion: its interval lies above zero and it is at least what
/// the task counts as an improvement; or it is a tie that goes to the simpler plan, where the
/// interval excludes a loss as large as that.
fn is_shown(gain: Estimate, least: f64, simpler: bool) -> bool {
    let better = gain.lower > 0.0 && gain.value >= least;
    let tie_to_the_simpler = simpler && gain.value >= 0.0 && gain.lower > -least;
    better || tie_to_the_simpler
}

/// Compare a result with a champion that it was not compared with before.
fn compare_anew(
    session: &mut Session<'_>,
    bench: &Bench,
    result: EventId,
    champion: EventId,
) -> Result<Estimate> {
    let id = session.record(HOST, |session| {
        let gain = bench.with_lab(session, |lab| compare(session, lab, result, champion))?;
        Ok(Body::Agent(EventBody::Checked(paired_difference(
            result, champion, gain,
        ))))
    })?;
    match session.agent_body(id) {
        Some(EventBody::Checked(check)) => gain_of(check),
        _ => Err(RunError::internal(format!("event {id} is no comparison"))),
    }
}

fn gain_of(check: &CheckResult) -> Result<Estimate> {
    let end = |name: &str| {
        check
            .numbers
            .iter()
            .find(|p| p.name == name)
            .and_then(|p| match p.value {
                Scalar::Number(v) => Some(v),
                _ => None,
            })
            .ok_or_else(|| RunError::internal("a comparison without its interval"))
    };
    Ok(Estimate {
        value: check.statistic,
        lower: end("lower")?,
        upper: end("upper")?,
    })
}

fn compare(
    session: &Session<'_>,
    lab: &Lab<'_>,
    result: EventId,
    champion: EventId,
) -> Result<Estimate> {
    let population = session.primary_population();
    let rows = lab.cohort.rows(&population, Part::Development);
    let y = lab.cohort.outcomes(&rows);
    let predictions = |id| -> Result<Vec<Vec<f64>>> {
        let plan = session.plan_of_result(id)?;
        lab.all_seeds(&plan, &population, &rows, &lab.seeds)
    };
    let (a, b) = (predictions(result)?, predictions(champion)?);
    let a: Vec<&[f64]> = a.iter().map(Vec::as_slice).collect();
    let b: Vec<&[f64]> = b.iter().map(Vec::as_slice).collect();
    Ok(lab.bootstrap(&rows)?.auroc_mean_difference(&y, &a, &b)?)
}

/// Whether a plan is simpler than another, by what the host knows of both and not by what their
/// authors say: a sum of effects before trees; fewer and smaller trees; a stronger penalty.
fn simpler(plan: &Plan, other: &Plan) -> bool {
    let rank = |p: &Plan| u8::from(p.method != "elastic-net-logistic");
    if rank(plan) != rank(other) {
        return rank(plan) < rank(other);
    }
    let param = |p: &Plan, name: &str| {
        p.params
            .iter()
            .find(|q| q.name == name)
            .and_then(|q| crate::lab::number(&q.value))
    };
    if plan.method == "elastic-net-logistic" {
        return plan.features == other.features
            && param(plan, "alpha") == param(other, "alpha")
            && param(plan, "lambda") > param(other, "lambda");
    }
    let size = |p: &Plan| {
        let leaves = param(p, "leaves").filter(|&l| l > 0.0);
        let leaves = leaves.or_else(|| param(p, "depth").map(f64::exp2));
        Some(param(p, "rounds")? * leaves?)
    };
    matches!((size(plan), size(other)), (Some(a), Some(b)) if a < b)
}

fn loses(own: &[Evaluation], theirs: &[Evaluation], margin: f64) -> bool {
    own.iter().any(|mine| {
        let same = theirs.iter().find(|t| t.group == mine.group);
        match (mine.auroc, same.and_then(|t| t.auroc)) {
            (Some(a), Some(b)) => b.value - a.value > margin,
            _ => false,
        }
    })
}

/// The out-of-fold evaluation of a result in every declared subgroup; recorded once.
pub(crate) fn subgroups(
    session: &mut Session<'_>,
    bench: &Bench,
    result: EventId,
) -> Result<Vec<Evaluation>> {
    let recorded: Vec<Evaluation> = session
        .seen()
        .iter()
        .filter_map(|e| match &e.body {
            Body::Agent(EventBody::Evaluated(v))
                if v.experiment == result && v.group.is_some() && v.sample == Sample::OutOfFold =>
            {
                Some(v.clone())
            }
            _ => None,
        })
        .collect();
    if !recorded.is_empty() {
        return Ok(recorded);
    }
    let population = session.primary_population();
    let groups = groups(session, bench, &population);
    let mut made: Option<Vec<Evaluation>> = None;
    let mut all = Vec::new();
    for i in 0..groups.len() {
        // a resumed run may hold some of them already: what is missing is computed once
        if session.recorded().is_none() && made.is_none() {
            made = Some(bench.with_lab(session, |lab| {
                let rows = lab.cohort.rows(&population, Part::Development);
                let plan = session.plan_of_result(result)?;
                let scored = Scored {
                    experiment: result,
                    model: plan.plan.method.clone(),
                    population: population.id.clone(),
                    sample: Sample::OutOfFold,
                    predictions: lab.all_seeds(&plan, &population, &rows, &lab.seeds)?,
                    rows,
                };
                let minimum = u64::from(session.launch.promotion_criteria.min_group_events);
                evaluate_groups(lab, &scored, &groups, minimum)
            })?);
        }
        let id = session.record(HOST, |_| match made.as_ref().and_then(|m| m.get(i)) {
            Some(evaluation) => Ok(Body::Agent(EventBody::Evaluated(evaluation.clone()))),
            None => Err(RunError::internal("an evaluation is missing")),
        })?;
        if let Some(EventBody::Evaluated(v)) = session.agent_body(id) {
            all.push(v.clone());
        }
    }
    Ok(all)
}

/// Evaluate every group; within a column, no count can be had back from the others.
fn evaluate_groups(
    lab: &Lab<'_>,
    scored: &Scored,
    groups: &[Member],
    minimum: u64,
) -> Result<Vec<Evaluation>> {
    let mut made = groups
        .iter()
        .map(|(group, member)| lab.evaluate(scored, Some((group.clone(), member)), minimum))
        .collect::<Result<Vec<_>>>()?;
    let y = lab.cohort.outcomes(&scored.rows);
    let mut start = 0;
    while start < groups.len() {
        let column = &groups[start].0.column;
        let end = start
            + groups[start..]
                .iter()
                .take_while(|g| &g.0.column == column)
                .count();
        let raw: Vec<(u64, u64)> = groups[start..end]
            .iter()
            .map(|(_, member)| {
                member.iter().zip(&y).fold((0, 0), |(n, k), (&m, &e)| {
                    (n + u64::from(m), k + u64::from(m && e))
                })
            })
            .collect();
        let all = raw.iter().fold((0, 0), |(n, k), c| (n + c.0, k + c.1));
        let events = y.iter().filter(|&&e| e).count() as u64;
        let rest = (
            (y.len() as u64).saturating_sub(all.0),
            events.saturating_sub(all.1),
        );
        lab.hide_counts(&mut made[start..end], rest, &raw);
        start = end;
    }
    Ok(made)
}

type Member = (Group, Vec<bool>);

/// Every level of every declared subgroup column, and which development rows are in it.
fn groups(session: &Session<'_>, bench: &Bench, population: &Population) -> Vec<Member> {
    let cohort = &bench.cohort;
    let rows = cohort.rows(population, Part::Development);
    let mut found = Vec::new();
    for name in &session.launch.fairness_subgroups {
        // the catalogue's levels are those of the dictionary and those that may be named
        let Some(column) = bench.catalogue.columns.iter().find(|c| &c.name == name) else {
            continue;
        };
        let Ok(codes) = cohort.table.codes(name) else {
            continue;
        };
        let at = |code: &str| codes.levels.iter().position(|l| l == code);
        for (code, label) in column
            .levels
            .iter()
            .map(|l| (l.code.clone(), l.label.clone()))
        {
            let Some(number) = at(&code).and_then(|i| u32::try_from(i).ok()) else {
                continue;
            };
            let member: Vec<bool> = rows
                .iter()
                .map(|&r| codes.rows[r as usize] == number)
                .collect();
            if member.iter().any(|&m| m) {
                found.push((
                    Group {
                        column: name.clone(),
                        code,
                        label,
                    },
                    member,
                ));
            }
        }
        let missing: Vec<bool> = rows
            .iter()
            .map(|&r| codes.rows[r as usize] == Codes::MISSING)
            .collect();
        if missing.iter().any(|&m| m) {
            found.push((
                Group {
                    column: name.clone(),
                    code: String::new(),
                    label: "not recorded".to_owned(),
                },
                missing,
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use autods_science::{ClusterBootstrap, Estimate};

    use super::*;

    fn gain(value: f64, lower: f64, upper: f64) -> Estimate {
        Estimate {
            value,
            lower,
            upper,
        }
    }

    #[test]
    fn a_gain_within_its_interval_of_zero_is_not_promoted() {
        assert!(!is_shown(gain(0.004, -0.001, 0.009), 0.002, false));
    }

    #[test]
    fn a_sure_gain_too_small_to_matter_is_not_promoted() {
        assert!(!is_shown(gain(0.0008, 0.0002, 0.0013), 0.002, false));
    }

    #[test]
    fn a_sure_gain_is_promoted_and_a_tie_goes_to_the_simpler_plan_only() {
        assert!(is_shown(gain(0.004, 0.001, 0.007), 0.002, false));
        assert!(is_shown(gain(0.0, -0.001, 0.001), 0.002, true));
        assert!(!is_shown(gain(-0.0001, -0.001, 0.001), 0.002, true));
    }

    /// Two sets of scores that differ by noise only, as two seeds of one model do: the better
    /// single seed looks like an improvement, the paired comparison over all seeds is none.
    #[test]
    fn a_seed_only_improvement_is_not_promoted() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut noise = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            f64::from(u32::try_from(state >> 40).unwrap()) / f64::from(1u32 << 24) - 0.5
        };
        let rows = 4000u32;
        let y: Vec<bool> = (0..rows).map(|i| i % 9 == 0).collect();
        let groups: Vec<u32> = (0..rows).map(|i| i / 2).collect();
        let signal: Vec<f64> = y
            .iter()
            .map(|&e| f64::from(u8::from(e)) * 0.3 + noise())
            .collect();
        let mut seeds = |n: usize| -> Vec<Vec<f64>> {
            (0..n)
                .map(|_| signal.iter().map(|s| s + 0.4 * noise()).collect())
                .collect()
        };
        let (old, new) = (seeds(3), seeds(3));
        fn views(scores: &[Vec<f64>]) -> Vec<&[f64]> {
            scores.iter().map(Vec::as_slice).collect()
        }
        let auroc = |p: &[f64]| autods_science::auroc(&y, p).unwrap();
        let best = new.iter().map(|p| auroc(p)).fold(0.0, f64::max);
        let worst = old.iter().map(|p| auroc(p)).fold(1.0, f64::min);
        assert!(
            best - worst > 0.002,
            "the best seed against the worst would look like a gain"
        );
        let gain = ClusterBootstrap::new(&groups, 400, 1)
            .unwrap()
            .auroc_mean_difference(&y, &views(&new), &views(&old))
            .unwrap();
        assert!(!is_shown(gain, 0.002, false), "{gain:?}");
    }
}
