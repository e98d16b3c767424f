//! ICD-9-CM diagnosis codes (volumes 1 and 2): chapters and categories.

/// The chapters, by the last category of each; diabetes mellitus (250) stands by itself.
const CHAPTERS: [(u16, &str); 19] = [
    (139, "infectious"),
    (239, "neoplasms"),
    (249, "endocrine"),
    (250, "diabetes"),
    (279, "endocrine"),
    (289, "blood"),
    (319, "mental"),
    (389, "nervous"),
    (459, "circulatory"),
    (519, "respiratory"),
    (579, "digestive"),
    (629, "genitourinary"),
    (679, "pregnancy"),
    (709, "skin"),
    (739, "musculoskeletal"),
    (759, "congenital"),
    (779, "perinatal"),
    (799, "symptoms"),
    (999, "injury"),
];

/// What is no code of the classification.
pub(crate) const OTHER: &str = "other";

enum Category {
    Numeric(u16),
    /// Supplementary classification of factors influencing health status, V01 to V91.
    V(u16),
    /// Supplementary classification of external causes, E000 to E999.
    E(u16),
}

/// The chapter of a code, as a word: `250.83` is `diabetes`, `V45` is `supplementary`, `E885` is
/// `external`; `other` where the text is no code.
pub(crate) fn chapter(code: &str) -> &'static str {
    match category_of(code) {
        Some(Category::Numeric(number)) => CHAPTERS
            .iter()
            .find(|(last, _)| number <= *last)
            .map_or(OTHER, |(_, word)| word),
        Some(Category::V(_)) => "supplementary",
        Some(Category::E(_)) => "external",
        None => OTHER,
    }
}

/// The category of a code: `428.0` is `428`, `8` (a spreadsheet's `008`) is `008`, `v45.01` is
/// `V45`, `E885.9` is `E885`; `other` where the text is no code.
pub(crate) fn category(code: &str) -> String {
    match category_of(code) {
        Some(Category::Numeric(number)) => format!("{number:03}"),
        Some(Category::V(number)) => format!("V{number:02}"),
        Some(Category::E(number)) => format!("E{number:03}"),
        None => OTHER.to_owned(),
    }
}

fn category_of(code: &str) -> Option<Category> {
    let code = code.trim();
    let (category, subcategory) = code.split_once('.').unwrap_or((code, ""));
    if subcategory.len() > 2 || !subcategory.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |digits: &str, most: usize| {
        let valid =
            (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        valid.then(|| digits.parse::<u16>().ok()).flatten()
    };
    if let Some(digits) = category.strip_prefix(['V', 'v']) {
        return number(digits, 2)
            .filter(|number| *number > 0)
            .map(Category::V);
    }
    if let Some(digits) = category.strip_prefix(['E', 'e']) {
        return number(digits, 3).map(Category::E);
    }
    number(category, 3)
        .filter(|number| *number > 0)
        .map(Category::Numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_the_chapter_of_the_classification() {
        for (code, word) in [
            ("001", "infectious"),
            ("139.8", "infectious"),
            ("140", "neoplasms"),
            ("249", "endocrine"),
            ("250.83", "diabetes"),
            ("276", "endocrine"),
            ("280", "blood"),
            ("290", "mental"),
            ("320", "nervous"),
            ("389.9", "nervous"),
            ("390", "circulatory"),
            ("428.0", "circulatory"),
            ("486", "respiratory"),
            ("520", "digestive"),
            ("599", "genitourinary"),
            ("648", "pregnancy"),
            ("682", "skin"),
            ("715", "musculoskeletal"),
            ("745", "congenital"),
            ("770", "perinatal"),
            ("786", "symptoms"),
            ("800", "injury"),
            ("999", "injury"),
            ("8", "infectious"),
            ("V57", "supplementary"),
            ("E909", "external"),
            ("000", OTHER),
            ("1000", OTHER),
            ("?", OTHER),
            ("25x", OTHER),
            ("250.", "diabetes"),
        ] {
            assert_eq!(chapter(code), word, "{code}");
        }
    }

    #[test]
    fn a_category_is_a_code_without_what_follows_the_point() {
        let given = ["428.0", "8", "v45.01", "E885.9", "250.831", "é", "V", ""];
        let expected = ["428", "008", "V45", "E885", OTHER, OTHER, OTHER, OTHER];
        assert_eq!(given.map(category), expected);
    }
}
