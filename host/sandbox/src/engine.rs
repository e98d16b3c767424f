//! The engine: one for each sandbox, with everything off that a result could depend on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmparser::WasmFeatures;
use wasmtime::{Config, Engine, EngineWeak};

use crate::anatomy::FEATURES;
use crate::policy::EngineSettings;

/// An engine under these settings.
pub(crate) fn engine(settings: &EngineSettings) -> wasmtime::Result<Engine> {
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
        // Nothing of a guest's inside belongs into our errors.
        .wasm_backtrace_max_frames(None);
    Engine::new(&config)
}

/// Advances the engine's epoch until it is dropped.
pub(crate) struct Ticker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start(engine: EngineWeak, tick: Duration) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("autods-epoch".into())
            .spawn(move || {
                while !seen.load(Ordering::Acquire) {
                    std::thread::park_timeout(tick);
                    match engine.upgrade() {
                        Some(engine) => engine.increment_epoch(),
                        None => return,
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
                    (memory $i "memory") (realloc (func $i "realloc")))))
            (component $outer
                (import "take" (func $take (param "text" string)))
                (core module $memory (memory (export "memory") 1))
                (core instance $memory (instantiate $memory))
                (core func $lowered (canon lower (func $take) (memory $memory "memory")))
                (core module $m (import "" "take" (func (param i32 i32))))
                (core instance (instantiate $m
                    (with "" (instance (export "take" (func $lowered)))))))
            (instance $a (instantiate $inner))
            (instance (instantiate $outer (with "take" (func $a "take")))))"#;
        let bytes = wat::parse_str(text).unwrap();
        let engine = engine(&EngineSettings::default()).unwrap();
        assert!(wasmtime::component::Component::new(&engine, bytes).is_ok());
    }

    #[test]
    fn two_memories_in_a_module_of_a_plugin_are_not_valid() {
        let text = "(component (core module (memory 1) (memory 1)))";
        let bytes = wat::parse_str(text).unwrap();
        let validated = wasmparser::Validator::new_with_features(FEATURES).validate_all(&bytes);
        assert!(validated.is_err());
    }
}
