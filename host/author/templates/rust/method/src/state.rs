//! What was learnt, as bytes that the host keeps and hands back.

use autods_sdk::method::{Fault, FaultCode};

use crate::spread::Spread;

/// Change it whenever the meaning of the bytes changes: a state of another version is refused.
const FORMAT: &str = "{{id}} state 1";

/// What was learnt, column by column, in the order of the recipe.
pub(crate) struct State {
    pub(crate) columns: Vec<(String, Spread)>,
}

impl State {
    /// A line for the format, and one for each column: the bits of both numbers and the name.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{FORMAT}\n");
        for (column, spread) in &self.columns {
            let (centre, scale) = (spread.centre.to_bits(), spread.scale.to_bits());
            // a name may hold anything but is one line: `\n` is written as `\\n`
            let name = column.replace('\\', "\\\\").replace('\n', "\\n");
            text.push_str(&format!("{centre:016x} {scale:016x} {name}\n"));
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
        let number = |text: &str| Some(f64::from_bits(u64::from_str_radix(text, 16).ok()?));
        let columns = lines.map(|line| {
            let mut words = line.splitn(3, ' ');
            let spread = Spread {
                centre: number(words.next()?)?,
                scale: number(words.next()?)?,
            };
            Some((unescape(words.next()?), spread))
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
            let spread = Spread { centre: 0.1 + 0.2, scale: f64::MIN_POSITIVE };
            let bytes = State { columns: vec![(name.to_owned(), spread)] }.to_bytes();
            let back = State::from_bytes(&bytes).unwrap();
            assert_eq!(back.columns, [(name.to_owned(), spread)]);
        }
    }

    #[test]
    fn a_state_of_somebody_else_is_refused() {
        for bytes in [&b""[..], b"\xff", b"other state 1\n", b"{{id}} state 1\nxyz\n"] {
            assert!(State::from_bytes(bytes).is_err());
        }
    }
}
