//! Diagnosis codes of ICD-9-CM.

use autods_sdk::agent::Column;

/// Levels below which a column of three-digit codes is not taken for diagnoses by shape alone.
const LEAST_LEVELS: usize = 20;

/// By unit or label where they name ICD-9; otherwise by the shape of most codes, of which some
/// have to have what only a classification has: decimals, or a leading `E` or `V`.
pub(super) fn is_icd9(column: &Column) -> bool {
    if [Some(column.label.as_str()), column.unit.as_deref()]
        .into_iter()
        .flatten()
        .any(names_icd9)
    {
        return true;
    }
    let codes = column.levels.iter().map(|level| level.code.as_str());
    let shaped = codes.clone().filter(|code| is_code(code)).count();
    let telling = codes
        .filter(|code| is_code(code) && code.contains(['.', 'E', 'V']))
        .count();
    shaped >= LEAST_LEVELS && shaped * 5 >= column.levels.len() * 4 && telling > 0
}

fn names_icd9(text: &str) -> bool {
    let text = text.to_lowercase();
    ["icd-9", "icd9", "icd 9"]
        .iter()
        .any(|name| text.contains(name))
}

/// Three digits, or `V` and two, or `E` and three; then up to two decimals.
fn is_code(code: &str) -> bool {
    let (stem, decimals) = code.split_once('.').unwrap_or((code, "0"));
    let (digits, wanted) = match stem.as_bytes() {
        [b'E', rest @ ..] => (rest, 3),
        [b'V', rest @ ..] => (rest, 2),
        all => (all, 3),
    };
    digits.len() == wanted
        && digits.iter().all(u8::is_ascii_digit)
        && (1..=2).contains(&decimals.len())
        && decimals.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::tests::category;
    use super::*;

    #[test]
    fn codes_of_icd9_have_their_shape() {
        for code in ["428", "250.83", "V45", "E909", "V58.6"] {
            assert!(is_code(code), "{code}");
        }
        for code in [
            "42", "4280", "25083", "V4", "E90", "250.", "250.833", "I50", "é",
        ] {
            assert!(!is_code(code), "{code}");
        }
    }

    #[test]
    fn a_label_or_enough_telling_codes_make_a_diagnosis() {
        let mut labelled = category(&["a"]);
        assert!(!is_icd9(&labelled));
        labelled.label = "Primary diagnosis (ICD-9-CM)".to_owned();
        assert!(is_icd9(&labelled));
        let rooms: Vec<String> = (100..130).map(|room| room.to_string()).collect();
        let mut codes: Vec<&str> = rooms.iter().map(String::as_str).collect();
        assert!(!is_icd9(&category(&codes)), "room numbers");
        codes.push("250.83");
        assert!(is_icd9(&category(&codes)));
    }
}
