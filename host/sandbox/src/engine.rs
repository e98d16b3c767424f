//! The engines, with everything off that a result could depend on: one for plugins that hold rows,
//! one for agents.
//!
//! Instances live in a pool of address space that is reserved once, so that a call needs no new
//! mapping. Each engine has a pool of its own: no agent ever runs at an address at which rows have
//! been.
//!
//! When a call ends, its slot is made as it was: the first [`KEPT`] bytes of a memory are
//! overwritten with zeros and the component's own data, the pages behind them go back to the kernel
//! (`madvise(MADV_DONTNEED)`, at once), so that the next call sees nothing of this one. Overwriting
//! is several times as fast as having the kernel give new pages (docs/adr/0010). Agents keep
//! nothing: what they hold is small.
//!
//! Slots are as large as the policy's limits let a memory be, with guard pages behind, so that
//! 32-bit addresses need no comparison. Where the address space does not suffice (`ulimit -v`),
//! every instance is mapped for itself: slower, and the same otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmparser::WasmFeatures;
use wasmtime::{
    Config, Engine, EngineWeak, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig,
};

use crate::anatomy::FEATURES;
use crate::policy::{EngineSettings, Limits, mib};
use crate::world::World;

/// Calls that may be under way at once for each processor; more wait for their turn.
const CALLS_PER_CORE: usize = 8;
/// And at least so many.
const CALLS: usize = 32;

/// Bytes of the runtime's own record of an instance: enough for tens of thousands of functions.
const INSTANCE_BYTES: usize = 16 << 20;

/// Bytes at the start of a memory that are overwritten after a call and not given back: what a
/// loader holds of a shard, or a method of a batch.
const KEPT: usize = 32 << 20;
/// So many unused slots wait for the plugin that was in them last; one that comes new is then given
/// the slot that has waited longest, not a new one. So no more slots have [`KEPT`] bytes than were
/// ever in use at once, and so many more.
const WAITING: u32 = 8;

/// Two engines under the same settings, so that what one compiles the other can load.
pub(crate) struct Engines {
    rows: Engine,
    agents: Engine,
    /// How many memories the plugins of either may have at once.
    pub memories: usize,
    /// Whether instances come from pools.
    pub pooled: bool,
}

impl Engines {
    /// Engines whose pools are as large as `limits` can ask for.
    pub(crate) fn new(settings: &EngineSettings, limits: &Limits) -> wasmtime::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let calls = CALLS.max(cores.saturating_mul(CALLS_PER_CORE));
        // One call may have several memories; it must never want more than there are.
        let memories = calls.max(usize::try_from(limits.memories).unwrap_or(usize::MAX));
        let make = |kept| engine(settings, pool(limits, calls, memories, kept));
        let (rows, rows_pooled) = make(KEPT)?;
        let (agents, agents_pooled) = make(0)?;
        Ok(Self {
            rows,
            agents,
            memories,
            pooled: rows_pooled && agents_pooled,
        })
    }

    /// The engine in which plugins of this world run.
    pub(crate) fn of(&self, world: World) -> &Engine {
        match world {
            World::Loader | World::Method => &self.rows,
            World::Agent => &self.agents,
        }
    }

    pub(crate) fn weak(&self) -> Vec<EngineWeak> {
        vec![self.rows.weak(), self.agents.weak()]
    }
}

/// An engine, and whether its instances come from the pool.
fn engine(
    settings: &EngineSettings,
    pool: Option<PoolingAllocationConfig>,
) -> wasmtime::Result<(Engine, bool)> {
    let mut config = config(settings);
    if let Some(pool) = pool {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        // The reservation itself is the test of whether the address space suffices.
        if let Ok(engine) = Engine::new(&config) {
            return Ok((engine, true));
        }
        config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
    }
    Ok((Engine::new(&config)?, false))
}

