//! Clocks that know no time: they count how often they were looked at, so that a guest that waits
//! by looking gets somewhere, and the same call sees the same times every time.

use wasmtime::component::Resource;

use crate::bindings::inert::wasi::clocks::{monotonic_clock, wall_clock};
use crate::bindings::inert::wasi::io::poll::Pollable;
use crate::meter::Meter;

/// Nanoseconds between two looks.
const STEP: u64 = 1_000_000;

impl Meter {
    fn look(&mut self) -> u64 {
        let now = self.stubs.looks.saturating_mul(STEP);
        self.stubs.looks += 1;
        now
    }
}

impl monotonic_clock::Host for Meter {
    fn now(&mut self) -> wasmtime::Result<u64> {
        self.host_call()?;
        Ok(self.look())
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        self.host_call()?;
        Ok(STEP)
    }

    fn subscribe_instant(&mut self, _: u64) -> wasmtime::Result<Resource<Pollable>> {
        self.host_call()?;
        self.ready()
    }

    fn subscribe_duration(&mut self, _: u64) -> wasmtime::Result<Resource<Pollable>> {
        self.host_call()?;
        self.ready()
    }
}

fn datetime(nanoseconds: u64) -> wall_clock::Datetime {
    const SECOND: u64 = 1_000_000_000;
    wall_clock::Datetime {
        seconds: nanoseconds / SECOND,
        // A remainder of a division by 10^9 fits 32 bits.
        nanoseconds: (nanoseconds % SECOND) as u32,
    }
}

impl wall_clock::Host for Meter {
    fn now(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        self.host_call()?;
        Ok(datetime(self.look()))
    }

    fn resolution(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        self.host_call()?;
        Ok(datetime(STEP))
    }
}
