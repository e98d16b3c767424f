//! The data steward.
//!
//! In `govern` it requests the checks that suspicious columns call for (one rule per file of
//! `review`); in `design` it looks for rows whose outcome cannot be observed and objects to a
//! population that keeps them (`design`). It decides by rule, from the catalogue and the board.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod design;
mod review;
mod steward;

pub use steward::DataSteward;

autods_sdk::export_agent!(DataSteward);