fn config(settings: &EngineSettings) -> Config {
    let mut config = Config::new();
    config
        // The same bits on every machine.
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        // Exactly the features that the audit validates against.
        .wasm_features(WasmFeatures::all().difference(FEATURES), false)
        .wasm_features(FEATURES, true)
        // And one that only the engine's own code uses: between components nested in a plugin it
        // copies from one memory to another. The audit refuses it in a plugin's own modules.
        .wasm_multi_memory(true)
        .epoch_interruption(true)
        .max_wasm_stack(
            usize::try_from(settings.stack_kib.saturating_mul(1024)).unwrap_or(usize::MAX),
        )
        .cranelift_opt_level(OptLevel::Speed)
        // Nothing of a guest's inside belongs into our errors; without backtraces nobody asks
        // which instruction was which, and compiled code is smaller and loads faster.
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false);
    // Nor does a debugger walk through guests; Windows cannot do without.
    #[cfg(not(windows))]
    config.native_unwind_info(false);
    config
}

/// A pool for `calls` calls at once, which keeps and overwrites `kept` bytes of each memory; `None`
/// where the limits are larger than a pool can count.
fn pool(
    limits: &Limits,
    calls: usize,
    memories: usize,
    kept: usize,
) -> Option<PoolingAllocationConfig> {
    let each = |limit: u64| {
        let all = u64::try_from(calls).ok()?.checked_mul(limit)?;
        u32::try_from(all).ok()
    };
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(each(limits.instances)?)
        .total_core_instances(each(limits.instances)?)
        .total_tables(each(limits.tables)?)
        .total_memories(u32::try_from(memories).ok()?)
        .max_tables_per_module(u32::try_from(limits.tables).ok()?)
        .max_memory_size(usize::try_from(mib(limits.memory_mib)).ok()?)
        .table_elements(usize::try_from(limits.table_elements).ok()?)
        .max_core_instance_size(INSTANCE_BYTES)
        .max_component_instance_size(INSTANCE_BYTES)
        .linear_memory_keep_resident(kept)
        .max_unused_warm_slots(WAITING)
        // These three are the defaults; protected data rests on them, so they are said.
        .table_keep_resident(0)
        .async_stack_keep_resident(0)
        .decommit_batch_size(1);
    Some(pool)
}

/// Advances the engines' epochs until it is dropped.
pub(crate) struct Ticker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start(engines: Vec<EngineWeak>, tick: Duration) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("autods-epoch".into())
            .spawn(move || {
                while !seen.load(Ordering::Acquire) {
                    std::thread::park_timeout(tick);
                    for engine in &engines {
                        match engine.upgrade() {
                            Some(engine) => engine.increment_epoch(),
                            None => return,
                        }
                    }
                }
            })?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panicked ticker has nothing left to tell.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_nested_in_a_plugin_may_call_each_other() {
        // A stub inside the component, as toolchains make it: text crosses from one to the other.
        let text = r#"(component
            (component $inner
                (core module $m
                    (memory (export "memory") 1)
                    (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 8)
                    (func (export "take") (param i32 i32)))
                (core instance $i (instantiate $m))
                (func (export "take") (param "text" string) (canon lift (core func $i "take")
                    (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
            (component $outer
                (import "take" (func $take (param "text" string)))
                (core module $memory (memory (export "memory") 1))
                (core instance $memory (instantiate $memory))
                (core func $lowered (canon lower (func $take) (memory (core memory $memory "memory"))))
                (core module $m (import "" "take" (func (param i32 i32))))
                (core instance (instantiate $m
                    (with "" (instance (export "take" (func $lowered)))))))
            (instance $a (instantiate $inner))
            (instance (instantiate $outer (with "take" (func $a "take")))))"#;
        let bytes = wat::parse_str(text).unwrap();
        let engines = Engines::new(&EngineSettings::default(), &Limits::default()).unwrap();
        let engine = engines.of(World::Loader);
        assert!(wasmtime::component::Component::new(engine, bytes).is_ok());
    }

    #[test]
    fn two_memories_in_a_module_of_a_plugin_are_not_valid() {
        let text = "(component (core module (memory 1) (memory 1)))";
        let bytes = wat::parse_str(text).unwrap();
        let validated = wasmparser::Validator::new_with_features(FEATURES).validate_all(&bytes);
        assert!(validated.is_err());
    }
}
