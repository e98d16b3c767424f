//! Evaluations beside the deciding ones: populations, lock-box, subgroups, baselines.

use autods_board::{Curves, Evaluation, EventId, Group, Population, RateRow, Sample};
use autods_privacy::Disclosure;
use autods_science::{
    Estimate, Learner, auroc_delong, average_precision, brier, calibration_curve,
    calibration_in_the_large, calibration_slope, decision_curve, precision_recall_curve, rates_at,
    roc_curve,
};
use rayon::prelude::*;

use super::{
    Lab, derive_seed,
    experiment::{mean, mean_estimate, over_seeds},
};
use crate::error::{Result, RunError};

/// Predictions of one model for the same rows, one vector per seed.
pub(crate) struct Scored {
    pub(crate) experiment: EventId,
    pub(crate) model: String,
    pub(crate) population: String,
    pub(crate) sample: Sample,
    pub(crate) rows: Vec<u32>,
    pub(crate) predictions: Vec<Vec<f64>>,
}

/// Distinct values, up to a few more than a handful.
fn distinct(values: &[f64]) -> usize {
    let mut seen: Vec<f64> = Vec::new();
    for &v in values {
        if !seen.contains(&v) {
            seen.push(v);
            if seen.len() > 64 {
                break;
            }
        }
    }
    seen.len()
}

/// Scores joined into runs of at least `least` rows with and `least` without the outcome, so that
/// no point of a curve tells of fewer. A run has the mean score of its rows.
fn coarsened(y: &[bool], p: &[f64], least: u64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]).then(a.cmp(&b)));
    let mut runs: Vec<Vec<usize>> = vec![Vec::new()];
    let (mut with, mut without) = (0u64, 0u64);
    for (at, &row) in order.iter().enumerate() {
        if let Some(run) = runs.last_mut() {
            run.push(row);
        }
        if y[row] {
            with += 1;
        } else {
            without += 1;
        }
        let tied = order
            .get(at + 1)
            .is_some_and(|&next| p[next].total_cmp(&p[row]).is_eq());
        if with >= least && without >= least && !tied {
            runs.push(Vec::new());
            (with, without) = (0, 0);
        }
    }
    // what is left over is too little by itself
    if (with < least || without < least) && runs.len() > 1 {
        let rest = runs.pop().unwrap_or_default();
        if let Some(last) = runs.last_mut() {
            last.extend(rest);
        }
    }
    let mut made = vec![0.0; p.len()];
    for run in runs.iter().filter(|r| !r.is_empty()) {
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of rows are far below 2^53"
        )]
        let mean = run.iter().map(|&r| p[r]).sum::<f64>() / run.len() as f64;
        for &row in run {
            made[row] = mean;
        }
    }
    made
}

/// Whether a table of flagged by outcome holds a cell that may not be shown.
fn has_small_cell(rates: &autods_science::Rates, threshold: u64) -> bool {
    [rates.tp, rates.fp, rates.tn, rates.fn_]
        .iter()
        .any(|&n| n > 0 && n < threshold)
}

/// The baselines that every run reports.
pub(crate) fn baseline_names() -> [&'static str; 2] {
    ["prevalence", "best-single-predictor"]
}

