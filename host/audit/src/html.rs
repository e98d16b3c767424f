//! The page that a compliance officer files: for each plugin what it can and can never do, in plain
//! words, with the evidence. One file, no script, nothing fetched; readable in black and white, on
//! paper and by a screen reader, because no meaning is in a colour.

use askama::Template;
use autods_sandbox::{Audit, Capability, Export, Manifest, Refusal, Sandbox, World};
use sha2::{Digest, Sha256};

use crate::base64::base64;
use crate::examination::{Examination, Finding, Occasion, Subject, Verdict};
use crate::rules::rule;
use crate::table::{lock, signature};
use crate::words::in_short;
use crate::{LimitLine, Statement, can, limits, made, never, unsaid};

const STYLE: &str = include_str!("../templates/audit.css");

/// The page could not be written; a defect of the host.
#[derive(Debug, thiserror::Error)]
#[error("the audit's page could not be written: {0}")]
pub struct PageError(#[from] askama::Error);

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    title: String,
    date: Option<String>,
    summary: String,
    policy_name: String,
    policy_sha256: String,
    host: &'static str,
    runtime: &'static str,
    plugins: Vec<Plugin>,
    style: String,
    content_policy: String,
}

struct Plugin {
    anchor: String,
    name: String,
    kind: &'static str,
    title: String,
    refused: bool,
    verdict: &'static str,
    codes: String,
    admitted: String,
    reasons: Vec<Reason>,
    identity: Vec<Field>,
    details: Option<Details>,
}

struct Reason {
    code: &'static str,
    message: String,
    help: String,
}

struct Field {
    name: &'static str,
    value: String,
    code: bool,
}

struct Details {
    can: Vec<Statement>,
    never: Vec<Statement>,
    unsaid: Vec<String>,
    imports: Vec<ImportLine>,
    exports: Vec<Export>,
    grants: Vec<GrantLine>,
    limits: Vec<LimitLine>,
}

struct ImportLine {
    name: String,
    meaning: &'static str,
    verdict: &'static str,
    denied: bool,
}

struct GrantLine {
    name: &'static str,
    meaning: &'static str,
    /// Manifest, policy, task, role; and whether the component uses it.
    cells: [&'static str; 5],
    outcome: &'static str,
    denied: bool,
}

/// The examination as a page; `date` is what stands on it as its date, if anything.
///
/// # Errors
/// None that a caller could mend.
pub fn html(examination: &Examination, date: Option<&str>) -> Result<String, PageError> {
    let style = format!("\n{STYLE}");
    let content_policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(style.as_bytes()))
    );
    let page = Page {
        title: title(examination),
        date: date.map(str::to_owned),
        summary: summary(examination),
        policy_name: marked(&examination.policy_name),
        policy_sha256: examination.policy.digest(),
        host: env!("CARGO_PKG_VERSION"),
        runtime: Sandbox::runtime(),
        plugins: examination
            .subjects
            .iter()
            .enumerate()
            .map(|(index, subject)| plugin(index, subject, examination))
            .collect(),
        style,
        content_policy,
    };
    Ok(page.render()?)
}

fn title(examination: &Examination) -> String {
    match (&examination.occasion, &examination.subjects[..]) {
        (Occasion::Task(name), _) => format!("Plugins of the task {name}"),
        (Occasion::Run(name), _) => format!("Plugins of the run {name}"),
        (Occasion::Named, [one]) => format!("The plugin {}", one.name()),
        (Occasion::Named, _) => "Plugins".to_owned(),
    }
}

fn summary(examination: &Examination) -> String {
    let all = examination.subjects.len();
    let refused = examination
        .subjects
        .iter()
        .filter(|subject| subject.verdict() == Verdict::Refused)
        .count();
    match (all, refused) {
        (1, 0) => "This plugin is admitted under the policy named below.".to_owned(),
        (1, _) => "This plugin is refused under the policy named below.".to_owned(),
        (_, 0) => format!("All {all} plugins are admitted under the policy named below."),
        _ => format!("Of {all} plugins, {refused} are refused under the policy named below."),
    }
}

fn plugin(index: usize, subject: &Subject, examination: &Examination) -> Plugin {
    let refused = subject.verdict() == Verdict::Refused;
    let codes: Vec<&str> = subject.refusals().iter().map(Refusal::code).collect();
    let mut plugin = Plugin {
        anchor: format!("plugin-{}", index + 1),
        name: subject.name(),
        kind: subject
            .audit()
            .map_or("unknown", |audit| audit.world.name()),
        title: String::new(),
        refused,
        verdict: subject.verdict().describe(),
        codes: codes.join(", "),
        admitted: String::new(),
        reasons: subject
            .refusals()
            .iter()
            .map(|refusal| Reason {
                code: refusal.code(),
                message: marked(&format!("{refusal}.")),
                help: marked(rule(refusal.code()).help),
            })
            .collect(),
        identity: Vec::new(),
        details: None,
    };
    if let Finding::Audited { manifest, audit } = &subject.finding {
        plugin.title = manifest.plugin.title.clone();
        plugin.admitted = format!(
            "It may run as {}, with at most {} for each call.",
            match audit.world {
                World::Loader => "a loader",
                World::Method => "a method",
                World::Agent => "an agent",
            },
            in_short(&audit.limits)
        );
        plugin.identity = identity(subject, manifest, audit);
        plugin.details = Some(Details {
            can: shown(can(audit, manifest, &examination.policy)),
            never: shown(never(audit)),
            unsaid: unsaid(audit.world),
            imports: imports(audit),
            exports: audit.exports.clone(),
            grants: grants(audit),
            limits: limits(audit, manifest, &examination.policy),
        });
    }
    plugin
}

