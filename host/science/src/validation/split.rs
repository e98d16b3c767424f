//! Folds and the lock-box: disjoint in subjects, balanced in events and rows.

use std::cmp::Reverse;

use super::groups::{GroupSize, Groups};
use crate::StatisticError;
use crate::random::{shuffle, stream, unit};
use crate::sample::{both_classes, setting};

/// Streams of [`random`](crate::random), one for each purpose.
const FOLD_STREAM: u64 = 1;
const LOCKBOX_STREAM: u64 = 2;

/// The fold (0 to `k` − 1) of every row. All rows of a group are in one fold.
///
/// Groups are shuffled, then dealt from the most to the fewest events: one with events to the fold
/// with the fewest events so far, one without to the fold with the fewest rows. So folds differ by
/// at most one group's events, and in rows by little.
///
/// # Errors
/// Lengths that differ, only one class, `k` outside 2 to 100, fewer than `k` groups of either kind
/// (with and without events), so that a fold would lack a class.
pub fn stratified_group_kfold(
    groups: &[u32],
    outcome: &[bool],
    k: u32,
    seed: u64,
) -> Result<Vec<u32>, StatisticError> {
    const WHAT: &str = "stratified group folds";
    setting(WHAT, "k", f64::from(k), 2.0, 100.0)?;
    both_classes(WHAT, outcome, 1)?;
    let groups = Groups::new(WHAT, groups)?;
    let sizes = groups.sizes(WHAT, outcome)?;
    let mut folds = vec![GroupSize::default(); k as usize];
    let mut fold_of = vec![0u32; sizes.len()];
    for group in dealt(&sizes, seed, FOLD_STREAM) {
        let size = sizes[group as usize];
        let fewest = |fold: &&usize| {
            let so_far = folds[**fold];
            if size.events > 0 {
                (so_far.events, so_far.rows)
            } else {
                (so_far.rows, so_far.events)
            }
        };
        let candidates: Vec<usize> = (0..folds.len()).collect();
        // `min_by_key` takes the first of equals, and there is at least one fold.
        let chosen = candidates.iter().min_by_key(fewest).copied().unwrap_or(0);
        folds[chosen].rows += size.rows;
        folds[chosen].events += size.events;
        fold_of[group as usize] = chosen as u32;
    }
    if folds
        .iter()
        .any(|fold| fold.events == 0 || fold.events == fold.rows)
    {
        return Err(StatisticError::Undetermined {
            what: WHAT,
            why: "there are too few groups with or without events for so many folds",
        });
    }
    Ok(groups
        .of_row
        .iter()
        .map(|group| fold_of[*group as usize])
        .collect())
}

/// Which rows are locked away. All rows of a group are on one side; the share of groups is
/// `fraction` (0 to 0.5) up to one group, also among groups with equally many events.
///
/// # Errors
/// Lengths that differ, only one class, a fraction out of range, too few groups to have both
/// classes on both sides. A fraction of 0 locks nothing.
pub fn lockbox(
    groups: &[u32],
    outcome: &[bool],
    fraction: f64,
    seed: u64,
) -> Result<Vec<bool>, StatisticError> {
    const WHAT: &str = "lock-box";
    setting(WHAT, "fraction", fraction, 0.0, 0.5)?;
    let classes = both_classes(WHAT, outcome, 1)?;
    let groups = Groups::new(WHAT, groups)?;
    let sizes = groups.sizes(WHAT, outcome)?;
    if fraction == 0.0 {
        return Ok(vec![false; outcome.len()]);
    }
    // Systematic sampling with a random start along the sorted groups: every stratum gives its
    // share, and within a stratum the shuffle decides.
    let start = unit(&mut stream(seed, LOCKBOX_STREAM + 1));
    let mut locked_group = vec![false; sizes.len()];
    for (place, group) in dealt(&sizes, seed, LOCKBOX_STREAM).into_iter().enumerate() {
        let before = (place as f64 * fraction + start).floor();
        let after = ((place as f64 + 1.0) * fraction + start).floor();
        locked_group[group as usize] = after > before;
    }
    let locked: Vec<bool> = groups
        .of_row
        .iter()
        .map(|group| locked_group[*group as usize])
        .collect();
    let locked_rows = locked.iter().filter(|locked| **locked).count();
    let locked_events = locked
        .iter()
        .zip(outcome)
        .filter(|(a, b)| **a && **b)
        .count();
    let locked_non_events = locked_rows - locked_events;
    let both_sides = locked_events > 0
        && locked_events < classes.events
        && locked_non_events > 0
        && locked_non_events < classes.non_events();
    if !both_sides {
        return Err(StatisticError::Undetermined {
            what: WHAT,
            why: "there are too few groups to have both classes on both sides",
        });
    }
    Ok(locked)
}

