//! The cluster bootstrap: subjects are drawn, and bring all their rows.

use rayon::prelude::*;

use super::Groups;
use crate::metrics::concordance;
use crate::order::{ascending, quantile};
use crate::random::{below, stream};
use crate::sample::{both_classes, same_length, scores, setting};
use crate::{Estimate, StatisticError};

const WHAT: &str = "cluster bootstrap";

/// Percentile intervals from resampled groups (subjects), for rows that are not independent
/// (Field & Welsh 2007).
///
/// A replicate is a multiplicity for every group; replicate `r` always uses the ChaCha stream `r`
/// of the seed, so that two statistics of the same object see the same resamples and the number of
/// threads does not matter. Scores are sorted once; a replicate costs one walk over the rows.
#[derive(Clone, Debug)]
pub struct ClusterBootstrap {
    groups: Groups,
    replicates: u32,
    seed: u64,
}

impl ClusterBootstrap {
    /// Resamples the groups of these rows `replicates` times (20 to 100,000; 1,000 is usual).
    ///
    /// # Errors
    /// No rows, fewer than two groups, replicates out of range.
    pub fn new(groups: &[u32], replicates: u32, seed: u64) -> Result<Self, StatisticError> {
        setting(WHAT, "replicates", f64::from(replicates), 20.0, 100_000.0)?;
        let groups = Groups::new(WHAT, groups)?;
        if groups.count < 2 {
            return Err(StatisticError::Undetermined {
                what: WHAT,
                why: "all rows belong to one group",
            });
        }
        Ok(Self {
            groups,
            replicates,
            seed,
        })
    }

    /// Area under the ROC curve with its 95 % percentile interval.
    ///
    /// # Errors
    /// As [`auroc`](crate::auroc); more than a tenth of the resamples with one class only.
    pub fn auroc(&self, outcome: &[bool], score: &[f64]) -> Result<Estimate, StatisticError> {
        self.check(outcome, score)?;
        let classes = both_classes(WHAT, outcome, 1)?;
        let ranked = Ranked::new(&self.groups, outcome, score);
        self.percentiles(concordance(outcome, score, classes), |weights| {
            ranked.auroc(weights)
        })
    }

    /// Difference of two areas under the ROC curve, `first` minus `second`, both computed in every
    /// resample, with its 95 % percentile interval.
    ///
    /// # Errors
    /// As [`ClusterBootstrap::auroc`].
    pub fn auroc_difference(
        &self,
        outcome: &[bool],
        first: &[f64],
        second: &[f64],
    ) -> Result<Estimate, StatisticError> {
        self.check(outcome, first)?;
        self.check(outcome, second)?;
        let classes = both_classes(WHAT, outcome, 1)?;
        let a = Ranked::new(&self.groups, outcome, first);
        let b = Ranked::new(&self.groups, outcome, second);
        let value = concordance(outcome, first, classes) - concordance(outcome, second, classes);
        self.percentiles(value, |weights| Some(a.auroc(weights)? - b.auroc(weights)?))
    }

    /// Mean area under the ROC curve of several scores of the same rows (one per seed), with its
    /// 95 % percentile interval: every score is evaluated in every resample.
    ///
    /// # Errors
    /// No scores; as [`ClusterBootstrap::auroc`].
    pub fn auroc_mean(
        &self,
        outcome: &[bool],
        scores: &[&[f64]],
    ) -> Result<Estimate, StatisticError> {
        let mean = self.ranked_mean(outcome, scores)?;
        self.percentiles(mean.value, |weights| mean.of(weights))
    }

    /// Difference of two such means, `first` minus `second`, in the same resamples.
    ///
    /// # Errors
    /// As [`ClusterBootstrap::auroc_mean`].
    pub fn auroc_mean_difference(
        &self,
        outcome: &[bool],
        first: &[&[f64]],
        second: &[&[f64]],
    ) -> Result<Estimate, StatisticError> {
        let a = self.ranked_mean(outcome, first)?;
        let b = self.ranked_mean(outcome, second)?;
        self.percentiles(a.value - b.value, |weights| {
            Some(a.of(weights)? - b.of(weights)?)
        })
    }

