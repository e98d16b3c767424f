//! The static audit: everything a plugin could ever do, read from its bytes before any of it is
//! compiled. The imports at the top of a component are its whole authority: what is nested inside
//! can only be fed from them.

use std::fmt;
use std::panic::catch_unwind;

use serde::Serialize;
use wasmparser::{Parser, Validator};

use crate::anatomy::{Anatomy, FEATURES, Item, Producer, Shape};
use crate::digest;
use crate::grant::{self, Grant, Purpose};
use crate::manifest::Manifest;
use crate::message::printable;
use crate::policy::{Limits, Policy, mib};
use crate::refusal::Refusal;
use crate::skeleton::skeleton;
use crate::trust::{self, LockState, Papers, Seal};
use crate::wasi;
use crate::world::{Capability, PACKAGE, World, accepted, qualified};

/// What a plugin is, may and would do. Prints as a page for people, serialises for programs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Audit {
    /// Its id, from the manifest.
    pub id: String,
    /// Its version, from the manifest.
    pub version: String,
    /// Its world, from the manifest; checked against the component.
    pub world: World,
    /// The contract that it was built for.
    pub contract: String,
    /// SHA-256 of the component, in hexadecimal.
    pub sha256: String,
    /// SHA-256 of the manifest's file, in hexadecimal.
    pub manifest_sha256: String,
    /// SHA-256 of its interface, imports and exports with all their types as WIT, in hexadecimal;
    /// empty where it could not be read.
    pub interface: String,
    /// Size of the component in bytes.
    pub bytes: u64,
    /// Its licence, from the manifest.
    pub licence: String,
    /// Every capability of its world, and who gives it.
    pub grants: Vec<Grant>,
    /// Whether somebody trusted signed it.
    pub signature: Seal,
    /// Whether it is what the lock pins.
    pub lock: LockState,
    /// Everything that it imports.
    pub imports: Vec<Import>,
    /// Everything that it exports.
    pub exports: Vec<Export>,
    /// What it is made of.
    pub shape: Shape,
    /// Tools that made it, as it says itself.
    pub producers: Vec<Producer>,
    /// The limits under which its calls run: the policy's, lowered by the manifest and the lock.
    pub limits: Limits,
    /// The limits without the lock's say: what a new lock would pin.
    #[serde(skip)]
    pub asked_limits: Limits,
    /// Why it is not admitted; empty: it is.
    pub refusals: Vec<Refusal>,
}

/// Something that a component imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Import {
    /// Its name.
    pub name: String,
    /// Whether its world may have it.
    pub allowed: bool,
    /// What it gives the plugin; absent for what is not of the contract.
    pub capability: Option<Capability>,
    /// Whether what it gives is granted; `true` for types, which give nothing.
    pub granted: bool,
}

/// Something that a component exports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Export {
    /// Its name.
    pub name: String,
    /// Whether its world has a place for it.
    pub expected: bool,
}

impl Audit {
    /// Audits the bytes of a component that claims to be what the manifest says.
    ///
    /// Never compiles, never runs, never panics, whatever the bytes are.
    pub fn of(manifest: &Manifest, bytes: &[u8], policy: &Policy) -> Self {
        let papers = Papers {
            manifest: toml::to_string(manifest).unwrap_or_default(),
            ..Papers::default()
        };
        Self::with_papers(manifest, bytes, &papers, policy, &Purpose::ANY)
    }

