//! What came out, held against what was expected.

use std::fmt;
use std::path::{Path, PathBuf};

use super::table::Cells;

/// Differences that are listed before the rest is only counted.
const LISTED: usize = 10;

/// Something that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The file that it is about, where there is one.
    pub file: Option<PathBuf>,
    /// Line in that file, from 1, where there is one.
    pub line: Option<usize>,
    /// What is not as expected.
    pub what: String,
}

impl Problem {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            file: None,
            line: None,
            what: what.into(),
        }
    }

    pub(crate) fn at(file: &Path, what: impl Into<String>) -> Self {
        Self {
            file: Some(file.to_owned()),
            line: None,
            what: what.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}", file.display())?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            write!(f, ": ")?;
        }
        f.write_str(&self.what)
    }
}

/// Differences of two tables, cell by cell; rows are counted from 1 below the header. Cells that
/// are both numbers may differ by `tolerance`, relative to the greater one or to 1.
pub(crate) fn differences(
    file: &Path,
    expected: &Cells,
    found: &Cells,
    tolerance: f64,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    if expected.header != found.header {
        return vec![Problem::at(
            file,
            format!(
                "columns: expected {}, found {}",
                expected.header.join(", "),
                found.header.join(", ")
            ),
        )];
    }
    let mut differing = 0usize;
    for (row, (wanted, got)) in expected.rows.iter().zip(&found.rows).enumerate() {
        for (column, (wanted, got)) in expected.header.iter().zip(wanted.iter().zip(got)) {
            if same(wanted.as_deref(), got.as_deref(), tolerance) {
                continue;
            }
            differing += 1;
            if differing <= LISTED {
                problems.push(Problem::at(
                    file,
                    format!(
                        "row {}, column `{column}`: expected {}, found {}",
                        row + 1,
                        shown(wanted.as_deref()),
                        shown(got.as_deref())
                    ),
                ));
            }
        }
    }
    if differing > LISTED {
        problems.push(Problem::at(
            file,
            format!("and {} cells more differ", differing - LISTED),
        ));
    }
    if expected.rows.len() != found.rows.len() {
        problems.push(Problem::at(
            file,
            format!(
                "expected {} rows, found {}",
                expected.rows.len(),
                found.rows.len()
            ),
        ));
    }
    problems
}

fn shown(cell: Option<&str>) -> String {
    cell.map_or_else(|| "a missing value".into(), |text| format!("`{text}`"))
}

fn same(wanted: Option<&str>, got: Option<&str>, tolerance: f64) -> bool {
    if wanted == got {
        return true;
    }
    let number = |cell: Option<&str>| cell.and_then(|text| text.parse::<f64>().ok());
    match (number(wanted), number(got)) {
        (Some(wanted), Some(got)) => close(wanted, got, tolerance),
        _ => false,
    }
}

/// Whether two numbers are the same within a tolerance, relative to the greater one or to 1.
pub(crate) fn close(wanted: f64, got: f64, tolerance: f64) -> bool {
    wanted == got
        || (wanted.is_nan() && got.is_nan())
        || (wanted - got).abs() <= tolerance * wanted.abs().max(got.abs()).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Cells {
        Cells::parse(Path::new("t.csv"), text).unwrap()
    }

    fn said(expected: &str, found: &str, tolerance: f64) -> Vec<String> {
        differences(
            Path::new("t.csv"),
            &cells(expected),
            &cells(found),
            tolerance,
        )
        .iter()
        .map(ToString::to_string)
        .collect()
    }

    #[test]
    fn a_difference_names_row_and_column() {
        assert_eq!(
            said("a,b\n1,x\n2,y\n", "a,b\n1,x\n2,\n", 0.0),
            ["t.csv: row 2, column `b`: expected `y`, found a missing value"]
        );
        assert_eq!(
            said("a\n1\n2\n", "a\n1\n", 0.0),
            ["t.csv: expected 2 rows, found 1"]
        );
        assert_eq!(
            said("a\n1\n", "b\n1\n", 0.0),
            ["t.csv: columns: expected a, found b"]
        );
    }

    #[test]
    fn a_tolerance_is_for_numbers_only_and_nought_is_exact() {
        assert!(said("a\n1.0\n", "a\n1\n", 0.0).is_empty());
        assert!(said("a\n0.3\n", "a\n0.30000000000000004\n", 1e-12).is_empty());
        assert_eq!(said("a\n0.3\n", "a\n0.30000000000000004\n", 0.0).len(), 1);
        assert_eq!(said("a\nx\n", "a\ny\n", 1.0).len(), 1);
        assert_eq!(said("a\n0\n", "a\n\n", 1.0).len(), 1);
    }

    #[test]
    fn many_differences_are_counted_and_not_listed() {
        let table = |cell: &str| format!("a\n{}", format!("{cell}\n").repeat(30));
        let said = said(&table("1"), &table("2"), 0.0);
        assert_eq!(said.len(), LISTED + 1);
        assert!(said[LISTED].contains("20 cells more"), "{}", said[LISTED]);
    }
}
