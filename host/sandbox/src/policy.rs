//! Site policy: what may ever be granted, to whom, and every limit under which a plugin runs.
//!
//! A policy file names one of three profiles and states where it differs. The profiles are data
//! (`policies/*.toml`, generated from [`reference`] with a comment at each key), so that what a
//! profile means can be read, compared and signed off without reading code.

mod keys;
mod limits;
pub mod reference;
mod rules;

use std::path::Path;

use autods_signature::{Revoked, Signer, Signers};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::keys::{self as file_keys, FileError};
use crate::world::{Capability, World};

pub(crate) use keys::LIMIT_KEYS;
pub use limits::{ComponentLimits, EngineSettings, Limits, LogSettings, SourceLimits};
pub use rules::{
    Confinement, Grants, Kernel, LockRule, NeverTogether, PluginRules, Profile, Requirement,
    WasiSettings,
};

/// What a site allows. Read from `policy.toml`: the profile that it names (`standard` if none),
/// with what the file states in its place. A key that nobody knows is an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// The profile whose values stand where the file is silent.
    pub profile: Profile,
    /// What a plugin must bring along.
    pub plugins: PluginRules,
    /// How the kernel confines the host.
    pub confinement: Confinement,
    /// Capabilities that may ever be granted, by world.
    pub grants: Grants,
    /// Capabilities that may never meet in one component.
    pub never_together: NeverTogether,
    /// Whose signatures count.
    pub signers: Vec<Signer>,
    /// What is not trusted any more.
    pub revoked: Revoked,
    /// What becomes of a component's imports from WASI.
    pub wasi: WasiSettings,
    /// Limits of one call.
    pub limits: Limits,
    /// Limits of what is admitted and compiled.
    pub component: ComponentLimits,
    /// How the engine is set up.
    pub engine: EngineSettings,
    /// Limits of the files that a loader reads.
    pub sources: SourceLimits,
    /// What happens to a plugin's messages.
    pub log: LogSettings,
}

impl Default for Policy {
    fn default() -> Self {
        Self::of(Profile::Standard)
    }
}

impl Policy {
    /// A profile as it ships.
    pub fn of(profile: Profile) -> Self {
        Self {
            profile,
            plugins: PluginRules::of(profile),
            confinement: Confinement::of(profile),
            grants: Grants::default(),
            never_together: NeverTogether::default(),
            signers: Vec::new(),
            revoked: Revoked::default(),
            wasi: WasiSettings::of(profile),
            limits: Limits::default(),
            component: ComponentLimits::default(),
            engine: EngineSettings::default(),
            sources: SourceLimits::default(),
            log: LogSettings {
                show: profile == Profile::Development,
                ..LogSettings::default()
            },
        }
    }

    /// The policy that a name or a path means: `strict`, `standard`, `development`, or a file.
    ///
    /// # Errors
    /// As [`Policy::read`].
    pub fn find(name_or_path: &Path) -> Result<Self, FileError> {
        match name_or_path.to_str().and_then(Profile::named) {
            Some(profile) => Ok(Self::of(profile)),
            None => Self::read(name_or_path),
        }
    }

    /// Reads `policy.toml`.
    ///
    /// # Errors
    /// Where the file cannot be read, is not TOML, has an unknown key or a value out of range.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        Self::parse(
            &path.display().to_string(),
            &file_keys::read_text(path, 1 << 20)?,
        )
    }

    /// Parses the text of a policy; `file` is its name in errors.
    ///
    /// # Errors
    /// As [`Policy::read`].
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        // Once for what is wrong and on which line, over the wrong profile's values perhaps ...
        let stated: Self = file_keys::read(file, text, &keys::KEYS)?;
        // ... and once more over the right ones.
        let invalid = |error: &dyn std::fmt::Display| FileError::Invalid {
            file: file.to_owned(),
            key: "policy".into(),
            what: crate::message::printable(&error.to_string(), 200),
        };
        let mut whole =
            toml::Table::try_from(Self::of(stated.profile)).map_err(|error| invalid(&error))?;
        overlay(
            &mut whole,
            toml::from_str(text).map_err(|error| invalid(&error))?,
        );
        let policy: Self = whole.try_into().map_err(|error| invalid(&error))?;
        policy.check(file)?;
        Ok(policy)
    }

    /// SHA-256 of the policy in effect, defaults included, in hexadecimal. The same for two files
    /// that mean the same.
    pub fn digest(&self) -> String {
        // Structs of integers, flags and texts always serialise.
        let text = serde_json::to_vec(self).unwrap_or_default();
        crate::digest::hex(&Sha256::digest(text))
    }

    /// The policy in full, every key stated, as TOML.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    pub(crate) fn check(&self, file: &str) -> Result<(), FileError> {
        keys::check_ranges(file, self)?;
        let invalid = |key: &str, what: String| FileError::Invalid {
            file: file.to_owned(),
            key: key.to_owned(),
            what,
        };
        for world in World::ALL {
            let could = world.capabilities();
            for capability in self.grants.of(world) {
                if !could.contains(capability) {
                    let names: Vec<&str> = could.iter().map(|known| known.name()).collect();
                    return Err(invalid(
                        &format!("grants.{world}"),
                        format!(
                            "grants `{capability}`, which no {world} can have; there are {}",
                            names.join(", ")
                        ),
                    ));
                }
            }
            if let Some((one, other)) = self.never_together.broken_by(self.grants.of(world)) {
                return Err(invalid(
                    &format!("grants.{world}"),
                    format!(
                        "grants `{one}` and `{other}`, which `never-together.sets` keeps apart"
                    ),
                ));
            }
        }
        Signers::new(self.signers.clone(), self.revoked.clone())
            .map_err(|error| invalid("signers", error.to_string()))?;
        Ok(())
    }

    /// Whom the site trusts to sign, and what it no longer trusts.
    pub(crate) fn trusted(&self) -> Signers {
        // Checked when the policy was read; a list that is none trusts nobody.
        Signers::new(self.signers.clone(), self.revoked.clone()).unwrap_or_default()
    }

    /// Whether the policy ever grants this capability to a plugin of this world.
    pub fn grants(&self, world: World, capability: Capability) -> bool {
        self.grants.of(world).contains(&capability)
    }
}

/// Puts the stated values over the profile's; tables key by key, everything else whole.
fn overlay(whole: &mut toml::Table, stated: toml::Table) {
    for (key, value) in stated {
        match (whole.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => overlay(below, above),
            (_, value) => {
                whole.insert(key, value);
            }
        }
    }
}

/// Bytes in so many MiB.
pub(crate) fn mib(n: u64) -> u64 {
    n.saturating_mul(1024 * 1024)
}

/// Whole MiB in so many bytes.
pub(crate) fn in_mib(bytes: u64) -> u64 {
    bytes / mib(1)
}

#[cfg(test)]
mod tests;
