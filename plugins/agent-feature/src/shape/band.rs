//! Codes that are intervals of a number, such as the age band `[70-80)`.

use autods_sdk::agent::Column;

/// Whether most codes are intervals and at least two are. An open end such as `>200` is allowed
/// beside them.
pub(super) fn is_band(column: &Column) -> bool {
    let bands = column
        .levels
        .iter()
        .filter(|level| is_interval(&level.code))
        .count();
    bands >= 2 && bands * 5 >= column.levels.len() * 4
}

/// `[a-b)`, with any of the four brackets and whole or decimal ends.
fn is_interval(code: &str) -> bool {
    let inner = code
        .trim()
        .strip_prefix(['[', '('])
        .and_then(|rest| rest.strip_suffix([']', ')']));
    let Some((low, high)) = inner.and_then(|inner| inner.split_once('-')) else {
        return false;
    };
    let ends = (low.trim().parse::<f64>(), high.trim().parse::<f64>());
    matches!(ends, (Ok(low), Ok(high)) if low < high)
}

#[cfg(test)]
mod tests {
    use super::is_interval;

    #[test]
    fn intervals_have_brackets_and_rising_ends() {
        for code in ["[70-80)", "(0-0.5]", "[0 - 25)"] {
            assert!(is_interval(code), "{code}");
        }
        for code in ["70-80", "[80-70)", "[a-b)", "", "[70)", "[-)"] {
            assert!(!is_interval(code), "{code}");
        }
    }
}
