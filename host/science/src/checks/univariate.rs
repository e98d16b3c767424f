//! How well one column predicts the outcome by itself.

use crate::metrics::{auroc_delong, delong_components};
use crate::sample::{both_classes, same_length, setting};
use crate::{Estimate, StatisticError};

const WHAT: &str = "area under the ROC curve of one column";
/// Rows that a level's rate is shrunk towards the overall rate by.
const PRIOR_ROWS: f64 = 10.0;

/// Area under the ROC curve of a numeric column used as a score, in the direction that predicts
/// better (so 0.5 to 1), with DeLong's interval.
///
/// Rows without a value (NaN) are left out: whether missingness predicts is a question of its own,
/// answered by giving this function the indicator of missingness.
///
/// # Errors
/// As [`auroc_delong`](crate::auroc_delong), among the rows with a value.
pub fn univariate_auroc(outcome: &[bool], values: &[f64]) -> Result<Estimate, StatisticError> {
    same_length(WHAT, outcome.len(), values.len())?;
    let (outcome, values): (Vec<bool>, Vec<f64>) = outcome
        .iter()
        .zip(values)
        .filter(|(_, value)| !value.is_nan())
        .map(|(event, value)| (*event, *value))
        .unzip();
    let area = auroc_delong(&outcome, &values)?;
    Ok(if area.value < 0.5 {
        Estimate {
            value: 1.0 - area.value,
            lower: 1.0 - area.upper,
            upper: 1.0 - area.lower,
        }
    } else {
        area
    })
}

/// Area under the ROC curve of a category, its levels scored by their outcome rate in the *other*
/// folds, so that a column with many levels does not look good by remembering rows.
///
/// `codes` are levels below 2²⁴ (give missing a level of its own), `folds` from
/// [`stratified_group_kfold`](crate::stratified_group_kfold). A level's rate is
/// `(events + 10 × overall rate) / (rows + 10)`; a level unseen in the other folds has the overall
/// rate. Areas are computed within folds, where the scores are comparable, and averaged by their
/// number of pairs; the interval combines the folds' DeLong variances.
///
/// # Errors
/// Lengths that differ, codes or folds out of range, no fold with two rows of each class.
pub fn univariate_auroc_categorical(
    outcome: &[bool],
    codes: &[u32],
    folds: &[u32],
) -> Result<Estimate, StatisticError> {
    let all = both_classes(WHAT, outcome, 2)?;
    same_length(WHAT, outcome.len(), codes.len())?;
    same_length(WHAT, outcome.len(), folds.len())?;
    let largest = codes.iter().copied().max().unwrap_or(0);
    setting(
        WHAT,
        "largest code",
        f64::from(largest),
        0.0,
        f64::from(1u32 << 24) - 1.0,
    )?;
    let last_fold = folds.iter().copied().max().unwrap_or(0);
    setting(WHAT, "folds", f64::from(last_fold) + 1.0, 2.0, 100.0)?;

    let count = |within: Option<u32>| {
        let mut levels = vec![(0u32, 0u32); largest as usize + 1];
        for row in 0..outcome.len() {
            if within.is_none_or(|fold| folds[row] == fold) {
                let level = &mut levels[codes[row] as usize];
                level.0 += 1;
                level.1 += u32::from(outcome[row]);
            }
        }
        levels
    };
    let total = count(None);
    let (mut area, mut variance, mut pairs) = (0.0, 0.0, 0.0);
    for fold in 0..=last_fold {
        let inside = count(Some(fold));
        let (rows, events) = inside.iter().fold((0u32, 0u32), |sum, level| {
            (sum.0 + level.0, sum.1 + level.1)
        });
        let other_rows = f64::from(all.rows as u32 - rows);
        if events < 2 || rows - events < 2 || other_rows == 0.0 {
            continue;
        }
        let overall = f64::from(all.events as u32 - events) / other_rows;
        let rate: Vec<f64> = total
            .iter()
            .zip(&inside)
            .map(|(all, inside)| {
                let (rows, events) = (f64::from(all.0 - inside.0), f64::from(all.1 - inside.1));
                (events + PRIOR_ROWS * overall) / (rows + PRIOR_ROWS)
            })
            .collect();
        let (y, score): (Vec<bool>, Vec<f64>) = (0..outcome.len())
            .filter(|row| folds[*row] == fold)
            .map(|row| (outcome[row], rate[codes[row] as usize]))
            .unzip();
        let weight = f64::from(events) * f64::from(rows - events);
        let (value, spread) = area_and_variance(&y, &score)?;
        area += weight * value;
        variance += weight * weight * spread;
        pairs += weight;
    }
    if pairs == 0.0 {
        return Err(StatisticError::Undetermined {
            what: WHAT,
            why: "no fold has two rows of each class",
        });
    }
    Ok(Estimate::wald(area / pairs, variance.sqrt() / pairs).within(0.0, 1.0))
}

