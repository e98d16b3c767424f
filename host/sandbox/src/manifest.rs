//! `plugin.toml`: what a plugin says about itself. It asks; the policy and the run decide.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use autods_signature::glob;
use serde::{Deserialize, Serialize};

use crate::keys::{self, FileError, Keys};
use crate::parameter::Parameter;
use crate::policy::{LIMIT_KEYS, Limits};
use crate::world::{Capability, World};

/// A plugin's manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// Who it is.
    pub plugin: Identity,
    /// Which component it speaks for.
    #[serde(default)]
    pub component: ComponentDigest,
    /// What it needs to be allowed.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// Loader: which files it can read.
    #[serde(default)]
    pub reads: Reads,
    /// Loader: which metrics it posts.
    #[serde(default)]
    pub emits: Emits,
    /// Loader: tables that it may fill, and in each the columns; both as patterns in which `*`
    /// stands for anything.
    #[serde(default)]
    pub tables: BTreeMap<String, Vec<String>>,
    /// Parameters that it takes.
    #[serde(default)]
    pub params: BTreeMap<String, Parameter>,
    /// Method: steps that it knows.
    #[serde(default)]
    pub steps: BTreeMap<String, Step>,
    /// Method: words that it may put into the names of its output columns.
    #[serde(default)]
    pub vocabulary: Vocabulary,
    /// Agent: roles that it can play.
    #[serde(default)]
    pub roles: Roles,
    /// Limits that it lowers for itself; keys as in the policy's `[limits]`.
    #[serde(default)]
    pub limits: BTreeMap<String, u64>,
}

/// Who a plugin is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Identity {
    /// Its id, `kebab-case`, such as `loader-table`; also the stem of its files' names.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its world.
    pub world: World,
    /// Version of the contract that it was built for.
    pub contract: String,
    /// What a person calls it.
    #[serde(default)]
    pub title: String,
    /// What it does, in a sentence or two.
    #[serde(default)]
    pub description: String,
    /// SPDX expression of its licence.
    #[serde(default)]
    pub licence: String,
}

/// Which component a manifest speaks for. A signature of the manifest is, through this, one of
/// the component.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ComponentDigest {
    /// SHA-256 of the component, in hexadecimal; written by `autods-host plugin build`. Without
    /// it the manifest fits any component, and cannot be signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// What a plugin needs to be allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Capabilities {
    /// Capabilities, by name. What is not named here is not granted, whatever the policy gives.
    pub requires: Vec<Capability>,
}

/// Which files a loader can read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Reads {
    /// Glob patterns of file names, such as `*.csv`.
    pub patterns: Vec<String>,
}

/// Which metrics a loader posts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Emits {
    /// Names of metrics; any other name is refused.
    pub metrics: Vec<String>,
}

/// A step of a method.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    /// What it does.
    pub description: String,
    /// Its parameters.
    pub params: BTreeMap<String, Parameter>,
}

/// Words that a method may put into the names of its output columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Vocabulary {
    /// Words after `=` or `:`, such as `missing` or `target`.
    pub levels: Vec<String>,
}

/// Roles that an agent can play.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Roles {
    /// Names of roles, such as `modeler`.
    pub may: Vec<String>,
}

const LEAF: Keys = Keys::Leaf;
const PARAMETER: Keys = Keys::Table(&[
    ("type", LEAF),
    ("min", LEAF),
    ("max", LEAF),
    ("default", LEAF),
    ("description", LEAF),
]);
const STEP: Keys = Keys::Table(&[("description", LEAF), ("params", Keys::Named(&PARAMETER))]);
const KEYS: Keys = Keys::Table(&[
    (
        "plugin",
        Keys::Table(&[
            ("id", LEAF),
            ("version", LEAF),
            ("world", LEAF),
            ("contract", LEAF),
            ("title", LEAF),
            ("description", LEAF),
            ("licence", LEAF),
        ]),
    ),
    ("component", Keys::Table(&[("sha256", LEAF)])),
    ("capabilities", Keys::Table(&[("requires", LEAF)])),
    ("tables", Keys::Named(&LEAF)),
    ("reads", Keys::Table(&[("patterns", LEAF)])),
    ("emits", Keys::Table(&[("metrics", LEAF)])),
    ("params", Keys::Named(&PARAMETER)),
    ("steps", Keys::Named(&STEP)),
    ("vocabulary", Keys::Table(&[("levels", LEAF)])),
    ("roles", Keys::Table(&[("may", LEAF)])),
    ("limits", LIMIT_KEYS),
]);

/// Roles of the contract (`wit/agent.wit`, `role`).
const ROLES: [&str; 7] = [
    "data-steward",
    "biostatistician",
    "feature-engineer",
    "modeler",
    "validator",
    "translator",
    "orchestrator",
];

impl Manifest {
    /// Reads the manifest that belongs to a component: `<stem>.toml` or else `plugin.toml` beside
    /// it.
    ///
    /// # Errors
    /// Where there is none, or it is not a valid manifest.
    pub fn beside(component: &Path) -> Result<Self, FileError> {
        let path = Self::place(component);
        Self::parse(
            &path.display().to_string(),
            &keys::read_text(&path, 1 << 20)?,
        )
    }

    /// Where the manifest of a component is.
    pub fn place(component: &Path) -> PathBuf {
        let own = component.with_extension("toml");
        if std::fs::symlink_metadata(&own).is_ok() {
            own
        } else {
            component.with_file_name("plugin.toml")
        }
    }