    fn ranked_mean(
        &self,
        outcome: &[bool],
        scores: &[&[f64]],
    ) -> Result<RankedMean, StatisticError> {
        let classes = both_classes(WHAT, outcome, 1)?;
        setting(WHAT, "scores", scores.len() as f64, 1.0, 1_000.0)?;
        let mut value = 0.0;
        let mut each = Vec::with_capacity(scores.len());
        for score in scores {
            self.check(outcome, score)?;
            value += concordance(outcome, score, classes);
            each.push(Ranked::new(&self.groups, outcome, score));
        }
        Ok(RankedMean {
            value: value / scores.len() as f64,
            each,
        })
    }

    /// Weighted mean of one finite number per row, such as a loss or a difference of losses, with
    /// its 95 % percentile interval.
    ///
    /// # Errors
    /// Lengths that differ, values that are not finite.
    pub fn mean(&self, values: &[f64]) -> Result<Estimate, StatisticError> {
        same_length(WHAT, self.groups.of_row.len(), values.len())?;
        let count = values.iter().filter(|value| !value.is_finite()).count();
        if count > 0 {
            return Err(StatisticError::NotFinite { what: WHAT, count });
        }
        let mut totals = vec![(0.0, 0.0); self.groups.count as usize];
        for (group, value) in self.groups.of_row.iter().zip(values) {
            let total = &mut totals[*group as usize];
            total.0 += value;
            total.1 += 1.0;
        }
        let mean = |weight: &dyn Fn(usize) -> f64| {
            let (mut sum, mut rows) = (0.0, 0.0);
            for (group, total) in totals.iter().enumerate() {
                sum += weight(group) * total.0;
                rows += weight(group) * total.1;
            }
            (rows > 0.0).then_some(sum / rows)
        };
        let value = mean(&|_| 1.0).unwrap_or(f64::NAN);
        self.percentiles(value, |weights| mean(&|group| f64::from(weights[group])))
    }

    /// Any statistic of multiplicities: `statistic` gets how often each *row* was drawn and gives
    /// nothing where it is not defined. `value` is the statistic on the rows as they are.
    ///
    /// # Errors
    /// More than a tenth of the resamples without a value.
    pub fn statistic(
        &self,
        value: f64,
        statistic: impl Fn(&[u32]) -> Option<f64> + Sync,
    ) -> Result<Estimate, StatisticError> {
        self.percentiles(value, |weights| {
            let rows: Vec<u32> = self
                .groups
                .of_row
                .iter()
                .map(|group| weights[*group as usize])
                .collect();
            statistic(&rows)
        })
    }

    fn check(&self, outcome: &[bool], score: &[f64]) -> Result<(), StatisticError> {
        same_length(WHAT, self.groups.of_row.len(), outcome.len())?;
        scores(WHAT, outcome, score)
    }

    /// `statistic` of the multiplicities of the groups in every replicate.
    fn percentiles(
        &self,
        value: f64,
        statistic: impl Fn(&[u32]) -> Option<f64> + Sync,
    ) -> Result<Estimate, StatisticError> {
        let count = self.groups.count;
        let replicates: Vec<Option<f64>> = (0..self.replicates)
            .into_par_iter()
            .map_init(
                || vec![0u32; count as usize],
                |weights, replicate| {
                    weights.fill(0);
                    let mut generator = stream(self.seed, u64::from(replicate));
                    for _ in 0..count {
                        weights[below(&mut generator, count) as usize] += 1;
                    }
                    statistic(weights)
                },
            )
            .collect();
        let mut defined: Vec<f64> = replicates
            .into_iter()
            .flatten()
            .filter(|value| value.is_finite())
            .collect();
        if defined.len() * 10 < self.replicates as usize * 9 {
            return Err(StatisticError::Undetermined {
                what: WHAT,
                why: "more than a tenth of the resamples have one class only",
            });
        }
        defined.sort_unstable_by(f64::total_cmp);
        Ok(Estimate {
            value,
            lower: quantile(&defined, 0.025),
            upper: quantile(&defined, 0.975),
        })
    }
}

