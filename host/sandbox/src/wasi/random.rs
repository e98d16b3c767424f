//! Numbers that are not random: one ChaCha stream with a fixed key, begun anew in every call.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::bindings::inert::wasi::random::{insecure, insecure_seed, random};
use crate::call_error::Budget;
use crate::meter::{Meter, Stop};
use crate::policy::mib;

/// Seed of every call's stream. Any number would do; it must never change, because results may
/// depend on it.
const SEED: u64 = 0;

/// What `insecure-seed` answers: the first 128 bits of π's fraction, so that nobody wonders where
/// it is from.
const INSECURE_SEED: (u64, u64) = (0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344);

pub(super) struct Stream(ChaCha8Rng);

impl Stream {
    pub(super) fn new() -> Self {
        Self(ChaCha8Rng::seed_from_u64(SEED))
    }
}

impl Meter {
    fn bytes(&mut self, length: u64) -> wasmtime::Result<Vec<u8>> {
        self.host_call()?;
        // Before anything is allocated.
        if length > mib(self.limits.crossing_mib) {
            return Err(Stop::Budget(Budget::CrossingBytes).into());
        }
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        self.stubs.random.0.fill_bytes(&mut bytes);
        Ok(bytes)
    }

    fn number(&mut self) -> wasmtime::Result<u64> {
        self.host_call()?;
        Ok(self.stubs.random.0.next_u64())
    }
}

impl random::Host for Meter {
    fn get_random_bytes(&mut self, length: u64) -> wasmtime::Result<Vec<u8>> {
        self.bytes(length)
    }

    fn get_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.number()
    }
}

impl insecure::Host for Meter {
    fn get_insecure_random_bytes(&mut self, length: u64) -> wasmtime::Result<Vec<u8>> {
        self.bytes(length)
    }

    fn get_insecure_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.number()
    }
}

impl insecure_seed::Host for Meter {
    fn insecure_seed(&mut self) -> wasmtime::Result<(u64, u64)> {
        self.host_call()?;
        Ok(INSECURE_SEED)
    }
}
