//! Why a call into a plugin failed. Codes and numbers only: no text that a plugin chose is in it.

use crate::bindings::types::{Fault, FaultCode};
use crate::ipc::Flaw;
use crate::policy::{Limits, in_mib, mib};

/// Why a call into a plugin failed. The call's store and everything it put out are gone.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CallError {
    /// It wanted more memory than it may have, and gave up without it.
    #[error(
        "out of memory: it wanted {requested} bytes in all, `limits.memory-mib` gives {} MiB ({limit} bytes)",
        in_mib(*.limit)
    )]
    OutOfMemory {
        /// The limit in bytes, over all memories of the call.
        limit: u64,
        /// What it would have had in all.
        requested: u64,
    },
    /// It wanted more table elements than it may have, and gave up without them.
    #[error("out of table elements: it wanted {requested}, `limits.table-elements` gives {limit}")]
    OutOfTable {
        /// The limit in elements, over all tables of the call.
        limit: u64,
        /// What it would have had in all.
        requested: u64,
    },
    /// It did not end in time.
    #[error("out of time: it ran longer than {limit_ms} ms (`limits.wall-ms`)")]
    OutOfTime {
        /// The limit in milliseconds.
        limit_ms: u64,
    },
    /// It trapped.
    #[error("it trapped: {kind}")]
    Trap {
        /// Which trap.
        kind: TrapKind,
    },
    /// It could not be instantiated: too many instances, memories or tables.
    #[error("it needs more instances, memories or tables than `[limits]` of the policy gives")]
    Instantiation,
    /// It used up what it may ask of the host.
    #[error("host budget used up: {what} (`limits.{}` gives {})", .what.key(), .what.given(*.limit))]
    HostBudget {
        /// Which budget.
        what: Budget,
        /// The limit, in the budget's own unit.
        limit: u64,
    },
    /// It said that it could not do what was asked.
    #[error("{}", .0.describe())]
    Fault(Fault),
    /// What it put out is not what its world may put out.
    #[error("output rejected: {0}")]
    OutputRejected(Rejection),
    /// A source could not be read, or changed while it was read.
    #[error("source {source_index} could not be read: {kind}")]
    Source {
        /// Index of the source.
        source_index: u32,
        /// What the operating system said, as a kind.
        kind: std::io::ErrorKind,
    },
    /// The call is for another world than the plugin's.
    #[error("the plugin is a {plugin}, not a {asked}")]
    WrongWorld {
        /// The plugin's world.
        plugin: crate::World,
        /// The world of the call.
        asked: crate::World,
    },
    /// A loader is asked to fill what its manifest does not name.
    #[error(
        "table {table} of the job{} is not in its manifest's `[tables]`; ask another loader for it in TASK.md, or its author to add it", column.map_or_else(String::new, |column| format!(", column {column},"))
    )]
    NotInManifest {
        /// Index of the table in the job.
        table: u32,
        /// Index of the column in the table; `None`: the table itself.
        column: Option<u32>,
    },
    /// What the host wanted to hand over is not valid.
    #[error("the host's own input is not valid: {what}")]
    Input {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The host itself failed during the call; this is a defect of the host.
    #[error("the host failed during the call; this is a defect of autods-host, please report it")]
    Host,
}

/// Which trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TrapKind {
    /// `unreachable`: in Rust a panic or an abort.
    Unreachable,
    /// The guest's stack is used up.
    StackOverflow,
    /// Access outside linear memory.
    MemoryOutOfBounds,
    /// Access outside a table.
    TableOutOfBounds,
    /// An indirect call of nothing, or with the wrong type.
    BadIndirectCall,
    /// Integer overflow, division by zero, or a float that fits no integer.
    Arithmetic,
    /// A value that the canonical ABI forbids: a bad pointer, text that is not UTF-8, an unknown
    /// case, a handle that was never given.
    BadValue,
    /// The component was entered or left where it must not be.
    Reentrance,
    /// It ended itself (`wasi:cli/exit`) instead of answering.
    Exit,
    /// Any other trap.
    Other,
}

/// What a plugin may use only so much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Budget {
    /// Calls into the host.
    HostCalls,
    /// Bytes that one crossing makes the host allocate.
    CrossingBytes,
    /// Bytes read from sources.
    ReadBytes,
    /// Rows put out.
    OutputRows,
    /// Bytes put out.
    OutputBytes,
    /// Streams put out.
    OutputStreams,
    /// Metrics posted.
    Metrics,
    /// Handles of WASI stubs held at once.
    Handles,
}

