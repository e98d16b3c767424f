//! Bands of numbers, such as `[70-80)`.

/// The middle of a band `[a-b)`, `(a-b]`, `a-b`; the bound of an open one, `>a`, `<a`, `>=a`,
/// `<=a`, `≥a`, `≤a`, `a+`; a number itself. `None` for anything else.
pub(crate) fn midpoint(text: &str) -> Option<f64> {
    let text = text.trim();
    let inner = text
        .trim_start_matches(['[', '('])
        .trim_end_matches([']', ')']);
    let bound = inner
        .strip_prefix(">=")
        .or_else(|| inner.strip_prefix("<="))
        .or_else(|| inner.strip_prefix(['>', '<', '≥', '≤']))
        .or_else(|| inner.strip_suffix('+'));
    if let Some(bound) = bound {
        return finite(bound);
    }
    if let Some(number) = finite(inner) {
        return Some(number);
    }
    // a hyphen in the first place is the sign of the lower bound
    let (at, dash) = inner
        .char_indices()
        .skip(1)
        .find(|(_, letter)| matches!(letter, '-' | '–'))?;
    let lower = finite(&inner[..at])?;
    let upper = finite(&inner[at + dash.len_utf8()..])?;
    (lower <= upper).then(|| lower + (upper - lower) / 2.0)
}

fn finite(text: &str) -> Option<f64> {
    text.trim()
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_band_is_its_number() {
        for (text, middle) in [
            ("[70-80)", 75.0),
            ("[0-10)", 5.0),
            ("18–29", 23.5),
            ("(-5-5]", 0.0),
            ("-10--6", -8.0),
            ("[1.5-2.5]", 2.0),
            (">200", 200.0),
            ("≥90", 90.0),
            ("85+", 85.0),
            ("42", 42.0),
            (" [75-100) ", 87.5),
        ] {
            assert_eq!(midpoint(text), Some(middle), "{text}");
        }
        for text in ["", "Norm", "-", "80-70", "a-b", "[-)", "70-", "–", "inf"] {
            assert_eq!(midpoint(text), None, "{text}");
        }
    }
}
