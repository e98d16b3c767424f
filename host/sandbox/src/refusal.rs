//! Why a plugin is not admitted. Said before anything of it is compiled or run.

use autods_signature::SignatureError;
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::grant::Layer;
use crate::keys::FileError;
use crate::world::{Capability, World, accepted_versions};

/// Why a plugin is not admitted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Its manifest is missing or wrong.
    #[error("the manifest cannot be used: {0}")]
    Manifest(#[from] FileError),
    /// The component's file cannot be read.
    #[error("{file} cannot be read: {kind}")]
    Unreadable {
        /// Which file.
        file: String,
        /// What the operating system said, as a kind.
        kind: std::io::ErrorKind,
    },
    /// The component is larger than the policy allows.
    #[error(
        "the component has more than {limit_kib} KiB; raise `component.size-kib` in policy.toml if you trust it"
    )]
    TooLarge {
        /// The limit.
        limit_kib: u64,
    },
    /// It is not WebAssembly.
    #[error("the file is not WebAssembly: it does not begin with \\0asm")]
    NotWebAssembly,
    /// It is machine code.
    #[error(
        "the file is precompiled machine code, which cannot be checked; give the component that it was compiled from"
    )]
    Precompiled,
    /// It is a core module.
    #[error(
        "the file is a core WebAssembly module, not a component; encode it with `cargo xtask plugins` or `wasm-tools component new`"
    )]
    CoreModule,
    /// It is not a valid component, or uses a WebAssembly feature that is off.
    #[error("the component is not valid at byte {offset}: {what}")]
    Malformed {
        /// Where.
        offset: usize,
        /// What is wrong there.
        what: String,
    },
    /// It was built for another version of the contract.
    #[error(
        "{subject} needs contract {needs}, this host has {}; rebuild the plugin against this host's wit/",
        accepted_versions()
    )]
    ContractVersion {
        /// What needs it: the manifest, an import or an export.
        subject: String,
        /// The version it needs.
        needs: String,
    },
    /// It imports an interface that its world does not have.
    #[error("it imports `{name}`, which no {world} can have; allowed are {}", allowed(*.world))]
    Import {
        /// The interface, by name.
        name: String,
        /// Its world.
        world: World,
    },
    /// It imports an interface of WASI that could be answered by a stub, and the policy has none.
    #[error(
        "it imports `{name}`, which no {world} needs; build it without WASI, or let who is responsible for the site set `wasi.stubs = true` in policy.toml, which answers such imports with nothing"
    )]
    WasiOff {
        /// The interface, by name.
        name: String,
        /// Its world.
        world: World,
    },
    /// It imports one package of WASI in two versions.
    #[error("it imports `{package}` in two versions; build it with one")]
    MixedVersions {
        /// The package.
        package: String,
    },
    /// It imports something that is not an interface.
    #[error("it imports the {kind} `{name}`; only interfaces can be imported")]
    ImportKind {
        /// The import's name.
        name: String,
        /// What it is, such as `core module`.
        kind: &'static str,
    },
    /// It imports an interface under another name.
    #[error(
        "it imports an interface under the name `{name}`; interfaces are linked by their own names only"
    )]
    RenamedImport {
        /// The name used.
        name: String,
    },
    /// It does not export what its world must.
    #[error("it does not export `{interface}`, which every {world} must")]
    MissingExport {
        /// The interface.
        interface: String,
        /// Its world.
        world: World,
    },
    /// It exports something that its world has no place for.
    #[error("it exports `{name}`, for which the world {world} has no place")]
    UnexpectedExport {
        /// The export's name.
        name: String,
        /// Its world.
        world: World,
    },
    /// Names fit, types do not.
    #[error("its imports and exports have the names of world {world}, but not its types: {what}")]
    WrongTypes {
        /// Its world.
        world: World,
        /// The first difference.
        what: String,
    },
    /// A part of it is larger than the policy allows.
    #[error("it has {found} {what}, the policy allows {limit} (`{key}`)")]
    Oversized {
        /// What there is too much of.
        what: &'static str,
        /// How much.
        found: u64,
        /// How much is allowed.
        limit: u64,
        /// The policy's key.
        key: &'static str,
    },
    /// Its manifest asks for more than the policy gives.
    #[error(
        "its manifest asks for `{key}` = {asked}, the policy gives {given}; raise `limits.{key}` in policy.toml or lower it in the manifest"
    )]
    AbovePolicy {
        /// The key of `[limits]`.
        key: String,
        /// What the manifest asks.
        asked: u64,
        /// What the policy gives.
        given: u64,
    },
    /// A file of the plugin is a link, or not a plain file.
    #[error("{file} is {what}; a plugin's files must be plain files of its own folder")]
    NotAFile {
        /// Which file.
        file: String,
        /// What it is.
        what: &'static str,
    },
    /// Component or manifest is on the policy's list of what is not trusted any more.
    #[error(
        "its {what} {sha256} is revoked (`revoked.sha256` in policy.toml); install a version that is not"
    )]
    Revoked {
        /// `component` or `manifest`.
        what: &'static str,
        /// Its SHA-256.
        sha256: String,
    },
    /// The component is not the one that the manifest names.
    #[error(
        "the manifest names component {expected}, the file is {found}; it was exchanged or rebuilt: run `autods-host plugin build` if it is yours, install it again if not"
    )]
    OtherComponent {
        /// SHA-256 in the manifest.
        expected: String,
        /// SHA-256 of the file.
        found: String,
    },
    /// A signature is missing, wrong, or of somebody who is not trusted.
    #[error("{of}: {fault}")]
    Signature {
        /// What should have been signed: `the manifest` or `autods.lock`.
        of: &'static str,
        /// What is wrong.
        fault: SignatureError,
    },
    /// It is signed, and the signature would hold for any component.
    #[error(
        "its manifest is signed, but does not name its component (`component.sha256`), so that the signature would hold for any; its author must build it with `autods-host plugin build` and sign it again"
    )]
    SignedWithoutDigest,
    /// There is no lock, or the plugin is not in it.
    #[error(
        "{what}, and the policy wants every plugin pinned (`plugins.lock`); after looking at its audit, pin it with `autods-host plugin lock`"
    )]
    NotLocked {
        /// What is missing.
        what: &'static str,
    },
    /// The lock cannot be used.
    #[error("autods.lock cannot be used: {what}; make it anew with `autods-host plugin lock`")]
    BadLock {
        /// Why.
        what: String,
    },
    /// The plugin is not what the lock pins.
    #[error(
        "its {what} is {found}, autods.lock pins {pinned}; if the change is wanted, look at its audit and pin it with `autods-host plugin lock`"
    )]
    OtherThanLocked {
        /// What differs.
        what: &'static str,
        /// What the lock says.
        pinned: String,
        /// What is there.
        found: String,
    },
    /// It uses a capability that its manifest does not ask for.
    #[error(
        "it uses `{capability}`, for which its manifest does not ask; its author must add it to `capabilities.requires`, so that who installs it can see it"
    )]
    Undeclared {
        /// The capability.
        capability: Capability,
    },
    /// It needs a capability that somebody does not give it.
    #[error("it needs `{capability}`, which {by} does not give; {}", by.remedy(*.capability))]
    NotGranted {
        /// The capability.
        capability: Capability,
        /// Who does not give it.
        by: Layer,
    },
    /// It would hold two capabilities that are kept apart.
    #[error(
        "it would hold both `{one}` and `{other}`, which `never-together.sets` in policy.toml keeps apart"
    )]
    NeverTogether {
        /// One.
        one: Capability,
        /// The other.
        other: Capability,
    },
    /// It is to be used as something that it is not.
    #[error(
        "the task uses it as {wanted}, its manifest says {found}; correct the id in TASK.md or LAUNCH.md"
    )]
    WrongUse {
        /// What the task wants.
        wanted: String,
        /// What the manifest offers.
        found: String,
    },
    /// It passed every check, and the compiler still refused it.
    #[error("the compiler refused the component: {what}")]
    Compile {
        /// Why.
        what: String,
    },
}

