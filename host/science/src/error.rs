//! What can go wrong. Messages carry counts, names and limits, never a value of a row.

/// A statistic that is not defined for its input.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatisticError {
    /// Two arrays that describe the same rows differ in length.
    #[error("{what}: {got} values for {expected} rows; give one value for every row")]
    Lengths {
        /// The statistic.
        what: &'static str,
        /// Rows expected.
        expected: usize,
        /// Values given.
        got: usize,
    },
    /// Too few rows, or more than can be counted.
    #[error("{what} needs {minimum} to {maximum} rows, there are {rows}")]
    Rows {
        /// The statistic.
        what: &'static str,
        /// Rows given.
        rows: usize,
        /// Fewest rows.
        minimum: usize,
        /// Most rows.
        maximum: usize,
    },
    /// Rows of one class only, or fewer of a class than the statistic needs.
    #[error(
        "{what} needs at least {needed} rows with and {needed} without the outcome, \
         there are {events} with it among {rows}"
    )]
    Classes {
        /// The statistic.
        what: &'static str,
        /// Rows given.
        rows: usize,
        /// Rows with the outcome.
        events: usize,
        /// Rows needed of each class.
        needed: usize,
    },
    /// Not-a-number or infinite values.
    #[error("{what}: {count} values are not finite; leave those rows out or repair the model")]
    NotFinite {
        /// The statistic.
        what: &'static str,
        /// How many.
        count: usize,
    },
    /// Values outside 0 to 1 where risks are expected.
    #[error("{what}: {count} values are not risks between 0 and 1; give probabilities, not scores")]
    NotProbability {
        /// The statistic.
        what: &'static str,
        /// How many.
        count: usize,
    },
    /// A setting outside its range.
    #[error("{what}: {setting} is {value}, it must be {minimum} to {maximum}")]
    Setting {
        /// The statistic.
        what: &'static str,
        /// The setting.
        setting: &'static str,
        /// What was given.
        value: f64,
        /// Smallest value.
        minimum: f64,
        /// Largest value.
        maximum: f64,
    },
    /// The data do not determine the number.
    #[error("{what} is not determined by these rows: {why}")]
    Undetermined {
        /// The statistic.
        what: &'static str,
        /// Why.
        why: &'static str,
    },
}

/// A learner that cannot be made, fitted, applied or read back.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LearnerError {
    /// No learner of that name.
    #[error("there is no learner `{id}`; the nearest one is `{nearest}`")]
    UnknownLearner {
        /// The name given.
        id: String,
        /// The nearest name.
        nearest: &'static str,
    },
    /// No parameter of that name.
    #[error("`{learner}` has no parameter `{name}`; {hint}")]
    UnknownParameter {
        /// The learner.
        learner: &'static str,
        /// The name given.
        name: String,
        /// The nearest name, in words.
        hint: String,
    },
    /// A parameter given twice.
    #[error("`{learner}`: parameter `{name}` is given twice")]
    RepeatedParameter {
        /// The learner.
        learner: &'static str,
        /// The parameter.
        name: String,
    },
    /// A parameter outside its range.
    #[error("`{learner}`: `{name}` is {value}, it must be {kind} from {minimum} to {maximum}")]
    Parameter {
        /// The learner.
        learner: &'static str,
        /// The parameter.
        name: &'static str,
        /// What was given.
        value: f64,
        /// `a number` or `a whole number`.
        kind: &'static str,
        /// Smallest value.
        minimum: f64,
        /// Largest value.
        maximum: f64,
    },
    /// A design matrix whose parts do not fit together.
    #[error("design matrix: {got} values for {rows} rows × {columns} columns")]
    Shape {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
        /// Values given.
        got: usize,
    },
    /// Columns that are not those the learner was fitted on, or a column named twice.
    #[error("design matrix: {what}: `{column}`")]
    Columns {
        /// What is wrong.
        what: &'static str,
        /// The column.
        column: String,
    },
    /// Infinite values.
    #[error("design matrix: column `{column}` has {count} infinite values; missing is NaN")]
    Infinite {
        /// The column.
        column: String,
        /// How many.
        count: usize,
    },
    /// Too much for a learner.
    #[error("`{learner}` takes {minimum} to {maximum} {what}, there are {got}")]
    Size {
        /// The learner.
        learner: &'static str,
        /// Rows or columns.
        what: &'static str,
        /// How many there are.
        got: usize,
        /// Fewest.
        minimum: usize,
        /// Most.
        maximum: usize,
    },
    /// The iterations ended before the optimum.
    #[error("`{learner}` did not converge in {iterations} iterations; a larger penalty helps")]
    NotConverged {
        /// The learner.
        learner: &'static str,
        /// Iterations.
        iterations: usize,
    },
    /// The library behind a learner refused.
    #[error("`{learner}`: {step} failed: {why}")]
    Engine {
        /// The learner.
        learner: &'static str,
        /// What was tried.
        step: &'static str,
        /// Its reason.
        why: String,
    },
    /// Bytes that are not a fitted learner.
    #[error("these bytes are not a fitted learner: {why}")]
    Format {
        /// Why.
        why: String,
    },
    /// A statistic that the learner needs is not defined.
    #[error(transparent)]
    Statistic(#[from] StatisticError),
}
