//! For a terminal: plain, aligned, useful without colour.

use std::fmt::Write as _;

use autods_sandbox::{Audit, Capability, Grant, LockState, Seal};

use crate::examination::{Examination, Finding, Occasion, Subject, Verdict};
use crate::{Origin, limits, made};

/// The examination as text.
pub fn table(examination: &Examination) -> String {
    let mut out = String::new();
    let subjects = &examination.subjects;
    if subjects.len() > 1 {
        for subject in subjects {
            let _ = writeln!(out, "{}", line(subject));
        }
        out.push('\n');
    }
    for subject in subjects {
        page(&mut out, subject, examination);
        out.push('\n');
    }
    let refused = subjects
        .iter()
        .filter(|s| s.verdict() == Verdict::Refused)
        .count();
    let _ = write!(
        out,
        "{}{} of {} admitted under policy {} ({})",
        match &examination.occasion {
            Occasion::Named => String::new(),
            Occasion::Task(name) => format!("task {name}: "),
            Occasion::Run(name) => format!("run {name}: "),
        },
        subjects.len() - refused,
        match subjects.len() {
            1 => "1 plugin".to_owned(),
            count => format!("{count} plugins"),
        },
        examination.policy_name,
        &examination.policy.digest()[..12]
    );
    out
}

/// One line for each plugin.
fn line(subject: &Subject) -> String {
    let verdict = match subject.verdict() {
        Verdict::Admitted => "admitted",
        Verdict::Refused => "REFUSED ",
    };
    let codes: Vec<&str> = subject
        .refusals()
        .iter()
        .map(autods_sandbox::Refusal::code)
        .collect();
    let (world, digest) = subject
        .audit()
        .map_or(("", ""), |audit| (audit.world.name(), &audit.sha256[..12]));
    format!(
        "{verdict}  {:<30} {world:<7} {digest:<12}  {}",
        subject.name(),
        codes.join(", ")
    )
    .trim_end()
    .to_owned()
}

fn page(out: &mut String, subject: &Subject, examination: &Examination) {
    let Finding::Audited { manifest, audit } = &subject.finding else {
        let _ = writeln!(out, "{}  could not be read", subject.name());
        reasons(out, subject);
        return;
    };
    let _ = writeln!(
        out,
        "{} {}  {}  contract {}",
        audit.id, audit.version, audit.world, audit.contract
    );
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(out, "  {name:<10} {value}");
    };
    field("file", &subject.component.display().to_string());
    field("sha256", &audit.sha256);
    field("size", &format!("{} bytes", audit.bytes));
    field(
        "interface",
        if audit.interface.is_empty() {
            "could not be read"
        } else {
            &audit.interface
        },
    );
    field("signature", &signature(audit));
    field("lock", lock(audit));
    field(
        "licence",
        if audit.licence.is_empty() {
            "it does not say"
        } else {
            &audit.licence
        },
    );
    let made = made(audit);
    field("language", &words(&made.languages, "it does not say"));
    field("made with", &words(&made.tools, "it does not say"));
    grants(out, audit);
    imports(out, audit);
    exports(out, audit);
    let _ = writeln!(out, "  limits");
    for limit in limits(audit, manifest, &examination.policy) {
        // what nobody changed is in the documentation
        if limit.origin != Origin::Default
            || ["memory-mib", "wall-ms"].contains(&limit.key.as_str())
        {
            let value = format!("{} {}", limit.value, limit.unit);
            let _ = writeln!(
                out,
                "    {:<16} {:<16} {}",
                limit.key,
                value.trim_end(),
                limit.origin.describe()
            );
        }
    }
    reasons(out, subject);
}

fn words(list: &[String], none: &str) -> String {
    match list {
        [] => none.to_owned(),
        _ => list.join(", "),
    }
}

fn grants(out: &mut String, audit: &Audit) {
    let _ = writeln!(out, "  capabilities");
    for grant in &audit.grants {
        let (mark, why) = state(grant);
        let name = grant.capability.name();
        let _ = writeln!(
            out,
            "    {mark:<8} {name:<16} {}{why}",
            grant.capability.describe()
        );
    }
}

/// What became of a capability, and why.
fn state(grant: &Grant) -> (&'static str, String) {
    match (grant.denied_by(), grant.used) {
        (None, true) => ("granted", String::new()),
        (None, false) => (
            "unused",
            "; granted, and the component does not use it".to_owned(),
        ),
        (Some(by), true) => ("DENIED", format!("; it uses this, {by} does not give it")),
        (Some(by), false) => ("not had", format!("; {by} does not give it")),
    }
}

fn imports(out: &mut String, audit: &Audit) {
    let _ = writeln!(out, "  imports");
    for import in &audit.imports {
        let mark = if import.allowed && import.granted {
            "allowed"
        } else {
            "DENIED"
        };
        let meaning = import
            .capability
            .map_or("not of this world", Capability::describe);
        let _ = writeln!(out, "    {mark:<8} {:<34} {meaning}", import.name);
    }
    if audit.imports.is_empty() {
        let _ = writeln!(out, "    none");
    }
}

/// What is known about its signature, in a few words.
pub(crate) fn signature(audit: &Audit) -> String {
    match &audit.signature {
        Seal::Unsigned => "unsigned".to_owned(),
        Seal::Signed { signer, key } => format!("signed by {signer} (key {key})"),
        Seal::NotTrusted { key: Some(key) } => format!("not trusted (key {key})"),
        Seal::NotTrusted { key: None } => "not trusted (no key could be read from it)".to_owned(),
    }
}

/// What the lock says, in a few words.
pub(crate) fn lock(audit: &Audit) -> &'static str {
    match audit.lock {
        LockState::NoLock => "there is no autods.lock",
        LockState::Pinned => "exactly what autods.lock pins",
        LockState::NotPinned => "autods.lock does not name it",
        LockState::Differs => "not what autods.lock pins",
    }
}

fn exports(out: &mut String, audit: &Audit) {
    let _ = writeln!(out, "  exports");
    for export in &audit.exports {
        let mark = if export.expected {
            "expected"
        } else {
            "DENIED"
        };
        let _ = writeln!(out, "    {mark:<8} {}", export.name);
    }
    if audit.exports.is_empty() {
        let _ = writeln!(out, "    none");
    }
}

fn reasons(out: &mut String, subject: &Subject) {
    let _ = writeln!(out, "  {}", subject.verdict().describe());
    for refusal in subject.refusals() {
        let _ = writeln!(out, "    {}: {refusal}", refusal.code());
    }
}