    /// As [`Audit::of`], with what vouches for the component, for what a run wants it for.
    pub fn with_papers(
        manifest: &Manifest,
        bytes: &[u8],
        papers: &Papers,
        policy: &Policy,
        purpose: &Purpose,
    ) -> Self {
        let world = manifest.plugin.world;
        let sha256 = digest::sha256(bytes);
        let trust = trust::examine(manifest, papers, &sha256, policy);
        let mut refusals = trust.refusals;
        let asked_limits =
            manifest
                .limits_under(&policy.limits)
                .unwrap_or_else(|(key, asked, given)| {
                    refusals.push(Refusal::AbovePolicy { key, asked, given });
                    policy.limits.clone()
                });
        let limits = match &trust.pinned {
            Some(pinned) => asked_limits.lower_of(&pinned.limits),
            None => asked_limits.clone(),
        };
        if !accepted(&manifest.plugin.contract) {
            refusals.push(Refusal::ContractVersion {
                subject: "the manifest".into(),
                needs: printable(&manifest.plugin.contract, 40),
            });
        }
        let mut anatomy = Anatomy::default();
        let mut interface = String::new();
        match outside(bytes, policy) {
            Some(refusal) => refusals.push(refusal),
            None => {
                let fits = inside(bytes, world, policy, &limits, &mut anatomy, &mut refusals);
                if fits {
                    interface = interface_digest(bytes);
                    refusals.extend(trust::interface_differs(trust.pinned.as_ref(), &interface));
                }
            }
        }
        let mut used: Vec<Capability> = anatomy
            .imports
            .iter()
            .filter_map(|item| capability(&item.name, world))
            .chain(world.handed().iter().copied())
            .collect();
        used.sort();
        used.dedup();
        let (grants, denied) = grant::grants(manifest, &used, policy, purpose);
        refusals.extend(denied);
        Self {
            id: manifest.plugin.id.clone(),
            version: printable(&manifest.plugin.version, 40),
            world,
            contract: printable(&manifest.plugin.contract, 40),
            sha256,
            manifest_sha256: trust.manifest_sha256,
            interface,
            bytes: bytes.len() as u64,
            licence: printable(&manifest.plugin.licence, 80),
            imports: anatomy
                .imports
                .iter()
                .map(|item| import_of(item, world, policy.wasi.stubs, &grants))
                .collect(),
            exports: anatomy
                .exports
                .iter()
                .map(|item| Export {
                    name: item.name.clone(),
                    expected: export_refusal(item, world).is_none(),
                })
                .collect(),
            shape: anatomy.shape,
            producers: anatomy.producers,
            grants,
            signature: trust.seal,
            lock: trust.lock,
            limits,
            asked_limits,
            refusals,
        }
    }

    /// Capabilities that are granted and that the component does not use: its manifest asks for
    /// more than it needs.
    pub fn unused(&self) -> impl Iterator<Item = Capability> + '_ {
        self.grants
            .iter()
            .filter(|grant| grant.manifest && !grant.used)
            .map(|grant| grant.capability)
    }

    /// Whether the plugin is admitted.
    pub fn admitted(&self) -> bool {
        self.refusals.is_empty()
    }
}

/// What can be said without looking inside.
fn outside(bytes: &[u8], policy: &Policy) -> Option<Refusal> {
    let limit_kib = policy.component.size_kib;
    if bytes.len() as u64 > limit_kib.saturating_mul(1024) {
        Some(Refusal::TooLarge { limit_kib })
    } else if wasmtime::Engine::detect_precompiled(bytes).is_some() {
        Some(Refusal::Precompiled)
    } else if Parser::is_core_wasm(bytes) {
        Some(Refusal::CoreModule)
    } else if !bytes.starts_with(b"\0asm") {
        Some(Refusal::NotWebAssembly)
    } else {
        None
    }
}

fn inside(
    bytes: &[u8],
    world: World,
    policy: &Policy,
    limits: &Limits,
    anatomy: &mut Anatomy,
    refusals: &mut Vec<Refusal>,
) -> bool {
    let before = refusals.len();
    let walked = anatomy.walk(bytes);
    // Imports first: who asks for a socket is told so, whatever else is wrong.
    refusals.extend(
        anatomy
            .imports
            .iter()
            .filter_map(|item| import_refusal(item, world, policy.wasi.stubs)),
    );
    refusals.extend(
        anatomy
            .exports
            .iter()
            .filter_map(|item| export_refusal(item, world)),
    );
    if let Err(flaw) = walked {
        refusals.push(Refusal::Malformed {
            offset: flaw.offset,
            what: flaw.what,
        });
        return false;
    }
    let interface = qualified(world.export());
    let imports = || anatomy.imports.iter().map(|item| item.name.as_str());
    if let Some(package) = wasi::mixed_version(imports()) {
        refusals.push(Refusal::MixedVersions { package });
    }
    if refusals.len() == before
        && !anatomy
            .exports
            .iter()
            .any(|item| is_of_contract(&item.name, world.export()))
    {
        refusals.push(Refusal::MissingExport { interface, world });
    }
    oversized(&anatomy.shape, policy, limits, refusals);
    if refusals.len() > before {
        return false;
    }
    // On this thread: a host that is about to confine itself may not have others.
    if let Err(error) = Validator::new_with_features(FEATURES).validate_all(bytes) {
        let what = printable(error.message(), 200);
        refusals.push(Refusal::Malformed {
            offset: error.offset(),
            what,
        });
        return false;
    }
    let names: Vec<&str> = imports().collect();
    // The check is of types, so it need not validate the functions once more.
    let bones = skeleton(bytes);
    let bones = bones.as_deref().unwrap_or(bytes);
    // It builds a component around this one. Should that ever panic, the answer is no.
    let fits = catch_unwind(|| {
        wasi::target(world, &names)
            .and_then(|(resolve, id)| wit_component::targets(&resolve, id, bones))
            .map_err(|error| printable(&error.root_cause().to_string(), 300))
    });
    if let Err(what) = fits.unwrap_or_else(|_| Err("they cannot be compared".into())) {
        refusals.push(Refusal::WrongTypes { world, what });
        return false;
    }
    true
}

