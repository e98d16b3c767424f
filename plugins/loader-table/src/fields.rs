//! The fields of a record.

use memchr::memchr;

use crate::Dialect;

/// Splits records into fields; keeps its room between records.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    /// The record's text where a quote made a copy necessary.
    text: String,
    /// Start and end of every field, in `text` or in the record.
    bounds: Vec<(usize, usize)>,
    copied: bool,
}

impl Fields {
    /// Splits a record, which must outlive the reading of its fields: see [`get`](Self::get).
    pub(crate) fn split(&mut self, record: &str, dialect: Dialect) {
        self.bounds.clear();
        self.copied = !self.split_plain(record.as_bytes(), dialect);
        if self.copied {
            self.bounds.clear();
            self.text.clear();
            self.split_quoted(record, dialect);
        }
    }

    /// Number of fields.
    pub(crate) fn len(&self) -> usize {
        self.bounds.len()
    }

    /// A field of the record that was split last.
    pub(crate) fn get<'a>(&'a self, record: &'a str, field: usize) -> Option<&'a str> {
        let &(start, end) = self.bounds.get(field)?;
        let text = if self.copied { &self.text } else { record };
        text.get(start..end)
    }

    /// Splits a record without quotes; `false` where it has one. Eight bytes at a time: fields are
    /// shorter than what a search for the next delimiter would need to get going.
    fn split_plain(&mut self, record: &[u8], dialect: Dialect) -> bool {
        let quote = dialect.quote.map(|quote| u64::from_ne_bytes([quote; 8]));
        let delimiter = u64::from_ne_bytes([dialect.delimiter; 8]);
        let mut start = 0;
        let (words, rest) = record.as_chunks::<8>();
        let mut at = 0;
        for word in words {
            let word = u64::from_le_bytes(*word);
            if quote.is_some_and(|quote| zeros(word ^ quote) != 0) {
                return false;
            }
            let mut found = zeros(word ^ delimiter);
            while found != 0 {
                let end = at + (found.trailing_zeros() / 8) as usize;
                self.bounds.push((start, end));
                start = end + 1;
                found &= found - 1;
            }
            at += 8;
        }
        for byte in rest {
            if dialect.quote == Some(*byte) {
                return false;
            }
            if *byte == dialect.delimiter {
                self.bounds.push((start, at));
                start = at + 1;
            }
            at += 1;
        }
        self.bounds.push((start, record.len()));
        true
    }

    fn split_quoted(&mut self, record: &str, dialect: Dialect) {
        let Some(quote) = dialect.quote else { return };
        let bytes = record.as_bytes();
        // Cuts are at ASCII bytes, hence between characters.
        let piece = |from: usize, to: usize| record.get(from..to).unwrap_or_default();
        let mut at = 0;
        loop {
            let start = self.text.len();
            if bytes.get(at) == Some(&quote) {
                at += 1;
                // up to the closing quote, with doubled quotes as one
                while let Some(found) = bytes.get(at..).and_then(|rest| memchr(quote, rest)) {
                    self.text.push_str(piece(at, at + found));
                    at += found + 1;
                    if bytes.get(at) != Some(&quote) {
                        break;
                    }
                    self.text.push(char::from(quote));
                    at += 1;
                }
            }
            // the rest of the field is taken as it stands
            let rest = bytes.get(at..).unwrap_or_default();
            let length = memchr(dialect.delimiter, rest).unwrap_or(rest.len());
            self.text.push_str(piece(at, at + length));
            self.bounds.push((start, self.text.len()));
            at += length;
            if at >= bytes.len() {
                return;
            }
            at += 1;
        }
    }
}

/// The highest bit of every byte that is zero, and no other (Warren, "Hacker's Delight", 6-1).
fn zeros(word: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    !((((word & LOW) + LOW) | word) | LOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(record: &str) -> Vec<String> {
        let mut fields = Fields::default();
        fields.split(record, Dialect::CSV);
        (0..fields.len())
            .map(|at| fields.get(record, at).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn fields_are_split_at_delimiters_outside_quotes() {
        assert_eq!(fields("a,b,c"), ["a", "b", "c"]);
        assert_eq!(fields("a,,"), ["a", "", ""]);
        let long = fields("é,bb,ccc,dddd,eeeee,ffffff,ggggggg,hhhhhhhh,,,\u{ac}-,\u{2c2c}");
        assert_eq!(long.len(), 12);
        assert_eq!(
            long[6..],
            ["ggggggg", "hhhhhhhh", "", "", "\u{ac}-", "\u{2c2c}"]
        );
        assert_eq!(fields(r#""a,b",c"#), ["a,b", "c"]);
        assert_eq!(fields("\"two\nlines\",\"\""), ["two\nlines", ""]);
        assert_eq!(fields(r#""say ""so""",2"#), [r#"say "so""#, "2"]);
        assert_eq!(
            fields(r#"5" gauge,"x"y,"z","#),
            [r#"5" gauge"#, "xy", "z", ""]
        );
        assert_eq!(fields(r#""x""#), ["x"]);
        assert_eq!(fields(r#""x","#), ["x", ""]);
    }
}
