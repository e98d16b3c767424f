//! Plugins as OCI artifacts (OCI Image Spec 1.1, Distribution Spec 1.1): read from an image layout
//! folder or from a registry, written as a layout that any OCI tool can push.
//!
//! One plugin is one artifact of type [`ARTIFACT`]. Its layers are the manifest ([`MANIFEST`]), the
//! component ([`COMPONENT`]) and perhaps the signature of the manifest ([`SIGNATURE`]). Every blob
//! is held against the digest that names it before anybody looks into it.

use std::fs;
use std::path::Path;

use autods_sandbox::Policy;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::build::hex;
use crate::package::{Package, plain};
use crate::{AuthorError, Tell};

mod reference;
mod registry;

pub use registry::RegistryOptions;

/// Type of the artifact.
pub const ARTIFACT: &str = "application/vnd.autods.plugin.v1";
/// Type of the layer that is the manifest.
pub const MANIFEST: &str = "application/vnd.autods.plugin.manifest.v1+toml";
/// Type of the layer that is the component.
pub const COMPONENT: &str = "application/wasm";
/// Type of the layer that is the manifest's signature.
pub const SIGNATURE: &str = "application/vnd.autods.plugin.signature.v1+minisig";

const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// Bytes of a document of OCI's own at most.
const DOCUMENT: u64 = 4 << 20;

/// What names a blob.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    pub(crate) media_type: String,
    pub(crate) digest: String,
    pub(crate) size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) annotations: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Image {
    #[serde(default)]
    artifact_type: Option<String>,
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Index {
    manifests: Vec<Descriptor>,
}

/// Where blobs come from.
pub(crate) trait Blobs {
    /// The bytes that a descriptor names, at most as many as it says.
    fn blob(&self, of: &Descriptor) -> Result<Vec<u8>, AuthorError>;
}

/// Reads a plugin from an OCI image layout, `DIR` or `DIR:TAG`.
///
/// # Errors
/// Where it is no layout, holds no or several plugins, or a blob is not what its digest says.
pub fn read_layout(place: &str, policy: &Policy) -> Result<Package, AuthorError> {
    let (folder, tag) = match place.rsplit_once(':') {
        Some((folder, tag)) if !Path::new(place).is_dir() => (Path::new(folder), Some(tag)),
        _ => (Path::new(place), None),
    };
    let index = folder.join("index.json");
    let text = plain(&index, DOCUMENT)?
        .ok_or_else(|| AuthorError::file(&index, "is missing: this is no OCI image layout"))?;
    let found: Index = document(place, &text)?;
    let wanted: Vec<&Descriptor> = found
        .manifests
        .iter()
        .filter(|descriptor| {
            let name = descriptor.annotations.as_ref();
            let name = name.and_then(|all| all["org.opencontainers.image.ref.name"].as_str());
            tag.is_none() || tag == name
        })
        .collect();
    let [descriptor] = wanted.as_slice() else {
        return Err(AuthorError::file(
            &index,
            format!(
                "holds {} artifacts of that name; give one as oci-layout:DIR:TAG",
                wanted.len()
            ),
        ));
    };
    let layout = Layout(folder);
    let image = layout.blob(descriptor)?;
    package(place, &image, &layout, policy)
}

/// Reads a plugin from a registry, `oci://HOST[:PORT]/NAME:TAG` or `…@sha256:DIGEST`.
///
/// # Errors
/// Where the reference is none, the registry cannot be asked, or what it gives is not what the
/// digests say.
pub fn read_registry(
    reference: &str,
    options: &RegistryOptions,
    policy: &Policy,
    tell: &dyn Tell,
) -> Result<Package, AuthorError> {
    let registry = registry::Registry::of(reference, options)?;
    tell.tell(&format!("asking {}", registry.shown()));
    let image = registry.manifest()?;
    package(reference, &image, &registry, policy)
}

pub(crate) fn package(
    from: &str,
    image: &[u8],
    blobs: &dyn Blobs,
    policy: &Policy,
) -> Result<Package, AuthorError> {
    let wrong = |what: String| AuthorError::Wrong(format!("{from}: {what}"));
    let image: Image = document(from, image)?;
    if image.artifact_type.as_deref() != Some(ARTIFACT) {
        return Err(wrong(format!(
            "it is no plugin: its artifactType is not {ARTIFACT}"
        )));
    }
    let layer = |kind: &str, most: u64| -> Result<Option<Vec<u8>>, AuthorError> {
        let mut of_kind = image.layers.iter().filter(|layer| layer.media_type == kind);
        let Some(layer) = of_kind.next() else {
            return Ok(None);
        };
        if of_kind.next().is_some() {
            return Err(wrong(format!("it has two layers of type {kind}")));
        }
        if layer.size > most {
            return Err(wrong(format!(
                "its layer {kind} has {} bytes, at most {most} are taken (`component.size-kib` of the policy)",
                layer.size
            )));
        }
        blobs.blob(layer).map(Some)
    };
    let manifest =
        layer(MANIFEST, 1 << 20)?.ok_or_else(|| wrong(format!("it has no layer {MANIFEST}")))?;
    let component = layer(COMPONENT, policy.component.size_kib.saturating_mul(1024))?
        .ok_or_else(|| wrong(format!("it has no layer {COMPONENT}")))?;
    let signature = layer(SIGNATURE, 1 << 20)?;
    Package::new(from, manifest, component, signature)
}

fn document<T: for<'d> Deserialize<'d>>(from: &str, text: &[u8]) -> Result<T, AuthorError> {
    serde_json::from_slice(text).map_err(|error| {
        AuthorError::Wrong(format!("{from}: an OCI document cannot be read: {error}"))
    })
}

/// Whether a reference names this machine, for the fuzz targets.
#[cfg(feature = "fuzzing")]
pub(crate) fn is_local(text: &str) -> Result<bool, AuthorError> {
    reference::Reference::parse(text).map(|reference| reference.is_local())
}

/// That bytes are those that a descriptor names.
pub(crate) fn verified(bytes: Vec<u8>, of: &Descriptor) -> Result<Vec<u8>, AuthorError> {
    let found = format!("sha256:{}", hex(&Sha256::digest(&bytes)));
    if bytes.len() as u64 != of.size || found != of.digest {
        return Err(AuthorError::Wrong(format!(
            "a blob is not what names it: {} bytes with {found} for {} bytes with {}; it was cut off or exchanged on its way",
            bytes.len(),
            of.size,
            of.digest
        )));
    }
    Ok(bytes)
}

/// The hexadecimal of a `sha256:` digest: the only kind that is taken.
pub(crate) fn sha256_of(digest: &str) -> Result<&str, AuthorError> {
    digest
        .strip_prefix("sha256:")
        .filter(|hex| {
            hex.len() == 64
                && hex
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        })
        .ok_or_else(|| {
            AuthorError::Wrong(format!("`{}` is no sha256 digest", digest.escape_default()))
        })
}

struct Layout<'l>(&'l Path);

