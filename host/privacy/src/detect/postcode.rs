//! Postcodes of the United States.

/// Three-digit areas of 20,000 people or fewer, by the censuses of 2000 and 2010 (HHS guidance on
/// de-identification, 2012, and its update): they become `000`.
const SPARSE: [&str; 22] = [
    "036", "059", "063", "102", "203", "205", "369", "556", "692", "753", "772", "790", "821",
    "823", "830", "831", "878", "879", "884", "890", "893", "000",
];

/// Whether a text is no finer than three digits.
pub(crate) fn is_general(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The three digits that may be kept of five or nine; four digits have lost a leading zero.
/// Nothing for anything else, such as a postcode of another country.
pub(crate) fn generalised(text: &str) -> Option<String> {
    let text = text.trim();
    let (zip, _) = text.split_once(['-', ' ']).unwrap_or((text, ""));
    if !zip.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let area = match zip.len() {
        3 | 5 | 9 => zip[..3].to_owned(),
        4 | 8 => format!("0{}", &zip[..2]),
        _ => return None,
    };
    Some(if SPARSE.contains(&area.as_str()) {
        "000".to_owned()
    } else {
        area
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_kept_where_enough_people_live() {
        for (zip, area) in [
            ("02134", "021"),
            ("02134-1000", "021"),
            ("1940", "019"),
            ("03601", "000"),
            ("021341000", "021"),
        ] {
            assert_eq!(generalised(zip).as_deref(), Some(area), "{zip}");
        }
        assert_eq!(generalised("SW1A 1AA"), None);
        assert_eq!(generalised(""), None);
    }

    #[test]
    fn generalising_twice_changes_nothing() {
        let once = generalised("02134").unwrap();
        assert!(is_general(&once));
        assert_eq!(generalised(&once).as_deref(), Some("021"));
    }
}
