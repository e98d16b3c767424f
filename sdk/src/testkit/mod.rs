//! A native stand-in of the host, for a plugin's own tests.

#[cfg(feature = "agent")]
mod briefing;
#[cfg(feature = "method")]
mod fold;
#[cfg(feature = "loader")]
mod memory_host;

#[cfg(feature = "agent")]
pub use briefing::{BriefingBuilder, event};
#[cfg(feature = "method")]
pub use fold::{apply, fit};
#[cfg(feature = "loader")]
pub use memory_host::{Budget as LoaderBudget, MemoryHost, Metric, load_all};
