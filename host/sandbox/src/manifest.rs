//! `plugin.toml`: what a plugin says about itself. It asks; the policy and the run decide.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::keys::{self, FileError, Keys};
use crate::parameter::Parameter;
use crate::policy::{LIMIT_KEYS, Limits};
use crate::world::World;

/// A plugin's manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// Who it is.
    pub plugin: Identity,
    /// Loader: which files it can read.
    #[serde(default)]
    pub reads: Reads,
    /// Loader: which metrics it posts.
    #[serde(default)]
    pub emits: Emits,
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
        let path = place(component);
        Self::parse(
            &path.display().to_string(),
            &keys::read_text(&path, 1 << 20)?,
        )
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
        let world = self.plugin.world;
        let misplaced = [
            ("reads", World::Loader, self.reads == Reads::default()),
            ("emits", World::Loader, self.emits == Emits::default()),
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
        Ok(())
    }
}

fn place(component: &Path) -> PathBuf {
    let own = component.with_extension("toml");
    if own.is_file() {
        own
    } else {
        component.with_file_name("plugin.toml")
    }
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
mod tests {
    use super::*;
    use crate::bindings::types::Scalar;
    use crate::parameter::declared;

    const GOOD: &str = r#"
[plugin]
id = "method-x"
version = "1.0.0"
world = "method"
contract = "0.1.0"
[steps.one-hot]
description = "one column for each level"
[steps.one-hot.params.min-count]
type = "integer"
min = 1
default = 10
[steps.pair.params."column-*"]
type = "text"
[vocabulary]
levels = ["missing", "rare"]
[limits]
memory-mib = 64
"#;

    fn error(text: &str) -> String {
        Manifest::parse("plugin.toml", text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_manifest_is_read_and_its_limits_are_the_lower_ones() {
        let manifest = Manifest::parse("plugin.toml", GOOD).unwrap();
        let limits = manifest.limits_under(&Limits::default()).unwrap();
        assert_eq!(limits.memory_mib, 64);
        assert_eq!(limits.wall_ms, Limits::default().wall_ms);
        let small = Limits {
            memory_mib: 32,
            ..Limits::default()
        };
        assert_eq!(
            manifest.limits_under(&small),
            Err(("memory-mib".into(), 64, 32))
        );
    }

    #[test]
    fn a_numbered_parameter_is_declared_by_its_pattern() {
        let manifest = Manifest::parse("plugin.toml", GOOD).unwrap();
        let params = &manifest.steps["pair"].params;
        assert!(declared(params, "column-12").is_some());
        assert!(declared(params, "column-").is_none());
        assert!(declared(params, "column-x").is_none());
        let count = &manifest.steps["one-hot"].params["min-count"];
        assert!(count.accepts(&Scalar::Integer(1)));
        assert!(!count.accepts(&Scalar::Integer(0)));
        assert!(!count.accepts(&Scalar::Text("1".into())));
        assert_eq!(count.default_scalar(), Some(Scalar::Integer(10)));
    }

    #[test]
    fn an_unknown_key_names_line_and_nearest_key() {
        let text = GOOD.replace("version =", "versoin =");
        assert_eq!(
            error(&text),
            "plugin.toml:4: unknown key `plugin.versoin`; did you mean `version`?"
        );
        let text = GOOD.replace("min = 1", "minimum = 1");
        assert_eq!(
            error(&text),
            "plugin.toml:11: unknown key `steps.one-hot.params.min-count.minimum`; did you mean `min`?"
        );
    }

    #[test]
    fn a_section_of_another_world_is_refused() {
        let text = GOOD.replace("world = \"method\"", "world = \"agent\"");
        assert_eq!(
            error(&text),
            "plugin.toml: `steps` belongs to the world `method`, not `agent`"
        );
    }

    #[test]
    fn a_default_outside_its_range_is_refused() {
        let text = GOOD.replace("default = 10", "default = 0");
        assert!(error(&text).contains("has a default"), "{}", error(&text));
    }

    #[test]
    fn an_id_that_could_be_a_path_is_refused() {
        let text = GOOD.replace("method-x", "../method-x");
        assert!(error(&text).contains("kebab-case"), "{}", error(&text));
    }
}
