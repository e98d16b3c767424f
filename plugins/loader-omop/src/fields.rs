//! The fields of a record.

use memchr::memchr;

use crate::records::Dialect;

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
        self.text.clear();
        self.copied = dialect == Dialect::Csv && memchr(b'"', record.as_bytes()).is_some();
        if self.copied {
            self.split_quoted(record, dialect.delimiter());
        } else {
            let mut start = 0;
            for end in memchr::memchr_iter(dialect.delimiter(), record.as_bytes()) {
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
    pub(crate) fn get<'a>(&'a self, record: &'a str, field: usize) -> Option<&'a str> {
        let &(start, end) = self.bounds.get(field)?;
        let text = if self.copied { &self.text } else { record };
        text.get(start..end)
    }

    fn split_quoted(&mut self, record: &str, delimiter: u8) {
        let bytes = record.as_bytes();
        // Cuts are at ASCII bytes, hence between characters.
        let piece = |from: usize, to: usize| record.get(from..to).unwrap_or_default();
        let mut at = 0;
        loop {
            let start = self.text.len();
            if bytes.get(at) == Some(&b'"') {
                at += 1;
                // up to the closing quote, with doubled quotes as one
                while let Some(found) = bytes.get(at..).and_then(|rest| memchr(b'"', rest)) {
                    self.text.push_str(piece(at, at + found));
                    at += found + 1;
                    if bytes.get(at) != Some(&b'"') {
                        break;
                    }
                    self.text.push('"');
                    at += 1;
                }
            }
            // the rest of the field is taken as it stands
            let rest = bytes.get(at..).unwrap_or_default();
            let length = memchr(delimiter, rest).unwrap_or(rest.len());
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

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(record: &str, dialect: Dialect) -> Vec<String> {
        let mut fields = Fields::default();
        fields.split(record, dialect);
        (0..fields.len())
            .map(|at| fields.get(record, at).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn fields_are_split_at_delimiters_outside_quotes() {
        assert_eq!(fields("a,,é", Dialect::Csv), ["a", "", "é"]);
        assert_eq!(
            fields(r#""a,b","say ""so""",2,"#, Dialect::Csv),
            ["a,b", r#"say "so""#, "2", ""]
        );
        assert_eq!(
            fields(r#"5" gauge,"x"y"#, Dialect::Csv),
            [r#"5" gauge"#, "xy"]
        );
        assert_eq!(fields("a,\"b\t\"", Dialect::Tabs), ["a,\"b", "\""]);
    }
}
