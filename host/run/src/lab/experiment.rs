//! Experiments: a plan on every fold of every seed.

use autods_board::{EventId, Experiment, FeatureSet, Fidelity, Plan, Population, Scalar};
use autods_science::{
    ClusterBootstrap, Estimate, Fitted, Learner, auroc, average_precision, brier,
    calibration_in_the_large, calibration_slope,
};
use rayon::prelude::*;

use super::{Lab, derive_seed};
use crate::{
    cohort::Part,
    error::{Result, RunError},
};

/// A plan with everything it refers to.
#[derive(Clone)]
pub(crate) struct Resolved {
    /// The plan's event.
    pub(crate) id: EventId,
    pub(crate) plan: Plan,
    pub(crate) features: FeatureSet,
    /// Canonical fingerprint of features, method and parameters.
    pub(crate) fingerprint: String,
    /// Canonical fingerprint of the features alone.
    pub(crate) features_fingerprint: String,
}

impl Resolved {
    pub(crate) fn learner(&self) -> Result<Learner> {
        let params: Vec<(String, f64)> = self
            .plan
            .params
            .iter()
            .filter_map(|p| number(&p.value).map(|v| (p.name.clone(), v)))
            .collect();
        Learner::new(&self.plan.method, &params)
            .map_err(|e| RunError::Plugin(format!("plan {}: {e}", self.id)))
    }
}

/// A parameter's value as a number.
pub(crate) fn number(value: &Scalar) -> Option<f64> {
    match value {
        Scalar::Number(v) => Some(*v),
        #[expect(clippy::cast_precision_loss, reason = "parameters are small")]
        Scalar::Integer(v) => Some(*v as f64),
        Scalar::Flag(v) => Some(f64::from(u8::from(*v))),
        Scalar::Missing | Scalar::Text(_) => None,
    }
}

/// Mean of estimates, end by end: the ends of strongly correlated estimates over seeds.
pub(crate) fn mean_estimate(estimates: &[Estimate]) -> Estimate {
    Estimate {
        value: mean(&estimates.iter().map(|e| e.value).collect::<Vec<_>>()),
        lower: mean(&estimates.iter().map(|e| e.lower).collect::<Vec<_>>()),
        upper: mean(&estimates.iter().map(|e| e.upper).collect::<Vec<_>>()),
    }
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of seeds")]
    let n = values.len().max(1) as f64;
    values.iter().sum::<f64>() / n
}

/// A statistic of the predictions of every seed.
pub(crate) fn over_seeds<T>(
    views: &[&[f64]],
    statistic: impl Fn(&[f64]) -> Result<T>,
) -> Result<Vec<T>> {
    views.iter().map(|p| statistic(p)).collect()
}

