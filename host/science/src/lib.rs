//! Statistics, models and validation: pure functions on arrays. No I/O, no clock, no global state.
//!
//! The design decision: a number is a function of its arguments only. Every reduction has a fixed
//! order and every random choice has its own ChaCha stream, so the same input and seed give the
//! same bits on one thread or on many. Nothing here panics on bad input, and no error repeats a
//! value of a row.
//!
//! - `metrics`: discrimination (AUROC with DeLong's interval, average precision), overall scores
//!   (Brier, log loss), calibration, rates and net benefit at a threshold, curves.
//! - `validation`: the bootstrap that resamples subjects instead of rows, the folds, the lock-box.
//! - `learner`: what can be fitted, from the prevalence to gradient boosting, with attributions.
//! - `checks`: numbers behind the leakage and sample-size checks.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests may panic"
    )
)]

mod checks;
mod curve;
mod error;
mod estimate;
mod learner;
mod metrics;
mod order;
mod random;
mod sample;
mod validation;

pub use checks::{
    RileyBinary, max_r2_cox_snell, riley_binary, smd, smd_categorical, univariate_auroc,
    univariate_auroc_categorical,
};
pub use curve::{Attribution, CalibrationBin, CurvePoint, NetBenefit};
pub use error::{LearnerError, StatisticError};
pub use estimate::Estimate;
pub use learner::{Attributions, Design, Fitted, LEARNERS, Learner, Parameter};
pub use metrics::{
    CalibrationError, PairedAuroc, Rates, WeakCalibration, auroc, auroc_delong, average_precision,
    brier, calibration_curve, calibration_error, calibration_in_the_large, calibration_slope,
    decision_curve, delong_paired, log_loss, observed_expected_ratio, precision_recall_curve,
    rates_at, roc_curve, scaled_brier, weak_calibration, wilson,
};
pub use validation::{ClusterBootstrap, lockbox, stratified_group_kfold};
