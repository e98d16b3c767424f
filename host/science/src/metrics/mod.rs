//! How good predicted risks are.

mod auroc;
mod calibration;
mod decision;
mod lowess;
pub(crate) mod newton;
mod precision;
mod reliability;
mod roc;
mod score;

pub use auroc::{PairedAuroc, auroc, auroc_delong, delong_paired};
pub(crate) use auroc::{concordance, delong_components};
pub use calibration::{
    WeakCalibration, calibration_in_the_large, calibration_slope, observed_expected_ratio,
    weak_calibration,
};
pub use decision::{Rates, decision_curve, rates_at, wilson};
pub use precision::{average_precision, precision_recall_curve};
pub use reliability::{CalibrationError, calibration_curve, calibration_error};
pub use roc::roc_curve;
pub use score::{brier, log_loss, scaled_brier};
