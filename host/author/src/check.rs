//! `plugin check`: what the host would refuse, and what whoever reads the plugin would miss.

use std::fs;
use std::path::{Path, PathBuf};

use autods_sandbox::policy::LockRule;
use autods_sandbox::{CONTRACT, Manifest, Parameter, PluginFile, Policy, World};
use serde::Serialize;

use crate::case::{cases, parsed};
use crate::{AuthorError, Project};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// The host would refuse the plugin.
    Refused,
    /// The host would take it; somebody who reads or runs it would miss something.
    Missing,
}

/// Something to do about a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it weighs.
    pub weight: Weight,
    /// Where.
    pub file: PathBuf,
    /// Line in that file, from 1, where there is one.
    pub line: Option<usize>,
    /// What is the matter and what to do about it.
    pub what: String,
    /// Code of the refusal, for `autods-host explain`.
    pub code: Option<String>,
}

/// The policy as it is, but for the lock: that is the site's folder's, and not here yet.
#[must_use]
pub fn before_install(policy: &Policy) -> Policy {
    let mut policy = policy.clone();
    policy.plugins.lock = LockRule::Optional;
    policy
}

/// Everything to do about a plugin's folder.
///
/// # Errors
/// Where files cannot be read. A folder whose manifest cannot be used is a finding.
pub fn check_folder(folder: &Path, policy: &Policy) -> Result<Vec<Finding>, AuthorError> {
    let project = match Project::open(folder) {
        Ok(project) => project,
        Err(AuthorError::Refused { file, refusal }) => {
            return Ok(vec![Finding {
                weight: Weight::Refused,
                file,
                line: None,
                what: refusal.to_string(),
                code: Some(refusal.code().into()),
            }]);
        }
        Err(error) => return Err(error),
    };
    let place = folder.join("plugin.toml");
    let mut findings = of_manifest(&place, project.manifest_text(), project.manifest());
    let missing = |file: PathBuf, what: String| Finding {
        weight: Weight::Missing,
        file,
        line: None,
        what,
        code: None,
    };
    if !folder.join("README.md").is_file() {
        let what = "is missing: say what the plugin reads or does, and how to use it";
        findings.push(missing(folder.join("README.md"), what.into()));
    }
    findings.extend(of_the_contract(folder));
    let all = cases(&project)?;
    if all.is_empty() {
        let what =
            "holds no case: `autods-host plugin test` has nothing to hold the component against";
        findings.push(missing(folder.join("tests/cases"), what.into()));
    }
    for case in &all {
        if let Err(AuthorError::File { file, line, what }) = parsed(project.world(), case) {
            findings.push(Finding {
                weight: Weight::Missing,
                file,
                line,
                what,
                code: None,
            });
        }
    }
    let component = project.component();
    if !component.is_file() {
        let what = "is not built: run `autods-host plugin build`";
        findings.push(missing(component, what.into()));
        return Ok(findings);
    }
    let built = component.with_extension("toml");
    let text = fs::read_to_string(&built).unwrap_or_default();
    if !text.starts_with(project.manifest_text().trim_end()) {
        let what = "is not of the present plugin.toml: run `autods-host plugin build` again";
        findings.push(missing(built, what.into()));
    }
    findings.extend(check_component(&component, policy));
    Ok(findings)
}

/// What the host would say of a component and the manifest beside it.
#[must_use]
pub fn check_component(component: &Path, policy: &Policy) -> Vec<Finding> {
    let finding = |weight, what: String, code: Option<&str>| Finding {
        weight,
        file: component.to_owned(),
        line: None,
        what,
        code: code.map(str::to_owned),
    };
    let file = match PluginFile::read(component, &before_install(policy)) {
        Ok(file) => file,
        Err(refusal) => {
            return vec![finding(
                Weight::Refused,
                refusal.to_string(),
                Some(refusal.code()),
            )];
        }
    };
    let audit = file.audit();
    let mut findings: Vec<Finding> = audit
        .refusals
        .iter()
        .map(|refusal| finding(Weight::Refused, refusal.to_string(), Some(refusal.code())))
        .collect();
    if file.manifest().component.sha256.is_none() {
        let what = "its manifest does not name it by digest (`component.sha256`), so that it cannot be signed: run `autods-host plugin build`";
        findings.push(finding(Weight::Missing, what.into(), None));
    }
    for grant in audit
        .grants
        .iter()
        .filter(|grant| grant.manifest && !grant.used)
    {
        let what = format!(
            "its manifest asks for `{}` and the component never uses it: leave it out of `capabilities.requires`",
            grant.capability
        );
        findings.push(finding(Weight::Missing, what, None));
    }
    findings
}

