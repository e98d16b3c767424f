//! For programs: the audits as the sandbox made them, with what this crate says about them.

use serde_json::{Value, json as object};

use crate::examination::{Examination, Finding, Occasion};
use crate::{can, limits, made, never};

/// The examination as JSON. Keys are added, never renamed.
pub fn json(examination: &Examination) -> Value {
    let (occasion, about) = match &examination.occasion {
        Occasion::Named => ("named", None),
        Occasion::Task(name) => ("task", Some(name)),
        Occasion::Run(name) => ("run", Some(name)),
    };
    let policy = &examination.policy;
    let plugins: Vec<Value> = examination
        .subjects
        .iter()
        .map(|subject| {
            let mut plugin = match &subject.finding {
                Finding::Audited { manifest, audit } => {
                    let mut plugin = object!(audit);
                    plugin["title"] = object!(manifest.plugin.title);
                    plugin["licence"] = object!(manifest.plugin.licence);
                    plugin["made"] = object!(made(audit));
                    plugin["limit-origins"] = object!(limits(audit, manifest, policy));
                    plugin["can"] = object!(can(audit, manifest, policy));
                    plugin["can-never"] = object!(never(audit));
                    plugin
                }
                Finding::Unread(refusal) => {
                    object!({ "id": subject.name(), "refusals": [refusal] })
                }
            };
            plugin["component"] = object!(subject.component.display().to_string());
            plugin["verdict"] = object!(subject.verdict().describe());
            plugin
        })
        .collect();
    object!({
        "host": env!("CARGO_PKG_VERSION"),
        "occasion": occasion,
        "about": about,
        "policy": { "name": examination.policy_name, "sha256": policy.digest() },
        "verdict": examination.verdict().describe(),
        "plugins": plugins,
    })
}
