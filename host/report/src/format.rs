//! How a number is written. The same bits give the same text everywhere.

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A whole number with thousands separated by commas.
    Count,
    /// That many decimals.
    Fixed(usize),
    /// That many decimals and always a sign.
    Signed(usize),
    /// A share from 0 to 1 as a percentage with that many decimals.
    Percent(usize),
    /// A whole number as it is; anything else with at most four significant digits.
    Natural,
}

impl Format {
    /// How the ends of an interval are written whose value is written in this format.
    pub(crate) fn of_ends(self) -> Format {
        match self {
            Format::Signed(decimals) => Format::Fixed(decimals),
            other => other,
        }
    }

    /// Writes a finite number.
    pub(crate) fn write(self, value: f64) -> String {
        match self {
            Format::Count => grouped(value),
            Format::Fixed(decimals) => fixed(value, decimals),
            Format::Signed(decimals) => {
                let text = fixed(value, decimals);
                if text.starts_with('−') || !text.bytes().any(|b| matches!(b, b'1'..=b'9')) {
                    text
                } else {
                    format!("+{text}")
                }
            }
            Format::Percent(decimals) => format!("{}\u{a0}%", fixed(value * 100.0, decimals)),
            Format::Natural => natural(value),
        }
    }
}

/// Fixed decimals with a true minus sign and without a negative zero.
fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    if value < 0.0 && text.bytes().any(|b| matches!(b, b'1'..=b'9')) {
        format!("−{text}")
    } else {
        text
    }
}

fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0.0 {
        text.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn natural(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return grouped(value);
    }
    let magnitude = value.abs().log10().floor();
    if magnitude < -4.0 {
        let text = format!("{:.1e}", value.abs());
        let sign = if value < 0.0 { "−" } else { "" };
        return format!("{sign}{}", text.replace("e-", "e−"));
    }
    // magnitude is from -4 up here, so the difference is small and not negative after clamping
    let decimals = (3.0 - magnitude).clamp(0.0, 7.0) as usize;
    let text = fixed(value, decimals);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(Format::Count.write(0.0), "0");
        assert_eq!(Format::Count.write(999.0), "999");
        assert_eq!(Format::Count.write(101_766.0), "101,766");
        assert_eq!(Format::Count.write(-1_234_567.0), "−1,234,567");
    }

    #[test]
    fn there_is_no_negative_zero() {
        assert_eq!(Format::Fixed(3).write(-0.0001), "0.000");
        assert_eq!(Format::Signed(3).write(-0.0001), "0.000");
        assert_eq!(Format::Signed(3).write(0.0012), "+0.001");
        assert_eq!(Format::Signed(3).write(-0.0012), "−0.001");
    }

    #[test]
    fn natural_numbers_keep_four_significant_digits() {
        assert_eq!(Format::Natural.write(300.0), "300");
        assert_eq!(Format::Natural.write(0.05), "0.05");
        assert_eq!(Format::Natural.write(0.000_123_45), "0.0001234");
        assert_eq!(Format::Natural.write(1.5e-9), "1.5e−9");
        assert_eq!(Format::Natural.write(-12.345_67), "−12.35");
    }

    #[test]
    fn shares_are_percentages() {
        assert_eq!(Format::Percent(1).write(0.1116), "11.2\u{a0}%");
    }
}
