//! Resampling and splitting, always by subject.

mod bootstrap;
mod groups;
mod split;

pub use bootstrap::ClusterBootstrap;
pub(crate) use groups::Groups;
pub use split::{lockbox, stratified_group_kfold};
