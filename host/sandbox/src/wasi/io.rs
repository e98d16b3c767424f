//! Streams and waiting. A handle is a number; there is no object behind it that could leak.

use wasmtime::component::Resource;

use crate::bindings::inert::wasi::io::error::{self, Error};
use crate::bindings::inert::wasi::io::poll::{self, Pollable};
use crate::bindings::inert::wasi::io::streams::{self, InputStream, OutputStream, StreamError};
use crate::meter::Meter;

/// Bytes that a stream says it takes at once.
const PERMITTED: u64 = 64 * 1024;

type Answer<T> = wasmtime::Result<Result<T, StreamError>>;

impl Meter {
    /// Something to wait for that is ready.
    pub(super) fn ready(&mut self) -> wasmtime::Result<Resource<Pollable>> {
        self.hold()?;
        Ok(Resource::new_own(0))
    }

    fn closed<T>(&mut self) -> Answer<T> {
        self.host_call()?;
        Ok(Err(StreamError::Closed))
    }

    fn taken(&mut self) -> Answer<()> {
        self.host_call()?;
        Ok(Ok(()))
    }

    fn take(&mut self, stream: &Resource<OutputStream>, text: &[u8]) -> Answer<()> {
        self.host_call()?;
        self.printed(stream.rep(), text);
        Ok(Ok(()))
    }
}

impl error::Host for Meter {}

// No stub makes an error; what a guest would ask of one is nothing.
impl error::HostError for Meter {
    fn to_debug_string(&mut self, _: Resource<Error>) -> wasmtime::Result<String> {
        self.host_call()?;
        Ok(String::new())
    }

    fn drop(&mut self, _: Resource<Error>) -> wasmtime::Result<()> {
        Ok(())
    }
}

impl poll::HostPollable for Meter {
    fn ready(&mut self, _: Resource<Pollable>) -> wasmtime::Result<bool> {
        self.host_call()?;
        Ok(true)
    }

    fn block(&mut self, _: Resource<Pollable>) -> wasmtime::Result<()> {
        self.host_call()?;
        Ok(())
    }

    fn drop(&mut self, _: Resource<Pollable>) -> wasmtime::Result<()> {
        self.let_go();
        Ok(())
    }
}

impl poll::Host for Meter {
    fn poll(&mut self, waiting: Vec<Resource<Pollable>>) -> wasmtime::Result<Vec<u32>> {
        self.host_call()?;
        if waiting.is_empty() {
            // By its specification: who waits for nothing waits for ever.
            return Err(wasmtime::Error::msg("a poll of nothing"));
        }
        Ok((0..).take(waiting.len()).collect())
    }
}

impl streams::Host for Meter {}

impl streams::HostInputStream for Meter {
    fn read(&mut self, _: Resource<InputStream>, _: u64) -> Answer<Vec<u8>> {
        self.closed()
    }

    fn blocking_read(&mut self, _: Resource<InputStream>, _: u64) -> Answer<Vec<u8>> {
        self.closed()
    }

    fn skip(&mut self, _: Resource<InputStream>, _: u64) -> Answer<u64> {
        self.closed()
    }

    fn blocking_skip(&mut self, _: Resource<InputStream>, _: u64) -> Answer<u64> {
        self.closed()
    }

    fn subscribe(&mut self, _: Resource<InputStream>) -> wasmtime::Result<Resource<Pollable>> {
        self.host_call()?;
        Meter::ready(self)
    }

    fn drop(&mut self, _: Resource<InputStream>) -> wasmtime::Result<()> {
        self.let_go();
        Ok(())
    }
}

impl streams::HostOutputStream for Meter {
    fn check_write(&mut self, _: Resource<OutputStream>) -> Answer<u64> {
        self.host_call()?;
        Ok(Ok(PERMITTED))
    }

    fn write(&mut self, stream: Resource<OutputStream>, text: Vec<u8>) -> Answer<()> {
        self.take(&stream, &text)
    }

    fn blocking_write_and_flush(
        &mut self,
        stream: Resource<OutputStream>,
        text: Vec<u8>,
    ) -> Answer<()> {
        self.take(&stream, &text)
    }

    fn flush(&mut self, _: Resource<OutputStream>) -> Answer<()> {
        self.taken()
    }

    fn blocking_flush(&mut self, _: Resource<OutputStream>) -> Answer<()> {
        self.taken()
    }

    fn subscribe(&mut self, _: Resource<OutputStream>) -> wasmtime::Result<Resource<Pollable>> {
        self.host_call()?;
        Meter::ready(self)
    }

    // Zeroes say nothing to anybody: they are taken and forgotten.
    fn write_zeroes(&mut self, _: Resource<OutputStream>, _: u64) -> Answer<()> {
        self.taken()
    }

    fn blocking_write_zeroes_and_flush(&mut self, _: Resource<OutputStream>, _: u64) -> Answer<()> {
        self.taken()
    }

    fn splice(
        &mut self,
        _: Resource<OutputStream>,
        _: Resource<InputStream>,
        _: u64,
    ) -> Answer<u64> {
        self.closed()
    }

    fn blocking_splice(
        &mut self,
        _: Resource<OutputStream>,
        _: Resource<InputStream>,
        _: u64,
    ) -> Answer<u64> {
        self.closed()
    }

    fn drop(&mut self, _: Resource<OutputStream>) -> wasmtime::Result<()> {
        self.let_go();
        Ok(())
    }
}
