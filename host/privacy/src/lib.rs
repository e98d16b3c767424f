//! What may be stored, and what may be shown.
//!
//! Two doors, one crate. Towards the disk: [`scan`] finds columns that identify people, after the
//! classes of the HIPAA Safe Harbor rule (45 CFR 164.514(b)(2)), [`deidentify`] removes,
//! pseudonymises, shifts, caps or generalises them under a [`Key`] that belongs to one run, and
//! [`rescan`] proves that nothing is left. Towards agents and reports: [`Disclosure`] hides small
//! counts so that no margin gives them back, and makes a [`DisclosedProfile`] of a profile.
//!
//! The design decision: a finding is a column, a class and a number of rows. No finding, no
//! transform, no error of this crate ever holds a value.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod class;
mod deidentify;
mod detect;
mod disclose;
mod error;
mod key;
mod policy;
mod pseudonym;
mod scan;

pub use class::{Action, Class, Evidence};
pub use deidentify::{Deidentified, Transform, deidentify};
pub use disclose::{
    DisclosedColumn, DisclosedHistogram, DisclosedLevel, DisclosedProfile, Disclosure, TwoWay,
};
pub use error::PrivacyError;
pub use key::Key;
pub use policy::{Policy, Profile};
pub use scan::{Finding, rescan, scan, scan_with};
