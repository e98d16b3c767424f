//! The runtime alone: a loader in wasmtime without our limits, meters and checks. What the sandbox
//! takes beyond it is ours; what it takes beyond native code is the runtime's.

use std::sync::Arc;

use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine, Store};

use crate::Fallible;
use crate::loaders::Dictionary;

mod bindings {
    #![allow(
        missing_docs,
        unused_qualifications,
        reason = "generated; documented in wit/"
    )]
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "loader",
        imports: { default: trappable },
    });
}

use bindings::autods::plugin::{log, sink, sources, types};
use bindings::exports::autods::plugin::ingest;

/// What an engine guards against; the sandbox has all of it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Guards {
    /// One bit pattern for NaN.
    pub(crate) canonical_nan: bool,
    /// Loops can be interrupted.
    pub(crate) epochs: bool,
    /// Bounds of memory are compared in code, as without address space for guard pages.
    pub(crate) explicit_bounds: bool,
}

/// A loader in an engine.
pub(crate) struct Bare {
    engine: Engine,
    entry: bindings::LoaderPre<Host>,
    guards: Guards,
}

/// Everything a loader can reach, without a check.
#[derive(Default)]
pub(crate) struct Host {
    source: Arc<[u8]>,
    /// What was emitted.
    pub(crate) streams: Vec<Vec<u8>>,
}

impl Bare {
    pub(crate) fn new(component: &[u8], guards: Guards, profiled: bool) -> Fallible<Self> {
        let mut config = Config::new();
        config
            .cranelift_nan_canonicalization(guards.canonical_nan)
            .epoch_interruption(guards.epochs);
        if guards.explicit_bounds {
            config.signals_based_traps(false);
        }
        if profiled {
            // Names and addresses of functions for `perf`, in /tmp.
            config.profiler(wasmtime::ProfilingStrategy::PerfMap);
        }
        let engine = Engine::new(&config)?;
        let component = Component::new(&engine, component)?;
        let mut linker = Linker::<Host>::new(&engine);
        bindings::Loader::add_to_linker::<_, HasSelf<Host>>(&mut linker, |host| host)?;
        Ok(Self {
            entry: bindings::LoaderPre::new(linker.instantiate_pre(&component)?)?,
            engine,
            guards,
        })
    }

    fn start(&self, source: &Arc<[u8]>) -> Fallible<(Store<Host>, bindings::Loader)> {
        let host = Host {
            source: Arc::clone(source),
            streams: Vec::new(),
        };
        let mut store = Store::new(&self.engine, host);
        if self.guards.epochs {
            store.set_epoch_deadline(u64::MAX / 2);
        }
        let guest = self.entry.instantiate(&mut store)?;
        Ok((store, guest))
    }

    /// Plans and loads; gives the streams.
    pub(crate) fn load_all(
        &self,
        source: &Arc<[u8]>,
        dictionary: &Dictionary,
        shard_bytes: u64,
    ) -> Fallible<Vec<Vec<u8>>> {
        let job = job(dictionary);
        let (mut store, guest) = self.start(source)?;
        let shards = guest
            .autods_plugin_ingest()
            .call_plan(&mut store, &job, shard_bytes)?
            .map_err(|fault| format!("{:?}", fault.code))?;
        let mut streams = Vec::new();
        for shard in shards {
            let (mut store, guest) = self.start(source)?;
            guest
                .autods_plugin_ingest()
                .call_load(&mut store, &job, shard)?
                .map_err(|fault| format!("{:?}", fault.code))?;
            streams.append(&mut store.data_mut().streams);
        }
        Ok(streams)
    }

    /// One `load` of the border component: see [`crate::components::border`].
    pub(crate) fn cross(&self, source: &Arc<[u8]>, crossing: Crossing) -> Fallible<Host> {
        let job = ingest::Job {
            tables: Vec::new(),
            params: Vec::new(),
        };
        let shard = ingest::Shard {
            source: crossing.length,
            start: crossing.reads,
            end: crossing.emits,
            first_line: crossing.says,
        };
        let (mut store, guest) = self.start(source)?;
        guest
            .autods_plugin_ingest()
            .call_load(&mut store, &job, shard)?
            .map_err(|fault| format!("{:?}", fault.code))?;
        Ok(store.into_data())
    }
}

/// What the border component does in one call.
#[derive(Clone, Copy, Default)]
pub(crate) struct Crossing {
    /// Bytes of each read and emit.
    pub(crate) length: u32,
    pub(crate) reads: u64,
    pub(crate) emits: u64,
    pub(crate) says: u64,
}

fn job(dictionary: &Dictionary) -> ingest::Job {
    use crate::loaders::Kind;
    let kind = |kind| match kind {
        Kind::Identifier => types::ValueKind::Identifier,
        Kind::Integer => types::ValueKind::Integer,
        Kind::Number => types::ValueKind::Number,
        Kind::Boolean => types::ValueKind::Boolean,
        Kind::Category => types::ValueKind::Category,
    };
    let columns = dictionary
        .columns
        .iter()
        .map(|(name, of)| ingest::ColumnSpec {
            name: name.clone(),
            kind: kind(*of),
            unit: None,
            codings: Vec::new(),
            missing: Vec::new(),
        });
    ingest::Job {
        tables: vec![ingest::TableSpec {
            name: crate::components::TABLE.to_owned(),
            columns: columns.collect(),
            missing: vec!["?".to_owned()],
        }],
        params: Vec::new(),
    }
}

impl types::Host for Host {}

impl log::Host for Host {
    fn write(&mut self, _: log::Level, _: String) -> wasmtime::Result<bool> {
        Ok(false)
    }
}

impl sources::Host for Host {
    fn describe(&mut self) -> wasmtime::Result<Vec<sources::SourceInfo>> {
        Ok(vec![sources::SourceInfo {
            name: "rows.csv".to_owned(),
            size: self.source.len() as u64,
            inflated: false,
        }])
    }

    fn read_at(
        &mut self,
        _: u32,
        offset: u64,
        length: u32,
    ) -> wasmtime::Result<Result<Vec<u8>, sources::ReadError>> {
        let start = usize::try_from(offset)?;
        Ok(self
            .source
            .get(start..start + length as usize)
            .map(<[u8]>::to_vec)
            .ok_or(sources::ReadError::OutOfRange))
    }
}

impl sink::Host for Host {
    fn emit(
        &mut self,
        _: String,
        stream: Vec<u8>,
    ) -> wasmtime::Result<Result<(), sink::SinkError>> {
        self.streams.push(stream);
        Ok(Ok(()))
    }

    fn metric(
        &mut self,
        _: String,
        _: Option<u32>,
        _: f64,
    ) -> wasmtime::Result<Result<(), sink::SinkError>> {
        Ok(Ok(()))
    }
}
