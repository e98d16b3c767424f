//! Ages and bands of ages.

use autods_table::Column;

use crate::detect::name;

/// Ages that are not how long somebody has lived.
const OTHER_AGES: [&str; 7] = [
    "gestational",
    "bone",
    "vascular",
    "biological",
    "brain",
    "epigenetic",
    "menstrual",
];

/// Whether a column holds ages of people, and how many of its units make a year.
pub(crate) fn units_per_year(column: &Column) -> Option<f64> {
    let named = |text: &str| {
        let words = name::words(text);
        words
            .iter()
            .any(|word| matches!(word.as_str(), "age" | "ages" | "aged"))
            && !words.iter().any(|word| OTHER_AGES.contains(&word.as_str()))
    };
    // A longer label is a sentence, which may mention age without giving one.
    let labelled = name::words(&column.label).len() <= 5 && named(&column.label);
    if !named(&column.name) && !labelled {
        return None;
    }
    let words = name::words(&column.name);
    let by_name = |unit: &[&str]| words.iter().any(|word| unit.contains(&word.as_str()));
    match column.unit.as_deref() {
        Some("mo") => Some(12.0),
        Some("wk") => Some(365.25 / 7.0),
        Some("d") => Some(365.25),
        Some("h") => Some(24.0 * 365.25),
        Some("a" | "year" | "years" | "yr" | "y") => Some(1.0),
        _ if by_name(&["months", "month"]) => Some(12.0),
        _ if by_name(&["weeks", "week"]) => Some(365.25 / 7.0),
        _ if by_name(&["days"]) => Some(365.25),
        _ => Some(1.0),
    }
}

/// An age, or the lower end of a band of ages, written as text: `95`, `95.5`, `[90-100)`, `95-99`,
/// `90+`, `>=90`, and whether it is a band.
pub(crate) fn lower_end(text: &str) -> Option<(f64, bool)> {
    let text = text.trim();
    if let Ok(age) = text.parse::<f64>() {
        return age.is_finite().then_some((age, false));
    }
    let bare = text.trim_start_matches(['[', '(', '>', '=', '\u{2265}', ' ']);
    let digits = bare
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .unwrap_or(bare.len());
    let rest = bare[digits..].trim_start();
    let band = rest.is_empty()
        || rest.starts_with(['-', '\u{2013}', '+', ')', ']', ','])
        || rest.starts_with("to")
        || rest.starts_with("or");
    let age: f64 = bare[..digits].parse().ok()?;
    (band && age.is_finite()).then_some((age, true))
}

/// Whether an age gives away more than "above the cap": the age right after the cap stands for
/// all of them.
pub(crate) fn is_over(age: f64, cap: f64) -> bool {
    age > cap && age != cap + 1.0
}

/// Whether the lower end of a band lies above the age that stands for all above the cap.
pub(crate) fn is_band_over(lower: f64, cap: f64) -> bool {
    lower > cap + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_that_begin_at_ninety_may_stay() {
        for (text, over) in [
            ("[90-100)", false),
            ("90+", false),
            (">=90", false),
            ("[80-90)", false),
            ("95-99", true),
            ("[100-110)", true),
            ("95+", true),
        ] {
            let (lower, band) = lower_end(text).unwrap();
            assert!(band, "{text}");
            assert_eq!(is_band_over(lower, 89.0), over, "{text}");
        }
        assert_eq!(lower_end("95"), Some((95.0, false)));
        assert_eq!(lower_end("adult"), None);
        assert_eq!(lower_end("95 mg"), None);
        assert_eq!(lower_end(""), None);
    }
}
