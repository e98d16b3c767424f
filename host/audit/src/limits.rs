//! The limits of a plugin's calls, and where each comes from.

use autods_sandbox::{Audit, Limits, Manifest, Policy};
use serde::Serialize;

/// Where a limit comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The lock keeps it as it was when the plugin was pinned.
    Lock,
    /// The manifest lowers it.
    Manifest,
    /// The site's policy sets it.
    Policy,
    /// Nobody set it: the default of the host.
    Default,
}

/// One limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LimitLine {
    /// Its key in `[limits]`.
    pub key: String,
    /// Its value.
    pub value: u64,
    /// Its unit.
    pub unit: &'static str,
    /// Where it comes from.
    pub origin: Origin,
}

impl Origin {
    /// In a few words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Lock => "autods.lock, as it was pinned",
            Self::Manifest => "the plugin's manifest, lower than the policy",
            Self::Policy => "the site's policy",
            Self::Default => "the host's default",
        }
    }
}

/// The limits in effect, by key.
pub fn limits(audit: &Audit, manifest: &Manifest, policy: &Policy) -> Vec<LimitLine> {
    let asked = keys(&audit.asked_limits);
    let site = keys(&policy.limits);
    let usual = keys(&Limits::default());
    keys(&audit.limits)
        .into_iter()
        .map(|(key, value)| {
            let same = |all: &[(String, u64)]| all.iter().any(|(k, v)| *k == key && *v == value);
            let origin = if !same(&asked) {
                Origin::Lock
            } else if manifest.limits.contains_key(&key) && !same(&site) {
                Origin::Manifest
            } else if same(&usual) {
                Origin::Default
            } else {
                Origin::Policy
            };
            LimitLine {
                unit: unit(&key),
                key,
                value,
                origin,
            }
        })
        .collect()
}

/// Key and value of each limit.
fn keys(limits: &Limits) -> Vec<(String, u64)> {
    // a struct of numbers always serialises
    let value = serde_json::to_value(limits).unwrap_or_default();
    value
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_u64()?)))
        .collect()
}

fn unit(key: &str) -> &'static str {
    match key {
        _ if key.ends_with("-mib") => "MiB",
        _ if key.ends_with("-kib") => "KiB",
        _ if key.ends_with("-ms") => "ms",
        _ if key.ends_with("-bytes") => "bytes",
        "table-elements" => "elements",
        "host-calls" => "calls",
        "output-rows" => "rows",
        "output-columns" => "columns",
        "output-streams" => "streams",
        "log-lines" => "messages",
        _ => "",
    }
}
