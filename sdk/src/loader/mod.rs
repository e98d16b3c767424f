//! The world `loader`: files in, rows out.
//!
//! The types are those of `wit/loader.wit`, where every one of them is documented.

pub mod cell;
mod host;
mod source_reader;
mod table_writer;
mod values;

#[allow(
    missing_docs,
    unused_qualifications,
    clippy::all,
    reason = "generated from wit/, where every item is documented"
)]
#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "loader",
        with: {
            "autods:plugin/types@0.1.0": crate::contract::bindings::autods::plugin::types,
            "autods:plugin/log@0.1.0": crate::contract::bindings::autods::plugin::log,
        },
        generate_unused_types: true,
        additional_derives: [Clone, PartialEq],
        pub_export_macro: true,
        export_macro_name: "__export_loader_component",
        default_bindings_module: "autods_sdk::loader::bindings",
    });
}

pub use crate::{Fault, FaultCode, LogLevel, Param, Scalar, ValueKind};
pub use bindings::autods::plugin::sink::SinkError;
pub use bindings::autods::plugin::sources::{ReadError, SourceInfo};
pub use bindings::exports::autods::plugin::ingest::{
    Coding, ColumnSpec, Job, Shard, Summary, TableSpec,
};
#[doc(hidden)]
pub use host::Component;
pub use host::LoaderHost;
pub use source_reader::SourceReader;
pub use table_writer::{BATCH_ROWS, TableWriter, schema};

/// A loader: reads the sources that the host matched and emits rows.
///
/// The host calls [`plan`](Loader::plan) once and [`load`](Loader::load) once for each shard, in
/// any order and perhaps at the same time, every call in a store of its own: nothing is kept
/// between calls.
pub trait Loader {
    /// Splits the sources into shards of about `shard_bytes`, every one starting at a record.
    ///
    /// # Errors
    /// A [`Fault`] that says what is wrong with which source, and where.
    fn plan(job: &Job, shard_bytes: u64, host: &dyn LoaderHost) -> Result<Vec<Shard>, Fault>;

    /// Reads one shard and emits its rows in file order.
    ///
    /// # Errors
    /// A [`Fault`] that says what is wrong with which source, and where.
    fn load(job: &Job, shard: &Shard, host: &dyn LoaderHost) -> Result<Summary, Fault>;
}

/// Makes a type that implements [`Loader`](crate::loader::Loader) the component's export.
///
/// Expands to nothing outside `wasm32`, so that the crate is an ordinary library in `cargo test`.
#[macro_export]
macro_rules! export_loader {
    ($loader:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Component;
            impl $crate::loader::bindings::exports::autods::plugin::ingest::Guest for Component {
                fn plan(
                    job: $crate::loader::Job,
                    shard_bytes: u64,
                ) -> ::std::result::Result<
                    ::std::vec::Vec<$crate::loader::Shard>,
                    $crate::loader::Fault,
                > {
                    $crate::announce_panics();
                    <$loader as $crate::loader::Loader>::plan(
                        &job,
                        shard_bytes,
                        &$crate::loader::Component,
                    )
                }
                fn load(
                    job: $crate::loader::Job,
                    shard: $crate::loader::Shard,
                ) -> ::std::result::Result<$crate::loader::Summary, $crate::loader::Fault> {
                    $crate::announce_panics();
                    <$loader as $crate::loader::Loader>::load(
                        &job,
                        &shard,
                        &$crate::loader::Component,
                    )
                }
            }
            $crate::loader::bindings::__export_loader_component!(
                Component with_types_in $crate::loader::bindings
            );
        };
    };
}
