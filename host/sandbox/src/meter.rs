//! What a call has used, and the limits it is held to.

use std::time::{Duration, Instant};

use wasmtime::ResourceLimiter;

use crate::account::Over;
use crate::bindings::log;
use crate::call_error::Budget;
use crate::message::{Loudness, printable};
use crate::policy::{Limits, LogSettings, mib};
use crate::wasi::Stubs;

/// What a call used.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Usage {
    /// Wall time in microseconds, instantiation included, compilation not.
    pub micros: u64,
    /// Bytes handed to the plugin: tables, states, source reads.
    pub bytes_in: u64,
    /// Bytes taken from it: tables and states.
    pub bytes_out: u64,
    /// Rows taken from it.
    pub rows_out: u64,
    /// Calls that it made into the host.
    pub host_calls: u64,
    /// Bytes of messages to its author, shown or not.
    pub log_bytes: u64,
    /// Greatest size of its memories together, in bytes.
    pub peak_memory: u64,
}

/// Why the host ends a call from inside a host call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    #[error("out of time")]
    OutOfTime,
    #[error("host budget used up")]
    Budget(Budget),
    #[error("the plugin ended itself")]
    Exit,
}

/// Something the store refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Denied {
    pub requested: u64,
}

/// Counts and limits of one call.
pub(crate) struct Meter {
    pub usage: Usage,
    pub limits: Limits,
    pub denied_memory: Option<Denied>,
    pub denied_table: Option<Denied>,
    /// The first budget that was asked for too much.
    pub over: Option<Over>,
    /// The log's limit that was met first: key, what it allows, what was asked for.
    pub log_over: Option<(&'static str, u64, u64)>,
    pub messages: Vec<(Loudness, String)>,
    /// Whether instantiation is over.
    pub entered: bool,
    /// What the stubs of WASI know, where the policy links them.
    pub stubs: Stubs,
    log: LogSettings,
    log_lines: u64,
    began: Instant,
    deadline: Duration,
    memory: u64,
    elements: u64,
    /// What the last permitted growth added, in case it fails afterwards.
    last_growth: u64,
}

impl Meter {
    pub(crate) fn new(limits: Limits, log: LogSettings) -> Self {
        let deadline = Duration::from_millis(limits.wall_ms);
        Self {
            usage: Usage::default(),
            limits,
            denied_memory: None,
            denied_table: None,
            over: None,
            log_over: None,
            messages: Vec::new(),
            entered: false,
            stubs: Stubs::new(),
            log,
            log_lines: 0,
            began: Instant::now(),
            deadline,
            memory: 0,
            elements: 0,
            last_growth: 0,
        }
    }

    /// The call begins now: what it waited for its turn is not its time.
    pub(crate) fn begin(&mut self) {
        self.began = Instant::now();
    }

    /// Counts a call into the host; ends the guest's call when it was one too many or too late.
    pub(crate) fn host_call(&mut self) -> Result<(), Stop> {
        self.usage.host_calls += 1;
        if self.usage.host_calls > self.limits.host_calls {
            self.over
                .get_or_insert((Budget::HostCalls, self.usage.host_calls));
            return Err(Stop::Budget(Budget::HostCalls));
        }
        if self.began.elapsed() > self.deadline {
            return Err(Stop::OutOfTime);
        }
        Ok(())
    }

