//! Checks that every statistic makes of its input.

use crate::StatisticError;

/// Rows must be countable in 31 bits, so that a row and its outcome fit one word.
pub(crate) const MAX_ROWS: usize = (1 << 31) - 1;

/// Rows of each class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Classes {
    pub rows: usize,
    pub events: usize,
}

impl Classes {
    pub fn non_events(self) -> usize {
        self.rows - self.events
    }

    pub fn prevalence(self) -> f64 {
        self.events as f64 / self.rows as f64
    }
}

/// Counts the classes; at least one row.
pub(crate) fn classes(what: &'static str, outcome: &[bool]) -> Result<Classes, StatisticError> {
    let rows = outcome.len();
    if rows == 0 || rows > MAX_ROWS {
        return Err(StatisticError::Rows {
            what,
            rows,
            minimum: 1,
            maximum: MAX_ROWS,
        });
    }
    let events = outcome.iter().filter(|event| **event).count();
    Ok(Classes { rows, events })
}

/// Counts the classes; at least `needed` rows of each.
pub(crate) fn both_classes(
    what: &'static str,
    outcome: &[bool],
    needed: usize,
) -> Result<Classes, StatisticError> {
    let classes = classes(what, outcome)?;
    if classes.events < needed || classes.non_events() < needed {
        return Err(StatisticError::Classes {
            what,
            rows: classes.rows,
            events: classes.events,
            needed,
        });
    }
    Ok(classes)
}

/// As many values as rows.
pub(crate) fn same_length(
    what: &'static str,
    expected: usize,
    got: usize,
) -> Result<(), StatisticError> {
    if expected == got {
        Ok(())
    } else {
        Err(StatisticError::Lengths {
            what,
            expected,
            got,
        })
    }
}

/// One finite score for every row.
pub(crate) fn scores(
    what: &'static str,
    outcome: &[bool],
    score: &[f64],
) -> Result<(), StatisticError> {
    same_length(what, outcome.len(), score.len())?;
    let count = score.iter().filter(|value| !value.is_finite()).count();
    if count > 0 {
        return Err(StatisticError::NotFinite { what, count });
    }
    Ok(())
}

/// One risk between 0 and 1 for every row.
pub(crate) fn risks(
    what: &'static str,
    outcome: &[bool],
    risk: &[f64],
) -> Result<(), StatisticError> {
    scores(what, outcome, risk)?;
    let count = risk.iter().filter(|p| !(0.0..=1.0).contains(*p)).count();
    if count > 0 {
        return Err(StatisticError::NotProbability { what, count });
    }
    Ok(())
}

/// A setting within its range.
pub(crate) fn setting(
    what: &'static str,
    setting: &'static str,
    value: f64,
    minimum: f64,
    maximum: f64,
) -> Result<(), StatisticError> {
    if (minimum..=maximum).contains(&value) {
        Ok(())
    } else {
        Err(StatisticError::Setting {
            what,
            setting,
            value,
            minimum,
            maximum,
        })
    }
}
