//! What the ledger says about calls of plugins, good and failed.

use autods_ledger::{Entry, Fault, Ledger};
use autods_sandbox::{Account, CallError, Plugin, Usage};

use crate::{error::Result, session::write_ledger};

/// Record a call that returned, and the limits that it met on its way.
pub(crate) fn record_call(
    ledger: &Ledger,
    plugin: &Plugin,
    export: &str,
    account: &Account,
    usage: &Usage,
) -> Result<()> {
    record_limits(ledger, plugin, export, account, None)?;
    write_ledger(
        ledger,
        &Entry::Call {
            plugin: plugin.id().to_owned(),
            sha256: plugin.sha256().to_owned(),
            export: export.to_owned(),
            micros: usage.micros,
            bytes_in: usage.bytes_in,
            bytes_out: usage.bytes_out,
            host_calls: usage.host_calls,
            log_bytes: usage.log_bytes,
        },
    )
}

/// Record a call that failed, what it had used by then, and the limits that it met.
pub(crate) fn record_failure(
    ledger: &Ledger,
    plugin: &Plugin,
    export: &str,
    account: &Account,
    error: &CallError,
) -> Result<()> {
    record_limits(ledger, plugin, export, account, Some(error))?;
    let usage = account.usage();
    write_ledger(
        ledger,
        &Entry::CallFailed {
            plugin: plugin.id().to_owned(),
            sha256: plugin.sha256().to_owned(),
            export: export.to_owned(),
            fault: fault(error),
            code: error.code().to_owned(),
            micros: usage.micros,
            bytes_in: usage.bytes_in,
            bytes_out: usage.bytes_out,
            host_calls: usage.host_calls,
            log_bytes: usage.log_bytes,
        },
    )
}

fn record_limits(
    ledger: &Ledger,
    plugin: &Plugin,
    export: &str,
    account: &Account,
    failed: Option<&CallError>,
) -> Result<()> {
    for hit in plugin.limit_hits(account, failed) {
        write_ledger(
            ledger,
            &Entry::LimitHit {
                plugin: plugin.id().to_owned(),
                sha256: plugin.sha256().to_owned(),
                export: export.to_owned(),
                limit: hit.key,
                allowed: hit.allowed,
                requested: hit.requested,
            },
        )?;
    }
    Ok(())
}

fn fault(error: &CallError) -> Fault {
    match error.code() {
        code if code.starts_with("fault-") => Fault::Returned,
        code if code.starts_with("trap-") => Fault::Trapped,
        "out-of-time" => Fault::Timeout,
        "out-of-memory" => Fault::Memory,
        "out-of-table" | "instantiation" | "host-budget" => Fault::Limit,
        "output-rejected" => Fault::Contract,
        _ => Fault::Host,
    }
}