    /// Takes what a plugin printed: counted as messages to its author; what is over the budget is
    /// dropped without a word, because a program does not expect that of a stream.
    pub(crate) fn printed(&mut self, stream: u32, text: &[u8]) {
        let left = self.limits.log_bytes.saturating_sub(self.usage.log_bytes);
        let text = &text[..text.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
        self.usage.log_bytes += text.len() as u64;
        let max = self.line_bytes();
        let mut lines = Vec::new();
        self.stubs
            .printer
            .print(stream, text, max, |loudness, line| {
                lines.push((loudness, line.to_vec()));
            });
        self.keep(lines);
    }

    /// Keeps the last line of each stream, which nothing ended.
    pub(crate) fn end_lines(&mut self) {
        let rest = self.stubs.printer.rest();
        self.keep(rest);
    }

    fn keep(&mut self, lines: Vec<(Loudness, Vec<u8>)>) {
        for (loudness, line) in lines {
            if self.log_lines >= self.limits.log_lines {
                return;
            }
            self.log_lines += 1;
            if self.log.show {
                let text = printable(&String::from_utf8_lossy(&line), self.line_bytes());
                self.messages.push((loudness, text));
            }
        }
    }

    fn line_bytes(&self) -> usize {
        usize::try_from(self.log.line_bytes).unwrap_or(usize::MAX)
    }

    /// Closes the account.
    pub(crate) fn close(&mut self) -> Usage {
        self.usage.micros = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.usage.clone()
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let growth = (desired as u64).saturating_sub(current as u64);
        let requested = self.memory.saturating_add(growth);
        if requested > mib(self.limits.memory_mib) {
            self.denied_memory = Some(Denied { requested });
            self.last_growth = 0;
            return Ok(false);
        }
        self.memory = requested;
        self.last_growth = growth;
        self.usage.peak_memory = self.usage.peak_memory.max(requested);
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        // Also called after our own refusal; then there is nothing to give back.
        self.memory = self
            .memory
            .saturating_sub(std::mem::take(&mut self.last_growth));
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let requested = self
            .elements
            .saturating_add((desired as u64).saturating_sub(current as u64));
        if requested > self.limits.table_elements {
            self.denied_table = Some(Denied { requested });
            return Ok(false);
        }
        // A permitted growth that fails afterwards stays counted: it can only make us stricter.
        self.elements = requested;
        Ok(true)
    }

    fn instances(&self) -> usize {
        usize::try_from(self.limits.instances).unwrap_or(usize::MAX)
    }

    fn tables(&self) -> usize {
        usize::try_from(self.limits.tables).unwrap_or(usize::MAX)
    }

    fn memories(&self) -> usize {
        usize::try_from(self.limits.memories).unwrap_or(usize::MAX)
    }
}

impl log::Host for Meter {
    fn write(&mut self, level: log::Level, message: String) -> wasmtime::Result<bool> {
        self.host_call()?;
        let bytes = self.usage.log_bytes.saturating_add(message.len() as u64);
        if self.log_lines >= self.limits.log_lines || bytes > self.limits.log_bytes {
            self.log_over
                .get_or_insert(if self.log_lines >= self.limits.log_lines {
                    ("log-lines", self.limits.log_lines, self.log_lines + 1)
                } else {
                    ("log-bytes", self.limits.log_bytes, bytes)
                });
            return Ok(false);
        }
        self.log_lines += 1;
        self.usage.log_bytes = bytes;
        if self.log.show {
            let loudness = match level {
                log::Level::Debug => Loudness::Debug,
                log::Level::Info => Loudness::Info,
                log::Level::Warn => Loudness::Warn,
            };
            let text = printable(&message, self.line_bytes());
            self.messages.push((loudness, text));
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 64 * 1024;

    fn meter() -> Meter {
        let limits = Limits {
            memory_mib: 1,
            table_elements: 10,
            ..Limits::default()
        };
        Meter::new(limits, LogSettings::default())
    }

    #[test]
    fn memory_is_summed_over_all_memories_of_a_store() {
        let mut meter = meter();
        assert!(meter.memory_growing(0, 9 * PAGE, None).unwrap());
        assert!(!meter.memory_growing(0, 8 * PAGE, None).unwrap());
        assert_eq!(
            meter.denied_memory,
            Some(Denied {
                requested: 17 * PAGE as u64
            })
        );
        assert!(meter.memory_growing(0, 7 * PAGE, None).unwrap());
        assert!(!meter.memory_growing(9 * PAGE, 10 * PAGE, None).unwrap());
        assert_eq!(meter.usage.peak_memory, 16 * PAGE as u64);
    }

    #[test]
    fn a_growth_that_fails_after_it_was_permitted_is_given_back_once() {
        let mut meter = meter();
        assert!(meter.memory_growing(0, 16 * PAGE, None).unwrap());
        meter
            .memory_grow_failed(wasmtime::Error::msg("no memory"))
            .unwrap();
        meter
            .memory_grow_failed(wasmtime::Error::msg("no memory"))
            .unwrap();
        assert!(meter.memory_growing(0, 16 * PAGE, None).unwrap());
        assert!(!meter.memory_growing(0, PAGE, None).unwrap());
        meter
            .memory_grow_failed(wasmtime::Error::msg("refused"))
            .unwrap();
        assert!(!meter.memory_growing(0, PAGE, None).unwrap());
    }

    #[test]
    fn table_elements_are_summed_over_all_tables_of_a_store() {
        let mut meter = meter();
        assert!(meter.table_growing(0, 6, None).unwrap());
        assert!(!meter.table_growing(0, 5, None).unwrap());
        assert!(meter.table_growing(6, 10, None).unwrap());
    }
}