impl Budget {
    /// Its limit, in the budget's own unit: calls, bytes, rows, streams, metrics, handles.
    pub(crate) fn limit(self, limits: &Limits) -> u64 {
        match self {
            Self::HostCalls => limits.host_calls,
            Self::CrossingBytes => mib(limits.crossing_mib),
            Self::ReadBytes => mib(limits.read_mib),
            Self::OutputRows => limits.output_rows,
            Self::OutputBytes => mib(limits.output_mib),
            Self::OutputStreams => limits.output_streams,
            Self::Metrics => limits.metrics,
            Self::Handles => limits.handles,
        }
    }

    /// Its key in `[limits]` of the policy.
    pub fn key(self) -> &'static str {
        match self {
            Self::HostCalls => "host-calls",
            Self::CrossingBytes => "crossing-mib",
            Self::ReadBytes => "read-mib",
            Self::OutputRows => "output-rows",
            Self::OutputBytes => "output-mib",
            Self::OutputStreams => "output-streams",
            Self::Metrics => "metrics",
            Self::Handles => "handles",
        }
    }

    /// A limit in the unit of its key.
    fn given(self, limit: u64) -> String {
        if self.key().ends_with("-mib") {
            format!("{} MiB", in_mib(limit))
        } else {
            limit.to_string()
        }
    }
}

/// Why an output was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// A table that was not asked for, or that it does not declare.
    #[error("a table that nobody asked for")]
    UnknownTable,
    /// A table twice.
    #[error("the same table twice")]
    DuplicateTable,
    /// A stream that is not what it should be.
    #[error("table {table}: {flaw}")]
    Stream {
        /// Index of the table in the job or in the output.
        table: u32,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// A name that its manifest, recipe and catalogue do not allow.
    #[error(
        "column {column} of the output has a name that the recipe, the catalogue and the manifest do not allow"
    )]
    ColumnName {
        /// Index of the column in the output.
        column: u32,
    },
    /// Not as many rows as went in.
    #[error("{found} rows for {expected} rows")]
    RowCount {
        /// Rows that went in.
        expected: u64,
        /// Rows that came out.
        found: u64,
    },
    /// A metric that its manifest does not declare, or without a finite value.
    #[error(
        "a metric that is not in the manifest, is not finite, or is about a column that does not exist"
    )]
    Metric,
    /// A count of columns that no table could have; the number is the plugin's, so it is not said.
    #[error("a count of undeclared columns beyond `limits.output-columns`")]
    Summary,
    /// A shard that is not a range of a source, overlaps another, or too many of them.
    #[error("shard {shard} is not a range of a source or overlaps another")]
    Shard {
        /// Its index.
        shard: u32,
    },
    /// Too many of something.
    #[error("{found} {what}, `limits.{key}` gives {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The key in `[limits]` of the policy.
        key: &'static str,
        /// How many.
        found: u64,
        /// How many are allowed.
        limit: u64,
    },
    /// A value of an action that is too long, not finite, or has characters that act on a
    /// terminal.
    #[error("action {action}: `{field}` {what}")]
    Value {
        /// Index of the action.
        action: u32,
        /// The field, by its name in the contract.
        field: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl CallError {
    /// Its name for programs and for the ledger: short, `kebab-case`, the same in every version.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfMemory { .. } => "out-of-memory",
            Self::OutOfTable { .. } => "out-of-table",
            Self::OutOfTime { .. } => "out-of-time",
            Self::Trap { kind } => kind.code(),
            Self::Instantiation => "instantiation",
            Self::HostBudget { .. } => "host-budget",
            Self::Fault(fault) => fault.code.code(),
            Self::OutputRejected(_) => "output-rejected",
            Self::Source { .. } => "source-unreadable",
            Self::WrongWorld { .. } => "wrong-world",
            Self::NotInManifest { .. } => "not-in-manifest",
            Self::Input { .. } => "invalid-input",
            Self::Host => "host-failure",
        }
    }
}

impl TrapKind {
    fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "trap-unreachable",
            Self::StackOverflow => "trap-stack-overflow",
            Self::MemoryOutOfBounds => "trap-memory-out-of-bounds",
            Self::TableOutOfBounds => "trap-table-out-of-bounds",
            Self::BadIndirectCall => "trap-bad-indirect-call",
            Self::Arithmetic => "trap-arithmetic",
            Self::BadValue => "trap-bad-value",
            Self::Reentrance => "trap-reentrance",
            Self::Exit => "trap-exit",
            Self::Other => "trap-other",
        }
    }
}

