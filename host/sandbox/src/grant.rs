//! What a plugin is granted: what its manifest asks for, the policy gives, the task does not
//! withhold and its role needs. All four, or it does not get it.

use serde::Serialize;

use crate::manifest::Manifest;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::world::{Capability, World};

/// One of the four who have a say in a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// What the plugin's author asks for, in `plugin.toml`.
    Manifest,
    /// What the site ever gives, in `policy.toml`.
    Policy,
    /// What the task withholds, in LAUNCH.md.
    Task,
    /// What the plugin's place in the run needs.
    Role,
}

impl Layer {
    /// What to do about a capability that this layer does not give, and who may.
    pub(crate) fn remedy(self, capability: Capability) -> String {
        match self {
            Self::Manifest => format!(
                "its author must add `{capability}` to `capabilities.requires` in plugin.toml"
            ),
            Self::Policy => {
                "who is responsible for the site may add it to `grants` in policy.toml".to_owned()
            }
            Self::Task => "who wrote the task withholds it (`withhold` in LAUNCH.md)".to_owned(),
            Self::Role => "use it in another role".to_owned(),
        }
    }
}

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Manifest => "its manifest",
            Self::Policy => "the policy",
            Self::Task => "the task",
            Self::Role => "its role",
        })
    }
}

/// What a run wants a plugin for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// As what it is used; `None`: as whatever its manifest says.
    pub world: Option<World>,
    /// Roles that it is to play; agents only.
    pub roles: Vec<String>,
    /// Capabilities that the task withholds from every plugin.
    pub withheld: Vec<Capability>,
}

impl Purpose {
    /// No particular one: what manifest and policy agree on.
    pub const ANY: Self = Self {
        world: None,
        roles: Vec::new(),
        withheld: Vec::new(),
    };
}

/// One capability of a plugin's world, and who gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Grant {
    /// The capability.
    pub capability: Capability,
    /// Whether the component uses it: imports its interface, or is handed it by its world.
    pub used: bool,
    /// Whether the manifest asks for it.
    pub manifest: bool,
    /// Whether the policy gives it.
    pub policy: bool,
    /// Whether the task lets it.
    pub task: bool,
    /// Whether the plugin's place in the run has it.
    pub role: bool,
}

impl Grant {
    /// Whether it is granted: everybody gives it.
    pub fn granted(&self) -> bool {
        self.denied_by().is_none()
    }

    /// The first who does not give it.
    pub fn denied_by(&self) -> Option<Layer> {
        [
            (self.manifest, Layer::Manifest),
            (self.policy, Layer::Policy),
            (self.task, Layer::Task),
            (self.role, Layer::Role),
        ]
        .into_iter()
        .find_map(|(gives, layer)| (!gives).then_some(layer))
    }
}

/// The grants of a plugin, and why it is refused where it uses what it is not granted.
pub(crate) fn grants(
    manifest: &Manifest,
    used: &[Capability],
    policy: &Policy,
    purpose: &Purpose,
) -> (Vec<Grant>, Vec<Refusal>) {
    let world = manifest.plugin.world;
    let mut refusals = Vec::new();
    let in_place = purpose.world.is_none_or(|wanted| wanted == world);
    if let Some(wanted) = purpose.world.filter(|_| !in_place) {
        refusals.push(Refusal::WrongUse {
            wanted: wanted.name().to_owned(),
            found: world.name().to_owned(),
        });
    }
    if world == World::Agent
        && let Some(role) = purpose
            .roles
            .iter()
            .find(|role| !manifest.roles.may.contains(role))
    {
        refusals.push(Refusal::WrongUse {
            wanted: crate::message::printable(role, 80),
            found: format!("{} (`roles.may`)", manifest.roles.may.join(", ")),
        });
    }
    let grants: Vec<Grant> = world
        .capabilities()
        .into_iter()
        .map(|capability| Grant {
            capability,
            used: used.contains(&capability),
            manifest: manifest.capabilities.requires.contains(&capability),
            policy: policy.grants(world, capability),
            task: !purpose.withheld.contains(&capability),
            role: in_place,
        })
        .collect();
    for grant in grants.iter().filter(|grant| grant.used) {
        let capability = grant.capability;
        match grant.denied_by() {
            None => {}
            Some(Layer::Manifest) => refusals.push(Refusal::Undeclared { capability }),
            // Said already, once for all.
            Some(Layer::Role) => {}
            Some(by) => refusals.push(Refusal::NotGranted { capability, by }),
        }
    }
    let held: Vec<Capability> = grants
        .iter()
        .filter(|grant| grant.granted())
        .map(|grant| grant.capability)
        .collect();
    if let Some((one, other)) = policy.never_together.broken_by(&held) {
        refusals.push(Refusal::NeverTogether { one, other });
    }
    (grants, refusals)
}
