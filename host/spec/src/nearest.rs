//! The nearest of a set of names.

/// The name among `names` that `wrong` was probably meant to be: case, `-` and `_` do not count,
/// then the smallest edit distance with transpositions, and no guess at all when fewer than half
/// of the letters agree.
pub(crate) fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let plain = |s: &str| s.to_lowercase().replace(['-', '_', ' '], "");
    let wrong = plain(wrong);
    names
        .into_iter()
        .map(|name| {
            (
                strsim::normalized_damerau_levenshtein(&wrong, &plain(name)),
                name,
            )
        })
        .filter(|(closeness, _)| *closeness >= 0.5)
        // the first of equally near ones, in the order of the declaration
        .fold(None::<(f64, &str)>, |best, this| match best {
            Some(best) if best.0 >= this.0 => Some(best),
            _ => Some(this),
        })
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_transposition_finds_its_name_and_nonsense_finds_none() {
        let names = ["endpoint", "population", "index_date"];
        assert_eq!(nearest("endpiont", names).as_deref(), Some("endpoint"));
        assert_eq!(nearest("Index-Date", names).as_deref(), Some("index_date"));
        assert_eq!(nearest("zzz", names), None);
    }
}
