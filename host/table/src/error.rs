//! What can be wrong with a table.

use std::io;
use std::path::{Path, PathBuf};

use autods_spec::Kind;

/// Why a table could not be made, read, written or asked. No message holds a value of a row, or
/// any text that a plugin chose.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A table without columns.
    #[error("table `{table}` has no columns; declare at least one in TASK.md")]
    NoColumns {
        /// The table.
        table: String,
    },
    /// Two columns of one name.
    #[error("table `{table}` declares column `{column}` twice; remove one")]
    DuplicateColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// No column of that name.
    #[error("table `{table}` has no column `{column}`; {hint}")]
    UnknownColumn {
        /// The table.
        table: String,
        /// The column asked for.
        column: String,
        /// What there is.
        hint: String,
    },
    /// A column is stored otherwise than its kind demands.
    #[error(
        "column `{column}` of table `{table}` is declared as {kind:?}, which is stored as {expected}, but the loader gave {found}"
    )]
    WrongType {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its declared kind.
        kind: Kind,
        /// How that kind is stored.
        expected: String,
        /// What came.
        found: String,
    },
    /// A column holds infinite numbers.
    #[error(
        "column `{column}` of table `{table}` holds {rows} infinite numbers; declare the text that stands for them as missing, or correct the file"
    )]
    NotFinite {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Rows concerned.
        rows: u64,
    },
    /// Columns of different length.
    #[error("column `{column}` of table `{table}` has {found} rows where the table has {expected}")]
    Ragged {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Rows of the table.
        expected: usize,
        /// Rows of the column.
        found: usize,
    },
    /// A stream that is not a plain Arrow IPC stream of the declared columns.
    #[error(
        "stream {stream} for table `{table}` is not an uncompressed Arrow IPC stream: {what}; the loader is at fault"
    )]
    Malformed {
        /// The table.
        table: String,
        /// Which stream, from 0.
        stream: usize,
        /// What is wrong, in the host's words.
        what: &'static str,
    },
    /// A stream without a declared column.
    #[error(
        "stream {stream} for table `{table}` lacks the declared column `{column}`; the loader is at fault"
    )]
    MissingColumn {
        /// The table.
        table: String,
        /// Which stream, from 0.
        stream: usize,
        /// The column.
        column: String,
    },
    /// More than a table can hold.
    #[error(
        "table `{table}` would have {requested} {what}, more than the limit of {limit}; load fewer files or fewer columns"
    )]
    TooLarge {
        /// The table.
        table: String,
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
        /// What was asked for.
        requested: u64,
    },
    /// A row number that does not exist.
    #[error("row {row} was asked of table `{table}`, which has {rows}")]
    NoSuchRow {
        /// The table.
        table: String,
        /// The row, from 0.
        row: u64,
        /// Rows there are.
        rows: u64,
    },
    /// Tables that do not fit together.
    #[error("tables `{table}` and `{other}` cannot be joined end to end: their columns differ")]
    Different {
        /// The first table.
        table: String,
        /// The other one.
        other: String,
    },
    /// A column cannot be read in the way asked for.
    #[error("column `{column}` of table `{table}` is {kind:?} and cannot be read as {wanted}")]
    WrongKind {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its kind.
        kind: Kind,
        /// What was asked for.
        wanted: &'static str,
    },
    /// Rows without a key.
    #[error(
        "column `{column}` of table `{table}` is empty in {rows} rows, but rows are grouped by it; exclude those rows or name another column"
    )]
    MissingKey {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Rows without it.
        rows: u64,
    },
    /// An outcome that does not decide every row.
    #[error(
        "outcome `{column}` of table `{table}` is undecided in {rows} rows ({missing} empty, {unknown} with a code that is neither positive nor negative); list their codes under `endpoint.positive` or `endpoint.negative`, or exclude the rows under `population.exclude`"
    )]
    Undecided {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Rows without a decision.
        rows: u64,
        /// Of these, empty.
        missing: u64,
        /// Of these, with an unlisted code.
        unknown: u64,
    },
    /// An outcome of one class only.
    #[error(
        "outcome `{column}` of table `{table}` has one class only ({positive} of {rows} rows are positive), so that nothing can be learned; check `endpoint.positive`, `endpoint.negative` and the population"
    )]
    OneClass {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Rows.
        rows: u64,
        /// Positive rows.
        positive: u64,
    },
    /// Codes of an outcome that cannot be right.
    #[error("outcome `{column}` of table `{table}`: {what}")]
    OutcomeCodes {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What is wrong and what to do.
        what: &'static str,
    },
    /// A file that this program did not write, or that was damaged since.
    #[error("{path} is not a whole table of this program: {what}; remove it and resume the run", path = .path.display())]
    Damaged {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        what: &'static str,
    },
    /// The operating system refused.
    #[error("cannot {action} {path}: {source}", path = .path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Arrow refused what should have been sound.
    #[error(
        "table `{table}`: {what} failed in the Arrow library; this is a defect of the host, please report it"
    )]
    Arrow {
        /// The table.
        table: String,
        /// What was being done.
        what: &'static str,
    },
}

impl TableError {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}
