//! Numbers behind the checks of leakage, balance and sample size.

mod balance;
mod sample_size;
mod univariate;

pub use balance::{smd, smd_categorical};
pub use sample_size::{RileyBinary, max_r2_cox_snell, riley_binary};
pub use univariate::{univariate_auroc, univariate_auroc_categorical};