    /// Parses the text of a manifest; `file` is its name in errors.
    ///
    /// # Errors
    /// An unknown key (with its line and the nearest known key), a missing key, a wrong type, a
    /// name that is not `kebab-case`, a default outside its range, or a section that belongs to
    /// another world.
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        let manifest: Self = keys::read(file, text, &KEYS)?;
        manifest.check().map_err(|(key, what)| FileError::Invalid {
            file: file.to_owned(),
            key: crate::message::printable(&key, 120),
            what,
        })?;
        Ok(manifest)
    }

    /// Whether a loader may fill this table with these columns; otherwise the first column that it
    /// may not fill, or `None` where it is the table.
    ///
    /// # Errors
    /// The place of that column in `columns`, or `None` for the table itself.
    pub fn may_fill<'a>(
        &self,
        table: &str,
        columns: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Option<usize>> {
        let patterns: Vec<&str> = self
            .tables
            .iter()
            .filter(|(pattern, _)| glob::matches(pattern, table))
            .flat_map(|(_, columns)| columns.iter().map(String::as_str))
            .collect();
        if patterns.is_empty() {
            return Err(None);
        }
        match columns
            .into_iter()
            .position(|name| !patterns.iter().any(|known| glob::matches(known, name)))
        {
            Some(column) => Err(Some(column)),
            None => Ok(()),
        }
    }

    /// The limits of this plugin's calls: the policy's, lowered where the manifest asks for less.
    ///
    /// # Errors
    /// The key, what the manifest asks and what the policy gives, where it asks for more.
    pub(crate) fn limits_under(&self, policy: &Limits) -> Result<Limits, (String, u64, u64)> {
        let mut effective = serde_json::to_value(policy).unwrap_or_default();
        for (key, &asked) in &self.limits {
            let given = effective[key].as_u64().unwrap_or(0);
            if asked > given {
                return Err((key.clone(), asked, given));
            }
            effective[key] = asked.into();
        }
        // Same keys, same types: what a policy serialises to is a policy.
        Ok(serde_json::from_value(effective).unwrap_or_else(|_| policy.clone()))
    }

    fn check(&self) -> Result<(), (String, String)> {
        let kebab = |key: &str, name: &str| {
            is_kebab(name).then_some(()).ok_or_else(|| {
                (
                    key.to_owned(),
                    "must be kebab-case: a-z, 0-9 and single hyphens".to_owned(),
                )
            })
        };
        kebab("plugin.id", &self.plugin.id)?;
        if let Some(digest) = &self.component.sha256
            && !is_sha256(digest)
        {
            return Err((
                "component.sha256".into(),
                "must be 64 hexadecimal digits in lower case, as `sha256sum` prints them".into(),
            ));
        }
        let world = self.plugin.world;
        let mut parameters: Vec<(String, &str, &Parameter)> = Vec::new();
        for (name, parameter) in &self.params {
            parameters.push((format!("params.{name}"), name, parameter));
        }
        for (step, declared) in &self.steps {
            kebab(&format!("steps.{step}"), step)?;
            for (name, parameter) in &declared.params {
                parameters.push((format!("steps.{step}.params.{name}"), name, parameter));
            }
        }
        for (key, name, parameter) in parameters {
            kebab(&key, name.strip_suffix("-*").unwrap_or(name))?;
            let bounds = [parameter.min, parameter.max];
            if !bounds.iter().flatten().all(|bound| bound.is_finite()) {
                return Err((
                    key,
                    "has a `min` or `max` that is not a finite number".to_owned(),
                ));
            }
            if let Some(default) = parameter.default_scalar()
                && !parameter.accepts(&default)
            {
                return Err((
                    key,
                    "has a default that its own type or range excludes".to_owned(),
                ));
            }
        }
        for metric in &self.emits.metrics {
            kebab("emits.metrics", metric)?;
        }
        for role in &self.roles.may {
            if !ROLES.contains(&role.as_str()) {
                let hint = keys::nearest(role, ROLES.into_iter())
                    .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                return Err((
                    "roles.may".into(),
                    format!("has a role that does not exist{hint}"),
                ));
            }
        }
        let misplaced = [
            ("reads", World::Loader, self.reads == Reads::default()),
            ("emits", World::Loader, self.emits == Emits::default()),
            ("tables", World::Loader, self.tables.is_empty()),
            ("steps", World::Method, self.steps.is_empty()),
            (
                "vocabulary",
                World::Method,
                self.vocabulary == Vocabulary::default(),
            ),
            ("roles", World::Agent, self.roles == Roles::default()),
        ];
        for (section, owner, empty) in misplaced {
            if !empty && owner != world {
                return Err((
                    section.into(),
                    format!("belongs to the world `{owner}`, not `{world}`"),
                ));
            }
        }
        let could = world.capabilities();
        for capability in &self.capabilities.requires {
            if !could.contains(capability) {
                let names: Vec<&str> = could.iter().map(|known| known.name()).collect();
                return Err((
                    "capabilities.requires".into(),
                    format!(
                        "has `{capability}`, which no {world} can have; there are {}",
                        names.join(", ")
                    ),
                ));
            }
        }
        Ok(())
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn is_kebab(name: &str) -> bool {
    name.len() <= 64
        && name.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests;
