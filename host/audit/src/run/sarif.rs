//! Findings for a build server: SARIF 2.1.0. A run without any has an empty list.

use autods_ledger::{LedgerError, Outcome};
use serde_json::{Value, json};

use super::answers::{Moment, RunAudit};
use super::words;

/// What can be found, and what to think of it.
const RULES: [(&str, &str); 6] = [
    (
        "run-integrity",
        "The ledger or its signed head is not what was written.",
    ),
    ("run-denied", "A plugin or an agent was denied something."),
    (
        "run-limit-met",
        "A plugin asked for more than a limit allows.",
    ),
    ("run-call-failed", "A call of a plugin failed."),
    ("run-gate-shut", "A gate stayed shut."),
    ("run-not-completed", "The run did not come to its end."),
];

/// Denials, limits met, failed calls, shut gates and faults of integrity, as SARIF.
///
/// `audited` is what [`RunAudit::read`] answered: a ledger that does not verify is one finding.
///
/// # Errors
/// None that is known; serialising may fail in principle.
pub fn sarif(audited: &Result<RunAudit, LedgerError>) -> serde_json::Result<String> {
    let results = match audited {
        Ok(audit) => findings(audit),
        Err(error) => {
            let record = match error {
                LedgerError::Tampered { tampered, .. } => tampered.record.max(1),
                _ => 1,
            };
            vec![result("run-integrity", "error", record, &error.to_string())]
        }
    };
    let rules: Vec<Value> = RULES
        .iter()
        .map(|(id, text)| json!({"id": id, "shortDescription": {"text": text}}))
        .collect();
    serde_json::to_string_pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "autods-host audit --run",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn result(rule: &str, level: &str, record: u64, text: &str) -> Value {
    // one record is one line of the ledger
    json!({
        "ruleId": rule,
        "level": level,
        "message": {"text": words::plain(text)},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": "ledger.jsonl"},
            "region": {"startLine": record},
        }}],
    })
}

fn findings(audit: &RunAudit) -> Vec<Value> {
    let mut results = Vec::new();
    let mut add = |rule: &str, level: &str, moment: &Moment, text: String| {
        results.push(result(rule, level, moment.record, &text));
    };
    for d in &audit.denials {
        let what = d.capability.as_deref().unwrap_or("an action or admission");
        add(
            "run-denied",
            "warning",
            &d.moment,
            format!(
                "{}: {what} denied by {}: {}",
                d.to,
                words::authority(d.by),
                d.rule
            ),
        );
    }
    for l in &audit.limits_met {
        let requested = l.requested.map_or("more".to_owned(), |n| n.to_string());
        add(
            "run-limit-met",
            "warning",
            &l.moment,
            format!(
                "{} in `{}`: {} allows {}, requested {requested}",
                l.plugin, l.export, l.limit, l.allowed
            ),
        );
    }
    for c in &audit.failed_calls {
        add(
            "run-call-failed",
            "warning",
            &c.moment,
            format!("{} in `{}`: {}", c.plugin, c.export, c.code),
        );
    }
    for s in audit.stages.iter().filter(|s| !s.unmet.is_empty()) {
        add(
            "run-gate-shut",
            "error",
            &s.moment,
            format!("from {} to {}: {}", s.from, s.to, s.unmet.join(", ")),
        );
    }
    match &audit.closed {
        Some((_, Outcome::Completed)) => {}
        Some((moment, outcome)) => add(
            "run-not-completed",
            "error",
            moment,
            words::outcome(*outcome).to_owned(),
        ),
        None => add(
            "run-not-completed",
            "note",
            &Moment {
                record: audit.records.max(1),
                at: String::new(),
            },
            "the run is not closed".to_owned(),
        ),
    }
    results
}