/// What a reader of the manifest would miss.
fn of_manifest(place: &Path, text: &str, manifest: &Manifest) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut miss = |section: &str, what: &str| {
        findings.push(Finding {
            weight: Weight::Missing,
            file: place.to_owned(),
            line: line_of(text, section),
            what: what.to_owned(),
            code: None,
        });
    };
    let plugin = &manifest.plugin;
    for (key, value, what) in [
        ("title", &plugin.title, "what a person calls it"),
        (
            "description",
            &plugin.description,
            "what it does, in a sentence or two",
        ),
        (
            "licence",
            &plugin.licence,
            "the SPDX expression of its licence, such as `Apache-2.0`; without one nobody may use it",
        ),
    ] {
        if value.trim().is_empty() {
            miss("plugin", &format!("`plugin.{key}` is missing: {what}"));
        }
    }
    if !plugin.id.starts_with(&format!("{}-", plugin.world)) {
        miss(
            "plugin",
            &format!(
                "`plugin.id` does not begin with `{}-`: whoever lists plugins cannot tell what it may do",
                plugin.world
            ),
        );
    }
    if plugin.version.split('.').count() != 3 {
        miss(
            "plugin",
            "`plugin.version` is not MAJOR.MINOR.PATCH: whoever upgrades cannot tell what changed",
        );
    }
    let mut described = |section: String, parameter: &Parameter| {
        if parameter.description.trim().is_empty() {
            miss(
                &section,
                &format!(
                    "`{section}` has no `description`: say what it changes, and in which unit"
                ),
            );
        }
    };
    for (name, parameter) in &manifest.params {
        described(format!("params.{name}"), parameter);
    }
    for (step, declared) in &manifest.steps {
        for (name, parameter) in &declared.params {
            described(format!("steps.{step}.params.{name}"), parameter);
        }
    }
    for (step, declared) in &manifest.steps {
        if declared.description.trim().is_empty() {
            let section = format!("steps.{step}");
            miss(
                &section,
                &format!("`{section}` has no `description`: feature engineers choose by it"),
            );
        }
    }
    match plugin.world {
        World::Loader => {
            if manifest.reads.patterns.is_empty() {
                miss(
                    "reads",
                    "`reads.patterns` is empty: nobody can tell which files it reads",
                );
            }
            if manifest.tables.is_empty() {
                miss(
                    "tables",
                    "`[tables]` is empty: it may fill no table; `\"*\" = [\"*\"]` means whatever the task declares",
                );
            }
        }
        World::Method => {
            if manifest.steps.is_empty() {
                miss(
                    "plugin",
                    "there is no `[steps.…]`: no recipe can ask it for anything",
                );
            }
        }
        World::Agent => {
            if manifest.roles.may.is_empty() {
                miss("roles", "`roles.may` is empty: it can play no role");
            }
        }
    }
    findings
}

/// Line of a section's head; keys in quotes count as themselves.
fn line_of(text: &str, section: &str) -> Option<usize> {
    text.lines()
        .position(|line| {
            let line = line.trim();
            let head = line
                .strip_prefix('[')
                .and_then(|rest| rest.split(']').next());
            head.is_some_and(|head| head.replace('"', "") == section)
        })
        .map(|at| at + 1)
}

/// Whether the contract that lies in the folder is the host's.
fn of_the_contract(folder: &Path) -> Option<Finding> {
    let file = ["vendor/wit/types.wit", "wit/types.wit"]
        .into_iter()
        .map(|name| folder.join(name))
        .find(|file| file.is_file())?;
    let text = fs::read_to_string(&file).ok()?;
    let (at, line) = text
        .lines()
        .enumerate()
        .find(|(_, line)| line.starts_with("package autods:plugin@"))?;
    let has = line
        .trim_start_matches("package autods:plugin@")
        .trim_end_matches(';');
    (has != CONTRACT).then(|| Finding {
        weight: Weight::Missing,
        file,
        line: Some(at + 1),
        what: format!(
            "the plugin is built against contract {has}, this host has {CONTRACT}: make a new folder with `autods-host plugin new` and move your files there, or use a host that has {has}"
        ),
        code: Some("contract-version".into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: &str = "[plugin]\nid = \"x\"\nversion = \"1\"\nworld = \"method\"\ncontract = \"0.1.0\"\n\n[steps.fill]\n[steps.fill.params.\"column-*\"]\ntype = \"text\"\n";

    #[test]
    fn what_a_reader_would_miss_is_found_with_its_line() {
        let manifest = Manifest::parse("plugin.toml", BARE).unwrap();
        let findings = of_manifest(Path::new("plugin.toml"), BARE, &manifest);
        let said: Vec<String> = findings
            .iter()
            .map(|finding| {
                format!(
                    "{} {}",
                    finding.line.unwrap(),
                    finding.what.split(':').next().unwrap()
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                "1 `plugin.title` is missing",
                "1 `plugin.description` is missing",
                "1 `plugin.licence` is missing",
                "1 `plugin.id` does not begin with `method-`",
                "1 `plugin.version` is not MAJOR.MINOR.PATCH",
                "8 `steps.fill.params.column-*` has no `description`",
                "7 `steps.fill` has no `description`",
            ]
        );
    }
}
