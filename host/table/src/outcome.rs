//! The outcome of every row.

use autods_spec::Kind;

use crate::error::TableError;
use crate::table::Table;
use crate::values::Codes;

impl Table {
    /// Whether each row has the outcome. `positive` and `negative` are codes as the file has them;
    /// an empty `negative` means every other code. In a boolean column `true`, `yes` and `1` are
    /// one code, and so are `false`, `no` and `0`.
    ///
    /// # Errors
    /// [`TableError::Undecided`] if a row is empty or has an unlisted code,
    /// [`TableError::OneClass`], [`TableError::OutcomeCodes`], [`TableError::UnknownColumn`].
    pub fn binary_outcome(
        &self,
        column: &str,
        positive: &[String],
        negative: &[String],
    ) -> Result<Vec<bool>, TableError> {
        let fault = |what| TableError::OutcomeCodes {
            table: self.name().to_owned(),
            column: column.to_owned(),
            what,
        };
        let kind = self.column(column)?.kind;
        let plain = |codes: &[String]| -> Vec<String> {
            codes.iter().map(|code| spelled(kind, code)).collect()
        };
        let (positive, negative) = (plain(positive), plain(negative));
        if positive.is_empty() {
            return Err(fault(
                "no code is listed under `endpoint.positive`; list those that mean that it happened",
            ));
        }
        if positive.iter().any(|code| negative.contains(code)) {
            return Err(fault(
                "a code is listed both under `endpoint.positive` and `endpoint.negative`; decide",
            ));
        }

        let codes = self.codes(column)?;
        let decisions: Vec<Option<bool>> = codes
            .levels
            .iter()
            .map(|level| {
                if positive.contains(level) {
                    Some(true)
                } else if negative.is_empty() || negative.contains(level) {
                    Some(false)
                } else {
                    None
                }
            })
            .collect();

        let (mut missing, mut unknown) = (0_u64, 0_u64);
        let mut outcome = Vec::with_capacity(self.rows());
        for &code in &codes.rows {
            match decisions.get(code as usize) {
                Some(Some(decision)) => outcome.push(*decision),
                Some(None) => unknown += 1,
                None => {
                    debug_assert_eq!(code, Codes::MISSING);
                    missing += 1;
                }
            }
        }
        if missing + unknown > 0 {
            return Err(TableError::Undecided {
                table: self.name().to_owned(),
                column: column.to_owned(),
                rows: missing + unknown,
                missing,
                unknown,
            });
        }
        let events = outcome.iter().filter(|&&event| event).count();
        if events == 0 || events == outcome.len() {
            return Err(TableError::OneClass {
                table: self.name().to_owned(),
                column: column.to_owned(),
                rows: outcome.len() as u64,
                positive: events as u64,
            });
        }
        Ok(outcome)
    }
}

/// A code of the task as the column's values are spelled.
fn spelled(kind: Kind, code: &str) -> String {
    match kind {
        Kind::Boolean => match code.to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "t" | "1" => "true".to_owned(),
            "false" | "no" | "n" | "f" | "0" => "false".to_owned(),
            _ => code.to_owned(),
        },
        Kind::Integer => code
            .trim()
            .parse::<i64>()
            .map_or_else(|_| code.to_owned(), |number| number.to_string()),
        Kind::Number => code
            .trim()
            .parse::<f64>()
            .map_or_else(|_| code.to_owned(), |number| (number + 0.0).to_string()),
        _ => code.to_owned(),
    }
}
