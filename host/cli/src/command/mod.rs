//! One file per command.

pub(crate) mod audit;
pub(crate) mod audit_run;
pub(crate) mod author;
pub(crate) mod explain;
pub(crate) mod key;
mod lock;
pub(crate) mod plugin;
pub(crate) mod policy;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod status;
pub(crate) mod task;
pub(crate) mod verify;
