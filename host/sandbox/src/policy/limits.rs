//! The numbers of a policy: what one call, one component, one source may use.

use serde::{Deserialize, Serialize};

/// Limits of one call into a plugin. Every call has a fresh store, so nothing carries over.
///
/// A plugin's manifest may lower some of them for itself (`[limits]` in `plugin.toml`); one that
/// asks for more than the policy gives is refused at admission, not later in the middle of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Linear memory in MiB, summed over *all* memories of the call's store.
    ///
    /// `memory.grow` beyond it answers −1; a plugin that then gives up ends as `out-of-memory`.
    /// A fold's rows cross the border by copy, so a method needs roughly three times the size of
    /// its largest table. Calls that run side by side each have their own. Default: 1024; at most
    /// 4096, which is all that 32-bit WebAssembly can address.
    pub memory_mib: u64,

    /// Table elements (function references), summed over all tables of the store.
    ///
    /// Eight bytes of host memory each. Compiled Rust needs a few thousand. Default: 65536.
    pub table_elements: u64,

    /// Core instances in a store. A component of a compiled language has three or four, one of
    /// Python, which is linked from shared libraries, about 40. Default: 200.
    pub instances: u64,

    /// Linear memories in a store. Default: 4.
    pub memories: u64,

    /// Tables in a store. Default: 16.
    pub tables: u64,

    /// Wall time of a call in milliseconds.
    ///
    /// Guest code is interrupted at the first epoch tick after the deadline (`engine.tick-ms`),
    /// and every host call looks at the clock too, so a guest cannot hide in host calls.
    /// Compilation is not part of a call. Default: 300000 (five minutes).
    pub wall_ms: u64,

    /// Calls that the guest may make into the host (reads, emits, metrics, messages).
    ///
    /// One more ends the call as `host-budget`. Default: 1000000.
    pub host_calls: u64,

    /// Bytes in MiB that one crossing may make the host allocate: the arguments of one host call,
    /// or the result of one export.
    ///
    /// Bounds what a guest can make the *host* allocate before any of our checks sees a value.
    /// Default: 512. Must hold a method's largest output table.
    pub crossing_mib: u64,

    /// Bytes in MiB that a loader may read from its sources in one call, counting re-reads.
    ///
    /// Beyond it reads answer `budget-exhausted`. Default: 4096.
    pub read_mib: u64,

    /// Rows that a call may put out, over all tables. Default: 50000000.
    pub output_rows: u64,

    /// Bytes in MiB that a call may put out as Arrow streams, over all tables. Default: 1024.
    pub output_mib: u64,

    /// Arrow streams that a loader may emit in one call. Default: 100000.
    pub output_streams: u64,

    /// Columns of one output table. Default: 20000.
    pub output_columns: u64,

    /// Metrics that a loader may post in one call. Default: 10000.
    pub metrics: u64,

    /// Shards that a loader may plan. Default: 100000.
    pub shards: u64,

    /// Size in MiB of a method's fitted state. Default: 256.
    pub state_mib: u64,

    /// Actions that an agent may take in one call. Default: 256.
    pub actions: u64,

    /// Items in any one list inside an action. Default: 10000.
    pub list_items: u64,

    /// Bytes of any one text inside an action. Names of parameters and parameter texts are
    /// further held to 256 bytes, as the contract says. Default: 2048.
    pub text_bytes: u64,

    /// Messages to the author per call; beyond it `log.write` answers false. Default: 1000.
    pub log_lines: u64,

    /// Bytes of messages per call; beyond it `log.write` answers false. Default: 65536.
    pub log_bytes: u64,

    /// Handles of WASI stubs (streams, things to wait for) that the guest may hold at once; one
    /// more ends the call as `host-budget`. Matters only with `wasi.stubs`. Default: 1000.
    pub handles: u64,
}