/// Groups from the most to the fewest events, then rows; equals in shuffled order.
fn dealt(sizes: &[GroupSize], seed: u64, number: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..sizes.len() as u32).collect();
    shuffle(&mut stream(seed, number), &mut order);
    order.sort_by_key(|group| {
        let size = sizes[*group as usize];
        (Reverse(size.events), Reverse(size.rows))
    });
    order
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn rows() -> impl Strategy<Value = (Vec<u32>, Vec<bool>)> {
        (60usize..400, 20u32..200, any::<u64>()).prop_map(|(n, subjects, seed)| {
            let mut generator = stream(seed, 99);
            let groups = (0..n)
                .map(|_| crate::random::below(&mut generator, subjects) * 17 + 3)
                .collect();
            let outcome = (0..n).map(|_| unit(&mut generator) < 0.3).collect();
            (groups, outcome)
        })
    }

    proptest! {
        #[test]
        fn a_group_is_never_on_two_sides((groups, outcome) in rows(), k in 2u32..6, seed: u64) {
            if let Ok(folds) = stratified_group_kfold(&groups, &outcome, k, seed) {
                let mut seen = BTreeMap::new();
                for (group, fold) in groups.iter().zip(&folds) {
                    prop_assert!(*fold < k);
                    prop_assert_eq!(*seen.entry(group).or_insert(*fold), *fold);
                }
            }
            if let Ok(locked) = lockbox(&groups, &outcome, 0.25, seed) {
                let mut seen = BTreeMap::new();
                for (group, side) in groups.iter().zip(&locked) {
                    prop_assert_eq!(*seen.entry(group).or_insert(*side), *side);
                }
            }
        }

        #[test]
        fn folds_differ_by_at_most_one_groups_events((groups, outcome) in rows(), k in 2u32..6, seed: u64) {
            if let Ok(folds) = stratified_group_kfold(&groups, &outcome, k, seed) {
                let mut events = vec![0usize; k as usize];
                for (fold, event) in folds.iter().zip(&outcome) {
                    events[*fold as usize] += usize::from(*event);
                }
                let mut of_group: BTreeMap<u32, usize> = BTreeMap::new();
                for (group, event) in groups.iter().zip(&outcome) {
                    *of_group.entry(*group).or_default() += usize::from(*event);
                }
                let largest = of_group.values().max().copied().unwrap_or(0);
                let spread = events.iter().max().unwrap() - events.iter().min().unwrap();
                prop_assert!(spread <= largest, "{:?}, largest group {}", events, largest);
            }
        }

        #[test]
        fn the_lockbox_has_its_share_of_groups((groups, outcome) in rows(), seed: u64) {
            if let Ok(locked) = lockbox(&groups, &outcome, 0.2, seed) {
                let sides: BTreeMap<u32, bool> = groups.iter().copied().zip(locked).collect();
                let share = sides.values().filter(|locked| **locked).count() as f64;
                prop_assert!((share - 0.2 * sides.len() as f64).abs() <= 1.0);
            }
        }

        #[test]
        fn splits_depend_on_the_seed_only((groups, outcome) in rows(), seed: u64) {
            // The codes of the groups are names: renaming them changes nothing.
            let renamed: Vec<u32> = groups.iter().map(|code| 1_000_000 - code).collect();
            prop_assert_eq!(
                stratified_group_kfold(&groups, &outcome, 3, seed),
                stratified_group_kfold(&renamed, &outcome, 3, seed)
            );
            prop_assert_eq!(
                lockbox(&groups, &outcome, 0.2, seed),
                lockbox(&renamed, &outcome, 0.2, seed)
            );
        }
    }

    #[test]
    fn another_seed_gives_other_folds() {
        let groups: Vec<u32> = (0..200).collect();
        let outcome: Vec<bool> = (0..200).map(|i| i % 5 == 0).collect();
        let split = |seed| stratified_group_kfold(&groups, &outcome, 5, seed).unwrap();
        assert_eq!(split(1), split(1));
        assert_ne!(split(1), split(2));
    }

    #[test]
    fn rows_are_balanced_too() {
        let groups: Vec<u32> = (0..5000u32).map(|i| i / (1 + i % 3)).collect();
        let outcome: Vec<bool> = (0..5000).map(|i| (i * 31) % 9 == 0).collect();
        let folds = stratified_group_kfold(&groups, &outcome, 5, 3).unwrap();
        let mut rows = [0usize; 5];
        for fold in folds {
            rows[fold as usize] += 1;
        }
        assert!(
            rows.iter().all(|rows| (990..=1010).contains(rows)),
            "{rows:?}"
        );
    }

    #[test]
    fn one_group_cannot_be_split() {
        assert!(stratified_group_kfold(&[1, 1, 1], &[true, false, true], 2, 0).is_err());
        assert!(lockbox(&[1, 1, 1], &[true, false, true], 0.2, 0).is_err());
        assert_eq!(lockbox(&[1, 1], &[true, false], 0.0, 0), Ok(vec![false; 2]));
    }
}
