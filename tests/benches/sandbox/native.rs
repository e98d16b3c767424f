//! Native counterparts: the loader's own code on this processor, and a shared library of it.

use std::cell::RefCell;
use std::ffi::{CStr, CString};
use std::path::{Path, PathBuf};

use autods_sdk::loader::{
    ColumnSpec, Job, Loader, LoaderHost, LogLevel, ReadError, SinkError, SourceInfo, TableSpec,
    ValueKind,
};
use loader_table::TableLoader;

use crate::Fallible;
use crate::loaders::{Dictionary, Kind};

/// A host without a border: no limit, no check; what a loader emits is kept as it is.
#[derive(Default)]
struct Host<'s> {
    source: &'s [u8],
    streams: RefCell<Vec<Vec<u8>>>,
}

impl LoaderHost for Host<'_> {
    fn describe(&self) -> Vec<SourceInfo> {
        vec![SourceInfo {
            name: "rows.csv".to_owned(),
            size: self.source.len() as u64,
            inflated: false,
        }]
    }

    fn read_at(&self, _: u32, offset: u64, length: u32) -> Result<Vec<u8>, ReadError> {
        let start = usize::try_from(offset).map_err(|_| ReadError::OutOfRange)?;
        self.source
            .get(start..start + length as usize)
            .map(<[u8]>::to_vec)
            .ok_or(ReadError::OutOfRange)
    }

    fn emit(&self, _: &str, stream: &[u8]) -> Result<(), SinkError> {
        self.streams.borrow_mut().push(stream.to_vec());
        Ok(())
    }

    fn metric(&self, _: &str, _: Option<u32>, _: f64) -> Result<(), SinkError> {
        Ok(())
    }

    fn log(&self, _: LogLevel, _: &str) -> bool {
        true
    }
}

/// Plans and loads with the same loader's code, compiled for this processor.
pub(crate) fn load_all(
    source: &[u8],
    dictionary: &Dictionary,
    shard_bytes: u64,
) -> Fallible<Vec<Vec<u8>>> {
    let host = Host {
        source,
        ..Host::default()
    };
    autods_sdk::testkit::load_all::<TableLoader>(&job(dictionary), shard_bytes, &host)
        .map_err(|fault| format!("{:?}", fault.code))?;
    Ok(host.streams.into_inner())
}

/// Plans only.
pub(crate) fn plan(source: &[u8], dictionary: &Dictionary, shard_bytes: u64) -> Fallible<usize> {
    let host = Host {
        source,
        ..Host::default()
    };
    let shards = TableLoader::plan(&job(dictionary), shard_bytes, &host)
        .map_err(|fault| format!("{:?}", fault.code))?;
    Ok(shards.len())
}

fn job(dictionary: &Dictionary) -> Job {
    let columns = dictionary.columns.iter().map(|(name, kind)| ColumnSpec {
        name: name.clone(),
        kind: match kind {
            Kind::Identifier => ValueKind::Identifier,
            Kind::Integer => ValueKind::Integer,
            Kind::Number => ValueKind::Number,
            Kind::Boolean => ValueKind::Boolean,
            Kind::Category => ValueKind::Category,
        },
        unit: None,
        codings: Vec::new(),
        missing: Vec::new(),
    });
    Job {
        tables: vec![TableSpec {
            name: crate::components::TABLE.to_owned(),
            columns: columns.collect(),
            missing: vec!["?".to_owned()],
        }],
        params: Vec::new(),
    }
}

/// A method that a native host calls through a pointer.
pub(crate) trait Door {
    fn say(&mut self, level: u32, text: &str) -> bool;
}

/// Counts what is said.
#[derive(Default)]
pub(crate) struct Counting(pub(crate) u64);

impl Door for Counting {
    fn say(&mut self, level: u32, text: &str) -> bool {
        self.0 += u64::from(level) + text.len() as u64;
        self.0 > 1 << 40
    }
}

/// The loader as a shared library: `tests/examples/native_loader.rs`.
pub(crate) fn library() -> Fallible<PathBuf> {
    let program = std::env::current_exe()?;
    let folder = program.ancestors().nth(2).ok_or("no folder")?;
    let path = folder.join("examples/libnative_loader.so");
    if !path.is_file() {
        return Err(format!(
            "{} is not there; `cargo xtask bench sandbox` builds it",
            path.display()
        )
        .into());
    }
    Ok(path)
}

/// Loads a library and finds its door; gives it back to the system when dropped.
pub(crate) struct Library(*mut std::ffi::c_void);

impl Library {
    pub(crate) fn open(path: &Path) -> Fallible<Self> {
        let path = CString::new(path.as_os_str().as_encoded_bytes())?;
        #[expect(unsafe_code, reason = "the native counterpart of loading a plugin")]
        // SAFETY: the library is our own build of a loader; it has no initialisers.
        let handle = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        if handle.is_null() {
            return Err("dlopen failed".into());
        }
        let library = Self(handle);
        const DOOR: &CStr = c"load";
        #[expect(unsafe_code, reason = "the native counterpart of finding an export")]
        // SAFETY: the handle is open, and the address is only compared with null.
        let door = unsafe { libc::dlsym(library.0, DOOR.as_ptr()) };
        if door.is_null() {
            return Err("the library exports no `load`".into());
        }
        Ok(library)
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        #[expect(unsafe_code, reason = "gives back what `open` got")]
        // SAFETY: opened once, closed once, nothing of it is in use.
        let _ = unsafe { libc::dlclose(self.0) };
    }
}

/// Memory from the kernel, given back when dropped.
pub(crate) struct Fresh(*mut libc::c_void, usize);

impl Fresh {
    pub(crate) fn new(length: usize) -> Fallible<Self> {
        #[expect(unsafe_code, reason = "the standard library does not map memory")]
        // SAFETY: a new private mapping, at an address of the kernel's choice.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                length,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err("the kernel gives no memory".into());
        }
        Ok(Self(start, length))
    }

    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        #[expect(unsafe_code, reason = "mapped memory as a slice")]
        // SAFETY: mapped for reading and writing, zeros at first, ours alone while borrowed.
        unsafe {
            std::slice::from_raw_parts_mut(self.0.cast(), self.1)
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        #[expect(unsafe_code, reason = "gives back what `new` got")]
        // SAFETY: mapped once, unmapped once, no borrow of it is left.
        let _ = unsafe { libc::munmap(self.0, self.1) };
    }
}
