//! A plugin on its way to a site: a package (tar, gzipped or not), an OCI artifact, a reference to
//! one.
//!
//! Promise: reading ends within the policy's size; what is accepted names its plugin by a plain id,
//! is the same when it is packed and read again, and a refusal can be shown.

use std::sync::LazyLock;

use autods_author::{AuthorError, Package, fuzzing};
use autods_sandbox::{Policy, Profile};
use sha2::{Digest as _, Sha256};

use crate::assert_shown;

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let mut policy = Policy::of(Profile::Development);
    // small enough that a bomb is tried, not waited for
    policy.component.size_kib = 64;
    policy
});

const MANIFEST: &str = "[plugin]\nid = \"agent-x\"\nversion = \"1.0.0\"\nworld = \"agent\"\ncontract \
    = \"0.1.0\"\ntitle = \"X\"\ndescription = \"Y\"\nlicence = \"MIT\"\n[capabilities]\nrequires = \
    [\"log\", \"see-aggregates\", \"act\"]\n[roles]\nmay = [\"modeler\"]\n";
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

/// The first byte chooses the form.
pub fn run(input: &[u8]) {
    let Some((choice, bytes)) = input.split_first() else {
        return;
    };
    match choice % 3 {
        0 => hold(fuzzing::tar(bytes, &POLICY)),
        1 => {
            // an image manifest, and the blobs that it may name
            let blobs: [&[u8]; 2] = [MANIFEST.as_bytes(), COMPONENT];
            hold(fuzzing::artifact(bytes, &blobs, &POLICY));
        }
        _ => {
            if let Ok(text) = std::str::from_utf8(bytes)
                && let Err(error) = fuzzing::reference(text)
            {
                assert_shown("a refusal of a reference", &error.to_string());
            }
        }
    }
}

fn hold(read: Result<Package, AuthorError>) {
    let package = match read {
        Ok(package) => package,
        Err(error) => return assert_shown("a refusal of a package", &error.to_string()),
    };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    assert!(
        !package.id.is_empty() && package.id.chars().all(plain),
        "a file would be named after {:?}",
        package.id
    );
    assert!(package.component.len() as u64 <= POLICY.component.size_kib * 1024);
    let again = fuzzing::tar(&package.to_tar(), &POLICY)
        .unwrap_or_else(|error| panic!("what was packed is refused: {error}"));
    assert_eq!(again.id, package.id);
    assert_eq!(again.manifest, package.manifest);
    assert_eq!(again.component, package.component);
    assert_eq!(again.signature, package.signature);
}

pub fn seeds() -> Vec<Vec<u8>> {
    let layer = |kind: &str, bytes: &[u8]| {
        let digest = Sha256::digest(bytes);
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        format!(
            r#"{{"mediaType":"{kind}","digest":"sha256:{hex}","size":{}}}"#,
            bytes.len()
        )
    };
    let image = format!(
        r#"{{"schemaVersion":2,"artifactType":"{}","layers":[{},{}]}}"#,
        autods_author::oci::ARTIFACT,
        layer(autods_author::oci::MANIFEST, MANIFEST.as_bytes()),
        layer(autods_author::oci::COMPONENT, COMPONENT),
    );
    let blobs: [&[u8]; 2] = [MANIFEST.as_bytes(), COMPONENT];
    let package = fuzzing::artifact(image.as_bytes(), &blobs, &POLICY).expect("an honest artifact");
    let tar = package.to_tar();
    fuzzing::tar(&tar, &POLICY).expect("an honest package");
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&tar[..]), &mut plain)
        .expect("a gzip file");
    let with = |choice: u8, bytes: &[u8]| [&[choice], bytes].concat();
    vec![
        with(0, &tar),
        with(0, &plain),
        with(1, image.as_bytes()),
        with(2, b"oci://registry.example.org:5000/team/agent-x:1.0.0"),
        with(
            2,
            format!("oci://localhost/a@sha256:{}", "0".repeat(64)).as_bytes(),
        ),
    ]
}
