//! The table loader as a native shared library: what a host without a sandbox would load. The
//! benchmark `sandbox` measures `dlopen` of it beside loading the component.

use std::cell::RefCell;

use autods_sdk::loader::{
    Job, Loader, LoaderHost, LogLevel, ReadError, SinkError, SourceInfo, TableSpec,
};
use loader_table::TableLoader;

struct Nothing(RefCell<u64>);

impl LoaderHost for Nothing {
    fn describe(&self) -> Vec<SourceInfo> {
        Vec::new()
    }

    fn read_at(&self, _: u32, _: u64, _: u32) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::OutOfRange)
    }

    fn emit(&self, _: &str, stream: &[u8]) -> Result<(), SinkError> {
        *self.0.borrow_mut() += stream.len() as u64;
        Ok(())
    }

    fn metric(&self, _: &str, _: Option<u32>, _: f64) -> Result<(), SinkError> {
        Ok(())
    }

    fn log(&self, _: LogLevel, _: &str) -> bool {
        false
    }
}

/// Plans and loads all of nothing; gives the bytes emitted.
#[expect(unsafe_code, reason = "an export of a shared library has a fixed name")]
// SAFETY: no other function of this library has this name.
#[unsafe(no_mangle)]
pub extern "C" fn load() -> u64 {
    let job = Job {
        tables: vec![TableSpec {
            name: "rows".to_owned(),
            columns: Vec::new(),
            missing: Vec::new(),
        }],
        params: Vec::new(),
    };
    let host = Nothing(RefCell::default());
    for shard in TableLoader::plan(&job, 1, &host).unwrap_or_default() {
        let _ = TableLoader::load(&job, &shard, &host);
    }
    host.0.into_inner()
}
