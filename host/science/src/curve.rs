//! Curves, as they are drawn.

use serde::{Deserialize, Serialize};

use crate::Estimate;

/// A point of a ROC or precision–recall curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// False positive rate (ROC) or recall (precision–recall), 0 to 1.
    pub x: f64,
    /// True positive rate (ROC) or precision (precision–recall), 0 to 1.
    pub y: f64,
}

/// One bin of a calibration curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Rows.
    pub n: u64,
    /// Mean predicted risk, 0 to 1.
    pub predicted: f64,
    /// Observed rate with its 95 % Wilson interval.
    pub observed: Estimate,
}

/// Net benefit at one threshold (Vickers & Elkin 2006).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetBenefit {
    /// Threshold probability, 0 to 1 exclusive.
    pub threshold: f64,
    /// Net benefit of the model.
    pub model: f64,
    /// Net benefit of treating everybody.
    pub treat_all: f64,
}

/// Mean absolute attribution of one design column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// The design column.
    pub name: String,
    /// Mean |SHAP| over rows (trees: TreeSHAP in log-odds; linear: |coefficient × deviation|).
    pub mean_abs: f64,
    /// Correlation of value and attribution: which way the column pushes, −1 to 1.
    pub sign: f64,
}
