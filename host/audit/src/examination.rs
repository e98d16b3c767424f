//! What is audited on one occasion: plugins, and the policy that they are held to.

use std::path::PathBuf;

use autods_sandbox::{Audit, Manifest, PluginFile, Policy, Purpose, Refusal};

/// Why plugins are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Somebody named them.
    Named,
    /// A task would use them.
    Task(String),
    /// A run used them, and keeps copies.
    Run(String),
}

/// Plugins under a policy.
#[derive(Clone, Debug)]
pub struct Examination {
    /// Why they are looked at.
    pub occasion: Occasion,
    /// What the policy is called: its file, or the name of a built-in one.
    pub policy_name: String,
    /// The policy.
    pub policy: Policy,
    /// The plugins.
    pub subjects: Vec<Subject>,
}

/// A plugin that is to be looked at.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its component's file.
    pub component: PathBuf,
    /// The id under which somebody uses it; `None`: whatever its manifest says.
    pub id: Option<String>,
    /// What somebody uses it for.
    pub purpose: Purpose,
}

impl From<PathBuf> for Wanted {
    fn from(component: PathBuf) -> Self {
        Self {
            component,
            id: None,
            purpose: Purpose::ANY,
        }
    }
}

/// One plugin.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its component's file, as it was named.
    pub component: PathBuf,
    /// What was found.
    pub finding: Finding,
}

/// What was found.
#[derive(Clone, Debug)]
pub enum Finding {
    /// It could be read.
    Audited {
        /// Its manifest.
        manifest: Box<Manifest>,
        /// The audit.
        audit: Box<Audit>,
    },
    /// It could not even be read.
    Unread(Refusal),
}

/// Whether plugins are admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Admitted,
    /// No.
    Refused,
}

impl Examination {
    /// Reads and audits plugins. Nothing is compiled and nothing runs.
    pub fn of(
        occasion: Occasion,
        wanted: impl IntoIterator<Item = Wanted>,
        policy_name: &str,
        policy: &Policy,
    ) -> Self {
        Self {
            occasion,
            policy_name: policy_name.to_owned(),
            policy: policy.clone(),
            subjects: wanted
                .into_iter()
                .map(|wanted| Subject::read(wanted, policy))
                .collect(),
        }
    }

    /// Whether all of them are admitted.
    pub fn verdict(&self) -> Verdict {
        match self
            .subjects
            .iter()
            .all(|subject| subject.refusals().is_empty())
        {
            true => Verdict::Admitted,
            false => Verdict::Refused,
        }
    }
}

impl Subject {
    /// Reads and audits one plugin.
    pub fn read(wanted: Wanted, policy: &Policy) -> Self {
        let finding = match PluginFile::read(&wanted.component, policy) {
            Ok(file) => {
                let file = file.for_purpose(wanted.purpose);
                let mut audit = file.audit().clone();
                let named = &file.manifest().plugin.id;
                if let Some(id) = wanted.id.filter(|id| id != named) {
                    audit.refusals.push(Refusal::WrongUse {
                        wanted: format!("`{id}`"),
                        found: format!("`{named}`"),
                    });
                }
                Finding::Audited {
                    manifest: Box::new(file.manifest().clone()),
                    audit: Box::new(audit),
                }
            }
            Err(refusal) => Finding::Unread(refusal),
        };
        Self {
            component: wanted.component,
            finding,
        }
    }

    /// The audit, if it could be read.
    pub fn audit(&self) -> Option<&Audit> {
        match &self.finding {
            Finding::Audited { audit, .. } => Some(audit),
            Finding::Unread(_) => None,
        }
    }

    /// The manifest, if it could be read.
    pub fn manifest(&self) -> Option<&Manifest> {
        match &self.finding {
            Finding::Audited { manifest, .. } => Some(manifest),
            Finding::Unread(_) => None,
        }
    }

    /// What a person calls it: its id, or its file's name.
    pub fn name(&self) -> String {
        self.audit().map_or_else(
            || {
                self.component
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned()
            },
            |audit| audit.id.clone(),
        )
    }

    /// Why it is not admitted; empty: it is.
    pub fn refusals(&self) -> &[Refusal] {
        match &self.finding {
            Finding::Audited { audit, .. } => &audit.refusals,
            Finding::Unread(refusal) => std::slice::from_ref(refusal),
        }
    }

    /// Whether it is admitted.
    pub fn verdict(&self) -> Verdict {
        match self.refusals().is_empty() {
            true => Verdict::Admitted,
            false => Verdict::Refused,
        }
    }

    /// Its manifest's file: `<stem>.toml`, or else `plugin.toml` beside it.
    pub fn manifest_file(&self) -> PathBuf {
        let own = self.component.with_extension("toml");
        match own.is_file() {
            true => own,
            false => self.component.with_file_name("plugin.toml"),
        }
    }
}

impl Verdict {
    /// In one word.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Admitted => "admitted",
            Self::Refused => "refused",
        }
    }
}