/// Of imports and exports with all their types, printed as WIT.
fn interface_digest(bytes: &[u8]) -> String {
    let printed = catch_unwind(|| {
        let wit_parser::decoding::DecodedWasm::Component(resolve, world) =
            wit_parser::decoding::decode(bytes).ok()?
        else {
            return None;
        };
        let package = resolve.worlds[world].package?;
        let nested: Vec<_> = resolve
            .packages
            .iter()
            .map(|(id, _)| id)
            .filter(|id| *id != package)
            .collect();
        let mut printer = wit_component::WitPrinter::default();
        printer.print(&resolve, package, &nested).ok()?;
        Some(digest::sha256(printer.output.to_string().as_bytes()))
    });
    printed.ok().flatten().unwrap_or_default()
}

fn oversized(shape: &Shape, policy: &Policy, limits: &Limits, refusals: &mut Vec<Refusal>) {
    let component = &policy.component;
    let bounds = [
        (
            "core modules",
            shape.modules,
            component.modules,
            "component.modules",
        ),
        (
            "functions",
            shape.functions,
            component.functions,
            "component.functions",
        ),
        (
            "bytes in one function",
            shape.largest_function,
            component.function_kib.saturating_mul(1024),
            "component.function-kib",
        ),
        (
            "memories",
            shape.memories,
            limits.memories,
            "limits.memories",
        ),
        (
            "bytes of initial memory",
            shape.initial_memory,
            mib(limits.memory_mib),
            "limits.memory-mib",
        ),
        ("tables", shape.tables, limits.tables, "limits.tables"),
        (
            "initial table elements",
            shape.initial_table_elements,
            limits.table_elements,
            "limits.table-elements",
        ),
    ];
    for (what, found, limit, key) in bounds {
        if found > limit {
            refusals.push(Refusal::Oversized {
                what,
                found,
                limit,
                key,
            });
        }
    }
}

/// Interface and version of a name of the contract; `None` for names of anybody else.
fn of_contract(name: &str) -> Option<(&str, &str)> {
    let interface = name.strip_prefix(PACKAGE)?.strip_prefix('/')?;
    Some(
        interface
            .split_once('@')
            .unwrap_or((interface, "without a version")),
    )
}

/// Whether a name is that of this interface of the contract, in a version that runs here.
fn is_of_contract(name: &str, interface: &str) -> bool {
    of_contract(name).is_some_and(|(own, version)| own == interface && accepted(version))
}

fn capability(name: &str, world: World) -> Option<Capability> {
    world
        .imports()
        .iter()
        .find(|(own, _)| is_of_contract(name, own))
        .map(|(_, capability)| *capability)
}

fn import_of(item: &Item, world: World, stubs: bool, grants: &[Grant]) -> Import {
    let capability = capability(&item.name, world)
        .or_else(|| (stubs && wasi::answers(&item.name).is_some()).then_some(Capability::Inert));
    let nothing = matches!(capability, Some(Capability::Types | Capability::Inert));
    let granted = grants
        .iter()
        .find(|grant| Some(grant.capability) == capability)
        .map_or(nothing, Grant::granted);
    Import {
        name: item.name.clone(),
        allowed: import_refusal(item, world, stubs).is_none(),
        capability,
        granted,
    }
}

