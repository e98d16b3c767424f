//! Keys of a policy, and the ranges of its numbers.

use super::Policy;
use crate::keys::{FileError, Keys};

const LEAF: Keys = Keys::Leaf;
/// The keys of `[limits]`, which a manifest may have as well.
pub(crate) const LIMIT_KEYS: Keys = Keys::Table(&[
    ("memory-mib", LEAF),
    ("table-elements", LEAF),
    ("instances", LEAF),
    ("memories", LEAF),
    ("tables", LEAF),
    ("wall-ms", LEAF),
    ("host-calls", LEAF),
    ("crossing-mib", LEAF),
    ("read-mib", LEAF),
    ("output-rows", LEAF),
    ("output-mib", LEAF),
    ("output-streams", LEAF),
    ("output-columns", LEAF),
    ("metrics", LEAF),
    ("shards", LEAF),
    ("state-mib", LEAF),
    ("actions", LEAF),
    ("list-items", LEAF),
    ("text-bytes", LEAF),
    ("log-lines", LEAF),
    ("log-bytes", LEAF),
    ("handles", LEAF),
]);
pub(super) const KEYS: Keys = Keys::Table(&[
    ("profile", LEAF),
    (
        "plugins",
        Keys::Table(&[("lock", LEAF), ("signature", LEAF)]),
    ),
    ("confinement", Keys::Table(&[("kernel", LEAF)])),
    (
        "grants",
        Keys::Table(&[("loader", LEAF), ("method", LEAF), ("agent", LEAF)]),
    ),
    ("never-together", Keys::Table(&[("sets", LEAF)])),
    (
        "signers",
        Keys::List(&Keys::Table(&[
            ("name", LEAF),
            ("key", LEAF),
            ("plugins", LEAF),
            ("worlds", LEAF),
        ])),
    ),
    ("revoked", Keys::Table(&[("keys", LEAF), ("sha256", LEAF)])),
    ("wasi", Keys::Table(&[("stubs", LEAF)])),
    ("limits", LIMIT_KEYS),
    (
        "component",
        Keys::Table(&[
            ("size-kib", LEAF),
            ("modules", LEAF),
            ("functions", LEAF),
            ("function-kib", LEAF),
        ]),
    ),
    (
        "engine",
        Keys::Table(&[
            ("stack-kib", LEAF),
            ("compile-stack-mib", LEAF),
            ("compile-threads", LEAF),
            ("tick-ms", LEAF),
        ]),
    ),
    (
        "sources",
        Keys::Table(&[
            ("files", LEAF),
            ("inflate-mib", LEAF),
            ("inflate-ratio", LEAF),
        ]),
    ),
    ("log", Keys::Table(&[("show", LEAF), ("line-bytes", LEAF)])),
]);

/// Least and greatest value of the keys that are not simply "0 to 10¹²".
const RANGES: &[(&str, u64, u64)] = &[
    ("limits.memory-mib", 1, 4096),
    ("limits.table-elements", 1, 10_000_000),
    ("limits.instances", 1, 10_000),
    ("limits.memories", 1, 1000),
    ("limits.tables", 1, 1000),
    ("limits.wall-ms", 1, 7 * 24 * 3600 * 1000),
    ("limits.crossing-mib", 1, 4096),
    ("limits.state-mib", 1, 4096),
    ("limits.output-mib", 1, 1024 * 1024),
    ("limits.read-mib", 1, 1024 * 1024 * 1024),
    ("component.size-kib", 1, 1024 * 1024),
    ("engine.stack-kib", 64, 1024),
    ("engine.compile-stack-mib", 2, 1024),
    ("engine.compile-threads", 0, 1024),
    ("engine.tick-ms", 1, 1000),
    ("sources.inflate-mib", 1, 1024 * 1024),
    ("sources.inflate-ratio", 1, 100_000),
];
/// Greatest value of every other number.
const GREATEST: u64 = 1_000_000_000_000;

/// Least and greatest value of a number, by its key such as `limits.wall-ms`.
pub(super) fn range(key: &str) -> (u64, u64) {
    RANGES
        .iter()
        .find(|(name, ..)| *name == key)
        .map_or((0, GREATEST), |&(_, min, max)| (min, max))
}

/// Every number is within its range.
pub(super) fn check_ranges(file: &str, policy: &Policy) -> Result<(), FileError> {
    let value = serde_json::to_value(policy).unwrap_or_default();
    for (section, keys) in value.as_object().into_iter().flatten() {
        for (key, value) in keys.as_object().into_iter().flatten() {
            let Some(value) = value.as_u64() else {
                continue;
            };
            let key = format!("{section}.{key}");
            let (min, max) = range(&key);
            if !(min..=max).contains(&value) {
                return Err(FileError::OutOfRange {
                    file: file.to_owned(),
                    key,
                    value,
                    min,
                    max,
                });
            }
        }
    }
    Ok(())
}
