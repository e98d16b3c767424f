//! The author's side: a plugin from an empty folder to an installed, tested component.
//!
//! An author has `autods-host` and nothing else: templates, SDK and contract travel inside the
//! program ([`new_plugin`] writes them), and everything that the host will say at admission is said
//! here first, with the file and line to change. The design decision that matters: a case runs
//! against *the compiled component in the real sandbox*, with the limits on. A stand-in can be
//! wrong about the host; the host cannot.
//!
//! A language is a [`Language`]: a folder of templates, the programs that it needs, and the step
//! that gives a component. Nothing else here knows which one it is.

#![deny(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod bench;
mod build;
mod case;
mod check;
mod component;
mod error;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod install;
mod language;
mod name;
mod native;
mod new;
pub mod oci;
mod package;
mod packed;
mod project;
mod seal;
mod tar;
mod tell;

pub use bench::{Times, bench_case};
pub use build::{Built, build, name_component};
pub use case::{Case, CaseReport, Problem, cases, run_case, sandbox};
pub use check::{Finding, Weight, before_install, check_component, check_folder};
pub use error::AuthorError;
pub use install::{Installed, install, remove};
pub use language::{LANGUAGES, Language, Tool, Vendored, language};
pub use name::plugin_id;
pub use native::{Native, NativeCase, bench_native};
pub use new::{NewPlugin, new_plugin};
pub use package::Package;
pub use project::Project;
pub use tell::{Silent, Tell};
