//! Tables of text: the golden files. CSV as RFC 4180 has it, where a field that is empty is a
//! missing value and `""` is an empty text, so that both can be told apart.

use std::path::Path;

use crate::AuthorError;

/// A table of cells; `None` is a missing value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cells {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<Option<String>>>,
}

impl Cells {
    /// Reads a golden file.
    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self, AuthorError> {
        let mut records = records(text).map_err(|line| AuthorError::File {
            file: path.to_owned(),
            line: Some(line),
            what: "a quote is still open at the end of the file".into(),
        })?;
        if records.is_empty() {
            return Err(AuthorError::file(
                path,
                "is empty; its first line names the columns",
            ));
        }
        let header: Vec<String> = records
            .remove(0)
            .1
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect();
        let mut rows = Vec::with_capacity(records.len());
        for (line, record) in records {
            if record.len() != header.len() {
                return Err(AuthorError::File {
                    file: path.to_owned(),
                    line: Some(line),
                    what: format!(
                        "{} fields, the first line has {}",
                        record.len(),
                        header.len()
                    ),
                });
            }
            rows.push(record);
        }
        Ok(Self { header, rows })
    }

    /// As a golden file.
    pub(crate) fn csv(&self) -> String {
        let mut text = self
            .header
            .iter()
            .map(|name| quoted(name))
            .collect::<Vec<_>>()
            .join(",");
        text.push('\n');
        for row in &self.rows {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| cell.as_deref().map_or_else(String::new, quoted))
                .collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        text
    }
}

fn quoted(text: &str) -> String {
    if text.is_empty() || text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

type Record = Vec<Option<String>>;

/// Records with the numbers of their first lines; the line of a quote that is never closed.
fn records(text: &str) -> Result<Vec<(usize, Record)>, usize> {
    let mut records = Vec::new();
    let mut record: Record = Vec::new();
    let mut letters = text.chars().peekable();
    let (mut line, mut began) = (1, 1);
    while letters.peek().is_some() {
        let mut field = String::new();
        let mut was_quoted = false;
        if letters.next_if_eq(&'"').is_some() {
            was_quoted = true;
            let open = line;
            loop {
                match letters.next() {
                    None => return Err(open),
                    Some('"') if letters.next_if_eq(&'"').is_none() => break,
                    Some(letter) => {
                        line += usize::from(letter == '\n');
                        field.push(letter);
                    }
                }
            }
        }
        while let Some(letter) = letters.next_if(|letter| !matches!(letter, ',' | '\n')) {
            field.push(letter);
        }
        if !was_quoted && field.ends_with('\r') {
            field.pop();
        }
        record.push((was_quoted || !field.is_empty()).then_some(field));
        match letters.next() {
            // a field is still to come, even at the end of the file
            Some(',') if letters.peek().is_none() => record.push(None),
            Some(',') => continue,
            _ => {}
        }
        records.push((began, std::mem::take(&mut record)));
        line += 1;
        began = line;
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Cells, AuthorError> {
        Cells::parse(Path::new("x.csv"), text)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let some = |text: &str| Some(text.to_owned());
        let table = Cells {
            header: vec!["a".into(), "b, c".into()],
            rows: vec![
                vec![some("1"), None],
                vec![some(""), some("two\nlines and \"quotes\"")],
                vec![None, None],
            ],
        };
        assert_eq!(parse(&table.csv()).unwrap(), table);
        let narrow = Cells {
            header: vec!["a".into()],
            rows: vec![vec![None], vec![some("x")], vec![None]],
        };
        assert_eq!(parse(&narrow.csv()).unwrap(), narrow);
    }

    #[test]
    fn line_ends_of_windows_and_a_missing_last_one_are_read() {
        let table = parse("a,b\r\n1,\r\n2,x").unwrap();
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.rows[0], [Some("1".to_owned()), None]);
        assert_eq!(table.rows[1][1].as_deref(), Some("x"));
        assert_eq!(parse("a,b\n1,").unwrap().rows[0][1], None);
    }

    #[test]
    fn a_wrong_file_is_named_with_its_line() {
        for (text, said) in [
            ("", "x.csv: is empty"),
            ("a,b\n1,2\n3\n", "x.csv:3: 1 fields"),
            ("a\n\"x\n", "x.csv:2: a quote"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.starts_with(said), "{error}");
        }
    }
}