/// The area and its DeLong variance.
fn area_and_variance(outcome: &[bool], score: &[f64]) -> Result<(f64, f64), StatisticError> {
    let classes = both_classes(WHAT, outcome, 2)?;
    let placement = delong_components(outcome, score, classes);
    let of_class = |class: bool, size: usize| {
        let members = || {
            outcome
                .iter()
                .zip(&placement)
                .filter(move |(event, _)| **event == class)
                .map(|(_, value)| *value)
        };
        let mean = members().sum::<f64>() / size as f64;
        let squares: f64 = members().map(|value| (value - mean).powi(2)).sum();
        (mean, squares / (size as f64 - 1.0) / size as f64)
    };
    let (area, of_events) = of_class(true, classes.events);
    let (_, of_non_events) = of_class(false, classes.non_events());
    Ok((area, of_events + of_non_events))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{below, stream, unit};

    #[test]
    fn the_direction_does_not_matter_for_a_number() {
        let outcome = [true, true, false, false, false];
        let up = univariate_auroc(&outcome, &[5.0, 3.0, 4.0, 2.0, f64::NAN]).unwrap();
        let down = univariate_auroc(&outcome, &[-5.0, -3.0, -4.0, -2.0, f64::NAN]).unwrap();
        assert_eq!(up.value, 0.75);
        assert_eq!(up, down);
    }

    #[test]
    fn a_column_with_a_level_for_every_row_knows_nothing() {
        let mut generator = stream(1, 1);
        let outcome: Vec<bool> = (0..2000).map(|_| unit(&mut generator) < 0.2).collect();
        let codes: Vec<u32> = (0..2000).collect();
        let folds: Vec<u32> = (0..2000).map(|row| row % 5).collect();
        let area = univariate_auroc_categorical(&outcome, &codes, &folds).unwrap();
        assert_eq!(area.value, 0.5);
    }

    #[test]
    fn a_random_column_with_many_levels_knows_nothing() {
        let mut generator = stream(2, 1);
        let outcome: Vec<bool> = (0..5000).map(|_| unit(&mut generator) < 0.2).collect();
        let codes: Vec<u32> = (0..5000).map(|_| below(&mut generator, 700)).collect();
        let folds: Vec<u32> = (0..5000).map(|row| row % 5).collect();
        let area = univariate_auroc_categorical(&outcome, &codes, &folds).unwrap();
        assert!(area.contains(0.5), "{area:?}");
    }

    #[test]
    fn a_level_that_tells_the_outcome_is_found() {
        let outcome: Vec<bool> = (0..1000).map(|row| row % 7 == 0).collect();
        let codes: Vec<u32> = outcome.iter().map(|event| u32::from(*event)).collect();
        let folds: Vec<u32> = (0..1000).map(|row| row % 4).collect();
        let area = univariate_auroc_categorical(&outcome, &codes, &folds).unwrap();
        assert_eq!(area.value, 1.0);
    }

    #[test]
    fn codes_and_folds_out_of_range_are_refused() {
        let outcome = [true, false, true, false];
        assert!(univariate_auroc_categorical(&outcome, &[u32::MAX; 4], &[0, 0, 1, 1]).is_err());
        assert!(univariate_auroc_categorical(&outcome, &[0; 4], &[0; 4]).is_err());
        assert!(univariate_auroc_categorical(&outcome, &[0; 4], &[0; 3]).is_err());
        assert!(univariate_auroc(&outcome, &[f64::NAN; 4]).is_err());
    }
}
