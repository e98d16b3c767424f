//! A file system without a folder. No stub makes a descriptor, and the canonical ABI lets no guest
//! make one up, so every method below answers what nobody can ask.

use wasmtime::component::Resource;

use crate::bindings::inert::wasi::filesystem::preopens;
use crate::bindings::inert::wasi::filesystem::types::{
    self, Advice, Descriptor, DescriptorFlags, DescriptorStat, DescriptorType, DirectoryEntry,
    DirectoryEntryStream, ErrorCode, MetadataHashValue, NewTimestamp, OpenFlags, PathFlags,
};
use crate::bindings::inert::wasi::io::error::Error;
use crate::bindings::inert::wasi::io::streams::{InputStream, OutputStream};
use crate::meter::Meter;

type Answer<T> = wasmtime::Result<Result<T, ErrorCode>>;

impl Meter {
    fn no_file<T>(&mut self) -> Answer<T> {
        self.host_call()?;
        Ok(Err(ErrorCode::BadDescriptor))
    }
}

impl preopens::Host for Meter {
    fn get_directories(&mut self) -> wasmtime::Result<Vec<(Resource<Descriptor>, String)>> {
        self.host_call()?;
        Ok(Vec::new())
    }
}

impl types::Host for Meter {
    fn filesystem_error_code(&mut self, _: Resource<Error>) -> wasmtime::Result<Option<ErrorCode>> {
        self.host_call()?;
        Ok(None)
    }
}

impl types::HostDirectoryEntryStream for Meter {
    fn read_directory_entry(
        &mut self,
        _: Resource<DirectoryEntryStream>,
    ) -> Answer<Option<DirectoryEntry>> {
        self.no_file()
    }

    fn drop(&mut self, _: Resource<DirectoryEntryStream>) -> wasmtime::Result<()> {
        Ok(())
    }
}

/// Methods of a descriptor, by what they would give.
macro_rules! absent {
    ($($method:ident($($argument:ty),*) -> $given:ty;)*) => {
        $(fn $method(&mut self, _: Resource<Descriptor> $(, _: $argument)*) -> Answer<$given> {
            self.no_file()
        })*
    };
}

impl types::HostDescriptor for Meter {
    absent! {
        read_via_stream(u64) -> Resource<InputStream>;
        write_via_stream(u64) -> Resource<OutputStream>;
        append_via_stream() -> Resource<OutputStream>;
        advise(u64, u64, Advice) -> ();
        sync_data() -> ();
        get_flags() -> DescriptorFlags;
        get_type() -> DescriptorType;
        set_size(u64) -> ();
        set_times(NewTimestamp, NewTimestamp) -> ();
        read(u64, u64) -> (Vec<u8>, bool);
        write(Vec<u8>, u64) -> u64;
        read_directory() -> Resource<DirectoryEntryStream>;
        sync() -> ();
        create_directory_at(String) -> ();
        stat() -> DescriptorStat;
        stat_at(PathFlags, String) -> DescriptorStat;
        set_times_at(PathFlags, String, NewTimestamp, NewTimestamp) -> ();
        link_at(PathFlags, String, Resource<Descriptor>, String) -> ();
        open_at(PathFlags, String, OpenFlags, DescriptorFlags) -> Resource<Descriptor>;
        readlink_at(String) -> String;
        remove_directory_at(String) -> ();
        rename_at(String, Resource<Descriptor>, String) -> ();
        symlink_at(String, String) -> ();
        unlink_file_at(String) -> ();
        metadata_hash() -> MetadataHashValue;
        metadata_hash_at(PathFlags, String) -> MetadataHashValue;
    }

    fn is_same_object(
        &mut self,
        _: Resource<Descriptor>,
        _: Resource<Descriptor>,
    ) -> wasmtime::Result<bool> {
        self.host_call()?;
        Ok(false)
    }

    fn drop(&mut self, _: Resource<Descriptor>) -> wasmtime::Result<()> {
        Ok(())
    }
}