fn identity(subject: &Subject, manifest: &Manifest, audit: &Audit) -> Vec<Field> {
    let made = made(audit);
    let or = |list: Vec<String>, none: &str| match list.is_empty() {
        true => none.to_owned(),
        false => list.join(", "),
    };
    let mut fields = Vec::new();
    let mut add = |name, value: String, code| fields.push(Field { name, value, code });
    add("Version", audit.version.clone(), false);
    add("Kind", kind(audit), false);
    add(
        "What it says it does",
        or_none(&manifest.plugin.description),
        false,
    );
    add("Licence", or_none(&manifest.plugin.licence), false);
    add("File", subject.component.display().to_string(), true);
    add("SHA-256 of the component", audit.sha256.clone(), true);
    add(
        "SHA-256 of the manifest",
        audit.manifest_sha256.clone(),
        true,
    );
    add("SHA-256 of the interface", or_none(&audit.interface), true);
    add("Signature", signature(audit), false);
    add("Lock", lock(audit).to_owned(), false);
    add(
        "Size",
        format!(
            "{} bytes, {} functions in {} modules",
            audit.bytes, audit.shape.functions, audit.shape.modules
        ),
        false,
    );
    add("Contract", audit.contract.clone(), false);
    add(
        "Language, as it says",
        or(made.languages, "it does not say"),
        false,
    );
    add(
        "Tools, as it says",
        or(made.tools, "it does not say"),
        false,
    );
    fields
}

fn or_none(text: &str) -> String {
    match text {
        "" => "it does not say".to_owned(),
        _ => text.to_owned(),
    }
}

fn kind(audit: &Audit) -> String {
    let what = match audit.world {
        World::Loader => "files in, rows out",
        World::Method => "rows of one fold in, numbers or a fitted state out",
        World::Agent => "aggregates in, typed actions out",
    };
    format!("{}: {what}", audit.world)
}

/// Every import.
fn imports(audit: &Audit) -> Vec<ImportLine> {
    audit
        .imports
        .iter()
        .map(|import| {
            let allowed = import.allowed && import.granted;
            ImportLine {
                name: import.name.clone(),
                meaning: import
                    .capability
                    .map_or("not of this world", Capability::describe),
                verdict: if allowed { "allowed" } else { "denied" },
                denied: !allowed,
            }
        })
        .collect()
}

/// Every capability of its world, and who gives it.
fn grants(audit: &Audit) -> Vec<GrantLine> {
    let word = |gives: bool| if gives { "yes" } else { "no" };
    audit
        .grants
        .iter()
        .map(|grant| GrantLine {
            name: grant.capability.name(),
            meaning: grant.capability.describe(),
            cells: [
                grant.manifest,
                grant.policy,
                grant.task,
                grant.role,
                grant.used,
            ]
            .map(word),
            outcome: match (grant.granted(), grant.used) {
                (true, true) => "granted",
                (true, false) => "granted, not used",
                (false, true) => "denied",
                (false, false) => "not had",
            },
            denied: !grant.granted() && grant.used,
        })
        .collect()
}

/// Statements as they stand on the page.
fn shown(statements: Vec<Statement>) -> Vec<Statement> {
    statements
        .into_iter()
        .map(|statement| Statement {
            text: marked(&statement.text),
            evidence: marked(&statement.evidence),
        })
        .collect()
}

/// A text, escaped, with what stands between backticks as code.
fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut code = false;
    // a backtick without its other half is only a backtick
    let mut left = text.matches('`').count();
    for character in text.chars() {
        match character {
            '`' if code || left > 1 => {
                out.push_str(if code { "</code>" } else { "<code>" });
                code = !code;
                left -= 1;
            }
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn backticks_are_code_and_everything_else_is_text() {
        assert_eq!(
            marked("a `b<c` & `d`"),
            "a <code>b&lt;c</code> &amp; <code>d</code>"
        );
        assert_eq!(marked("a `b"), "a `b");
        assert_eq!(
            marked("`<script>` 'x' \"y\" `"),
            "<code>&lt;script&gt;</code> &#39;x&#39; &quot;y&quot; `"
        );
    }
}
