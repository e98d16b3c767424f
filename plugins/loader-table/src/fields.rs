//! The fields of a record.

use memchr::{memchr, memchr_iter};

use crate::Dialect;

/// Splits records into fields; keeps its room between records.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    /// The record's text where a quote made a copy necessary.
    text: Vec<u8>,
    /// Start and end of every field, in `text` or in the record.
    bounds: Vec<(usize, usize)>,
    copied: bool,
}

impl Fields {
    /// Splits a record, which must outlive the reading of its fields: see [`get`](Self::get).
    pub(crate) fn split(&mut self, record: &[u8], dialect: Dialect) {
        self.bounds.clear();
        self.text.clear();
        self.copied = dialect
            .quote
            .is_some_and(|quote| memchr(quote, record).is_some());
        if self.copied {
            self.split_quoted(record, dialect);
        } else {
            let mut start = 0;
            for end in memchr_iter(dialect.delimiter, record) {
                self.bounds.push((start, end));
                start = end + 1;
            }
            self.bounds.push((start, record.len()));
        }
    }

    /// Number of fields.
    pub(crate) fn len(&self) -> usize {
        self.bounds.len()
    }

    /// A field of the record that was split last.
    pub(crate) fn get<'a>(&'a self, record: &'a [u8], field: usize) -> Option<&'a [u8]> {
        let &(start, end) = self.bounds.get(field)?;
        let text = if self.copied { &self.text } else { record };
        text.get(start..end)
    }

    fn split_quoted(&mut self, record: &[u8], dialect: Dialect) {
        let Some(quote) = dialect.quote else { return };
        let mut at = 0;
        loop {
            let start = self.text.len();
            if record.get(at) == Some(&quote) {
                at += 1;
                // up to the closing quote, with doubled quotes as one
                while let Some(found) = record.get(at..).and_then(|rest| memchr(quote, rest)) {
                    self.text.extend_from_slice(&record[at..at + found]);
                    at += found + 1;
                    if record.get(at) != Some(&quote) {
                        break;
                    }
                    self.text.push(quote);
                    at += 1;
                }
            }
            // the rest of the field is taken as it stands
            let rest = record.get(at..).unwrap_or_default();
            let length = memchr(dialect.delimiter, rest).unwrap_or(rest.len());
            self.text.extend_from_slice(&rest[..length]);
            self.bounds.push((start, self.text.len()));
            at += length;
            if at >= record.len() {
                return;
            }
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(record: &str) -> Vec<String> {
        let mut fields = Fields::default();
        fields.split(record.as_bytes(), Dialect::CSV);
        (0..fields.len())
            .map(|at| String::from_utf8_lossy(fields.get(record.as_bytes(), at).unwrap()).into())
            .collect()
    }

    #[test]
    fn fields_are_split_at_delimiters_outside_quotes() {
        assert_eq!(fields("a,b,c"), ["a", "b", "c"]);
        assert_eq!(fields("a,,"), ["a", "", ""]);
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