/// Several scores of the same rows, sorted once.
struct RankedMean {
    value: f64,
    each: Vec<Ranked>,
}

impl RankedMean {
    fn of(&self, weights: &[u32]) -> Option<f64> {
        let mut sum = 0.0;
        for ranked in &self.each {
            sum += ranked.auroc(weights)?;
        }
        Some(sum / self.each.len() as f64)
    }
}

/// Rows by ascending score: each word is a group, its lowest bit the outcome.
struct Ranked {
    rows: Vec<u32>,
    /// Whether the row is the last one of its score.
    ends: Vec<bool>,
}

impl Ranked {
    fn new(groups: &Groups, outcome: &[bool], score: &[f64]) -> Self {
        let order = ascending(score);
        let rows = order
            .iter()
            .map(|row| {
                let row = *row as usize;
                groups.of_row[row] << 1 | u32::from(outcome[row])
            })
            .collect();
        let ends = (0..order.len())
            .map(|at| {
                order
                    .get(at + 1)
                    .is_none_or(|next| score[*next as usize] != score[order[at] as usize])
            })
            .collect();
        Self { rows, ends }
    }

    /// Area under the ROC curve of the weighted rows.
    fn auroc(&self, weights: &[u32]) -> Option<f64> {
        let (mut doubled, mut events_below, mut below) = (0.0f64, 0u64, 0u64);
        let (mut events, mut non_events) = (0u64, 0u64);
        for (word, end) in self.rows.iter().zip(&self.ends) {
            let weight = u64::from(weights[(word >> 1) as usize]);
            let event = u64::from(word & 1);
            events += weight * event;
            non_events += weight * (1 - event);
            if *end {
                doubled += events as f64 * (2 * below + non_events) as f64;
                events_below += events;
                below += non_events;
                events = 0;
                non_events = 0;
            }
        }
        (events_below > 0 && below > 0)
            .then(|| doubled / 2.0 / (events_below as f64 * below as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::unit;

    fn sample(subjects: u32, rows_each: u32, seed: u64) -> (Vec<u32>, Vec<bool>, Vec<f64>) {
        let mut generator = stream(seed, 5);
        let (mut groups, mut outcome, mut score) = (vec![], vec![], vec![]);
        for subject in 0..subjects {
            let risk = unit(&mut generator);
            let event = unit(&mut generator) < risk * 0.5;
            for _ in 0..rows_each {
                groups.push(subject);
                outcome.push(event);
                score.push((risk * 20.0).round());
            }
        }
        (groups, outcome, score)
    }

    #[test]
    fn the_number_of_threads_does_not_matter() {
        let (groups, outcome, score) = sample(300, 2, 1);
        let bootstrap = ClusterBootstrap::new(&groups, 200, 7).unwrap();
        let run = |threads| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(|| bootstrap.auroc(&outcome, &score).unwrap())
        };
        assert_eq!(run(1), run(4));
    }

    #[test]
    fn a_resample_equals_the_rows_written_out() {
        let (groups, outcome, score) = sample(40, 3, 2);
        let dense = Groups::new("test", &groups).unwrap();
        let weights: Vec<u32> = (0..40).map(|group| group % 4).collect();
        let (mut y, mut p) = (vec![], vec![]);
        for (row, group) in groups.iter().enumerate() {
            for _ in 0..weights[*group as usize] {
                y.push(outcome[row]);
                p.push(score[row]);
            }
        }
        let fast = Ranked::new(&dense, &outcome, &score)
            .auroc(&weights)
            .unwrap();
        assert!((fast - crate::auroc(&y, &p).unwrap()).abs() < 1e-14);
    }

    #[test]
    fn repeated_rows_of_a_subject_do_not_narrow_the_interval() {
        let (groups, outcome, score) = sample(400, 1, 3);
        let single = ClusterBootstrap::new(&groups, 400, 1).unwrap();
        let narrow = single.auroc(&outcome, &score).unwrap();
        let repeat = |values: &[f64]| values.iter().flat_map(|v| [*v; 4]).collect::<Vec<_>>();
        let groups4: Vec<u32> = groups.iter().flat_map(|g| [*g; 4]).collect();
        let outcome4: Vec<bool> = outcome.iter().flat_map(|y| [*y; 4]).collect();
        let wide = ClusterBootstrap::new(&groups4, 400, 1)
            .unwrap()
            .auroc(&outcome4, &repeat(&score))
            .unwrap();
        assert!((narrow.lower - wide.lower).abs() < 1e-12);
        assert!((narrow.upper - wide.upper).abs() < 1e-12);
        let naive = crate::auroc_delong(&outcome4, &repeat(&score)).unwrap();
        assert!(naive.upper - naive.lower < 0.6 * (wide.upper - wide.lower));
    }

    #[test]
    fn with_one_row_each_the_interval_is_close_to_delongs() {
        let (groups, outcome, score) = sample(3000, 1, 4);
        let bootstrap = ClusterBootstrap::new(&groups, 1000, 1).unwrap();
        let percentile = bootstrap.auroc(&outcome, &score).unwrap();
        let delong = crate::auroc_delong(&outcome, &score).unwrap();
        assert!((percentile.lower - delong.lower).abs() < 0.004);
        assert!((percentile.upper - delong.upper).abs() < 0.004);
    }

    #[test]
    fn a_model_minus_itself_is_exactly_zero_in_every_resample() {
        let (groups, outcome, score) = sample(200, 2, 5);
        let bootstrap = ClusterBootstrap::new(&groups, 100, 1).unwrap();
        let zero = bootstrap
            .auroc_difference(&outcome, &score, &score)
            .unwrap();
        assert_eq!((zero.value, zero.lower, zero.upper), (0.0, 0.0, 0.0));
    }

    #[test]
    fn the_general_form_agrees_with_the_fast_ones() {
        let (groups, outcome, score) = sample(100, 3, 6);
        let bootstrap = ClusterBootstrap::new(&groups, 50, 9).unwrap();
        let fast = bootstrap.mean(&score).unwrap();
        let slow = bootstrap
            .statistic(fast.value, |rows| {
                let weights: f64 = rows.iter().map(|w| f64::from(*w)).sum();
                let total: f64 = rows
                    .iter()
                    .zip(&score)
                    .map(|(w, s)| f64::from(*w) * s)
                    .sum();
                Some(total / weights)
            })
            .unwrap();
        assert!((fast.lower - slow.lower).abs() < 1e-12);
        let fast = bootstrap.auroc(&outcome, &score).unwrap();
        let slow = bootstrap
            .statistic(fast.value, |rows| {
                let drawn = || {
                    rows.iter()
                        .enumerate()
                        .flat_map(|(row, weight)| (0..*weight).map(move |_| row))
                };
                let y: Vec<bool> = drawn().map(|row| outcome[row]).collect();
                let p: Vec<f64> = drawn().map(|row| score[row]).collect();
                crate::auroc(&y, &p).ok()
            })
            .unwrap();
        assert!((fast.lower - slow.lower).abs() < 1e-12);
        assert!((fast.upper - slow.upper).abs() < 1e-12);
    }

    #[test]
    fn too_little_to_resample_is_an_error() {
        assert!(ClusterBootstrap::new(&[1, 1], 100, 0).is_err());
        assert!(ClusterBootstrap::new(&[1, 2], 5, 0).is_err());
        let bootstrap = ClusterBootstrap::new(&[1, 2], 100, 0).unwrap();
        assert!(bootstrap.auroc(&[true, false], &[0.1, 0.2]).is_err());
    }
}
