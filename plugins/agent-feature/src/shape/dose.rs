//! Levels that say how a dose or a value changed: none, down, steady, up.

use autods_sdk::agent::Column;

/// Words by rank. Rank 0 is "not given", the others are changes.
const RANKS: [&[&str]; 4] = [
    &["no", "none", "never"],
    &["down", "decreased", "lowered"],
    &["steady", "stable", "unchanged", "same"],
    &["up", "increased", "raised"],
];

/// The codes from none to up; nothing unless every level is one of the words and at least two
/// ranks occur, one of them a change.
pub(super) fn order(column: &Column) -> Option<Vec<String>> {
    let mut ranked: Vec<(usize, String)> = column
        .levels
        .iter()
        .map(|level| rank(&level.code).map(|rank| (rank, level.code.clone())))
        .collect::<Option<_>>()?;
    ranked.sort();
    let (first, last) = (ranked.first()?.0, ranked.last()?.0);
    (first < last).then(|| ranked.into_iter().map(|(_, code)| code).collect())
}

fn rank(code: &str) -> Option<usize> {
    let word = code.trim().to_lowercase();
    RANKS
        .iter()
        .position(|words| words.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::category;
    use super::*;

    #[test]
    fn doses_are_ordered_and_yes_is_no_dose() {
        let order_of = |codes: &[&str]| order(&category(codes));
        assert_eq!(order_of(&["Steady", "No"]).unwrap(), ["No", "Steady"]);
        assert_eq!(order_of(&["Yes", "No"]), None);
        assert_eq!(order_of(&["No"]), None);
        assert_eq!(order_of(&[]), None);
    }
}