/// Limits of what is admitted and compiled. Compilation cannot be interrupted, so its input is
/// bounded instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ComponentLimits {
    /// Size of the component's file in KiB; not one byte more is read. Default: 32768 (32 MiB).
    pub size_kib: u64,
    /// Core modules in it, nested ones included. One of Python has about 40. Default: 64.
    pub modules: u64,
    /// Functions in it, over all its modules. Default: 100000.
    pub functions: u64,
    /// Size of its largest function body in KiB: compile time grows faster than linearly with
    /// it. Default: 1024.
    pub function_kib: u64,
}

/// How the engine is set up. Everything else about it is fixed, because results must be the same
/// bits everywhere: NaNs canonical, relaxed SIMD deterministic; threads, 64-bit memory, several
/// memories in one module, garbage collection and exceptions off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct EngineSettings {
    /// Guest stack in KiB. Overflow is a trap, `stack-overflow`. The calling thread must have
    /// this much stack and about 512 KiB more. Default: 512.
    pub stack_kib: u64,
    /// Stack in MiB of the threads that compile: deeply nested code recurses in the compiler.
    /// Default: 64.
    pub compile_stack_mib: u64,
    /// Threads that compile; 0 means one for each core. Default: 0.
    pub compile_threads: u64,
    /// Milliseconds between epoch ticks: how late an endless loop is noticed. Default: 10.
    pub tick_ms: u64,
}

/// Limits of the files that a loader reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SourceLimits {
    /// Files matched for one table. Default: 10000.
    pub files: u64,
    /// Bytes in MiB that the `.gz` files of one table may inflate to, together. They are held in
    /// memory, once, and shared by all shards. Default: 2048.
    pub inflate_mib: u64,
    /// Inflated bytes for each compressed byte, per file; files that inflate to less than 1 MiB
    /// pass. Clinical text compresses 5 to 40 times; a bomb about 1000 times. Default: 200.
    pub inflate_ratio: u64,
}

/// What happens to a plugin's messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LogSettings {
    /// Whether messages are kept for showing to a person.
    ///
    /// A loader or method sees rows, so its messages may contain them: leave this off on
    /// protected data. Messages are counted either way, and never reach the board, the report,
    /// the ledger or another plugin. Default: false.
    pub show: bool,
    /// Bytes of one message that are kept. Default: 1024.
    pub line_bytes: u64,
}

impl Limits {
    /// For every key the lower of both.
    #[must_use]
    pub fn lower_of(&self, other: &Self) -> Self {
        let mut lower = serde_json::to_value(self).unwrap_or_default();
        let other = serde_json::to_value(other).unwrap_or_default();
        for (key, value) in lower.as_object_mut().into_iter().flatten() {
            if let (Some(own), Some(theirs)) = (value.as_u64(), other[key].as_u64()) {
                *value = own.min(theirs).into();
            }
        }
        // Same keys, same types: what limits serialise to are limits.
        serde_json::from_value(lower).unwrap_or_else(|_| self.clone())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_mib: 1024,
            table_elements: 65_536,
            instances: 200,
            memories: 4,
            tables: 16,
            wall_ms: 300_000,
            host_calls: 1_000_000,
            crossing_mib: 512,
            read_mib: 4096,
            output_rows: 50_000_000,
            output_mib: 1024,
            output_streams: 100_000,
            output_columns: 20_000,
            metrics: 10_000,
            shards: 100_000,
            state_mib: 256,
            actions: 256,
            list_items: 10_000,
            text_bytes: 2048,
            log_lines: 1000,
            log_bytes: 65_536,
            handles: 1000,
        }
    }
}

impl Default for ComponentLimits {
    fn default() -> Self {
        Self {
            size_kib: 32 * 1024,
            modules: 64,
            functions: 100_000,
            function_kib: 1024,
        }
    }
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            stack_kib: 512,
            compile_stack_mib: 64,
            compile_threads: 0,
            tick_ms: 10,
        }
    }
}

impl Default for SourceLimits {
    fn default() -> Self {
        Self {
            files: 10_000,
            inflate_mib: 2048,
            inflate_ratio: 200,
        }
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            show: false,
            line_bytes: 1024,
        }
    }
}
