//! The attacks, by what they go for.

pub mod admission;
pub mod border;
pub mod component;
pub mod files;
pub mod leaks;
pub mod memory;
pub mod output;
pub mod packages;
pub mod papers;
pub mod records;
pub mod time;
