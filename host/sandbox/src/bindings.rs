//! Generated from `wit/`, once for each world. The interfaces `types` and `log` are the same Rust
//! types in all three.

#![allow(
    missing_docs,
    unused_qualifications,
    reason = "generated; documented in wit/"
)]

pub(crate) mod loader {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "loader",
        imports: { default: trappable },
        additional_derives: [serde::Serialize, serde::Deserialize, Clone, PartialEq],
        include_component_type: true,
    });
}

pub(crate) mod method {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "method",
        imports: { default: trappable },
        with: {
            "autods:plugin/types": crate::bindings::loader::autods::plugin::types,
            "autods:plugin/log": crate::bindings::loader::autods::plugin::log,
        },
        additional_derives: [serde::Serialize, serde::Deserialize, Clone, PartialEq],
        include_component_type: true,
    });
}

pub(crate) mod agent {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "agent",
        imports: { default: trappable },
        with: {
            "autods:plugin/types": crate::bindings::loader::autods::plugin::types,
            "autods:plugin/log": crate::bindings::loader::autods::plugin::log,
        },
        additional_derives: [serde::Serialize, serde::Deserialize, Clone, PartialEq],
        include_component_type: true,
    });
}

/// WASI, for stubs only; see `crate::wasi`.
pub(crate) mod inert {
    wasmtime::component::bindgen!({
        path: "inert",
        world: "inert",
        imports: { default: trappable },
        include_component_type: true,
    });
}

pub(crate) use loader::autods::plugin::{log, sink, sources, types};
