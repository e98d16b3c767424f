//! What was learnt, as bytes that the host keeps and hands back.

use autods_sdk::method::{Fault, FaultCode};

use crate::tails::Tails;

/// Change it whenever the meaning of the bytes changes: a state of another version is refused.
const FORMAT: &str = "method-winsorise state 1";

/// What was learnt, column by column, in the order of the recipe.
pub(crate) struct State {
    pub(crate) columns: Vec<(String, Tails)>,
}

impl State {
    /// A line for the format, and one for each column: the bits of five numbers and the name.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{FORMAT}\n");
        for (column, tails) in &self.columns {
            for number in [tails.low, tails.high, tails.middle, tails.centre, tails.scale] {
                text.push_str(&format!("{:016x} ", number.to_bits()));
            }
            // a name may hold anything but is one line: `\n` is written as `\\n`
            text.push_str(&column.replace('\\', "\\\\").replace('\n', "\\n"));
            text.push('\n');
        }
        text.into_bytes()
    }

    /// Whoever runs this may hand over anything: nothing is taken for granted.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Fault> {
        Self::parse(bytes).ok_or_else(|| FaultCode::InvalidState.into())
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(bytes).ok()?.lines();
        if lines.next()? != FORMAT {
            return None;
        }
        let columns = lines.map(|line| {
            let mut words = line.splitn(6, ' ');
            let mut number =
                || Some(f64::from_bits(u64::from_str_radix(words.next()?, 16).ok()?));
            let tails = Tails {
                low: number()?,
                high: number()?,
                middle: number()?,
                centre: number()?,
                scale: number()?,
            };
            Some((unescape(words.next()?), tails))
        });
        Some(Self { columns: columns.collect::<Option<_>>()? })
    }
}

fn unescape(name: &str) -> String {
    let mut text = String::new();
    let mut letters = name.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, true) if letters.as_str().starts_with('n') => {
                letters.next();
                text.push('\n');
            }
            (_, true) => text.extend(letters.next()),
            (letter, false) => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_survives_its_way_to_the_host_and_back() {
        for name in ["age", "a b", "a\\nb", "a\nb", "", "\\"] {
            let tails = Tails { low: -0.0, high: 9.0, middle: 1.5, centre: 0.1 + 0.2, scale: f64::MIN_POSITIVE };
            let bytes = State { columns: vec![(name.to_owned(), tails)] }.to_bytes();
            let back = State::from_bytes(&bytes).unwrap();
            assert_eq!(back.columns, [(name.to_owned(), tails)]);
        }
    }

    #[test]
    fn a_state_of_somebody_else_is_refused() {
        for bytes in [&b""[..], b"\xff", b"other state 1\n", b"method-winsorise state 1\nxyz\n"] {
            assert!(State::from_bytes(bytes).is_err());
        }
    }
}