fn import_refusal(item: &Item, world: World, stubs: bool) -> Option<Refusal> {
    let name = item.name.clone();
    if item.kind != "instance" {
        return Some(Refusal::ImportKind {
            name,
            kind: item.kind,
        });
    }
    if item.renamed {
        return Some(Refusal::RenamedImport { name });
    }
    match of_contract(&name) {
        Some((_, version)) if !accepted(version) => Some(Refusal::ContractVersion {
            needs: version.to_owned(),
            subject: format!("the import `{name}`"),
        }),
        _ if capability(&name, world).is_some() => None,
        _ if wasi::answers(&name).is_some() => (!stubs).then_some(Refusal::WasiOff { name, world }),
        _ => Some(Refusal::Import { name, world }),
    }
}

fn export_refusal(item: &Item, world: World) -> Option<Refusal> {
    let name = item.name.clone();
    match of_contract(&name) {
        Some((_, version)) if !accepted(version) => Some(Refusal::ContractVersion {
            needs: version.to_owned(),
            subject: format!("the export `{name}`"),
        }),
        _ if item.kind == "instance" && !item.renamed && is_of_contract(&name, world.export()) => {
            None
        }
        _ => Some(Refusal::UnexpectedExport { name, world }),
    }
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} {} ({}, contract {})",
            self.id, self.version, self.world, self.contract
        )?;
        writeln!(f, "  sha256   {}", self.sha256)?;
        writeln!(
            f,
            "  size     {} bytes, {} core modules, {} functions (largest {} bytes)",
            self.bytes, self.shape.modules, self.shape.functions, self.shape.largest_function
        )?;
        writeln!(
            f,
            "  limits   {} MiB memory, {} ms, {} host calls",
            self.limits.memory_mib, self.limits.wall_ms, self.limits.host_calls
        )?;
        let signature = match &self.signature {
            Seal::Unsigned => "none".to_owned(),
            Seal::Signed { signer, key } => format!("{signer} (key {key})"),
            Seal::NotTrusted { key } => {
                format!("not trusted (key {})", key.as_deref().unwrap_or("unknown"))
            }
        };
        writeln!(f, "  signed   {signature}")?;
        let lock = match self.lock {
            LockState::NoLock => "there is none",
            LockState::Pinned => "pins exactly this",
            LockState::NotPinned => "does not name it",
            LockState::Differs => "pins something else",
        };
        writeln!(f, "  lock     {lock}")?;
        writeln!(f, "  grants")?;
        for grant in &self.grants {
            let mark = match (grant.denied_by(), grant.used) {
                (None, true) => "granted ".to_owned(),
                (None, false) => "unused  ".to_owned(),
                (Some(_), false) => "not had ".to_owned(),
                (Some(by), true) => format!("DENIED by {by}:"),
            };
            writeln!(
                f,
                "    {mark} {}  {}",
                grant.capability,
                grant.capability.describe()
            )?;
        }
        writeln!(f, "  imports")?;
        for import in &self.imports {
            let mark = match (import.allowed, import.granted) {
                (true, true) => "allowed",
                (true, false) => "DENIED ",
                (false, _) => "REFUSED",
            };
            let meaning = match import.capability {
                None => "not of this world".to_owned(),
                Some(Capability::Inert) => {
                    let answers = wasi::answers(&import.name).unwrap_or("nothing");
                    format!("answers nothing: {answers}")
                }
                Some(capability) => capability.describe().to_owned(),
            };
            writeln!(f, "    {mark}  {}  {meaning}", import.name)?;
        }
        if self.imports.is_empty() {
            writeln!(f, "    none")?;
        }
        writeln!(f, "  exports")?;
        for export in &self.exports {
            let mark = if export.expected {
                "expected"
            } else {
                "REFUSED "
            };
            writeln!(f, "    {mark} {}", export.name)?;
        }
        if !self.producers.is_empty() {
            writeln!(f, "  made by (its own words)")?;
            for producer in &self.producers {
                let line = format!("{} {} {}", producer.field, producer.name, producer.version);
                writeln!(f, "    {}", line.trim_end())?;
            }
        }
        if self.admitted() {
            return write!(f, "  admitted");
        }
        write!(f, "  not admitted")?;
        for refusal in &self.refusals {
            write!(f, "\n    {}: {refusal}", refusal.code())?;
        }
        Ok(())
    }
}
