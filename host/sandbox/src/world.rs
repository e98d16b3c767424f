//! The three worlds of the contract, and what an import of each gives away.

use serde::{Deserialize, Serialize};

/// Version of the contract that new plugins are written for (`wit/`, package `autods:plugin`).
pub const CONTRACT: &str = "0.1.0";

/// A version of the contract that was published, and is never changed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its version; its text is in `wit/published/<version>/`.
    pub version: &'static str,
    /// SHA-256 of that text: of each file in the order of their names, name, a zero byte, contents
    /// and a zero byte.
    pub sha256: &'static str,
}

/// Every version whose plugins this host runs, oldest first. A plugin of each is run by
/// `tests/tests/contract.rs`.
pub const ACCEPTED: &[Published] = &[Published {
    version: "0.1.0",
    sha256: "5c4e1151cf339472f556f1bc69cc8c97975d88074c4401f5c09b9c7d25aeb36a",
}];

/// Whether a plugin of that version of the contract can run here.
pub(crate) fn accepted(version: &str) -> bool {
    ACCEPTED
        .iter()
        .any(|published| published.version == version)
}

/// The versions that can run here, for a sentence.
pub(crate) fn accepted_versions() -> String {
    let versions: Vec<&str> = ACCEPTED.iter().map(|published| published.version).collect();
    versions.join(", ")
}

/// Package of the contract.
pub(crate) const PACKAGE: &str = "autods:plugin";

/// What a plugin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum World {
    /// Reads files and emits rows.
    Loader,
    /// Is fitted on the rows of one fold and applied to rows.
    Method,
    /// Sees aggregates and answers with typed actions.
    Agent,
}

/// What a plugin can do: through an import, or because its world is called with something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Nothing: the interface has types and no function.
    Types,
    /// Say something to its author, counted, capped and hidden by default.
    Log,
    /// Read the files that the host matched.
    ReadSources,
    /// Emit rows and quality metrics into declared tables.
    EmitRows,
    /// Nothing: a stub of WASI that answers the same to everybody.
    Inert,
    /// Be handed the rows of one fold.
    SeeRows,
    /// Be handed a briefing of aggregates that passed disclosure control.
    SeeAggregates,
    /// Take typed actions on the board.
    Act,
}

impl Capability {
    /// All that give a plugin something.
    pub const ALL: [Self; 6] = [
        Self::Log,
        Self::ReadSources,
        Self::EmitRows,
        Self::SeeRows,
        Self::SeeAggregates,
        Self::Act,
    ];

    /// Its name in manifests, policies and the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Types => "types",
            Self::Log => "log",
            Self::ReadSources => "read-sources",
            Self::EmitRows => "emit-rows",
            Self::Inert => "inert",
            Self::SeeRows => "see-rows",
            Self::SeeAggregates => "see-aggregates",
            Self::Act => "act",
        }
    }

    /// The capability of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|capability| capability.name() == name)
    }

    /// In one line, for a person.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Types => "types only, no function",
            Self::Log => {
                "say something to the plugin's author (counted, capped, hidden by default)"
            }
            Self::ReadSources => "read the files that the host matched",
            Self::EmitRows => "emit rows and quality metrics into declared tables",
            Self::Inert => "answers nothing",
            Self::SeeRows => "be handed the rows of one fold",
            Self::SeeAggregates => "be handed aggregates that passed disclosure control",
            Self::Act => "take typed actions on the board",
        }
    }
}

impl std::fmt::Display for Capability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl World {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Loader, Self::Method, Self::Agent];

    /// Its name in `wit/` and in a manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loader => "loader",
            Self::Method => "method",
            Self::Agent => "agent",
        }
    }

    /// The world of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|world| world.name() == name)
    }

    /// Interfaces of the contract that a plugin of this world may import, and nothing else.
    pub fn imports(self) -> &'static [(&'static str, Capability)] {
        const TYPES: (&str, Capability) = ("types", Capability::Types);
        const LOG: (&str, Capability) = ("log", Capability::Log);
        match self {
            Self::Loader => &[
                TYPES,
                LOG,
                ("sources", Capability::ReadSources),
                ("sink", Capability::EmitRows),
            ],
            Self::Method => &[TYPES, LOG],
            Self::Agent => &[TYPES, LOG, ("board", Capability::Types)],
        }
    }

    /// What a plugin of this world has by being called, without any import.
    pub fn handed(self) -> &'static [Capability] {
        match self {
            Self::Loader => &[],
            Self::Method => &[Capability::SeeRows],
            Self::Agent => &[Capability::SeeAggregates, Capability::Act],
        }
    }

    /// Everything that a plugin of this world could ever have.
    pub fn capabilities(self) -> Vec<Capability> {
        let imported = self.imports().iter().map(|(_, capability)| *capability);
        let mut all: Vec<Capability> = imported
            .filter(|capability| *capability != Capability::Types)
            .chain(self.handed().iter().copied())
            .collect();
        all.sort();
        all
    }

    /// The interface of the contract that a plugin of this world must export, and nothing else.
    pub fn export(self) -> &'static str {
        match self {
            Self::Loader => "ingest",
            Self::Method => "fitting",
            Self::Agent => "acting",
        }
    }

    /// The world as this build knows it, encoded as a component type.
    pub(crate) fn component_type(self) -> &'static [u8] {
        match self {
            Self::Loader => crate::bindings::loader::COMPONENT_TYPE,
            Self::Method => crate::bindings::method::COMPONENT_TYPE,
            Self::Agent => crate::bindings::agent::COMPONENT_TYPE,
        }
    }
}

impl std::fmt::Display for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// An interface of the contract with its version: `autods:plugin/log@0.1.0`.
pub(crate) fn qualified(interface: &str) -> String {
    format!("{PACKAGE}/{interface}@{CONTRACT}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_allow_list_is_exactly_what_the_wit_says() {
        for world in World::ALL {
            let (resolve, id) = wit_parser::decoding::decode_world(world.component_type()).unwrap();
            let names = |items: Vec<&wit_parser::WorldKey>| {
                let mut names: Vec<String> = items
                    .into_iter()
                    .map(|key| resolve.name_world_key(key))
                    .collect();
                names.sort();
                names
            };
            let mut ours: Vec<String> = world
                .imports()
                .iter()
                .map(|(interface, _)| qualified(interface))
                .collect();
            ours.sort();
            assert_eq!(
                names(resolve.worlds[id].imports.keys().collect()),
                ours,
                "{world}"
            );
            assert_eq!(
                names(resolve.worlds[id].exports.keys().collect()),
                vec![qualified(world.export())],
                "{world}"
            );
            for (interface, capability) in world.imports() {
                let functions = resolve
                    .interfaces
                    .iter()
                    .find(|(_, found)| found.name.as_deref() == Some(interface))
                    .map(|(_, found)| found.functions.len())
                    .unwrap();
                assert_eq!(
                    functions == 0,
                    *capability == Capability::Types,
                    "{interface}"
                );
            }
        }
    }
}