impl Lab<'_> {
    /// Evaluate on all of its rows, or on those of a group.
    pub(crate) fn evaluate(
        &self,
        scored: &Scored,
        group: Option<(Group, &[bool])>,
        minimum_events: u64,
    ) -> Result<Evaluation> {
        let keep: Vec<usize> = match &group {
            Some((_, member)) => (0..scored.rows.len()).filter(|&i| member[i]).collect(),
            None => (0..scored.rows.len()).collect(),
        };
        let rows: Vec<u32> = keep.iter().map(|&i| scored.rows[i]).collect();
        let y = self.cohort.outcomes(&rows);
        let predictions: Vec<Vec<f64>> = scored
            .predictions
            .iter()
            .map(|p| keep.iter().map(|&i| p[i]).collect())
            .collect();
        let views: Vec<&[f64]> = predictions.iter().map(Vec::as_slice).collect();
        let n = rows.len() as u64;
        let events = y.iter().filter(|&&e| e).count() as u64;
        let shown = |count: u64| (count == 0 || count >= self.threshold).then_some(count);
        // n and events are both withheld when either side of the split is too small to show
        let disclosable =
            shown(n).is_some() && shown(events).is_some() && shown(n - events).is_some();
        let insufficient = events < minimum_events || n - events < minimum_events;
        let measured = !insufficient && disclosable;
        let when = |f: &dyn Fn() -> Result<Estimate>| measured.then(f).transpose();
        // a model with one risk for each fold (the prevalence) has no slope
        let constant = views.iter().any(|p| distinct(p) <= self.folds as usize);
        Ok(Evaluation {
            experiment: scored.experiment,
            model: scored.model.clone(),
            population: scored.population.clone(),
            sample: scored.sample,
            group: group.map(|(g, _)| g),
            insufficient,
            n: shown(n),
            events: if disclosable { Some(events) } else { None },
            auroc: when(&|| Ok(self.bootstrap(&rows)?.auroc_mean(&y, &views)?))?,
            average_precision: measured
                .then(|| over_seeds(&views, |p| Ok(average_precision(&y, p)?)).map(|v| mean(&v)))
                .transpose()?,
            brier: measured
                .then(|| over_seeds(&views, |p| Ok(brier(&y, p)?)).map(|v| mean(&v)))
                .transpose()?,
            // perfect separation or a constant risk has no slope: then none is given
            slope: if measured && !constant {
                over_seeds(&views, |p| Ok(calibration_slope(&y, p)?))
                    .ok()
                    .map(|v| mean_estimate(&v))
            } else {
                None
            },
            intercept: when(&|| {
                over_seeds(&views, |p| Ok(calibration_in_the_large(&y, p)?))
                    .map(|v| mean_estimate(&v))
            })?,
            rates: if measured {
                self.rates(&y, &views)?
            } else {
                Vec::new()
            },
        })
    }

    /// The counts of groups that share a total: hidden ones cannot be had back from the others.
    pub(crate) fn hide_counts(
        &self,
        evaluations: &mut [Evaluation],
        rest: (u64, u64),
        raw: &[(u64, u64)],
    ) {
        let disclosure = Disclosure::new(self.threshold);
        let column = |pick: fn(&(u64, u64)) -> u64| {
            let mut cells: Vec<u64> = raw.iter().map(pick).collect();
            cells.push(pick(&rest));
            disclosure.counts(&cells)
        };
        let (rows, events, without) = (column(|c| c.0), column(|c| c.1), column(|c| c.0 - c.1));
        for (i, evaluation) in evaluations.iter_mut().enumerate() {
            evaluation.n = rows[i];
            // with n, either count gives the other
            let both = rows[i].is_some() && events[i].is_some() && without[i].is_some();
            evaluation.events = events[i].filter(|_| both);
            if !both {
                // an interval of a rate gives its denominator away
                evaluation.rates.clear();
            }
        }
    }

    fn rates(&self, y: &[bool], views: &[&[f64]]) -> Result<Vec<RateRow>> {
        let mut made = Vec::new();
        for &threshold in &self.thresholds {
            let all = over_seeds(views, |p| Ok(rates_at(y, p, threshold)?))?;
            if all.iter().any(|r| has_small_cell(r, self.threshold)) {
                continue;
            }
            let over = |f: &dyn Fn(&autods_science::Rates) -> Option<Estimate>| {
                let found: Option<Vec<Estimate>> = all.iter().map(f).collect();
                found.map(|f| mean_estimate(&f))
            };
            made.push(RateRow {
                threshold,
                flagged: mean_estimate(&all.iter().map(|r| r.flagged).collect::<Vec<_>>()),
                tpr: over(&|r| r.tpr),
                fpr: over(&|r| r.fpr),
                ppv: over(&|r| r.ppv),
                npv: over(&|r| r.npv),
                net_benefit: mean(&all.iter().map(|r| r.net_benefit).collect::<Vec<_>>()),
            });
        }
        Ok(made)
    }

    /// Curves of the first preset seed (a mean over seeds would be another, better model).
    pub(crate) fn curves(&self, scored: &Scored) -> Result<Curves> {
        let p = scored
            .predictions
            .first()
            .ok_or_else(|| RunError::internal("no predictions"))?;
        let y = self.cohort.outcomes(&scored.rows);
        let coarse = coarsened(&y, p, self.threshold);
        let threshold = usize::try_from(self.threshold).unwrap_or(usize::MAX);
        let mut grid: Vec<f64> = (1..=50).map(|i| f64::from(i) / 100.0).collect();
        grid.retain(|&t| rates_at(&y, p, t).is_ok_and(|r| !has_small_cell(&r, self.threshold)));
        Ok(Curves {
            experiment: scored.experiment,
            model: scored.model.clone(),
            population: scored.population.clone(),
            sample: scored.sample,
            auroc_delong: Some(mean_estimate(
                &scored
                    .predictions
                    .iter()
                    .map(|p| Ok(auroc_delong(&y, p)?))
                    .collect::<Result<Vec<_>>>()?,
            )),
            roc: roc_curve(&y, &coarse, 200)?,
            precision_recall: precision_recall_curve(&y, &coarse, 200)?,
            calibration: calibration_curve(&y, p, 10, threshold, threshold)?,
            decision: decision_curve(&y, p, &grid)?,
        })
    }

    /// Out-of-fold predictions of a baseline, on these predictors by themselves.
    pub(crate) fn baseline(
        &self,
        name: &str,
        columns: &[String],
        population: &Population,
        rows: Vec<u32>,
    ) -> Result<Scored> {
        let learner = Learner::new(name, &[]).map_err(RunError::internal)?;
        let predictors = self.predictors(columns)?;
        let mut predictions = Vec::new();
        for &seed in &self.seeds {
            let folds = self.folds(&rows, seed)?;
            let scored: Vec<Result<Vec<f64>>> = folds
                .par_iter()
                .enumerate()
                .map(|(number, fold)| {
                    let design = self.single_design(&predictors, population, seed, number, fold)?;
                    learner
                        .fit(
                            &design.train,
                            &self.cohort.outcomes(&fold.train),
                            derive_seed("baseline", seed, number as u64),
                        )
                        .and_then(|f| f.predict(&design.test))
                        .map_err(|e| RunError::Plugin(format!("baseline `{name}`: {e}")))
                })
                .collect();
            let mut at = vec![f64::NAN; self.cohort.outcome.len()];
            for (fold, scores) in folds.iter().zip(scored) {
                for (&row, score) in fold.test.iter().zip(scores?) {
                    at[row as usize] = score;
                }
            }
            predictions.push(rows.iter().map(|&r| at[r as usize]).collect());
        }
        Ok(Scored {
            experiment: 0,
            model: name.to_owned(),
            population: population.id.clone(),
            sample: Sample::OutOfFold,
            rows,
            predictions,
        })
    }
}