fn allowed(world: World) -> String {
    let names: Vec<String> = world
        .imports()
        .iter()
        .map(|(interface, _)| crate::world::qualified(interface))
        .collect();
    names.join(", ")
}

impl Refusal {
    /// Its name for programs: short, `kebab-case`, the same in every version.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Manifest(_) => "bad-manifest",
            Self::Unreadable { .. } => "unreadable",
            Self::TooLarge { .. } => "component-too-large",
            Self::NotWebAssembly => "not-webassembly",
            Self::Precompiled => "precompiled",
            Self::CoreModule => "core-module",
            Self::Malformed { .. } => "malformed-component",
            Self::ContractVersion { .. } => "contract-version",
            Self::Import { .. } => "undeclared-import",
            Self::WasiOff { .. } => "wasi-stubs-off",
            Self::MixedVersions { .. } => "mixed-versions",
            Self::ImportKind { .. } => "import-kind",
            Self::RenamedImport { .. } => "renamed-import",
            Self::MissingExport { .. } => "missing-export",
            Self::UnexpectedExport { .. } => "unexpected-export",
            Self::WrongTypes { .. } => "wrong-types",
            Self::Oversized { .. } => "oversized",
            Self::AbovePolicy { .. } => "above-policy",
            Self::NotAFile { .. } => "not-a-plain-file",
            Self::Revoked { .. } => "revoked",
            Self::OtherComponent { .. } => "other-component",
            Self::Signature { fault, .. } => fault.code(),
            Self::SignedWithoutDigest => "signed-without-digest",
            Self::NotLocked { .. } => "not-locked",
            Self::BadLock { .. } => "bad-lock",
            Self::OtherThanLocked { .. } => "other-than-locked",
            Self::Undeclared { .. } => "undeclared-capability",
            Self::NotGranted { .. } => "not-granted",
            Self::NeverTogether { .. } => "never-together",
            Self::WrongUse { .. } => "wrong-use",
            Self::Compile { .. } => "compile-error",
        }
    }
}

impl Serialize for Refusal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Refusal", 2)?;
        fields.serialize_field("code", self.code())?;
        fields.serialize_field("message", &self.to_string())?;
        fields.end()
    }
}