impl Blobs for Layout<'_> {
    fn blob(&self, of: &Descriptor) -> Result<Vec<u8>, AuthorError> {
        let path = self.0.join("blobs/sha256").join(sha256_of(&of.digest)?);
        let bytes = plain(&path, of.size)?.ok_or_else(|| AuthorError::file(&path, "is missing"))?;
        verified(bytes, of)
    }
}

/// Writes a plugin as an OCI image layout with one artifact, named after its version.
///
/// # Errors
/// Where the folder exists already or cannot be written.
pub fn write_layout(package: &Package, version: &str, folder: &Path) -> Result<(), AuthorError> {
    let blobs = folder.join("blobs/sha256");
    if fs::symlink_metadata(folder).is_ok() {
        return Err(AuthorError::file(
            folder,
            "is there already; name a folder that is not",
        ));
    }
    fs::create_dir_all(&blobs).map_err(AuthorError::io(&blobs))?;
    let put =
        |kind: &str, bytes: &[u8], title: Option<String>| -> Result<Descriptor, AuthorError> {
            let digest = hex(&Sha256::digest(bytes));
            let path = blobs.join(&digest);
            fs::write(&path, bytes).map_err(AuthorError::io(&path))?;
            Ok(Descriptor {
                media_type: kind.into(),
                digest: format!("sha256:{digest}"),
                size: bytes.len() as u64,
                annotations: title.map(|title| json!({ "org.opencontainers.image.title": title })),
            })
        };
    let id = &package.id;
    let mut layers = vec![
        put(MANIFEST, &package.manifest, Some(format!("{id}.toml")))?,
        put(COMPONENT, &package.component, Some(format!("{id}.wasm")))?,
    ];
    if let Some(signature) = &package.signature {
        layers.push(put(
            SIGNATURE,
            signature,
            Some(format!("{id}.toml.minisig")),
        )?);
    }
    let image = json!({
        "schemaVersion": 2,
        "mediaType": IMAGE,
        "artifactType": ARTIFACT,
        "config": put(EMPTY, b"{}", None)?,
        "layers": layers,
    });
    let mut top = put(IMAGE, image.to_string().as_bytes(), None)?;
    top.annotations = Some(json!({ "org.opencontainers.image.ref.name": version }));
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [top] });
    for (name, document) in [
        ("index.json", index),
        ("oci-layout", json!({ "imageLayoutVersion": "1.0.0" })),
    ] {
        let path = folder.join(name);
        fs::write(&path, document.to_string()).map_err(AuthorError::io(&path))?;
    }
    Ok(())
}
