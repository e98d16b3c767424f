//! Runs plugins on protected data and lets nothing out that their world does not allow.
//!
//! A plugin is a WebAssembly component of one of three worlds (`wit/`): a [`loader`] reads files
//! and emits rows, a [`method`] is fitted and applied to the rows of one fold, an [`agent`] sees
//! aggregates and answers with typed actions. The import list of a component is its whole
//! authority, so the design decision here is to *link nothing else*: no clock, no randomness, no
//! environment, no socket, in any configuration. What a world may import is in [`World::imports`],
//! and a component that asks for more is refused by name before it is compiled. A policy may say
//! `wasi.stubs = true`, for compilers that import WASI whether it is used or not: what is linked
//! then answers nothing.
//!
//! The way of a plugin:
//!
//! 1. [`PluginFile::read`] reads manifest and component once, hashes the bytes and audits them
//!    ([`Audit`]): static, nothing is compiled or run.
//! 2. [`Sandbox::admit`] compiles exactly those bytes (or takes authenticated machine code from
//!    its cache) and links them: a [`Plugin`].
//! 3. [`loader::plan`], [`loader::load`], [`method::fit`], [`method::apply`] and [`agent::act`]
//!    call it. Every call has a fresh store under the [`Limits`] of the [`Policy`]; after a trap
//!    the store and everything that the call put out are gone. What comes back is checked before
//!    anybody sees it: Arrow streams ([`Flaw`]), names ([`method::OutputNames`]), actions.
//!
//! Errors ([`Refusal`], [`CallError`]) are codes, numbers and names of the contract; text that a
//! row-zone plugin chose is in none of them.

#![deny(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod account;
pub mod agent;
mod anatomy;
mod audit;
mod bindings;
mod cache;
mod call_error;
mod digest;
mod engine;
mod explain;
mod fault;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod grant;
mod inflate;
mod inspect;
mod ipc;
mod keys;
pub mod loader;
mod lock;
mod manifest;
mod message;
mod meter;
pub mod method;
mod parameter;
mod plugin;
mod plugin_file;
pub mod policy;
mod refusal;
mod sandbox;
mod skeleton;
mod sources;
mod stream;
mod trust;
mod turns;
mod values;
mod wasi;
mod world;

pub use account::{Account, LimitHit};
pub use anatomy::{Producer, Shape};
pub use audit::{Audit, Export, Import};
pub use cache::{Compiled, prepare_cache};
pub use call_error::{Budget, CallError, Rejection, TrapKind};
pub use explain::{Explanation, Who, explain, explanations};
pub use grant::{Grant, Layer, Purpose};
pub use ipc::{Flaw, Storage};
pub use keys::FileError;
pub use lock::{Change, Lock, Pinned, SignedText};
pub use manifest::{
    Capabilities, ComponentDigest, Emits, Identity, Manifest, Reads, Roles, Step, Vocabulary,
};
pub use message::{Loudness, Message};
pub use meter::Usage;
pub use parameter::{Parameter, ParameterType, ParameterValue, declared};
pub use plugin::Plugin;
pub use plugin_file::PluginFile;
pub use policy::{
    ComponentLimits, EngineSettings, Limits, LogSettings, Policy, Profile, SourceLimits,
    WasiSettings,
};
pub use refusal::Refusal;
pub use sandbox::{Sandbox, SandboxError};
pub use sources::{Source, SourceError, Sources};
pub use trust::{LockState, Papers, Seal, lock_is_signed};
pub use world::{ACCEPTED, CONTRACT, Capability, Published, World};
