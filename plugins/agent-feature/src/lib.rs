//! The feature engineer.
//!
//! Looks at every predictor's kind, labels and codes (`shape`), decides what a linear model and
//! what trees need of it (`sets`), and adds columns that combine others (`combine`). It knows no
//! data set by name. Columns that an objection names are left out of the successor
//! (`proposal`). All numbers that govern a recipe are in `settings`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod combine;
mod feature_engineer;
mod predictors;
mod proposal;
mod sets;
mod settings;
mod shape;
mod steps;

pub use feature_engineer::FeatureEngineer;

autods_sdk::export_agent!(FeatureEngineer);