impl Lab<'_> {
    /// Out-of-fold predictions of every row of `rows`, from the capture where it holds them.
    pub(crate) fn out_of_fold(
        &self,
        plan: &Resolved,
        population: &Population,
        rows: &[u32],
        seed: u64,
    ) -> Result<Vec<f64>> {
        if let Some(found) = self.captured(&plan.fingerprint, &population.id, seed, rows) {
            return Ok(found);
        }
        let learner = plan.learner()?;
        let folds = self.folds(rows, seed)?;
        let scored: Vec<Result<Vec<f64>>> = folds
            .par_iter()
            .enumerate()
            .map(|(number, fold)| {
                let design = self.fold_design(
                    &plan.features,
                    &plan.features_fingerprint,
                    population,
                    seed,
                    number,
                    fold,
                )?;
                let fitted = learner
                    .fit(
                        &design.train,
                        &self.cohort.outcomes(&fold.train),
                        derive_seed("learner", seed, number as u64),
                    )
                    .map_err(|e| {
                        RunError::Plugin(format!("plan {} on fold {number}: {e}", plan.id))
                    })?;
                fitted.predict(&design.test).map_err(|e| {
                    RunError::Plugin(format!("plan {} on fold {number}: {e}", plan.id))
                })
            })
            .collect();
        let mut at = vec![f64::NAN; self.cohort.outcome.len()];
        for (fold, scores) in folds.iter().zip(scored) {
            for (&row, score) in fold.test.iter().zip(scores?) {
                at[row as usize] = score;
            }
        }
        let predictions: Vec<f64> = rows.iter().map(|&r| at[r as usize]).collect();
        self.capture(&plan.fingerprint, &population.id, seed, rows, &predictions)?;
        Ok(predictions)
    }

    /// The preset seeds of a fidelity.
    pub(crate) fn seeds_of(&self, fidelity: Fidelity) -> &[u64] {
        match fidelity {
            Fidelity::Screen => self.seeds.get(..1).unwrap_or(&self.seeds),
            Fidelity::Full => &self.seeds,
        }
    }

    /// Run a plan and compare it with the champion on identical rows, folds and seeds.
    pub(crate) fn experiment(
        &self,
        plan: &Resolved,
        population: &Population,
        fidelity: Fidelity,
        champion: Option<(EventId, &Resolved)>,
    ) -> Result<Experiment> {
        let rows = self.cohort.rows(population, Part::Development);
        let y = self.cohort.outcomes(&rows);
        let seeds = self.seeds_of(fidelity).to_vec();
        let predictions = self.all_seeds(plan, population, &rows, &seeds)?;
        let bootstrap = self.bootstrap(&rows)?;
        let views: Vec<&[f64]> = predictions.iter().map(Vec::as_slice).collect();
        let gain = match champion {
            Some((_, other)) => {
                let other = self.all_seeds(other, population, &rows, &seeds)?;
                let other: Vec<&[f64]> = other.iter().map(Vec::as_slice).collect();
                Some(bootstrap.auroc_mean_difference(&y, &views, &other)?)
            }
            None => None,
        };
        let each = over_seeds(&views, |p| Ok(auroc(&y, p)?))?;
        let slopes = over_seeds(&views, |p| slope(&y, p))?;
        let intercepts = over_seeds(&views, |p| Ok(calibration_in_the_large(&y, p)?))?;
        Ok(Experiment {
            plan: plan.id,
            fidelity,
            seeds: u32::try_from(seeds.len()).unwrap_or(u32::MAX),
            auroc: bootstrap.auroc_mean(&y, &views)?,
            average_precision: mean(&over_seeds(&views, |p| Ok(average_precision(&y, p)?))?),
            brier: mean(&over_seeds(&views, |p| Ok(brier(&y, p)?))?),
            slope: mean_estimate(&slopes),
            intercept: mean_estimate(&intercepts),
            seed_sd: spread(&each),
            gain,
            against: champion.map(|(id, _)| id),
        })
    }

    /// Out-of-fold predictions for several seeds.
    pub(crate) fn all_seeds(
        &self,
        plan: &Resolved,
        population: &Population,
        rows: &[u32],
        seeds: &[u64],
    ) -> Result<Vec<Vec<f64>>> {
        seeds
            .iter()
            .map(|&seed| self.out_of_fold(plan, population, rows, seed))
            .collect()
    }

    /// Resamples of whole subjects; the same for everything that is compared on `rows`.
    pub(crate) fn bootstrap(&self, rows: &[u32]) -> Result<ClusterBootstrap> {
        Ok(ClusterBootstrap::new(
            &self.cohort.subjects(rows),
            self.replicates,
            derive_seed("bootstrap", self.seeds.first().copied().unwrap_or(0), 0),
        )?)
    }

    /// Fit a plan on all development rows of a population.
    pub(crate) fn final_fit(
        &self,
        plan: &Resolved,
        population: &Population,
    ) -> Result<(super::prepare::Prepared, Fitted)> {
        let rows = self.cohort.rows(population, Part::Development);
        let seed = self.seeds.first().copied().unwrap_or(0);
        let prepared =
            self.fit_preparation(&plan.features, &rows, derive_seed("final", seed, 0))?;
        let fitted = plan
            .learner()?
            .fit(
                &prepared.train,
                &self.cohort.outcomes(&rows),
                derive_seed("final-learner", seed, 0),
            )
            .map_err(|e| RunError::Plugin(format!("plan {}: {e}", plan.id)))?;
        Ok((prepared, fitted))
    }
}

/// The calibration slope of a model. One that found nothing and predicts the same for every row has
/// none; it counts as 0, far from what promotion asks for, and the run goes on to its next idea.
fn slope(outcome: &[bool], risk: &[f64]) -> Result<Estimate> {
    let constant = risk
        .windows(2)
        .all(|pair| pair[0].to_bits() == pair[1].to_bits());
    if constant {
        return Ok(Estimate {
            value: 0.0,
            lower: 0.0,
            upper: 0.0,
        });
    }
    Ok(calibration_slope(outcome, risk)?)
}

pub(crate) fn spread(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let centre = mean(values);
    #[expect(clippy::cast_precision_loss, reason = "a handful of seeds")]
    let free = (values.len() - 1) as f64;
    (values.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / free).sqrt()
}
