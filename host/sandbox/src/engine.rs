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
