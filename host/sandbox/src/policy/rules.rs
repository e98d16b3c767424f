//! The rules of a policy: what a plugin must bring along, what it may ever be granted, and who
//! is trusted to say so.

use serde::{Deserialize, Serialize};

use crate::world::{Capability, World};

/// A named policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// For protected data under an officer: signed plugins under a signed lock, and no start
    /// without the kernel's confinement.
    Strict,
    /// For protected data: every plugin pinned by the lock, confinement wherever the kernel has
    /// it.
    #[default]
    Standard,
    /// For an author's own plugins on data that may be shown: unsigned, not pinned, messages shown.
    Development,
}

impl Profile {
    /// All of them, strictest first.
    pub const ALL: [Self; 3] = [Self::Strict, Self::Standard, Self::Development];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Standard => "standard",
            Self::Development => "development",
        }
    }

    /// The profile of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }
}

impl std::fmt::Display for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether something must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Requirement {
    /// Refused without it.
    Required,
    /// May be absent; if it is there, it must be right.
    Optional,
}

/// Whether a plugin must be pinned by `autods.lock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LockRule {
    /// It must, and the lock must be signed by a trusted signer.
    Signed,
    /// It must.
    Required,
    /// A lock that is there is obeyed, none is needed.
    Optional,
}

/// What a plugin must bring along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct PluginRules {
    /// Whether it must be pinned.
    pub lock: LockRule,
    /// Whether it must be signed.
    pub signature: Requirement,
}

impl PluginRules {
    pub(super) fn of(profile: Profile) -> Self {
        match profile {
            Profile::Strict => Self {
                lock: LockRule::Signed,
                signature: Requirement::Required,
            },
            Profile::Standard => Self {
                lock: LockRule::Required,
                signature: Requirement::Optional,
            },
            Profile::Development => Self {
                lock: LockRule::Optional,
                signature: Requirement::Optional,
            },
        }
    }
}

impl Default for PluginRules {
    fn default() -> Self {
        Self::of(Profile::default())
    }
}

/// Whether the kernel must confine the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kernel {
    /// No start without.
    Required,
    /// Where the kernel has it; what is missing is said and recorded.
    Preferred,
    /// Not at all.
    Off,
}

/// How the kernel confines the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Confinement {
    /// Landlock and seccomp.
    pub kernel: Kernel,
}

impl Confinement {
    pub(super) fn of(profile: Profile) -> Self {
        Self {
            kernel: match profile {
                Profile::Strict => Kernel::Required,
                Profile::Standard | Profile::Development => Kernel::Preferred,
            },
        }
    }
}

impl Default for Confinement {
    fn default() -> Self {
        Self::of(Profile::default())
    }
}

/// Capabilities that may ever be granted, by world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Grants {
    /// To loaders.
    pub loader: Vec<Capability>,
    /// To methods.
    pub method: Vec<Capability>,
    /// To agents.
    pub agent: Vec<Capability>,
}

impl Default for Grants {
    fn default() -> Self {
        Self {
            loader: World::Loader.capabilities(),
            method: World::Method.capabilities(),
            agent: World::Agent.capabilities(),
        }
    }
}

impl Grants {
    /// Those of a world.
    pub fn of(&self, world: World) -> &[Capability] {
        match world {
            World::Loader => &self.loader,
            World::Method => &self.method,
            World::Agent => &self.agent,
        }
    }
}

/// Capabilities that may never meet in one component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NeverTogether {
    /// Sets of which no component may have two members.
    pub sets: Vec<Vec<Capability>>,
}

impl Default for NeverTogether {
    /// Who has rows does not talk.
    fn default() -> Self {
        Self {
            sets: [
                Capability::ReadSources,
                Capability::EmitRows,
                Capability::SeeRows,
            ]
            .into_iter()
            .map(|rows| vec![rows, Capability::Act])
            .collect(),
        }
    }
}

impl NeverTogether {
    /// Two of these that are kept apart, if there are such.
    pub fn broken_by(&self, have: &[Capability]) -> Option<(Capability, Capability)> {
        self.sets.iter().find_map(|set| {
            let mut both = set.iter().filter(|member| have.contains(member));
            Some((*both.next()?, *both.next()?))
        })
    }
}

/// What becomes of a component's imports from WASI.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct WasiSettings {
    /// Whether they are answered by stubs that observe nothing and leak nothing; otherwise a
    /// component that has them is refused. Sockets and HTTP are refused either way.
    pub stubs: bool,
}

impl WasiSettings {
    pub(super) fn of(profile: Profile) -> Self {
        Self {
            stubs: profile == Profile::Development,
        }
    }
}