impl std::fmt::Display for TrapKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "it gave up (a panic or an abort)",
            Self::StackOverflow => "its stack is used up (`engine.stack-kib`)",
            Self::MemoryOutOfBounds => "access outside its memory",
            Self::TableOutOfBounds => "access outside a table",
            Self::BadIndirectCall => "an indirect call of nothing, or of the wrong type",
            Self::Arithmetic => "integer overflow or division by zero",
            Self::BadValue => "a value that the canonical ABI forbids",
            Self::Reentrance => "the component was entered or left where it must not be",
            Self::Exit => "it ended itself instead of answering (`wasi:cli/exit`)",
            Self::Other => "a trap of another kind",
        })
    }
}

impl From<wasmtime::Trap> for TrapKind {
    fn from(trap: wasmtime::Trap) -> Self {
        use wasmtime::Trap;
        match trap {
            Trap::UnreachableCodeReached => Self::Unreachable,
            Trap::StackOverflow => Self::StackOverflow,
            Trap::MemoryOutOfBounds | Trap::HeapMisaligned => Self::MemoryOutOfBounds,
            Trap::TableOutOfBounds => Self::TableOutOfBounds,
            Trap::IndirectCallToNull | Trap::BadSignature => Self::BadIndirectCall,
            Trap::IntegerOverflow | Trap::IntegerDivisionByZero | Trap::BadConversionToInteger => {
                Self::Arithmetic
            }
            Trap::CannotEnterComponent | Trap::CannotLeaveComponent => Self::Reentrance,
            Trap::InvalidChar
            | Trap::StringOutOfBounds
            | Trap::ListOutOfBounds
            | Trap::InvalidDiscriminant
            | Trap::UnalignedPointer => Self::BadValue,
            _ => Self::Other,
        }
    }
}

impl std::fmt::Display for Budget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::HostCalls => "calls into the host",
            Self::CrossingBytes => "bytes in one crossing of the border",
            Self::ReadBytes => "bytes read from sources",
            Self::OutputRows => "rows put out",
            Self::OutputBytes => "bytes put out",
            Self::OutputStreams => "streams put out",
            Self::Metrics => "metrics posted",
            Self::Handles => "handles of WASI stubs held at once",
        })
    }
}

impl FaultCode {
    /// Its name in the contract, behind `fault-`.
    pub fn code(self) -> &'static str {
        match self {
            Self::EmptyInput => "fault-empty-input",
            Self::Malformed => "fault-malformed",
            Self::RaggedRecord => "fault-ragged-record",
            Self::UnterminatedQuote => "fault-unterminated-quote",
            Self::InvalidUtf8 => "fault-invalid-utf8",
            Self::MissingColumn => "fault-missing-column",
            Self::DuplicateColumn => "fault-duplicate-column",
            Self::InvalidValue => "fault-invalid-value",
            Self::UnknownCode => "fault-unknown-code",
            Self::UnknownParameter => "fault-unknown-parameter",
            Self::ParameterOutOfRange => "fault-parameter-out-of-range",
            Self::MissingInput => "fault-missing-input",
            Self::InsufficientData => "fault-insufficient-data",
            Self::InvalidState => "fault-invalid-state",
            Self::HostRefused => "fault-host-refused",
            Self::Internal => "fault-internal",
        }
    }

    /// In words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::EmptyInput => "the input is empty, or has no record after its header",
            Self::Malformed => "the input is not in the plugin's format",
            Self::RaggedRecord => "a record has more or fewer fields than the header",
            Self::UnterminatedQuote => "a quoted field is still open at the end of the input",
            Self::InvalidUtf8 => "the input is not UTF-8",
            Self::MissingColumn => "a declared column is not in the input",
            Self::DuplicateColumn => "a column name stands twice in the header",
            Self::InvalidValue => "a value cannot be read as the declared kind",
            Self::UnknownCode => "a code that the dictionary does not list",
            Self::UnknownParameter => "a step, parameter or option that the plugin does not know",
            Self::ParameterOutOfRange => "a parameter is outside its range",
            Self::MissingInput => "a table or column that is needed was not handed over",
            Self::InsufficientData => "too few rows, or rows of one kind only",
            Self::InvalidState => "the fitted state is not this plugin's",
            Self::HostRefused => "the host refused a read or an emit",
            Self::Internal => "the plugin found itself in a state that it believes impossible",
        }
    }
}

impl Fault {
    /// In words, with the numbers that it carries. The host knows the names of source and column
    /// and can say them instead of the indices.
    pub fn describe(&self) -> String {
        let mut text = self.code.describe().to_owned();
        let mut add = |what: &str, value: Option<u64>| {
            if let Some(value) = value {
                text.push_str(&format!(", {what} {value}"));
            }
        };
        add("source", self.source.map(u64::from));
        add("line", self.line);
        add("column", self.column.map(u64::from));
        add("expected", self.expected);
        add("found", self.found);
        text
    }
}
