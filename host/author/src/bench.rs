//! `plugin bench`: how fast a plugin does its cases in the real host.

use std::time::{Duration, Instant};

use autods_sandbox::{CallError, Plugin, Sandbox, agent, loader, method};
use serde::Serialize;

use crate::AuthorError;
use crate::case::{Case, Timed, timed};

/// Times of a case over its repetitions: whole calls, from a fresh instance to the last checked
/// byte, all limits on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Times {
    /// The case's name.
    pub case: String,
    /// How often it was run.
    pub repeat: u32,
    /// Bytes that went in.
    pub bytes: u64,
    /// Rows that came out; actions of an agent.
    pub rows: u64,
    /// Median, in milliseconds.
    pub median_ms: f64,
    /// Least.
    pub min_ms: f64,
    /// Greatest.
    pub max_ms: f64,
    /// Million bytes in, by the median second.
    pub megabytes_per_second: f64,
    /// Rows out, by the median second.
    pub rows_per_second: f64,
    /// Most memory that a call of it held, in MiB: what `limits.memory-mib` is held against.
    pub memory_mib: f64,
    /// Median of the same natively, in milliseconds, where that was measured.
    pub native_ms: Option<f64>,
}

/// Times a case; `None` for one that expects a fault.
///
/// # Errors
/// Where the case is wrong, or the plugin fails in it: `plugin test` says how.
pub fn bench_case(
    sandbox: &Sandbox,
    plugin: &Plugin,
    case: &Case,
    repeat: u32,
) -> Result<Option<Times>, AuthorError> {
    let Some(job) = timed(sandbox, plugin, case)? else {
        return Ok(None);
    };
    let failed = |error: CallError| {
        AuthorError::Component(format!("{}: {error}; `plugin test` says more", case.name))
    };
    // once for what is warmed up by being used
    let Work {
        bytes,
        rows,
        memory,
    } = once(plugin, &job).map_err(failed)?;
    let mut times = Vec::new();
    for _ in 0..repeat.max(1) {
        let began = Instant::now();
        once(plugin, &job).map_err(failed)?;
        times.push(began.elapsed());
        drop(sandbox.take_messages());
    }
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let median = times[times.len() / 2];
    let by_second = |count: u64| count as f64 / median.as_secs_f64().max(1e-9);
    Ok(Some(Times {
        case: case.name.clone(),
        repeat: repeat.max(1),
        bytes,
        rows,
        median_ms: ms(median),
        min_ms: times.first().copied().map_or(0.0, ms),
        max_ms: times.last().copied().map_or(0.0, ms),
        megabytes_per_second: by_second(bytes) / 1e6,
        rows_per_second: by_second(rows),
        memory_mib: memory as f64 / f64::from(1 << 20),
        native_ms: None,
    }))
}

/// What a case comes to: bytes in, rows out, bytes of memory at most.
struct Work {
    bytes: u64,
    rows: u64,
    memory: u64,
}

/// Does the case's work.
fn once(plugin: &Plugin, job: &Timed) -> Result<Work, CallError> {
    match job {
        Timed::Loader {
            sources,
            job,
            shard_bytes,
        } => {
            let (shards, planned) = loader::plan(plugin, sources, job, *shard_bytes)?;
            let (mut rows, mut memory) = (0, planned.peak_memory);
            for shard in &shards {
                let usage = loader::load(plugin, sources, job, shard)?.1;
                rows += usage.rows_out;
                memory = memory.max(usage.peak_memory);
            }
            Ok(Work {
                bytes: sources.iter().map(autods_sandbox::Source::size).sum(),
                rows,
                memory,
            })
        }
        Timed::Method {
            rows,
            recipe,
            names,
            seed,
        } => {
            let (fitted, one) = method::fit(plugin, rows, recipe, *seed, names)?;
            let (_, two) = method::apply(plugin, &fitted.state, rows, names)?;
            Ok(Work {
                bytes: one.bytes_in + two.bytes_in,
                rows: two.rows_out,
                memory: one.peak_memory.max(two.peak_memory),
            })
        }
        Timed::Agent(briefing) => {
            let (actions, usage) = agent::act(plugin, briefing)?;
            Ok(Work {
                bytes: usage.bytes_in,
                rows: actions.len() as u64,
                memory: usage.peak_memory,
            })
        }
    }
}
