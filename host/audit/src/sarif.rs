//! For a build server: SARIF 2.1.0 (OASIS Standard, 2020), one result for each reason to refuse.
//!
//! A result points to where it can be mended: the line of the manifest, where the reason is in the
//! manifest, else the component, with the byte where the reason is one.

use std::collections::BTreeMap;
use std::fs;

use autods_sandbox::Refusal;
use serde_json::{Value, json};

use crate::examination::{Examination, Subject};
use crate::rules::rule;

/// The examination as SARIF.
pub fn sarif(examination: &Examination) -> Value {
    let mut codes: BTreeMap<&'static str, usize> = BTreeMap::new();
    for refusal in examination.subjects.iter().flat_map(Subject::refusals) {
        codes.insert(refusal.code(), 0);
    }
    for (index, (_, place)) in codes.iter_mut().enumerate() {
        *place = index;
    }
    let rules: Vec<Value> = codes
        .keys()
        .map(|code| {
            let rule = rule(code);
            json!({
                "id": code,
                "shortDescription": { "text": rule.what },
                "help": { "text": rule.help },
                "defaultConfiguration": { "level": "error" },
            })
        })
        .collect();
    let results: Vec<Value> = examination
        .subjects
        .iter()
        .flat_map(|subject| {
            subject.refusals().iter().map(|refusal| {
                let code = refusal.code();
                json!({
                    "ruleId": code,
                    "ruleIndex": codes.get(code),
                    "level": "error",
                    "message": { "text": format!("{}: {refusal}", subject.name()) },
                    "locations": [location(subject, refusal)],
                })
            })
        })
        .collect();
    let artifacts: Vec<Value> = examination
        .subjects
        .iter()
        .map(|subject| {
            let mut artifact = json!({ "location": { "uri": uri(&subject.component) } });
            if let Some(audit) = subject.audit() {
                artifact["length"] = json!(audit.bytes);
                artifact["hashes"] = json!({ "sha-256": audit.sha256 });
                artifact["mimeType"] = json!("application/wasm");
            }
            artifact
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "autods-host audit",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "invocations": [{ "executionSuccessful": true }],
            "artifacts": artifacts,
            "results": results,
            "properties": {
                "policy": examination.policy_name,
                "policy-sha256": examination.policy.digest(),
            },
        }],
    })
}

/// Where a reason can be mended.
fn location(subject: &Subject, refusal: &Refusal) -> Value {
    let physical = match refusal {
        Refusal::Malformed { offset, .. } => json!({
            "artifactLocation": { "uri": uri(&subject.component) },
            "region": { "byteOffset": offset, "byteLength": 1 },
        }),
        Refusal::Manifest(error) => in_manifest(subject, error.line()),
        Refusal::AbovePolicy { key, .. } => in_manifest(subject, line_of(subject, "limits", key)),
        Refusal::ContractVersion { subject: what, .. } if what == "the manifest" => {
            in_manifest(subject, line_of(subject, "plugin", "contract"))
        }
        _ => json!({ "artifactLocation": { "uri": uri(&subject.component) } }),
    };
    json!({ "physicalLocation": physical })
}

fn in_manifest(subject: &Subject, line: Option<usize>) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&subject.manifest_file()) } });
    if let Some(line) = line {
        physical["region"] = json!({ "startLine": line });
    }
    physical
}

/// The line of a key in a section of the manifest, from 1.
fn line_of(subject: &Subject, section: &str, key: &str) -> Option<usize> {
    let text = fs::read_to_string(subject.manifest_file()).ok()?;
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line.trim_matches(['[', ']']) == section;
        } else if inside
            && line
                .split('=')
                .next()
                .is_some_and(|name| name.trim() == key)
        {
            return Some(index + 1);
        }
    }
    None
}

/// A path as a relative or absolute URI reference (RFC 3986): what is no unreserved character is
/// percent-encoded.
fn uri(path: &std::path::Path) -> String {
    let mut uri = String::new();
    if path.is_absolute() {
        uri.push_str("file://");
    }
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
